"""One whole check: plan, start the world and the SUT, drive everything, then judge what was stored.

The evidence is begun when the world is up: a call that is found wrong before that (a port is taken) leaves nothing.
"""

import asyncio
import contextlib
import json
import math
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from conformance.again import ALONE, failing
from conformance.bench import AxisFault, Bench, driver_for
from conformance.case import Case, Wave
from conformance.config import Config
from conformance.evidence import Lane, Sut
from conformance.judge import judge_run
from conformance.lanes import Flight, alone, made_up, plan, usable
from conformance.outlook import RETRY_POLLS, limit, outlook
from conformance.progress import Progress
from conformance.recorder import Recorder
from conformance.requirement import register
from conformance.resume import AXIS, Earlier, remember
from conformance.runfolder import EvidenceWriter, lane_row
from conformance.setting import admit, profile_of, sut_of, topology_of
from conformance.sut.asking import Asking
from conformance.sut.driver import DriverFailed
from conformance.trust import Vault, pki_folder, wants_pki
from conformance.vendor import Vendor
from conformance.verdict import Promotions
from fixtures.factory import LetterFactory
from simulator.clock import Clock, SystemClock
from simulator.topology import Topology, Unit
from simulator.words import Lang, Text
from simulator.world import World, WorldConfig

__all__ = ["Plan", "check", "default_folder", "write_result"]


@dataclass(frozen=True, slots=True)
class Plan:
    """What one run is to do. ``narrowed``: the words of ``--only``, or () for the whole suite. ``asking``: how people
    are asked; None: the SUT answers everything itself. ``past``: what an earlier process left, where one goes on.
    ``vendor``: a vendor's own cases, driven last and reported apart. ``call``: how the run was called, to be kept where
    it can go on later. ``retry_polls``: what may be spent on running again alone what failed in company."""

    config: Config
    cases: tuple[Case, ...]
    run_dir: Path
    seed: int
    lang: Lang
    strict: bool = False
    narrowed: tuple[str, ...] = ()
    asking: Asking | None = None
    past: Earlier | None = None
    vendor: Vendor | None = None
    call: Mapping[str, Any] | None = None
    retry_polls: int = RETRY_POLLS


def default_folder(config: Config, moment: datetime) -> Path:
    """``axisproof-runs/<utc>-<sut>``."""
    from_name = re.sub(r"[^a-z0-9]+", "-", config.sut.name.lower()).strip("-") or "sut"
    return Path("axisproof-runs") / f"{moment:%Y%m%dT%H%M%SZ}-{from_name}"


def check(
    plan_: Plan, *, progress: Progress, clock: Clock | None = None, axis_faults: Iterable[AxisFault] = ()
) -> dict[str, Any]:
    """Drive, store, judge; the result, also written as ``result.json``. Raises BadConfig before anything runs.

    ``axis_faults``: what is wrong with the axis in the whole run, unknown to every case; for exams of the judge.
    """
    asyncio.run(_drive(plan_, progress=progress, clock=clock or SystemClock(), axis_faults=tuple(axis_faults)))
    result = judge_run(plan_.run_dir, cases=plan_.cases, lang=plan_.lang, vendor=plan_.vendor)
    write_result(plan_.run_dir, result)
    return result


def write_result(run_dir: Path, result: dict[str, Any]) -> Path:
    """``result.json`` of that folder."""
    path = run_dir / "result.json"
    path.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


