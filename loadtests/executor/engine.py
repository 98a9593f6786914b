"""One worker's part of a run: its nodes, their timetable, the arrivals in their time, the drain, the last lists.

    prepare   packages encoded and signed, before the clock starts (pitfall 170)
    begin     the clock: an origin on the machine's monotonic clock, the same for all workers
    play      arrivals and polls until the conductor says that it is over; then what still waits

``progress`` says where it stands; the conductor asks each second.
"""

import gc
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import gevent
from gevent.event import Event

from loadtests import packages
from loadtests.executor.calls import Caller, Where, head_of
from loadtests.executor.client import Lines, NoAnswer
from loadtests.executor.contents import Contents, Known
from loadtests.executor.health import Health, percentile
from loadtests.executor.ledger import Notes
from loadtests.executor.nodes import Node, Office
from loadtests.executor.slots import Slots
from loadtests.executor.tally import Tally
from loadtests.executor.timetable import Timetable
from loadtests.histograms import INTERVAL_SECONDS
from loadtests.plan import Arrival, Plan, PlannedSystem
from simulator.protocol.request_signing import header_timestamp

__all__ = ["Engine", "Part"]

_MOST_SENDS = 1_000
_MOST_TURNS = 1_000
_MOST_LAST_LISTS = 64
_TIMEOUT = 30.0
_FAR = 1e9
_ENDED = partial(NoAnswer, "no answer before the run was over")
_SWITCH = 0.0005
"""Seconds after which a thread that works on many bytes hands the interpreter back to the greenlets."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one worker plays. ``secrets``: system -> secret; ``folder``: the run's; ``label``: of its files; ``shared``:
    the axis was up before the run, and may hold what others sent."""

    plan: Plan
    index: int
    workers: int
    secrets: Mapping[str, str]
    host: str
    port: int
    prefix: str
    folder: Path
    label: str
    shared: bool = False


