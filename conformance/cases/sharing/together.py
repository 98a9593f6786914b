"""Two documents of two units bear the same file, and something happens to one of them: the other stands. AT-07."""

from collections.abc import Iterable
from typing import ClassVar

from conformance.case import Case
from conformance.cases.changes import answers, recall_of, replacement_of, settle, update_of
from conformance.cases.sharing.kit import FILE, bearing, file_kept, file_shown, row_kept
from conformance.cases.steps import act, arrive, took
from conformance.evidence import CaseEvidence, Sent
from conformance.finding import Check, Cited, Finding
from conformance.letters import files, pdf
from conformance.stage import Stage
from simulator.protocol.package import Package
from simulator.words import Text

__all__ = ["CASES"]

_FILE = Text("the other document keeps its file", "văn bản kia giữ nguyên tệp")
_ROW = Text("the other document stands as it was", "văn bản kia giữ nguyên")
_EXPECTED = Text(
    "The other unit's document keeps state, subject and file, byte for byte: it is a document of its own.",
    "Văn bản của đơn vị kia giữ nguyên trạng thái, trích yếu và tệp từng byte: đó là một văn bản riêng.",
)


class _OneOfTwo(Case):
    """The first of two documents with one file meets its fate, and the box is looked at before and after."""

    FILE: ClassVar[Check]
    ROW: ClassVar[Check]
    lanes = 2
    expected = _EXPECTED

    async def drive(self, stage: Stage) -> None:
        """Both arrive with one poll; then the first is changed."""
        data = pdf(stage.random)
        package = bearing(stage, data)
        first = await stage.send(package)
        other = await stage.send(bearing(stage, data, lane=stage.lanes[1]), label="other", lane=stage.lanes[1])
        await arrive(stage, first, other)
        await stage.look("in", label="before")
        await self.change(stage, package, first)
        await stage.quiet(1)
        await stage.look("in", label="after")

    async def change(self, stage: Stage, package: Package, document: Sent) -> None:
        """What happens to the first. Raises NotImplementedError: every case has its own."""
        raise NotImplementedError

    def done(self, evidence: CaseEvidence) -> tuple[Cited, ...]:
        """What shows that it happened; () where it did not: then there is nothing that the other could suffer from."""
        raise NotImplementedError

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Before against after."""
        other, happened = evidence.sent("other"), self.done(evidence)
        evidence.require(happened, Text("the first one was left as it was", "văn bản đầu chưa bị tác động"), other)
        yield file_kept(self.FILE, evidence, other, *happened)
        yield row_kept(self.ROW, evidence, other, *happened)


class _Ordered(_OneOfTwo):
    """A packet of the first sender brings it, and 15 says that it was done."""

    def packet(self, stage: Stage, package: Package) -> Package:
        """The recall or the update. Raises NotImplementedError: every case has its own."""
        raise NotImplementedError

    async def change(self, stage: Stage, package: Package, document: Sent) -> None:
        """Sent, and answered."""
        await settle(stage, await stage.send(self.packet(stage, package), label="packet"), document)

    def done(self, evidence: CaseEvidence) -> tuple[Cited, ...]:
        """The 15."""
        packet, document = evidence.sent("packet"), evidence.sent()
        return tuple(each for each in answers(evidence, packet, document) if each.code == "15")


class RecallOfOne(_Ordered):
    """The first document is recalled."""

    id = "sharing/recall-of-one"
    title = Text("One file in two documents, one of them recalled", "Một tệp trong hai văn bản, thu hồi một văn bản")
    capability = "recall"
    FILE = Check("shared-file-survives-recall", ("AT-07", "HD-36"), _FILE)
    ROW = Check("shared-row-survives-recall", ("HD-36", "BZ-15"), _ROW)
    checks = (FILE, ROW)

    def packet(self, stage: Stage, package: Package) -> Package:
        """Of the first."""
        return recall_of(stage, package)


class UpdateOfOne(_Ordered):
    """The first document gets another file under the name of the old one."""

    id = "sharing/update-of-one"
    title = Text("One file in two documents, one of them updated", "Một tệp trong hai văn bản, cập nhật một văn bản")
    capability = "update"
    FILE = Check("shared-file-survives-update", ("AT-07", "HD-36"), _FILE)
    ROW = Check("shared-row-survives-update", ("HD-36", "BZ-15"), _ROW)
    checks = (FILE, ROW)

    def packet(self, stage: Stage, package: Package) -> Package:
        """New bytes, the same name."""
        return update_of(stage, package, files=files((FILE, pdf(stage.random))))


class RefusalOfOne(_OneOfTwo):
    """The clerk refuses the first document."""

    id = "sharing/refusal-of-one"
    title = Text("One file in two documents, one of them refused", "Một tệp trong hai văn bản, từ chối một văn bản")
    FILE = Check("shared-file-survives-refusal", ("AT-07", "HD-36"), _FILE)
    ROW = Check("shared-row-survives-refusal", ("HD-36",), _ROW)
    checks = (FILE, ROW)

    async def change(self, stage: Stage, package: Package, document: Sent) -> None:
        """With a reason."""
        await act(stage, "refuse", document, "02", reason="Không thuộc thẩm quyền giải quyết")

    def done(self, evidence: CaseEvidence) -> tuple[Cited, ...]:
        """The 02 after it."""
        refuse = evidence.act("refuse", evidence.sent())
        return (refuse, *evidence.statuses_from_sut(evidence.sent(), "02"))


class ReplacementOfOne(_OneOfTwo):
    """The first document is replaced by one with another file of that name."""

    id = "sharing/replacement-of-one"
    title = Text("One file in two documents, one of them replaced", "Một tệp trong hai văn bản, thay thế một văn bản")
    capability = "replace"
    FILE = Check("shared-file-survives-replacement", ("AT-07", "HD-36"), _FILE)
    ROW = Check("shared-row-survives-replacement", ("HD-36", "BZ-11"), _ROW)
    checks = (FILE, ROW)

    async def change(self, stage: Stage, package: Package, document: Sent) -> None:
        """At the SUT."""
        new = replacement_of(stage, document.document_id, files=files((FILE, pdf(stage.random))))
        await arrive(stage, await stage.send(new, label="new"))

    def done(self, evidence: CaseEvidence) -> tuple[Cited, ...]:
        """The arrival of the new one."""
        return took(evidence, evidence.sent("new"))


class OneNameTwoFiles(Case):
    """Two documents of two units have files of one name and one size whose bytes differ."""

    id = "sharing/one-name-two-files"
    title = Text("Two units name their files alike", "Hai đơn vị đặt tên tệp giống nhau")
    expected = Text(
        "A name says nothing of the bytes: each document shows its own file.",
        "Tên tệp không nói lên nội dung: mỗi văn bản hiển thị đúng tệp của nó.",
    )
    lanes = 2
    FIRST = Check("same-name-first-its-own", ("AT-07", "HD-36"), Text("the first has its own", "văn bản đầu đúng tệp"))
    SECOND = Check(
        "same-name-second-its-own", ("AT-07", "HD-36"), Text("the second has its own", "văn bản sau đúng tệp")
    )
    checks = (FIRST, SECOND)

    async def drive(self, stage: Stage) -> None:
        """Both with one poll."""
        sent = [
            await stage.send(bearing(stage, pdf(stage.random), lane=lane), label=label, lane=lane)
            for label, lane in zip(("first", "second"), stage.lanes, strict=True)
        ]
        await arrive(stage, *sent)
        await stage.quiet(1)
        await stage.look("in")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """By digest."""
        sent = [evidence.sent("first"), evidence.sent("second")]
        for check, document in zip(self.checks, sent, strict=True):
            because = Text("not both were taken in", "chưa nhận đủ hai văn bản")
            evidence.require(all(took(evidence, each) for each in sent), because, *sent)
            yield file_shown(check, evidence, document)


CASES: tuple[Case, ...] = (RecallOfOne(), UpdateOfOne(), RefusalOfOne(), ReplacementOfOne(), OneNameTwoFiles())
