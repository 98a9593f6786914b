import asyncio
import json
import stat
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from simulator.agency.client import AxisClient
from simulator.clock import SystemClock
from simulator.hub import events
from simulator.hub.trouble import CannotListen, HubError
from simulator.protocol import codec
from simulator.protocol.package import Code, Package, Party, StaffInfo, StatusPacket
from simulator.topology import Node, Topology, Unit, parse
from simulator.world import CONTROL, World, WorldConfig

TOPOLOGY = parse(
    """
name = "four"
[[node]]
system_id = "sim.g22"
weight = 4.0
[[node.unit]]
code = "G22"
code102 = "000.00.00.G22"
[[node]]
system_id = "00.41.W00"
[[node.unit]]
code = "H41"
code102 = "000.00.00.H41"
[[node]]
system_id = "00.29.W00"
[[node.unit]]
code = "H29"
code102 = "000.00.00.H29"
[[node]]
system_id = "sut.test.01"
weight = 0.0
passive = true
[[node.unit]]
code = "H98"
code102 = "000.00.00.H98"
""",
    origin="four",
)


class PlainLetters:
    """Letters of one line; the receivers go round."""

    def __init__(self, seed: int = 7) -> None:
        self.seed = seed

    def compose(
        self, author: Node, index: int, *, directory: Sequence[Node], at: datetime, earlier: Sequence[Package] = ()
    ) -> Package:
        others = [node for node in directory if node != author]
        return Package(
            sender=Party(organ_id=author.units[0].code102),
            receivers=(Party(organ_id=others[index % len(others)].units[0].code),),
            document_id=f"{author.units[0].code},{self.seed},{index}",
            code=Code(str(index + 10), "CV"),
            subject="Về việc thử nghiệm",
        )

    def officer(self, author: Node) -> StaffInfo:
        return StaffInfo(staff="Nguyễn Văn A")

    def reseed(self, seed: int) -> None:
        self.seed = seed


class Watcher:
    """Keeps the facts, and lets a test wait for them."""

    def __init__(self) -> None:
        self.facts: list[events.Fact] = []
        self._more = asyncio.Event()

    def fact(self, fact: events.Fact) -> None:
        self.facts.append(fact)
        self._more.set()

    def exchange(self, exchange: events.Exchange) -> None:
        pass

    def accepted(self, message_type: str) -> list[events.Accepted]:
        found = [fact for fact in self.facts if isinstance(fact, events.Accepted)]
        return [fact for fact in found if fact.message_type == message_type]

    async def until(self, condition: Callable[[], object], seconds: float = 120.0) -> None:
        async with asyncio.timeout(seconds):
            while not condition():
                self._more.clear()
                await self._more.wait()


def config(data: Path, **changes: object) -> WorldConfig:
    quick = WorldConfig(
        data=data,
        topology=TOPOLOGY,
        seed=7,
        node_poll_seconds=0.1,
        letters_per_minute=0.0,
        pace=100_000.0,
    )
    return replace(quick, **changes)


def letter(document_id: str = "H98,2026/11/20,12/UBND-VP", to: str = "H41") -> Package:
    return Package(
        sender=Party(organ_id="000.00.00.H98"),
        receivers=(Party(organ_id=to),),
        document_id=document_id,
        code=Code("12", "UBND-VP"),
        subject="Về việc thử nghiệm",
    )


def acting(world: World, system_id: str = "sut.test.01") -> AxisClient:
    credentials = json.loads(world.credentials_file.read_text("utf-8"))
    return AxisClient(world.url, system_id, credentials[system_id]["secret"], clock=SystemClock())


async def test_a_person_who_acts_as_a_test_system_is_answered_by_the_agency(tmp_path: Path):
    async with World(config(tmp_path), letters=PlainLetters()) as world, acting(world) as client:
        watcher = Watcher()
        world.hub.witnesses.add(watcher)

        sent = await client.send(codec.encode(letter()), sender="000.00.00.H98", message_type="edoc")
        await watcher.until(lambda: len(watcher.accepted("status")) >= 2)
        answer = await client.received("status")
        first = codec.decode(await client.fetch(str(answer.items[0]["docId"]))).packet

        assert sent.ok
        assert isinstance(first, StatusPacket)
        assert first.code == "01"
        assert first.sender.organ_id == "H41"
        assert first.response_for.document_id == letter().document_id


