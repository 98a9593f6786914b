"""The fields of what leaves, against the order, one by one: nothing invented, cut, folded or reformatted. HD-37."""

import re
from collections.abc import Iterable
from datetime import timedelta

from conformance.case import Case
from conformance.cases.sending.base import (
    Sending,
    differing,
    equal,
    kept_back,
    leaves,
    leaving,
    left,
    orders,
)
from conformance.evidence import CaseEvidence
from conformance.finding import Check, Finding
from conformance.stage import Stage
from simulator.protocol.package import DocumentType, Promulgation, Signer
from simulator.words import Text

__all__ = ["CASES"]

_DATE = re.compile(r"\d{4}/\d\d/\d\d\Z")
_SUBJECT = "Về việc phòng, chống lũ “bất thường” & sạt lở ở xã Đăk Ơ (cấp độ < 3), kỳ họp thứ tám - đợt {number}"


class AsOrdered(Sending):
    """Subject, place, type, signer and date stand in the packet as the clerk gave them."""

    id = "sending/fields-as-ordered"
    title = Text("Every field as it was ordered", "Mọi trường đúng như văn thư đã nhập")
    expected = Text(
        "The packet bears the very texts of the order, with all marks and signs; the date is the ordered one.",
        "Gói tin giữ nguyên nội dung đã nhập, đủ dấu và ký tự đặc biệt; ngày ban hành đúng ngày đã nhập.",
    )
    SUBJECT = Check("subject-as-ordered", ("HD-17", "HD-37"), Text("the subject is kept", "giữ nguyên trích yếu"))
    PLACE = Check("place-as-ordered", ("HD-13", "HD-37"), Text("the place is kept", "giữ nguyên địa danh"))
    TYPE = Check("type-name-as-ordered", ("HD-16",), Text("the type's name is kept", "giữ nguyên tên loại"))
    SIGNER = Check(
        "signer-as-ordered", ("HD-37", "HD-20", "HD-21", "HD-19"), Text("the signer is kept", "giữ nguyên người ký")
    )
    DATE = Check("issue-date-as-ordered", ("HD-13", "HD-37"), Text("the date is kept", "giữ nguyên ngày ban hành"))
    checks = (SUBJECT, PLACE, TYPE, SIGNER, DATE)

    async def drive(self, stage: Stage) -> None:
        """Texts with marks, quotes, an ampersand, a comparison sign; the day before, so that 'today' is seen."""
        taken = await orders(
            stage,
            subject=_SUBJECT.format(number=stage.random.randint(10, 99)),
            type_name="Thông báo",
            code_notation=f"TB-UBND{stage.random.randint(10, 99)}",
            place="Thừa Thiên Huế",
            promulgation_date=(stage.now().date() - timedelta(days=1)).isoformat(),
            signer={"competence": "KT. CHỦ TỊCH", "position": "Phó Chủ tịch", "full_name": "Nguyễn Thị Đào Mẫu"},
        )
        if taken:
            await leaves(stage)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Order and packet."""
        told, document = left(evidence)
        package, request = document.package, told.request
        promulgation, signer = package.promulgation or Promulgation(), package.signer or Signer()
        wanted = " | ".join(request["signer"][name] for name in ("competence", "position", "full_name"))
        written = " | ".join((signer.competence, signer.position, signer.full_name))
        yield equal(self.SUBJECT, evidence, request["subject"], package.subject)
        yield equal(self.PLACE, evidence, request["place"], promulgation.place)
        yield equal(self.TYPE, evidence, request["type_name"], (package.document_type or DocumentType()).name)
        yield equal(self.SIGNER, evidence, wanted, written)
        issued = promulgation.issued.isoformat() if promulgation.issued else ""
        yield equal(self.DATE, evidence, request["promulgation_date"], issued)


class DateForm(Sending):
    """Dates are written as the profile writes them."""

    id = "sending/date-form"
    title = Text("How dates are written", "Cách ghi ngày tháng")
    expected = Text("PromulgationDate and DueDate read yyyy/MM/dd.", "PromulgationDate và DueDate ghi dạng yyyy/MM/dd.")
    ISSUED = Check("issue-date-form", ("HD-13",), Text("PromulgationDate has the form", "PromulgationDate đúng dạng"))
    DUE = Check("due-date-form", ("HD-22", "HD-13"), Text("DueDate has the form", "DueDate đúng dạng"))
    checks = (ISSUED, DUE)

    async def drive(self, stage: Stage) -> None:
        """An order with a deadline."""
        if await orders(stage, due_date=(stage.now().date() + timedelta(days=9)).isoformat()):
            await leaves(stage)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The raw texts."""
        _, document = left(evidence)
        for check, path in (
            (self.ISSUED, "MessageHeader/PromulgationInfo/PromulgationDate"),
            (self.DUE, "MessageHeader/DueDate"),
        ):
            text = (document.reading.text(path) or "").strip()
            yield check.decide(
                _DATE.match(text),
                document,
                held=Text(text, text),
                broken=Text(f"it reads '{text}'", f"ghi là '{text}'"),
            )


