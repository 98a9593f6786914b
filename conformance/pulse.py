"""When the SUT polled: its observed period, and whether it still lives. Time comes in as an argument (seconds)."""

from collections import deque
from statistics import median

__all__ = ["Pulse"]


class Pulse:
    """``deadline``: seconds that one step of the SUT may take. After twice as long a silence (a step, and the rest
    before it) or three of its own periods it counts as gone, until it polls again."""

    def __init__(self, *, deadline: float, started: float) -> None:
        self._deadline = deadline
        self._last = started
        self._life = started
        self._gaps: deque[float] = deque(maxlen=9)
        self._gone = False
        self.polls = 0

    def beat(self, now: float) -> None:
        """The SUT polled."""
        if self.polls:
            self._gaps.append(now - self._last)
        self._last = now
        self._gone = False
        self.polls += 1

    def alive_at(self, now: float, *, asked: bool = False) -> None:
        """Another sign of life, no poll to count: a fetch, a status, or (``asked``) a question for the list to an axis
        that was out of order. Only a question brings back one that is gone: a system that polls no more may send on."""
        if self.polls:
            self._life = max(self._life, now)
        self._gone = self._gone and not asked

    def alive(self, now: float) -> bool:
        """Whether it is still within that silence, and was all the time since its last poll."""
        silence = now - max(self._last, self._life)
        self._gone = self._gone or silence > max(2 * self._deadline, 3 * (self.period or 0.0))
        return not self._gone

    @property
    def period(self) -> float | None:
        """The median gap between its last polls in seconds, None before there are two."""
        return median(self._gaps) if self._gaps else None

    def next_in(self, now: float) -> float | None:
        """Seconds until the next poll is due, 0 where it is late, None where the period is not known."""
        return None if self.period is None else max(0.0, self._last + self.period - now)
