"""The running counts of one worker: what the conductor decides by and people watch. Pure.

``opened``: deliveries that the axis owes to systems that will ask for them, documents and statuses; ``closed``: those
of them that were confirmed. The difference is the backlog.
"""

from dataclasses import asdict, dataclass, field
from typing import Any

__all__ = ["Tally"]


@dataclass(slots=True)
class Tally:
    """Counts since the start, times in seconds of the plan's clock."""

    planned: int = 0
    sent: int = 0
    accepted: int = 0
    refused: int = 0
    failed: int = 0
    dropped: int = 0
    polled: int = 0
    late_polls: int = 0
    fetched: int = 0
    confirmed: int = 0
    answered: int = 0
    unanswered: int = 0
    opened: int = 0
    closed: int = 0
    in_flight: int = 0
    answers_due: int = 0
    last_activity: float = 0.0
    waits: list[float] = field(default_factory=list)

    def active(self, at: float) -> None:
        """Something came or went at ``at``."""
        self.last_activity = max(self.last_activity, at)

    def taken(self) -> dict[str, Any]:
        """All of it as a message; ``waits`` (latencies of the sends) start anew."""
        members = asdict(self)
        self.waits = []
        return members
