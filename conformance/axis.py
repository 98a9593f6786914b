"""What our own axis did wrong towards the SUT, found in the run's evidence. Pure; beside the hub, not by it.

The axis is the measure, so it is measured, too: its answers, as they left the socket, are held against the facts that
it wrote. Where they do not agree the SUT was tested against something broken, and must not be blamed for it. What a
case asked for (notes ``fault``) is no misbehaviour.
"""

import base64
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from conformance.again import ALONE
from conformance.axis_texts import (
    ALTERED,
    FORGOTTEN,
    LOST,
    NO_ANSWER,
    OPENED_TWICE,
    OTHER_LIST,
    RECEIVER,
    REFUSED,
    SENDER,
    STRANGER,
    UNSENT,
)
from conformance.evidence import PATIENCE, Record
from conformance.runfolder import RunEvidence
from simulator.words import Text

__all__ = ["Misbehaviour", "misbehaviours"]

_JSON = frozenset({
    "sendEdoc", "getEdoc", "updateStatus", "getReceivedEdocList", "getSentEdocList", "getAgenciesList",
    "getAgenciesListQD20", "getSynchronizeUnit", "registerAgency", "deleteAgency", "countReceiveEdoc",
    "countReceiveStatus",
})  # fmt: skip
_LISTING = frozenset({
    "getReceivedEdocList", "getSentEdocList", "getAgenciesList", "getAgenciesListQD20", "getSynchronizeUnit",
})  # fmt: skip
_SWITCHES = frozenset({"axis-down", "axis-restart"})
_FOREVER = datetime.max.replace(tzinfo=UTC)
_ROUNDING = timedelta(milliseconds=5)


@dataclass(frozen=True, slots=True)
class Misbehaviour:
    """One thing that the axis did wrong. ``case``: whose documents it concerns; None: the run as a whole."""

    because: Text
    cites: tuple[int, ...]
    case: str | None


def misbehaviours(run: RunEvidence) -> tuple[Misbehaviour, ...]:
    """All that the axis did wrong towards the SUT outside the faults that cases asked for, in the order of the run."""
    look = _Look(run)
    found = [*look.answers(), *look.deliveries()]
    return tuple(sorted(found, key=lambda each: each.cites))


class _Windows:
    """When a case made the axis misbehave: its own windows by record numbers, and every hit by operation and moment."""

    def __init__(self, records: Sequence[Record]) -> None:
        self._own: dict[str | None, list[list[datetime]]] = defaultdict(list)
        self._switched: list[list[datetime]] = []
        self._struck: dict[str, list[datetime]] = defaultdict(list)
        for record in records:
            if record.kind == "note" and record["name"] == "fault":
                self._note(record, record["values"])

    def _note(self, record: Record, values: Mapping[str, Any]) -> None:
        windows = self._own[record.case]
        if values["event"] == "begins":
            windows.append([record.moment, _FOREVER])
            if values["fault"] in _SWITCHES:
                self._switched.append(windows[-1])
        elif values["event"] == "ends":
            for window in windows:
                window[1] = min(window[1], record.moment)
        else:
            self._struck[str(values.get("operation"))].append(record.moment)

    def excuse(self, exchange: Record) -> bool:
        """Whether that answer was spoiled on purpose."""
        begin = exchange.moment - _ROUNDING
        end = begin + timedelta(seconds=float(exchange.get("seconds") or 0.0)) + 2 * _ROUNDING
        windows = [*self._switched, *(self._own.get(exchange.case, ()) if exchange.case else ())]
        return any(begin <= window[1] and window[0] <= end for window in windows) or any(
            begin <= moment <= end for moment in self._struck.get(exchange["operation"], ())
        )

    def has(self, case: str | None) -> bool:
        """Whether that case had any fault at all."""
        return bool(self._own.get(case))


