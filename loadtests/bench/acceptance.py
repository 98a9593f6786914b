"""(a) What an accepted, signed, durable document costs the hub: against the same server that does nothing, and against
the sum of its parts measured alone.

CPU µs of the hub's own process, 64 connections, every package different. The sum is HTTP (the least that it costs:
``raw``) + parse + rules + signature check + SHA-256 + grouped append; the notes print each of them.
"""

import asyncio
import contextlib
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence

from loadtests.bench.axis import Axis, an_axis
from loadtests.bench.course import Course
from loadtests.bench.messages import Stencil, System, sending
from loadtests.bench.parts import PARTS
from loadtests.bench.processes import Child, started
from loadtests.bench.rawclient import Driven, drive
from loadtests.bench.row import Goal, Row, compared, measured
from simulator.words import Text

__all__ = ["RECEIVER", "SENDER", "WentWrong", "acceptance", "checked", "constant_server"]

SENDER = "sut.test.01"
RECEIVER = "sut.test.02"
_SIZES = ((8 * 1024, "8k"), (200 * 1024, "200k"))
_MICRO = 1e6
_ON_THE_CLOCK = Text(en="on the clock {rate}/s on one core", vi="theo đồng hồ {rate}/s trên một nhân")
_OFF_ON_THE_CLOCK = Text(en="off: on the clock {rate}/s on one core", vi="khi tắt: theo đồng hồ {rate}/s trên một nhân")


class WentWrong(Exception):
    """A server did not answer as it must, so its numbers mean nothing."""


def checked(driven: Driven, who: str) -> Driven:
    """The same, all answers right. Raises WentWrong."""
    if driven.wrong:
        raise WentWrong(f"{who}: {driven.wrong} of {driven.answered} answers were wrong: {driven.sample!r}")
    return driven


@contextlib.asynccontextmanager
async def constant_server(kind: str, core: int, *words: str) -> AsyncIterator[tuple[Child, int]]:
    """A server of servers.py and its port."""
    async with started(
        [sys.executable, "-m", "loadtests.bench.servers", kind, *words], core=core, speaks=True
    ) as child:
        yield child, int(child.said)


async def acceptance(course: Course) -> list[Row]:
    """The rows of (a)."""
    core = course.server_core
    async with (
        an_axis(course.folder / "axis", core=core) as axis,
        constant_server("asgi", core) as off,
        constant_server("raw", core) as raw,
    ):
        rows = []
        for size, name in _SIZES:
            rows += await _of_size(course, axis, off, raw, size, name)
        return rows


async def _of_size(
    course: Course, axis: Axis, off: tuple[Child, int], raw: tuple[Child, int], size: int, name: str
) -> list[Row]:
    system = axis.systems[SENDER]
    stencil = Stencil.of(size, sender=system.unit, receivers=[axis.systems[RECEIVER].unit])
    count = course.pick(4_000, 300) if size < 100_000 else course.pick(500, 60)
    columns: dict[str, list[float]] = defaultdict(list)
    for turn in range(course.rounds + 1):
        course.say(f"a {name}: {turn}/{course.rounds}")
        packages = list(stencil.packages(turn * count, count))
        seen = await _round(course, axis, off, raw, system, packages)
        if turn:  # the first round warms everything up
            for key, value in seen.items():
                columns[key].append(value)
    return _rows(name, columns)


async def _round(
    course: Course,
    axis: Axis,
    off: tuple[Child, int],
    raw: tuple[Child, int],
    system: System,
    packages: Sequence[bytes],
) -> dict[str, float]:
    """CPU seconds a document of everything, one after the other."""
    signed = [sending(system, package) for package in packages]
    seen = {}
    for key, (child, port), requests in (
        ("hub", (axis.child, axis.port), signed),
        ("off", off, signed),
        ("HTTP", raw, signed),
    ):
        before = child.cpu()
        driven = checked(await drive(port, requests, expect=b'"OK"'), key)
        seen[key] = (child.cpu() - before) / len(requests)
        seen[f"{key}/s"] = driven.per_second
    for key, part in PARTS:
        seen[key] = await asyncio.to_thread(part, packages, course.folder)
    seen["sum"] = seen["HTTP"] + sum(seen[key] for key, _ in PARTS)
    return seen


def _rows(name: str, columns: dict[str, list[float]]) -> list[Row]:
    micro = {key: [value * _MICRO for value in values] for key, values in columns.items()}
    middle = {key: sorted(values)[len(values) // 2] for key, values in micro.items()}
    parts = ", ".join(f"{key} {middle[key]:.0f}" for key in ("HTTP", *(key for key, _ in PARTS)))
    rates = {key: sorted(columns[f"{key}/s"])[len(columns[key]) // 2] for key in ("hub", "off")}
    size = name.removesuffix("k")
    return [
        measured(
            f"a.{name}.rate",
            Text(
                en=f"accepted signed durable documents of {size} KB per CPU second",
                vi=f"văn bản {size} KB đã ký, được nhận và lưu bền vững, mỗi giây CPU",
            ),
            "/s",
            [1 / value for value in columns["hub"]],
            note=_ON_THE_CLOCK.filled(rate=f"{rates['hub']:,.0f}"),
        ),
        compared(
            f"a.{name}.off",
            Text(
                en=f"{size} KB: the axis : the same server, validation, signature and store off",
                vi=f"{size} KB: trục : cùng máy chủ, tắt kiểm tra, chữ ký và lưu trữ",
            ),
            "us",
            ours=micro["hub"],
            against=micro["off"],
            note=_OFF_ON_THE_CLOCK.filled(rate=f"{rates['off']:,.0f}"),
        ),
        compared(
            f"a.{name}.parts",
            Text(
                en=f"{size} KB: the axis : the sum of its parts measured alone",
                vi=f"{size} KB: trục : tổng các phần đo riêng lẻ",
            ),
            "us",
            ours=micro["hub"],
            against=micro["sum"],
            goal=Goal("<=", 1.4) if name == "8k" else None,
            note=Text(en=f"µs: {parts}", vi=f"µs: {parts}"),
        ),
    ]
