"""(b) The axis beside what a team would use instead: a WireMock and a mountebank stub of sendEdoc, one core each.

Both match the body by one XPath and answer a constant; WireMock with its journal on, as it is by default. The same
requests go to all three, in turn. The JVM is warmed up until its rate is steady: batches of 2,000 requests, 40 at least
(it rests on plateaus before its last compiler is through), until the last four rates lie within 5 % of each other. Its
journal is emptied between batches, or it would fill the heap instead of being measured.

npm brings both: the packages are installed into ``build/bench`` when they are first wanted.
"""

import asyncio
import contextlib
import json
import shutil
import socket
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from loadtests.bench.acceptance import RECEIVER, SENDER, WentWrong, checked
from loadtests.bench.axis import an_axis
from loadtests.bench.course import Course
from loadtests.bench.messages import Stencil, bare, sending
from loadtests.bench.processes import Child, DidNotStart, started
from loadtests.bench.rawclient import Line, NoAnswer, drive
from loadtests.bench.row import Goal, Row, absent, compared
from loadtests.bench.servers import CONSTANT
from simulator.words import Text

__all__ = ["PLACE", "steady", "stubs"]

PLACE = Path("build/bench")
_PACKAGES = ("wiremock@3.13.2", "mountebank@2.9.1")
_XPATH = "//*[local-name()='DocumentId']"
_WARM_BATCH = 2_000
_CLOCK = Text(en="on the clock, one core each", vi="theo đồng hồ, mỗi bên một nhân")
_CPU = Text(en="per CPU second", vi="trên mỗi giây CPU")
_STEADY = Text(en="steady", vi="ổn định")
_NOT_STEADY = Text(en="NOT steady", vi="CHƯA ổn định")
_WARMED = Text(
    en="{state} after {batches} batches of {size:,}, first {first:,.0f}/s, last {last:,.0f}/s",
    vi="{state} sau {batches} đợt {size:,} yêu cầu, đầu {first:,.0f}/s, cuối {last:,.0f}/s",
)
_LAST, _SPREAD = 4, 0.05
_LEAST, _MOST = 40, 80
_GOALS = {"wiremock": Goal(">=", 1.0), "mountebank": Goal(">=", 5.0)}
_SECONDS_TO_LISTEN = 60.0
_NO_PROGRAM = Text(
    en="{program} is not on this machine. On Debian: apt-get install npm default-jre-headless",
    vi="Máy này không có {program}. Trên Debian: apt-get install npm default-jre-headless",
)
_NOT_INSTALLED = Text(en="npm could not install {packages}: {why}", vi="npm không cài được {packages}: {why}")
_DID_NOT_START = Text(en="{name} did not start: {why}", vi="{name} không khởi động được: {why}")
_TITLES = {
    "wiremock": Text(
        en="8 KB: accepted by the axis : matched by a warmed-up WireMock, journal on",
        vi="8 KB: trục nhận : WireMock đã chạy nóng, có nhật ký, so khớp",
    ),
    "mountebank": Text(
        en="8 KB: accepted by the axis : matched by mountebank", vi="8 KB: trục nhận : mountebank so khớp"
    ),
}


class _Missing(Exception):
    """Something that the stubs need is not here."""

    def __init__(self, because: Text) -> None:
        super().__init__(because.en)
        self.because = because


def steady(rates: Sequence[float]) -> bool:
    """Whether the last four rates lie within 5 % of each other."""
    last = rates[-_LAST:]
    return len(last) == _LAST and max(last) <= min(last) * (1 + _SPREAD)