async def test_no_background_traffic_reaches_the_passive_and_the_quiet(tmp_path: Path):
    quiet = config(tmp_path, letters_per_minute=6_000.0, pace=100.0, quiet_units=frozenset({"000.00.00.H29"}))
    async with World(quiet, letters=PlainLetters()) as world:
        watcher = Watcher()
        world.hub.witnesses.add(watcher)
        await watcher.until(lambda: len(watcher.accepted("edoc")) >= 20)

        assert {unit for fact in watcher.accepted("edoc") for unit in fact.to} == {"G22", "H41"}
        assert {fact.system_id for fact in watcher.accepted("edoc")} == {"sim.g22", "00.41.W00"}


async def test_the_same_seed_plays_the_same_letters(tmp_path: Path):
    runs = []
    for name in ("a", "b"):
        busy = config(tmp_path / name, letters_per_minute=6_000.0, pace=100.0)
        async with World(busy, letters=PlainLetters()) as world:
            watcher = Watcher()
            world.hub.witnesses.add(watcher)
            await watcher.until(
                lambda: all(
                    sum(fact.system_id == node.system_id for fact in watcher.accepted("edoc")) >= 4  # noqa: B023
                    for node in TOPOLOGY.living
                )
            )
            runs.append(
                {
                    node.system_id: [
                        (fact.document_id, fact.to)
                        for fact in watcher.accepted("edoc")
                        if fact.system_id == node.system_id
                    ][:4]
                    for node in TOPOLOGY.living
                }
            )

    assert runs[0] == runs[1]


async def test_the_credentials_file_is_secret_absolute_and_complete(tmp_path: Path):
    async with World(config(tmp_path), letters=PlainLetters()) as world:
        path = world.credentials_file
        credentials = json.loads(path.read_text("utf-8"))

        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert path.is_absolute()
        assert set(credentials) == {"sim.g22", "00.41.W00", "00.29.W00", "sut.test.01", CONTROL}
        assert credentials["sut.test.01"]["organs"] == ["000.00.00.H98", "H98"]
        assert credentials[CONTROL]["token"] == credentials[CONTROL]["secret"] == world.token
        assert credentials[CONTROL]["organs"] == []


async def test_secrets_and_documents_survive_a_restart_on_the_same_data(tmp_path: Path):
    async with World(config(tmp_path, living=False)) as world, acting(world) as client:
        before = world.credentials_file.read_text("utf-8")
        await client.send(codec.encode(letter()), sender="H98", message_type="edoc")

    async with World(config(tmp_path), letters=PlainLetters()) as world:
        after = world.credentials_file.read_text("utf-8")
        watcher = Watcher()
        world.hub.witnesses.add(watcher)
        await watcher.until(lambda: watcher.accepted("status"))

    assert after == before
    assert watcher.accepted("status")[0].response_for_organ == "000.00.00.H98"


async def test_letters_go_on_after_a_restart_where_they_stopped(tmp_path: Path):
    seen: list[str] = []
    for _ in range(2):
        async with World(config(tmp_path, letters_per_minute=6_000.0, pace=100.0), letters=PlainLetters()) as world:
            watcher = Watcher()
            world.hub.witnesses.add(watcher)
            await watcher.until(lambda: len(watcher.accepted("edoc")) >= 6)  # noqa: B023
        seen += [fact.document_id for fact in watcher.accepted("edoc")]

    assert len(seen) == len(set(seen))


