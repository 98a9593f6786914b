"""The SUT asks back what it sent: to whom 13 goes, with which words, how often; what its clerk sees. BZ-08, ST-08."""

from collections.abc import Iterable, Sequence
from contextlib import suppress

from conformance.case import Case, Role
from conformance.cases.changes import answer_in_turn, answers_shown
from conformance.cases.status.sender import sends
from conformance.cases.steps import told
from conformance.evidence import CaseEvidence, Lane, SeenStatus
from conformance.finding import Check, Finding
from conformance.letters import reply
from conformance.stage import Stage, StageEnd
from simulator.words import Text

__all__ = ["CASES"]

REASON = "Gửi nhầm phụ lục, đề nghị trả lại văn bản"


def _thirteens(evidence: CaseEvidence, lane: Lane | None = None) -> tuple[SeenStatus, ...]:
    """The SUT's 13s about its document, only those to ``lane`` where it is given."""
    return tuple(
        each
        for each in evidence.statuses_from_sut(evidence.order(), "13")
        if lane is None or (each.packet.response_for and each.packet.response_for.organ_id in lane.codes)
    )


class AskingBack(Case):
    """The SUT sends to all lanes, asks back, the lanes answer in order."""

    role = Role.SENDER
    capability = "take_back"
    answers: Sequence[str] = ()

    async def drive(self, stage: Stage) -> None:
        """Send, ask, answer, look."""
        package = await sends(stage, stage.lanes)
        await self.ask(stage, package.document_id, len(stage.lanes))
        await answer_in_turn(stage, package, self.answers)
        await stage.look("out")

    async def ask(self, stage: Stage, document_id: str, total: int) -> None:
        """Until ``total`` 13s have left altogether."""
        await stage.act("take-back", document_id, reason=REASON)
        await stage.until(
            lambda seen: len(_thirteens(seen)) >= total, for_=Text("13 to leave", "13 được gửi đi"), polls=2
        )

    def shown(self, check: Check, evidence: CaseEvidence, code: str, lane: Lane) -> Finding:
        """The out-box shows ``code`` for the lane that said it."""
        said, look = evidence.sent(f"{code} of {lane.unit}"), evidence.look("out")
        evidence.taken(said)
        seen = look.status(evidence.order().document_id, lane.codes) or "–"
        return check.decide(
            code in look.statuses(evidence.order().document_id, lane.codes),
            said,
            look,
            held=Text(f"shown: {seen}", f"hiển thị: {seen}"),
            broken=Text(f"shown: {seen} instead of {code}", f"hiển thị: {seen} thay vì {code}"),
        )


class FromThree(AskingBack):
    """Three receivers hold it: each gets a 13 of its own, each with the reason."""

    id = "takeback/sut-asks-three"
    title = Text("The SUT asks three receivers", "SUT yêu cầu lấy lại từ ba nơi nhận")
    expected = Text(
        "Each of the three gets a 13 that names it in ResponseFor, with the clerk's reason.",
        "Mỗi nơi trong ba nơi nhận một 13 ghi đúng mình trong ResponseFor, kèm lý do của văn thư.",
    )
    lanes = 3
    EACH = Check("take-back-reaches-all", ("BZ-08", "ST-03"), Text("each gets its 13", "mỗi nơi có một 13"))
    REASON = Check("take-back-reason-for-many", ("BZ-08",), Text("each with the reason", "đều kèm lý do"))
    checks = (EACH, REASON)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """By ResponseFor."""
        asked = evidence.act("take-back", evidence.order())
        seen = _thirteens(evidence)
        missed = [lane.unit for lane in evidence.lanes if not _thirteens(evidence, lane)]
        yield evidence.expect(
            self.EACH,
            () if missed else seen,
            asked,
            held=Text("all three", "đủ ba nơi"),
            broken=Text(f"no 13 for {', '.join(missed)}", f"không có 13 cho {', '.join(missed)}"),
        )
        evidence.require(seen, Text("no 13 left", "không có 13 nào được gửi"), asked)
        bare = [each for each in seen if REASON not in each.packet.description]
        yield self.REASON.decide(
            not bare,
            asked,
            *(bare or seen),
            held=Text("the clerk's reason travels", "lý do của văn thư được chuyển đi"),
            broken=Text(f"{len(bare)} of {len(seen)} without it", f"{len(bare)}/{len(seen)} gói không có lý do"),
        )


