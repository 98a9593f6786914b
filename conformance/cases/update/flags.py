"""What an update says that it changes: DocumentInfo, DocumentReceiver, ReceiverList. BZ-09."""

from collections.abc import Iterable

from conformance.case import Case
from conformance.cases.changes import answered_with, answers, update_of
from conformance.cases.update.shown import UpdateOfOne, shows_files, shows_subject
from conformance.evidence import CaseEvidence
from conformance.finding import Check, Finding
from conformance.stage import Stage
from simulator.protocol.package import Package
from simulator.words import Text

__all__ = ["CASES"]

ADDED = "000.00.00.H99"
"""A unit that no lane is: only named in ReceiverList, never addressed."""


class ReceiversOnly(UpdateOfOne):
    """DocumentInfo 0, DocumentReceiver 1, no files: only the receivers changed, the content stays."""

    id = "update/receivers-only"
    title = Text("An update changes the receivers only", "Cập nhật chỉ thay đổi nơi nhận")
    expected = Text(
        "15 is answered; subject and files of the document stay as they were.",
        "Trả lời 15; trích yếu và tệp đính kèm của văn bản giữ nguyên.",
    )
    ANSWERED = Check("receivers-update-answered", ("BZ-09",), Text("15 is answered", "trả lời 15"))
    FILES = Check("receivers-update-keeps-files", ("BZ-09",), Text("the files stay", "tệp giữ nguyên"))
    checks = (ANSWERED, FILES)

    def change(self, stage: Stage, package: Package) -> Package:
        """The header again, one receiver more, no body."""
        return update_of(stage, package, content=False, added=(ADDED,))

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The answer shows that it was read."""
        document, update = evidence.sent(), evidence.sent("update")
        yield answered_with(self.ANSWERED, evidence, "15", answers(evidence, update, document), update)
        yield shows_files(self.FILES, evidence, evidence.look("in"), document, document, evidence.taken(update))


class ContentAndReceivers(UpdateOfOne):
    """Both flags are 1: the content is changed although the receivers are as well."""

    id = "update/content-and-receivers"
    title = Text("An update changes content and receivers", "Cập nhật cả nội dung và nơi nhận")
    expected = Text("15 is answered and the new content is shown.", "Trả lời 15 và hiển thị nội dung mới.")
    ANSWERED = Check("both-flags-answered", ("BZ-09",), Text("15 is answered", "trả lời 15"))
    APPLIED = Check("both-flags-content-applied", ("BZ-09",), Text("the content is new", "nội dung mới"))
    checks = (ANSWERED, APPLIED)

    def change(self, stage: Stage, package: Package) -> Package:
        """New content, one receiver more."""
        return update_of(stage, package, added=(ADDED,))

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The answer, then the box."""
        document, update = evidence.sent(), evidence.sent("update")
        yield answered_with(self.ANSWERED, evidence, "15", answers(evidence, update, document), update)
        taken, look = evidence.taken(update), evidence.look("in")
        yield shows_subject(self.APPLIED, evidence, look, document, update, taken)


CASES: tuple[Case, ...] = (ReceiversOnly(), ContentAndReceivers())
