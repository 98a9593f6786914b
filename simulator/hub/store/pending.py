"""How each fact changes the tables, gathered for one group of jobs and written in one go per table.

Rows wait in memory until somebody asks a question that they could change, or until the commit. A statement per row
would cost several times as much: each is a step in which the writer lets go of the interpreter, and a busy event loop
gives it back only milliseconds later. One row of ``_PROJECTIONS`` per kind of fact.
"""

import functools
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import orjson

from simulator.hub import events
from simulator.hub.delivery import Stage
from simulator.hub.store.link import Link
from simulator.hub.store.packs import Packs
from simulator.hub.store.reading import Past

__all__ = ["Pending"]


class _Rows(NamedTuple):
    """One statement for any number of rows."""

    head: str
    row: str
    tail: str = ""

    @functools.lru_cache(256)  # noqa: B019  # the statements below, times a few lengths
    def of(self, number: int) -> str:
        """Its text for ``number`` rows."""
        return f"{self.head} {', '.join([self.row] * number)} {self.tail}"


_DOCUMENT = _Rows(
    "INSERT INTO documents (doc_id, at, system_id, sender, message_type, document_id, business_type, status_code,"
    " package, delivered, size, queued, title, notation, route, blob, delivered_blob) VALUES",
    "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
)
_DELIVERY = _Rows(
    "INSERT INTO deliveries (delivery_id, doc_id, unit, message_type, stage, created, updated, sender, code) VALUES",
    "(?, ?, ?, ?, ?, ?, ?, ?, ?)",
)
_FETCH = _Rows(
    "UPDATE deliveries SET stage = v.column2, updated = v.column3, fetched = coalesce(fetched, v.column3) FROM (VALUES",
    "(?, ?, ?)",
    ") AS v WHERE delivery_id = v.column1",
)
_CONFIRM = _Rows(
    "UPDATE deliveries SET stage = v.column2, updated = v.column3, description = v.column4 FROM (VALUES",
    "(?, ?, ?, ?)",
    ") AS v WHERE delivery_id = v.column1",
)
_BLOB = _Rows("INSERT INTO blobs (n, sha, size, pack, start) VALUES", "(?, ?, ?, ?, ?)")
_ATTACHMENT = _Rows("INSERT INTO attachments VALUES", "(?, ?, ?, ?, ?)", "ON CONFLICT DO NOTHING")
_REGISTRATION = _Rows(
    "INSERT INTO registrations (system_id, unit, parent, name, mail, deleted, at) VALUES", "(?, ?, ?, ?, ?, ?, ?)"
)
_FACT = _Rows(
    "INSERT INTO facts (kind, record, document) VALUES", "(?, ?, (SELECT seq FROM documents WHERE doc_id = ?))"
)

# What is pointed to stands before what points to it. Within a table the order is that of the jobs.
_ORDER = (_BLOB, _DOCUMENT, _DELIVERY, _FETCH, _CONFIRM, _ATTACHMENT, _REGISTRATION, _FACT)
_MOST_ROWS = 64


