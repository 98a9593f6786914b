"""Large packages go through files: nobody holds them, and nothing else changes."""

import asyncio
import base64
import hashlib
import json
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from simulator.hub.bodies import LARGE, LargeRequest, Upload
from simulator.hub.tests.axis import (
    OTHER,
    SYSTEM,
    Answer,
    Line,
    Seen,
    a_hub,
    an_axis,
    ask,
    raw,
    request,
    sending,
    with_files,
)
from simulator.hub.web import Web
from simulator.protocol.profile import Profile, Transit
from simulator.wire import Cut, Outcome, Request

BLOCK = base64.b64encode(Random(5).randbytes(768 * 1024))
FULL = Path("/dev/full")
GROWTH = 64 * 1024  # KB
PROGRAM = """
import asyncio, sys
from dataclasses import replace
from pathlib import Path
from simulator.hub.serve import HubServer, event_loop
from simulator.hub.tests.axis import a_hub
from simulator.protocol.profile import Profile

async def run(data):
    profile = replace(Profile(), limits=replace(Profile().limits, package_bytes=300_000_000))
    async with a_hub(Path(data), profile=profile) as hub, HubServer(hub) as server:
        print(server.url, flush=True)
        await asyncio.Event().wait()

with asyncio.Runner(loop_factory=event_loop) as runner:
    runner.run(run(*sys.argv[1:]))
"""


def large(number: int = 1, size: int = 2 * LARGE) -> bytes:
    return with_files(("a.pdf", b"%PDF" + Random(number).randbytes(size)), form="raw", number=number)


def zipped(size: int = 2 * LARGE) -> tuple[bytes, bytes]:
    data = Random(3).randbytes(size)
    return with_files(("a.docx", data), form="zip-2019"), data


async def delivery(url: str) -> str:
    rows = (await ask(url, request("getReceivedEdocList", system=OTHER))).json["data"]
    return str(rows[0]["docId"])


async def both(url: str) -> tuple[bytes, bytes]:
    """What downloadEdoc and getEdoc give for the first package on the list."""
    arguments = {"docId": await delivery(url)}
    down = await ask(url, request("downloadEdoc", arguments, system=OTHER, method="GET"))
    got = await ask(url, request("getEdoc", arguments, system=OTHER))
    return down.body, base64.b64decode(str(got.json["data"]))


def files(data: Path) -> list[str]:
    return sorted(file.name for file in (data / "blobs").glob("*/*"))


async def test_a_large_package_arrives_as_it_was_sent_and_its_files_are_found(tmp_path: Path) -> None:
    data, file = zipped()
    seen = Seen()
    async with an_axis(tmp_path) as axis:
        axis.hub.witnesses.add(seen)
        sent = await ask(axis.url, sending(data))

        assert sent.json["status"] == "OK"
        assert await both(axis.url) == (data, data)
        assert await axis.hub.attachment(hashlib.sha256(file).hexdigest()) == file
        assert files(tmp_path) == [hashlib.sha256(data).hexdigest()]
        (accepted,) = seen.named("accepted")
        assert (accepted["size"], accepted["package"]) == (len(data), hashlib.sha256(data).hexdigest())


async def test_witnesses_see_large_bodies_whole(tmp_path: Path) -> None:
    class Reader(Seen):
        def exchange(self, exchange: object) -> None:
            self.exchanges.append((exchange.operation, exchange.request_body, exchange.response_body))  # type: ignore

    seen, data = Reader(), large()
    async with an_axis(tmp_path) as axis:
        axis.hub.witnesses.add(seen)
        await ask(axis.url, sending(data))
        await both(axis.url)

        by_name = {name: (asked, answered) for name, asked, answered in seen.exchanges}
        assert by_name["sendEdoc"][0] == data + b"\r\n"
        assert by_name["downloadEdoc"][1] == data
        assert json.loads(by_name["getEdoc"][1])["data"] == base64.b64encode(data).decode()


@pytest.mark.parametrize("end", [b"", b"\r\n"], ids=["bare", "with line end"])
@pytest.mark.parametrize("part", [b"file", b"base64"])
async def test_every_form_of_a_body_is_taken_large_too(tmp_path: Path, part: bytes, end: bytes) -> None:
    data = large()
    body = base64.b64encode(data) if part == b"base64" else data
    async with an_axis(tmp_path) as axis:
        answer = await ask(axis.url, replace(sending(data), body=body + end))

        assert answer.json["status"] == "OK"
        assert (await both(axis.url))[0] == data


async def test_a_digest_over_the_line_end_is_taken_large_too(tmp_path: Path) -> None:
    data = large() + b"\r\n"
    async with an_axis(tmp_path) as axis:
        answer = await ask(axis.url, replace(sending(data), body=data))

        assert answer.json["status"] == "OK"
        assert (await both(axis.url))[0] == data


BROKEN = {
    "another digest": (lambda data: replace(sending(data + b" "), body=data), "21"),
    "no packet": (lambda data: sending(b"<x>" + data[40:]), "22"),
    "no digest": (lambda data: request("sendEdoc", {"from": SYSTEM, "messagetype": "edoc"}, data), "21"),
    "wrong type": (lambda data: sending(data, message_type="status"), "22"),
    "stranger": (lambda data: replace(sending(data, system=OTHER), body=data), "19"),
}


