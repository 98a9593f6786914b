"""A file is met in a document that is refused, and comes again in a good one: there it is whole. AT-07."""

from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar

from conformance.case import Case
from conformance.cases.sharing.kit import FILE, bearing, file_shown
from conformance.cases.steps import act, arrive, took
from conformance.evidence import CaseEvidence, Sent
from conformance.finding import Check, Cited, Finding
from conformance.letters import files, letter, pdf
from conformance.stage import Stage
from simulator.protocol import codec
from simulator.protocol.package import Attachment
from simulator.words import Text

__all__ = ["CASES"]

_WHOLE = Text("the file is whole in the good document", "tệp nguyên vẹn trong văn bản được nhận")
_EXPECTED = Text(
    "What was given back says nothing of what comes later: the good document is listed with its file, byte for byte.",
    "Văn bản đã trả lại không ảnh hưởng văn bản đến sau: văn bản tốt được liệt kê kèm tệp nguyên vẹn từng byte.",
)


class _SeenBefore(Case):
    """First a document that is refused, then another unit's good one with the same file."""

    WHOLE: ClassVar[Check]
    lanes = 2
    expected = _EXPECTED

    async def drive(self, stage: Stage) -> None:
        """The second leaves only when the first is refused."""
        data, lane = pdf(stage.random), stage.lanes[1]
        await self.refused(stage, data)
        await arrive(stage, await stage.send(bearing(stage, data, lane=lane), label="good", lane=lane))
        await stage.quiet(1)
        await stage.look("in")

    async def refused(self, stage: Stage, data: bytes) -> None:
        """The document that is given back. Raises NotImplementedError: every case has its own."""
        raise NotImplementedError

    def refusals(self, evidence: CaseEvidence, document: Sent) -> tuple[Cited, ...]:
        """What shows that it was; 02."""
        return evidence.statuses_from_sut(document, "02")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Refused first, taken in then, and whole."""
        document, good = evidence.sent(), evidence.sent("good")
        refusals = self.refusals(evidence, document)
        evidence.require(refusals, Text("the first was not refused", "văn bản đầu chưa bị từ chối"), document)
        arrival = took(evidence, good)
        evidence.require(arrival, Text("the good one was not taken in", "văn bản tốt chưa được nhận"), good)
        yield file_shown(self.WHOLE, evidence, good, *refusals, *arrival)


class ByClerk(_SeenBefore):
    """The clerk refuses the first document."""

    id = "sharing/file-the-clerk-refused"
    title = Text("A file from a document that the clerk refused", "Tệp trong văn bản đã bị văn thư từ chối")
    WHOLE = Check("clerk-refused-file-arrives", ("AT-07", "HD-36"), _WHOLE)
    checks = (WHOLE,)

    async def refused(self, stage: Stage, data: bytes) -> None:
        """Arrived, refused."""
        document = await stage.send(bearing(stage, data))
        await arrive(stage, document)
        await act(stage, "refuse", document, "02", reason="Gửi nhầm đơn vị")


class BySystem(_SeenBefore):
    """The first document has a damaged file beside the good one, and the SUT gives it back."""

    id = "sharing/file-from-a-damaged-document"
    title = Text("A file from a document that was damaged", "Tệp trong văn bản bị hỏng")
    WHOLE = Check("damaged-document-file-arrives", ("AT-07", "HD-36"), _WHOLE)
    checks = (WHOLE,)

    async def refused(self, stage: Stage, data: bytes) -> None:
        """Planted: an axis that looks into files would not let it pass. The second file is a ZIP that was cut off."""
        manifest, attached = files((FILE, data), ("phu-luc.docx", stage.random.randbytes(4000)))
        cut = Attachment(
            content_id=attached[1].content_id, name=attached[1].name, content_type=attached[1].content_type,
            encoded=attached[1].encoded[: len(attached[1].encoded) // 8 * 4],
        )  # fmt: skip
        package = replace(letter(stage), manifest=manifest, attachments=(attached[0], cut))
        document = await stage.plant(codec.encode(package), like=package)
        await stage.until(
            lambda seen: seen.confirmed(document) and self.refusals(seen, document),
            for_=Text("the SUT to give the damaged document back", "SUT trả lại văn bản bị hỏng"),
        )

    def refusals(self, evidence: CaseEvidence, document: Sent) -> tuple[Cited, ...]:
        """02 to the sender, or 'fail' to the axis."""
        return (*evidence.statuses_from_sut(document, "02"), *evidence.confirmed(document, "fail"))


CASES: tuple[Case, ...] = (ByClerk(), BySystem())