class Deadline(Sending):
    """A deadline travels where there is one, and none is made up where there is none."""

    id = "sending/deadline"
    title = Text("With and without a deadline", "Có và không có hạn trả lời")
    expected = Text(
        "With due_date the packet bears that date; without it there is no DueDate.",
        "Có due_date thì gói tin ghi đúng ngày đó; không có thì không có DueDate.",
    )
    KEPT = Check("deadline-as-ordered", ("HD-22",), Text("the ordered deadline travels", "hạn đã nhập được gửi đi"))
    NONE = Check("deadline-not-invented", ("HD-22", "HD-37"), Text("none is invented", "không tự đặt hạn"))
    checks = (KEPT, NONE)

    async def drive(self, stage: Stage) -> None:
        """The twin with a deadline, then one without."""
        days = stage.random.randint(5, 25)
        if await orders(stage, "with", due_date=(stage.now().date() + timedelta(days=days)).isoformat()):
            await orders(stage, "without")
            await leaves(stage, "with", "without")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """DueDate of the one and of the other."""
        told, document = left(evidence, "with")
        due = document.package.due_date
        yield equal(self.KEPT, evidence, told.request["due_date"], due.isoformat() if due else "", "with")
        _, bare = left(evidence, "without")
        text = (bare.reading.text("MessageHeader/DueDate") or "").strip()
        yield self.NONE.decide(
            not text,
            bare,
            held=Text("there is no DueDate", "không có DueDate"),
            broken=Text(f"nobody gave a deadline, DueDate is {text}", f"không ai đặt hạn nhưng DueDate là {text}"),
        )


