"""One unit, two codes: 000.00.00.H41 and H41 are one sender, one receiver, one voice. ID-11, ID-01."""

from collections.abc import Iterable
from dataclasses import replace

from conformance.case import Case
from conformance.cases.sending.base import Sending, answered, leaves, leaving, left, orders, strays
from conformance.cases.steps import act, arrive, told
from conformance.evidence import CaseEvidence, Lane
from conformance.finding import Check, Finding
from conformance.letters import files, letter, pdf, reply, take_back
from conformance.stage import Stage
from simulator.words import Text

__all__ = ["CASES"]


def old_form(lane: Lane) -> str:
    """The 13-character code of the lane's unit; its only code where it has one."""
    return max(lane.codes, key=len)


def under_old_code(lane: Lane) -> Lane:
    """The same agency, writing under its old code."""
    return replace(lane, unit=old_form(lane))


class SenderTwoCodes(Case):
    """The same number of the same unit, once from each of its codes: one sender, so the clerk is warned."""

    id = "identifiers/one-sender-two-codes"
    title = Text("One sender under two codes", "Một đơn vị gửi dùng hai mã")
    expected = Text(
        "Both are taken in; the second, with the same number of the same unit, is marked as a possible duplicate.",
        "Nhận cả hai; văn bản thứ hai cùng số của cùng đơn vị được cảnh báo có thể trùng.",
    )
    BOTH = Check("both-sender-codes-taken", ("ID-11",), Text("both codes are read", "đọc được cả hai mã"))
    ONE = Check("sender-codes-are-one-unit", ("ID-11", "DU-01"), Text("they are one unit", "là một đơn vị"))
    checks = (BOTH, ONE)

    async def drive(self, stage: Stage) -> None:
        """Same number and notation, other files, other code."""
        first = letter(stage)
        sent = await stage.send(first, label="new code")
        await arrive(stage, sent)
        own = under_old_code(stage.lane)
        code = first.code
        assert code is not None  # noqa: S101  # letter() always gives one
        second = letter(
            stage,
            lane=own,
            number=code.number,
            notation=code.notation,
            files=files(("ban-khac.pdf", pdf(stage.random))),
        )
        await arrive(stage, await stage.send(second, label="old code", lane=own))
        await stage.look("in")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """01 to both, the warning on one of them."""
        new, old = evidence.sent("new code"), evidence.sent("old code")
        yield evidence.expect(
            self.BOTH,
            evidence.statuses_from_sut(old, "01") if evidence.statuses_from_sut(new, "01") else (),
            old,
            held=Text("01 for both", "báo 01 cho cả hai"),
            broken=Text("01 is missing for one of the codes", "thiếu 01 cho một trong hai mã"),
        )
        evidence.taken(old)
        look = evidence.look("in")
        rows = (*look.of(new.document_id), *look.of(old.document_id))
        warned = [row for row in rows if "duplicate" in (row.get("warnings") or ())]
        yield self.ONE.decide(
            warned,
            new,
            old,
            look,
            held=Text("the clerk is warned", "văn thư được cảnh báo"),
            broken=Text(
                f"no warning: {new.organ} and {old.organ} are taken for two units",
                f"không cảnh báo: {new.organ} và {old.organ} bị coi là hai đơn vị",
            ),
        )


class TakeBackOtherCode(Case):
    """A document that came from the new code is taken back from the old one."""

    id = "identifiers/take-back-under-other-code"
    title = Text("Taken back under the other code", "Lấy lại bằng mã còn lại")
    expected = Text(
        "The request is taken for the sender's own: 15 (or 16 by the clerk) names the document.",
        "Yêu cầu được hiểu là của chính bên gửi: trả lời 15 (hoặc 16 do văn thư) nêu đúng văn bản.",
    )
    capability = "take_back"
    ANSWERED = Check("other-code-take-back-answered", ("ID-11", "BZ-08"), Text("it is agreed to", "được đồng ý"))
    checks = (ANSWERED,)

    async def drive(self, stage: Stage) -> None:
        """Before anybody accepted; agree where the SUT leaves that to its clerk."""
        document = await stage.send(letter(stage))
        await arrive(stage, document)
        own = under_old_code(stage.lane)
        request = take_back(stage, document, reason="Ban hành nhầm", lane=own)
        await told(stage, await stage.send(request, label="13", lane=own))
        by_itself = await stage.until(
            lambda seen: seen.statuses_from_sut(document, "15", "16"), for_=Text("15 or 16", "15 hoặc 16"), polls=2
        )
        if not by_itself:
            await act(stage, "agree", document, "15")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """15, after a request that was taken in."""
        document, request = evidence.sent(), evidence.sent("13")
        evidence.taken(document)
        evidence.taken(request)
        yield evidence.expect(
            self.ANSWERED,
            evidence.statuses_from_sut(document, "15"),
            request,
            held=Text("15 came", "có 15"),
            broken=Text(
                f"no 15: {request.organ} is not taken for the sender",
                f"không có 15: {request.organ} bị coi là đơn vị lạ",
            ),
        )


