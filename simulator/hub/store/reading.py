"""Questions to the store. Every one is free of effects; a list reads no body (pitfalls 82, 83).

The same questions are asked on the readers' connection (between commits) and on the writer's (inside one).
"""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from simulator.hub.delivery import Delivery, Stage
from simulator.hub.events import stamp

__all__ = ["AttachmentPlace", "Listed", "Past", "Registration", "Sent", "StoredSystem"]

_UNITS_AT_ONCE = 400

# Filled only with conditions written in this file; every value is bound.
_WAITING = """
SELECT seq, delivery_id, v.message_type, d.sender, v.unit, v.created, v.updated, v.description, v.stage
FROM deliveries v JOIN documents d USING (doc_id) WHERE {where} ORDER BY seq {limit}
"""
_COUNT = "SELECT count(*) FROM deliveries v WHERE {where}"
_SENT = """
SELECT d.doc_id, delivery_id, d.message_type, d.sender, v.unit, v.description, d.title, d.notation, d.at, v.fetched,
    v.stage
FROM documents d JOIN deliveries v USING (doc_id) WHERE {where} ORDER BY seq DESC {limit}
"""


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of a received list. Times are RFC 3339 texts."""

    seq: int
    delivery_id: str
    message_type: str
    sender: str
    unit: str
    created: str
    updated: str
    description: str
    stage: Stage


@dataclass(frozen=True, slots=True)
class Sent:
    """One line of a sent list: one delivery of one document."""

    doc_id: str
    delivery_id: str
    message_type: str
    sender: str
    unit: str
    description: str
    title: str
    notation: str
    sent: str
    fetched: str | None
    stage: Stage


@dataclass(frozen=True, slots=True)
class Registration:
    """One registerAgency (or deleteAgency: ``deleted``) that happened."""

    system_id: str
    unit: str
    parent: str
    name: str
    mail: str
    deleted: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class StoredSystem:
    """A system as it is kept; ``units`` is JSON, and only of systems that were added."""

    system_id: str
    secret: str = field(repr=False)
    passive: bool
    added: bool
    units: str


@dataclass(frozen=True, slots=True)
class AttachmentPlace:
    """Where an attached file lies: inside which package, at which position (from 0)."""

    sha: str
    package: str
    position: int
    name: str
    size: int


class Past:
    """What one connection can see."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def _rows(self, query: str, *values: object) -> list[Any]:
        return self._connection.execute(query, values).fetchall()

    # -- what decisions look at

    def delivery(self, delivery_id: str) -> Delivery | None:
        """The delivery of that id, or None."""
        rows = self._rows("SELECT delivery_id, doc_id, unit, stage FROM deliveries WHERE delivery_id = ?", delivery_id)
        return Delivery(*_staged(rows[0])) if rows else None

    def earlier(self, *, system_id: str, package: str, document_id: str, route: str, since: datetime) -> str | None:
        """The DocId of the first sending of the same bytes on the same route at or after ``since``, or None."""
        rows = self._rows(
            "SELECT doc_id FROM documents WHERE system_id = ? AND package = ? AND document_id = ? AND route = ?"
            " AND at >= ? AND NOT queued ORDER BY rowid LIMIT 1",
            system_id, package, document_id, route, stamp(since),
        )  # fmt: skip
        return rows[0][0] if rows else None

    # -- lists

    def waiting(
        self,
        units: Sequence[str],
        *,
        message_type: str | None,
        stages: Sequence[Stage],
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = 0,
    ) -> list[Listed]:
        """The lines of a received list, oldest first; ``limit`` 0 = all."""
        lines: list[Listed] = []
        for where, values in _conditions(units, message_type, stages, since, until):
            rows = self._rows(_WAITING.format(where=where, limit=_limit(limit)), *values)
            lines.extend(Listed(*_staged(row)) for row in rows)
        lines.sort(key=lambda line: line.seq)
        return lines[:limit] if limit else lines

    def count(self, units: Sequence[str], *, message_type: str, stages: Sequence[Stage]) -> int:
        """How many lines ``waiting`` would give."""
        return sum(
            self._rows(_COUNT.format(where=where), *values)[0][0]
            for where, values in _conditions(units, message_type, stages, None, None)
        )

    def sent(self, system_id: str, *, id_: str | None, message_type: str | None, limit: int) -> list[Sent]:
        """The deliveries of what a system sent: of one document (by DocId or delivery id), or the newest ones."""
        where, values = ["d.system_id = ?"], [system_id]
        if id_ is not None:
            found = self.delivery(id_)
            where.append("d.doc_id = ?")
            values.append(found.doc_id if found else id_)
        if message_type is not None:
            where.append("d.message_type = ?")
            values.append(message_type)
        rows = self._rows(_SENT.format(where=" AND ".join(where), limit=_limit(limit)), *values)
        return [Sent(*_staged(row)) for row in reversed(rows)]

    # -- facts and documents, for the control API

    def facts(self, after: int, limit: int) -> list[dict[str, object]]:
        """The records after number ``after``, oldest first, each with its number ``n``."""
        rows = self._rows("SELECT n, record FROM facts WHERE n > ? ORDER BY n LIMIT ?", after, limit)
        return [{"n": n, **json.loads(record)} for n, record in rows]

    def documents(self, document_id: str) -> list[dict[str, object]]:
        """Every packet that bears ``document_id`` (documents and the statuses about them), with its deliveries."""
        rows = self._rows(
            "SELECT doc_id, at, system_id, sender, message_type, business_type, status_code, package, delivered, size,"
            " queued FROM documents WHERE document_id = ? ORDER BY rowid",
            document_id,
        )
        names = (
            "doc_id", "at", "system_id", "from", "message_type", "business_type", "status_code", "package", "delivered",
            "size",
        )  # fmt: skip
        return [
            {**dict(zip(names, row[:-1], strict=True)), "queued": bool(row[-1]), "deliveries": self._deliveries(row[0])}
            for row in rows
        ]

    def _deliveries(self, doc_id: str) -> list[dict[str, object]]:
        rows = self._rows(
            "SELECT delivery_id, unit, stage, created, updated, fetched, description FROM deliveries"
            " WHERE doc_id = ? ORDER BY seq",
            doc_id,
        )
        names = ("delivery_id", "unit", "stage", "created", "updated", "fetched", "description")
        return [dict(zip(names, row, strict=True)) for row in rows]

    # -- bodies

    def delivered(self, doc_id: str) -> str:
        """The digest of the bytes that recipients of the document get."""
        digest: str = self._rows("SELECT delivered FROM documents WHERE doc_id = ?", doc_id)[0][0]
        return digest

    def body(self, sha: str) -> tuple[int, bytes | None] | None:
        """Size and bytes of a body; the bytes are None where it lies in a file; None for an unknown digest."""
        rows = self._rows("SELECT size, body FROM blobs WHERE sha = ?", sha)
        return (rows[0][0], rows[0][1]) if rows else None

    def large_bodies(self) -> frozenset[str]:
        """The digests of the bodies that lie in files."""
        return frozenset(sha for (sha,) in self._rows("SELECT sha FROM blobs WHERE body IS NULL"))

    def attachment(self, sha: str) -> AttachmentPlace | None:
        """One place where the attached file of that digest lies, or None."""
        rows = self._rows("SELECT sha, package, position, name, size FROM attachments WHERE sha = ? LIMIT 1", sha)
        return AttachmentPlace(*rows[0]) if rows else None

    # -- configuration

    def meta(self, key: str) -> str | None:
        """A value of the table ``meta``, or None."""
        rows = self._rows("SELECT value FROM meta WHERE key = ?", key)
        return rows[0][0] if rows else None

    def systems(self) -> list[StoredSystem]:
        """Every system, in order of appearance."""
        rows = self._rows("SELECT system_id, secret, passive, added, units FROM systems ORDER BY rowid")
        return [StoredSystem(row[0], row[1], bool(row[2]), bool(row[3]), row[4]) for row in rows]

    def registrations(self) -> list[Registration]:
        """What was registered and deleted, in order."""
        rows = self._rows("SELECT system_id, unit, parent, name, mail, deleted, at FROM registrations ORDER BY n")
        return [Registration(*(*row[:5], bool(row[5]), datetime.fromisoformat(row[6]))) for row in rows]


