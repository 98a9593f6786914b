"""Damaged and hostile files: refused where the sender sees it, with a reason that fits, while good ones arrive.

AT-03 (zip safety), AT-07 (integrity), RF-01 and RF-03 (what is not intact is returned, with a reason).
"""

import base64
from abc import abstractmethod
from collections.abc import Iterable
from random import Random

from conformance.case import Case
from conformance.cases.attachments.kit import speaks_of_file
from conformance.cases.steps import codes, settled
from conformance.evidence import CaseEvidence, Sent
from conformance.finding import Check, Finding
from conformance.letters import letter
from conformance.papers import archive, paper
from conformance.stage import Stage
from simulator.protocol import codec
from simulator.protocol.package import Attachment, Reference
from simulator.words import Text

__all__ = ["CASES"]

_NAME = "phu-luc-hong.docx"


def _attached(payload: bytes, *, encoded: bytes | None = None) -> Attachment:
    text = base64.b64encode(payload) if encoded is None else encoded
    return Attachment(content_id="cid:1", name=_NAME, content_type="application/zip", encoded=text)


class Damaged(Case):
    """One document with a bad file between two good documents."""

    REFUSED: Check
    REASON: Check

    @abstractmethod
    def damaged(self, draw: Random) -> Attachment:
        """The file that must not be taken."""

    async def drive(self, stage: Stage) -> None:
        """Planted: an axis that looks into files would not let it pass, and the SUT must be safe behind any axis."""
        good = [await stage.send(letter(stage), label="before")]
        attachment = self.damaged(stage.random)
        line = Reference(content_id="cid:1", content_type=attachment.content_type, name=attachment.name)
        package = letter(stage, files=((line,), (attachment,)))
        bad = await stage.plant(codec.encode(package), like=package, label="damaged")
        good.append(await stage.send(letter(stage), label="after"))
        await stage.until(
            lambda seen: all(seen.statuses_from_sut(each, "01") for each in good) and seen.statuses_from_sut(bad, "02"),
            for_=Text(
                "01 for the good documents and 02 for the damaged one", "01 cho văn bản tốt và 02 cho văn bản hỏng"
            ),
        )
        await settled(stage, bad)
        await stage.look("in")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The good ones are the twin: a system that refuses everything refuses nothing on purpose."""
        good = [evidence.sent("before"), evidence.sent("after")]
        arrivals = [each for document in good for each in evidence.statuses_from_sut(document, "01")]
        refused_too = [each for document in good for each in evidence.statuses_from_sut(document, "02")]
        evidence.require(
            {each.document_id for each in arrivals} >= {each.document_id for each in good} and not refused_too,
            Text("the good documents beside it did not both arrive", "hai văn bản tốt bên cạnh không đến đủ"),
            *good,
        )
        yield self._refused(evidence, evidence.sent("damaged"))
        refusals = evidence.statuses_from_sut(evidence.sent("damaged"), "02")
        evidence.require(refusals, Text("it was not refused by 02", "không bị từ chối bằng 02"))
        says = refusals[0].packet.description
        yield self.REASON.decide(
            speaks_of_file(says, _NAME),
            *refusals,
            held=Text(f"reason: {says}", f"lý do: {says}"),
            broken=Text(f"the reason says nothing of the file: '{says}'", f"lý do không nói gì về tệp: '{says}'"),
        )

    def _refused(self, evidence: CaseEvidence, bad: Sent) -> Finding:
        evidence.taken(bad)
        answers = evidence.statuses_from_sut(bad)
        refusals = evidence.statuses_from_sut(bad, "02")
        look = evidence.look("in")
        held = [row for row in look.of(bad.document_id) if row.get("state") not in ("refused", None)]
        return self.REFUSED.decide(
            refusals and not held,
            bad,
            *evidence.confirmed(bad),
            *answers,
            look,
            held=Text("refused with 02, and not held", "từ chối bằng 02 và không lưu giữ"),
            broken=Text(
                f"statuses: {codes(answers)}; {len(held)} rows show it as held",
                f"trạng thái: {codes(answers)}; {len(held)} dòng coi như đã nhận",
            ),
        )


def _checks(slug: str, *requirements: str) -> tuple[Check, Check]:
    return (
        Check(f"att-{slug}-refused", requirements, Text("refused visibly with 02", "từ chối rõ ràng bằng 02")),
        Check(f"att-{slug}-reason-fits", ("RF-01",), Text("the reason speaks of the file", "lý do nói đến tệp")),
    )


_INTACT = Text(
    "What cannot be opened is not intact: 02 with a reason, while the documents around it arrive.",
    "Tệp không mở được là không toàn vẹn: trả 02 kèm lý do, các văn bản xung quanh vẫn đến.",
)
_SAFE = Text(
    "Nothing of it is unpacked into the system: 02 with a reason, while the documents around it arrive.",
    "Không giải nén vào hệ thống: trả 02 kèm lý do, các văn bản xung quanh vẫn đến.",
)


class BrokenBase64(Damaged):
    """Base64 with signs that are none, as a file that was read as text leaves it (EF BF BD)."""

    id = "attachments/damaged-base64"
    title = Text("Damaged base64", "Base64 bị hỏng")
    expected = _INTACT
    REFUSED, REASON = _checks("damaged-base64", "AT-07", "RF-03")
    checks = (REFUSED, REASON)

    def damaged(self, draw: Random) -> Attachment:
        """The replacement character in the middle."""
        text = base64.b64encode(archive(("1.docx", paper("docx", draw))))
        return _attached(b"", encoded=text[:80] + b"\xef\xbf\xbd" + text[81:])


class BrokenArchive(Damaged):
    """A ZIP that ends in the middle."""

    id = "attachments/damaged-archive"
    title = Text("Half a ZIP", "Nửa tệp ZIP")
    expected = _INTACT
    REFUSED, REASON = _checks("damaged-archive", "AT-07", "RF-03")
    checks = (REFUSED, REASON)

    def damaged(self, draw: Random) -> Attachment:
        """Without its directory."""
        data = archive(("1.docx", paper("docx", draw)))
        return _attached(data[: len(data) * 2 // 3])


class Password(Damaged):
    """A ZIP with a password: nobody at the receiver can open it."""

    id = "attachments/password-archive"
    title = Text("A ZIP with a password", "Tệp ZIP có mật khẩu")
    expected = _SAFE
    REFUSED, REASON = _checks("password-archive", "AT-03")
    checks = (REFUSED, REASON)

    def damaged(self, draw: Random) -> Attachment:
        """The flag of an encrypted entry in both headers, and bytes that are none of a docx."""
        data = bytearray(archive(("1.docx", draw.randbytes(300)), method=0))
        data[6] |= 1
        data[data.rindex(b"PK\x01\x02") + 8] |= 1
        return _attached(bytes(data))


class Bomb(Damaged):
    """A ZIP of some 100 kB that unpacks to 100 MB of nothing."""

    id = "attachments/archive-bomb"
    title = Text("An archive bomb", "Bom nén")
    expected = _SAFE
    REFUSED, REASON = _checks("archive-bomb", "AT-03")
    checks = (REFUSED, REASON)

    def damaged(self, draw: Random) -> Attachment:
        """A thousand to one."""
        return _attached(archive(("1.docx", bytes(100 * 1024 * 1024))))


class TwoEntries(Damaged):
    """An envelope with two files: which one is the attachment?"""

    id = "attachments/two-entries"
    title = Text("An envelope with two files", "Vỏ nén chứa hai tệp")
    expected = Text(
        "An envelope holds one file. The SUT does not guess: 02 with a reason, while the documents around it arrive.",
        "Vỏ nén chỉ chứa một tệp. SUT không đoán: trả 02 kèm lý do, các văn bản xung quanh vẫn đến.",
    )
    REFUSED, REASON = _checks("two-entries", "AT-03")
    checks = (REFUSED, REASON)

    def damaged(self, draw: Random) -> Attachment:
        """Two that differ."""
        return _attached(archive(("1.docx", draw.randbytes(200)), ("2.docx", draw.randbytes(200))))


class ZipSlip(Damaged):
    """An entry whose name climbs out of the folder that it is unpacked in."""

    id = "attachments/zip-slip"
    title = Text("An entry named ../../…", "Mục nén tên ../../…")
    expected = _SAFE
    REFUSED, REASON = _checks("zip-slip", "AT-03")
    checks = (REFUSED, REASON)

    def damaged(self, draw: Random) -> Attachment:
        """Harmless where it is not followed."""
        return _attached(archive(("../../../../tmp/axisproof-zip-slip.docx", paper("docx", draw))))


CASES: tuple[Case, ...] = (BrokenBase64(), BrokenArchive(), Password(), Bomb(), TwoEntries(), ZipSlip())
