"""Two reference systems on the real axis: what one sends the other gets, once, and each step is told back."""

import base64
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from simulator.agency.dms import Dms, DmsConfig, Refused
from simulator.clock import VIETNAM
from simulator.hub.hub import Hub
from simulator.hub.serve import HubServer
from simulator.protocol import codec
from simulator.protocol.profile import PROFILES, Profile
from simulator.topology import parse

TOPOLOGY = parse(
    """
name = "two"
[[node]]
system_id = "sut.test.01"
passive = true
[[node.unit]]
code = "H98"
code102 = "000.00.00.H98"
name = "UBND tỉnh Thử Nghiệm"
[[node]]
system_id = "sut.test.02"
passive = true
[[node.unit]]
code = "H99"
code102 = "000.00.00.H99"
name = "UBND tỉnh Kiểm Tra"
[[node]]
system_id = "sut.test.03"
passive = true
[[node.unit]]
code = "H97"
closed = true
""",
    origin="two",
)


class HandClock:
    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 20, 8, 0, tzinfo=VIETNAM)

    def now(self) -> datetime:
        self.moment += timedelta(seconds=1)
        return self.moment

    async def sleep(self, seconds: float) -> None: ...


class Axis:
    """The hub on its socket, and a reference system for each of its two units."""

    def __init__(self, folder: Path, profile: Profile) -> None:
        self.folder, self.profile = folder, profile
        self.clock = HandClock()
        self.systems: list[Dms] = []

    async def open(self, port: int = 0) -> None:
        self.hub = Hub.open(self.folder / "hub", TOPOLOGY, profile=self.profile, clock=self.clock, seed=7)
        self.server = HubServer(self.hub, port=port)
        await self.server.__aenter__()

    async def close(self) -> None:
        await self.server.__aexit__(None, None, None)
        await self.hub.close()

    def system(self, number: int, organ: str) -> Dms:
        system_id = f"sut.test.0{number}"
        secret = self.hub.credentials[system_id].secret
        config = DmsConfig(
            self.server.url, system_id, secret, organ, f"UBND {organ}", self.folder / system_id, timeout=60.0
        )
        self.systems.append(Dms(config, self.clock))
        return self.systems[-1]

    def facts(self, fact: str) -> list[dict[str, Any]]:
        return [each for each in self.hub.facts() if each["fact"] == fact]


@pytest.fixture(params=PROFILES, ids=lambda profile: profile.name)
async def axis(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Axis]:
    axis = Axis(tmp_path, request.param)
    await axis.open()
    yield axis
    for system in axis.systems:
        await system.stop()
    await axis.close()


@pytest.fixture
def sender(axis: Axis) -> Dms:
    return axis.system(1, "000.00.00.H98")


@pytest.fixture
def receiver(axis: Axis) -> Dms:
    return axis.system(2, "H99")


def order(**changes: Any) -> dict[str, Any]:
    members: dict[str, Any] = {
        "kind": "new", "to": ["000.00.00.H99"], "code_number": "12", "code_notation": "UBND-VP",
        "promulgation_date": "2026-11-20", "place": "Nghệ An", "type_name": "Công văn", "subject": "Về việc báo cáo",
        "priority": 1, "signer": {"position": "Chủ tịch", "full_name": "Trần Thị B"},
        "attachments": [
            {"name": name, "content_base64": base64.b64encode(data).decode()}
            for name, data in (("Công văn.pdf", b"%PDF"), ("Phụ lục " + "ổ" * 150 + ".doc", b"\xd0"), ("0.txt", b""))
        ],
    }  # fmt: skip
    return members | changes


ID = "000.00.00.H98,2026/11/20,12/UBND-VP"


def shown(sender: Dms, document_id: str = ID) -> str | None:
    rows = [row for row in sender.documents("out") if row["document_id"] == document_id and row["kind"] != "recall"]
    return rows[-1]["receivers"][0]["status"]  # type: ignore[no-any-return]


async def test_a_document_lives_its_life_and_its_sender_sees_every_step(axis: Axis, sender: Dms, receiver: Dms) -> None:
    assert await sender.send(order()) == ID
    seen = []

    for action in (None, "accept", "assign", "start", "finish"):
        if action:
            receiver.act(ID, action)
        await receiver.poll_once()
        await sender.poll_once()
        seen.append(shown(sender))

    assert seen == ["01", "03", "04", "05", "06"]
    (there,), (here,) = receiver.documents("in"), sender.documents("out")
    assert there["attachments"] == here["attachments"]
    assert there["state"] == "finished"
    assert axis.facts("refused") == []
    assert {each["word"] for each in axis.facts("confirmed")} == {"done"}


async def test_a_refusal_reaches_the_sender_with_its_reason(axis: Axis, sender: Dms, receiver: Dms) -> None:
    await sender.send(order())
    await receiver.poll_once()
    receiver.act(ID, "refuse", reason="Không đúng thẩm quyền")
    await receiver.poll_once()
    await sender.poll_once()

    assert sender.documents("out")[0]["receivers"] == [
        {"organ": "000.00.00.H99", "status": "02", "reason": "Không đúng thẩm quyền"}
    ]


