"""The composition root: a world, a SUT and one stage for each case of a flight, all in flight at once.

It drives and records; it judges nothing. Everything is bounded: waits by observed polls, silence by the deadline,
calls by the deadline, a whole case by ``overdue``, the whole run by the limit that its plan printed. While cases wait
it asks the SUT to poll (``POST /control/poll``) where the SUT offers that; otherwise it waits for the SUT's own polls.
"""

import asyncio
import contextlib
import math
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from conformance.boarding import FIRST, Boarding
from conformance.case import Case, Wave
from conformance.config import Config
from conformance.evidence import Sut
from conformance.health import HARNESS, Health
from conformance.lanes import Flight
from conformance.live import LiveStage
from conformance.outlook import RETRY_SHARE
from conformance.progress import Progress
from conformance.pulse import Pulse
from conformance.recorder import Recorder
from conformance.runfolder import lane_row
from conformance.stage import StageEnd, Trouble
from conformance.stamping import Stamping
from conformance.sut.command import CommandDriver
from conformance.sut.driver import Connection, Driver, Silent
from conformance.sut.http import HttpDriver
from conformance.sut.prompts import ASKING
from conformance.sut.reference import ReferenceDriver
from conformance.syncing import Reader
from conformance.trust import Vault, pki_folder
from simulator.agency.client import AxisClient
from simulator.clock import Clock
from simulator.faults.fault import Whom
from simulator.words import Text
from simulator.world import World

__all__ = ["AxisFault", "Bench", "driver_for"]

_TSA = Text(
    en="The time-stamp authority (RFC 3161) for the system's own signing: {url}",
    vi="Máy chủ cấp dấu thời gian (RFC 3161) để hệ thống ký số: {url}",
)
_IN_STEP = Text(
    en="The SUT takes {batch} documents a poll: cases begin in step with it.",
    vi="SUT nhận {batch} văn bản mỗi lần hỏi trục: các ca kiểm thử bắt đầu theo nhịp đó.",
)
_OUT_OF_TIME = Text(
    en="The time that the plan printed is used up ({seconds:.0f} s): what is left is not tried.",
    vi="Đã hết thời gian nêu trong kế hoạch ({seconds:.0f} giây): phần còn lại không chạy nữa.",
)
_BREATH, _LONGEST_BREATH = 0.03, 0.25
_BACK_OFF = 0.5
_TICK = 0.25
_NOT_OFFERED = (404, 405, 501)


def driver_for(config: Config, *, folder: Path, log: Path) -> Driver:
    """The way to the SUT that the configuration names. ``folder``: for a bundled SUT's data; ``log``: its stderr."""
    timeout = config.timing.deadline_seconds
    match config.driver.kind:
        case "reference":
            trust = pki_folder(config, folder) / "trust"
            return ReferenceDriver(folder, log=log, mutant=config.driver.mutant, timeout=timeout, trust=trust)
        case "http":
            return HttpDriver(config.driver.url, timeout=timeout)
        case "command":
            return CommandDriver(config.driver.command, timeout=timeout)
        case _:
            return Silent()


@dataclass(frozen=True, slots=True)
class AxisFault:
    """A fault of the axis that no case asked for and that lasts the whole run: towards the SUT, or towards all."""

    fault: str
    options: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    everybody: bool = False

    def whom(self, sut: Sut) -> Whom:
        """Which exchanges it may hit."""
        return Whom() if self.everybody else Whom(system_id=sut.system_id)