@pytest.mark.parametrize("why", BROKEN)
async def test_a_large_package_is_refused_like_a_small_one_and_leaves_no_file(tmp_path: Path, why: str) -> None:
    wanted, code = BROKEN[why]
    async with an_axis(tmp_path) as axis:
        answer = await ask(axis.url, wanted(large()))
        small = await ask(axis.url, wanted(large(size=100)))

        assert (answer.json["status"], answer.json["ErrorCode"]) == ("FAIL", code)
        assert small.json["ErrorCode"] == code
        assert list((tmp_path / "blobs" / "arriving").iterdir()) == []


async def test_a_large_package_sent_again_is_a_repeat(tmp_path: Path) -> None:
    async with an_axis(tmp_path) as axis:
        first, second = [(await ask(axis.url, sending(large()))).json["DocId"] for _ in range(2)]

        assert first == second
        assert len(files(tmp_path)) == 1


async def test_a_client_that_hangs_up_within_a_large_body_leaves_no_file(tmp_path: Path) -> None:
    async with an_axis(tmp_path) as axis:
        async with await Line.to(axis.url) as line:
            await line.write(raw(sending(large()))[:-10])
        await ask(axis.url, sending(large(2)))

        assert axis.hub.count(OTHER, "edoc") == 1
        async with asyncio.timeout(120):
            while list((tmp_path / "blobs" / "arriving").iterdir()):
                await ask(axis.url, request("countReceiveEdoc"))


async def test_a_profile_that_rebuilds_reads_large_packages_whole(tmp_path: Path) -> None:
    data = large()
    async with an_axis(tmp_path, profile=replace(Profile(), transit=Transit.REBUILD)) as axis:
        assert (await ask(axis.url, sending(data))).json["status"] == "OK"

        assert b"00.00.W00" in (await both(axis.url))[0]


async def test_a_fault_gets_large_bodies_whole(tmp_path: Path) -> None:
    class Halved:
        async def carry(self, request: Request, answer: object) -> Outcome:
            assert request.operation != "sendEdoc" or request.body.endswith(b"\r\n")
            outcome = await answer(request)  # type: ignore[operator]
            if request.operation == "sendEdoc":
                outcome = await answer(request)  # type: ignore[operator]
            return Cut(outcome, len(outcome.body) // 2) if request.operation == "downloadEdoc" else outcome

    data = large()
    async with an_axis(tmp_path, line=Halved()) as axis, await Line.to(axis.url) as line:
        assert (await ask(axis.url, sending(data))).json["status"] == "OK"
        await line.write(raw(request("downloadEdoc", {"docId": await delivery(axis.url)}, system=OTHER)))

        async with asyncio.timeout(120):
            received = (await line.reader.read()).split(b"\r\n\r\n", 1)[1]

        assert received == data[: len(data) // 2]


@pytest.mark.skipif(not FULL.exists(), reason="there is no full disk here")
async def test_a_full_disk_is_told_and_nothing_is_acknowledged(tmp_path: Path) -> None:
    wanted = sending(large())
    with FULL.open("w+b", buffering=0) as full:  # noqa: ASYNC230  # a device
        upload = Upload(lambda: full)
        upload.write(wanted.body)
    async with a_hub(tmp_path) as hub:
        answer = await Web(hub).answer(LargeRequest("POST", wanted.path, wanted.headers, upload))

        assert json.loads(answer.body)["ErrorCode"] == "20"
        assert hub.count(OTHER, "edoc") == 0


# ---------------------------------------------------------------- memory


@asynccontextmanager
async def axis_process(data: Path) -> AsyncIterator[tuple[str, int]]:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", PROGRAM, str(data), stdout=PIPE)
    assert process.stdout is not None
    try:
        async with asyncio.timeout(120):
            yield (await process.stdout.readline()).decode().strip(), process.pid
    finally:
        process.kill()
        await process.wait()


def peak(pid: int) -> int:
    """The most memory that a process has ever held, in KB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1])


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
async def test_two_hundred_megabytes_pass_in_little_memory(tmp_path: Path) -> None:
    frame = with_files(("a.pdf", b"%PDF-x"), form="raw")
    before, after = frame.split(base64.b64encode(b"%PDF-x"))
    digest = hashlib.sha256()
    for part in parts(before, after):
        digest.update(part)
    size = len(before) + 200 * len(BLOCK) + len(after)
    wanted = sending(b"")
    signed = {"from": SYSTEM, "messagetype": "edoc", "hash-file": digest.hexdigest()}
    head = raw(request("sendEdoc", signed), length=size)
    async with axis_process(tmp_path) as (url, pid):
        assert (await ask(url, wanted)).json["status"] == "FAIL"  # everything is imported
        begun = peak(pid)
        async with await Line.to(url) as line:
            await line.write(head)
            for part in parts(before, after):
                await line.write(part)
            assert (await line.read()).json["status"] == "OK"
        arguments = {"docId": await delivery(url)}
        down = await ask(url, request("downloadEdoc", arguments, system=OTHER))
        assert hashlib.sha256(down.body).digest() == digest.digest()
        got: Answer = await ask(url, request("getEdoc", arguments, system=OTHER))
        assert len(got.body) > size * 4 // 3
        grown = peak(pid) - begun

    assert grown < GROWTH


def parts(before: bytes, after: bytes) -> Iterator[bytes]:
    yield before
    for _ in range(200):
        yield BLOCK
    yield after
