"""Faults of an axis that several processes carry: one board for all of them."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from simulator.agency.client import AxisClient
from simulator.clock import SystemClock
from simulator.hub.tests import database
from simulator.tests.test_faults_on_the_axis import TOPOLOGY, letter
from simulator.world import World, WorldConfig

CONNECTIONS = 12


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    if why := database.missing():
        pytest.skip(why)
    with database.server() as server, database.Schemas(server) as schemas:
        yield schemas.lend()


@asynccontextmanager
async def two_workers(data: Path, address: str) -> AsyncIterator[World]:
    config = WorldConfig(data, TOPOLOGY, control_port=None, living=False, store=address, workers=2)
    async with World(config) as place:
        await place.hub.reset()
        yield place


async def on_many_connections(place: World, system_id: str, call: Any) -> list[Any]:
    """What ``call`` gives to each of some clients with connections of their own, so that both workers are asked."""

    async def one() -> Any:
        secret = place.hub.credentials[system_id][0]
        async with AxisClient(place.url, system_id, secret, clock=SystemClock(), timeout=60.0) as client:
            return await call(client)

    return await asyncio.gather(*(one() for _ in range(CONNECTIONS)))


async def listed(client: AxisClient) -> tuple[str, ...]:
    return tuple(sorted(str(item["docId"]) for item in (await client.received("edoc")).items))


async def sent(client: AxisClient) -> str:
    answer = await client.send(letter(), sender="G22", message_type="edoc")
    return "OK" if answer.ok else "FAIL"


async def test_a_fault_that_remembers_is_the_same_whichever_process_is_asked(tmp_path: Path, address: str) -> None:
    async with two_workers(tmp_path, address) as place:
        await on_many_connections(place, "sim.a", sent)
        [(original,)] = set(await on_many_connections(place, "sim.b", listed))

        running = await place.faults.begin("delivers-twice")
        [both] = set(await on_many_connections(place, "sim.b", listed))
        (twin,) = set(both) - {original}
        await on_many_connections(place, "sim.b", lambda client: client.fetch(original))
        twins = set(await on_many_connections(place, "sim.b", lambda client: client.fetch(twin)))
        async with AxisClient(place.url, "sim.b", place.hub.credentials["sim.b"][0], clock=SystemClock()) as client:
            await client.confirm(twin, "done")
        after = set(await on_many_connections(place, "sim.b", listed))
        strikes = running.strikes
        await place.faults.lift(running)

        assert twins == {letter()}
        assert after == {(original,)}
        assert strikes >= 2 * CONNECTIONS + 1
        assert running.strikes == strikes


async def test_a_fault_hits_as_often_as_it_was_told_to_in_all_processes_together(tmp_path: Path, address: str) -> None:
    async with two_workers(tmp_path, address) as place:
        assert set(await on_many_connections(place, "sim.a", sent)) == {"OK"}
        running = await place.faults.begin("refuses-package", times=5)

        answers = await on_many_connections(place, "sim.a", sent)

        assert (answers.count("FAIL"), running.strikes) == (5, 5)


async def test_a_worker_that_takes_the_place_of_a_dead_one_knows_the_faults(tmp_path: Path, address: str) -> None:
    async with two_workers(tmp_path, address) as place:
        assert place.workers is not None
        await place.faults.begin("refuses-package")
        before = place.workers.pids
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        async with asyncio.timeout(120):
            while set(before) & set(place.workers.pids):  # noqa: ASYNC110  # what is waited for is another process
                await asyncio.sleep(0.02)

        assert set(await on_many_connections(place, "sim.a", sent)) == {"FAIL"}
        await place.faults.lift_all()
        assert set(await on_many_connections(place, "sim.a", sent)) == {"OK"}


async def test_several_processes_are_not_switched_off_as_if_they_were_one(tmp_path: Path, address: str) -> None:
    async with two_workers(tmp_path, address) as place:
        with pytest.raises(RuntimeError, match="no server"):
            await place.faults.begin("axis-down")

        assert place.faults.running == ()
        assert set(await on_many_connections(place, "sim.a", sent)) == {"OK"}