async def test_update_recall_and_take_back_reach_the_document(axis: Axis, sender: Dms, receiver: Dms) -> None:
    await sender.send(order())
    await receiver.poll_once()
    changed = await sender.send(
        order(kind="update", refers_to=ID, reason="Sửa", subject="Nội dung mới", code_number="13")
    )
    await receiver.poll_once()
    await sender.poll_once()
    assert receiver.documents("in")[0]["subject"] == "Nội dung mới"
    assert shown(sender, changed) == "15"

    second = await sender.send(order(code_number="20"))
    await receiver.poll_once()
    receiver.act(second, "accept", organ="H98")
    sender.act(second, "take-back", reason="Gửi nhầm")
    await sender.poll_once()
    await receiver.poll_once()
    receiver.act(second, "decline", reason="Đang xử lý")
    await receiver.poll_once()
    await sender.poll_once()
    assert shown(sender, second) == "16"

    assert await sender.send(order(kind="recall", refers_to=ID, reason="Nhầm", to=[])) == ID
    await receiver.poll_once()
    await sender.poll_once()

    states = {row["document_id"]: row["state"] for row in receiver.documents("in") if row["kind"] == "new"}
    assert states == {ID: "recalled", second: "accepted"}
    assert shown(sender) == "15"
    assert axis.facts("refused") == []


async def test_a_replacement_is_linked_at_both_ends(axis: Axis, sender: Dms, receiver: Dms) -> None:
    await sender.send(order())
    new = await sender.send(order(kind="replace", refers_to=ID, reason="Thay", code_number="13"))
    await receiver.poll_once()

    assert [(row["state"], row["refers_to"]) for row in receiver.documents("in")] == [
        ("replaced", None), ("arrived", ID),
    ]  # fmt: skip
    assert [row["document_id"] for row in sender.documents("out")] == [ID, new]


async def test_the_same_package_from_the_queue_twice_is_one_record(axis: Axis, sender: Dms, receiver: Dms) -> None:
    await sender.send(order())
    data = sender.store.package("out", 1) or b""
    await axis.hub.queue(data, sender_system="sut.test.01", message_type="edoc", to=["H99"])
    await receiver.poll_once()

    assert [row["warnings"] for row in receiver.documents("in")] == [["duplicate"]]


async def test_poison_between_good_ones_stops_nothing(axis: Axis, sender: Dms, receiver: Dms) -> None:
    await sender.send(order())
    for poison in (b"1212<?xml version='1.0'?><edXML/>", b"\x00\x01\x02", b"<html>"):
        await axis.hub.queue(poison, sender_system="sut.test.01", message_type="edoc", to=["H99"])
    await sender.send(order(code_number="13"))

    await receiver.poll_once()
    await sender.poll_once()

    assert [row["state"] for row in receiver.documents("in")] == ["arrived", "arrived"]
    words = [each["word"] for each in axis.facts("confirmed") if each["system_id"] == "sut.test.02"]
    assert sorted(words) == ["done", "done", "fail", "fail", "fail"]


async def test_unknown_and_closed_units_are_refused_here_or_by_the_axis(axis: Axis, sender: Dms) -> None:
    for code in ("Q77", "H97"):
        with pytest.raises(Refused):
            await sender.send(order(to=[code]))

    assert sender.documents("out") == []


async def test_an_axis_that_restarts_loses_nothing(axis: Axis, sender: Dms, receiver: Dms) -> None:
    await sender.send(order())
    port = int(axis.server.url.rsplit(":", 1)[1])
    await axis.close()
    assert await receiver.poll_once() is not None
    second = await sender.send(order(code_number="13"))
    assert sender.documents("out")[-1]["state"] == "queued"

    await axis.open(port)
    assert await sender.poll_once() is None
    await receiver.poll_once()
    await sender.poll_once()

    assert [row["document_id"] for row in receiver.documents("in")] == [ID, second]
    assert shown(sender, second) == "01"


async def test_a_wrong_secret_keeps_everything_queued_and_says_why(axis: Axis, sender: Dms) -> None:
    stranger = Dms(replace(sender.config, secret="wrong", data=sender.config.data / "stranger"), axis.clock)
    axis.systems.append(stranger)

    trouble = await stranger.poll_once()
    await stranger.send(order())

    assert trouble is not None
    assert "15" in trouble.en
    assert stranger.documents("out")[0]["state"] == "queued"


async def test_everything_that_leaves_is_in_the_strict_form(axis: Axis, sender: Dms, receiver: Dms) -> None:
    await sender.send(order())
    await receiver.poll_once()
    await sender.send(order(kind="recall", refers_to=ID, reason="x", to=[]))
    await receiver.poll_once()

    for fact in axis.facts("accepted"):
        data = await axis.hub.package(str(fact["package"]))
        reading = codec.decode(data or b"")
        assert reading.traits.unprefixed == reading.traits.foreign_namespaces == ()
