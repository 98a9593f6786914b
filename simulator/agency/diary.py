"""What the fake agencies must not forget over a restart: how many letters each wrote, which documents each holds,
which statuses it still owes. One small SQLite file for all nodes of a world.

Not fsynced: it survives the end of the process, which is all that a play needs (the hub's own store is durable).
"""

import sqlite3
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self

from simulator.protocol.status import State

__all__ = ["Diary", "Held", "Owed"]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS letters (system_id TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS held (
  n INTEGER PRIMARY KEY, system_id TEXT NOT NULL, sender TEXT NOT NULL, document_id TEXT NOT NULL, code TEXT NOT NULL,
  issued TEXT, unit TEXT NOT NULL, state TEXT NOT NULL, UNIQUE (system_id, sender, document_id));
CREATE TABLE IF NOT EXISTS owed (
  n INTEGER PRIMARY KEY, system_id TEXT NOT NULL, held INTEGER NOT NULL, at REAL NOT NULL, code TEXT NOT NULL,
  description TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS owed_by ON owed (system_id, at);
"""


@dataclass(frozen=True, slots=True)
class Held:
    """One document that a node has. ``sender`` and ``unit`` as they were spelled on the wire."""

    n: int
    sender: str
    document_id: str
    code: str
    issued: date | None
    unit: str
    state: State


@dataclass(frozen=True, slots=True)
class Owed:
    """One status that a node will send: when (seconds since the epoch), for which document, and what."""

    n: int
    held: int
    at: float
    code: str
    description: str


class Diary:
    """The diary of all nodes. ``path`` None: kept in memory only."""

    def __init__(self, path: Path | None = None) -> None:
        self._store = sqlite3.connect(path or ":memory:", isolation_level=None, check_same_thread=False)
        self._store.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;" + _SCHEMA)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; the diary is of no use afterwards."""
        self._store.close()

    def clear(self) -> None:
        """Forget everything, of all nodes."""
        self._store.executescript("DELETE FROM letters; DELETE FROM held; DELETE FROM owed;")

    def letters(self, system_id: str) -> int:
        """How many letters that system has written."""
        row = self._store.execute("SELECT count FROM letters WHERE system_id = ?", (system_id,)).fetchone()
        return int(row[0]) if row else 0

    def wrote(self, system_id: str) -> None:
        """One letter more."""
        self._store.execute(
            "INSERT INTO letters VALUES (?, 1) ON CONFLICT (system_id) DO UPDATE SET count = count + 1", (system_id,)
        )

    def hold(self, system_id: str, *, sender: str, document_id: str, code: str, issued: date | None, unit: str) -> Held:
        """Keep a document that came. Raises sqlite3.IntegrityError where the node has it already (see ``find``)."""
        cursor = self._store.execute(
            "INSERT INTO held (system_id, sender, document_id, code, issued, unit, state) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (system_id, sender, document_id, code, issued and issued.isoformat(), unit, State.ARRIVED),
        )
        return Held(cursor.lastrowid or 0, sender, document_id, code, issued, unit, State.ARRIVED)

    def find(self, system_id: str, *, sender: str, document_id: str) -> Held | None:
        """The document of that sender and DocumentId, or None."""
        row = self._store.execute(
            f"SELECT {_HELD} FROM held WHERE system_id = ? AND sender = ? AND document_id = ?",  # noqa: S608  # our own constant
            (system_id, sender, document_id),
        ).fetchone()
        return _held(row) if row else None

    def held(self, n: int) -> Held | None:
        """The document number ``n`` of this diary, or None."""
        row = self._store.execute(f"SELECT {_HELD} FROM held WHERE n = ?", (n,)).fetchone()  # noqa: S608
        return _held(row) if row else None

    def moved(self, n: int, state: State) -> None:
        """The document ``n`` now stands in ``state``."""
        self._store.execute("UPDATE held SET state = ? WHERE n = ?", (state, n))

    def owe(self, system_id: str, held: int, *, at: float, code: str, description: str) -> None:
        """A status will be due."""
        self._store.execute(
            "INSERT INTO owed (system_id, held, at, code, description) VALUES (?, ?, ?, ?, ?)",
            (system_id, held, at, code, description),
        )

    def next_owed(self, system_id: str) -> Owed | None:
        """The status of that system that is due first, or None."""
        row = self._store.execute(
            "SELECT n, held, at, code, description FROM owed WHERE system_id = ? ORDER BY at, n LIMIT 1", (system_id,)
        ).fetchone()
        return Owed(*row) if row else None

    def paid(self, n: int) -> None:
        """The status ``n`` has left, or never will."""
        self._store.execute("DELETE FROM owed WHERE n = ?", (n,))

    def put_off(self, held: int, *, until: float) -> None:
        """Nothing about the document ``held`` is due before ``until``."""
        self._store.execute("UPDATE owed SET at = max(at, ?) WHERE held = ?", (until, held))

    def forgive(self, held: int) -> None:
        """Nothing more is owed for the document ``held``."""
        self._store.execute("DELETE FROM owed WHERE held = ?", (held,))


_HELD = "n, sender, document_id, code, issued, unit, state"


def _held(row: tuple[int, str, str, str, str | None, str, str]) -> Held:
    n, sender, document_id, code, issued, unit, state = row
    return Held(n, sender, document_id, code, date.fromisoformat(issued) if issued else None, unit, State(state))
