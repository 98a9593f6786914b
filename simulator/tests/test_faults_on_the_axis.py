"""Faults over real sockets, between a real hub and a real client."""

from pathlib import Path

import pytest

from simulator.agency.client import AxisClient, AxisUnreachable, Refusal
from simulator.clock import SystemClock
from simulator.faults.fault import Whom
from simulator.protocol import codec
from simulator.protocol.package import Code, Package, Party
from simulator.topology import parse
from simulator.world import World, WorldConfig

TOPOLOGY = parse(
    """
name = "two"
[[node]]
system_id = "sim.a"
[[node.unit]]
code = "G22"
[[node]]
system_id = "sim.b"
[[node.unit]]
code = "H41"
""",
    origin="two",
)
SENDER = Whom(system_id="sim.a")
RECEIVER = Whom(system_id="sim.b")


def world(data: Path) -> World:
    return World(WorldConfig(data=data, topology=TOPOLOGY, control_port=None, living=False))


def acting(place: World, system_id: str) -> AxisClient:
    return AxisClient(place.url, system_id, place.hub.credentials[system_id][0], clock=SystemClock(), timeout=60.0)


def letter() -> bytes:
    return codec.encode(
        Package(
            sender=Party(organ_id="G22"),
            receivers=(Party(organ_id="H41"),),
            document_id="G22,2026/11/21,12/VP",
            code=Code("12", "VP"),
            subject="Về việc thử nghiệm",
        )
    )


async def send(client: AxisClient):
    return await client.send(letter(), sender="G22", message_type="edoc")


async def test_a_document_whose_answer_was_lost_is_stored_once(tmp_path: Path):
    async with world(tmp_path) as place, acting(place, "sim.a") as sender, acting(place, "sim.b") as receiver:
        running = await place.faults.begin("dropped-after", whom=SENDER, times=2)

        with pytest.raises(AxisUnreachable):
            await send(sender)
        again = await send(sender)

        assert running.strikes == 2  # the client itself had repeated once, as both stacks of the SDK do
        assert again.ok
        assert len((await receiver.received("edoc")).items) == 1


async def test_half_an_answer_and_a_dropped_one_are_no_answers(tmp_path: Path):
    async with world(tmp_path) as place, acting(place, "sim.a") as sender, acting(place, "sim.b") as receiver:
        await send(sender)
        delivery = str((await receiver.received("edoc")).items[0]["docId"])

        await place.faults.begin("half-answer", whom=RECEIVER, times=2)
        with pytest.raises(AxisUnreachable):
            await receiver.fetch(delivery)
        await place.faults.begin("dropped-before", whom=RECEIVER, times=2)
        with pytest.raises(AxisUnreachable):
            await receiver.fetch(delivery)
        whole = await receiver.fetch(delivery)

        assert whole == letter()
        assert (await send(sender)).ok  # the other system noticed nothing


async def test_a_page_and_no_base64_are_told_apart_from_a_package(tmp_path: Path):
    async with world(tmp_path) as place, acting(place, "sim.a") as sender, acting(place, "sim.b") as receiver:
        await send(sender)
        delivery = str((await receiver.received("edoc")).items[0]["docId"])

        await place.faults.begin("html-page", whom=RECEIVER, times=1)
        await place.faults.begin("broken-base64", whom=RECEIVER, times=1)

        with pytest.raises(AxisUnreachable):
            await receiver.received("edoc")
        with pytest.raises(Refusal):
            await receiver.fetch(delivery)
        assert await receiver.download(delivery) == letter()


async def test_an_axis_that_is_down_refuses_connections_and_comes_back_at_the_same_address(tmp_path: Path):
    async with world(tmp_path) as place, acting(place, "sim.a") as sender:
        address = place.url
        assert (await sender.agencies()).ok

        down = await place.faults.begin("axis-down")
        with pytest.raises(AxisUnreachable):
            await sender.agencies()
        await place.faults.lift(down)

        assert place.url == address
        assert (await sender.agencies()).ok


async def test_after_a_restart_a_client_that_kept_its_connection_is_served(tmp_path: Path):
    async with world(tmp_path) as place, acting(place, "sim.a") as sender:
        assert (await send(sender)).ok

        await place.faults.begin("axis-restart", seconds=0.0)

        assert place.faults.running == ()
        assert (await sender.agencies()).ok
        assert place.hub.credentials["sim.a"][1]  # the hub itself went on


async def test_a_world_that_is_left_while_the_axis_is_down_ends_cleanly(tmp_path: Path):
    async with world(tmp_path) as place:
        await place.faults.begin("axis-down")

    async with world(tmp_path) as again, acting(again, "sim.a") as sender:
        assert (await sender.agencies()).ok
