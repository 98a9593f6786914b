"""One setting of the axis, killed again and again under load: start, audit, load, kill, and from the start.

    sqlite      one process, the embedded store      victim: the hub
    postgresql  three processes on one database      victims: the hub, a worker, the database

A hub is started again by us, a worker by the hub, a database by us while the hub goes on.
"""

import asyncio
import contextlib
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from loadtests.bench.axis import Axis, an_axis
from loadtests.bench.messages import System, listing
from loadtests.bench.processes import DidNotStart
from loadtests.bench.rawclient import Line, NoAnswer
from loadtests.crash.database import Database
from loadtests.crash.oracle import Account
from loadtests.crash.players import Cast, WrongAnswer

__all__ = ["Killed", "children", "crash"]

_TEST_SYSTEMS, _PLAYERS = ("sut.test.01", "sut.test.02"), 4
_HUB, _WORKER, _DATABASE = "hub", "worker", "database"
_LEAST_LOAD, _MOST_LOAD = 0.1, 1.5
_WEIGHTS = {_HUB: 2, _WORKER: 6, _DATABASE: 2}
_WORKERS = 2
_WORKER_DEATHS_OF_A_HUB = 6
"""A hub whose workers keep dying gives up (10 deaths within a minute): it is killed itself before that."""
_STARTS = 20
_SECONDS_TO_RECOVER = 60.0
_SECONDS_TO_STOP = 60.0


@dataclass(slots=True)
class Killed:
    """What came of one setting. ``victims``: how many of each were killed."""

    setting: str
    account: Account
    seconds: float
    victims: Counter[str] = field(default_factory=Counter)
    starts_refused: int = 0


async def crash(
    setting: str,
    kills: int,
    *,
    seed: int,
    folder: Path,
    server: Database | None = None,
    say: Callable[[str], None] = lambda text: None,
    most_load: float = _MOST_LOAD,
) -> Killed:
    """Kill ``kills`` times and account for everything. ``server``: a running database, None: SQLite.

    Raises WrongAnswer, DidNotStart.
    """
    begin = time.monotonic()
    chance = random.Random(f"{seed}/{setting}")  # noqa: S311  # a play, no secret
    run = _Run(setting, kills, chance, folder / setting, server, say, most_load)
    await run.all()
    return Killed(setting, run.cast.history.account(), time.monotonic() - begin, run.victims, run.refused)


class _Run:
    def __init__(
        self,
        setting: str,
        kills: int,
        chance: random.Random,
        data: Path,
        server: Database | None,
        say: Callable[[str], None],
        most_load: float,
    ) -> None:
        self._setting = setting
        self._kills = kills
        self._chance = chance
        self._data = data
        self._server = server
        self._say = say
        self._most_load = most_load
        self._options = ["--store", server.address, "--workers", str(_WORKERS)] if server else []
        self._workers_killed = 0
        self.victims: Counter[str] = Counter()
        self.refused = 0
        self.cast = Cast((), chance)

    async def all(self) -> None:
        """Every kill, then the last audit on an axis that nobody kills."""
        self._data.parent.mkdir(parents=True, exist_ok=True)
        while self.victims.total() < self._kills:
            await self._served(self._until_the_hub_dies)
        await self._served(lambda axis: self.cast.audit_all(axis.port))

    async def _served(self, work: Callable[[Axis], Awaitable[None]]) -> None:
        """``work`` with an axis that has just been started on the kept data."""
        for attempt in range(_STARTS):
            async with contextlib.AsyncExitStack() as stack:
                try:
                    axis = await stack.enter_async_context(an_axis(self._data, core=None, options=self._options))
                except DidNotStart:  # workers of the killed hub may still be at it: then the store is in use
                    self.refused += 1
                    if attempt == _STARTS - 1:
                        raise
                    await asyncio.sleep(0.2)
                    continue
                if not self.cast.systems:
                    self.cast.systems = _players(axis)
                await work(axis)
                return

    async def _until_the_hub_dies(self, axis: Axis) -> None:
        self._workers_killed = 0
        await self.cast.audit(axis.port)
        while self.victims.total() < self._kills:
            victim = self._chosen()
            await self._load_and_kill(axis, victim)
            self.victims[victim] += 1
            self._say(f"{self._setting}: {self.victims.total()}/{self._kills} {victim}")
            if victim == _HUB:
                return
            await _recovered(axis, self.cast)
            await self.cast.audit(axis.port)

    def _chosen(self) -> str:
        if self._server is None or self._workers_killed >= _WORKER_DEATHS_OF_A_HUB:
            return _HUB
        (victim,) = self._chance.choices(list(_WEIGHTS), list(_WEIGHTS.values()))
        return victim

    async def _load_and_kill(self, axis: Axis, victim: str) -> None:
        stop = asyncio.Event()
        play = asyncio.create_task(self.cast.play(axis.port, stop))
        try:
            await asyncio.wait((play,), timeout=self._chance.uniform(_LEAST_LOAD, self._most_load))
            await self._kill(axis, victim)
        finally:
            stop.set()
            async with asyncio.timeout(_SECONDS_TO_STOP):
                await play

    async def _kill(self, axis: Axis, victim: str) -> None:
        if victim == _DATABASE and self._server is not None:
            await self._server.kill()
            await self._server.start()
        elif victim == _WORKER:
            pids = children(axis.child.pid)
            if pids:
                os.kill(self._chance.choice(pids), signal.SIGKILL)
                self._workers_killed += 1
        else:
            axis.child.process.kill()
            await axis.child.process.wait()


def _players(axis: Axis) -> tuple[System, ...]:
    """The two test systems, and the first others of the topology: nobody else acts for them here."""
    ours = [axis.systems[name] for name in _TEST_SYSTEMS]
    others = [system for name, system in axis.systems.items() if name not in _TEST_SYSTEMS]
    return (*ours, *others[: _PLAYERS - len(ours)])


def children(pid: int) -> list[int]:
    """The living children of a process, by the kernel's own list."""
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii")
    except OSError:
        return []
    return [int(word) for word in text.split()]


async def _recovered(axis: Axis, cast: Cast) -> None:
    """Return when the axis answers again. Raises WrongAnswer where it does not."""
    deadline = time.monotonic() + _SECONDS_TO_RECOVER
    while time.monotonic() < deadline:
        with contextlib.suppress(NoAnswer):
            async with Line(axis.port) as line:
                if b'"OK"' in (await line.ask(listing(cast.systems[0]))).data:
                    return
        if axis.child.process.returncode is not None:
            raise WrongAnswer(f"the axis ended: {axis.child.complaint()}")
        await asyncio.sleep(0.02)
    raise WrongAnswer(f"the axis did not answer again: {axis.child.complaint()}")
