"""Several processes on one truth: what one is told the others know; who dies takes nothing acknowledged along."""

import asyncio
import os
import signal
import socket
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from simulator.clock import SystemClock
from simulator.hub import workers
from simulator.hub.hub import Hub
from simulator.hub.tests import database
from simulator.hub.tests.axis import (
    OTHER,
    SECRET,
    THIRD,
    TOPOLOGY,
    Answer,
    Line,
    ask,
    edoc,
    raw,
    request,
    sending,
)
from simulator.hub.trouble import WorkersGone
from simulator.hub.workers import Order, Workers
from simulator.protocol.profile import Profile
from simulator.topology import Unit

SENDS, CONNECTIONS = 600, 8


@asynccontextmanager
async def a_crew(address: str, data: Path, count: int = 2, **options: Any) -> AsyncIterator[tuple[str, Hub, Workers]]:
    """An axis with ``count`` workers: its URL, the owner's hub (what a control API speaks to), and the workers."""
    hub = Hub.open(data, TOPOLOGY, profile=Profile(), clock=SystemClock(), seed=7, address=address)
    listener = socket.create_server(("127.0.0.1", 0), backlog=512)
    listener.setblocking(False)
    try:
        for node in TOPOLOGY.nodes:
            await hub.add_system(node.system_id, node.units, SECRET, passive=node.passive)
        order = Order(data, address, TOPOLOGY, Profile(), 7)
        async with Workers(order, listener, count, **options) as crew:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}", hub, crew
    finally:
        listener.close()
        await hub.close()


async def until(condition: Callable[[], bool], seconds: float = 120.0) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110  # what is waited for is another process
            await asyncio.sleep(0.02)


async def asked_of_all(url: str, crew: Workers, wanted: Any) -> list[Answer]:
    """The same question on many connections, so that every worker is asked."""
    return await asyncio.gather(*(ask(url, wanted) for _ in range(12)))


async def sent_through_trouble(
    url: str, packages: list[bytes], trouble: Callable[[], Any], after: int
) -> dict[int, str]:
    """Send every package on some connections, again where no answer came, and call ``trouble`` after so many."""
    acknowledged: dict[int, str] = {}
    begun = asyncio.Event()

    async def send_some(numbers: range) -> None:
        for number in numbers:
            while number not in acknowledged:
                with suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
                    async with await Line.to(url) as line:
                        answer = (await line.ask(raw(sending(packages[number])))).json
                        if answer["status"] == "OK":
                            acknowledged[number] = answer["DocId"]
                            continue
                await asyncio.sleep(0.02)
            if len(acknowledged) >= after:
                begun.set()

    async def make_trouble() -> None:
        await begun.wait()
        await trouble()

    async with asyncio.timeout(120), asyncio.TaskGroup() as group:
        group.create_task(make_trouble())
        for first in range(CONNECTIONS):
            group.create_task(send_some(range(first, len(packages), CONNECTIONS)))
    return acknowledged


async def everything_is_there_once(url: str, acknowledged: dict[int, str]) -> None:
    sent = (await ask(url, request("getSentEdocList"))).json["data"]
    assert set(acknowledged.values()) <= {row["senderDocId"] for row in sent}
    assert Counter(row["notation"] for row in sent) == {f"{n}/TN": 2 for n in acknowledged}
    for receiver in (OTHER, THIRD):
        listed = (await ask(url, request("getReceivedEdocList", system=receiver))).json["data"]
        assert len(listed) == len(acknowledged)


# ---------------------------------------------------------------- one truth


async def test_what_one_process_is_told_every_other_knows_at_once(postgres_schema: str, tmp_path: Path) -> None:
    async with a_crew(postgres_schema, tmp_path) as (url, hub, crew):
        await asked_of_all(url, crew, request("getReceivedEdocList"))  # so all of them have looked at the directory

        await hub.add_system("late", [Unit(code="LATE")], SECRET)
        answers = await asked_of_all(url, crew, request("getReceivedEdocList", system="late"))
        assert {answer.json["status"] for answer in answers} == {"OK"}

        # One worker registers a unit, another sends to it, whoever they are.
        made = await ask(url, request("registerAgency", body=b'{"code":"A1","name":"A"}', system=OTHER))
        assert made.json["status"] == "OK"
        sent = await asyncio.gather(*(ask(url, sending(edoc(number, to=["A1"]))) for number in range(12)))
        assert {answer.json["status"] for answer in sent} == {"OK"}
        assert hub.directory.resolve("A1") is not None
        gone = await ask(url, request("deleteAgency", {"AgencyCode": "A1"}, b"{}", system=OTHER))
        assert gone.json["status"] == "OK"
        late = await asyncio.gather(*(ask(url, sending(edoc(number, to=["A1"]))) for number in range(20, 32)))
        assert {answer.json["status"] for answer in late} == {"FAIL"}


