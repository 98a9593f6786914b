"""A case: a conversation with the system under test, and the pure judgement of what came of it.

``drive`` makes things happen through the stage and judges nothing; ``judge`` sees one frozen evidence and does no
I/O. A case without checks, and a check that its case never judged, are errors of ours (pitfalls 108).
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from enum import IntEnum, StrEnum
from typing import ClassVar

from conformance.evidence import CaseEvidence, Unseen
from conformance.finding import Check, Finding
from conformance.laws import upheld
from conformance.stage import Stage
from simulator.words import Text

__all__ = ["Case", "Role", "Unjudged", "Wave", "judged"]


class Role(StrEnum):
    """Which role of the SUT the case looks at."""

    SENDER = "sender"
    RECEIVER = "receiver"
    BOTH = "both"


class Wave(IntEnum):
    """When a case runs: most in one company, all at once; hazardous ones later; exclusive ones alone, last."""

    COMPANY = 0
    HAZARD = 1
    ALONE = 2


class Case(ABC):
    """One case = one class. Its docstring is its line in the catalogue.

    ``id``: slug ``chapter/name``. ``expected``: what a system that behaves well does. ``capability``: the member of
    ``[capabilities]`` that must be claimed, or "". ``lanes``: how many fake agencies it needs.
    """

    id: ClassVar[str]
    title: ClassVar[Text]
    expected: ClassVar[Text]
    checks: ClassVar[tuple[Check, ...]]
    role: ClassVar[Role] = Role.RECEIVER
    capability: ClassVar[str] = ""
    lanes: ClassVar[int] = 1
    wave: ClassVar[Wave] = Wave.COMPANY

    @property
    def chapter(self) -> str:
        """The part of the id before the slash."""
        return self.id.split("/", 1)[0]

    @abstractmethod
    async def drive(self, stage: Stage) -> None:
        """Make it happen. Ends early, without complaint, where the SUT does not play along (``StageEnd``)."""

    @abstractmethod
    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """One finding for each check. May raise Unseen where something needed was not there: the checks that were
        not yet judged are then unobserved."""

    def applies(self, *, roles: Iterable[str], capabilities: Iterable[str]) -> bool:
        """Whether a SUT with these roles and claimed capabilities has to pass this case."""
        wanted = {"sender", "receiver"} if self.role is Role.BOTH else {self.role.value}
        return wanted <= set(roles) and (not self.capability or self.capability in set(capabilities))


class Unjudged(Exception):
    """The case broke the rules of judging: no check, a check left out, judged twice or not its own."""


def judged(case: Case, evidence: CaseEvidence) -> tuple[Finding, ...]:
    """All findings of ``case`` that its evidence carries, in the order of its checks. Raises Unjudged, or whatever the
    judge itself raised."""
    if not case.checks:
        raise Unjudged(f"{case.id}: no checks at all")
    findings = {finding.check.id: finding for finding in _findings(case, evidence)}
    if left := [check.id for check in case.checks if check.id not in findings]:
        raise Unjudged(f"{case.id}: never judged {', '.join(left)}")
    return tuple(upheld(findings[check.id], evidence) for check in case.checks)


def _findings(case: Case, evidence: CaseEvidence) -> Iterator[Finding]:
    open_checks = {check.id: check for check in case.checks}
    try:
        for finding in case.judge(evidence):
            if open_checks.pop(finding.check.id, None) is None:
                raise Unjudged(f"{case.id}: {finding.check.id} is not its check, or was judged twice")
            yield finding
    except Unseen as unseen:
        for check in open_checks.values():
            yield check.unobserved(unseen.because, *unseen.cites, remedy=unseen.remedy)
