"""Remembers what happened, uninterpreted: the hub's facts and exchanges become numbered records as they come.

Two things are decided here and nowhere later: which case a record belongs to (by the lane's agency, then by the ids
that the lane's traffic brought up; never by order of arrival), and what is masked (signatures, secrets, tokens).
Traffic of agencies that no case uses is not evidence and is left out.
"""

import hashlib
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

from conformance.backlog import Backlog
from conformance.evidence import CaseEvidence, Lane, Record, Sut
from conformance.runfolder import EvidenceWriter
from simulator.clock import Clock
from simulator.words import Text

__all__ = ["MASK", "Recorder"]

MASK = "***"
_LARGE_FILE = 256 * 1024
_LARGE_BODY = 8 * 1024
_SIGNATURES = frozenset({"xroadvnpt-hash-header", "authorization", "cookie", "set-cookie", "x-secretkey"})
_SECRET_MEMBERS = frozenset({"secret", "token", "password"})


class _Recordable(Protocol):
    def record(self) -> dict[str, object]:
        """The JSON form."""


class _Exchange(_Recordable, Protocol):
    @property
    def request_body(self) -> bytes:
        """The raw body of the request."""

    @property
    def response_body(self) -> bytes:
        """The raw body of the answer."""


class Recorder:
    """One run's memory. ``listen`` is called with the case of each new record (None: it concerns all), ``polled`` with
    each poll of the SUT for documents, ``alive`` with everything that it does."""

    def __init__(self, writer: EvidenceWriter, *, sut: Sut, clock: Clock, secrets: Sequence[str]) -> None:
        self._writer = writer
        self._sut = sut
        self._clock = clock
        self._secrets = tuple(secret for secret in secrets if secret)
        self._own = ""
        self._lock = threading.RLock()
        self._cases: dict[str, list[Record]] = {}
        self._views: dict[str, CaseEvidence] = {}
        self._systems: dict[str, str] = {}
        self._codes: dict[str, str] = {}
        self._ids: dict[str, str] = {}
        self._kept: set[str] = set()
        self._last_polls: dict[str, Record] = {}
        self.backlog = Backlog(sut)
        self.listen: Callable[[str | None], None] = lambda case: None
        self.polled: Callable[[], None] = lambda: None
        self.alive: Callable[[], None] = lambda: None

    @property
    def count(self) -> int:
        """The number of the last record."""
        return self._writer.count

    def hide(self, secrets: Iterable[str], *, own: str = "") -> None:
        """From now on these texts are masked wherever they stand; in large files only the SUT's ``own``: hundreds of
        others never leave this process, and looking for each in every file would be most of what a run costs."""
        self._secrets = tuple(dict.fromkeys((*self._secrets, *(secret for secret in secrets if secret))))
        self._own = own or self._own

    def board(self, lanes: Mapping[str, Sequence[Lane]]) -> None:
        """From now on these cases own these agencies. Each begins with the SUT's last poll for each message type: a SUT
        that was seen polling need not be waited for."""
        with self._lock:
            self._systems = {lane.system_id: case for case, own in lanes.items() for lane in own}
            self._codes = {code: case for case, own in lanes.items() for lane in own for code in lane.codes}
            for case, own in lanes.items():
                records = self._cases[case] if case in self._kept else list(self._last_polls.values())
                self._cases[case] = records
                self._views[case] = CaseEvidence(case, self._sut, tuple(own), records, self._writer.blobs)

    def remember(self, records: Iterable[Record], lanes: Mapping[str, Sequence[Lane]]) -> None:
        """Know what an earlier process of the same run recorded; the cases that ``lanes`` names are looked at."""
        with self._lock:
            for case, own in lanes.items():
                self._kept.add(case)
                self._cases[case] = []
                self._views[case] = CaseEvidence(case, self._sut, tuple(own), self._cases[case], self._writer.blobs)
            for record in records:
                self.backlog.saw(record)
                if record.case in self._cases:
                    self._cases[record.case].append(record)
                elif record.case is None and record.get("fact") == "polled":
                    self._polled_once(record)
                if record.case is not None:
                    ids = [record.get(name) for name in ("delivery_id", "doc_id", "package")]
                    values = record["values"] if record.kind == "note" else {}
                    for each in (*ids, *(values.get(name) for name in ("document_id", "doc_id", "sha256"))):
                        if isinstance(each, str) and each:
                            self._ids.setdefault(each, record.case)

    def knows_of(self, case: str) -> bool:
        """Whether that case has begun."""
        return case in self._views

    def view(self, case: str) -> CaseEvidence:
        """What was recorded of that case so far; it goes on growing."""
        return self._views[case]

    # ------------------------------------------------------------ what the axis saw

    def fact(self, fact: _Recordable) -> None:
        """A fact of the hub, after it is durable."""
        members = fact.record()
        system = members.get("system_id")
        if system == self._sut.system_id:
            self.alive()
        with self._lock:
            if members["fact"] == "polled":
                if system == self._sut.system_id:
                    if str(members.get("message_type") or "edoc").lower() == "edoc":
                        self.polled()
                    self._append(None, "fact", members, at=str(members["at"]))
                return
            case = self._case_of_fact(members)
            if case is None and system != self._sut.system_id:
                return
            self._append(case, "fact", members, at=str(members["at"]))

    def exchange(self, exchange: _Exchange) -> None:
        """One HTTP exchange on the wire port; bodies go to the blobs, signatures are masked."""
        members = exchange.record()
        system = members.get("system_id")
        with self._lock:
            case = self._systems.get(str(system)) or self._case_of_exchange(members, exchange.request_body)
            if case is None and system != self._sut.system_id:
                return
            masked: set[str] = set()
            if members["operation"] == "sendEdoc" and exchange.request_body:
                self.keep(_package(exchange.request_body))
            for side, body in (("request", exchange.request_body), ("response", exchange.response_body)):
                part = dict(members[side])  # type: ignore[call-overload]  # a JSON object
                part["headers"] = [[name, self._header(name, value, masked)] for name, value in part.get("headers", ())]
                part["body_sha256"] = self._blob(body, masked) if body else ""
                members[side] = part
            if masked:
                members["masked"] = sorted(masked)
            self._append(case, "exchange", members, at=str(members["at"]))

    # ------------------------------------------------------------ what we did

    def act(
        self, case: str | None, call: str, request: Mapping[str, Any], status: int, answer: Mapping[str, Any]
    ) -> Record:
        """What was asked of the SUT through its driver, and the answer."""
        masked: set[str] = set()
        members = {
            "call": call,
            "request": self._plain(request, masked),
            "status": status,
            "answer": self._plain(answer, masked),
        }
        if masked:
            members["masked"] = sorted(masked)
        return self._mine(case, "act", members)

    def note(self, case: str, name: str, values: Mapping[str, Any]) -> Record:
        """What a case planned, drew or sent."""
        return self._mine(case, "note", {"name": name, "values": dict(values)})

    def wait(
        self, case: str, for_: Text, *, met: bool, polls: int, seconds: float, asked: int = 0, ended: str = "met",
        hush: bool = False,
    ) -> Record:  # fmt: skip
        """A wait that ended: ``met``, after ``polls`` polls of the SUT that count, of ``asked``.

        ``ended``: by what, ``met``, ``polls`` (so many as were asked for), ``silence`` or ``time``; ``hush``: nothing
        was to happen in it.
        """
        members = {"for": for_._asdict(), "met": met, "polls": polls, "seconds": round(seconds, 3)}
        return self._mine(case, "wait", members | {"asked": asked, "ended": ended, "hush": hush})

    def remark(self, name: str, values: Mapping[str, Any]) -> Record:
        """What is true of the run as a whole: how the harness fared, how many documents the SUT takes a poll."""
        return self._mine(None, "note", {"name": name, "values": dict(values)})

    def trouble(self, case: str | None, because: Text) -> Record:
        """A mistake of ours."""
        return self._mine(case, "trouble", {"because": because._asdict()})

    def keep(self, package: bytes) -> str:
        """Store a package's bytes under their digest, as the facts name them."""
        return self._writer.blobs.put(package)

    def knows(self, identifier: str, case: str) -> None:
        """From now on traffic about that document (or blob) belongs to ``case``."""
        with self._lock:
            self._ids.setdefault(identifier, case)

    # ------------------------------------------------------------ whose it is

    def _case_of_fact(self, members: Mapping[str, Any]) -> str | None:
        codes = (members.get("from"), *(members.get("to") or ()), members.get("unit"))
        ids = [members.get(name) for name in ("delivery_id", "doc_id", "package", "document_id")]
        case = self._systems.get(str(members.get("system_id")))
        case = case or next((self._codes[code] for code in codes if code in self._codes), None)
        case = case or next((self._ids[each] for each in ids if each in self._ids), None)
        if case:
            for each in ids[:3]:
                if each:
                    self._ids.setdefault(str(each), case)
        return case

    def _case_of_exchange(self, members: Mapping[str, Any], body: bytes) -> str | None:
        digest = hashlib.sha256(_package(body)).hexdigest() if body else ""
        if digest in self._ids:
            return self._ids[digest]
        named = [
            value
            for name, value in (members["request"].get("headers") or ())
            if name.lower() in ("xroadvnpt-docid", "docid")
        ]
        return next((self._ids[str(value)] for value in named if str(value) in self._ids), None)

    # ------------------------------------------------------------ writing and masking

    def _mine(self, case: str | None, kind: str, members: Mapping[str, Any]) -> Record:
        with self._lock:
            return self._append(case, kind, members, at=self._clock.now().isoformat(timespec="milliseconds"))

    def _append(self, case: str | None, kind: str, members: Mapping[str, Any], *, at: str) -> Record:
        kept = {name: value for name, value in members.items() if name != "at"}
        record = self._writer.append(at=at, case=case, kind=kind, members=kept)
        self.backlog.saw(record)
        if case is not None:
            self._cases.setdefault(case, []).append(record)
        elif kind == "fact" and kept["fact"] == "polled":
            self._polled_once(record)
        self.listen(case)
        return record

    def _polled_once(self, record: Record) -> None:
        """A poll of the SUT is everybody's."""
        self._last_polls[str(record.get("message_type"))] = record
        for records in self._cases.values():
            records.append(record)

    def _header(self, name: str, value: object, masked: set[str]) -> str:
        text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
        if name.lower() in _SIGNATURES:
            masked.add(name)
            return MASK
        return self._text(text, masked)

    def _blob(self, body: bytes, masked: set[str]) -> str:
        for secret in self._secrets if len(body) <= _LARGE_BODY or not self._own else (self._own,):
            if secret.encode() in body:
                masked.add("body")
                body = body.replace(secret.encode(), MASK.encode())
        return self._writer.blobs.put(body)

    def _text(self, text: str, masked: set[str]) -> str:
        for secret in self._secrets:
            if secret in text:
                masked.add("secret")
                text = text.replace(secret, MASK)
        return text

    def _plain(self, value: Any, masked: set[str]) -> Any:
        if isinstance(value, str):
            return self._text(value, masked)
        if isinstance(value, Mapping):
            value = _without_large_file(value)
            return {str(name): self._member(str(name), inner, masked) for name, inner in value.items()}
        if isinstance(value, (list, tuple)):
            return [self._plain(inner, masked) for inner in value]
        return value

    def _member(self, name: str, value: Any, masked: set[str]) -> Any:
        if name.lower() in _SECRET_MEMBERS:
            masked.add(name)
            return MASK
        return self._plain(value, masked)


def _without_large_file(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """A large file in an order is kept by its digest: the evidence shall stay something that can be read."""
    content = value.get("content_base64")
    if not isinstance(content, str) or len(content) <= _LARGE_FILE:
        return value
    digest = hashlib.sha256(content.encode()).hexdigest()
    return {**value, "content_base64": "", "content_base64_sha256": digest, "content_base64_length": len(content)}


def _package(body: bytes) -> bytes:
    """The package in a sendEdoc body: the SDK appends one line end (wire.md A.1)."""
    return body.removesuffix(b"\r\n")
