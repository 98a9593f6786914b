"""Texts that the SUT sends: marks, signs and rare letters stand in the packet as the clerk typed them. EN-03, EN-04."""

from collections.abc import Callable, Iterable
from typing import ClassVar

from conformance.case import Case
from conformance.cases.sending.base import Sending, leaves, leaving, left, orders
from conformance.cases.text.kit import ALPHABET, composed, decomposed, named, spaced
from conformance.evidence import CaseEvidence
from conformance.finding import Check, Finding
from conformance.stage import Stage
from simulator.protocol.package import Package
from simulator.words import Text

__all__ = ["CASES"]


def _as_typed(
    check: Check, evidence: CaseEvidence, label: str, wanted: str, found: str, *, alike: Callable[[str], str] = composed
) -> Finding:
    told, document = left(evidence, label)
    return check.decide(
        alike(found) == alike(wanted),
        told,
        document,
        held=Text("as it was typed", "đúng như đã gõ"),
        broken=Text(
            f"typed '{named(wanted)}', the packet bears '{named(found)}'",
            f"đã gõ '{named(wanted)}', gói tin ghi '{named(found)}'",
        ),
    )


def _subject(check: Check, evidence: CaseEvidence, label: str, *, alike: Callable[[str], str] = composed) -> Finding:
    told, document = left(evidence, label)
    return _as_typed(check, evidence, label, str(told.request["subject"]), document.package.subject, alike=alike)


class SendsLetters(Sending):
    """Every Vietnamese letter in subject, place, signer and notation leaves as it was typed."""

    id = "text/sends-vietnamese-letters"
    title = Text("Vietnamese letters leave", "Gửi chữ tiếng Việt có dấu")
    expected = Text(
        "Nothing is written without its marks, in no field; the sample client of one province did.",
        "Không trường nào bị bỏ dấu; phần mềm mẫu của một tỉnh từng mắc lỗi này.",
    )
    LEFT = Check("text-letters-leave", ("TR-05", "EN-01"), Text("the document leaves", "văn bản rời đi"))
    SUBJECT = Check("text-sent-subject-letters", ("HD-37", "EN-04"), Text("in the subject", "trong trích yếu"))
    PEOPLE = Check("text-sent-signer-letters", ("HD-37", "EN-04"), Text("in place and signer", "nơi ký, người ký"))
    NOTATION = Check("text-sent-notation-letters", ("HD-11", "HD-37"), Text("Đ in the notation", "Đ trong ký hiệu"))
    checks = (LEFT, SUBJECT, PEOPLE, NOTATION)
    SIGNER = ("Quyền Giám đốc Sở", "Đặng Thị Ngỡ Ước")

    async def drive(self, stage: Stage) -> None:
        """One order."""
        position, name = self.SIGNER
        ordered = await orders(
            stage,
            subject=f"Về việc {stage.random.randint(1000, 9999)}: {ALPHABET}",
            place="Đắk Lắk",
            code_notation=f"QĐ-BCĐ{stage.random.randint(10, 99)}",
            signer={"competence": "", "position": position, "full_name": name},
        )
        if ordered:
            await leaves(stage)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Field by field."""
        yield leaving(self.LEFT, evidence)
        yield _subject(self.SUBJECT, evidence, "document")
        told, document = left(evidence)
        package = document.package
        yield _as_typed(
            self.PEOPLE, evidence, "document", " | ".join(("Đắk Lắk", *self.SIGNER)), " | ".join(_people(package))
        )
        notation = package.code.notation if package.code else ""
        yield _as_typed(self.NOTATION, evidence, "document", str(told.request["code_notation"]), notation)


def _people(package: Package) -> tuple[str, str, str]:
    place = package.promulgation.place if package.promulgation else ""
    signer = package.signer
    return place, signer.position if signer else "", signer.full_name if signer else ""


class SendsSigns(Sending):
    """Signs of XML, text that looks like markup, line breaks, rare and invisible letters leave as they were typed."""

    id = "text/sends-signs"
    title = Text("Signs and rare letters leave", "Gửi ký tự đặc biệt và chữ hiếm")
    expected = Text(
        "Escaped once on the wire, so that the receiver reads what the clerk typed.",
        "Mã hóa đúng một lần trên đường truyền để bên nhận đọc đúng nội dung văn thư gõ.",
    )
    SIGNS = Check("text-sent-signs-kept", ("EN-04",), Text("& < > and quotes", "& < > và ngoặc kép"))
    RARE = Check("text-sent-wide-letters-kept", ("EN-04",), Text("letters of four bytes", "ký tự bốn byte"))
    HIDDEN = Check("text-sent-invisible-kept", ("EN-04",), Text("U+200B is not cut out", "không tự xóa U+200B"))
    LINES = Check("text-sent-lines-kept", ("EN-04",), Text("no line is lost", "không mất dòng nào"))
    FORM = Check("text-sent-decomposed-equal", ("EN-03",), Text("NFD leaves as the same text", "NFD vẫn là chuỗi đó"))
    checks = (SIGNS, RARE, HIDDEN, LINES, FORM)
    SUBJECTS: ClassVar[dict[str, str]] = {
        "signs": "Sở KH&ĐT: “khoản 3” <Điều 4> 'Quy chế' \"A\" &amp; ]]> 100% \\n",
        "rare": "Về việc bảo tồn chữ Nôm 𡨸喃 và biểu tượng 🌱 trên cổng thông tin",
        "hidden": "Về việc\u200b rà soát\u200b danh mục đơn vị",
        "lines": "Về việc báo cáo\nkết quả quý IV\tnăm nay",
        "decomposed": decomposed("Về việc triển khai kế hoạch đổi mới công tác văn thư"),
    }

    async def drive(self, stage: Stage) -> None:
        """One order for each."""
        for label, subject in self.SUBJECTS.items():
            if await orders(stage, label, subject=subject):
                await leaves(stage, label)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """A line break may have become a blank."""
        yield _subject(self.SIGNS, evidence, "signs")
        yield _subject(self.RARE, evidence, "rare")
        yield _subject(self.HIDDEN, evidence, "hidden")
        yield _subject(self.LINES, evidence, "lines", alike=spaced)
        yield _subject(self.FORM, evidence, "decomposed")


CASES: tuple[Case, ...] = (SendsLetters(), SendsSigns())
