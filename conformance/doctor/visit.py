"""One visit: an axis at the configured address with one letter for the SUT, its adapter asked, everything watched."""

import asyncio
import contextlib
import random
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from conformance.bench import driver_for
from conformance.config import Config
from conformance.doctor.adapter import Probed, ask_all, judge_adapter
from conformance.doctor.diagnosis import diagnose
from conformance.doctor.symptoms import Expected, Seen, Symptom
from conformance.doctor.watch import Signed, Watch
from conformance.evidence import Lane, Sut
from conformance.lanes import usable
from conformance.letters import letter
from conformance.setting import admit, profile_of, sut_of, topology_of
from conformance.sut.driver import Connection, Driver, DriverFailed
from conformance.trust import Vault, pki_folder
from simulator.clock import Clock, SystemClock
from simulator.hub.trouble import CannotListen
from simulator.protocol import codec
from simulator.words import Text
from simulator.world import World, WorldConfig

__all__ = ["Report", "patience", "visit"]

_TICK = 0.05
_ADAPTER_SECONDS = 15.0
_BLOCKED_CALLS = 4
_FLOOR_SECONDS = 2.0
_STUCK_POLLS = 4


@dataclass(frozen=True, slots=True)
class Report:
    """What a visit found. ``seen``: how often the SUT did what; ``url``: where the axis listened."""

    url: str
    seconds: float
    seen: dict[str, int]
    symptoms: tuple[Symptom, ...]

    @property
    def problems(self) -> tuple[Symptom, ...]:
        """What keeps the SUT from being tested."""
        return tuple(each for each in self.symptoms if each.level == "problem")


@dataclass(slots=True)
class _Pen:
    """Writes the one letter."""

    random: random.Random
    sut: Sut
    lanes: tuple[Lane, ...]
    clock: Clock

    def now(self) -> datetime:
        return self.clock.now()


def patience(config: Config) -> float:
    """How long to watch at most, in seconds: three polls and some."""
    return max(10.0, 3 * config.timing.poll_seconds + 5) if config.timing.poll_seconds else 30.0


async def visit(
    config: Config, *, seconds: float, started: Callable[[str], None], seed: int = 7, floor: float = _FLOOR_SECONDS
) -> Report:
    """Watch for up to ``seconds``; ends as soon as all is well, or plainly stuck for longer than ``floor`` seconds.
    ``started`` gets the axis's address.

    Raises BadConfig and HubError for what is no finding about the SUT.
    """
    began = time.monotonic()
    profile, topology, clock = profile_of(config), topology_of(config), SystemClock()
    sut = sut_of(config, topology)
    with tempfile.TemporaryDirectory(prefix="axisproof-doctor-") as scratch:
        vault = Vault(pki_folder(config, Path(scratch)), clock)
        settings = WorldConfig(
            data=Path(scratch) / "axis", topology=topology, profile=profile, seed=seed, host=config.hub.host,
            port=config.hub.port, control_port=None, living=False, tls=vault.pki if config.hub.tls else None,
            tls_names=config.hub.tls_names, authorities=vault.installed,
        )  # fmt: skip
        driver = driver_for(config, folder=Path(scratch), log=Path(scratch) / "sut.log")
        try:
            async with World(settings, clock=clock) as world:
                await admit(world, config, sut)
                watch = Watch({name: tuple(entry) for name, entry in world.hub.credentials.items()})
                world.hub.witnesses.add(watch)
                if world.front is not None:
                    world.front.watchers.append(watch.handshake)
                started(world.outer_url)
                pen = _Pen(random.Random(seed), sut, (usable(topology, taken={*sut.organs, sut.system_id})[0],), clock)  # noqa: S311
                package = codec.encode(letter(pen, subject="Kiểm tra kết nối (axisproof doctor)"))
                doc_id = await world.hub.queue(
                    package, sender_system=pen.lanes[0].system_id, message_type="edoc", to=[sut.organ]
                )
                expected = Expected(
                    world.outer_url, sut.system_id, sut.organ, sut.organs, config.sut.roles,
                    config.timing.poll_seconds, seconds, doc_id, str(vault.folder / "trust" / "tls-ca.pem"),
                )  # fmt: skip
                secret = world.hub.credentials[sut.system_id][0]
                connection = Connection(world.outer_url, sut.system_id, secret, sut.organ, config.sut.organ_name)
                adapter = await _watched(config, driver, connection, watch, expected, floor)
        except CannotListen as busy:
            symptom = await _port_busy(config, busy)
            return Report(
                f"http{'s' if config.hub.tls else ''}://{config.hub.listen}", time.monotonic() - began, {}, (symptom,)
            )
    seen = Seen(watch.calls, watch.facts, watch.tls)
    counts = {
        "calls": len(watch.calls),
        "polls": len(seen.polls(sut.system_id)),
        **{name: len(seen.of(name, sut.system_id)) for name in ("fetched", "confirmed", "accepted", "refused")},
    }
    symptoms = (*diagnose(seen, expected), *adapter)
    return Report(expected.url, round(time.monotonic() - began, 3), counts, symptoms)


