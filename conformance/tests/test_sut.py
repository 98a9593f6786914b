"""The ways to a SUT, over real pipes and sockets."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from conformance.sut import Connection, Silent
from conformance.sut.command import CommandDriver
from conformance.sut.driver import DriverFailed
from conformance.sut.http import AT_ONCE, HttpDriver
from conformance.sut.reference import ReferenceDriver

CONNECTION = Connection("http://127.0.0.1:9", "sut.test.01", "made-up", "000.00.00.H98", "UBND")
ECHO = """
import json, os, sys
for line in sys.stdin:
    asked = json.loads(line)
    if asked["call"].endswith("/die"):
        sys.exit(3)
    if asked["call"].endswith("/noise"):
        print("hello", flush=True)
    elif asked["call"].endswith("/hang"):
        sys.stdin.readline()
    else:
        answer = {"asked": asked, "organ": os.environ["AXIS_ORGAN"]}
        print(json.dumps({"status": 200, "answer": answer}), flush=True)
"""


@asynccontextmanager
async def answering(raw: bytes) -> AsyncIterator[str]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(raw)
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def http(status: str, body: str) -> bytes:
    data = body.encode()
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(data)}\r\nConnection: close\r\n\r\n".encode() + data


@pytest.mark.parametrize(
    ("raw", "status", "error"),
    [
        (http("200 OK", '{"documents": []}'), 200, None),
        (http("200 OK", ""), 200, None),
        (http("501 Not Implemented", '{"error": "not offered"}'), 501, "not offered"),
        (http("502 Bad Gateway", "<html>nginx</html>"), 502, "nginx"),
        (http("200 OK", "<html>fine</html>"), 0, "no JSON"),
        (http("200 OK", "[1]"), 0, "no JSON"),
        (b"garbage\r\n\r\n", 0, "ProtocolError"),
    ],
)
async def test_an_http_answer_is_a_reply_or_says_why_not(raw: bytes, status: int, error: str | None) -> None:
    async with answering(raw) as url:
        driver = HttpDriver(url, timeout=120.0)
        await driver.start(CONNECTION)
        reply = await driver.call("GET", "/control/documents", {"box": "in"})
        await driver.stop()

    assert reply.status == status
    assert error is None or error in reply.answer["error"]


async def test_nobody_at_the_address_is_a_reply_too() -> None:
    driver = HttpDriver("http://127.0.0.1:9", timeout=120.0)
    before = await driver.call("POST", "/control/poll", {})
    await driver.start(CONNECTION)

    reply = await driver.call("POST", "/control/poll", {})
    await driver.stop()

    assert (before.status, reply.status) == (0, 0)
    assert "ConnectError" in reply.answer["error"]


class Adapter:
    """A test adapter that answers nothing until ``enough`` calls are in its hands, and then all of those."""

    def __init__(self, enough: int) -> None:
        self.enough = enough
        self.came = self.most = 0
        self._held: set[asyncio.Event] = set()
        self._tasks: set[asyncio.Task[None] | None] = set()

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._tasks.add(asyncio.current_task())
        await reader.readuntil(b"\r\n\r\n")
        mine = asyncio.Event()
        self._held.add(mine)
        self.came, self.most = self.came + 1, max(self.most, len(self._held))
        if len(self._held) >= self.enough:
            self.let_go()
        await mine.wait()
        with suppress(ConnectionError):
            writer.write(http("200 OK", "{}"))
            await writer.drain()
            writer.close()
            await writer.wait_closed()

    def let_go(self) -> None:
        for each in self._held:
            each.set()
        self._held.clear()

    async def end(self) -> None:
        self.enough = 1
        self.let_go()
        await asyncio.gather(*filter(None, self._tasks), return_exceptions=True)


@asynccontextmanager
async def slow(adapter: Adapter, seconds: float) -> AsyncIterator[HttpDriver]:
    server = await asyncio.start_server(adapter, "127.0.0.1", 0, backlog=512)
    driver = HttpDriver(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", timeout=seconds)
    await driver.start(CONNECTION)
    yield driver
    await driver.stop()
    await adapter.end()
    server.close()
    await server.wait_closed()


async def test_300_calls_at_once_are_made_a_few_at_a_time_and_all_answered() -> None:
    adapter = Adapter(enough=30)
    async with slow(adapter, seconds=30.0) as driver:
        replies = await asyncio.gather(*(driver.call("GET", "/control/documents", {}) for _ in range(300)))

    assert {reply.status for reply in replies} == {200}
    assert adapter.came == 300
    assert adapter.most <= AT_ONCE


async def test_a_wait_for_a_place_of_ours_is_never_said_to_be_the_systems() -> None:
    """The adapter answers nothing at all: each call times out by itself, after it went out."""
    adapter = Adapter(enough=10_000)
    async with slow(adapter, seconds=0.3) as driver:
        replies = await asyncio.gather(*(driver.call("GET", "/control/documents", {}) for _ in range(300)))
        polls = asyncio.gather(*(driver.call("GET", "/control/documents", {}) for _ in range(AT_ONCE)))
        poll = await driver.call("POST", "/control/poll", {})  # passes those that wait
        await polls

    errors = {reply.answer["error"].partition(":")[0] for reply in (*replies, poll)}
    assert "PoolTimeout" not in errors
    assert errors <= {"ReadTimeout", "ConnectTimeout"}
    assert adapter.came > 300 or "ConnectTimeout" in errors


@pytest.fixture
def program(tmp_path: Path) -> list[str]:
    path = tmp_path / "echo.py"
    path.write_text(ECHO)
    return [sys.executable, str(path)]


async def test_a_program_is_asked_line_by_line_and_knows_the_axis(program: list[str]) -> None:
    driver = CommandDriver(program, timeout=120.0)
    await driver.start(CONNECTION)

    replies = await asyncio.gather(*(driver.call("POST", "/control/act", {"số": n}) for n in range(5)))
    await driver.stop()

    assert [reply.answer["asked"]["request"]["số"] for reply in replies] == list(range(5))
    assert replies[0].answer["organ"] == CONNECTION.organ


async def test_a_program_that_dies_hangs_or_babbles_is_started_anew(program: list[str]) -> None:
    impatient, driver = CommandDriver(program, timeout=0.5), CommandDriver(program, timeout=120.0)
    await impatient.start(CONNECTION)
    await driver.start(CONNECTION)

    dead = await driver.call("POST", "/die", {})
    noise = await driver.call("POST", "/noise", {})
    hanging = await impatient.call("POST", "/hang", {})
    fine = await driver.call("POST", "/control/poll", {})
    await impatient.stop()
    await driver.stop()
    await driver.stop()

    assert "ended" in dead.answer["error"]
    assert "no answer line" in noise.answer["error"]
    assert "TimeoutError" in hanging.answer["error"]
    assert fine.ok


async def test_a_program_that_does_not_exist_is_said_at_the_start() -> None:
    with pytest.raises(DriverFailed, match="no-such-program"):
        await CommandDriver(["no-such-program"], timeout=1.0).start(CONNECTION)


async def test_where_nobody_is_asked_nothing_is_offered() -> None:
    silent = Silent()
    await silent.start(CONNECTION)

    reply = await silent.call("POST", "/control/send", {})
    await silent.stop()

    assert reply.status == 501


async def test_a_reference_that_cannot_start_is_said_with_its_own_words(tmp_path: Path) -> None:
    driver = ReferenceDriver(tmp_path, log=tmp_path / "sut.log", mutant="no-such-mutant", timeout=5.0)

    with pytest.raises(DriverFailed, match="no-such-mutant"):
        await driver.start(CONNECTION)

    assert (await driver.call("POST", "/control/poll", {})).status == 0
    assert json.dumps(CONNECTION.secret) not in (tmp_path / "sut.log").read_text()
