"""One agency node of the plan: it sends, asks for its lists, fetches, confirms, and answers with statuses.

Everything it does is noted in the ledger with the moment it was meant for and the moment it began, and told to locust,
so that locust's own statistics and web page are alive.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import gevent

from loadtests.executor.answers import Unusable, doc_id_of, listed_in, package_of, told
from loadtests.executor.calls import Caller
from loadtests.executor.client import Lines, NoAnswer
from loadtests.executor.contents import Contents, Known
from loadtests.executor.health import Health
from loadtests.executor.ledger import Notes
from loadtests.executor.tally import Tally
from loadtests.executor.timetable import Timetable
from loadtests.histograms import size_class
from loadtests.plan import Arrival, Plan, PlannedSystem
from simulator.protocol.request_signing import file_hash

__all__ = ["Node", "Office"]

TYPES = ("edoc", "status")
_LONG = 256 << 10
_NO_ANSWER = (NoAnswer, Unusable)


@dataclass(slots=True)
class Office:
    """What the nodes of one worker share. ``told``: (operation, seconds, bytes, error or None) to locust. ``over``:
    whether the run has ended."""

    plan: Plan
    clock: Callable[[], float]
    notes: Notes
    health: Health
    tally: Tally
    timetable: Timetable
    contents: Contents
    told: Callable[[str, float, int, str | None], None]
    request_of: Callable[[int], tuple[bytes, Any]]
    answer_later: Callable[[float, "Node", Arrival, str, str], None]
    over: Callable[[], bool]
    away: frozenset[str] = frozenset()
    online: dict[str, bool] = field(default_factory=dict)

    def owed(self, units: Iterable[str]) -> int:
        """How many of the units have somebody who will ask for what was sent to them."""
        return sum(self.online.get(unit, True) for unit in units)


class Node:
    """A system of the plan with its connections. ``lines`` are its own: one system, one client (performance.md).
    ``office``: given before the clock starts."""

    __slots__ = (
        "_caller",
        "_closed",
        "_lines",
        "_others",
        "empty_since",
        "missed",
        "office",
        "polling",
        "system",
        "unit",
    )

    def __init__(self, system: PlannedSystem, caller: Caller, lines: Lines) -> None:
        self.system = system.system_id
        self.unit = system.unit
        self.polling = False
        self.missed: float | None = None
        self.empty_since: float | None = None
        self.office: Office
        self._others: frozenset[str] = frozenset()
        self._caller = caller
        self._lines = lines
        self._closed: set[str] = set()

    # ---------------------------------------------------------------- sending

    def send(self, arrival: Arrival, intended: float) -> None:
        """SendEdoc of one planned document."""
        office, tally = self.office, self.office.tally
        head, body = office.request_of(arrival.number)
        begun = office.clock()
        office.health.sent(begun - intended)
        good, code, doc_id, error = self._posted(head, body)
        done = office.clock()
        gevent.sleep(0)  # who else was answered in this moment looks at the clock before anybody writes
        size = len(body)
        kind = size_class(size)
        office.notes.ledger.write(
            {"e": "sent", "n": arrival.number, "system": self.system, "intended": _time(intended),
             "begun": _time(begun), "done": _time(done), "ok": good, "code": code, "doc_id": doc_id, "error": error,
             "bytes": size, "urgency": arrival.urgency, "size_class": kind}
        )  # fmt: skip
        tally.sent += 1
        tally.active(done)
        if good:
            tally.accepted += 1
            tally.opened += office.owed(arrival.receivers)
            tally.waits.append(done - intended)
        elif code:
            tally.refused += 1
        else:
            tally.failed += 1
        self._record("send", intended, begun, done, arrival.urgency, kind)
        office.told("sendEdoc", done - begun, size, None if good else error or f"code {code}")

    def answer(self, arrival: Arrival, code: str, to: str, due: float) -> None:
        """Send the status ``code`` about a document to the unit ``to``: its sender, or (13) one of its receivers."""
        office, tally = self.office, self.office.tally
        package = office.contents.status(arrival, self.unit, code, to)
        sha = hashlib.sha256(package).hexdigest()
        head, body = self._caller.send(package, file_hash(package), self.unit, "status")
        office.contents.remember_status(sha, Known(arrival.document_id, (), code, self.unit))
        begun = office.clock()
        good, refusal, doc_id, error = self._posted(head, body)
        done = office.clock()
        office.notes.ledger.write(
            {"e": "answered", "system": self.system, "unit": self.unit, "to": to,
             "about": arrival.document_id, "status": code, "intended": _time(due), "begun": _time(begun),
             "done": _time(done), "ok": good, "code": refusal, "error": error, "doc_id": doc_id, "sha256": sha}
        )  # fmt: skip
        tally.active(done)
        if good:
            tally.answered += 1
            tally.opened += office.owed((to,))
        else:
            tally.unanswered += 1
        self._record("answer", due, begun, done, arrival.urgency, "<=64K")
        office.told("sendEdoc status", done - begun, len(body), None if good else error or f"code {refusal}")

    def _posted(self, head: bytes, body: Any) -> tuple[bool, str, str, str | None]:
        """(accepted, ErrorCode of a refusal or "", DocId, what went wrong)."""
        try:
            good, code, members = told(self._lines.ask(head, body))
            if good:
                return True, "", doc_id_of(members), None
        except _NO_ANSWER as error:
            return False, "", "", str(error)
        return False, code or "?", "", str(members["ErrorDesc"])

    # ---------------------------------------------------------------- receiving

    def poll(self, intended: float) -> None:
        """Ask for both lists, and take in whatever they hold; a turn that was missed meanwhile follows at once."""
        try:
            while True:
                self._turn(intended)
                if self.missed is None or self.office.over():
                    return
                intended, self.missed = self.missed, None
        finally:
            self.polling = False

    def _turn(self, intended: float) -> None:
        begun = self.office.clock()
        empty = True
        for message_type in TYPES:
            lines = self._listed(message_type, intended)
            empty = empty and lines == []
            for delivery_id in lines or ():
                if self.office.over():  # what is left is asked for once more, and waits
                    return
                self._take(delivery_id, message_type)
            intended = self.office.clock()
        self.empty_since = begun if empty else None

    def _listed(self, message_type: str, intended: float) -> list[str] | None:
        """The delivery ids that wait; None where no list came."""
        office = self.office
        begun = office.clock()
        good, rows, error = self._list(message_type)
        done = office.clock()
        office.notes.ledger.write(
            {"e": "polled", "system": self.system, "type": message_type, "intended": _time(intended),
             "begun": _time(begun), "done": _time(done), "ok": good, "listed": len(rows), "error": error}
        )  # fmt: skip
        office.tally.polled += 1
        self._record("list", intended, begun, done, 0, "")
        office.told(f"getReceivedEdocList {message_type}", done - begun, 0, error)
        return rows if good else None

    def _list(self, message_type: str) -> tuple[bool, list[str], str | None]:
        try:
            good, code, members = told(self._lines.ask(self._caller.list_(message_type)))
            if not good:
                return False, [], f"code {code}"
            ids = listed_in(members)
        except _NO_ANSWER as error:
            return False, [], str(error)
        return True, [each for each in ids if each not in self._others] if self._others else ids, None

    def _take(self, delivery_id: str, message_type: str) -> None:
        """GetEdoc, look at the bytes, updateStatus done, and plan the answers."""
        office, tally = self.office, self.office.tally
        begun = office.clock()
        package, error = self._got(delivery_id)
        done = office.clock()
        event = {"e": "fetched", "system": self.system, "unit": self.unit, "delivery_id": delivery_id, "doc_id": "",
                 "type": message_type, "begun": _time(begun), "done": _time(done), "ok": package is not None,
                 "document_id": "", "sha256": "", "files": (), "status_code": None, "about": None,
                 "from": ""}  # fmt: skip
        office.told("getEdoc", done - begun, len(package or b""), error)
        if package is None:
            office.notes.ledger.write({**event, "error": error})
            return
        digest = hashlib.sha256
        sha = digest(package).hexdigest() if len(package) < _LONG else _apart(lambda: digest(package).hexdigest())
        known = office.contents.known(sha, package, message_type)
        event |= {"sha256": sha, "files": known.files, "from": known.unit}
        if message_type == "status":
            event |= {"about": known.document_id, "status_code": known.status_code}
        else:
            event["document_id"] = known.document_id
        office.notes.ledger.write(event)
        tally.fetched += 1
        tally.active(done)
        arrival = office.contents.arrival(known.document_id)
        self._record("fetch", begun, begun, done, arrival.urgency if arrival else 0, size_class(len(package)))
        self._confirm(delivery_id, sha)
        if arrival is not None and sha not in self._closed:
            for code, to, delay in self._follows(arrival, message_type, known):
                office.answer_later(done + delay, self, arrival, code, to)
        self._closed.add(sha)

    def _follows(self, arrival: Arrival, message_type: str, known: Known) -> Iterator[tuple[str, str, float]]:
        """The statuses that this node sends because of what it fetched: (code, to whom, seconds from now)."""
        plan = self.office.plan
        if message_type == "edoc":
            for code, delay in plan.answers(arrival.number, self.unit):
                yield code, arrival.sender_unit, delay
            return
        of_mine = known.status_code == "01" and self.unit == arrival.sender_unit
        asks_me = known.status_code == "13" and self.unit in arrival.receivers
        if of_mine and (asked := plan.take_back(arrival.number, known.unit)):
            yield "13", known.unit, asked[0]
        if asks_me and (asked := plan.take_back(arrival.number, self.unit)):
            yield asked[1], arrival.sender_unit, asked[2]

    def _got(self, delivery_id: str) -> tuple[bytes | None, str | None]:
        try:
            body = self._lines.ask(self._caller.get(delivery_id))
            package, code = package_of(body) if len(body) < _LONG else _apart(lambda: package_of(body))
        except _NO_ANSWER as error:
            return None, str(error)
        return package, None if package is not None else f"code {code}"

    def _confirm(self, delivery_id: str, sha: str) -> None:
        office, tally = self.office, self.office.tally
        begun = office.clock()
        good, error = False, None
        try:
            good, code, _ = told(self._lines.ask(self._caller.confirm(delivery_id, "done")))
            error = None if good else f"code {code}"
        except _NO_ANSWER as failure:
            error = str(failure)
        done = office.clock()
        office.notes.ledger.write(
            {"e": "confirmed", "system": self.system, "delivery_id": delivery_id, "word": "done",
             "begun": _time(begun), "done": _time(done), "ok": good, "error": error}
        )  # fmt: skip
        if good:
            tally.confirmed += 1
            tally.closed += sha not in self._closed
        tally.active(done)
        self._record("confirm", begun, begun, done, 0, "")
        office.told("updateStatus", done - begun, 0, error)

    # ---------------------------------------------------------------- before and after

    def leave_what_waits(self) -> None:
        """Whatever the lists hold now is somebody else's."""
        self._others = frozenset(each for message_type in TYPES for each in self._list(message_type)[1])

    def note_waiting(self) -> None:
        """Ask once more, take nothing: what still waits for this system."""
        for message_type in TYPES:
            good, rows, _ = self._list(message_type)
            if good:
                self.office.notes.ledger.write(
                    {"e": "waiting", "system": self.system, "type": message_type, "delivery_ids": rows,
                     "at": _time(self.office.clock())}
                )  # fmt: skip
        self._lines.close()

    def _record(self, op: str, intended: float, begun: float, done: float, urgency: int, kind: str) -> None:
        record = self.office.notes.recorder.record
        record(op, done - intended, urgency=urgency, size_class=kind)
        record(op, done - begun, urgency=urgency, size_class=kind, what="service")


def _time(seconds: float) -> float:
    return round(seconds, 6)


def _apart(work: Callable[[], Any]) -> Any:
    """Work on many bytes in a thread of its own: the greenlets go on meanwhile (hashing lets go of the interpreter)."""
    return gevent.get_hub().threadpool.apply(work)