class Bench:
    """Everything that the stages of one run share."""

    def __init__(
        self, *, config: Config, world: World, sut: Sut, driver: Driver, recorder: Recorder, progress: Progress,
        clock: Clock, seed: int, vault: Vault, axis_faults: Sequence[AxisFault] = (), limit: float = math.inf,
        run_id: str = "",
    ) -> None:  # fmt: skip
        self.config = config
        self.driver = driver
        self.recorder = recorder
        self.progress = progress
        self.clock = clock
        self.vault = vault
        self.stamping = Stamping(vault, clock, listen=config.trust.tsa_listen, patience=self._tsa_patience)
        self.floor = config.timing.floor_seconds
        self.directory_seconds = config.timing.directory_seconds
        self.reader = Reader(sut.system_id)
        world.hub.witnesses.add(self.reader)
        self.pulse = Pulse(deadline=config.timing.deadline_seconds, started=time.monotonic())
        self.faults = world.faults
        self.front = world.front
        self.host = config.hub.host
        self._world = world
        self._sut = sut
        self._seed: int | str = seed
        self._run_id = run_id
        self._axis_faults = axis_faults
        self._clients: dict[str, AxisClient] = {}
        self._waiting: dict[str, set[asyncio.Event]] = {}
        self.make_stage: Callable[..., LiveStage] = LiveStage
        self._someone_waits = asyncio.Event()
        self._limit = limit
        self._ends = math.inf
        self._boarding = Boarding(recorder.backlog)
        self._in_step = self._said_out_of_time = False
        self._steps = (0, time.monotonic())
        recorder.listen = self._woken
        recorder.polled = self._polled
        recorder.alive = lambda: self.pulse.alive_at(time.monotonic())

    # ------------------------------------------------------------ driving

    async def drive(
        self, flights: Sequence[Flight], *, again: Callable[[Recorder], Sequence[Flight]] = lambda recorder: ()
    ) -> None:
        """Drive all flights, one after the other; the world and the SUT are up. ``again``: asked at the end which
        flights follow from what was seen."""
        secret = self._world.hub.credentials[self._sut.system_id][0]
        connection = Connection(
            self._world.outer_url, self._sut.system_id, secret, self._sut.organ, self.config.sut.organ_name
        )
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self._close_clients)
            if any(case.capability == "time_stamp" for flight in flights for case in flight.cases):
                await self.stamping.start(stack)
                connection = replace(connection, tsa=self.stamping.url)
                self.progress.say(_TSA.filled(url=self.stamping.url))
            stack.push_async_callback(self.driver.stop)
            await self.driver.start(connection)
            await self._reset()
            await self._sync()
            for each in self._axis_faults:
                await self.faults.begin(each.fault, whom=each.whom(self._sut), **each.options)
            health = await stack.enter_async_context(Health())
            began = time.monotonic()
            self._ends = began + (1 - RETRY_SHARE) * self._limit
            total = sum(len(flight.cases) for flight in flights)
            url, due = self._world.outer_url, lambda: self.pulse.next_in(time.monotonic())
            self.progress.plan(total=total, url=url, next_poll=due)
            pump = asyncio.create_task(self._pump())
            try:
                for flight in flights:
                    await self._fly(flight)
                self._ends = began + self._limit
                for flight in again(self.recorder):
                    await self._fly(flight)
            finally:
                self.recorder.remark(HARNESS, health.measured())
                pump.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await pump

    async def _reset(self) -> None:
        """Let the SUT forget its documents, where it offers that: numbers and ids of an earlier run come again. For one
        that remembers, each run draws its own, or it would rightly warn of what it knows already."""
        reply = await self.driver.call("POST", "/control/reset", {})
        self.recorder.act(None, "POST /control/reset", {}, reply.status, reply.answer)
        if reply.status in _NOT_OFFERED:
            self._seed = f"{self._seed}/{self._run_id}"

    async def _sync(self) -> None:
        """Let the SUT read the directory, where it offers that: the agencies of this run are new on the axis."""
        reply = await self.driver.call("POST", "/control/sync", {})
        self.recorder.act(None, "POST /control/sync", {}, reply.status, reply.answer)
        self.reader.says_so = reply.ok

    async def _fly(self, flight: Flight) -> None:
        if time.monotonic() > self._ends:
            if not self._said_out_of_time:
                self.progress.say(_OUT_OF_TIME.filled(seconds=self._limit))
            self._said_out_of_time = True
            return
        self.recorder.board({flight.key(case): flight.lanes[case.id] for case in flight.cases})
        systems = [lane.system_id for lanes in flight.lanes.values() for lane in lanes]
        for system in systems:
            await self._world.borrow(system)
        try:
            async with asyncio.TaskGroup() as group:
                for case in flight.cases:
                    if flight.wave is Wave.COMPANY and len(flight.cases) > FIRST:
                        await self._room(flight.key(case))
                    group.create_task(self._play(case, flight))
        finally:
            for system in systems:
                await self._world.release(system)

    async def _room(self, key: str) -> None:
        """Wait until the SUT can take one more case; not where it is gone or the time is used up."""
        event = asyncio.Event()
        self.subscribe(key, event)
        try:
            while not self._boarding.has_room(self.recorder.count):
                now = time.monotonic()
                if not self.pulse.alive(now) or now > self._ends:
                    break
                event.clear()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_TICK):
                        await event.wait()
                self._say_batch()
        finally:
            self.unsubscribe(key, event)
        self._boarding.begins(key)

    def _say_batch(self) -> None:
        batch = self.recorder.backlog.batch
        if batch is not None and not self._in_step:
            self._in_step = True
            self.recorder.remark("batch", {"documents": batch})
            self.progress.say(_IN_STEP.filled(batch=batch))

    async def _play(self, case: Case, flight: Flight) -> None:
        key, lanes = flight.key(case), flight.lanes[case.id]
        ASKING.set(key)
        stage = self.make_stage(key, around=self, sut=self._sut, lanes=lanes, seed=self._seed)
        self.recorder.note(key, "started", {"lanes": [lane_row(lane) for lane in lanes]} if flight.attempt else {})
        try:
            await case.drive(stage)
        except StageEnd as end:
            self.recorder.note(key, "stage-end", {"at": str(end)})
        except Trouble as trouble:
            self.recorder.trouble(key, trouble.because)
        except Exception as error:  # a defect of ours must not take the other cases with it
            what = f"{type(error).__name__}: {error}"
            self.recorder.trouble(
                key, Text(en=f"the case itself broke off: {what}", vi=f"bản thân ca kiểm thử bị lỗi: {what}")
            )
        self.recorder.note(key, "ended", {})
        self._boarding.ends(key)
        self.progress.done(key)

    # ------------------------------------------------------------ for the stages

    def client(self, system_id: str) -> AxisClient:
        """The axis client of that agency, made when it is first needed."""
        if system_id not in self._clients:
            secret = self._world.hub.credentials[system_id][0]
            self._clients[system_id] = AxisClient(self._world.url, system_id, secret, clock=self.clock)
        return self._clients[system_id]

    async def plant(self, data: bytes, system_id: str, message_type: str, to: Sequence[str]) -> str:
        """Queue bytes past the axis's admission."""
        return await self._world.hub.queue(
            data, sender_system=system_id, message_type=message_type, to=list(to), admit=False
        )

    def subscribe(self, case: str, event: asyncio.Event) -> None:
        """From now on ``event`` is set with each new record of ``case`` and each poll."""
        self._waiting.setdefault(case, set()).add(event)
        self._someone_waits.set()

    def unsubscribe(self, case: str, event: asyncio.Event) -> None:
        """No longer."""
        self._waiting[case].discard(event)
        if not any(self._waiting.values()):
            self._someone_waits.clear()

    def overdue(self, started: float) -> bool:
        """A case may take six deadlines and forty polls, and a minute; longer while the SUT gets on with its work, but
        never longer than the run."""
        now, deadline = time.monotonic(), self.config.timing.deadline_seconds
        period = max(self.pulse.period or 0.0, self.config.timing.poll_seconds)
        if (steps := self.recorder.backlog.steps) != self._steps[0]:
            self._steps = (steps, now)
        getting_on = now - self._steps[1] <= max(deadline, 3 * period)
        return now > self._ends or (now - started > 60 + 6 * deadline + 40 * period and not getting_on)

    def _tsa_patience(self) -> float:
        """How long a time-stamp is held back at most: four polls, or most of what one call of the SUT may take."""
        period = max(self.pulse.period or 0.0, self.config.timing.poll_seconds)
        long_enough = max(0.6 * self.config.timing.deadline_seconds, 4 * period)
        return min(long_enough, 131.0)  # the longest that was observed in production

    def _woken(self, case: str | None) -> None:
        for events in self._waiting.values() if case is None else (self._waiting.get(case, set()),):
            for event in events:
                event.set()

    def _polled(self) -> None:
        self.pulse.beat(time.monotonic())
        self.progress.polled()

    async def _pump(self) -> None:
        """Ask the SUT to poll while anybody waits, the more rarely the longer it had nothing to do; give up where it
        does not offer that."""
        steps, breath = 0, _BREATH
        while True:
            await self._someone_waits.wait()
            reply = await self.driver.call("POST", "/control/poll", {})
            if reply.status in _NOT_OFFERED:
                return
            steps, before = self.recorder.backlog.steps, steps
            breath = _BREATH if steps != before else min(2 * breath, _LONGEST_BREATH)
            await asyncio.sleep(breath if reply.ok else _BACK_OFF)

    async def _close_clients(self) -> None:
        for client in self._clients.values():
            await client.aclose()