async def test_a_borrowed_agency_leaves_its_mail_alone_until_it_is_released(tmp_path: Path):
    async with World(config(tmp_path), letters=PlainLetters()) as world, acting(world) as client:
        watcher = Watcher()
        world.hub.witnesses.add(watcher)
        await world.borrow("00.41.W00")
        already = len([fact for fact in watcher.facts if getattr(fact, "system_id", "") == "00.41.W00"])
        await client.send(codec.encode(letter()), sender="H98", message_type="edoc")
        polls = [fact for fact in watcher.facts if isinstance(fact, events.Polled)]
        await watcher.until(
            lambda: len([fact for fact in watcher.facts if isinstance(fact, events.Polled)]) > len(polls) + 20
        )

        async with acting(world, "00.41.W00") as lane:
            listed = await lane.received("edoc")
        assert len(listed.items) == 1
        mine = [fact for fact in watcher.facts if getattr(fact, "system_id", "") == "00.41.W00"]
        assert not any(isinstance(fact, events.Fetched | events.Confirmed) for fact in mine[already:])

        await world.release("00.41.W00")
        await watcher.until(lambda: any(isinstance(fact, events.Confirmed) for fact in watcher.facts))


async def test_nobody_can_borrow_a_system_that_does_not_exist(tmp_path: Path):
    async with World(config(tmp_path), letters=PlainLetters()) as world:
        await world.borrow("sut.test.01")  # nobody acts for it
        with pytest.raises(KeyError):
            await world.borrow("no.such.system")


async def test_a_system_of_ones_own_takes_the_unit_from_its_agency(tmp_path: Path):
    async with World(config(tmp_path), letters=PlainLetters()) as world:
        secret = await world.add_system(
            "vendor.dms", [Unit("H41", "000.00.00.H41", "UBND tỉnh Nghệ An")], secret="chosen"
        )
        credentials = json.loads(world.credentials_file.read_text("utf-8"))
        async with acting(world) as client, acting(world, "vendor.dms") as ours:
            await client.send(codec.encode(letter()), sender="H98", message_type="edoc")
            listed = await ours.received("edoc")

        assert secret == "chosen"
        assert credentials["vendor.dms"] == {"secret": "chosen", "organs": ["000.00.00.H41", "H41"]}
        assert len(listed.items) == 1


async def test_a_reset_makes_the_agencies_forget_too(tmp_path: Path):
    async with World(config(tmp_path, letters_per_minute=6_000.0, pace=100.0), letters=PlainLetters()) as world:
        watcher = Watcher()
        world.hub.witnesses.add(watcher)
        await watcher.until(lambda: len(watcher.accepted("edoc")) >= 6)
        await world.hub.reseed(8)
        await world.hub.reset()
        watcher.facts.clear()

        await watcher.until(lambda: any(",8,0" in fact.document_id for fact in watcher.accepted("edoc")))


async def test_traffic_is_counted_for_those_who_watch(tmp_path: Path):
    async with World(config(tmp_path), letters=PlainLetters()) as world, acting(world) as client:
        watcher = Watcher()
        world.hub.witnesses.add(watcher)
        await client.send(codec.encode(letter()), sender="H98", message_type="edoc")
        await client.send(codec.encode(letter("x", to="nowhere")), sender="H98", message_type="edoc")
        await watcher.until(lambda: watcher.accepted("status"))

        assert world.traffic.documents == 1
        assert world.traffic.refused == 1
        assert world.traffic.statuses >= 1
        assert world.ready()["nodes"] == 3


async def test_a_busy_port_is_told_and_leaves_nothing_behind(tmp_path: Path):
    async with World(config(tmp_path / "a", living=False)) as world:
        port = int(world.url.rsplit(":", 1)[1])
        with pytest.raises(CannotListen, match=str(port)):
            async with World(config(tmp_path / "b", living=False, port=port)):
                pass

    async with World(config(tmp_path / "b", living=False)):
        pass


async def test_a_data_folder_belongs_to_one_world_at_a_time(tmp_path: Path):
    async with World(config(tmp_path, living=False)):
        with pytest.raises(HubError) as caught:
            async with World(config(tmp_path, living=False)):
                pass

    assert caught.value.because.vi


def test_living_agencies_need_a_writer(tmp_path: Path):
    with pytest.raises(ValueError, match="letters"):
        World(config(tmp_path))


def test_a_world_that_was_not_entered_has_no_axis(tmp_path: Path):
    world = World(config(tmp_path, living=False))

    with pytest.raises(RuntimeError):
        _ = world.hub
    with pytest.raises(RuntimeError):
        _ = world.url


def test_the_topology_of_these_tests_is_what_they_say():
    assert isinstance(TOPOLOGY, Topology)
    assert len(TOPOLOGY.living) == 3