class SeesTheAnswers(AskingBack):
    """One gives it back, one does not: the clerk sees both, and why."""

    id = "takeback/sut-sees-the-answers"
    title = Text("The answers to 13 are shown", "Hiển thị trả lời cho yêu cầu lấy lại")
    expected = Text(
        "15 is shown for the one, 16 with its reason for the other; the document itself still stands.",
        "Nơi này hiển thị 15, nơi kia hiển thị 16 kèm lý do; văn bản đi vẫn còn hiệu lực.",
    )
    lanes = 2
    answers = ("15", "16")
    AGREED = Check("take-back-agreement-shown", ("ST-08",), Text("15 is shown", "hiển thị 15"))
    DECLINED = Check("take-back-refusal-shown", ("ST-08",), Text("16 is shown", "hiển thị 16"))
    REASON = Check("take-back-refusal-reason-shown", ("RF-04", "ST-08"), Text("with its reason", "kèm lý do"))
    checks = (AGREED, DECLINED, REASON)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Two rows of receivers."""
        yield from answers_shown(self.checks, evidence, evidence.order().document_id)


class AsksAgain(AskingBack):
    """Declined once, the clerk asks again: a second 13 leaves, and its answer counts."""

    id = "takeback/sut-asks-again"
    title = Text("After 16 the SUT asks again", "Sau 16 SUT yêu cầu lại")
    expected = Text(
        "A second 13 leaves; the 15 that answers it is shown in place of the 16.",
        "13 lần hai được gửi đi; 15 trả lời cho lần này được hiển thị thay cho 16.",
    )
    answers = ("16",)
    LEAVES = Check("second-take-back-leaves", ("BZ-08",), Text("a second 13 leaves", "13 lần hai được gửi"))
    SHOWN = Check("second-answer-shown", ("ST-08", "ST-11"), Text("its 15 is shown", "hiển thị 15"))
    checks = (LEAVES, SHOWN)

    async def drive(self, stage: Stage) -> None:
        """13, 16, 13, 15."""
        await super().drive(stage)
        package = stage.seen.documents_from_sut()[0].package
        await self.ask(stage, package.document_id, 2)
        label = f"15 of {stage.lane.unit}"
        await told(stage, await stage.send(reply(stage, "15", package), label=label))
        await stage.look("out")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The first 13 and its 16 are the twins."""
        refused = evidence.sent(f"16 of {evidence.lane.unit}")
        evidence.taken(refused)
        seen = _thirteens(evidence)
        evidence.require(seen, Text("not even a first 13 left", "không có cả 13 lần đầu"), refused)
        asked = evidence.acts("POST /control/act", action="take-back")[-1]
        yield evidence.expect(
            self.LEAVES,
            seen if len(seen) > 1 else (),
            asked,
            held=Text("two 13s left", "đã gửi hai 13"),
            broken=Text("only the first 13 left", "chỉ gửi 13 lần đầu"),
        )
        yield self.shown(self.SHOWN, evidence, "15", evidence.lane)