async def stubs(course: Course) -> list[Row]:
    """The rows of (b); absent ones where npm, node or java are missing."""
    found: dict[str, tuple[Child, int]] = {}
    missing: dict[str, Text] = {}
    async with contextlib.AsyncExitStack() as stack:
        for name, start in (("wiremock", _wiremock), ("mountebank", _mountebank)):
            try:
                await _installed(course)
                found[name] = await stack.enter_async_context(start(course))
            except _Missing as error:
                missing[name] = error.because
            except (DidNotStart, NoAnswer, OSError) as error:
                missing[name] = _DID_NOT_START.filled(name=name, why=error)
        columns, notes = await _measured(course, found) if found else ({}, {})
    rows = []
    for name, title in _TITLES.items():
        if name in missing:
            rows.append(absent(f"b.{name}", title, missing[name], _GOALS[name]))
            continue
        for key, what in (("clock", _CLOCK), ("cpu", _CPU)):
            rows.append(
                compared(
                    f"b.{name}" + (".cpu" if key == "cpu" else ""),
                    title,
                    "/s",
                    ours=columns[f"axis {key}"],
                    against=columns[f"{name} {key}"],
                    goal=_GOALS[name],
                    note=Text(en=f"{what.en}; {notes[name].en}", vi=f"{what.vi}; {notes[name].vi}"),
                )
            )
    return rows


async def _measured(
    course: Course, found: dict[str, tuple[Child, int]]
) -> tuple[dict[str, list[float]], dict[str, Text]]:
    columns: dict[str, list[float]] = defaultdict(list)
    async with an_axis(course.folder / "axis", core=course.server_core) as axis:
        system = axis.systems[SENDER]
        stencil = Stencil.of(8 * 1024, sender=system.unit, receivers=[axis.systems[RECEIVER].unit])
        notes = {name: await _warmed(course, name, port, stencil) for name, (_, port) in found.items()}
        count = course.pick(4_000, 300)
        subjects = {"axis": (axis.child, axis.port), **found}
        for turn in range(course.rounds + 1):
            course.say(f"b: {turn}/{course.rounds}")
            requests = [sending(system, package) for package in stencil.packages(turn * count, count)]
            for name, (child, port) in subjects.items():
                before = child.cpu()
                driven = checked(await drive(port, requests, expect=b'"OK"'), name)
                if turn:
                    columns[f"{name} clock"].append(driven.per_second)
                    columns[f"{name} cpu"].append(count / (child.cpu() - before))
            await _forget(found)
    return columns, notes


async def _warmed(course: Course, name: str, port: int, stencil: Stencil) -> Text:
    """Warm a stub up; says how long it took."""
    batch = [bare("sendEdoc", package) for package in stencil.packages(0, course.pick(_WARM_BATCH, 500))]
    await _discerns(name, port)
    rates: list[float] = []
    while len(rates) < course.pick(_LEAST, 4) or not (steady(rates) or len(rates) >= course.pick(_MOST, 5)):
        rates.append(checked(await drive(port, batch, expect=b'"OK"'), name).per_second)
        course.say(f"b: {name} warms up, {rates[-1]:,.0f}/s")
        if name == "wiremock":
            await _emptied(port)
    state = _STEADY if steady(rates) else _NOT_STEADY
    told = {"batches": len(rates), "size": len(batch), "first": rates[0], "last": rates[-1]}
    return Text(en=_WARMED.en.format(state=state.en, **told), vi=_WARMED.vi.format(state=state.vi, **told))


async def _discerns(name: str, port: int) -> None:
    """A stub that answered everything would be a constant server. Raises WentWrong."""
    async with Line(port) as line:
        if b'"OK"' in (await line.ask(bare("sendEdoc", b"<nothing/>"))).data:
            raise WentWrong(f"{name} answers OK to a body that its XPath does not match")


async def _forget(found: dict[str, tuple[Child, int]]) -> None:
    if "wiremock" in found:
        await _emptied(found["wiremock"][1])


async def _emptied(port: int) -> None:
    """WireMock's journal stays on, and empty."""
    async with Line(port) as line:
        await line.ask(b"DELETE /__admin/requests HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n")


# ---------------------------------------------------------------- getting and starting them


