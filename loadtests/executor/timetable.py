"""What is due when: one heap and one greenlet for the polls and answers of all nodes, however many they are.

Whatever is due is handed on at once, and only starts work (it may not block): the next due time is never waited for
behind the work of the last.
"""

import heapq
from collections.abc import Callable
from itertools import count
from typing import Any

from gevent.event import Event

__all__ = ["Timetable"]

Start = Callable[..., None]
_LONGEST_NAP = 1.0


class Timetable:
    """``clock`` gives the plan's time in seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._heap: list[tuple[float, int, Start, tuple[Any, ...]]] = []
        self._numbers = count()
        self._changed = Event()
        self._closed = False

    def __len__(self) -> int:
        return len(self._heap)

    def at(self, due: float, start: Start, *arguments: Any) -> None:
        """Call ``start(due, *arguments)`` at ``due``; at once where that is past."""
        first = not self._heap or due < self._heap[0][0]
        heapq.heappush(self._heap, (due, next(self._numbers), start, arguments))
        if first:
            self._changed.set()

    def close(self) -> None:
        """Nothing starts any more, and ``run`` returns."""
        self._closed = True
        self._heap.clear()
        self._changed.set()

    def run(self) -> None:
        """Start everything in its time, until closed."""
        while not self._closed:
            self._changed.clear()
            now = self._clock()
            while self._heap and self._heap[0][0] <= now and not self._closed:
                due, _, start, arguments = heapq.heappop(self._heap)
                start(due, *arguments)
            if not self._closed:
                left = self._heap[0][0] - self._clock() if self._heap else _LONGEST_NAP
                if left > 0:
                    self._changed.wait(min(left, _LONGEST_NAP))