async def _drive(plan_: Plan, *, progress: Progress, clock: Clock, axis_faults: Sequence[AxisFault]) -> None:
    config = plan_.config
    profile, topology = profile_of(config), topology_of(config)
    sut = sut_of(config, topology)
    agencies, extra = _agencies(plan_, topology, sut)
    flights = plan(_applying(plan_), agencies, seed=plan_.seed)
    vendors = _vendor_flights(plan_, agencies)
    timing = config.timing
    progress.say(outlook(flights, timing, plan_.retry_polls))
    ends = limit(flights, timing.poll_seconds, timing.deadline_seconds, timing.directory_seconds)
    started = clock.now()
    with (
        tempfile.TemporaryDirectory(prefix="axisproof-") as scratch,
        _nothing_left(plan_.run_dir),
        contextlib.ExitStack() as stack,
    ):
        data = Path(scratch) / AXIS if plan_.asking is None else plan_.run_dir / AXIS
        vault = Vault(pki_folder(config, Path(scratch)), clock)
        if wants_pki(_applying(plan_)):
            progress.say(_TRUST.filled(folder=vault.pki.trust))
        settings = WorldConfig(
            data=data, topology=topology, profile=profile, seed=plan_.seed, host=config.hub.host,
            port=config.hub.port, control_port=None, node_poll_seconds=10.0, letters_per_minute=12.0,
            quiet_units=frozenset(sut.organs) | _lane_codes((*flights, *vendors)),
            tls=vault.pki if _by_https(plan_) else None,
            tls_names=config.hub.tls_names, authorities=vault.installed,
        )  # fmt: skip
        driver = driver_for(config, folder=Path(scratch), log=plan_.run_dir / "sut.log")
        header, past = _header(plan_, sut, topology, flights, started), plan_.past
        header |= _vendor_header(plan_, vendors)
        if past is not None:
            past.same_plan(header)
        try:
            async with World(settings, letters=LetterFactory(plan_.seed, paper="text")) as world:
                for lane in extra:  # before the SUT can read the directory: it may not look again for a long time
                    await world.hub.add_system(lane.system_id, (Unit(lane.unit, lane.codes[-1], lane.name),))
                await admit(world, config, sut)
                writer = stack.enter_context(_writer(plan_, header))
                recorder = Recorder(writer, sut=sut, clock=clock, secrets=())
                if past is not None:
                    every = (*flights, *vendors)
                    flown = {flight.key(case): flight.lanes[case.id] for flight in every for case in flight.cases}
                    recorder.remember(past.records, flown)
                if plan_.asking is not None:
                    driver = plan_.asking.driver(plan_.run_dir, driver, config, recorder, clock=clock, past=past)
                known = world.hub.credentials
                recorder.hide((secret for secret, _ in known.values()), own=known[sut.system_id][0])
                world.hub.witnesses.add(recorder)
                bench = Bench(
                    config=config, world=world, sut=sut, driver=driver, recorder=recorder, progress=progress,
                    clock=clock, seed=plan_.seed, vault=vault, axis_faults=axis_faults,
                    limit=math.inf if _by_hand(plan_) else ends,
                    run_id=(header if past is None else past.header)["run_id"],
                )  # fmt: skip
                second = _second_tries(plan_, flights, agencies)

                def again(seen: Recorder) -> tuple[Flight, ...]:
                    return (*second(seen), *vendors)

                if past is None:
                    await bench.drive(flights, again=again)
                else:
                    bench.make_stage = past.stages()
                    await bench.drive(past.left(flights), again=lambda seen: past.left(again(seen)))
        except DriverFailed as failed:
            recorder.trouble(None, _NO_SUT.filled(why=failed))
        writer.finish(finished_at=clock.now().isoformat(timespec="milliseconds"))
    if plan_.asking is not None:
        shutil.rmtree(data, ignore_errors=True)  # it holds the secrets of the simulated agencies


@contextlib.contextmanager
def _nothing_left(run_dir: Path) -> Iterator[None]:
    """Where no evidence was begun, the axis's new data in the folder goes again: it holds secrets, and nothing ran."""
    new = not (run_dir / AXIS).exists()
    try:
        yield
    finally:
        if new and not (run_dir / "evidence").exists():
            shutil.rmtree(run_dir / AXIS, ignore_errors=True)


def _writer(plan_: Plan, header: dict[str, Any]) -> EvidenceWriter:
    folder, past = plan_.run_dir, plan_.past
    if past is not None:
        return EvidenceWriter.going_on(folder, count=len(past.records), size=past.size)
    writer = EvidenceWriter(folder, header)
    if plan_.call is not None:
        remember(folder, plan_.call)
    return writer