class Engine:
    """Plays a ``Part``. ``heard``: (operation, seconds, bytes, error or None) to locust."""

    def __init__(self, part: Part, *, heard: Callable[[str, float, int, str | None], None]) -> None:
        self.part = part
        self.over = Event()
        self.begun = Event()
        self.phase = "preparing"
        self.failure = ""
        self._heard = heard
        self._origin = _FAR
        self._spool: packages.Spool | None = None
        self._share = part.plan.share(part.index, part.workers)
        mine = {system.system_id for system in self._share}
        self._arrivals = tuple(arrival for arrival in part.plan.arrivals if arrival.sender in mine)
        self.tally = Tally(planned=len(self._arrivals))
        self._where = Where(f"{part.host}:{part.port}", part.prefix)
        self._nodes = {system.system_id: self._node(system) for system in self._share}
        self._sends = Slots(_MOST_SENDS, self._broke)
        self._turns = Slots(_MOST_TURNS, self._broke)
        self._answers = Slots(_MOST_SENDS, self._broke)
        self._loops = 0
        self._played = False

    def _node(self, system: PlannedSystem) -> Node:
        part = self.part
        stamp = header_timestamp(datetime.now(UTC))
        caller = Caller(system.system_id, part.secrets[system.system_id], timestamp=stamp, where=self._where)
        return Node(system, caller, Lines((part.host, part.port), timeout=_TIMEOUT))

    # ---------------------------------------------------------------- before the clock

    def prepare(self) -> dict[str, dict[str, Any]]:
        """Encode and sign what this worker will send; gives the manifest of it, number -> document."""
        part = self.part
        mine = frozenset(system.system_id for system in self._share)
        spool = packages.prepare(
            part.plan, credentials=part.secrets, folder=part.folder / "spool" / part.label, only_systems=mine
        )
        self._spool = spool
        return {str(number): dict(row) for number, row in spool.manifest.items()}

    def look_around(self) -> None:
        """On a shared axis: what waits already is not ours to fetch, nor to account for."""
        if not self.part.shared:
            return
        looks = Slots(_MOST_LAST_LISTS, self._broke)
        for node in self._nodes.values():
            looks.start(node.leave_what_waits)
        looks.rested(_FAR)

    def begin(self, origin: float, known: Mapping[str, Sequence[Any]]) -> None:
        """The clock starts at ``origin`` (of ``time.monotonic``). ``known``: digest -> (document id, files, unit)."""
        part = self.part
        self._origin = origin
        self.notes = Notes(part.folder, part.label)
        self.health = Health(self.clock)
        self.timetable = Timetable(self.clock)
        contents = Contents(
            part.plan.arrivals,
            {sha: Known(str(row[0]), tuple(row[1]), unit=str(row[2])) for sha, row in known.items()},
            self._status,
        )
        polls = part.plan.polls
        gone = polls.offline if polls.back_at is None else frozenset()
        self._office = Office(
            plan=part.plan, clock=self.clock, notes=self.notes, health=self.health, tally=self.tally,
            timetable=self.timetable, contents=contents, told=self._heard, request_of=self._request,
            answer_later=self._answer_later, over=self.over.is_set,
            online={system.unit: system.system_id not in gone for system in part.plan.systems},
        )  # fmt: skip
        for node in self._nodes.values():
            node.office = self._office
        self._polling = [node for node in self._nodes.values() if node.system not in gone]
        self.phase = "running"
        self.begun.set()

    def clock(self) -> float:
        """Seconds since the origin."""
        return time.monotonic() - self._origin

    # ---------------------------------------------------------------- the run

    def play(self) -> None:
        """From the origin to the last list; returns when everything is written. A second time does nothing."""
        self.begun.wait()
        if self._played:
            return  # somebody started "a new test" on locust's page: there is one plan, and it is carried out once
        self._played = True
        gc.collect()
        gc.freeze()  # what was prepared stays: looking through it again and again would be a pause each time
        gc.set_threshold(20_000, 50, 1_000)
        sys.setswitchinterval(_SWITCH)
        with self.notes:
            helpers = [gevent.spawn(self.health.watch), gevent.spawn(self._each_second)]
            helpers.append(gevent.spawn(self.timetable.run))
            self._plan_turns()
            try:
                (self._closed_model if self.part.plan.model == "closed" else self._open_model)()
                self.phase = "draining" if not self.over.is_set() else self.phase
                self.over.wait()
            finally:
                self._finish()
                gevent.killall(helpers)
                self._last_interval()
                self.phase = "done"

    def _open_model(self) -> None:
        for arrival in self._arrivals:
            if self._slept_until(arrival.at):
                return
            if self._sends.full:
                self._dropped(arrival, "too many sends under way")
            else:
                self._sends.start(self._nodes[arrival.sender].send, arrival, arrival.at)
        self._slept_until(self.part.plan.seconds)

    def _closed_model(self) -> None:
        loops: dict[int, list[Arrival]] = defaultdict(list)
        for arrival in self._arrivals:
            loops[arrival.user or 0].append(arrival)
        self._loops = len(loops)
        everyone = [gevent.spawn(self._loop, arrivals) for arrivals in loops.values()]
        self._slept_until(self.part.plan.seconds)
        gevent.joinall(everyone, timeout=_TIMEOUT)
        gevent.killall(everyone, _ENDED())

    def _loop(self, arrivals: Sequence[Arrival]) -> None:
        """Send, wait for the answer, think, send again; what the time did not suffice for was never offered."""
        thought_since = 0.0
        planned = 0.0
        for arrival in arrivals:
            due = thought_since + max(0.0, arrival.at - planned)
            if self._slept_until(due) or due >= self.part.plan.seconds:
                return
            self._nodes[arrival.sender].send(arrival, due)
            thought_since, planned = self.clock(), arrival.at

    def _slept_until(self, due: float) -> bool:
        """Wait for ``due``; True where the run is over before."""
        left = due - self.clock()
        if left > 0:
            self.over.wait(left)
        return bool(self.over.is_set())

    def _dropped(self, arrival: Arrival, why: str) -> None:
        self.tally.dropped += 1
        self.notes.ledger.write({"e": "dropped", "n": arrival.number, "why": why, "at": round(self.clock(), 6)})

    # ---------------------------------------------------------------- polls and answers

    def _plan_turns(self) -> None:
        plan = self.part.plan
        until = plan.seconds + plan.drain_limit_seconds
        for number, system in enumerate(plan.systems):
            node = self._nodes.get(system.system_id)
            if node is not None:
                turns = plan.turns(number, until)
                if (first := next(turns, None)) is not None:
                    self.timetable.at(first, self._poll, node, turns)

    def _poll(self, due: float, node: Node, turns: Any) -> None:
        if (following := next(turns, None)) is not None:
            self.timetable.at(following, self._poll, node, turns)
        if node.polling:
            self.tally.late_polls += 1
            node.missed = due if node.missed is None else node.missed
        else:
            node.polling = True
            self._turns.start(node.poll, due)

    def _answer_later(self, due: float, node: Node, arrival: Arrival, code: str, to: str) -> None:
        self.tally.answers_due += 1
        self.timetable.at(due, self._answer, node, arrival, code, to)

    def _answer(self, due: float, node: Node, arrival: Arrival, code: str, to: str) -> None:
        self._answers.start(self._answered, node, arrival, code, to, due)

    def _answered(self, node: Node, arrival: Arrival, code: str, to: str, due: float) -> None:
        try:
            node.answer(arrival, code, to, due)
        finally:
            self.tally.answers_due -= 1

    def _status(self, arrival: Arrival, unit: str, code: str, to: str) -> bytes:
        plan = self.part.plan
        return packages.status_packet(
            unit=unit,
            code=code,
            about_unit=to,
            document_id=arrival.document_id,
            document_code=f"{arrival.code_number}/{plan.code_notation}",
            issued=plan.issued,
            at=datetime.now(UTC),
        )

    def _request(self, number: int) -> tuple[bytes, Any]:
        assert self._spool is not None  # noqa: S101  # prepared before the clock
        headers, body = self._spool.request(number)
        return head_of("sendEdoc", headers.items(), where=self._where, length=len(body)), body

    # ---------------------------------------------------------------- what others see

    def progress(self) -> dict[str, Any]:
        """Where it stands, as a message; asked for once a second by whoever reports."""
        waits = sorted(self.tally.waits)
        members = self.tally.taken() | {"phase": self.phase, "failure": self.failure, "worker": self.part.label}
        members["waits"] = len(waits)
        members["p99"] = round(percentile(waits, 0.99), 6)
        members["in_flight"] = self._sends.running + self._turns.running + self._answers.running
        members["at"] = round(self.clock(), 3)
        members["empty_since"] = min((node.empty_since or -1.0 for node in self._polling), default=_FAR)
        return members

    def _broke(self, trace: str) -> None:
        self.failure = self.failure or trace

    def _each_second(self) -> None:
        interval = INTERVAL_SECONDS
        second = 0
        while True:
            second += 1
            gevent.sleep(max(0.0, second - self.clock()))
            self.notes.health.write(self.last_reading(self.health.reading()))
            self.notes.flush()
            if second >= interval:
                interval += INTERVAL_SECONDS
                for _ in self.notes.interval(round(self.clock(), 3)):
                    gevent.sleep(0)

    def last_reading(self, reading: dict[str, Any]) -> dict[str, Any]:
        """Keep the newest line of health for whoever watches."""
        self.reading = reading
        return reading

    # ---------------------------------------------------------------- the end

    def _finish(self) -> None:
        """Let what is under way come to its end, for a moment; then ask every list once more."""
        self.phase = "finishing"
        self.timetable.close()
        every = (self._sends, self._turns, self._answers)
        for slots in every:
            slots.forget()
        deadline = time.monotonic() + _TIMEOUT
        for slots in every:
            slots.rested(max(0.0, deadline - time.monotonic()))
        for slots in every:  # a slow axis: what it did not answer is written down as that
            slots.end(_ENDED)
        lists = Slots(_MOST_LAST_LISTS, self._broke)
        for node in self._nodes.values():
            lists.start(node.note_waiting)
        lists.rested(_TIMEOUT)
        lists.end(_ENDED)

    def _last_interval(self) -> None:
        for _ in self.notes.interval(round(self.clock(), 3)):
            pass
        self.notes.health.write(self.last_reading(self.health.reading()))
