"""Between two polls lie fifteen minutes: a document and what changes it stand in one list, in whatever order. ST-10."""

from collections.abc import Iterable, Sequence

from conformance.case import Case, Wave
from conformance.cases.changes import answers, recall_of, settle, update_of
from conformance.cases.recall.applied import is_recalled
from conformance.cases.steps import codes
from conformance.cases.update.shown import subjects
from conformance.evidence import CaseEvidence, SeenStatus, Sent
from conformance.finding import Check, Finding
from conformance.letters import letter
from conformance.stage import Stage
from simulator.protocol.package import Package
from simulator.words import Text

__all__ = ["CASES"]


class _OneList(Case):
    """A change and its document are listed at once, the change first.

    Nothing at all is listed meanwhile, so the case flies alone: a row is on the disk a moment before anybody is told
    whose it is, and a list made in that moment would show the change by itself.
    """

    CHANGED: Check
    wave = Wave.ALONE

    def change(self, stage: Stage, package: Package) -> Package:
        """What becomes of the document. Raises NotImplementedError: every case writes its own."""
        raise NotImplementedError

    def done(self, evidence: CaseEvidence, document: Sent) -> tuple[bool, str]:
        """Whether the box shows that, and what it shows. Raises NotImplementedError: every case writes its own."""
        raise NotImplementedError

    async def drive(self, stage: Stage) -> None:
        """Nothing is listed before both lie on the axis."""
        package = letter(stage)
        change = self.change(stage, package)
        async with stage.fault("list-held-back", label="held"):
            first = await stage.send(change, label="change")
            document = await stage.send(package)
        stage.note("listed")
        await settle(stage, first, document)
        await stage.look("in")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """With a poll in every second it would have been carried out, so with a poll in a quarter of an hour, too."""
        change, document, listed = evidence.sent("change"), evidence.sent(), evidence.noted("listed")
        said: Sequence[SeenStatus] = answers(evidence, change, document)
        if not said:
            yield evidence.expect(self.CHANGED, (), listed, held=_DONE, broken=_NO_ANSWER)
            return
        evidence.taken(document)
        good, shown = self.done(evidence, document)
        yield self.CHANGED.decide(
            said[0].code == "15" and good,
            listed,
            *said,
            held=_DONE,
            broken=Text(
                f"answered {codes(said)} with its document in the same list; shown: {shown}",
                f"trả lời {codes(said)} dù văn bản ở ngay trong danh sách đó; hiển thị: {shown}",
            ),
        )


_DONE = Text("carried out", "đã thực hiện")
_NO_ANSWER = Text("it was never answered", "không được trả lời")
_EXPECTED = Text(
    "The order of a list means nothing: the document is taken in, then its change is carried out (15).",
    "Thứ tự danh sách không có ý nghĩa: nhận văn bản, rồi thực hiện thay đổi (15).",
)


class UpdateInOneList(_OneList):
    """An update stands before its document in one list."""

    id = "ordering/update-in-one-list"
    title = Text("The update before its document in one list", "Cập nhật đứng trước văn bản trong một danh sách")
    expected = _EXPECTED
    capability = "update"
    CHANGED = Check("order-one-list-updated", ("ST-10",), Text("the update is applied", "cập nhật được áp dụng"))
    checks = (CHANGED,)

    def change(self, stage: Stage, package: Package) -> Package:
        """Other content."""
        update = update_of(stage, package)
        stage.note("changed", subject=update.subject)
        return update

    def done(self, evidence: CaseEvidence, document: Sent) -> tuple[bool, str]:
        """Its subject."""
        shown = subjects(evidence.look("in"), document)
        return evidence.noted("changed")["values"]["subject"] in shown, f"'{'; '.join(shown)}'"


class RecallInOneList(_OneList):
    """A recall stands before its document in one list."""

    id = "ordering/recall-in-one-list"
    title = Text("The recall before its document in one list", "Thu hồi đứng trước văn bản trong một danh sách")
    expected = _EXPECTED
    capability = "recall"
    CHANGED = Check("order-one-list-recalled", ("ST-10",), Text("it is recalled", "văn bản bị thu hồi"))
    checks = (CHANGED,)

    def change(self, stage: Stage, package: Package) -> Package:
        """In the form of the samples."""
        return recall_of(stage, package)

    def done(self, evidence: CaseEvidence, document: Sent) -> tuple[bool, str]:
        """Recalled, or no longer there."""
        look = evidence.look("in")
        return is_recalled(document, look), look.state(document.document_id) or "–"


CASES: tuple[Case, ...] = (UpdateInOneList(), RecallInOneList())
