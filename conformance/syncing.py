"""The part of the stage that has the SUT read the axis's directory: asked for where it offers that, else waited for.

How often a system reads the directory is its own affair, so a case that changes it needs the SUT's help: the call
``POST /control/sync``, or the period that its file names (``[timing] directory_seconds``). Without either nothing is
owed, and the note ``sync`` says so to the judge: ``how`` is asked, told or unknown, ``done`` whether it was seen
reading, ``due`` whether it owed it by then.
"""

import time
from typing import Any, Protocol

from conformance.evidence import CaseEvidence, Unseen
from conformance.progress import Progress
from conformance.pulse import Pulse
from conformance.recorder import Recorder
from conformance.stage import DIRECTORY, Condition
from conformance.sut.driver import Driver
from simulator.clock import Clock
from simulator.hub.events import Exchange, Fact, Polled
from simulator.words import Text

__all__ = ["Reader", "Syncing", "Teachable"]

_CALL = "/control/sync"
_POLLS = 3
_TWICE_BOTH = 4
_TICK, _LONGEST_TICK = 0.25, 15.0
_FOR = Text(en="the SUT to read the directory, as its file says", vi="SUT đọc danh bạ theo chu kỳ đã khai báo")


class Reader:
    """A witness of the axis: whether a system has read the directory at all, and had time to take it over."""

    def __init__(self, system_id: str) -> None:
        self._system_id = system_id
        self._asked = False
        self._polls = 0
        self.says_so = False

    @property
    def has_read(self) -> bool:
        """Whether it says so, or polled for both kinds of packets, twice, since it first asked for one of the lists."""
        return self._asked and (self.says_so or self._polls >= _TWICE_BOTH)

    def fact(self, fact: Fact) -> None:
        """It polled."""
        if self._asked and isinstance(fact, Polled) and fact.system_id == self._system_id:
            self._polls += 1

    def exchange(self, exchange: Exchange) -> None:
        """It asked for one of the lists."""
        self._asked |= exchange.operation in DIRECTORY and exchange.system_id == self._system_id


class Teachable(Protocol):
    """What a syncing stage needs of its surroundings."""

    recorder: Recorder
    driver: Driver
    pulse: Pulse
    progress: Progress
    clock: Clock
    floor: float
    directory_seconds: float
    reader: Reader


class Syncing:
    """Mixed into the live stage; see ``conformance.stage.Stage.sync``."""

    case_id: str
    _around: Teachable
    _started: float

    @property
    def seen(self) -> CaseEvidence:
        """What was recorded so far."""
        raise NotImplementedError

    def note(self, name: str, /, **values: Any) -> None:
        """Remember what the case planned or drew."""
        raise NotImplementedError

    async def until(self, condition: Condition, *, for_: Text, polls: int = 3) -> bool:
        """Wait, counted in observed polls of the SUT."""
        raise NotImplementedError

    @property
    def has_read_directory(self) -> bool:
        """Whether the SUT has read the directory in this run."""
        return self._around.reader.has_read

    async def sync(self, read: Condition) -> bool:
        """Ask; where that is not offered, wait for as long as was told."""
        around = self._around
        reply = await around.driver.call("POST", _CALL, {})
        record = around.recorder.act(self.case_id, f"POST {_CALL}", {}, reply.status, reply.answer)
        told = around.directory_seconds
        if reply.ok:
            how = "asked"
            done = await self.until(read, for_=_FOR, polls=_POLLS)  # an adapter may answer before it has read
            due = self.seen.polls_after(record.n) >= _POLLS
        elif told > 0:
            how = "told"
            done, due = await self._wait_for_it(read, told)
        else:
            how, done, due = "unknown", _true(read, self.seen), False
        self.note("sync", how=how, seconds=told, done=done, due=done or due)
        return done

    async def _wait_for_it(self, read: Condition, told: float) -> tuple[bool, bool]:
        """Whether it read, and whether the time was over in which it had to: twice its own period.

        Some read only when they poll, so they are asked to, as in any wait, but as seldom as the wait is long. The
        time is not the case's: it was told beforehand.
        """
        around, began = self._around, time.monotonic()
        start, key, ends = around.recorder.count, f"{self.case_id}#sync", began + 2 * told + around.floor
        around.progress.waiting(key, self.case_id, _FOR)
        try:
            while not (done := _true(read, self.seen)):
                now = time.monotonic()
                if now >= ends or not around.pulse.alive(now):
                    break
                await around.driver.call("POST", "/control/poll", {})
                await around.clock.sleep(min(max(told / 50, _TICK), _LONGEST_TICK))
        finally:
            around.progress.going_on(key)
        seconds, polls = time.monotonic() - began, self.seen.polls_after(start)
        self._started += seconds
        around.recorder.wait(self.case_id, _FOR, met=done, polls=polls, seconds=seconds)
        return done, not done and time.monotonic() >= ends and polls >= _POLLS


def _true(condition: Condition, seen: CaseEvidence) -> bool:
    try:
        return bool(condition(seen))
    except Unseen:
        return False
