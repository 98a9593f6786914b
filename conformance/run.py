"""One whole check: plan, open the folder, start the world and the SUT, drive everything, then judge what was stored."""

import asyncio
import json
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from conformance.bench import Bench, driver_for
from conformance.case import Case
from conformance.config import BadConfig, Config
from conformance.evidence import Sut
from conformance.judge import judge_run
from conformance.lanes import Flight, plan, usable
from conformance.progress import Progress
from conformance.recorder import Recorder
from conformance.runfolder import EvidenceWriter
from conformance.sut.driver import DriverFailed
from fixtures import topologies
from fixtures.factory import LetterFactory
from simulator.clock import Clock, SystemClock
from simulator.protocol import profile as profiles
from simulator.protocol.identifiers import mapped_code
from simulator.protocol.profile import Profile
from simulator.topology import Topology, Unit
from simulator.words import Lang, Text
from simulator.world import World, WorldConfig

__all__ = ["Plan", "check", "default_folder", "write_result"]


@dataclass(frozen=True, slots=True)
class Plan:
    """What one run is to do. ``narrowed``: the words of ``--only``, or () for the whole suite."""

    config: Config
    cases: tuple[Case, ...]
    run_dir: Path
    seed: int
    lang: Lang
    strict: bool = False
    narrowed: tuple[str, ...] = ()


def default_folder(config: Config, moment: datetime) -> Path:
    """``axisproof-runs/<utc>-<sut>``."""
    from_name = re.sub(r"[^a-z0-9]+", "-", config.sut.name.lower()).strip("-") or "sut"
    return Path("axisproof-runs") / f"{moment:%Y%m%dT%H%M%SZ}-{from_name}"


def check(plan_: Plan, *, progress: Progress, clock: Clock | None = None) -> dict[str, Any]:
    """Drive, store, judge; the result, also written as ``result.json``. Raises BadConfig before anything runs."""
    asyncio.run(_drive(plan_, progress=progress, clock=clock or SystemClock()))
    result = judge_run(plan_.run_dir, cases=plan_.cases, lang=plan_.lang)
    write_result(plan_.run_dir, result)
    return result


def write_result(run_dir: Path, result: dict[str, Any]) -> Path:
    """``result.json`` of that folder."""
    path = run_dir / "result.json"
    path.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


async def _drive(plan_: Plan, *, progress: Progress, clock: Clock) -> None:
    config = plan_.config
    profile, topology = _profile(config), _topology(config)
    sut = _sut(config, topology)
    flights = _flights(plan_, topology, sut)
    started = clock.now()
    with tempfile.TemporaryDirectory(prefix="axisproof-") as scratch:
        settings = WorldConfig(
            data=Path(scratch) / "axis", topology=topology, profile=profile, seed=plan_.seed, host=config.hub.host,
            port=config.hub.port, control_port=None, node_poll_seconds=10.0, letters_per_minute=12.0,
            quiet_units=frozenset(sut.organs) | _lane_codes(flights),
        )  # fmt: skip
        driver = driver_for(config, folder=Path(scratch), log=plan_.run_dir / "sut.log")
        with EvidenceWriter(plan_.run_dir, _header(plan_, sut, topology, flights, started)) as writer:
            recorder = Recorder(writer, sut=sut, clock=clock, secrets=())
            try:
                async with World(settings, letters=LetterFactory(plan_.seed, paper="text")) as world:
                    await _admit(world, config, sut)
                    recorder.hide(secret for secret, _ in world.hub.credentials.values())
                    world.hub.witnesses.add(recorder)
                    bench = Bench(
                        config=config, world=world, sut=sut, driver=driver, recorder=recorder, progress=progress,
                        clock=clock, seed=plan_.seed,
                    )  # fmt: skip
                    await bench.drive(flights)
            except DriverFailed as failed:
                recorder.trouble(None, _NO_SUT.filled(why=failed))
            writer.finish(finished_at=clock.now().isoformat(timespec="milliseconds"))


_NO_SUT = Text(en="the SUT could not be started: {why}", vi="không khởi động được SUT: {why}")


