"""Which cases of a flight may begin: the SUT gets them in step with what it takes a poll, not as a queue.

The first portion is small; where the SUT took all of a list, the next is several times as large, so a system that takes
everything at once has all cases after two polls. One that takes a fixed number a poll gets no more than that at a time.
"""

import math

from conformance.backlog import Backlog

__all__ = ["FIRST", "GROWTH", "Boarding"]

FIRST = 24
GROWTH = 12


class Boarding:
    """How many cases may be out whose first package the SUT has not touched yet."""

    def __init__(self, backlog: Backlog) -> None:
        self._backlog = backlog
        self._room = FIRST
        self._polls = 0
        self._mark = 0
        self._waiting: set[str] = set()

    def begins(self, key: str) -> None:
        """The case begins."""
        self._waiting.add(key)

    def ends(self, key: str) -> None:
        """The case is over."""
        self._waiting.discard(key)

    def has_room(self, count: int) -> bool:
        """Whether one more may begin now; ``count``: the number of the last record."""
        polls = self._backlog.polls["edoc"]
        if polls > self._polls:
            idle = self._polls > 0 and not self._backlog.moved(self._mark, count)
            if self._backlog.takes_all or idle:  # what it leaves alone is no reason to wait
                self._room *= GROWTH
            self._polls, self._mark = polls, count
        self._waiting -= self._backlog.touched
        return len(self._waiting) < (self._backlog.batch or self._room)

    @staticmethod
    def portions(cases: int) -> int:
        """Polls after which so many cases have begun with a SUT that takes everything at once."""
        return 0 if cases <= FIRST else math.ceil(math.log(cases / FIRST, GROWTH))
