"""What a judge says: a check held, was broken, or could not be observed. Never how bad that is.

How bad is said once, by ``verdict.consequence`` with the register; a check only names its requirements, and first of
them the sentence that is broken where the check is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from simulator.words import Text

__all__ = ["Check", "Cited", "Finding", "Outcome"]


class Outcome(StrEnum):
    """What can be said of a check. ``NOT_OFFERED``: it looks at an optional part of the control API that the SUT does
    not have, so there is nothing to say, and nothing is held against it."""

    HELD = "held"
    BROKEN = "broken"
    UNOBSERVED = "unobserved"
    NOT_OFFERED = "not-offered"


class Cited(Protocol):
    """Anything that stands in the evidence under a number."""

    @property
    def n(self) -> int:
        """The number of the record."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about one check. ``cites``: numbers of the records that show it. ``remedy``: what to do so that
    it can be observed (only for UNOBSERVED). ``shown``: held because something came, whatever else may come later;
    ``by_silence``: broken because the SUT fell silent, watched for as long as the case says; ``timed``: broken by how
    long something took (laws.py). ``rests_on``: where one check gathers several breaches, each with a sentence of its
    own (the rules of lint), the requirements that were broken."""

    check: "Check"
    outcome: Outcome
    because: Text
    cites: tuple[int, ...] = ()
    remedy: Text | None = None
    shown: bool = False
    by_silence: bool = False
    timed: bool = False
    rests_on: tuple[str, ...] = ()

    @property
    def grounds(self) -> tuple[str, ...]:
        """The requirements that decide: the first that the check cites, or those that each breach rests on."""
        return self.rests_on or self.check.requirements[:1]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that a case looks at. ``id`` is a slug, unique in the whole suite; ``requirements`` are register ids:
    the first demands what the check looks for and decides what a breach costs, the others explain; ``title`` says
    what should be true."""

    id: str
    requirements: tuple[str, ...]
    title: Text

    def held(self, because: Text, *cites: Cited, shown: bool = False) -> Finding:
        """It is as it should be; ``shown``: something that had to come came."""
        return Finding(self, Outcome.HELD, because, _numbers(cites), shown=shown)

    def broken(
        self,
        because: Text,
        *cites: Cited,
        rests_on: tuple[str, ...] = (),
        by_silence: bool = False,
        timed: bool = False,
    ) -> Finding:
        """It is not; ``by_silence``: the SUT's silence itself is what was seen; ``timed``: how long it took."""
        return Finding(
            self,
            Outcome.BROKEN,
            because,
            _numbers(cites),
            rests_on=rests_on,
            by_silence=by_silence,
            timed=timed,
        )

    def unobserved(self, because: Text, *cites: Cited, remedy: Text) -> Finding:
        """It could not be seen either way; ``remedy`` says what would make it visible."""
        return Finding(self, Outcome.UNOBSERVED, because, _numbers(cites), remedy)

    def not_offered(self, because: Text, *cites: Cited) -> Finding:
        """The SUT need not show it, and does not."""
        return Finding(self, Outcome.NOT_OFFERED, because, _numbers(cites))

    def decide(self, good: object, *cites: Cited, held: Text, broken: Text, rests_on: tuple[str, ...] = ()) -> Finding:
        """``held`` where ``good`` is true, else ``broken``, with the same cites."""
        return self.held(held, *cites) if good else self.broken(broken, *cites, rests_on=rests_on)


def _numbers(cites: Iterable[Cited]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(each.n for each in cites if each.n))
