"""The same again: byte for byte, changed under the same id, from elsewhere, after a refusal. DU-01, DU-02, RF-04."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from conformance.case import Case
from conformance.cases.steps import act, arrive, settled
from conformance.evidence import CaseEvidence, Look, Sent
from conformance.finding import Check, Finding
from conformance.letters import files, letter, pdf
from conformance.stage import Stage
from simulator.protocol import codec
from simulator.words import Text

__all__ = ["CASES"]

_WARNED = Text("the warning 'duplicate' is shown", "có cảnh báo trùng")


def _marked(row: Mapping[str, Any]) -> bool:
    return "duplicate" in (row.get("warnings") or ())


def _warned(look: Look, document: Sent) -> bool:
    return any(map(_marked, look.of(document.document_id)))


def _rows(evidence: CaseEvidence, look: Look, document: Sent) -> Sequence[Mapping[str, Any]]:
    """The rows of the document. Raises Unseen where it has none."""
    rows = look.of(document.document_id)
    evidence.require(rows, Text("it is not listed at all", "không có trong danh sách"), look)
    return rows


class IdenticalPacket(Case):
    """One packet, byte for byte the same, stands in the list twice: one document, one 01."""

    id = "ordering/identical-packet-twice"
    title = Text("The same bytes twice", "Cùng một gói tin đến hai lần")
    expected = Text(
        "Both deliveries are confirmed; the document is registered once and 01 is reported once.",
        "Xác nhận cả hai lần giao; văn bản chỉ vào sổ một lần và chỉ báo 01 một lần.",
    )
    DONE = Check("order-copy-confirmed", ("ST-13",), Text("both are confirmed", "xác nhận cả hai"))
    ONE = Check("order-copy-one-record", ("DU-02",), Text("one record", "một bản ghi"))
    ONCE = Check("order-copy-one-arrival", ("ST-11",), Text("one 01", "một trạng thái 01"))
    checks = (DONE, ONE, ONCE)

    async def drive(self, stage: Stage) -> None:
        """The second is planted: our own axis would answer a repeated packet with the first DocId."""
        package = letter(stage)
        data = codec.encode(package)
        await arrive(stage, await stage.send(data, label="first"))
        await settled(stage, await stage.plant(data, like=package, label="second"))
        await stage.quiet()
        await stage.look("in")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The first is the twin."""
        first, second = evidence.sent("first"), evidence.sent("second")
        evidence.taken(first)
        done = evidence.confirmed(second, "done")
        evidence.require(
            not done or evidence.fetched(second), Text("it was confirmed unread", "xác nhận mà không tải"), second
        )
        yield evidence.expect(
            self.DONE,
            done,
            second,
            held=Text("confirmed with 'done'", "đã xác nhận 'done'"),
            broken=Text("the second delivery was not confirmed 'done'", "lần giao thứ hai không được xác nhận 'done'"),
        )
        evidence.taken(second)
        look = evidence.look("in")
        _rows(evidence, look, first)
        plain = [row for row in look.counted(first.document_id) if not _marked(row)]
        yield self.ONE.decide(
            len(plain) <= 1,
            first,
            second,
            look,
            held=Text("registered once", "vào sổ một lần"),
            broken=Text(f"{len(plain)} rows without a warning", f"{len(plain)} dòng không có cảnh báo"),
        )
        arrivals = evidence.statuses_from_sut(first, "01")
        evidence.require(arrivals, Text("01 never came", "chưa có 01"), first)
        yield self.ONCE.decide(
            len(arrivals) == 1,
            *arrivals,
            held=Text("one 01", "một trạng thái 01"),
            broken=Text(f"01 was reported {len(arrivals)} times", f"01 được báo {len(arrivals)} lần"),
        )


