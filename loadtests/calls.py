"""What the nodes asked for besides sending documents, and how much of it brought nothing that a client could use. Pure.

Nobody loses a document by a list that did not come, for the next poll brings it; but an axis of which every second
answer is unusable is not carried by its fast ones (pitfall 162).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["EVENTS", "Calls", "calls_of"]

_OPERATIONS = {"polled": "list", "fetched": "fetch", "confirmed": "confirm", "answered": "status"}
EVENTS = tuple(_OPERATIONS)
"""The events of a ledger that such calls are told by."""


@dataclass(frozen=True, slots=True)
class Calls:
    """Operation -> how many calls were made, how many of them failed (refused, or no usable answer came), and why most
    of these did."""

    made: Mapping[str, int] = field(default_factory=dict)
    failed: Mapping[str, int] = field(default_factory=dict)
    because: Mapping[str, str] = field(default_factory=dict)

    @property
    def failed_share(self) -> float | None:
        """The part of all calls that failed; None where none was made."""
        made = sum(self.made.values())
        return sum(self.failed.values()) / made if made else None

    def to_json(self) -> dict[str, dict[str, Any]]:
        """By operation; ``because`` is null where nothing failed."""
        return {
            op: {"made": made, "failed": self.failed.get(op, 0), "because": self.because.get(op)}
            for op, made in self.made.items()
        }


def calls_of(events: Iterable[Mapping[str, Any]], *, sut: str | None = None) -> Calls:
    """Count the events of a run's ledgers, but for those of the system under test: they are told by the axis's facts,
    and no fact tells of a call that failed."""
    made: Counter[str] = Counter(dict.fromkeys(_OPERATIONS.values(), 0))
    failed: Counter[str] = Counter()
    reasons: dict[str, Counter[str]] = {}
    for event in events:
        op = _OPERATIONS.get(event["e"])
        if op is None or event["system"] == sut:
            continue
        made[op] += 1
        if not event["ok"]:
            failed[op] += 1
            reasons.setdefault(op, Counter())[str(event.get("error") or f"code {event.get('code') or '?'}")] += 1
    return Calls(made, failed, {op: said.most_common(1)[0][0] for op, said in reasons.items()})
