"""What findings amount to: the ordered verdicts, ``consequence`` and the conclusion of a run (contract, section 3).

The only place that weighs. The first requirement that a check cites decides: where it is a MUST on law, law-secondary
or sdk, a breach fails; else it warns, unless the run promotes that requirement, and then the promotion is named beside
the verdict. What a check cites after the first explains, and weighs nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from conformance.finding import Finding, Outcome
from conformance.requirement import Level, Register, Requirement

__all__ = ["STRICT", "STRICT_NAME", "Conclusion", "Consequence", "Promotions", "Verdict", "conclude", "consequence", "worst"]  # fmt: skip  # noqa: E501


class Verdict(IntEnum):
    """Ordered, the worst last."""

    NOT_APPLICABLE = 0
    PASS = 1
    WARN = 2
    REVIEW = 3
    INCONCLUSIVE = 4
    FAIL = 5
    ERROR = 6

    @property
    def word(self) -> str:
        """The word of the contract: ``not-applicable``, ``pass`` …"""
        return self.name.lower().replace("_", "-")

    @classmethod
    def of(cls, word: str) -> "Verdict":
        """The verdict of that word. Raises KeyError for another text."""
        return cls[word.upper().replace("-", "_")]


STRICT_NAME = "strict-2026.1"
"""The printed name of the list that ``--strict`` promotes."""

STRICT: tuple[str, ...] = (
    "AT-02", "AT-04", "BZ-08", "DU-02", "HD-08", "HD-13", "HD-32", "ID-11", "PK-01", "PK-02", "PK-05", "PK-07",
    "ST-01", "ST-02", "ST-03", "ST-10", "ST-11", "ST-12", "ST-13", "TR-05",
)  # fmt: skip
"""What a reasonable receiver depends on although no MUST on a firm basis says so."""


@dataclass(frozen=True, slots=True)
class Promotions:
    """Requirements that fail in this run instead of warning, and who asked for it."""

    named: tuple[str, ...] = ()
    strict: bool = False

    def by(self, requirement: str) -> str | None:
        """What promotes ``requirement``, in words for the report, or None."""
        if requirement in self.named:
            return "[judging] promote"
        return f"--strict ({STRICT_NAME})" if self.strict and requirement in STRICT else None


@dataclass(frozen=True, slots=True)
class Consequence:
    """The verdict of one finding, the requirement that decided it (its basis is printed), and its promotion."""

    verdict: Verdict
    requirement: Requirement
    promoted_by: str | None = None


def consequence(finding: Finding, register: Register, promotions: Promotions = Promotions()) -> Consequence:
    """What ``finding`` means under ``register``. Raises KeyError for a requirement that does not exist."""
    grounds = [register[each] for each in finding.grounds]
    if finding.outcome is Outcome.HELD:
        return Consequence(Verdict.PASS, grounds[0])
    if finding.outcome is Outcome.UNOBSERVED:
        return Consequence(Verdict.INCONCLUSIVE, grounds[0])
    if finding.outcome is Outcome.NOT_OFFERED:
        return Consequence(Verdict.NOT_APPLICABLE, grounds[0])
    return max((_broken(each, promotions) for each in grounds), key=lambda each: each.verdict)  # the first of equals


def _broken(row: Requirement, promotions: Promotions) -> Consequence:
    if row.level is Level.MUST and row.basis.firm:
        return Consequence(Verdict.FAIL, row)
    promoted = promotions.by(row.id)
    return Consequence(Verdict.FAIL if promoted else Verdict.WARN, row, promoted)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The worst of them; NOT_APPLICABLE of none."""
    return max(verdicts, default=Verdict.NOT_APPLICABLE)


class Conclusion(StrEnum):
    """What a whole run amounts to."""

    CONFORMANT = "conformant"
    NOT_CONFORMANT = "not-conformant"
    INCOMPLETE = "incomplete"
    HARNESS_ERROR = "harness-error"

    @property
    def exit_code(self) -> int:
        """Exit code of ``check`` and ``judge`` (contract, section 2)."""
        return {"conformant": 0, "not-conformant": 1, "incomplete": 3, "harness-error": 4}[self.value]


def conclude(verdicts: Iterable[Verdict], *, narrowed: bool = False, struggled: bool = False) -> Conclusion:
    """The conclusion from the verdicts of all cases. A run that passed nothing proved nothing: incomplete. So is one
    that was narrowed to some cases (``--only``): it says nothing of the others; and one in which the harness itself
    struggled condemns nobody."""
    match worst(verdicts):
        case Verdict.ERROR:
            return Conclusion.HARNESS_ERROR
        case Verdict.FAIL:
            return Conclusion.INCOMPLETE if struggled else Conclusion.NOT_CONFORMANT
        case Verdict.PASS | Verdict.WARN:
            return Conclusion.INCOMPLETE if narrowed else Conclusion.CONFORMANT
        case _:
            return Conclusion.INCOMPLETE