async def _installed(course: Course) -> None:
    """Both packages in ``build/bench/node_modules``. Raises _Missing."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            raise _Missing(_NO_PROGRAM.filled(program=program))
    if all((PLACE / "node_modules" / word.partition("@")[0]).is_dir() for word in _PACKAGES):
        return
    course.say(f"npm install {' '.join(_PACKAGES)}")
    npm = await asyncio.create_subprocess_exec(
        "npm", "install", "--prefix", str(PLACE), "--no-audit", "--no-fund", "--ignore-scripts", *_PACKAGES,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await npm.communicate()
    if npm.returncode:
        why = said.decode("utf-8", "replace").strip()[-300:]
        raise _Missing(_NOT_INSTALLED.filled(packages=" ".join(_PACKAGES), why=why))


@contextlib.asynccontextmanager
async def _wiremock(course: Course) -> AsyncIterator[tuple[Child, int]]:
    if shutil.which("java") is None:
        raise _Missing(_NO_PROGRAM.filled(program="java"))
    jar = next((PLACE / "node_modules" / "wiremock").rglob("wiremock-standalone-*.jar"), None)
    if jar is None:
        raise _Missing(_NOT_INSTALLED.filled(packages="wiremock", why="it holds no wiremock-standalone-*.jar"))
    root = course.folder / "wiremock"
    (root / "mappings").mkdir(parents=True)
    stub = {
        "request": {
            "method": "POST",
            "urlPath": "/sendEdoc",
            "bodyPatterns": [{"matchesXPath": _XPATH}],
        },
        "response": {"status": 200, "body": CONSTANT.decode(), "headers": {"Content-Type": "application/json"}},
    }
    (root / "mappings" / "sendEdoc.json").write_text(json.dumps(stub), "utf-8")
    port = _free_port()
    words = [
        "java", "-jar", str(jar), "--port", str(port), "--bind-address", "127.0.0.1", "--root-dir", str(root),
        "--use-chunked-encoding", "never", "--disable-banner",
    ]  # fmt: skip
    async with started(words, core=course.server_core) as child:
        await _listening(child, port)
        yield child, port


@contextlib.asynccontextmanager
async def _mountebank(course: Course) -> AsyncIterator[tuple[Child, int]]:
    script = (PLACE / "node_modules" / "mountebank" / "bin" / "mb").resolve()
    if not script.exists():
        raise _Missing(_NOT_INSTALLED.filled(packages="mountebank", why="it holds no bin/mb"))
    home = course.folder / "mountebank"
    home.mkdir()
    port = _free_port()
    answer = {
        "statusCode": 200,
        "headers": {
            "Content-Type": "application/json",
            "Content-Length": str(len(CONSTANT)),
            "Connection": "keep-alive",
        },
        "body": CONSTANT.decode(),
    }
    predicates = [
        {"equals": {"path": "/sendEdoc"}},
        {"exists": {"body": True}, "xpath": {"selector": _XPATH}},
    ]
    imposter = {
        "port": port,
        "protocol": "http",
        "host": "127.0.0.1",
        "stubs": [{"predicates": predicates, "responses": [{"is": answer}]}],
    }
    (home / "imposters.json").write_text(json.dumps({"imposters": [imposter]}), "utf-8")
    words = [
        "node", str(script), "start", "--configfile", str(home / "imposters.json"), "--port", str(_free_port()),
        "--host", "127.0.0.1", "--localOnly", "--nologfile", "--loglevel", "error", "--pidfile", str(home / "mb.pid"),
    ]  # fmt: skip
    async with started(words, core=course.server_core) as child:
        await _listening(child, port)
        yield child, port


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


async def _listening(child: Child, port: int) -> None:
    """Return when it answers anything. Raises DidNotStart."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_SECONDS_TO_LISTEN):
            while child.process.returncode is None:
                with contextlib.suppress(OSError):
                    async with Line(port) as line:
                        await line.ask(bare("nothing", b"<nothing/>"))
                    return
                await asyncio.sleep(0.1)
    raise DidNotStart(child.complaint() or f"nothing on port {port}")