class ChangedCopy(Case):
    """The same DocumentId arrives with another subject and another file: flagged, and the first is not overwritten."""

    id = "ordering/changed-copy-same-id"
    title = Text("The same id, other content", "Cùng mã, khác nội dung")
    expected = Text(
        "A new document (type 0) is no update: the clerk is warned, and what he registered stays as it is.",
        "Văn bản mới (loại 0) không phải cập nhật: văn thư được cảnh báo, văn bản đã vào sổ giữ nguyên.",
    )
    FLAGGED = Check(
        "order-changed-copy-flagged", ("DU-01", "DU-02"), Text("the clerk is warned", "văn thư được cảnh báo")
    )
    STAYS = Check("order-first-copy-untouched", ("DU-02",), Text("the first stays", "bản đầu giữ nguyên"))
    checks = (FLAGGED, STAYS)

    async def drive(self, stage: Stage) -> None:
        """The first is accepted by the clerk before the second comes."""
        package = letter(stage)
        first = await stage.send(package, label="first")
        await arrive(stage, first)
        await act(stage, "accept", first, "03")
        manifest, attachments = files(("van-ban.pdf", pdf(stage.random)))
        other = replace(
            package, subject=f"Nội dung khác: {package.subject}", manifest=manifest, attachments=attachments
        )
        stage.note("subject", subject=package.subject)
        await settled(stage, await stage.send(other, label="second"))
        await stage.quiet(1)
        await stage.look("in")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Both bear one id."""
        first, second = evidence.sent("first"), evidence.sent("second")
        evidence.taken(first)
        evidence.taken(second)
        look = evidence.look("in")
        rows = _rows(evidence, look, first)
        yield self.FLAGGED.decide(
            _warned(look, second),
            first,
            second,
            look,
            held=_WARNED,
            broken=Text(f"{len(rows)} rows, none warns", f"{len(rows)} dòng, không có cảnh báo"),
        )
        subject = evidence.noted("subject")["values"]["subject"]
        shown = "; ".join(str(row.get("subject")) for row in rows)
        yield self.STAYS.decide(
            any(row.get("subject") == subject for row in rows),
            first,
            second,
            look,
            held=Text("the first is still shown with its subject", "bản đầu vẫn hiển thị đúng trích yếu"),
            broken=Text(f"shown are only: {shown}", f"chỉ còn hiển thị: {shown}"),
        )


class SameNumberElsewhere(Case):
    """One number and notation from another organ, or of another year: other documents, and no false alarm."""

    id = "ordering/same-number-elsewhere"
    title = Text("The same number elsewhere", "Trùng số nhưng khác cơ quan hoặc khác năm")
    expected = Text(
        "Number, notation and issuing organ count together, and numbers begin anew each year: no warning. The true "
        "copy is warned of.",
        "Số, ký hiệu và cơ quan ban hành phải cùng trùng, và số bắt đầu lại mỗi năm: không cảnh báo; bản trùng thật "
        "thì cảnh báo.",
    )
    lanes = 2
    TWIN = Check("order-true-twin-warned", ("DU-01",), Text("the true copy is one", "bản trùng thật bị cảnh báo"))
    ORGAN = Check(
        "order-other-organ-no-twin", ("DU-02", "DU-01"), Text("another organ is none", "cơ quan khác thì không")
    )
    YEAR = Check(
        "order-last-year-no-twin", ("DU-02", "DI-03"), Text("last year's is none", "số của năm trước thì không")
    )
    checks = (TWIN, ORGAN, YEAR)

    async def drive(self, stage: Stage) -> None:
        """Four letters of one number."""
        first, second = stage.lanes
        same: dict[str, Any] = {"number": "812", "notation": "VP-TH"}
        package = letter(stage, lane=first, **same)
        await arrive(stage, await stage.send(package, label="first", lane=first))
        last_year = date(stage.now().year - 1, 12, 15)
        sent = [
            await stage.send(letter(stage, lane=second, **same), label="organ", lane=second),
            await stage.send(letter(stage, lane=first, issued=last_year, **same), label="year", lane=first),
            await stage.send(
                letter(stage, lane=first, document_id=f"{package.document_id}-B", **same), label="twin", lane=first
            ),
        ]
        await settled(stage, *sent)
        await stage.quiet(1)
        await stage.look("in")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The true copy first: a system that never warns shows nothing by not warning."""
        first, twin = evidence.sent("first"), evidence.sent("twin")
        evidence.taken(first)
        evidence.taken(twin)
        look = evidence.look("in")
        _rows(evidence, look, twin)
        warned = _warned(look, twin)
        yield self.TWIN.decide(
            warned, first, twin, look, held=_WARNED, broken=Text("no warning of a duplicate", "không có cảnh báo trùng")
        )
        evidence.require(
            warned, Text("not even the true copy is warned of", "bản trùng thật cũng không cảnh báo"), look
        )
        for check, label in ((self.ORGAN, "organ"), (self.YEAR, "year")):
            document = evidence.sent(label)
            evidence.taken(document)
            _rows(evidence, look, document)
            yield check.decide(
                not _warned(look, document),
                document,
                look,
                held=Text("no warning", "không có cảnh báo"),
                broken=Text(
                    f"'{document.document_id}' is called a duplicate", f"'{document.document_id}' bị báo trùng"
                ),
            )


