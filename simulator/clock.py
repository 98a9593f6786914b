"""Time comes in as an argument: the world's clock, never ``datetime.now()`` in the core.

All times of the axis are Vietnamese (QĐ 28/2018 art. 14.4); zoned values travel as ``+07:00``.
"""

import asyncio
from datetime import datetime, timedelta, timezone
from typing import Protocol

__all__ = ["VIETNAM", "Clock", "SystemClock"]

VIETNAM = timezone(timedelta(hours=7))
"""UTC+7; Viet Nam has no summer time."""


class Clock(Protocol):
    """What tells the time and waits for it: the system's clock, or (later) a virtual one."""

    def now(self) -> datetime:
        """The present moment, aware, in Vietnamese time."""

    async def sleep(self, seconds: float) -> None:
        """Wait ``seconds`` of this clock's time."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The present moment, aware, in Vietnamese time."""
        return datetime.now(VIETNAM)

    async def sleep(self, seconds: float) -> None:
        """Wait ``seconds`` of real time."""
        await asyncio.sleep(seconds)