async def test_what_workers_did_reaches_the_owner_and_a_reset_reaches_the_workers(
    postgres_schema: str, tmp_path: Path
) -> None:
    async with a_crew(postgres_schema, tmp_path) as (url, hub, crew):
        first = (await ask(url, sending(edoc()))).json["DocId"]
        again = {answer.json["DocId"] for answer in await asked_of_all(url, crew, sending(edoc()))}
        assert again == {first}
        assert [fact["fact"] for fact in hub.facts()][:2] == ["accepted", "opened"]

        await hub.reset()

        lists = await asked_of_all(url, crew, request("getReceivedEdocList", system=OTHER))
        assert [answer.json["data"] for answer in lists] == [[]] * 12
        assert (await ask(url, sending(edoc()))).json["DocId"] != first
        assert hub.facts()[0]["n"] == 1


# ---------------------------------------------------------------- crashes


async def test_a_killed_worker_is_replaced_and_nothing_acknowledged_is_lost(
    postgres_schema: str, tmp_path: Path
) -> None:
    large = "x" * 100_000  # some bodies lie in files
    packages = [edoc(n, to=[OTHER, THIRD], content=large if n % 50 == 0 else "") for n in range(SENDS)]
    async with a_crew(postgres_schema, tmp_path) as (url, _, crew):
        before = crew.pids

        async def kill_both_in_turn() -> None:
            for pid in before:
                os.kill(pid, signal.SIGKILL)
                await until(lambda pid=pid: pid not in crew.pids and len(crew.pids) == 2)

        acknowledged = await sent_through_trouble(url, packages, kill_both_in_turn, after=100)

        assert len(acknowledged) == SENDS
        assert not set(before) & set(crew.pids)
        await everything_is_there_once(url, acknowledged)


async def test_workers_that_cannot_start_are_a_clear_sentence(postgres_schema: str, tmp_path: Path) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    order = Order(tmp_path, postgres_schema, TOPOLOGY, Profile(), 7)  # nobody has made the tables

    with listener, pytest.raises(WorkersGone) as trouble:
        async with Workers(order, listener, 2):
            pass

    assert "has format 0" in trouble.value.because.en
    assert "định dạng 0" in trouble.value.because.vi


async def test_workers_that_keep_dying_are_given_up_in_the_end(
    postgres_schema: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "_MOST_DEATHS", 2)
    told: list[WorkersGone] = []
    async with a_crew(postgres_schema, tmp_path, count=1, on_failure=told.append) as (_, _, crew):
        while not told:
            if crew.pids:
                with suppress(ProcessLookupError):
                    os.kill(crew.pids[0], signal.SIGKILL)
            await asyncio.sleep(0.05)

    assert "keep dying" in told[0].because.en


@pytest.mark.skipif(database.binaries() is None, reason="no PostgreSQL server of our own to crash")
async def test_a_crash_of_the_database_loses_nothing_acknowledged(tmp_path: Path) -> None:
    packages = [edoc(n, to=[OTHER, THIRD]) for n in range(SENDS)]
    with database.own_cluster() as cluster:
        async with a_crew(cluster.address, tmp_path) as (url, hub, _):

            async def crash() -> None:
                await asyncio.to_thread(cluster.stop, "immediate")
                await asyncio.to_thread(cluster.start)

            acknowledged = await sent_through_trouble(url, packages, crash, after=100)

            assert len(acknowledged) == SENDS
            await everything_is_there_once(url, acknowledged)
            assert await hub.register(OTHER, code="A1", parent="", name="", mail="") is None  # the owner is back, too
