"""Greenlets at work, and no more than so many of them."""

import traceback
from collections import deque
from collections.abc import Callable
from typing import Any

import gevent

__all__ = ["Slots"]

_LOOK_SECONDS = 0.02
_SECONDS_TO_WRITE = 5.0


class Slots:
    """At most ``limit`` calls under way; ``broke`` is told the traceback of one that failed as nobody planned."""

    def __init__(self, limit: int, broke: Callable[[str], None]) -> None:
        self._limit = limit
        self._broke = broke
        self._waiting: deque[tuple[Callable[..., None], tuple[Any, ...]]] = deque()
        self._begun: set[Any] = set()
        self._ended = False
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

    def rested(self, seconds: float) -> bool:
        """Wait so long for everything to come to its end; whether it did."""
        with gevent.Timeout(seconds, False):
            while not self.idle:
                gevent.sleep(_LOOK_SECONDS)
        return self.idle

    def end(self, because: Callable[[], Exception]) -> None:
        """Begin nothing more; to whatever is under way ``because`` happens where it waits, and it has a moment to write
        that down. Nothing is under way when this returns."""
        self._ended = True
        self.forget()
        for each in tuple(self._begun):
            gevent.kill(each, because())
        if not self.rested(_SECONDS_TO_WRITE):
            gevent.killall(tuple(self._begun))

    def _carry(self, call: Callable[..., None], arguments: tuple[Any, ...]) -> None:
        me = gevent.getcurrent()
        self._begun.add(me)
        try:
            while not self._ended:
                try:
                    call(*arguments)
                except Exception:
                    if not self._ended:  # else it is the very word that it was ended with, met between two calls
                        self._broke(traceback.format_exc())
                if not self._waiting:
                    break
                call, arguments = self._waiting.popleft()
        finally:
            self._begun.discard(me)
            self.running -= 1
