"""Makes small run folders by hand, in the form of contract.md section 3, for the tests of the printers."""

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

SUT_SYSTEM, AGENCY_SYSTEM = "sut.test.01", "node.g22"
SUT_UNIT, AGENCY_UNIT = "000.00.00.H98", "000.00.00.G22"
HOSTILE = '</script><script>alert("x")</script><img src=x onerror=alert(1)> & "quotes" \u202egnp.exe\u0000'
NS = "http://www.mic.gov.vn/TBT/QCVN_102_2016"


def text(en: str, vi: str | None = None) -> dict[str, str]:
    return {"en": en, "vi": en + " (vi)" if vi is None else vi}


def packet(document_id: str, subject: str, *, attachment: bytes = b"%PDF-1.4 test " * 200) -> bytes:
    escaped = subject.replace("\x00", "").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\r\n'
        f'<edXML xmlns="{NS}">\r\n  <edXML:edXMLEnvelope xmlns:edXML="{NS}">\r\n'
        f"    <edXML:DocumentId>{document_id}</edXML:DocumentId>\r\n    <edXML:Subject>{escaped}</edXML:Subject>\r\n"
        "  </edXML:edXMLEnvelope>\r\n  <AttachmentEncoded><Attachment>"
        f'<edXML:ContentTransferEncoded xmlns:edXML="{NS}">'
        f"{base64.b64encode(attachment).decode()}</edXML:ContentTransferEncoded></Attachment></AttachmentEncoded>\r\n</edXML>\r\n"
    ).encode()


class Folder:
    """One run folder in the making; ``save`` writes it."""

    def __init__(self, path: Path, **header: Any) -> None:
        self.path = path
        self.blobs = path / "evidence" / "blobs"
        self.blobs.mkdir(parents=True)
        self.records: list[dict[str, Any]] = []
        self.cases: list[dict[str, Any]] = []
        self.header = header
        self._clock = 0.0

    def put(self, data: bytes) -> str:
        digest = hashlib.sha256(data).hexdigest()
        (self.blobs / digest).write_bytes(data)
        return digest

    def record(self, kind: str, case: str | None, **members: Any) -> int:
        self._clock += 0.137
        seconds, part = divmod(self._clock, 1)
        at = f"2026-11-21T08:{int(seconds) // 60:02}:{int(seconds) % 60:02}.{int(part * 1000):03}+07:00"
        self.records.append({"n": len(self.records) + 1, "at": at, "case": case, "kind": kind, **members})
        return len(self.records)

    def fact(self, fact: str, case: str | None, **members: Any) -> int:
        return self.record("fact", case, fact=fact, **members)

    def exchange(
        self, case: str | None, operation: str, system: str, headers: dict[str, str], body: bytes, answer: bytes
    ) -> int:
        common = {"XroadVnpt-systemid": system, "Host": "127.0.0.1:8095"}
        return self.record(
            "exchange", case, operation=operation, system_id=system, seconds=0.01,
            request={"method": "POST", "path": f"/{operation}",
                     "headers": [list(pair) for pair in {**common, **headers, "XroadVnpt-hash-header": "***"}.items()],
                     "body_sha256": self.put(body) if body else "", "size": len(body)},
            response={"status": 200, "headers": [["content-type", "application/json"]],
                      "body_sha256": self.put(answer) if answer else "", "size": len(answer)},
            masked=["XroadVnpt-hash-header"],
        )  # fmt: skip

    def case(
        self,
        name: str,
        verdict: str,
        findings: Iterable[dict[str, Any]],
        *,
        title: dict[str, str] | None = None,
        expected: dict[str, str] | None = None,
    ) -> None:
        titles = title or text(f"Title of {name}", f"Tiêu đề của {name}")
        self.cases.append({
            "id": name, "chapter": name.split("/")[0], "title": titles["vi"], "titles": titles, "verdict": verdict,
            "seconds": 1.25, "expected": expected or text("It behaves well.", "Hệ thống xử lý đúng."),
            "lanes": [{"system_id": AGENCY_SYSTEM, "unit": AGENCY_UNIT, "codes": [AGENCY_UNIT, "G22"]}],
            "findings": list(findings),
        })  # fmt: skip

    def save(self, *, conclusion: str, footer: bool = True, **result: Any) -> Path:
        verdicts = ("pass", "warn", "fail", "inconclusive", "review", "not-applicable", "error")
        found = Counter(case["verdict"] for case in self.cases)
        sut = {"name": "Example DMS", "version": "4.2", "vendor": "Example Ltd", "organ": SUT_UNIT,
               "roles": ["sender", "receiver"], "driver": "http"}  # fmt: skip
        document = {
            "schema": "axisproof/result/1", "run_id": "20261121T010000Z-example", "axisproof": "0.1.0", "seed": 7,
            "started_at": "2026-11-21T08:00:00+07:00", "finished_at": "2026-11-21T08:00:41+07:00", "seconds": 41.2,
            "requirement_set": "2026.1", "profile": "vxp-2.0", "topology": "2020", "nodes": 95, "sut": sut,
            "conclusion": conclusion, "counts": {verdict: found[verdict] for verdict in verdicts}, "cases": self.cases,
        } | result  # fmt: skip
        (self.path / "result.json").write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        header = {
            "record": "header", "schema": "axisproof/evidence/1", "run_id": document["run_id"], "axisproof": "0.1.0",
            "seed": 7, "started_at": document["started_at"], "profile": "vxp-2.0", "topology": "2020", "nodes": 95,
            "lang": "vi", "requirement_set": "2026.1", "promote": [], "strict": False,
            "sut": {**sut, "organs": [SUT_UNIT, "H98"], "system_id": SUT_SYSTEM,
                    "capabilities": {"update": True, "recall": True, "take_back": False, "signature": "none"}},
            "cases": [{"id": case["id"], "lanes": case["lanes"]} for case in self.cases],
        } | self.header  # fmt: skip
        lines = [header, *self.records]
        if footer:
            lines.append({"record": "footer", "records": len(self.records),
                          "finished_at": document["finished_at"], "complete": True})  # fmt: skip
        content = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        (self.path / "evidence" / "records.jsonl").write_text(content, encoding="utf-8")
        return self.path


