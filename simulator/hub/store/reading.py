"""Questions to the store. Every one is free of effects; a list reads no body (pitfalls 82, 83).

The same questions are asked on the readers' connection (between commits) and on the writer's (inside one). What a
question costs depends on what it answers, never on how much lies in the store (pitfall 81).
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import Any, NamedTuple

from simulator.hub.delivery import Delivery, Stage
from simulator.hub.store.link import Link

__all__ = ["AttachmentPlace", "Kept", "Listed", "Past", "Registration", "Sent", "StoredSystem", "marks"]

_UNITS_AT_ONCE = 400

# Completed only with conditions written in this file; every value is bound.
_CODE = "coalesce(nullif(v.code, ''), v.unit)"
"""The receiver as lists show it; deliveries of format 4 and before bear no code of their own."""

_LINE = (
    f"SELECT seq, delivery_id, message_type, sender, {_CODE}, created, updated, description, stage"  # noqa: S608  # ours
    " FROM deliveries v"
)
_COUNT = (
    "SELECT coalesce(sum(n), 0) FROM mailboxes WHERE unit IN ({units}) AND message_type = ? AND stage IN ({stages})"
)
_SENT = f"""
SELECT d.doc_id, delivery_id, d.message_type, v.sender, {_CODE}, v.description, d.title, d.notation, d.at, v.fetched,
    v.stage, d.seq, v.seq
FROM documents d JOIN deliveries v ON v.doc_id = d.doc_id WHERE {{where}} ORDER BY d.seq DESC, v.seq DESC {{limit}}
"""  # noqa: S608  # ours
_TYPES = ("edoc", "status")


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of a received list. Times are RFC 3339 texts; ``sender`` and ``unit`` are codes as lists show them."""

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
    """One line of a sent list: one delivery of one document; ``sender`` and ``unit`` as for ``Listed``."""

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
    """Where an attached file lies: inside the body of which number, at which position (from 0)."""

    sha: str
    blob: int
    position: int
    name: str
    size: int


class Kept(NamedTuple):
    """Where a body of ``size`` bytes lies: inside the database, in a pack, or, with neither, in a file of its own."""

    sha: str
    size: int
    body: bytes | None
    pack: int | None
    start: int


