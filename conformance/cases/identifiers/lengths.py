"""Codes of every permitted shape go round whole: 35 characters, registration numbers, deep levels. ID-03/05/06/08."""

from collections.abc import Iterable

from conformance.case import Case
from conformance.cases.identifiers.units import deep_codes, long_code, number_code
from conformance.cases.sending.base import Sending, answered, leaves, leaving, left, orders
from conformance.cases.steps import arrive
from conformance.evidence import CaseEvidence, Sent
from conformance.finding import Check, Finding
from conformance.letters import letter
from conformance.stage import Stage
from simulator.words import Text

__all__ = ["CASES"]


def _answered_whole(check: Check, evidence: CaseEvidence, document: Sent) -> Finding:
    """01 had to come, addressed to the very code that the document came from."""
    arrivals = evidence.statuses_from_sut(document, "01")
    named = [each.packet.response_for.organ_id if each.packet.response_for else "" for each in arrivals]
    if arrivals and document.organ not in named:
        others = ", ".join(named)
        broken = Text(f"01 names {others} instead of {document.organ}", f"01 nêu {others} thay vì {document.organ}")
        return check.broken(broken, document, *arrivals)
    return evidence.expect(
        check,
        arrivals,
        document,
        held=Text(f"01 names {document.organ}", f"01 nêu đúng {document.organ}"),
        broken=Text(f"no 01 reached {document.organ}", f"không có 01 gửi về {document.organ}"),
    )


def _listed_whole(check: Check, evidence: CaseEvidence, document: Sent) -> Finding:
    """The incoming book had to show the very code, of a document that was not refused."""
    evidence.taken(document)
    look = evidence.look("in")
    shown = sorted({str(row.get("from")) for row in look.held(document.document_id)})
    return check.decide(
        document.organ in shown,
        document,
        look,
        held=Text(f"listed as from {document.organ}", f"liệt kê từ {document.organ}"),
        broken=Text(f"listed as from {', '.join(shown) or '–'}", f"liệt kê từ {', '.join(shown) or '–'}"),
    )


class LongSender(Case):
    """A document from a unit whose code has 35 characters."""

    id = "identifiers/long-code-as-sender"
    title = Text("A sender with a code of 35 characters", "Đơn vị gửi có mã dài 35 ký tự")
    expected = Text(
        "The whole code is listed, and 01 is addressed to the whole code (Amendment 1:2022: String 35).",
        "Hiển thị đủ mã, và 01 gửi về đúng mã đầy đủ (Sửa đổi 1:2022: chuỗi 35 ký tự).",
    )
    ANSWERED = Check("long-code-answered-whole", ("ID-06",), Text("01 names it whole", "01 nêu đủ mã"))
    LISTED = Check("long-code-listed-whole", ("ID-06",), Text("it is listed whole", "hiển thị đủ mã"))
    checks = (ANSWERED, LISTED)

    async def drive(self, stage: Stage) -> None:
        """Registered for this case."""
        own = await stage.register_unit(long_code(stage.random, stage.lane.unit), "Đơn vị thử có mã dài")
        await arrive(stage, await stage.send(letter(stage, lane=own), lane=own))
        await stage.look("in")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The answer, then the book."""
        document = evidence.sent()
        yield _answered_whole(self.ANSWERED, evidence, document)
        yield _listed_whole(self.LISTED, evidence, document)


class _Reached(Sending):
    """A unit that the lane registers is a receiver beside the lane's own unit."""

    REACHED: Check

    async def order_to(self, stage: Stage, *codes: str) -> None:
        """One order; its receivers stand in a note."""
        stage.note("receivers", codes=list(codes))
        if await orders(stage, to=[stage.lane.unit, *codes]):
            await leaves(stage)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """To as it is written, recipients as the axis resolved them."""
        codes = [code for note in evidence.notes("receivers") for code in note["values"]["codes"]]
        if answered(evidence, "document")["status"] == 422:
            yield leaving(self.REACHED, evidence)
        told, _ = left(evidence)
        sent = evidence.documents_from_sut()
        written = {party.organ_id for each in sent for party in each.package.receivers}
        reached = {code for each in sent for code in each.fact["to"]}
        missing = [code for code in codes if code not in written or code not in reached]
        yield self.REACHED.decide(
            not missing,
            told,
            *sent,
            held=Text(f"reached: {', '.join(codes)}", f"đến được: {', '.join(codes)}"),
            broken=Text(
                f"not reached as written: {', '.join(missing)}; To: {', '.join(sorted(written))}",
                f"không đến đúng mã: {', '.join(missing)}; To: {', '.join(sorted(written))}",
            ),
        )