def finding(check: str, verdict: str, because: dict[str, str], **members: Any) -> dict[str, Any]:
    return {
        "check": check, "check_title": text(f"Check {check}", f"Phép kiểm {check}"), "requirements": ["ST-13"],
        "basis": "sdk", "verdict": verdict, "because": because["vi"], "texts": because, "cites": [],
        "promoted_by": None, "remedy": None,
    } | members  # fmt: skip


def conversation(folder: Folder, case: str, subject: str, *, number: int = 1) -> dict[str, int]:
    """One document from the agency to the SUT, answered with 01; the numbers of its records."""
    document = f"000.00.00.G22,2026/11/20,{number}/UBND-VP"
    data = packet(document, subject)
    delivery = f"00000000-0000-4000-8000-{number:012}"
    doc_id = f"{number:024x}"
    ok = {"status": "OK", "ErrorCode": "0", "ErrorDesc": "Thanh cong"}
    dump = lambda **more: json.dumps({**ok, **more}).encode()  # noqa: E731
    n = {"note": folder.record("note", case, name="sent", values={"label": "document", "subject": subject})}
    n["accepted"] = folder.fact(
        "accepted", case, doc_id=doc_id, system_id=AGENCY_SYSTEM, **{"from": AGENCY_UNIT}, to=[SUT_UNIT],
        message_type="edoc", document_id=document, business_type=0, status_code=None, response_for_organ=None,
        package=folder.put(data), size=len(data), queued=False,
    )  # fmt: skip
    folder.exchange(
        case, "sendEdoc", AGENCY_SYSTEM, {"XroadVnpt-messagetype": "edoc"}, data + b"\r\n", dump(DocId=doc_id)
    )
    n["opened"] = folder.fact("opened", case, doc_id=doc_id, delivery_id=delivery, unit=SUT_UNIT, system_id=SUT_SYSTEM)
    n["act"] = folder.record("act", case, call="POST /control/poll", request={}, status=200, answer={})
    n["polled"] = folder.fact("polled", None, system_id=SUT_SYSTEM, message_type="edoc", listed=[delivery])
    n["list"] = folder.exchange(None, "getReceivedEdocList", SUT_SYSTEM, {}, b"", dump(data=[{"docId": delivery}]))
    n["fetched"] = folder.fact(
        "fetched", case, doc_id=doc_id, delivery_id=delivery, unit=SUT_UNIT, system_id=SUT_SYSTEM
    )
    n["get"] = folder.exchange(
        None, "getEdoc", SUT_SYSTEM, {"XroadVnpt-docId": delivery}, b"{}", dump(data=base64.b64encode(data).decode())
    )
    n["confirmed"] = folder.fact(
        "confirmed", case, doc_id=doc_id, delivery_id=delivery, unit=SUT_UNIT, system_id=SUT_SYSTEM, word="done",
        description="",
    )  # fmt: skip
    n["status"] = folder.fact(
        "accepted", case, doc_id=f"{number:023x}a", system_id=SUT_SYSTEM, **{"from": SUT_UNIT}, to=[AGENCY_UNIT],
        message_type="status", document_id=document, business_type=None, status_code="01",
        response_for_organ=AGENCY_UNIT, package=folder.put(b"<edXML/>"), size=8, queued=False,
    )  # fmt: skip
    n["wait"] = folder.record(
        "wait", case, **{"for": text("status 01", "trạng thái 01")}, met=True, polls=2, seconds=1.5
    )
    return n