class _Look:
    def __init__(self, run: RunEvidence) -> None:
        self._run = run
        self._sut = run.sut.system_id
        self._windows = _Windows(run.records)
        self._facts: dict[str, list[Record]] = defaultdict(list)
        for record in run.records:
            if record.kind == "fact":
                self._facts[record["fact"]].append(record)
        self._accepted = {record["doc_id"]: record for record in self._facts["accepted"]}
        self._opened = {record["delivery_id"]: record for record in self._facts["opened"]}

    # ------------------------------------------------------------ what it answered

    def answers(self) -> Iterator[Misbehaviour]:
        """Every answer to the SUT, held against the facts."""
        for record in self._run.records:
            if record.kind == "exchange" and record["system_id"] == self._sut and not self._windows.excuse(record):
                yield from self._answer(record)

    def _answer(self, record: Record) -> Iterator[Misbehaviour]:
        operation, body = record["operation"], self._body(record)
        if operation == "downloadEdoc":
            if body:
                yield from self._bytes(record, body)
            return
        if operation not in _JSON:
            return
        members = _object(body)
        if members is None or (lacks := _lacks(operation, members)):
            what = ", ".join(lacks) if members is not None else f"HTTP {record['response']['status']}"
            yield _found(NO_ANSWER, record, operation=operation, what=what)
        elif members["status"] != "OK":
            if not self._told("refused", record, operation=operation, code=members["ErrorCode"]):
                yield _found(REFUSED, record, operation=operation, what=members["ErrorDesc"])
        elif operation == "getEdoc":
            yield from self._bytes(record, _decoded(members["data"]))
        elif operation == "getReceivedEdocList":
            yield from self._list(record, members["data"])
        elif operation == "sendEdoc":
            yield from self._sending(record, members["DocId"])
        elif operation == "updateStatus":
            yield from self._confirm(record)

    def _bytes(self, record: Record, data: bytes | None) -> Iterator[Misbehaviour]:
        ids = _headers(record, "xroadvnpt-docid")
        opened = next((self._opened[each] for each in ids if each in self._opened and self._mine(each)), None)
        if opened is None:
            yield _found(STRANGER, record, delivery=" / ".join(ids))
            return
        accepted = self._accepted.get(opened["doc_id"])
        masked = "body" in (record.get("masked") or ())
        if accepted is None or masked:
            return
        digest = hashlib.sha256(data).hexdigest() if data is not None else ""
        if digest != (accepted.get("delivered") or accepted["package"]):
            yield _found(ALTERED, record, opened, case=opened.case, document=accepted["document_id"])

    def _list(self, record: Record, lines: Sequence[Mapping[str, Any]]) -> Iterator[Misbehaviour]:
        shown = [str(line.get("docId")) for line in lines]
        strangers = [each for each in shown if each not in self._opened or not self._mine(each)]
        polls = [fact for fact in self._facts["polled"] if fact["system_id"] == self._sut and _within(fact, record)]
        if strangers:
            yield _found(STRANGER, record, delivery=", ".join(strangers[:3]))
        elif not any(Counter(fact["listed"]) == Counter(shown) for fact in polls):
            yield _found(OTHER_LIST, record, *polls[:1])
        for line in lines:
            opened = self._opened.get(str(line.get("docId")))
            accepted = self._accepted.get(opened["doc_id"]) if opened else None
            if not (opened and accepted and self._mine(opened["delivery_id"])):
                continue
            # The facts of older runs bear no codes of their own: lists showed the units'.
            sender, receiver = accepted.get("from_code") or accepted["from"], opened.get("code") or opened["unit"]
            if line.get("from") != sender:
                yield _found(SENDER, record, accepted, case=accepted.case, shown=line.get("from"), sender=sender)
            if line.get("to") != receiver:
                yield _found(RECEIVER, record, opened, case=opened.case, shown=line.get("to"), receiver=receiver)

    def _sending(self, record: Record, doc_id: str) -> Iterator[Misbehaviour]:
        accepted = self._accepted.get(doc_id)
        repeated = any(fact["doc_id"] == doc_id for fact in self._facts["repeated"])
        if not repeated and (accepted is None or accepted["system_id"] != self._sut):
            yield _found(UNSENT, record, doc_id=doc_id)

    def _confirm(self, record: Record) -> Iterator[Misbehaviour]:
        word, ids = _header(record, "xroadvnpt-status").strip().lower(), _headers(record, "xroadvnpt-docid")
        told = (self._told("confirmed", record, delivery_id=each, word=word) for each in ids)
        if not any(told):
            yield _found(FORGOTTEN, record, delivery=" / ".join(ids), word=word)

    # ------------------------------------------------------------ what it delivered

    def deliveries(self) -> Iterator[Misbehaviour]:
        """Every document of a lane for the SUT: opened for it, once for each unit."""
        yield from self._unopened()
        units: dict[tuple[str, str], list[Record]] = defaultdict(list)
        for record in self._opened.values():
            if record["system_id"] == self._sut:
                units[record["doc_id"], record["unit"]].append(record)
        for (doc_id, unit), opened in units.items():
            if len(opened) > 1 and not self._windows.has(opened[0].case):
                yield _found(OPENED_TWICE, *opened, case=opened[0].case, doc_id=doc_id, unit=unit)

    def _unopened(self) -> Iterator[Misbehaviour]:
        opened = {record["doc_id"] for record in self._opened.values() if record["system_id"] == self._sut}
        for record in self._facts["accepted"]:
            meant = record.case is not None and set(record["to"]) & set(self._run.sut.organs)
            if meant and record["doc_id"] not in opened and self._polls_after(record) >= PATIENCE:
                yield _found(LOST, record, case=record.case, document=record["document_id"])
        for record in self._run.records:
            if record.kind == "note" and record["name"] == "sent" and not self._windows.has(record.case):
                values = record["values"]
                if values.get("ok") and values.get("doc_id") not in self._accepted:
                    yield _found(LOST, record, case=record.case, document=values.get("document_id"))

    # ------------------------------------------------------------ small questions

    def _polls_after(self, record: Record) -> int:
        return self._run.of(record.case or "").polls_after(record.n)

    def _mine(self, delivery: str) -> bool:
        return bool(self._opened[delivery]["system_id"] == self._sut)

    def _told(self, fact: str, exchange: Record, **members: object) -> bool:
        return any(
            each.n < exchange.n
            and each["system_id"] == self._sut
            and all(str(each[name]) == str(value) for name, value in members.items())
            and _within(each, exchange)
            for each in self._facts[fact]
        )

    def _body(self, record: Record) -> bytes:
        return self._run.blobs.get(record["response"]["body_sha256"], b"")


