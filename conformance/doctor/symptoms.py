"""What a diagnosis is made of: what was expected, what was seen, and one thing found. Pure.

A ``problem`` keeps the suite from proving anything; a ``note`` is worth knowing and hinders nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conformance.doctor.watch import Call, Signed
from simulator.hub.tls_line import TlsEvent
from simulator.words import Text

__all__ = ["SHOWN", "Expected", "Seen", "Symptom", "lines_of", "no_operation", "problem"]

SHOWN = 3


@dataclass(frozen=True, slots=True)
class Symptom:
    """One thing found. ``evidence``: what was seen, in the words of the wire."""

    id: str
    level: str
    because: Text
    remedy: Text
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expected:
    """What the SUT's file says. ``letter``: the DocId of the letter that the doctor put into its queue, or "".
    ``authority``: the file that a SUT on https installs, or ""."""

    url: str
    system_id: str
    organ: str
    organs: tuple[str, ...]
    roles: tuple[str, ...]
    poll_seconds: float
    seconds: float
    letter: str = ""
    authority: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the axis saw: calls, facts as records, and what happened on its https side."""

    calls: Sequence[Call]
    facts: Sequence[Mapping[str, Any]]
    tls: Sequence[TlsEvent] = ()

    def of(self, fact: str, system_id: str) -> list[Mapping[str, Any]]:
        """The facts of that name about that system."""
        return [each for each in self.facts if each["fact"] == fact and each.get("system_id") == system_id]

    def polls(self, system_id: str) -> list[Mapping[str, Any]]:
        """Each time that system asked for its list."""
        return self.of("polled", system_id)

    def signed(self, *ways: Signed) -> list[Call]:
        """The calls that stand so with their signature."""
        return [call for call in self.calls if call.signed in ways]


def problem(id_: str, because: Text, remedy: Text, *evidence: str) -> Symptom:
    """Something that keeps the suite from proving anything."""
    return Symptom(id_, "problem", because, remedy, evidence)


def lines_of(calls: Sequence[Call]) -> tuple[str, ...]:
    """The first different calls, in the words of the wire."""
    lines = list(dict.fromkeys(f"{call.line} · systemid {call.system_id or '–'}" for call in calls))
    return tuple(lines[:SHOWN])


def no_operation(fact: Mapping[str, Any]) -> bool:
    """Whether the axis refused it because it has no such operation."""
    return fact.get("error") == "system-error" and "no operation" in str(fact.get("because"))
