"""Recalls and updates that must not be carried out: their target is unknown, or it is another unit's. BZ-14, BZ-15.

A base for the chapters *recall* and *update*: they say what the packet is and name the checks.
"""

from abc import abstractmethod
from collections.abc import Iterable
from typing import ClassVar

from conformance.case import Case
from conformance.cases.changes import (
    answered_with,
    answers,
    first_answer,
    hold,
    last_year,
    lookalikes,
    require_taken,
    settle,
    stands,
    turn_down,
    with_reason,
)
from conformance.evidence import CaseEvidence, Lane
from conformance.finding import Check, Finding
from conformance.letters import letter
from conformance.stage import Stage
from simulator.protocol.package import Package

__all__ = ["OtherOrgan", "UnknownTarget"]


class _Change(Case):
    lanes = 2

    @abstractmethod
    def change(self, stage: Stage, package: Package, lane: Lane) -> Package:
        """The recall or update of ``package`` that ``lane`` sends."""


class UnknownTarget(_Change):
    """The document meant was never sent; the SUT holds one of the same number and year-less notation, and another
    unit's: 16 with the reason, and neither is touched."""

    REFUSED: ClassVar[Check]
    REASON: ClassVar[Check]
    OTHER_YEAR: ClassVar[Check]
    OTHER_ORGAN: ClassVar[Check]

    async def drive(self, stage: Stage) -> None:
        """Two documents of one number from two units; the packet means last year's."""
        package = await lookalikes(stage)
        packet = await stage.send(self.change(stage, last_year(stage, package), stage.lane), label="change")
        await turn_down(stage, packet)
        await stage.quiet()
        await stage.look("in")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The refusal, its reason, and both documents."""
        packet = evidence.sent("change")
        said = answers(evidence, packet)
        yield answered_with(self.REFUSED, evidence, "16", said, packet)
        taken, look = evidence.taken(packet), evidence.look("in")
        yield stands(self.OTHER_YEAR, evidence, look, evidence.sent(), taken)
        yield stands(self.OTHER_ORGAN, evidence, look, evidence.sent("other"), taken)
        require_taken(evidence, evidence.sent(), evidence.sent("other"))
        yield with_reason(self.REASON, first_answer(evidence, packet))


class OtherOrgan(_Change):
    """Another unit than the sender asks: 16, and nothing happens; then the sender itself asks, and it is done."""

    REFUSED: ClassVar[Check]
    SAFE: ClassVar[Check]
    OWNER: ClassVar[Check]

    async def drive(self, stage: Stage) -> None:
        """The stranger, a look, the owner."""
        owner, stranger = stage.lanes
        package = letter(stage, lane=owner)
        document = await hold(stage, package, lane=owner)
        packet = await stage.send(self.change(stage, package, stranger), label="stranger", lane=stranger)
        await turn_down(stage, packet)
        await stage.quiet(1)
        await stage.look("in", label="after the stranger")
        rightful = self.change(stage, package, owner)
        await settle(stage, await stage.send(rightful, label="owner", lane=owner), document)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """That the owner is obeyed shows that the stranger was refused for who he is."""
        document, stranger, owner = evidence.sent(), evidence.sent("stranger"), evidence.sent("owner")
        yield answered_with(self.OWNER, evidence, "15", answers(evidence, owner, document), owner)
        yield answered_with(self.REFUSED, evidence, "16", answers(evidence, stranger, document), stranger)
        look = evidence.look("in", "after the stranger")
        yield stands(self.SAFE, evidence, look, document, evidence.taken(stranger))
