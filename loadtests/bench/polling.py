"""(d) What polling costs: 95, 1,000 and 10,000 nodes that ask for both lists every 15 s, each on its own connection.

CPU of the hub's process and of the client's (this one), as shares of one core; the nodes' phases are spread evenly.
"""

import asyncio
import contextlib
import time

from loadtests.bench.axis import an_axis
from loadtests.bench.course import Course
from loadtests.bench.messages import listing
from loadtests.bench.rawclient import Polls, poll
from loadtests.bench.row import Goal, Row, absent, measured
from simulator.words import Text

__all__ = ["polling", "topology_of"]

_NODES = (95, 1_000, 10_000)
_PERIOD = 15.0
_HALF = Goal("<=", 0.5)
_HUB = Text(en="{nodes:,} nodes poll every 15 s: CPU of the hub", vi="{nodes:,} nút hỏi mỗi 15 s: CPU của trục")
_CLIENT = Text(
    en="{nodes:,} nodes poll every 15 s: CPU of the one process that plays them",
    vi="{nodes:,} nút hỏi mỗi 15 s: CPU của một tiến trình đóng vai chúng",
)
_TOO_FEW_FILES = Text(
    en="a process may open only {limit:,} files here; raise it (ulimit -n {wanted})",
    vi="mỗi tiến trình ở đây chỉ mở được {limit:,} tệp; hãy nâng lên (ulimit -n {wanted})",
)
_SPARE_FILES = 200
_NOTE = Text(
    en="{rate:,.0f} lists/s; of {asked:,} questions {wrong} answered wrongly; {lost} connections lost",
    vi="{rate:,.0f} danh sách/s; trong {asked:,} câu hỏi có {wrong} trả lời sai; mất {lost} kết nối",
)


async def polling(course: Course) -> list[Row]:
    """The rows of (d)."""
    rows = []
    for nodes in _NODES:
        goal = _HALF if nodes == max(_NODES) else None
        limit = _open_files(nodes + _SPARE_FILES)
        if limit < nodes + _SPARE_FILES:
            because = _TOO_FEW_FILES.filled(limit=limit, wanted=nodes + _SPARE_FILES)
            rows.append(absent(f"d.hub.{nodes}", _HUB.filled(nodes=nodes), because, goal))
            continue
        rows += await _with(course, nodes, goal)
    return rows


async def _with(course: Course, nodes: int, goal: Goal | None) -> list[Row]:
    seconds = 5.0 if course.quick else _PERIOD
    windows = 1 if course.quick else 2
    topology = course.folder / f"{nodes}.toml"
    topology.write_text(topology_of(nodes), "utf-8")
    polls = Polls()
    hub, mine = [], []
    async with an_axis(course.folder / f"axis{nodes}", core=course.server_core, topology=str(topology)) as axis:
        systems = [system for name, system in axis.systems.items() if name.startswith("poll.")]
        turns = [(listing(system), listing(system, "status")) for system in systems]
        phases = [_PERIOD * number / nodes for number in range(nodes)]
        course.say(f"d: {nodes:,} nodes connect")
        task = asyncio.create_task(poll(axis.port, turns, period=_PERIOD, phases=phases, expect=b'"OK"', polls=polls))
        try:
            await polls.all_connected.wait()
            await asyncio.sleep(1.0 if course.quick else _PERIOD)
            for window in range(windows):
                course.say(f"d: {nodes:,} nodes, {window}/{windows}")
                begin, used, own = time.perf_counter(), axis.child.cpu(), time.process_time()
                before = polls.answered
                await asyncio.sleep(seconds)
                span = time.perf_counter() - begin
                hub.append((axis.child.cpu() - used) / span)
                mine.append((time.process_time() - own) / span)
                rate = (polls.answered - before) / span
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
    note = _NOTE.filled(rate=rate, asked=polls.asked, wrong=polls.wrong, lost=polls.lost)
    return [
        measured(f"d.hub.{nodes}", _HUB.filled(nodes=nodes), "cores", hub, goal=goal, note=note),
        measured(f"d.client.{nodes}", _CLIENT.filled(nodes=nodes), "cores", mine, goal=goal),
    ]


def topology_of(nodes: int) -> str:
    """A topology file with that many nodes for which nobody acts."""
    lines = ['name = "polling"', 'title = {en = "Polling nodes", vi = "Các nút hỏi định kỳ"}']
    for number in range(nodes):
        lines += [
            "[[node]]",
            f'system_id = "poll.{number:05}"',
            "passive = true",
            f'unit = [{{code = "poll.{number:05}", name = "Đơn vị {number}"}}]',
        ]
    return "\n".join(lines) + "\n"


def _open_files(wanted: int) -> int:
    """How many files a process may open, raised towards ``wanted`` as far as that is allowed."""
    try:
        import resource  # absent on Windows
    except ImportError:
        return wanted
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return soft