def _lacks(operation: str, members: Mapping[str, Any]) -> list[str]:
    """What the SDK would miss in that answer, or stumble over (wire.md A.2, A.3)."""
    lacks = [name for name in ("status", "ErrorCode", "ErrorDesc") if not isinstance(members.get(name), str)]
    if operation == "sendEdoc" and not isinstance(members.get("DocId"), str):
        lacks.append("DocId")
    if members.get("status") != "OK":
        return lacks
    data = members.get("data")
    if operation in _LISTING and not isinstance(data, list):
        lacks.append("data")
    elif operation in _LISTING and not all(isinstance(line, dict) and None not in line.values() for line in data or ()):
        lacks.append("data: null")
    if operation == "getEdoc" and _decoded(data) is None:
        lacks.append("data: base64")
    if operation.startswith("count") and not isinstance(members.get("count"), int):
        lacks.append("count")
    return lacks


def _decoded(data: object) -> bytes | None:
    try:
        return base64.b64decode(data, validate=True) if isinstance(data, str) else None
    except ValueError:
        return None


def _object(body: bytes) -> Mapping[str, Any] | None:
    try:
        members = json.loads(body)
    except ValueError:
        return None
    return members if isinstance(members, dict) else None


def _headers(record: Record, name: str) -> list[str]:
    return [str(value) for key, value in record["request"]["headers"] if key.lower() == name]


def _header(record: Record, name: str) -> str:
    return next(iter(_headers(record, name)), "")


def _within(fact: Record, exchange: Record) -> bool:
    """Whether that fact was written while the exchange lasted."""
    begin = exchange.moment - _ROUNDING
    end = begin + timedelta(seconds=float(exchange["seconds"])) + 2 * _ROUNDING
    return fact.n < exchange.n and begin <= fact.moment <= end


def _found(text: Text, *cites: Record, case: str | None = None, **values: object) -> Misbehaviour:
    case = case or cites[0].case
    return Misbehaviour(
        text.filled(**values),
        tuple(record.n for record in cites),
        case.removesuffix(ALONE) if case else None,
    )
