"""What a rule is: one thing that one message may break, with its requirement, its level and two specimens.

A rule finds; how bad it is was said once, in ``level``, after contract section 3: ``error`` where the message cannot
be processed as what it claims to be (then ``unprocessable``, with a ``reason``) or where it breaks a MUST whose basis
is law, law-secondary or sdk; ``warn`` for the rest; ``info`` for known habits of the vendor's builder or of the axis.
Any level that requirement and basis alone would not give carries its ``reason``.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from simulator.protocol.codec import Leaf, Reading
from simulator.protocol.package import Package, StatusPacket
from simulator.protocol.reading import bare
from simulator.words import Text

__all__ = ["Basis", "Breach", "Level", "Rule", "bare", "filled", "of_package", "of_status", "rule", "shown"]


class Level(StrEnum):
    """How much a breach weighs, the heaviest first."""

    ERROR = "error"
    WARN = "warn"
    INFO = "info"


class Basis(StrEnum):
    """What the cited requirement rests on (regulation.md 0)."""

    LAW = "law"
    LAW_SECONDARY = "law-secondary"
    SDK = "sdk"
    OBSERVED = "observed"
    DERIVED = "derived"


@dataclass(frozen=True, slots=True)
class Breach:
    """One place where a message breaks a rule: an element path, ``byte N`` or ``line L, column C``."""

    at: str
    because: Text


Check = Callable[[Reading], Iterator[Breach]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. ``good`` and ``bad`` are file names in fixtures/specimens/good and /bad.

    ``basis`` is that of the first requirement. ``reason`` says why the level is another than the requirement's own.
    """

    id: str
    title: Text
    requirements: tuple[str, ...]
    level: Level
    basis: Basis
    good: str
    bad: str
    check: Check = field(repr=False)
    unprocessable: bool = False
    reason: Text | None = None

    def breaches(self, reading: Reading) -> Iterator[Breach]:
        """Every breach of this rule in ``reading``, in document order. Never raises for what a peer may send."""
        return self.check(reading)


def rule(
    id: str,
    *requirements: str,
    level: Level,
    basis: Basis,
    title: Text,
    good: str = "builder-new.edxml",
    bad: str = "",
    unprocessable: Text | None = None,
    reason: Text | None = None,
) -> Callable[[Check], Rule]:
    """Make a rule of a check. ``unprocessable`` is the reason why the message cannot be processed.

    The bad specimen bears the rule's id unless ``bad`` names another one.
    """

    def made(check: Check) -> Rule:
        return Rule(
            id=id,
            title=title,
            requirements=requirements,
            level=level,
            basis=basis,
            good=good,
            bad=bad or f"{id}.edxml",
            check=check,
            unprocessable=unprocessable is not None,
            reason=unprocessable or reason,
        )

    return made


def of_package(check: Callable[[Package, Reading], Iterator[Breach]]) -> Check:
    """A check that looks at document packages only."""

    def checked(reading: Reading) -> Iterator[Breach]:
        if isinstance(reading.packet, Package):
            yield from check(reading.packet, reading)

    return checked


def of_status(check: Callable[[StatusPacket, Reading], Iterator[Breach]]) -> Check:
    """A check that looks at status packets only."""

    def checked(reading: Reading) -> Iterator[Breach]:
        if isinstance(reading.packet, StatusPacket):
            yield from check(reading.packet, reading)

    return checked


def filled(reading: Reading, *patterns: str) -> Iterator[tuple[Leaf, str]]:
    """Every leaf at one of the bare ``patterns`` that holds text, with that text stripped of white space."""
    for leaf in reading.texts(*patterns):
        if text := leaf.text.strip():
            yield leaf, text


def shown(text: str, longest: int = 60) -> str:
    """``text`` as a message may quote it: in one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