class AfterRefusal(Case):
    """Refused by the clerk, corrected by the sender, sent again under the same id: it can be accepted."""

    id = "ordering/sent-again-after-refusal"
    title = Text("Corrected and sent again", "Sửa rồi gửi lại sau khi bị từ chối")
    expected = Text(
        "A refusal ends that copy only: the corrected one is listed, and the clerk can accept it.",
        "Từ chối chỉ kết thúc bản đó: bản đã sửa có trong danh sách và văn thư tiếp nhận được.",
    )
    LISTED = Check("order-corrected-copy-listed", ("DU-02", "RF-04"), Text("it is listed", "có trong danh sách"))
    ACCEPTED = Check("order-corrected-copy-accepted", ("DU-02", "RF-04"), Text("it can be accepted", "tiếp nhận được"))
    checks = (LISTED, ACCEPTED)

    async def drive(self, stage: Stage) -> None:
        """02 to the first, 03 to the second."""
        package = letter(stage)
        first = await stage.send(package, label="first")
        await arrive(stage, first)
        await act(stage, "refuse", first, "02", reason="Thiếu chữ ký của người có thẩm quyền")
        manifest, attachments = files(("van-ban.pdf", pdf(stage.random)))
        second = await stage.send(replace(package, manifest=manifest, attachments=attachments), label="second")
        await settled(stage, second)
        await stage.quiet(1)
        await stage.look("in")
        await act(stage, "accept", second, "03")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The refusal is the precondition."""
        first, second = evidence.sent("first"), evidence.sent("second")
        refused = evidence.act("refuse", first)
        evidence.taken(second)
        look = evidence.look("in")
        standing = [row for row in look.of(second.document_id) if row.get("state") != "refused"]
        answers = evidence.statuses_from_sut(second)
        late = [each for each in answers if each.code == "02" and each.n > second.n]
        evidence.require(
            [each for each in answers if each.code == "02" and each.n < second.n],
            Text("the refusal of the first copy was never reported by 02", "chưa báo 02 cho bản đầu"),
            refused,
        )
        why = "; ".join(each.packet.description for each in late) or "–"
        yield self.LISTED.decide(
            standing and not late,
            refused,
            second,
            *late,
            look,
            held=Text("the corrected copy is listed", "bản đã sửa có trong danh sách"),
            broken=Text(
                f"{len(standing)} rows that stand; refused again with: {why}",
                f"{len(standing)} dòng còn hiệu lực; lại bị từ chối: {why}",
            ),
        )
        asked = evidence.acts("POST /control/act", action="accept", document_id=second.document_id)
        if asked and asked[-1]["status"] in (404, 409):
            error = str(asked[-1]["answer"].get("error", ""))
            yield self.ACCEPTED.broken(
                Text(f"the clerk could not accept it: {error}", f"văn thư không tiếp nhận được: {error}"), asked[-1]
            )
            return
        done = evidence.act("accept", second)
        yield evidence.expect(
            self.ACCEPTED,
            [each for each in answers if each.code == "03" and each.n > second.n],
            done,
            held=Text("accepted, and 03 reported", "đã tiếp nhận và báo 03"),
            broken=Text("accepted, but 03 was not reported", "đã tiếp nhận nhưng không báo 03"),
        )


CASES: tuple[Case, ...] = (IdenticalPacket(), ChangedCopy(), SameNumberElsewhere(), AfterRefusal())
