"""(i) How long ``axisproof serve`` takes until it can serve, and what it holds in memory while nothing happens."""

import asyncio

from loadtests.bench.axis import an_axis
from loadtests.bench.course import Course
from loadtests.bench.processes import resident_bytes
from loadtests.bench.row import Goal, Row, measured
from simulator.words import Text

__all__ = ["serving"]

_KINDS = (
    ("asleep", False, Text(en="agencies asleep (--no-nodes)", vi="các đơn vị ngủ (--no-nodes)")),
    ("living", True, Text(en="95 living agencies", vi="95 đơn vị hoạt động")),
)
_READY = Text(en="`axisproof serve` ready to serve, {kind}", vi="`axisproof serve` sẵn sàng phục vụ, {kind}")
_MEMORY = Text(en="`axisproof serve` in memory at rest, {kind}", vi="bộ nhớ của `axisproof serve` lúc nghỉ, {kind}")
_SECONDS_AT_REST = 2.0


async def serving(course: Course) -> list[Row]:
    """The rows of (i): start-up on a new folder and, for memory, a moment of rest."""
    seconds: dict[str, list[float]] = {name: [] for name, _, _ in _KINDS}
    memory: dict[str, list[float]] = {name: [] for name, _, _ in _KINDS}
    for turn in range(course.rounds):
        for name, living, _ in _KINDS:
            course.say(f"i {name}: {turn}/{course.rounds}")
            data = course.folder / f"{name}{turn}"
            async with an_axis(data, core=course.server_core, living=living) as axis:
                seconds[name].append(axis.ready_seconds)
                await asyncio.sleep(_SECONDS_AT_REST)
                memory[name].append(resident_bytes(axis.child.pid) / 2**20)
    rows = []
    for name, _, kind in _KINDS:
        title = Text(en=_READY.en.format(kind=kind.en), vi=_READY.vi.format(kind=kind.vi))
        rows.append(measured(f"i.ready.{name}", title, "s", seconds[name], goal=Goal("<=", 0.5)))
    for name, _, kind in _KINDS:
        title = Text(en=_MEMORY.en.format(kind=kind.en), vi=_MEMORY.vi.format(kind=kind.vi))
        goal = Goal("<=", 80) if name == "asleep" else None
        rows.append(measured(f"i.memory.{name}", title, "MB", memory[name], goal=goal))
    return rows
