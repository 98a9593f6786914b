"""The ways to a SUT, over real pipes and sockets."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from conformance.sut import Connection, Silent
from conformance.sut.command import CommandDriver
from conformance.sut.driver import DriverFailed
from conformance.sut.http import HttpDriver
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