class Past:
    """What one connection can see."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def _rows(self, query: str, *values: object) -> list[Any]:
        return self._link.rows(query, values)

    def ask(self, query: str, *values: object) -> list[Any]:
        """The rows of a question of the store's own."""
        return self._rows(query, *values)

    def moment(self, at: datetime) -> object:
        """The value under which a moment is kept and compared."""
        return self._link.moment(at)

    # -- what decisions look at

    def delivery(self, delivery_id: str) -> Delivery | None:
        """The delivery of that id, or None."""
        rows = self._rows("SELECT delivery_id, doc_id, unit, stage FROM deliveries WHERE delivery_id = ?", delivery_id)
        return Delivery(*_staged(rows[0])) if rows else None

    def earlier(self, *, system_id: str, package: str, document_id: str, route: str, since: datetime) -> str | None:
        """The DocId of the first sending of the same bytes on the same route at or after ``since``, or None."""
        rows = self._rows(
            "SELECT doc_id FROM documents WHERE document_id = ? AND package = ? AND system_id = ? AND route = ?"
            " AND at >= ? AND NOT queued ORDER BY seq LIMIT 1",
            document_id, package, system_id, route, self._link.moment(since),
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
        between, moments = self._between(since, until)
        types = (message_type,) if message_type else _TYPES
        wanted = tuple(stage.value for stage in stages)
        rows: list[Any] = []
        if limit:
            # Each part of the index is in order and is left after ``limit`` rows: nothing is sorted or read in vain.
            one = f"{_LINE} WHERE unit = ? AND message_type = ? AND stage = ? AND stage <> 'done'{between}"
            for key in ((unit, kind, stage) for unit in units for kind in types for stage in wanted):
                rows.extend(self._rows(f"{one} ORDER BY seq LIMIT {int(limit)}", *key, *moments))
        else:
            for some in _portions(units):
                where = f"unit IN ({marks(some)}) AND message_type IN ({marks(types)}) AND stage IN ({marks(wanted)})"
                # ``stage <> 'done'`` names the partial index
                rows.extend(
                    self._rows(f"{_LINE} WHERE {where} AND stage <> 'done'{between}", *some, *types, *wanted, *moments)
                )
        rows.sort(key=lambda row: row[0])
        stamped = self._link.stamped
        return [
            Listed(*(*row[:5], stamped(row[5]), stamped(row[6]), row[7], Stage(row[8])))
            for row in (rows[:limit] if limit else rows)
        ]

    def _between(self, since: datetime | None, until: datetime | None) -> tuple[str, list[object]]:
        moments = [moment for moment in (since, until) if moment is not None]
        text = (" AND created >= ?" if since else "") + (" AND created <= ?" if until else "")
        return text, [self._link.moment(moment) for moment in moments]

    def count(self, units: Sequence[str], *, message_type: str, stages: Sequence[Stage]) -> int:
        """How many lines ``waiting`` would give: read from counters that are kept in the same transactions."""
        wanted = tuple(stage.value for stage in stages)
        return sum(
            int(self._rows(_COUNT.format(units=marks(some), stages=marks(wanted)), *some, message_type, *wanted)[0][0])
            for some in _portions(units)
        )

    def sent(self, system_id: str, *, id_: str | None, message_type: str | None, limit: int) -> list[Sent]:
        """The deliveries of what a system sent: of one document (by DocId or delivery id), or the newest ones."""
        where, values = "d.system_id = ? AND d.message_type = ?", [system_id]
        if id_ is not None:
            found = self.delivery(id_)
            where = f"d.doc_id = ? AND {where}"
            values.insert(0, found.doc_id if found else id_)
        rows: list[Any] = []
        for kind in (message_type,) if message_type else _TYPES:
            rows.extend(self._rows(_SENT.format(where=where, limit=_limit(limit)), *values, kind))
        rows.sort(key=lambda row: row[-2:])
        stamped = self._link.stamped
        return [
            Sent(*(*row[:8], stamped(row[8]), stamped(row[9]), Stage(row[10])))
            for row in (rows[-limit:] if limit else rows)
        ]

    # -- facts and documents, for the control API

    def facts(self, after: int, limit: int) -> list[dict[str, object]]:
        """The records after number ``after``, oldest first, each with its number ``n``."""
        rows = self._rows("SELECT n, record FROM facts WHERE n > ? ORDER BY n LIMIT ?", after, limit)
        return [{"n": n, **json.loads(record)} for n, record in rows]

    def last_fact(self) -> int:
        """The number of the newest record, 0 where there is none."""
        return int(self._rows("SELECT coalesce(max(n), 0) FROM facts")[0][0])

    def documents(self, document_id: str) -> list[dict[str, object]]:
        """Every packet that bears ``document_id`` (documents and the statuses about them), with its deliveries."""
        rows = self._rows(
            "SELECT doc_id, at, system_id, sender, message_type, business_type, status_code, package, delivered, size,"
            " queued, seq FROM documents WHERE document_id = ?",
            document_id,
        )
        rows.sort(key=itemgetter(-1))
        stamped = self._link.stamped
        names = (
            "doc_id", "at", "system_id", "from", "message_type", "business_type", "status_code", "package", "delivered",
            "size",
        )  # fmt: skip
        return [
            {
                **dict(zip(names, (row[0], stamped(row[1]), *row[2:-2]), strict=True)),
                "queued": bool(row[-2]),
                "deliveries": self._deliveries(row[0]),
            }
            for row in rows
        ]

    def _deliveries(self, doc_id: str) -> list[dict[str, object]]:
        rows = self._rows(
            "SELECT delivery_id, unit, stage, created, updated, fetched, description FROM deliveries"
            " WHERE doc_id = ? ORDER BY seq",
            doc_id,
        )
        stamped = self._link.stamped
        names = ("delivery_id", "unit", "stage", "created", "updated", "fetched", "description")
        return [dict(zip(names, (*row[:3], *map(stamped, row[3:6]), row[6]), strict=True)) for row in rows]

    # -- bodies

    def delivered(self, doc_id: str) -> int:
        """The number of the body that recipients of the document get."""
        return int(self._rows("SELECT delivered_blob FROM documents WHERE doc_id = ?", doc_id)[0][0] or 0)

    def kept(self, number: int) -> Kept | None:
        """Where the body of that number lies; None for an unknown one."""
        rows = self._rows("SELECT sha, size, body, pack, start FROM blobs WHERE n = ?", number)
        return Kept(*rows[0]) if rows else None

    def last_body(self) -> int:
        """The number of the newest body, 0 where there is none."""
        return int(self._rows("SELECT coalesce(max(n), 0) FROM blobs")[0][0])

    def by_digest(self, sha: str) -> int | None:
        """The number of a body of that digest, as far as digests are known (``Transaction.know_digests``), or None."""
        rows = self._rows("SELECT blob FROM digests WHERE sha = ? LIMIT 1", sha)
        return int(rows[0][0]) if rows else None

    def packed(self, pack: int) -> tuple[int, int]:
        """How many bodies lie in a pack, and their bytes."""
        number, size = self._rows("SELECT count(*), coalesce(sum(size), 0) FROM blobs WHERE pack = ?", pack)[0]
        return int(number), int(size)

    def in_pack(self, pack: int, limit: int) -> list[tuple[int, int, int]]:
        """The first bodies of a pack: number of the row, place, size."""
        query = "SELECT n, start, size FROM blobs WHERE pack = ? ORDER BY n LIMIT ?"
        return [(n, start, size) for n, start, size in self._rows(query, pack, limit)]

    def large_bodies(self) -> frozenset[str]:
        """The digests of the bodies that lie in files."""
        return frozenset(sha for (sha,) in self._rows("SELECT sha FROM blobs WHERE body IS NULL AND pack IS NULL"))

    def unused_files(self) -> frozenset[str]:
        """The digests of files whose row went, and did not come back."""
        return frozenset(
            sha
            for (sha,) in self._rows(
                "SELECT sha FROM orphans o WHERE NOT EXISTS"
                " (SELECT 1 FROM blobs b WHERE b.sha = o.sha AND b.body IS NULL AND b.pack IS NULL)"
            )
        )

    def bodies_after(self, number: int, limit: int) -> list[int]:
        """The numbers of the next bodies after one."""
        return [n for (n,) in self._rows("SELECT n FROM blobs WHERE n > ? ORDER BY n LIMIT ?", number, limit)]

    def attachment(self, sha: str) -> AttachmentPlace | None:
        """One place where the attached file of that digest lies, or None."""
        rows = self._rows("SELECT sha, blob, position, name, size FROM attachments WHERE sha = ? LIMIT 1", sha)
        return AttachmentPlace(*rows[0]) if rows else None

    # -- configuration

    def meta(self, key: str) -> str | None:
        """A value of the table ``meta``, or None."""
        rows = self._rows("SELECT value FROM meta WHERE key = ?", key)
        return rows[0][0] if rows else None

    def systems(self) -> list[StoredSystem]:
        """Every system, in order of appearance."""
        rows = self._rows("SELECT system_id, secret, passive, added, units FROM systems ORDER BY n")
        return [StoredSystem(row[0], row[1], bool(row[2]), bool(row[3]), row[4]) for row in rows]

    def registrations(self) -> list[Registration]:
        """What was registered and deleted, in order."""
        rows = self._rows("SELECT system_id, unit, parent, name, mail, deleted, at FROM registrations ORDER BY n")
        stamped = self._link.stamped
        return [Registration(*(*row[:5], bool(row[5]), datetime.fromisoformat(stamped(row[6])))) for row in rows]


def _staged(row: Sequence[Any]) -> Sequence[Any]:
    """The row with its last value, the text of a stage, as the stage."""
    return (*row[:-1], Stage(row[-1]))


def _limit(limit: int) -> str:
    return f"LIMIT {int(limit)}" if limit else ""


def marks(values: Collection[object]) -> str:
    """One place per value, for a list in SQL."""
    return ",".join("?" * len(values))


def _portions(units: Sequence[str]) -> list[Sequence[str]]:
    """Few units at a time: a statement takes only so many values."""
    return [units[start : start + _UNITS_AT_ONCE] for start in range(0, len(units), _UNITS_AT_ONCE)]
