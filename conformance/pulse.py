"""When the SUT polled: its observed period, and whether it still lives. Time comes in as an argument (seconds)."""

from collections import deque
from statistics import median

__all__ = ["Pulse"]


class Pulse:
    """``deadline``: seconds of silence after which the SUT counts as gone, until it polls again."""

    def __init__(self, *, deadline: float, started: float) -> None:
        self._deadline = deadline
        self._last = started
        self._life = started
        self._gaps: deque[float] = deque(maxlen=9)
        self.polls = 0

    def beat(self, now: float) -> None:
        """The SUT polled."""
        if self.polls:
            self._gaps.append(now - self._last)
        self._last = now
        self.polls += 1

    def alive_at(self, now: float) -> None:
        """Another sign of life, no poll to count: a fetch, a status, a question to an axis that was out of order."""
        if self.polls:
            self._life = max(self._life, now)

    def alive(self, now: float) -> bool:
        """Whether silence is still within the deadline (or three of its own periods, where those are longer)."""
        return now - max(self._last, self._life) <= max(self._deadline, 3 * (self.period or 0.0))

    @property
    def period(self) -> float | None:
        """The median gap between its last polls in seconds, None before there are two."""
        return median(self._gaps) if self._gaps else None

    def next_in(self, now: float) -> float | None:
        """Seconds until the next poll is due, 0 where it is late, None where the period is not known."""
        return None if self.period is None else max(0.0, self._last + self.period - now)
