"""(e) Does the load generator tell the truth? A server freezes 1 s every 10 s; what p99.9 does the generator report?

The known truth comes from the plan's arrival times and from the server's own record of its freezes alone: an arrival
that was due within a freeze could be answered at its end at the earliest. The reported figure comes from the HDR
histograms of an ordinary run of the generator. wrk2 does the same beside it where it is installed.
"""

import asyncio
import json
import re
import shutil
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from loadtests import plan as plans
from loadtests import scenario as scenarios
from loadtests.bench.acceptance import WentWrong, constant_server
from loadtests.bench.course import Course
from loadtests.bench.row import Goal, Row, absent, quantile
from loadtests.histograms import merge, read_line
from simulator.words import Text

__all__ = ["honesty", "true_latencies"]

_SHARE = 0.999
_NODES = 95
_SEED = 7
_TITLE = Text(
    en="a server that freezes 1 s every 10 s: p99.9 reported : known",
    vi="máy chủ đứng hình 1 s mỗi 10 s: p99.9 được báo : biết trước",
)
_WRK2_TITLE = Text(en="the same with wrk2", vi="cùng phép đo với wrk2")
_NO_WRK2 = Text(en="wrk2 is not on this machine (no Debian package)", vi="máy này không có wrk2 (Debian không có gói)")
_NOTE = Text(
    en="{count:,} arrivals; seconds from the intended time", vi="{count:,} lượt; giây tính từ thời điểm dự định"
)
_GOAL = Goal("within", 0.02)
_WRK2_P999 = re.compile(r"^\s*99\.900%\s+([\d.]+)(us|ms|s|m)\s*$", re.MULTILINE)
_UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0}


def true_latencies(arrivals: Sequence[float], freezes: Sequence[tuple[float, float]]) -> list[float]:
    """How long each arrival must wait for the end of a freeze, in seconds; 0 outside of all."""
    return [max((end - at for begin, end in freezes if begin <= at < end), default=0.0) for at in arrivals]


async def honesty(course: Course) -> list[Row]:
    """The rows of (e)."""
    record = course.folder / "freezes"
    record.touch()
    rows = []
    async with constant_server("freezing", course.server_core, str(record)) as (_, port):
        run = course.folder / "run"
        plan = _plan(course)
        course.say(f"e: {plan.seconds:g} s at {len(plan.arrivals) / plan.seconds:.0f}/s")
        origin = await _generated(run, plan, port)
        truth = quantile(true_latencies([origin + each.at for each in plan.arrivals], _read(record)), _SHARE)
        reported = _reported(run)
        rows.append(_row("e.p999", _TITLE, reported, truth, len(plan.arrivals)))
        if (program := shutil.which("wrk2")) is None:
            rows.append(absent("e.wrk2", _WRK2_TITLE, _NO_WRK2))
        else:
            rows.append(await _wrk2(program, port, plan, record))
    return rows


def _row(key: str, title: Text, reported: float, truth: float, count: int) -> Row:
    note = _NOTE.filled(count=count)
    ratio = reported / truth if truth else None
    return Row(key, title, "s", ours=reported, against=truth, ratio=ratio, goal=_GOAL, note=note)


def _plan(course: Course) -> plans.Plan:
    found = scenarios.load(str(Path(__file__).with_name("honesty.toml")))
    if course.quick:
        found = replace(scenarios.scaled(found, scale=0.5, seconds=12.0), drain_limit_seconds=2.0)
    nodes = [(f"honest.{number:02}", f"honest.{number:02}") for number in range(_NODES)]
    return plans.make(found, topology_nodes=nodes, seed=_SEED)


async def _generated(run: Path, plan: plans.Plan, port: int) -> float:
    """One run of the generator; gives its origin on this machine's monotonic clock. Raises WentWrong."""
    _write(run, plan)
    wall_to_monotonic = time.monotonic() - time.time()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "loadtests.executor", "--plan", str(run / "plan.json"), "--out", str(run),
        "--url", f"http://127.0.0.1:{port}", "--credentials", str(run / "credentials.json"),
        stdin=PIPE, stdout=PIPE, stderr=DEVNULL,
    )  # fmt: skip  # it ends by itself when its stdin does
    ended = None
    assert process.stdout is not None  # noqa: S101  # PIPE was asked for
    async for line in process.stdout:
        said = json.loads(line)
        ended = said.get("ended", ended)
        if "trouble" in said:
            raise WentWrong(f"the generator: {said['trouble']['because']}")
    await process.wait()
    if ended is None:
        raise WentWrong(f"the generator ended with {process.returncode}")
    return float(ended["started"]) + wall_to_monotonic


def _write(run: Path, plan: plans.Plan) -> None:
    run.mkdir()
    (run / "plan.json").write_text(plan.to_json(), "utf-8")
    secrets = {each.system_id: {"secret": "0" * 32, "organs": [each.unit]} for each in plan.systems}
    (run / "credentials.json").write_text(json.dumps(secrets), "utf-8")


def _reported(run: Path) -> float:
    """p99.9 of the sends, from the intended time, as the generator's histograms have it."""
    intervals = [
        read_line(json.loads(line))
        for file in sorted((run / "histograms").glob("*.jsonl"))
        for line in file.read_text("utf-8").splitlines()
    ]
    return merge(
        each.histogram for each in intervals if each.key.op == "send" and each.key.what == "intended"
    ).quantile(_SHARE)


def _read(record: Path) -> list[tuple[float, float]]:
    rows = (line.split() for line in record.read_text("ascii").splitlines())
    return [(float(begin), float(end)) for begin, end in rows]


async def _wrk2(program: str, port: int, plan: plans.Plan, record: Path) -> Row:
    rate = round(len(plan.arrivals) / plan.seconds)
    begin = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        program, "-t1", "-c64", f"-R{rate}", f"-d{plan.seconds:.0f}s", "--latency", f"http://127.0.0.1:{port}/",
        stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL,
    )  # fmt: skip
    said, _ = await process.communicate()
    found = _WRK2_P999.search(said.decode("utf-8", "replace"))
    if found is None:
        raise WentWrong(f"wrk2 printed no p99.9: {said[-300:]!r}")
    arrivals = [begin + number / rate for number in range(round(plan.seconds * rate))]
    truth = quantile(true_latencies(arrivals, _read(record)), _SHARE)
    return _row("e.wrk2", _WRK2_TITLE, float(found[1]) * _UNITS[found[2]], truth, len(arrivals))
