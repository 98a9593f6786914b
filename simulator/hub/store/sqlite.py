"""The embedded store: SQLite in WAL mode, ``synchronous=FULL``, and one writer that commits in groups.

The writer drains its queue, runs every job (read the past, decide, append) under a savepoint of its own, commits once,
and only then lets anyone know: an answer never leaves before its facts are on the disk. A job that raises leaves no
trace; a commit that fails fails every job of its group. Reads use a connection of their own.
"""

import asyncio
import logging
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TypeVar

from simulator.hub.events import Fact
from simulator.hub.store.blobs import INSIDE, Blob, BlobFiles
from simulator.hub.store.reading import AttachmentPlace, Past, StoredSystem
from simulator.hub.store.schema import FORMAT, TABLES, TRAFFIC, write
from simulator.hub.trouble import DataInUse, OtherVersion, StoreTrouble, UnusableData
from simulator.words import Text

__all__ = ["Store", "Transaction"]

T = TypeVar("T")
_GROUP = 256
_LOG = logging.getLogger("axisproof.hub")

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
_WRITE_FAILED = Text(
    en="The store could not write: {why}. Nothing of this was acknowledged.",
    vi="Kho dữ liệu không ghi được: {why}. Chưa có gì trong số này được xác nhận.",
)


class Transaction(Past):
    """The past, and the right to add to it. Facts are announced after the commit, in order."""

    def __init__(self, connection: sqlite3.Connection, files: BlobFiles) -> None:
        super().__init__(connection)
        self._files = files
        self.appended: list[Fact] = []
        self.after_commit: list[Callable[[], None]] = []

    def append(self, facts: Iterable[Fact]) -> None:
        """Write facts and what is seen of them."""
        for fact in facts:
            if fact.STORED:
                write(self._connection, fact)
            self.appended.append(fact)

    def keep(self, blob: Blob) -> None:
        """Keep a body under its digest; the same bytes are kept once. Raises StoreTrouble where its file is gone."""
        if blob.body is None and not self._files.path(blob.sha).exists():
            raise StoreTrouble(_WRITE_FAILED.filled(why=f"{blob.sha} is not on the disk"))
        self._connection.execute("INSERT OR IGNORE INTO blobs VALUES (?, ?, ?)", (blob.sha, blob.size, blob.body))

    def keep_attachments(self, places: Iterable[AttachmentPlace]) -> None:
        """Make attached files findable by their own digest; their bytes stay inside their package."""
        self._connection.executemany(
            "INSERT OR IGNORE INTO attachments VALUES (?, ?, ?, ?, ?)",
            [(place.sha, place.package, place.position, place.name, place.size) for place in places],
        )

    def put_system(self, system: StoredSystem) -> None:
        """Add a system, or change it."""
        self._connection.execute(
            "INSERT INTO systems VALUES (?, ?, ?, ?, ?) ON CONFLICT (system_id) DO UPDATE SET secret = excluded.secret,"
            " passive = excluded.passive, added = excluded.added, units = excluded.units",
            (system.system_id, system.secret, system.passive, system.added, system.units),
        )

    def put_meta(self, key: str, value: str) -> None:
        """Set a value of the table ``meta``."""
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def forget(self) -> None:
        """Empty every table of traffic, and start numbering facts at 1 again."""
        large = self.large_bodies()
        for table in TRAFFIC:
            self._connection.execute(f"DELETE FROM {table}")  # noqa: S608  # our own names
        self._connection.execute("DELETE FROM sqlite_sequence")
        self.after_commit.append(lambda: self._files.remove(large))


@dataclass(slots=True)
class _Task:
    """One job and who waits for it."""

    job: Callable[[Transaction], Any]
    loop: asyncio.AbstractEventLoop
    future: "asyncio.Future[Any]"
    facts: list[Fact]
    result: Any = None
    error: BaseException | None = None


