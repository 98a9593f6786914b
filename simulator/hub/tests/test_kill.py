"""Kill -9 in the middle of 1,000 sends: what was acknowledged is there, once."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from simulator.hub.tests.axis import OTHER, SYSTEM, THIRD, Line, ask, edoc, raw, request, sending

SENDS, CONNECTIONS, KILL_AFTER = 1_000, 8, 400

PROGRAM = """
import asyncio, sys
from pathlib import Path
from simulator.hub.serve import HubServer, event_loop
from simulator.hub.tests.axis import a_hub

async def run(data):
    async with a_hub(Path(data)) as hub, HubServer(hub) as server:
        print(server.url, flush=True)
        await asyncio.Event().wait()

with asyncio.Runner(loop_factory=event_loop) as runner:
    runner.run(run(*sys.argv[1:]))
"""


@asynccontextmanager
async def axis_process(data: Path) -> AsyncIterator[tuple[str, Process]]:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", PROGRAM, str(data), stdout=PIPE)
    try:
        assert process.stdout is not None
        async with asyncio.timeout(120):
            url = (await process.stdout.readline()).decode().strip()
        yield url, process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.communicate()


async def test_after_kill_9_every_acknowledged_document_is_there_once(tmp_path: Path) -> None:
    large = "x" * 100_000  # some bodies lie in files
    packages = [edoc(n, to=[OTHER, THIRD], content=large if n % 50 == 0 else "") for n in range(SENDS)]
    acknowledged: dict[int, str] = {}

    async with axis_process(tmp_path) as (url, process):

        async def send_some(numbers: range) -> None:
            async with await Line.to(url) as line:
                for number in numbers:
                    answer = await line.ask(raw(sending(packages[number])))
                    acknowledged[number] = answer.json["DocId"]
                    if len(acknowledged) == KILL_AFTER:
                        process.kill()

        workers = [send_some(range(first, SENDS, CONNECTIONS)) for first in range(CONNECTIONS)]
        results = await asyncio.gather(*workers, return_exceptions=True)
        assert all(isinstance(result, OSError | asyncio.IncompleteReadError) for result in results)
    assert KILL_AFTER <= len(acknowledged) < SENDS

    async with axis_process(tmp_path) as (url, _):
        after_restart = await ask(url, request("getSentEdocList"))
        kept = Counter(row["senderDocId"] for row in after_restart.json["data"])
        assert set(acknowledged.values()) <= set(kept)
        assert set(kept.values()) == {2}  # one delivery to each of the two receivers

        # Every client now repeats whatever it is not sure of; nobody gets anything twice.
        for number in range(SENDS):
            if number % 4 == 0 or number not in acknowledged:
                answer = await ask(url, sending(packages[number]))
                assert acknowledged.setdefault(number, answer.json["DocId"]) == answer.json["DocId"]

        for receiver in (OTHER, THIRD):
            listed = await ask(url, request("getReceivedEdocList", system=receiver))
            assert len(listed.json["data"]) == SENDS
        sent = await ask(url, request("getSentEdocList"))
        assert Counter(row["notation"] for row in sent.json["data"]) == {f"{n}/TN": 2 for n in range(SENDS)}
        assert {row["senderDocId"] for row in sent.json["data"]} == set(acknowledged.values())
        assert sent.json["data"][0]["fromCode"] == SYSTEM