class Pending:
    """The rows of a group that are not in the database yet."""

    def __init__(self, link: Link, packs: Packs) -> None:
        self._link = link
        self.packs = packs
        self._rows: dict[_Rows, list[Sequence[Any]]] = {statement: [] for statement in _ORDER}
        self._senders: dict[str, str] = {}
        self._touched: set[object] = set()
        self._written: set[object] = set()
        self._last_blob: int | None = None
        self._changed = False
        self._flushes = 0

    # -- gathering

    def write(self, fact: events.Fact, bodies: tuple[int, int] | None = None) -> None:
        """Gather a fact and what is seen of it. ``bodies``: of a document, as it came and as it is handed out."""
        self._add(_FACT, (fact.NAME, orjson.dumps(fact.record()).decode(), getattr(fact, "doc_id", None)))
        if isinstance(fact, events.Accepted):
            self._accepted(fact, *(bodies or (None, None)))
        elif (project := _PROJECTIONS.get(type(fact))) is not None:
            project(self, fact)

    def blob(self, sha: str, size: int, body: bytes | None) -> int:
        """Gather a body; gives its number."""
        if self._last_blob is None:
            self._last_blob = Past(self._link).last_body()
        self._last_blob += 1
        self._add(_BLOB, (self._last_blob, sha, size, body))
        return self._last_blob

    def attachment(self, *values: object) -> None:
        """Gather the place of an attached file."""
        self._add(_ATTACHMENT, values)

    def _add(self, statement: _Rows, values: Sequence[object]) -> None:
        self._rows[statement].append(values)

    def _accepted(self, fact: events.Accepted, came: int | None, delivered: int | None) -> None:
        self._touched.update(((fact.document_id, fact.package), fact.doc_id))
        self._senders[fact.doc_id] = fact.sender_code or fact.sender
        self._add(
            _DOCUMENT,
            (
                fact.doc_id, self._link.moment(fact.at), fact.system_id, fact.sender, fact.message_type,
                fact.document_id, fact.business_type, fact.status_code, fact.package, fact.delivered, fact.size,
                fact.queued, fact.title, fact.notation, fact.route, came, delivered,
            ),
        )  # fmt: skip

    def _opened(self, fact: events.Opened) -> None:
        at = self._link.moment(fact.at)
        sender = self._senders.get(fact.doc_id, "")
        self._touched.add(fact.delivery_id)
        waiting = Stage.WAITING.value
        delivery = fact.delivery_id, fact.doc_id, fact.unit, fact.message_type, waiting, at, at
        self._add(_DELIVERY, (*delivery, sender, fact.code))

    def _fetched(self, fact: events.Fetched) -> None:
        at = self._link.moment(fact.at)
        self._touched.add(fact.delivery_id)
        self._add(_FETCH, (fact.delivery_id, str(fact.stage), at))

    def _confirmed(self, fact: events.Confirmed) -> None:
        self._touched.add(fact.delivery_id)
        self._add(_CONFIRM, (fact.delivery_id, str(fact.stage), self._link.moment(fact.at), fact.description))

    def _registered(self, fact: events.UnitRegistered) -> None:
        at = self._link.moment(fact.at)
        self._add(_REGISTRATION, (fact.system_id, fact.code or fact.unit, fact.parent, fact.name, fact.mail, False, at))

    def _closed(self, fact: events.UnitClosed) -> None:
        self._add(_REGISTRATION, (fact.system_id, fact.unit, "", "", "", True, self._link.moment(fact.at)))

    # -- asking and writing

    def begin(self) -> None:
        """A new group."""
        self.clear()
        self._written.clear()
        self._last_blob = None
        self._changed = False

    def touches(self, key: object) -> bool:
        """Whether rows wait that bear that key: a DocId, a delivery id, or (DocumentId, digest of the bytes)."""
        return key in self._touched

    def wrote(self, key: object) -> bool:
        """Whether this group may have changed in the database what bears that key."""
        return self._changed or key in self._written

    def flush(self) -> None:
        """Put every gathered row into the database, inside the transaction under way."""
        if not any(self._rows.values()):
            return
        self._flushes += 1
        self._rows[_BLOB] = [self._placed(*row) for row in self._rows[_BLOB]]
        for statement, rows in self._rows.items():
            start = 0
            while start < len(rows):
                number = min(1 << (len(rows) - start).bit_length() - 1, _MOST_ROWS)  # few lengths, so few statements
                some = rows[start : start + number]
                self._link.run(statement.of(number), [value for row in some for value in row])
                start += number
        self._written |= self._touched
        self.clear()

    def _placed(self, number: object, sha: object, size: object, body: bytes | None) -> tuple[object, ...]:
        pack, start = (None, None) if body is None else self.packs.add(body)
        return number, sha, size, pack, start

    def run(self, statement: str, values: Sequence[object] = ()) -> None:
        """Change the database at once, after everything that was gathered before."""
        self.flush()
        self._flushes += 1
        self._changed = True
        self._link.run(statement, values)

    def mark(self) -> tuple[int, ...]:
        """Where a job begins."""
        return (self._flushes, *(len(rows) for rows in self._rows.values()))

    def undo(self, mark: tuple[int, ...]) -> bool:
        """Drop what was gathered since ``mark``; False where some of it is in the database already."""
        flushes, *lengths = mark
        if flushes != self._flushes:
            return False
        for rows, length in zip(self._rows.values(), lengths, strict=True):
            del rows[length:]
        return True

    def clear(self) -> None:
        """Forget everything that was gathered."""
        for rows in self._rows.values():
            rows.clear()
        self._senders.clear()
        self._touched.clear()


_PROJECTIONS: dict[type[events.Fact], Callable[[Pending, Any], None]] = {
    events.Opened: Pending._opened,
    events.Fetched: Pending._fetched,
    events.Confirmed: Pending._confirmed,
    events.UnitRegistered: Pending._registered,
    events.UnitClosed: Pending._closed,
}