def _flights(plan_: Plan, topology: Topology, sut: Sut) -> tuple[Flight, ...]:
    config = plan_.config
    applying = [
        case for case in plan_.cases if case.applies(roles=config.sut.roles, capabilities=config.capabilities.claimed)
    ]
    return plan(applying, usable(topology, taken={*sut.organs, sut.system_id}), seed=plan_.seed)


def _lane_codes(flights: Sequence[Flight]) -> frozenset[str]:
    """Every spelling of every lane: the agencies that no case uses live their day, and leave the lanes alone."""
    return frozenset(
        code for flight in flights for lanes in flight.lanes.values() for lane in lanes for code in lane.codes
    )


def _profile(config: Config) -> Profile:
    profile = profiles.named(config.hub.profile)
    if profile is None:
        names = ", ".join(each.name for each in profiles.PROFILES)
        raise BadConfig(
            Text(
                en=f"there is no profile {config.hub.profile!r}; there are {names}",
                vi=f"không có hồ sơ mô phỏng {config.hub.profile!r}; có các hồ sơ: {names}",
            )
        )
    return profile


def _topology(config: Config) -> Topology:
    try:
        return topologies.load(config.hub.topology)
    except topologies.TopologyNotUsable as error:
        raise BadConfig(error.because) from error


def _sut(config: Config, topology: Topology) -> Sut:
    own = config.sut
    unit = _unit(topology, own.organ)
    codes = unit.codes if unit else tuple(filter(None, (own.organ, mapped_code(own.organ))))
    organs = tuple(dict.fromkeys((own.organ, *codes)))
    return Sut(own.system_id, own.organ, organs, own.name, own.organ_name or (unit.name if unit else ""))


def _unit(topology: Topology, code: str) -> Unit | None:
    return next((unit for node in topology.nodes for unit in node.units if code in unit.codes), None)


async def _admit(world: World, config: Config, sut: Sut) -> None:
    """Make the axis know the SUT: its own system, secret and unit where they are not those of the topology."""
    known = world.hub.credentials.get(sut.system_id)
    if known is not None and not config.sut.secret:
        return
    unit = Unit(code=sut.organs[-1], code102=sut.organ if len(sut.organs) > 1 else "", name=sut.organ_name)
    units = () if known is not None else (unit,)
    await world.add_system(sut.system_id, units, secret=config.sut.secret or None)


def _header(plan_: Plan, sut: Sut, topology: Topology, flights: Sequence[Flight], started: datetime) -> dict[str, Any]:
    config = plan_.config
    lanes = {case: own for flight in flights for case, own in flight.lanes.items()}
    capabilities = config.capabilities
    return {
        "run_id": f"{started:%Y%m%dT%H%M%S}-{plan_.seed}-{plan_.run_dir.name}",
        "axisproof": metadata.version("axisproof"),
        "seed": plan_.seed,
        "started_at": started.isoformat(timespec="milliseconds"),
        "profile": config.hub.profile,
        "topology": topology.name,
        "nodes": len(topology.living),
        "lang": plan_.lang.value,
        "requirement_set": "2026.1",
        "promote": list(config.judging.promote),
        "strict": plan_.strict,
        "narrowed": list(plan_.narrowed) or None,
        "sut": {
            "name": config.sut.name,
            "version": config.sut.version,
            "vendor": config.sut.vendor,
            "organ": sut.organ,
            "organs": list(sut.organs),
            "organ_name": sut.organ_name,
            "system_id": sut.system_id,
            "roles": list(config.sut.roles),
            "driver": config.driver.kind,
            "capabilities": {name: getattr(capabilities, name) for name in capabilities.__slots__},
        },
        "cases": [
            {
                "id": case.id,
                "applies": case.id in lanes,
                "lanes": [
                    {"system_id": lane.system_id, "unit": lane.unit, "codes": list(lane.codes), "name": lane.name}
                    for lane in lanes.get(case.id, ())
                ],
            }
            for case in plan_.cases
        ],
    }