_TRUST = Text(
    en="The test PKI: the system is to trust the certificates in {folder}.",
    vi="PKI thử nghiệm: hệ thống cần tin cậy các chứng thư trong {folder}.",
)
_NO_SUT = Text(en="the SUT could not be started: {why}", vi="không khởi động được SUT: {why}")


def _vendor_flights(plan_: Plan, agencies: Sequence[Lane]) -> tuple[Flight, ...]:
    if plan_.vendor is None:
        return ()
    sut = plan_.config.sut
    claimed = plan_.config.claimed
    return plan(
        [case for case in plan_.vendor.cases if case.applies(roles=sut.roles, capabilities=claimed)],
        agencies,
        seed=plan_.seed,
    )


def _vendor_header(plan_: Plan, flights: Sequence[Flight]) -> dict[str, Any]:
    if plan_.vendor is None:
        return {}
    lanes = {case: own for flight in flights for case, own in flight.lanes.items()}
    rows = [
        {"id": case.id, "applies": case.id in lanes, "lanes": [lane_row(lane) for lane in lanes.get(case.id, ())]}
        for case in plan_.vendor.cases
    ]
    return {"vendor_cases": rows, "vendor_packages": list(plan_.vendor.packages)}


def _by_https(plan_: Plan) -> bool:
    """A bundled system speaks https only where a chosen case looks at certificates: making keys takes longer than a
    small run."""
    config = plan_.config
    return config.hub.tls and (config.driver.kind != "reference" or wants_pki(_applying(plan_)))


def _by_hand(plan_: Plan) -> bool:
    """Whether people carry the run out: they take the time that they need."""
    return plan_.asking is not None and (plan_.asking.present or plan_.config.driver.kind == "manual")


def _applying(plan_: Plan) -> list[Case]:
    config = plan_.config
    return [case for case in plan_.cases if case.applies(roles=config.sut.roles, capabilities=config.claimed)]


def _agencies(plan_: Plan, topology: Topology, sut: Sut) -> tuple[tuple[Lane, ...], tuple[Lane, ...]]:
    """All lanes, and those among them that are made up: so many that the whole company flies at once."""
    own = usable(topology, taken={*sut.organs, sut.system_id})
    needed = sum(case.lanes for case in _applying(plan_) if case.wave is Wave.COMPANY)
    extra = made_up(max(0, needed - len(own)))
    return (*own, *extra), extra


def _second_tries(
    plan_: Plan, flown: Sequence[Flight], agencies: Sequence[Lane]
) -> Callable[[Recorder], tuple[Flight, ...]]:
    """Which cases fly once more, each alone: those that would fail on what was seen in company."""
    promotions = Promotions(tuple(plan_.config.judging.promote), plan_.strict)

    def again(recorder: Recorder) -> tuple[Flight, ...]:
        together = [case for flight in flown if flight.wave is not Wave.ALONE for case in flight.cases]
        seen = [(case, recorder.view(case.id)) for case in together if recorder.knows_of(case.id)]
        cases = failing(seen, rows=register(), promotions=promotions, polls=plan_.retry_polls)
        return alone(cases, flown, agencies, attempt=ALONE)

    return again


def _lane_codes(flights: Sequence[Flight]) -> frozenset[str]:
    """Every spelling of every lane: the agencies that no case uses live their day, and leave the lanes alone."""
    return frozenset(
        code for flight in flights for lanes in flight.lanes.values() for lane in lanes for code in lane.codes
    )


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
        "retry_polls": plan_.retry_polls,
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
            "capabilities": {name: getattr(capabilities, name) for name in capabilities.__slots__}
            | {"tls": config.hub.tls},
        },
        "cases": [
            {
                "id": case.id,
                "applies": case.id in lanes,
                "lanes": [lane_row(lane) for lane in lanes.get(case.id, ())],
            }
            for case in plan_.cases
        ],
    }