def _staged(row: Sequence[Any]) -> Sequence[Any]:
    """The row with its last value, the text of a stage, as the stage."""
    return (*row[:-1], Stage(row[-1]))


def _limit(limit: int) -> str:
    return f"LIMIT {int(limit)}" if limit else ""


def _conditions(
    units: Sequence[str],
    message_type: str | None,
    stages: Sequence[Stage],
    since: datetime | None,
    until: datetime | None,
) -> list[tuple[str, list[object]]]:
    """WHERE texts and their values, few units at a time. ``stage <> 'done'`` names the partial index."""
    conditions = []
    for start in range(0, len(units), _UNITS_AT_ONCE):
        some = units[start : start + _UNITS_AT_ONCE]
        where = [f"v.unit IN ({','.join('?' * len(some))})", f"v.stage IN ({','.join('?' * len(stages))})"]
        values: list[object] = [*some, *(stage.value for stage in stages)]
        where.append("v.stage <> 'done'")
        where.append("v.message_type = ?" if message_type else "v.message_type IN ('edoc', 'status')")
        values.extend([message_type] if message_type else [])
        for text, moment in (("v.created >= ?", since), ("v.created <= ?", until)):
            if moment is not None:
                where.append(text)
                values.append(stamp(moment))
        conditions.append((" AND ".join(where), values))
    return conditions