class Store:
    """One data folder. ``announce`` is called on the loop of whoever ran the job, once per fact, after the commit.

    ``on_rollback`` is called in the writer when a whole group was lost, so that its caller can forget what the jobs
    of the group had told it.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        reader: sqlite3.Connection,
        guard: sqlite3.Connection,
        files: BlobFiles,
    ) -> None:
        self._connection = connection
        self._reader = reader
        self._guard = guard
        self._files = files
        self.past = Past(reader)
        self.announce: Callable[[Fact], None] = lambda fact: None
        self.on_rollback: Callable[[Past], None] = lambda past: None
        self._tasks: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._closed = False
        self._writer = threading.Thread(target=self._write, name="hub-writer", daemon=True)

    @classmethod
    def open(cls, data: Path) -> Self:
        """Open or create the data folder. Raises UnusableData, DataInUse, OtherVersion."""
        opened: list[sqlite3.Connection] = []
        try:
            data.mkdir(parents=True, exist_ok=True)
            guard = _guard(data)
            opened.append(guard)
            (data / "axis.sqlite3").touch(mode=0o600)  # it holds secrets; SQLite's other files take its mode
            connection = _connect(data / "axis.sqlite3")
            opened.append(connection)
            _prepare(connection, data)
            reader = _connect(data / "axis.sqlite3")
            opened.append(reader)
            files = BlobFiles(data / "blobs")
            files.sweep(Past(connection).large_bodies())
        except (OSError, sqlite3.Error) as error:
            _close_all(opened)
            raise UnusableData(_UNUSABLE.filled(data=data, why=error)) from error
        except (DataInUse, OtherVersion):
            _close_all(opened)
            raise
        return cls(connection, reader, guard, files)

    def start(self) -> None:
        """Let the writer begin; until then ``at_once`` may be used."""
        self._writer.start()

    def at_once(self, job: Callable[[Transaction], T]) -> T:
        """Run one job before the writer has begun (opening a hub). Raises what the job raises."""
        transaction = Transaction(self._connection, self._files)
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            result = job(transaction)
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")
        return result

    async def run(self, job: Callable[[Transaction], T]) -> T:
        """Run ``job`` in the writer; returns after its commit. Raises what it raised, StoreTrouble where disks fail."""
        if self._closed:
            raise StoreTrouble(_WRITE_FAILED.filled(why="the store is closed"))
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._tasks.put(_Task(job, loop, future, []))
        return await future

    async def staged(self, sha: str, data: bytes) -> Blob:
        """A body ready to be kept: a large one is on the disk when this returns. Raises StoreTrouble."""
        if len(data) <= INSIDE:
            return Blob(sha, len(data), data)
        try:
            await asyncio.to_thread(self._files.put, sha, data)
        except OSError as error:
            raise StoreTrouble(_WRITE_FAILED.filled(why=error)) from error
        return Blob(sha, len(data), None)

    async def body(self, sha: str) -> bytes | None:
        """The bytes of that digest, or None. Raises StoreTrouble where they are known and cannot be read."""
        found = self.past.body(sha)
        if found is None or found[1] is not None:
            return found[1] if found else None
        try:
            return await asyncio.to_thread(self._files.path(sha).read_bytes)
        except OSError as error:
            raise StoreTrouble(_WRITE_FAILED.filled(why=error)) from error

    async def close(self) -> None:
        """Finish what is queued, then close. Closing twice is harmless."""
        if self._closed:
            return
        self._closed = True
        self._tasks.put(None)
        if self._writer.is_alive():
            await asyncio.to_thread(self._writer.join)
        _close_all([self._reader, self._connection, self._guard])

    # ---------------------------------------------------------------- the writer's thread

    def _write(self) -> None:
        while (first := self._tasks.get()) is not None:
            group = [first]
            last = False
            while len(group) < _GROUP and not last:
                try:
                    task = self._tasks.get_nowait()
                except queue.Empty:
                    break
                last = task is None
                group.extend([task] if task else [])
            self._commit(group)
            if last:
                return

    def _commit(self, group: list[_Task]) -> None:
        after: list[Callable[[], None]] = []
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            for task in group:
                after.extend(self._attempt(task))
            self._connection.execute("COMMIT")
        except (sqlite3.Error, OSError) as error:
            _LOG.error("a group of %d writes was lost: %s", len(group), error)
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            self.on_rollback(Past(self._connection))
            trouble = StoreTrouble(_WRITE_FAILED.filled(why=error))
            for task in group:
                task.facts, task.error = [], trouble
            after = []
        for action in after:
            action()
        for loop in {id(task.loop): task.loop for task in group}.values():
            tasks = [task for task in group if task.loop is loop]
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._tell, tasks)

    def _attempt(self, task: _Task) -> list[Callable[[], None]]:
        """One job under its savepoint. Trouble of the disk is raised on: it concerns the whole group."""
        transaction = Transaction(self._connection, self._files)
        self._connection.execute("SAVEPOINT job")
        try:
            task.result = task.job(transaction)
        except sqlite3.OperationalError:
            raise
        except Exception as error:
            self._connection.execute("ROLLBACK TO job")
            self._connection.execute("RELEASE job")
            task.error = error
            return []
        self._connection.execute("RELEASE job")
        task.facts = transaction.appended
        return transaction.after_commit

    def _tell(self, tasks: list[_Task]) -> None:
        for task in tasks:
            for fact in task.facts:
                self._tell_fact(fact, task.loop)
            if task.future.done():  # whoever waited has gone (its client hung up)
                continue
            if task.error is not None:
                task.future.set_exception(task.error)
            else:
                task.future.set_result(task.result)

    def _tell_fact(self, fact: Fact, loop: asyncio.AbstractEventLoop) -> None:
        try:
            self.announce(fact)
        except Exception as error:  # a broken witness is loud, and takes nobody else's answer with it
            loop.call_exception_handler({"message": f"a witness failed on {fact.NAME}", "exception": error})


def _connect(path: Path) -> sqlite3.Connection:
    # One connection is used by one thread at a time; sqlite3's own check would forbid opening here, writing there.
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10.0)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA wal_autocheckpoint = 20000")  # performance.md: at 1,000 pages there are stalls
    connection.execute("PRAGMA cache_size = -32768")
    return connection


def _guard(data: Path) -> sqlite3.Connection:
    """A lock that dies with its process, also by kill -9, on every system."""
    guard = sqlite3.connect(data / "in-use.lock", isolation_level=None, check_same_thread=False, timeout=0.0)
    try:
        guard.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        guard.close()
        if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            raise DataInUse(_IN_USE.filled(data=data)) from error
        raise
    return guard


def _prepare(connection: sqlite3.Connection, data: Path) -> None:
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if tables == 0:
        connection.executescript(f"BEGIN IMMEDIATE; {TABLES}")
        connection.execute("INSERT INTO meta VALUES ('format', ?)", (FORMAT,))
        connection.execute("COMMIT")
        return
    named = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone()
    found = Past(connection).meta("format") if named else None
    if found != FORMAT:
        raise OtherVersion(_OTHER_VERSION.filled(data=data, found=found or "?", wanted=FORMAT))


def _close_all(connections: Iterable[sqlite3.Connection]) -> None:
    for connection in connections:
        connection.close()
