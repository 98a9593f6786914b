"""(a) What an accepted, signed, durable document costs the hub: against the same server that does nothing, and against
the sum of its parts measured alone.

CPU µs of the hub's own process, 64 connections, every package different. Every request is signed; packages bear a
signature of their own, which the axis verifies, or (``plain``) none. The sum is HTTP (the least that it costs: ``raw``)
+ parse + rules + check of the request's signature + SHA-256 + grouped append, + verifying the packet's signature where
there is one; the notes print each of them.
"""

import asyncio
import contextlib
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from loadtests.bench.axis import Axis, an_axis
from loadtests.bench.course import Course
from loadtests.bench.messages import Stencil, System, sending
from loadtests.bench.parts import PARTS, SIGNED_PARTS
from loadtests.bench.processes import Child, started
from loadtests.bench.rawclient import Driven, drive
from loadtests.bench.row import Goal, Row, compared, measured
from simulator.clock import SystemClock
from simulator.pki.authorities import Identity, Pki
from simulator.words import Text

__all__ = ["RECEIVER", "SENDER", "WentWrong", "acceptance", "as_expected", "checked", "constant_server"]

SENDER = "sut.test.01"
RECEIVER = "sut.test.02"
_SIZES = ((8 * 1024, "8"), (200 * 1024, "200"))
_MICRO = 1e6
_ON_THE_CLOCK = Text(en="on the clock {rate}/s on one core", vi="theo đồng hồ {rate}/s trên một nhân")
_OFF_ON_THE_CLOCK = Text(en="off: on the clock {rate}/s on one core", vi="khi tắt: theo đồng hồ {rate}/s trên một nhân")
_GOAL = Goal("<=", 1.4)


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of document. ``word``: what the axis must say of its packages' signatures; ``kb``: of each."""

    key: str
    kb: str
    size: int
    signer: Identity | None
    word: str
    parts: tuple[tuple[str, Callable[[Sequence[bytes], Path], float]], ...]
    what: Text


_SIGNED = Text(en="packet signature verified", vi="kiểm tra chữ ký gói tin")
_PLAIN = Text(en="no packet signature", vi="không có chữ ký gói tin")


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
    pki = Pki.at(course.folder / "pki", SystemClock().now())
    async with (
        an_axis(course.folder / "axis", core=core, options=("--trust", str(pki.trust))) as axis,
        constant_server("asgi", core) as off,
        constant_server("raw", core) as raw,
    ):
        rows = []
        for size, kb in _SIZES:
            for kind in (
                _Kind(f"a.{kb}k", kb, size, pki.agency, "valid", SIGNED_PARTS, _SIGNED),
                _Kind(f"a.{kb}k.plain", kb, size, None, "absent", PARTS, _PLAIN),
            ):
                rows += await _of_kind(course, axis, off, raw, kind)
        return rows


async def _of_kind(
    course: Course, axis: Axis, off: tuple[Child, int], raw: tuple[Child, int], kind: _Kind
) -> list[Row]:
    system = axis.systems[SENDER]
    receivers = [axis.systems[RECEIVER].unit]
    stencil = Stencil.of(kind.size, sender=system.unit, receivers=receivers, signer=kind.signer)
    count = course.pick(4_000, 300) if kind.size < 100_000 else course.pick(500, 60)
    columns: dict[str, list[float]] = defaultdict(list)
    past = await axis.facts()
    for turn in range(course.rounds + 1):
        course.say(f"{kind.key}: {turn}/{course.rounds}")
        packages = [*stencil.packages(turn * count, count)]  # signed here, where nobody measures
        seen = await _round(course, axis, off, raw, system, packages, kind)
        if turn:  # the first round warms everything up
            for key, value in seen.items():
                columns[key].append(value)
        else:
            await as_expected(axis, kind.word, after=past[-1]["n"] if past else 0, count=count)
    return _rows(kind, columns)


async def as_expected(axis: Axis, word: str, *, after: int, count: int) -> None:
    """After that fact the axis took in ``count`` packages, and says ``word`` of each signature. Raises WentWrong."""
    said = [fact["signature"] for fact in await axis.facts(after) if fact["fact"] == "accepted"]
    if said != [word] * count:
        raise WentWrong(f"of {count} signatures {said.count(word)} are {word}")


async def _round(
    course: Course,
    axis: Axis,
    off: tuple[Child, int],
    raw: tuple[Child, int],
    system: System,
    packages: Sequence[bytes],
    kind: _Kind,
) -> dict[str, float]:
    """CPU seconds a document of everything, one after the other."""
    requests = [sending(system, package) for package in packages]
    seen = {}
    for key, (child, port) in (("hub", (axis.child, axis.port)), ("off", off), ("HTTP", raw)):
        before = child.cpu()
        driven = checked(await drive(port, requests, expect=b'"OK"'), key)
        seen[key] = (child.cpu() - before) / len(requests)
        seen[f"{key}/s"] = driven.per_second
    for key, part in kind.parts:
        seen[key] = await asyncio.to_thread(part, packages, course.folder)
    seen["sum"] = seen["HTTP"] + sum(seen[key] for key, _ in kind.parts)
    return seen


def _rows(kind: _Kind, columns: dict[str, list[float]]) -> list[Row]:
    micro = {key: [value * _MICRO for value in values] for key, values in columns.items()}
    middle = {key: sorted(values)[len(values) // 2] for key, values in micro.items()}
    parts = ", ".join(f"{key} {middle[key]:.0f}" for key in ("HTTP", *(key for key, _ in kind.parts)))
    rates = {key: sorted(columns[f"{key}/s"])[len(columns[key]) // 2] for key in ("hub", "off")}
    kb, what = kind.kb, kind.what
    return [
        measured(
            f"{kind.key}.rate",
            Text(
                en=f"accepted durable documents of {kb} KB per CPU second, {what.en}",
                vi=f"văn bản {kb} KB được nhận và lưu bền vững mỗi giây CPU, {what.vi}",
            ),
            "/s",
            [1 / value for value in columns["hub"]],
            note=_ON_THE_CLOCK.filled(rate=f"{rates['hub']:,.0f}"),
        ),
        compared(
            f"{kind.key}.off",
            Text(
                en=f"{kb} KB, {what.en}: the axis : the same server, validation, signatures and store off",
                vi=f"{kb} KB, {what.vi}: trục : cùng máy chủ, tắt kiểm tra, chữ ký và lưu trữ",
            ),
            "us",
            ours=micro["hub"],
            against=micro["off"],
            note=_OFF_ON_THE_CLOCK.filled(rate=f"{rates['off']:,.0f}"),
        ),
        compared(
            f"{kind.key}.parts",
            Text(
                en=f"{kb} KB, {what.en}: the axis : the sum of its parts measured alone",
                vi=f"{kb} KB, {what.vi}: trục : tổng các phần đo riêng lẻ",
            ),
            "us",
            ours=micro["hub"],
            against=micro["sum"],
            goal=_GOAL if kind.size < 100_000 else None,
            note=Text(en=f"µs: {parts}", vi=f"µs: {parts}"),
        ),
    ]