class Urgency(Sending):
    """The degree of urgency is the ordered one, never a constant."""

    id = "sending/priority-as-ordered"
    title = Text("Priority is no constant", "Priority không phải hằng số")
    expected = Text("Priority follows the order: 0 and a higher one.", "Priority theo đúng yêu cầu: 0 và mức cao hơn.")
    BOTH = Check("priority-not-constant", ("HD-24", "HD-37"), Text("Priority as ordered", "Priority đúng yêu cầu"))
    checks = (BOTH,)

    async def drive(self, stage: Stage) -> None:
        """An ordinary one and an urgent one."""
        await orders(stage, "ordinary")
        if await orders(stage, "urgent", priority=stage.random.randint(1, 3)):
            await leaves(stage, "ordinary", "urgent")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Both packets."""
        pairs: dict[str, tuple[object, object]] = {}
        for label in ("ordinary", "urgent"):
            told, document = left(evidence, label)
            pairs[label] = (told.request["priority"], document.package.other and document.package.other.priority)
        yield differing(self.BOTH, evidence, pairs)


class LongestTexts(Sending):
    """Texts of the longest permitted length leave whole; a longer subject is refused, not cut."""

    id = "sending/longest-texts"
    title = Text("Texts of the greatest length", "Nội dung dài tối đa")
    expected = Text(
        "A subject of 500 characters, a position of 100 and a name of 50 leave whole; a subject of 501 is refused.",
        "Trích yếu 500 ký tự, chức vụ 100 và họ tên 50 ký tự được gửi nguyên vẹn; trích yếu 501 ký tự bị từ chối.",
    )
    WHOLE = Check("longest-texts-whole", ("LG-06", "HD-17"), Text("they leave whole", "được gửi nguyên vẹn"))
    OVER = Check("overlong-subject-refused", ("HD-17",), Text("a longer one is refused", "dài hơn thì từ chối"))
    checks = (WHOLE, OVER)

    async def drive(self, stage: Stage) -> None:
        """Counted in characters: most of them take two or three bytes."""
        subject = ("Về việc ứng phó thiên tai ở các xã biên giới " * 12)[:496].strip()
        subject += "ấ" * (499 - len(subject)) + "n"
        signer = {
            "competence": "TM. ỦY BAN NHÂN DÂN",
            "position": ("Phó Chủ tịch Thường trực phụ trách khối " * 3)[:99] + "ỹ",
            "full_name": ("Nguyễn Thị Thử Nghiệm " * 3)[:49] + "ạ",
        }
        if await orders(stage, subject=subject, signer=signer):
            await leaves(stage)
        await orders(stage, "over", subject=subject + "g")
        await stage.quiet(1)
        await stage.look("out", label="over")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Whole, then one more."""
        told, document = left(evidence)
        request, signer = told.request, document.package.signer or Signer()
        wanted = (request["subject"], request["signer"]["position"], request["signer"]["full_name"])
        found_ = (document.package.subject, signer.position, signer.full_name)
        lengths = ", ".join(str(len(text)) for text in found_)
        yield self.WHOLE.decide(
            wanted == found_,
            told,
            document,
            held=Text(f"whole: {lengths} characters", f"nguyên vẹn: {lengths} ký tự"),
            broken=Text(f"changed or cut: {lengths} characters left", f"bị sửa hoặc cắt: chỉ còn {lengths} ký tự"),
        )
        yield kept_back(
            self.OVER, evidence, "over", shown=lambda package: f"{package.subject[:20]}… ({len(package.subject)})"
        )


class ContentOnce(Sending):
    """Two documents that the clerk sends one after the other are two packets, each with its own content."""

    id = "sending/two-documents"
    title = Text("Two documents, two packets", "Hai văn bản, hai gói tin")
    expected = Text(
        "Both leave once each, with their own DocumentId, number and subject.",
        "Mỗi văn bản rời đi một lần với mã, số và trích yếu riêng.",
    )
    BOTH = Check("every-order-leaves", ("TR-05",), Text("the second leaves too", "văn bản thứ hai cũng rời đi"))
    ONCE = Check("every-order-leaves-once", ("DU-03",), Text("each leaves once", "mỗi văn bản chỉ gửi một lần"))
    APART = Check("orders-not-mixed-up", ("HD-32", "HD-36"), Text("ids and contents differ", "mã và nội dung riêng"))
    checks = (BOTH, ONCE, APART)

    async def drive(self, stage: Stage) -> None:
        """Two orders, then time for a second sending."""
        for label in ("first", "second"):
            await orders(stage, label, subject=f"Về việc thử {label} {stage.random.randint(1000, 9999)}")
        await leaves(stage, "first", "second")
        await stage.quiet()

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The second, the number of packets, their contents."""
        yield leaving(self.BOTH, evidence, "second")
        pairs: dict[str, tuple[object, object]] = {}
        for label in ("first", "second"):
            told, document = left(evidence, label)
            pairs[label] = (told.request["subject"], document.package.subject)
        sent = evidence.documents_from_sut()
        yield self.ONCE.decide(
            len(sent) == 2,
            *sent,
            held=Text("two packets", "hai gói tin"),
            broken=Text(f"two orders, {len(sent)} packets", f"hai yêu cầu nhưng có {len(sent)} gói tin"),
        )
        yield differing(self.APART, evidence, pairs)


CASES: tuple[Case, ...] = (AsOrdered(), DateForm(), Deadline(), Urgency(), LongestTexts(), ContentOnce())