class NeedsReason(AskingBack):
    """No 13 leaves without a reason."""

    id = "takeback/sut-needs-a-reason"
    title = Text("The SUT's clerk gives no reason for a take-back", "Văn thư của SUT lấy lại mà không nêu lý do")
    expected = Text(
        "Without a reason nothing leaves; with one 13 leaves and carries it.",
        "Thiếu lý do thì không gửi gì; có lý do thì 13 được gửi kèm lý do.",
    )
    LEAVES = Check("reasoned-take-back-leaves", ("BZ-08",), Text("with a reason it leaves", "có lý do thì gửi"))
    STAYS = Check("reasonless-take-back-stays", ("BZ-08",), Text("without one it stays", "thiếu lý do không gửi"))
    checks = (LEAVES, STAYS)

    async def drive(self, stage: Stage) -> None:
        """Both."""
        package = await sends(stage, stage.lanes)
        with suppress(StageEnd):
            await stage.act("take-back", package.document_id)
        await stage.quiet()
        stage.note("reason-given")
        await self.ask(stage, package.document_id, len(_thirteens(stage.seen)) + 1)
        await stage.quiet()

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The one with a reason is the twin."""
        given = evidence.notes("reason-given")
        evidence.require(given, Text("it never came so far", "chưa đến bước này"), evidence.order())
        seen = _thirteens(evidence)
        late = [each for each in seen if REASON in each.packet.description]
        yield evidence.expect(
            self.LEAVES,
            late,
            given[-1],
            held=Text("13 left with the reason", "13 được gửi kèm lý do"),
            broken=Text("no 13 with the clerk's reason left", "không có 13 nào kèm lý do của văn thư"),
        )
        evidence.require(late, Text("no 13 left at all", "không có 13 nào được gửi"), given[-1])
        early = [each for each in seen if each.n < given[-1].n]
        yield self.STAYS.decide(
            not early,
            given[-1],
            *early,
            *late,
            held=Text("nothing left before a reason was given", "chưa có lý do thì không gửi gì"),
            broken=Text("a 13 left although no reason was given", "13 được gửi dù không nêu lý do"),
        )


class AllGivenBack(AskingBack):
    """The only receiver has given it back: shown as recalled, and nobody is asked once more."""

    id = "takeback/sut-has-it-back"
    title = Text("The outgoing document was given back", "Văn bản đi đã được trả lại")
    expected = Text(
        "After 15 it is listed as recalled, and a further take-back is refused or asks nobody.",
        "Sau 15 văn bản hiển thị đã thu hồi; yêu cầu lấy lại lần nữa bị từ chối hoặc không gửi cho ai.",
    )
    answers = ("15",)
    SHOWN = Check("taken-back-outgoing-shown", ("ST-05", "BZ-07"), Text("shown as recalled", "hiển thị đã thu hồi"))
    ONCE = Check("no-take-back-after-15", ("ST-10",), Text("nobody is asked again", "không yêu cầu nữa"))
    checks = (SHOWN, ONCE)

    async def drive(self, stage: Stage) -> None:
        """Afterwards the clerk asks again."""
        await super().drive(stage)
        stage.note("asked-again")
        with suppress(StageEnd):
            await stage.act("take-back", stage.seen.order().document_id, reason=REASON)
        await stage.quiet()

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The 13 that left first is the twin."""
        said = evidence.sent(f"15 of {evidence.lane.unit}")
        evidence.taken(said)
        look = evidence.look("out")
        state = look.state(evidence.order().document_id)
        yield self.SHOWN.decide(
            "recalled" in look.states(evidence.order().document_id),
            said,
            look,
            held=Text("recalled", "đã thu hồi"),
            broken=Text(f"shown as '{state}'", f"hiển thị là '{state}'"),
        )
        again, seen = evidence.notes("asked-again"), _thirteens(evidence)
        evidence.require(again and seen, Text("it never came so far", "chưa đến bước này"), said)
        late = [each for each in seen if each.n > again[-1].n]
        yield self.ONCE.decide(
            not late,
            said,
            *seen,
            held=Text("no further 13", "không có thêm 13"),
            broken=Text("13 was sent to one that had given it back", "vẫn gửi 13 cho nơi đã trả lại"),
        )


CASES: tuple[Case, ...] = (FromThree(), SeesTheAnswers(), AsksAgain(), NeedsReason(), AllGivenBack())
