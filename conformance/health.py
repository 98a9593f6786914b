"""How the harness itself fared: the lag of its own event loop, and how long it waited for the processor.

A run on a machine that is busy with other things may be slow; it must not accuse. What is measured here goes into the
evidence (note ``harness``), and ``struggles`` says why such a run can be no better proof than an incomplete one.
"""

import asyncio
import contextlib
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from simulator.words import Text

__all__ = ["HARNESS", "Health", "struggles"]

HARNESS = "harness"
"""The name of the note."""
MOST_STARVED = 0.6
"""Of the time in which the harness wanted the processor, the share in which others had it."""
MOST_LATE = 0.25
"""The share of the run in which the event loop stood still for more than a second at a time."""
_EVERY = 0.1
_STANDSTILL = 1.0
_LEAST_SECONDS = 5.0
_SCHEDSTAT = Path("/proc/self/schedstat")

_STARVED = Text(
    en="the harness waited for the processor for {share:.0%} of the time in which it wanted it (limit {most:.0%}): "
    "the machine is busy with other things",
    vi="bộ kiểm phải chờ bộ xử lý {share:.0%} thời gian cần dùng (giới hạn {most:.0%}): máy đang bận việc khác",
)
_LATE = Text(
    en="the harness stood still for {share:.0%} of the run (limit {most:.0%}), once for {longest:.1f} s",
    vi="bộ kiểm đứng yên {share:.0%} thời gian chạy (giới hạn {most:.0%}), có lần {longest:.1f} giây",
)


class Health:
    """Measures from ``watch()`` on, in the running event loop."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._cpu = time.process_time()
        self._ran, self._waited = _scheduled()
        self._late = self._longest = 0.0
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Health":
        self._task = asyncio.create_task(self._watch())
        return self

    async def __aexit__(self, *exception: object) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _watch(self) -> None:
        while True:
            due = time.monotonic() + _EVERY
            await asyncio.sleep(_EVERY)
            lag = time.monotonic() - due
            self._longest = max(self._longest, lag)
            self._late += lag if lag > _STANDSTILL else 0.0

    def measured(self) -> dict[str, float]:
        """Seconds since the start; ``cpu``: the share of them spent on the processor; ``late``: seconds that the loop
        stood still; ``starved``: the share of wanted processor time that others had, -1 where nothing tells."""
        seconds = max(time.monotonic() - self._began, 1e-9)
        ran, waited = _scheduled()
        wanted = ran - self._ran + waited - self._waited
        return {
            "seconds": round(seconds, 3),
            "cpu": round((time.process_time() - self._cpu) / seconds, 3),
            "late": round(self._late, 3),
            "longest_lag": round(self._longest, 3),
            "starved": round((waited - self._waited) / wanted, 3) if wanted else -1.0,
        }


def _scheduled() -> tuple[int, int]:
    """Nanoseconds that this thread ran, and that it was ready and waited; zeros where the system does not tell."""
    try:
        ran, waited, *_ = _SCHEDSTAT.read_text("ascii").split()
        return int(ran), int(waited)
    except (OSError, ValueError):
        return 0, 0


def struggles(measured: Mapping[str, Any]) -> tuple[Text, ...]:
    """Why a run that fared so proves nothing of the SUT; () where it fared well, or was too short to tell."""
    seconds = float(measured.get("seconds", 0.0))
    if seconds < _LEAST_SECONDS:
        return ()
    starved, late = float(measured.get("starved", -1.0)), float(measured.get("late", 0.0)) / seconds
    checks = (
        (starved > MOST_STARVED, _STARVED.filled(share=starved, most=MOST_STARVED)),
        (late > MOST_LATE, _LATE.filled(share=late, most=MOST_LATE, longest=float(measured.get("longest_lag", 0.0)))),
    )
    return tuple(text for wrong, text in checks if wrong)
