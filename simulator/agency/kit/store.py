"""The reference system's memory: one SQLite file, so that a kill at any moment loses nothing that was said.

Rows are frozen values. Every change happens inside ``transaction()``; it is on disk (WAL, synchronous FULL) before
that block is left, and only then may anything be confirmed to the axis or answered to a clerk.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

__all__ = ["FileRecord", "Incoming", "Letter", "Outgoing", "Receiver", "Store", "UnitRow"]


@dataclass(frozen=True, slots=True)
class FileRecord:
    """One attached file, as the clerk sees it."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """One row of the incoming book. ``asked``: the reason of a 13 that waits for the clerk, None where none waits.

    ``status``: the code last sent for it; ``digest``: of the bytes; ``fingerprint``: of what they say, without the
    trace of their way. ``before``: the state that a replacement took from it. ``signer``: competence, position and full
    name, () where nobody is named. Dates and times are ISO texts, +07:00.
    """

    seq: int
    document_id: str
    sender: str
    number: str
    notation: str
    issued: str
    subject: str
    kind: str
    state: str
    status: str
    arrived_at: str
    digest: str
    fingerprint: str
    files: tuple[FileRecord, ...] = ()
    refers_to: str | None = None
    warnings: tuple[str, ...] = ()
    signature: str = "absent"
    reason: str | None = None
    asked: str | None = None
    before: str | None = None
    type_name: str | None = None
    priority: int | None = None
    due_date: str | None = None
    signer: tuple[str, ...] = ()
    content: str | None = None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One row of the outgoing book; ``sent_at`` is None until the axis has taken it."""

    seq: int
    document_id: str
    number: str
    notation: str
    issued: str
    subject: str
    kind: str
    state: str
    written_at: str
    sent_at: str | None = None
    files: tuple[FileRecord, ...] = ()
    refers_to: str | None = None
    warnings: tuple[str, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Receiver:
    """One receiver of an outgoing document: ``progress`` is the furthest of 01 … 06, ``answer`` 15 or 16 after a 13.

    ``stamp``: the Timestamp of the newest status that counted. ``asked``: a recall or take-back is on its way.
    """

    outgoing: int
    organ: str
    progress: str = ""
    answer: str = ""
    stamp: str = ""
    reason: str | None = None
    asked: bool = False
    place: int = 0


@dataclass(frozen=True, slots=True)
class Letter:
    """One package in the outbox. ``lane``: letters of one lane leave in the order of ``seq``, whatever happens.

    ``state``: ``unsigned`` (not to be sent yet), ``waiting``, ``sent`` or ``refused``.
    """

    seq: int
    lane: str
    message_type: str
    data: bytes
    urgent: int = 0
    outgoing: int | None = None
    code: str = ""
    stamp: str = ""
    attempts: int = 0
    state: str = "waiting"


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit of the directory: both codes ("" where it has no old one), its name, whether it is closed."""

    code: str
    code102: str
    name: str
    closed: bool = False


_Row = TypeVar("_Row", Incoming, Outgoing, Receiver, Letter, UnitRow)
_TABLES: dict[type, tuple[str, str]] = {
    Incoming: ("incoming", "PRIMARY KEY (seq)"),
    Outgoing: ("outgoing", "PRIMARY KEY (seq)"),
    Receiver: ("receivers", "PRIMARY KEY (outgoing, organ)"),
    Letter: ("outbox", "PRIMARY KEY (seq)"),
    UnitRow: ("units", "PRIMARY KEY (code)"),
}
_MORE = """
CREATE TABLE IF NOT EXISTS deliveries (delivery_id TEXT PRIMARY KEY, word TEXT NOT NULL, description TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS packages
    (box TEXT, seq INTEGER, version INTEGER, data BLOB, PRIMARY KEY (box, seq, version));
CREATE TABLE IF NOT EXISTS journal (seq INTEGER PRIMARY KEY, at TEXT, about TEXT, text TEXT);
CREATE INDEX IF NOT EXISTS incoming_by_id ON incoming (document_id);
CREATE INDEX IF NOT EXISTS incoming_by_number ON incoming (number);
CREATE INDEX IF NOT EXISTS incoming_by_print ON incoming (fingerprint);
CREATE INDEX IF NOT EXISTS outgoing_by_id ON outgoing (document_id);
CREATE INDEX IF NOT EXISTS outbox_by_lane ON outbox (state, lane, seq);
"""
_DOCUMENT_TABLES = ("incoming", "outgoing", "receivers", "outbox", "deliveries", "packages", "journal")


class Store:
    """The file ``folder/dms.sqlite``. One connection, used by one thread."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(folder / "dms.sqlite", isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        for kind, (table, key) in _TABLES.items():
            columns = ", ".join(field.name for field in fields(kind))
            self._db.execute(f"CREATE TABLE IF NOT EXISTS {table} ({columns}, {key})")
            known = {row[1] for row in self._db.execute(f"PRAGMA table_info({table})")}
            for field in fields(kind):  # a file of an earlier version lacks the newer ones, which stand last
                if field.name not in known:
                    self._db.execute(f"ALTER TABLE {table} ADD COLUMN {field.name}")
        self._db.executescript(_MORE)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of it or nothing; durable when the outermost block is left."""
        if self._db.in_transaction:
            yield
            return
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def forget_documents(self) -> None:
        """Empty every book; the directory of units stays."""
        with self.transaction():
            for table in _DOCUMENT_TABLES:
                self._db.execute(f"DELETE FROM {table}")  # noqa: S608  # names of our own

    # ---------------------------------------------------------------- rows

    def next_seq(self, kind: type[Incoming] | type[Outgoing] | type[Letter]) -> int:
        """The number of the next row."""
        table = _TABLES[kind][0]
        return int(self._db.execute(f"SELECT coalesce(max(seq), 0) + 1 FROM {table}").fetchone()[0])  # noqa: S608  # our own names

    def put(self, *rows: _Row) -> None:
        """Write rows, new or in the place of their earlier selves."""
        with self.transaction():
            for row in rows:
                values = [_to_column(getattr(row, field.name)) for field in fields(row)]
                marks = ", ".join("?" * len(values))
                self._db.execute(f"REPLACE INTO {_TABLES[type(row)][0]} VALUES ({marks})", values)  # noqa: S608  # our own names

    def _rows(self, kind: type[_Row], rest: str = "", values: Sequence[object] = ()) -> tuple[_Row, ...]:
        found = self._db.execute(f"SELECT * FROM {_TABLES[kind][0]} {rest}", tuple(values))  # noqa: S608  # our own names
        return tuple(_from_columns(kind, row) for row in found)

    def incoming(self, document_id: str | None = None) -> tuple[Incoming, ...]:
        """The incoming book, oldest first; only the rows of one DocumentId where one is given."""
        if document_id is None:
            return self._rows(Incoming, "ORDER BY seq")
        return self._rows(Incoming, "WHERE document_id = ? ORDER BY seq", (document_id,))

    def incoming_near(self, document_id: str, number: str) -> tuple[Incoming, ...]:
        """The rows that bear one DocumentId or one number."""
        return self._rows(Incoming, "WHERE document_id = ? OR number = ? ORDER BY seq", (document_id, number))

    def incoming_like(self, fingerprint: str) -> tuple[Incoming, ...]:
        """The rows whose package said exactly the same."""
        return self._rows(Incoming, "WHERE fingerprint = ? ORDER BY seq", (fingerprint,))

    def outgoing(self, document_id: str | None = None) -> tuple[Outgoing, ...]:
        """The outgoing book, oldest first; only the rows of one DocumentId where one is given."""
        if document_id is None:
            return self._rows(Outgoing, "ORDER BY seq")
        return self._rows(Outgoing, "WHERE document_id = ? ORDER BY seq", (document_id,))

    def outgoing_row(self, seq: int) -> Outgoing | None:
        """One row of the outgoing book."""
        return next(iter(self._rows(Outgoing, "WHERE seq = ?", (seq,))), None)

    def receivers(self, outgoing: int) -> tuple[Receiver, ...]:
        """Who gets the document, in the order in which they were written down."""
        return self._rows(Receiver, "WHERE outgoing = ? ORDER BY place", (outgoing,))

    def units(self) -> tuple[UnitRow, ...]:
        """The directory."""
        return self._rows(UnitRow)

    def replace_units(self, units: Sequence[UnitRow]) -> None:
        """The directory, as the axis gave it last."""
        with self.transaction():
            self._db.execute("DELETE FROM units")
            self.put(*units)

    # ---------------------------------------------------------------- packages

    def keep_package(self, box: str, seq: int, data: bytes) -> None:
        """Keep the bytes of a document; an earlier version of them stays beside it."""
        with self.transaction():
            self._db.execute(
                "INSERT INTO packages SELECT ?, ?, coalesce(max(version), 0) + 1, ? FROM packages"
                " WHERE box = ? AND seq = ?",
                (box, seq, data, box, seq),
            )

    def package(self, box: str, seq: int) -> bytes | None:
        """The newest bytes of a document, or None where they were destroyed."""
        row = self._db.execute(
            "SELECT data FROM packages WHERE box = ? AND seq = ? ORDER BY version DESC LIMIT 1", (box, seq)
        ).fetchone()
        return None if row is None else bytes(row[0])

    def destroy_package(self, box: str, seq: int) -> None:
        """Every version of the bytes is gone."""
        with self.transaction():
            self._db.execute("DELETE FROM packages WHERE box = ? AND seq = ?", (box, seq))

    # ---------------------------------------------------------------- deliveries and the outbox

    def taken(self, delivery_id: str) -> tuple[str, str] | None:
        """The word and description with which a delivery was to be confirmed; None for one never stored."""
        row = self._db.execute("SELECT word, description FROM deliveries WHERE delivery_id = ?", (delivery_id,))
        found = row.fetchone()
        return None if found is None else (str(found[0]), str(found[1]))

    def note_delivery(self, delivery_id: str, word: str, description: str) -> None:
        """This delivery is stored; from now on it only needs its confirmation."""
        with self.transaction():
            self._db.execute("REPLACE INTO deliveries VALUES (?, ?, ?)", (delivery_id, word, description))

    def next_letter(self, blocked: Sequence[str]) -> Letter | None:
        """The letter to send now: the most urgent of those at the head of their lane, blocked lanes left out."""
        marks = ", ".join("?" * len(blocked))
        heads = self._rows(
            Letter,
            f"""AS o WHERE state = 'waiting' AND lane NOT IN ({marks}) AND NOT EXISTS
                (SELECT 1 FROM outbox AS e
                 WHERE e.state IN ('waiting', 'unsigned') AND e.lane = o.lane AND e.seq < o.seq)
                ORDER BY urgent DESC, seq LIMIT 1""",  # noqa: S608  # question marks only
            blocked,
        )
        return next(iter(heads), None)

    def hold_unsigned(self, *seqs: int) -> None:
        """Keep these letters back until they are signed."""
        with self.transaction():
            for seq in seqs:
                self._db.execute("UPDATE outbox SET state = 'unsigned' WHERE seq = ?", (seq,))

    def unsigned(self) -> tuple[Letter, ...]:
        """The letters that wait for their signature, the most urgent first."""
        return self._rows(Letter, "WHERE state = 'unsigned' ORDER BY urgent DESC, seq")

    def letter_tried(self, seq: int) -> None:
        """One more attempt did not get it through."""
        with self.transaction():
            self._db.execute("UPDATE outbox SET attempts = attempts + 1 WHERE seq = ?", (seq,))

    def letter_settled(self, seq: int, state: str) -> None:
        """It has left (``sent``) or never will (``refused``); its bytes are needed no more."""
        with self.transaction():
            self._db.execute("UPDATE outbox SET state = ?, data = x'' WHERE seq = ?", (state, seq))

    def waiting(self) -> int:
        """How many letters have not left yet."""
        return int(self._db.execute("SELECT count(*) FROM outbox WHERE state IN ('waiting', 'unsigned')").fetchone()[0])

    def last_stamp(self, lane: str) -> str:
        """The Timestamp of the newest status in a lane, "" where there is none."""
        row = self._db.execute("SELECT coalesce(max(stamp), '') FROM outbox WHERE lane = ?", (lane,)).fetchone()
        return str(row[0])

    def codes_queued(self, lane: str) -> tuple[str, ...]:
        """Every status code that was ever put into a lane, in order."""
        found = self._db.execute("SELECT code FROM outbox WHERE lane = ? AND code != '' ORDER BY seq", (lane,))
        return tuple(str(row[0]) for row in found)

    def note(self, at: str, about: str, text: str) -> None:
        """One line of the history: what happened to which DocumentId."""
        with self.transaction():
            self._db.execute("INSERT INTO journal (at, about, text) VALUES (?, ?, ?)", (at, about, text))

    def history(self, about: str | None = None) -> tuple[tuple[str, str, str], ...]:
        """The lines (at, about, text) of the history, all or of one DocumentId."""
        where, values = ("", ()) if about is None else ("WHERE about = ?", (about,))
        found = self._db.execute(f"SELECT at, about, text FROM journal {where} ORDER BY seq", values)  # noqa: S608  # our own names
        return tuple((str(at), str(what), str(text)) for at, what, text in found)


def _to_column(value: object) -> object:
    if isinstance(value, tuple):
        return json.dumps([_plain(item) for item in value], ensure_ascii=False)
    return int(value) if isinstance(value, bool) else value


def _plain(item: object) -> object:
    return [item.name, item.size, item.sha256] if isinstance(item, FileRecord) else item


def _from_columns(kind: type[_Row], row: Sequence[Any]) -> _Row:
    values: dict[str, Any] = {field.name: value for field, value in zip(fields(kind), row, strict=True)}
    if "files" in values:
        values["files"] = tuple(FileRecord(*item) for item in json.loads(values["files"]))
    if "signer" in values:
        values["signer"] = tuple(json.loads(values["signer"] or "[]"))
    if "warnings" in values:
        values["warnings"] = tuple(json.loads(values["warnings"]))
    for name in ("asked", "closed"):
        if name in values and kind in (Receiver, UnitRow):
            values[name] = bool(values[name])
    return kind(**values)
