"""Greenlets at work, and no more than so many of them."""

import traceback
from collections import deque
from collections.abc import Callable
from typing import Any

import gevent

__all__ = ["Slots"]


class Slots:
    """At most ``limit`` calls under way; ``broke`` is told the traceback of one that failed as nobody planned."""

    def __init__(self, limit: int, broke: Callable[[str], None]) -> None:
        self._limit = limit
        self._broke = broke
        self._waiting: deque[tuple[Callable[..., None], tuple[Any, ...]]] = deque()
        self.running = 0

    @property
    def full(self) -> bool:
        """Whether one more would have to wait."""
        return self.running >= self._limit

    @property
    def idle(self) -> bool:
        """Whether nothing is under way or waits."""
        return not self.running and not self._waiting

    def start(self, call: Callable[..., None], *arguments: Any) -> None:
        """Begin it now, or as soon as one of the others is done."""
        if self.full:
            self._waiting.append((call, arguments))
            return
        self.running += 1
        gevent.spawn(self._carry, call, arguments)

    def forget(self) -> None:
        """Whatever waits is never begun."""
        self._waiting.clear()

    def _carry(self, call: Callable[..., None], arguments: tuple[Any, ...]) -> None:
        while True:
            try:
                call(*arguments)
            except Exception:
                self._broke(traceback.format_exc())
            if not self._waiting:
                break
            call, arguments = self._waiting.popleft()
        self.running -= 1
