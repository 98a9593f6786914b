"""Replacements of what the SUT does not hold from that unit: refused as documents are, by 02. BZ-14, BZ-15."""

from collections.abc import Iterable
from typing import Any

from conformance.case import Case
from conformance.cases.changes import (
    answered_with,
    answers,
    first_answer,
    fresh_id,
    held_before,
    hold,
    last_year,
    lookalikes,
    replacement_of,
    require_taken,
    stands,
    with_reason,
)
from conformance.evidence import CaseEvidence, Sent
from conformance.finding import Check, Finding
from conformance.letters import letter
from conformance.stage import Stage
from simulator.words import Text

__all__ = ["CASES"]


async def _refused(stage: Stage, new: Sent) -> None:
    await stage.until(
        lambda seen: answers(seen, new), for_=Text("the refusal of the replacement", "từ chối văn bản thay thế")
    )
    await stage.quiet(1)
    await stage.look("in")


class UnknownReplaced(Case):
    """It replaces a document that never came: 02 with the reason, documents of that number untouched."""

    id = "replace/unknown-document"
    title = Text("The replaced document is unknown", "Thay thế văn bản không có trong hệ thống")
    expected = Text(
        "02 with the reason; a document of the same number but another year or another unit stands.",
        "02 kèm lý do; văn bản cùng số nhưng khác năm hoặc khác đơn vị vẫn còn hiệu lực.",
    )
    capability = "replace"
    lanes = 2
    REFUSED = Check("unknown-replacement-refused", ("BZ-14",), Text("02 is answered", "trả lời 02"))
    OTHER_YEAR = Check("replacement-spares-other-year", ("BZ-14",), Text("other year stands", "khác năm giữ nguyên"))
    OTHER_ORGAN = Check(
        "replacement-spares-other-organ", ("BZ-14",), Text("other unit's stands", "của đơn vị khác giữ nguyên")
    )
    REASON = Check("unknown-replacement-with-reason", ("BZ-14", "RF-01"), Text("with the reason", "kèm lý do"))
    checks = (REFUSED, OTHER_YEAR, OTHER_ORGAN, REASON)

    async def drive(self, stage: Stage) -> None:
        """Two documents of one number from two units; the replacement means last year's."""
        package = last_year(stage, await lookalikes(stage))
        code = package.code
        numbers: dict[str, Any] = {"number": code.number, "notation": code.notation} if code else {}
        new = replacement_of(stage, package.document_id, document_id=fresh_id(stage), **numbers)
        await _refused(stage, await stage.send(new, label="new"))

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The refusal, both documents, the reason."""
        new = evidence.sent("new")
        require_taken(evidence, evidence.sent(), evidence.sent("other"))
        yield answered_with(self.REFUSED, evidence, "02", answers(evidence, new), new)
        taken, look = evidence.taken(new), evidence.look("in")
        yield stands(self.OTHER_YEAR, evidence, look, evidence.sent(), taken)
        yield stands(self.OTHER_ORGAN, evidence, look, evidence.sent("other"), taken)
        yield with_reason(self.REASON, first_answer(evidence, new))


class ReplacedByOther(Case):
    """Another unit's document cannot be replaced."""

    id = "replace/by-another-unit"
    title = Text("Another unit replaces the document", "Đơn vị khác thay thế văn bản")
    expected = Text(
        "The other unit gets 02 and the document stands; the sender's own replacement is taken in.",
        "Đơn vị khác nhận 02, văn bản vẫn còn hiệu lực; văn bản thay thế của chính đơn vị gửi được nhận.",
    )
    capability = "replace"
    lanes = 2
    REFUSED = Check("stranger-replacement-refused", ("BZ-15", "BZ-14"), Text("02 for the stranger", "02 cho bên lạ"))
    SAFE = Check("stranger-replacement-not-applied", ("BZ-15",), Text("the document stands", "văn bản giữ nguyên"))
    OWNER = Check("owner-replacement-applied", ("BZ-11",), Text("the sender's own counts", "của bên gửi thì có"))
    checks = (OWNER, REFUSED, SAFE)

    async def drive(self, stage: Stage) -> None:
        """The stranger, a look, the owner, a look."""
        owner, stranger = stage.lanes
        document = await hold(stage, letter(stage, lane=owner), lane=owner)
        target = document.document_id
        foreign = await stage.send(replacement_of(stage, target, lane=stranger), label="stranger", lane=stranger)
        await _refused(stage, foreign)
        await stage.look("in", label="after the stranger")
        rightful = await stage.send(replacement_of(stage, target, lane=owner), label="owner", lane=owner)
        await stage.until(lambda seen: seen.confirmed(rightful), for_=Text("it to be taken in", "SUT nhận văn bản"))
        await stage.quiet(1)
        await stage.look("in", label="after the owner")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """That the owner's counts shows that the stranger's was refused for who he is."""
        document, stranger = evidence.sent(), evidence.sent("stranger")
        taken, after = evidence.taken(evidence.sent("owner")), evidence.look("in", "after the owner")
        state = after.state(document.document_id)
        yield self.OWNER.decide(
            "replaced" in after.states(document.document_id),
            taken,
            after,
            held=Text("replaced by its own sender", "do chính đơn vị gửi thay thế"),
            broken=Text(f"shown as '{state}'", f"hiển thị là '{state}'"),
        )
        held_before(evidence, document)
        yield answered_with(self.REFUSED, evidence, "02", answers(evidence, stranger, document), stranger)
        look = evidence.look("in", "after the stranger")
        yield stands(self.SAFE, evidence, look, document, evidence.taken(stranger))


CASES: tuple[Case, ...] = (UnknownReplaced(), ReplacedByOther())