class LongReceiver(_Reached):
    """The SUT sends to a unit whose code has 35 characters."""

    id = "identifiers/long-code-as-receiver"
    title = Text("A receiver with a code of 35 characters", "Nơi nhận có mã dài 35 ký tự")
    expected = Text("To/OrganId bears the whole code, the unit is reached.", "To/OrganId ghi đủ mã, đến được đơn vị.")
    REACHED = Check("long-code-reached", ("ID-06",), Text("the unit is reached", "đến được đơn vị"))
    checks = (REACHED,)

    async def drive(self, stage: Stage) -> None:
        """Registered for this case."""
        own = await stage.register_unit(long_code(stage.random, stage.lane.unit), "Đơn vị nhận có mã dài")
        await self.order_to(stage, own.unit)


class NumberReceivers(_Reached):
    """The SUT sends to an enterprise and to a branch, known by their registration numbers."""

    id = "identifiers/registration-numbers-as-receivers"
    title = Text("Receivers known by registration numbers", "Nơi nhận dùng mã số đăng ký")
    expected = Text("10 and 13 digits without dots are codes like any other.", "Mã 10 và 13 chữ số cũng là mã hợp lệ.")
    REACHED = Check("registration-numbers-reached", ("ID-08", "ID-07"), Text("both are reached", "đến cả hai"))
    checks = (REACHED,)

    async def drive(self, stage: Stage) -> None:
        """Registered for this case."""
        codes = [number_code(stage.random, digits) for digits in (10, 13)]
        for code in codes:
            await stage.register_unit(code, f"Doanh nghiệp thử {code}")
        await self.order_to(stage, *codes)


class NumberSenders(Case):
    """Documents from an enterprise and from a branch."""

    id = "identifiers/registration-numbers-as-senders"
    title = Text("Senders known by registration numbers", "Đơn vị gửi dùng mã số đăng ký")
    expected = Text("Both are taken in and answered under their numbers.", "Cả hai được nhận và trả lời theo đúng mã.")
    TEN = Check("ten-digit-sender-answered", ("ST-06", "ID-08"), Text("10 digits are answered", "trả lời mã 10 chữ số"))
    THIRTEEN = Check(
        "branch-number-answered", ("ST-06", "ID-08"), Text("13 digits are answered", "trả lời mã 13 chữ số")
    )
    SHOWN = Check("registration-number-listed", ("HD-36", "ID-08"), Text("the number is listed", "hiển thị đúng mã"))
    checks = (TEN, THIRTEEN, SHOWN)

    async def drive(self, stage: Stage) -> None:
        """Registered for this case."""
        for digits in (10, 13):
            own = await stage.register_unit(number_code(stage.random, digits), f"Doanh nghiệp thử {digits}")
            await arrive(stage, await stage.send(letter(stage, lane=own), label=str(digits), lane=own))
        await stage.look("in")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Answers, then the book."""
        yield _answered_whole(self.TEN, evidence, evidence.sent("10"))
        yield _answered_whole(self.THIRTEEN, evidence, evidence.sent("13"))
        yield _listed_whole(self.SHOWN, evidence, evidence.sent("13"))


class DeepLevels(Case):
    """Documents from a unit of level 3 (new form) and one of level 4 (old form)."""

    id = "identifiers/deep-levels"
    title = Text("Units of lower levels", "Đơn vị cấp dưới")
    expected = Text(
        "Each is its own unit, not the one above it: listed and answered under its whole code.",
        "Mỗi đơn vị là riêng, không phải đơn vị cấp trên: hiển thị và trả lời theo đủ mã.",
    )
    NEW = Check(
        "level-three-code-answered", ("ST-06", "ID-05"), Text("the new form is answered", "trả lời mã dạng mới")
    )
    OLD = Check("level-four-code-answered", ("ST-06", "ID-03"), Text("the old form is answered", "trả lời mã dạng cũ"))
    SHOWN = Check(
        "deep-codes-listed", ("HD-36", "ID-05", "ID-03"), Text("both are listed whole", "hiển thị đủ cả hai mã")
    )
    checks = (NEW, OLD, SHOWN)

    async def drive(self, stage: Stage) -> None:
        """Registered for this case."""
        for label, code in zip(("new", "old"), deep_codes(stage.random, stage.lane.unit), strict=True):
            own = await stage.register_unit(code, f"Đơn vị cấp dưới {label}")
            await arrive(stage, await stage.send(letter(stage, lane=own), label=label, lane=own))
        await stage.look("in")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Answers, then the book."""
        new, old = evidence.sent("new"), evidence.sent("old")
        yield _answered_whole(self.NEW, evidence, new)
        yield _answered_whole(self.OLD, evidence, old)
        first, second = (_listed_whole(self.SHOWN, evidence, each) for each in (new, old))
        yield second if first.outcome == "held" else first


CASES: tuple[Case, ...] = (LongSender(), LongReceiver(), NumberReceivers(), NumberSenders(), DeepLevels())
