"""The embedded store: SQLite in WAL mode, ``synchronous=FULL``, one process. Reads use a connection of their own."""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Self

from simulator.hub.events import stamp
from simulator.hub.store.base import Store
from simulator.hub.store.blobs import BlobFiles
from simulator.hub.store.link import Link
from simulator.hub.store.packs import Packs
from simulator.hub.store.reading import Past
from simulator.hub.store.steps import FORMAT, SQLITE, TRAFFIC
from simulator.hub.store.transaction import Transaction
from simulator.hub.trouble import DataInUse, OtherVersion, UnusableData
from simulator.words import Text

__all__ = ["SqliteLink", "SqliteStore", "guard"]

LINGER_SECONDS = 0.001
"""How long a thin group waits for more, where others came while the last one was written."""

_CROWD, _ENOUGH = 3, 16
_UNUSABLE = Text(
    en="The data folder {data} cannot be used: {why}. Choose another with --data, or make it writable.",
    vi="Không dùng được thư mục dữ liệu {data}: {why}. Hãy chọn thư mục khác bằng --data hoặc cấp quyền ghi.",
)
_OTHER_VERSION = Text(
    en="The data folder {data} has format {found}; this version reads format {wanted}. Choose another with --data.",
    vi="Thư mục dữ liệu {data} có định dạng {found}; phiên bản này đọc định dạng {wanted}. "
    "Hãy chọn thư mục khác bằng --data.",
)
_IN_USE = Text(
    en="The data folder {data} is in use by another process. Stop it, or choose another folder with --data.",
    vi="Thư mục dữ liệu {data} đang được tiến trình khác sử dụng. Hãy dừng tiến trình đó hoặc chọn thư mục khác "
    "bằng --data.",
)


class SqliteLink(Link):
    """One SQLite connection. It is used by one thread at a time."""

    EMPTYING: ClassVar[tuple[str, ...]] = (
        *(f"DELETE FROM {table}" for table in TRAFFIC),  # noqa: S608  # our own names
        "DELETE FROM sqlite_sequence",
    )

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def rows(self, query: str, values: Sequence[object] = ()) -> list[Any]:
        """Every row that ``query`` gives."""
        return self.connection.execute(query, values).fetchall()

    def run(self, statement: str, values: Sequence[object] = ()) -> None:
        """Run one statement."""
        self.connection.execute(statement, values)

    def moment(self, at: datetime) -> object:
        """RFC 3339 texts of equal length sort like the moments."""
        return stamp(at)

    def stamped(self, value: Any) -> Any:
        """It is kept as the text that it shall be."""
        return value


class SqliteStore(Store):
    """One data folder."""

    TROUBLES: ClassVar[tuple[type[Exception], ...]] = (sqlite3.OperationalError, OSError)

    def __init__(
        self,
        connection: sqlite3.Connection,
        reader: sqlite3.Connection,
        guard: sqlite3.Connection,
        data: Path,
    ) -> None:
        super().__init__(SqliteLink(connection), BlobFiles(data / "blobs"), Packs(data / "packs"))
        self.past = Past(SqliteLink(reader))
        self._connection = connection
        self._open = [reader, connection, guard]

    @classmethod
    def open(cls, data: Path) -> Self:
        """Open or create the data folder. Raises UnusableData, DataInUse, OtherVersion."""
        opened: list[sqlite3.Connection] = []
        try:
            data.mkdir(parents=True, exist_ok=True)
            lock = guard(data)
            opened.append(lock)
            (data / "axis.sqlite3").touch(mode=0o600)  # it holds secrets; SQLite's other files take its mode
            connection = _connect(data / "axis.sqlite3")
            opened.append(connection)
            _prepare(connection, data)
            reader = _connect(data / "axis.sqlite3")
            opened.append(reader)
            store = cls(connection, reader, lock, data)
            store._sweep(Past(SqliteLink(connection)))
        except (OSError, sqlite3.Error) as error:
            _close_all(opened)
            raise UnusableData(_UNUSABLE.filled(data=data, why=error)) from error
        except (DataInUse, OtherVersion):
            _close_all(opened)
            raise
        return store

    def _begin(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def _linger(self, before: int, now: int) -> float:
        """Where jobs come from several sides, but thinly, wait a moment for more: a commit costs a group as much as a
        job. Whoever asks alone, or with one other, never waits."""
        return LINGER_SECONDS if before >= _CROWD and now < _ENOUGH else 0.0

    def _commit(self) -> None:
        self._connection.execute("COMMIT")

    def _abandon(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def compact(self, transaction: Transaction, pages: int) -> bool:
        """Give up to ``pages`` free pages back to the file system; whether there may be more."""
        transaction.ask(f"PRAGMA incremental_vacuum({int(pages)})")
        return bool(transaction.ask("PRAGMA freelist_count")[0][0])

    def _shut(self) -> None:
        _close_all(self._open)


def _connect(path: Path) -> sqlite3.Connection:
    # One connection is used by one thread at a time; sqlite3's own check would forbid opening here, writing there.
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10.0)
    connection.execute("PRAGMA auto_vacuum = INCREMENTAL")  # heard only before there are tables
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA wal_autocheckpoint = 20000")  # performance.md: at 1,000 pages there are stalls
    connection.execute("PRAGMA cache_size = -32768")
    return connection


def guard(data: Path) -> sqlite3.Connection:
    """A lock on a data folder that dies with its process, also by kill -9, on every system. Raises DataInUse."""
    held = sqlite3.connect(data / "in-use.lock", isolation_level=None, check_same_thread=False, timeout=0.0)
    try:
        held.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        held.close()
        if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            raise DataInUse(_IN_USE.filled(data=data)) from error
        raise
    return held


def _prepare(connection: sqlite3.Connection, data: Path) -> None:
    """Run the steps that are missing, each in a transaction of its own."""
    found = _format(connection)
    if found is None or not found.isdigit() or int(found) > int(FORMAT):
        raise OtherVersion(_OTHER_VERSION.filled(data=data, found=found or "?", wanted=FORMAT))
    for number, step in SQLITE.items():
        if number > int(found):
            connection.executescript(
                f"BEGIN; {step} INSERT OR REPLACE INTO meta VALUES ('format', '{number}'); COMMIT"  # noqa: S608  # ours
            )
    if connection.execute("PRAGMA auto_vacuum").fetchone() != (2,):  # a folder from before retention
        connection.execute("VACUUM")


def _format(connection: sqlite3.Connection) -> str | None:
    """How far the store is; "0" for a new one, None for somebody else's."""
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if tables == 0:
        return "0"
    named = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone()
    return Past(SqliteLink(connection)).meta("format") if named else None


def _close_all(connections: Iterable[sqlite3.Connection]) -> None:
    for connection in connections:
        connection.close()
