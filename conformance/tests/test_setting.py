"""Letting the SUT onto the axis: it is known there by the code that its file gives it."""

from dataclasses import replace
from pathlib import Path

import pytest

from conformance import config
from conformance.config import Config
from conformance.setting import admit, sut_of, topology_of
from simulator.agency.client import AxisClient
from simulator.clock import SystemClock
from simulator.world import World, WorldConfig


def of(organ: str, system_id: str, secret: str) -> Config:
    base = config.reference()
    sut = replace(base.sut, organ=organ, system_id=system_id, secret=secret, organ_name="UBND tỉnh Thử Nghiệm")
    return replace(base, sut=sut, hub=replace(base.hub, topology="mini"))


@pytest.mark.parametrize(
    ("organ", "system_id", "secret"),
    [
        ("000.00.00.H98", "sut.test.01", ""),
        ("H98", "sut.test.01", ""),
        ("H98", "sut.test.01", "their-own"),
        ("000.00.00.H98", "their.system", "their-own"),
        ("H98", "their.system", "their-own"),
        ("000.00.00.H77", "their.system", "their-own"),
    ],
)
async def test_a_system_finds_itself_by_the_organ_of_its_file(
    organ: str, system_id: str, secret: str, tmp_path: Path
) -> None:
    conf = of(organ, system_id, secret)
    topology = topology_of(conf)
    sut = sut_of(conf, topology)
    async with World(WorldConfig(tmp_path, topology, living=False, control_port=None)) as world:
        await admit(world, conf, sut)

        credentials = world.hub.credentials[system_id]
        client = AxisClient(world.url, system_id, credentials.secret, clock=SystemClock())
        listed = {row["code"] for row in (await client.agencies()).items}
        pairs = {(row["code"], row["code102"]) for row in (await client.agencies_qd20("")).items}
        units = {row["code"]: row for row in (await client.units()).items}
        await client.aclose()

    assert organ in listed & set(units)
    assert set(sut.organs) <= set(credentials.organs)
    assert {units[organ]["codeQD20"], units[organ]["code102"]} == set(sut.organs)
    assert any(set(sut.organs) == set(pair) for pair in pairs)
    assert secret in ("", credentials.secret)
