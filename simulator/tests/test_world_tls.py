"""A world behind https: its agencies live on the plain wire, whoever comes from outside meets TLS alone."""

import asyncio
import json
import socket
import ssl
from pathlib import Path

import pytest

from simulator.agency.client import AxisClient, AxisUnreachable
from simulator.clock import SystemClock
from simulator.hub.tls_line import TlsEvent
from simulator.pki.authorities import Pki
from simulator.protocol import codec
from simulator.tests.test_world import PlainLetters, Watcher, config, letter
from simulator.world import World


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return Pki.make(tmp_path_factory.mktemp("pki") / "pki", SystemClock().now())


def outside(world: World, pki: Pki | None) -> AxisClient:
    credentials = json.loads(world.credentials_file.read_text("utf-8"))
    trust = ssl.create_default_context(cafile=str(pki.trust / "tls-ca.pem")) if pki else None
    secret = credentials["sut.test.01"]["secret"]
    return AxisClient(world.outer_url, "sut.test.01", secret, clock=SystemClock(), verify=trust)


async def test_an_agency_answers_one_who_came_by_https(tmp_path: Path, pki: Pki) -> None:
    async with World(config(tmp_path, tls=pki), letters=PlainLetters()) as world, outside(world, pki) as client:
        watcher = Watcher()
        world.hub.witnesses.add(watcher)

        sent = await client.send(codec.encode(letter()), sender="000.00.00.H98", message_type="edoc")
        await watcher.until(lambda: len(watcher.accepted("status")) >= 2)

        assert sent.ok
        assert world.outer_url.startswith("https://")
        assert world.url.startswith("http://")
        assert world.ready()["url"] == world.outer_url


async def test_one_without_the_authority_stays_out(tmp_path: Path, pki: Pki) -> None:
    async with World(config(tmp_path, tls=pki, living=False)) as world, outside(world, None) as client:
        assert world.front is not None
        told: asyncio.Queue[TlsEvent] = asyncio.Queue()
        world.front.watchers.append(told.put_nowait)

        with pytest.raises(AxisUnreachable, match="certificate verify failed"):
            await client.received("edoc")

        async with asyncio.timeout(120):
            event = await told.get()
        assert (event.event, event.certificate, event.sent) == ("refused", "good", 0)


async def test_an_axis_that_is_down_is_down_at_its_https_address_too(tmp_path: Path, pki: Pki) -> None:
    async with World(config(tmp_path, tls=pki, living=False)) as world, outside(world, pki) as client:
        await client.received("edoc")
        running = await world.faults.begin("axis-down")
        port = int(world.outer_url.rpartition(":")[2])

        with pytest.raises(AxisUnreachable):
            await client.received("edoc")
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), timeout=60)
        await world.faults.lift(running)

        assert (await client.received("edoc")).ok
        assert int(world.outer_url.rpartition(":")[2]) == port
