"""An update in the middle of a document's life, and after its end. BZ-13, ST-10, BZ-05."""

from collections.abc import Iterable
from contextlib import suppress

from conformance.case import Case
from conformance.cases.changes import (
    answered_with,
    answers,
    held_before,
    hold,
    own,
    recall_of,
    settle,
    turn_down,
    update_of,
)
from conformance.cases.recall.applied import is_recalled
from conformance.cases.steps import act, answered
from conformance.cases.update.shown import shows_subject, subjects
from conformance.evidence import CaseEvidence
from conformance.finding import Check, Finding
from conformance.letters import letter
from conformance.stage import Stage, StageEnd
from simulator.words import Text

__all__ = ["CASES"]


class InWork(Case):
    """Somebody works on the document: the update changes its content, not its state, and the chain goes on."""

    id = "update/of-a-document-in-work"
    title = Text("A document in work is updated", "Cập nhật văn bản đang xử lý")
    expected = Text(
        "The new content is shown, the document is still in work, and finishing it still brings 06 for it.",
        "Hiển thị nội dung mới, văn bản vẫn đang xử lý; khi hoàn thành vẫn gửi 06 cho văn bản đó.",
    )
    capability = "update"
    APPLIED = Check("update-in-work-applied", ("BZ-13",), Text("the content is new", "nội dung mới"))
    STATE = Check("update-in-work-keeps-state", ("ST-10",), Text("the state stays", "trạng thái giữ nguyên"))
    FINISH = Check("finish-after-update", ("ST-09",), Text("06 after finish", "có 06 sau khi hoàn thành"))
    checks = (APPLIED, STATE, FINISH)

    async def drive(self, stage: Stage) -> None:
        """accept, start, update, finish."""
        package = letter(stage)
        document = await hold(stage, package)
        await act(stage, "accept", document, "03")
        await act(stage, "start", document, "05")
        await settle(stage, await stage.send(update_of(stage, package), label="update"), document)
        await stage.look("in")
        with suppress(StageEnd):
            await act(stage, "finish", document, "06")
        await stage.quiet()

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Before and after are in one box."""
        document, update = evidence.sent(), evidence.sent("update")
        evidence.act("start", document)
        taken, look = evidence.taken(update), evidence.look("in")
        yield shows_subject(self.APPLIED, evidence, look, document, update, taken)
        state = look.state(document.document_id)
        yield self.STATE.decide(
            "processing" in look.states(document.document_id),
            taken,
            look,
            held=Text("still in work", "vẫn đang xử lý"),
            broken=Text(f"after the update it is '{state}'", f"sau cập nhật trạng thái là '{state}'"),
        )
        early = [each for each in evidence.statuses_from_sut(document, "06") if each.n < look.n]
        evidence.require(not early, Text("06 came before 'finish'", "06 có trước khi hoàn thành"), *early, look)
        yield answered(self.FINISH, evidence, document, "06", evidence.act("finish", document))


class OfRecalled(Case):
    """A recalled document is not brought back by an update."""

    id = "update/of-a-recalled-document"
    title = Text("An update of a recalled document", "Cập nhật văn bản đã bị thu hồi")
    expected = Text(
        "Refused by 16; the document stays recalled and its content does not come back.",
        "Từ chối bằng 16; văn bản vẫn ở trạng thái đã thu hồi, nội dung không xuất hiện lại.",
    )
    capability = "update"
    REFUSED = Check("update-of-recalled-refused", ("ST-10",), Text("16 is answered", "trả lời 16"))
    GONE = Check("recalled-not-revived", ("ST-10", "BZ-05"), Text("it stays recalled", "vẫn bị thu hồi"))
    checks = (REFUSED, GONE)

    def applies(self, *, roles: Iterable[str], capabilities: Iterable[str]) -> bool:
        """Both must be claimed."""
        claimed = set(capabilities)
        return "recall" in claimed and super().applies(roles=roles, capabilities=claimed)

    async def drive(self, stage: Stage) -> None:
        """0, 1, 2."""
        package = letter(stage)
        document = await hold(stage, package)
        await settle(stage, await stage.send(recall_of(stage, package), label="recall"))
        await stage.look("in", label="recalled")
        await turn_down(stage, await stage.send(update_of(stage, package), label="update"), document)
        await stage.quiet(1)
        await stage.look("in", label="updated")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Only what was recalled before can be revived."""
        document, update = evidence.sent(), evidence.sent("update")
        held_before(evidence, document)
        before, look = evidence.look("in", "recalled"), evidence.look("in", "updated")
        evidence.require(is_recalled(document, before), Text("it was not recalled", "chưa bị thu hồi"), before)
        taken = evidence.taken(update)
        yield self.GONE.decide(
            is_recalled(document, look) and own(evidence, update).subject not in subjects(look, document),
            before,
            taken,
            look,
            held=Text("still recalled", "vẫn ở trạng thái đã thu hồi"),
            broken=Text("the update brought it back", "cập nhật làm văn bản xuất hiện lại"),
        )
        yield answered_with(self.REFUSED, evidence, "16", answers(evidence, update), update)


CASES: tuple[Case, ...] = (InWork(), OfRecalled())