class StatusOtherCode(Sending):
    """The SUT sends to the new code, the receiver answers under its old one."""

    id = "identifiers/status-under-other-code"
    title = Text("A status under the other code", "Trạng thái gửi bằng mã còn lại")
    expected = Text("The clerk sees 03 at that receiver.", "Văn thư thấy 03 ở đúng nơi nhận.")
    SHOWN = Check("other-code-status-shown", ("ID-11",), Text("the status is shown", "trạng thái được hiển thị"))
    checks = (SHOWN,)

    async def drive(self, stage: Stage) -> None:
        """01 and 03 under the old code."""
        if not await orders(stage) or not await leaves(stage):
            return
        await stage.collect()
        package = left(stage.seen)[1].package
        own = under_old_code(stage.lane)
        for code in ("01", "03"):
            await told(stage, await stage.send(reply(stage, code, package, lane=own), label=code, lane=own))
        await stage.look("out")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The receiver's status."""
        document, _ = left(evidence)
        status = evidence.sent("03")
        evidence.taken(status)
        look = evidence.look("out")
        shown = look.status(document.document_id, evidence.lane.codes)
        yield self.SHOWN.decide(
            "03" in look.statuses(document.document_id, evidence.lane.codes),
            status,
            look,
            held=Text("03 is shown", "hiển thị 03"),
            broken=Text(
                f"'{shown}' is shown: {status.organ} is not taken for the receiver",
                f"hiển thị '{shown}': {status.organ} bị coi là đơn vị khác",
            ),
        )


class BothForms(Sending):
    """Two receivers, one picked by its new code, the other by its old one."""

    id = "identifiers/receivers-in-both-forms"
    title = Text("Receivers in both code forms", "Nơi nhận theo cả hai dạng mã")
    expected = Text("Both are reached.", "Đến được cả hai nơi.")
    lanes = 2
    BOTH = Check("both-forms-reached", ("ID-11",), Text("both are reached", "đến cả hai nơi"))
    checks = (BOTH,)

    async def drive(self, stage: Stage) -> None:
        """In one go."""
        new, old = stage.lanes
        if await orders(stage, to=[new.unit, old_form(old)]):
            await stage.until(
                lambda seen: (
                    {new.unit, old.unit} <= {to for each in seen.documents_from_sut() for to in each.fact["to"]}
                ),
                for_=Text("the document to reach both", "văn bản đến cả hai nơi"),
            )

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Recipients as the axis resolved them."""
        if answered(evidence, "document")["status"] == 422:
            yield leaving(self.BOTH, evidence)
        order, sent = evidence.order(), evidence.documents_from_sut()
        reached = {code for each in sent for code in each.fact["to"]}
        missing = ", ".join(lane.unit for lane in evidence.lanes if lane.unit not in reached)
        yield evidence.expect(
            self.BOTH,
            () if missing else sent,
            order,
            held=Text("both are recipients on the axis", "trục ghi nhận cả hai nơi nhận"),
            broken=Text(f"not reached: {missing}", f"chưa đến: {missing}"),
        )


class OneUnitTwice(Sending):
    """The clerk picks one unit under both of its codes."""

    id = "identifiers/receiver-under-both-codes"
    title = Text("One receiver under both codes", "Một nơi nhận được chọn theo cả hai mã")
    expected = Text(
        "It is one unit: refused, or repaired to one To, and delivered once.",
        "Là một đơn vị: bị từ chối, hoặc gộp thành một To, và chỉ chuyển một lần.",
    )
    ONCE = Check("both-codes-one-receiver", ("ID-11", "HD-09"), Text("one To, one delivery", "một To, một lần chuyển"))
    checks = (ONCE,)

    async def drive(self, stage: Stage) -> None:
        """The twin names it once."""
        await orders(stage)
        await leaves(stage)
        if await orders(stage, "both", to=[stage.lane.unit, old_form(stage.lane)]):
            await leaves(stage, "both")
        await stage.quiet(1)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """To of the second packet, and how many packets."""
        order, good = left(evidence)
        record, gone = answered(evidence, "both"), strays(evidence, "both")
        sound = record["status"] == 422 or bool(gone)
        evidence.require(sound, Text("the second order never left", "yêu cầu thứ hai chưa rời đi"), record)
        lines = [party.organ_id for each in gone for party in each.package.receivers]
        shown = ", ".join(lines)
        yield self.ONCE.decide(
            len(lines) <= 1,
            order,
            good,
            record,
            *gone,
            held=Text(f"To: {shown}" if gone else "refused", f"To: {shown}" if gone else "bị từ chối"),
            broken=Text(f"one unit, To: {shown}", f"một đơn vị nhưng To: {shown}"),
        )


CASES: tuple[Case, ...] = (SenderTwoCodes(), TakeBackOtherCode(), StatusOtherCode(), BothForms(), OneUnitTwice())