async def _watched(
    config: Config, driver: Driver, connection: Connection, watch: Watch, expected: Expected, floor: float
) -> tuple[Symptom, ...]:
    """Ask the adapter and watch the axis at the same time; what the adapter shows."""
    probed: tuple[Probed, ...] = ()
    asked = config.driver.kind != "manual"
    where = config.driver.url or " ".join(config.driver.command) or config.driver.kind
    try:
        await driver.start(connection)
    except DriverFailed as failed:
        await _until_clear(watch, expected, floor)
        return (
            Symptom(
                "adapter-missing",
                "problem",
                Text(
                    en=f"the SUT's program could not be started: {failed}",
                    vi=f"không khởi động được chương trình của SUT: {failed}",
                ),
                Text(en="correct [driver] command in the SUT's file", vi="sửa [driver] command trong tệp SUT"),
                (where,),
            ),
        )
    pump = asyncio.create_task(_pump(driver)) if asked else None
    try:
        if asked:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(max(_ADAPTER_SECONDS, 3 * config.timing.deadline_seconds)):
                    probed = await ask_all(driver)
        await _until_clear(watch, expected, floor)
    finally:
        if pump is not None:
            pump.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await pump
        await driver.stop()
    return tuple(judge_adapter(probed, where=where, statistics=config.capabilities.statistics)) if probed else ()


async def _pump(driver: Driver) -> None:
    """Ask the SUT to poll, where it offers that."""
    offered = True
    while offered:
        offered = (await driver.call("POST", "/control/poll", {})).ok
        await asyncio.sleep(0.3)


async def _until_clear(watch: Watch, expected: Expected, floor: float) -> None:
    """Wait until the letter went all its way, or it is plain that it will not, or the time is over."""
    began = time.monotonic()
    while (past := time.monotonic() - began) < expected.seconds:
        seen = Seen(watch.calls, watch.facts, watch.tls)
        if _healthy(seen, expected) or (past > floor and _stuck(seen, expected)):
            return
        await asyncio.sleep(_TICK)


def _healthy(seen: Seen, expected: Expected) -> bool:
    me = expected.system_id
    answered = bool(seen.of("accepted", me) or seen.of("refused", me)) or "receiver" not in expected.roles
    kinds = {str(fact.get("message_type") or "edoc").lower() for fact in seen.polls(me)}
    return bool(seen.of("confirmed", me)) and answered and len(kinds) > 1


def _stuck(seen: Seen, expected: Expected) -> bool:
    """Only refused calls, or polls that go on and on without a next step."""
    if sum(each.event in ("refused", "plain") for each in seen.tls) >= _BLOCKED_CALLS and not seen.calls:
        return True
    bad = [call for call in seen.calls if call.signed is not Signed.GOOD or call.system_id != expected.system_id]
    if len(bad) >= _BLOCKED_CALLS and not seen.polls(expected.system_id):
        return True
    polls = seen.polls(expected.system_id)
    listed = [fact for fact in polls if fact["listed"]]
    fetched = seen.of("fetched", expected.system_id)
    after = [fact for fact in polls if fetched and fact["at"] > fetched[0]["at"]]
    confirmed = seen.of("confirmed", expected.system_id)
    later = [fact for fact in polls if confirmed and fact["at"] > confirmed[0]["at"]]
    if confirmed:
        return len(later) >= _STUCK_POLLS
    return len(after if fetched else listed) >= _STUCK_POLLS


async def _port_busy(config: Config, busy: CannotListen) -> Symptom:
    other = await _who(config.hub.host, config.hub.port)
    because = busy.because
    if other:
        because = Text(
            en=f"{because.en} Another axisproof axis answers there.",
            vi=f"{because.vi} Một trục axisproof khác đang trả lời ở đó.",
        )
    return Symptom(
        "port-busy",
        "problem",
        because,
        Text(
            en="stop what listens there, or give another port in [hub] listen (and to the SUT)",
            vi="dừng chương trình đang dùng cổng đó, hoặc đổi cổng ở [hub] listen (và ở SUT)",
        ),
        (config.hub.listen,),
    )


async def _who(host: str, port: int) -> bool:
    """Whether an axis of ours answers at that address."""
    with contextlib.suppress(OSError, TimeoutError):
        async with asyncio.timeout(0.5):
            reader, writer = await asyncio.open_connection(host, port)
            writer.write(b"GET / HTTP/1.1\r\nHost: axis\r\nConnection: close\r\n\r\n")
            try:
                return b"axisproof" in await reader.read(4096)
            finally:
                writer.transport.abort()
                with contextlib.suppress(OSError):
                    await writer.wait_closed()
    return False


def shown(report: Report) -> dict[str, Any]:
    """The report as JSON members."""
    return {
        "url": report.url,
        "seconds": report.seconds,
        "seen": report.seen,
        "ready": not report.problems,
        "findings": [
            {
                "id": each.id,
                "level": each.level,
                "texts": each.because._asdict(),
                "remedy": each.remedy._asdict(),
                "evidence": list(each.evidence),
            }
            for each in report.symptoms
        ],
    }