def every_verdict(path: Path) -> Path:
    """A run with one case of every verdict, and hostile text wherever text can stand."""
    folder = Folder(path)
    seen = conversation(folder, "receiving/confirms-once", "Về việc kiểm thử kết nối", number=1)
    folder.case("receiving/confirms-once", "pass", [
        finding("confirmed-exactly-once", "pass",
                text("Confirmed once, 0.4 s after the fetch.", "Đã xác nhận đúng một lần."), cites=[seen["confirmed"]]),
    ])  # fmt: skip
    seen = conversation(folder, "receiving/reads-hostile-subject", HOSTILE, number=2)
    folder.case("receiving/reads-hostile-subject", "warn", [
        finding("subject-unchanged", "warn", text(f"Shown as {HOSTILE}"), cites=[seen["accepted"]], basis="observed",
                requirements=["HD-14"]),
        finding("confirmed-after-storing", "pass", text("Yes.", "Có."), cites=[seen["get"]]),
    ], title=text(f"Title {HOSTILE}"))  # fmt: skip
    seen = conversation(folder, "status/arrival-is-told", "Mời họp", number=3)
    folder.fact("refused", "status/arrival-is-told", operation="sendEdoc", system_id=SUT_SYSTEM, code="22",
                error="not-edxml", because="Format edXML khong dung chuan QD 28", package=None,
                **{"from": SUT_UNIT}, document_id=None)  # fmt: skip
    folder.case("status/arrival-is-told", "fail", [
        finding("arrival-exactly-once", "fail",
                text("01 came 2 times for one document.", "Trạng thái 01 đến 2 lần cho một văn bản."),
                cites=[seen["status"], seen["list"]], requirements=["ST-11"], basis="derived", promoted_by="--strict"),
        finding("arrival-names-document", "pass", text("It does.", "Có nêu."), cites=[seen["status"]]),
    ])  # fmt: skip
    folder.record("wait", "status/rejects-with-reason", **{"for": text("status 02", "trạng thái 02")}, met=False,
                  polls=4, seconds=12.0)  # fmt: skip
    folder.case("status/rejects-with-reason", "inconclusive", [
        finding("rejection-has-reason", "inconclusive",
                text("Nobody refused the document: the control API answers 501.", "Không ai từ chối văn bản."),
                remedy=text("Offer POST /control/act, or run without --no-input.", "Cung cấp POST /control/act.")),
    ])  # fmt: skip
    folder.case("status/shown-to-the-clerk", "review",
                [finding("clerk-sees-state", "review", text("Look at the screen.", "Xem màn hình."))])  # fmt: skip
    folder.case("recall/take-back", "not-applicable", [
        finding("answers-13", "not-applicable", text("take_back is not claimed.", "Không khai báo take_back.")),
    ])  # fmt: skip
    folder.record("trouble", "status/full-chain", because=text("a case of ours broke", "ca kiểm thử bị lỗi"))
    folder.case(
        "status/full-chain", "error", [finding("chain-in-order", "error", text("A bug of ours.", "Lỗi của ta."))]
    )
    return folder.save(conclusion="not-conformant", requirements={
        "ST-11": {"level": "MUST", "basis": "derived", "source": "ours", "clause": "ST-11",
                  "text": text("A status is said once.", "Mỗi trạng thái chỉ báo một lần.")},
    })  # fmt: skip
