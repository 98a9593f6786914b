"""(h) What a request costs the load generator: our client beside geventhttpclient at its own best, and beside wrk.

8 KB POSTs to the leanest server there is, 64 connections. Requests per CPU second of the client: on the clock the
server would be what is measured.
"""

import asyncio
import json
import re
import resource
import shutil
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE
from collections import defaultdict
from pathlib import Path

from loadtests.bench.acceptance import SENDER, WentWrong, checked, constant_server
from loadtests.bench.course import Course
from loadtests.bench.messages import Stencil, System, sending
from loadtests.bench.rawclient import drive
from loadtests.bench.row import Goal, Row, absent, compared
from simulator.words import Text

__all__ = ["generator", "script_of"]

_CONNECTIONS = 64
_NO_WRK = Text(
    en="wrk is not on this machine. On Debian: apt-get install wrk",
    vi="Máy này không có wrk. Trên Debian: apt-get install wrk",
)
_BEST = Text(
    en="requests per CPU second: the generator's client : geventhttpclient at its best",
    vi="yêu cầu mỗi giây CPU: máy khách của bộ sinh tải : geventhttpclient ở mức tốt nhất",
)
_FAST = Text(
    en="requests per CPU second: the generator's client : wrk",
    vi="yêu cầu mỗi giây CPU: máy khách của bộ sinh tải : wrk",
)
_RAW = Text(
    en="requests per CPU second: the bench's raw client : wrk",
    vi="yêu cầu mỗi giây CPU: máy khách thô của phép đo : wrk",
)
_COUNTED = re.compile(r"^\s*(\d+) requests in", re.MULTILINE)
_FAILED = re.compile(r"^\s*(Non-2xx|Socket errors).*$", re.MULTILINE)


async def generator(course: Course) -> list[Row]:
    """The rows of (h)."""
    wrk = shutil.which("wrk")
    system = System(SENDER, "b" * 32, "000.00.00.H98")
    request = sending(system, Stencil.of(8 * 1024, sender=system.unit, receivers=["G22"]).package(1))
    script = course.folder / "post.lua"
    script.write_text(script_of(request), "latin-1")
    columns: dict[str, list[float]] = defaultdict(list)
    async with constant_server("raw", course.server_core) as (_, port):
        for turn in range(course.rounds + 1):
            course.say(f"h: {turn}/{course.rounds}")
            seen = {"raw": await _raw(course, port, request)}
            for kind in ("lines", "geventhttpclient"):
                seen[kind] = await _gevented(course, kind, port, request)
            if wrk:
                seen["wrk"] = await _wrk(course, wrk, port, script)
            if turn:
                for key, value in seen.items():
                    columns[key].append(value)
    goal = Goal(">=", 0.8)
    rows = [
        compared(
            "h.best", _BEST, "/s", ours=columns["lines"], against=columns["geventhttpclient"], goal=Goal(">=", 1.0)
        )
    ]
    if wrk is None:
        return [*rows, absent("h.wrk", _FAST, _NO_WRK), absent("h.raw", _RAW, _NO_WRK, goal)]
    return [
        *rows,
        compared("h.wrk", _FAST, "/s", ours=columns["lines"], against=columns["wrk"]),
        compared("h.raw", _RAW, "/s", ours=columns["raw"], against=columns["wrk"], goal=goal),
    ]


def script_of(request: bytes) -> str:
    """The same request for wrk, in Lua; every letter of it stands for one byte."""
    head, _, body = request.partition(b"\r\n\r\n")
    rows = [line.decode("latin-1").partition(": ") for line in head.split(b"\r\n")[1:]]
    lines = ['wrk.method = "POST"', f"wrk.body = {_lua(body.decode('latin-1'))}"]
    lines += [
        f"wrk.headers[{_lua(name)}] = {_lua(value)}"
        for name, _, value in rows
        if name not in ("Host", "Content-Length")
    ]
    return "\n".join(lines) + "\n"


def _lua(text: str) -> str:
    return '"' + "".join(each if each.isalnum() and each.isascii() else f"\\{ord(each):03}" for each in text) + '"'


async def _raw(course: Course, port: int, request: bytes) -> float:
    count = course.pick(20_000, 2_000)
    used = time.process_time()
    checked(await drive(port, [request] * count, connections=_CONNECTIONS, expect=b'"OK"'), "raw")
    return count / (time.process_time() - used)


async def _gevented(course: Course, kind: str, port: int, request: bytes) -> float:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "loadtests.bench.gevented", kind, str(port), str(course.pick(20_000, 2_000)),
        str(_CONNECTIONS), stdin=PIPE, stdout=PIPE, stderr=PIPE,
    )  # fmt: skip
    said, complaint = await process.communicate(request)
    if process.returncode:
        raise WentWrong(f"{kind}: {complaint.decode('utf-8', 'replace')[-300:]}")
    seen = json.loads(said)
    return float(seen["requests"] / seen["cpu"])


async def _wrk(course: Course, program: str, port: int, script: Path) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    process = await asyncio.create_subprocess_exec(
        program, "-t1", f"-c{_CONNECTIONS}", f"-d{course.pick(4, 1)}s", "-s", str(script),
        f"http://127.0.0.1:{port}/sendEdoc", stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL,
    )  # fmt: skip
    said = (await process.communicate())[0].decode("utf-8", "replace")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    found = _COUNTED.search(said)
    if found is None or _FAILED.search(said):
        raise WentWrong(f"wrk: {said[-300:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return int(found[1]) / cpu
