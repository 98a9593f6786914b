"""What every store is: one writer that commits in groups, and questions about the past on a connection of their own.

The writer takes what waits in its queue, runs every job (read the past, decide, append), commits once, and only then
lets anyone know: an answer never leaves before its facts are on the disk. A job that raises leaves no trace; trouble
of the database fails every job of its group, also where nobody knows whether the commit came through.
"""

import asyncio
import logging
import queue
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, ClassVar, TypeVar

from simulator.hub.events import Fact
from simulator.hub.store.blobs import INSIDE, Blob, BlobFiles
from simulator.hub.store.link import Link
from simulator.hub.store.pending import Pending
from simulator.hub.store.reading import Past
from simulator.hub.store.transaction import Foresight, Transaction, write_failed

__all__ = ["Store"]

T = TypeVar("T")
_GROUP = 256
_LOG = logging.getLogger("axisproof.hub")


@dataclass(slots=True)
class _Task:
    """One job and who waits for it."""

    job: Callable[[Transaction], Any]
    loop: asyncio.AbstractEventLoop
    future: "asyncio.Future[Any]"
    facts: list[Fact]
    packages: tuple[str, ...] = ()
    deliveries: tuple[str, ...] = ()
    result: Any = None
    error: BaseException | None = None

    def fail(self, error: BaseException) -> None:
        """It did not happen."""
        self.facts, self.error = [], error


class _OneByOne(Exception):  # not an error: a group that has to be taken apart
    """A job broke after some of its rows had reached the database; alone, it cannot hurt another."""


class Store(ABC):
    """One truth, and the writer of this process.

    ``announce`` is called on the loop of whoever ran the job, once per fact, after the commit. ``on_moved`` is called
    in the writer when what its caller remembers of the past may be wrong: a whole group was lost, or another process
    changed the directory.
    """

    TROUBLES: ClassVar[tuple[type[Exception], ...]]
    """What the database raises where the whole group is concerned (full disk, no connection)."""

    past: Past

    def __init__(self, link: Link, files: BlobFiles) -> None:
        self._link = link
        self._files = files
        self._pending = Pending(link)
        self.announce: Callable[[Fact], None] = lambda fact: None
        self.on_moved: Callable[[Past], None] = lambda past: None
        self._tasks: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._closed = False
        self._hurried = False  # whether jobs came while the last group was written
        self._writer = threading.Thread(target=self._write, name="hub-writer", daemon=True)

    # ---------------------------------------------------------------- what a database brings

    @abstractmethod
    def _begin(self) -> None:
        """Open a transaction in which nobody else decides."""

    @abstractmethod
    def _commit(self) -> None:
        """Make it durable."""

    @abstractmethod
    def _abandon(self) -> None:
        """Undo what is under way, if anything is; raises nothing of ``TROUBLES``."""

    @abstractmethod
    def _shut(self) -> None:
        """Close every connection."""

    def _directory_changed(self, transaction: Transaction) -> None:  # noqa: B027  # one process needs no sign
        """Inside the transaction: the directory is another one from this commit on."""

    def _tell_others(self) -> None:  # noqa: B027  # the same
        """After a commit that changed the directory."""

    def moved(self) -> bool:
        """Whether the directory has changed in another process since this was asked last. Costs next to nothing."""
        return False

    @property
    def shared(self) -> bool:
        """Whether other processes write to the same store."""
        return False

    def compact(self, transaction: Transaction, pages: int) -> bool:
        """Give up to ``pages`` free pages back to the file system; whether there may be more. Called within a job."""
        return False

    def _gathered(self, group: list[_Task]) -> bool:
        """Take more into a group that has begun; gives True where the store shall close after it."""
        return self._drain(group)

    # ---------------------------------------------------------------- for the hub

    def start(self) -> None:
        """Let the writer begin; until then ``at_once`` may be used."""
        self._writer.start()

    def at_once(self, job: Callable[[Transaction], T]) -> T:
        """Run one job before the writer has begun (opening a hub). Raises what the job raises."""
        transaction = Transaction(self._link, self._files, self._pending)
        self._begin()
        self._pending.begin()
        try:
            result = job(transaction)
            self._settle([transaction])
            self._commit()
        except BaseException:
            self._undo()
            raise
        return result

    async def run(
        self, job: Callable[[Transaction], T], *, packages: tuple[str, ...] = (), deliveries: tuple[str, ...] = ()
    ) -> T:
        """Run ``job`` in the writer; returns after its commit. Raises what it raised, StoreTrouble where disks fail.

        A job may be run a second time, after everything that it did the first time was undone. ``packages``,
        ``deliveries``: digests and ids that it will ask about; they are looked up for a whole group at once.
        """
        if self._closed:
            raise write_failed("the store is closed")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._tasks.put(_Task(job, loop, future, [], packages, deliveries))
        return await future

    async def staged(self, sha: str, data: bytes) -> Blob:
        """A body ready to be kept: a large one is on the disk when this returns. Raises StoreTrouble."""
        if len(data) <= INSIDE:
            return Blob(sha, len(data), data)
        try:
            await asyncio.to_thread(self._files.put, sha, data)
        except OSError as error:
            raise write_failed(error) from error
        return Blob(sha, len(data), None)

    def draft(self) -> BinaryIO:
        """A file for a body that is still arriving, in the same folder. Raises StoreTrouble."""
        try:
            return self._files.draft()
        except OSError as error:
            raise write_failed(error) from error

    async def adopt(self, sha: str, size: int, draft: BinaryIO) -> Blob:
        """A whole draft as a body ready to be kept: on the disk when this returns. Raises StoreTrouble."""
        try:
            await asyncio.to_thread(self._files.adopt, sha, draft)
        except OSError as error:
            raise write_failed(error) from error
        return Blob(sha, size, None)

    def file(self, sha: str) -> Path | None:
        """Where the body of that digest lies, if it is one that lies in a file of its own."""
        found = self.past.body(sha)
        return self._files.path(sha) if found is not None and found[1] is None else None

    async def body(self, sha: str) -> bytes | None:
        """The bytes of that digest, or None. Raises StoreTrouble where they are known and cannot be read."""
        found = self.past.body(sha)
        if found is None or found[1] is not None:
            return found[1] if found else None
        try:
            return await asyncio.to_thread(self._files.path(sha).read_bytes)
        except OSError as error:
            raise write_failed(error) from error

    async def close(self) -> None:
        """Finish what is queued, then close. Closing twice is harmless."""
        if self._closed:
            return
        self._closed = True
        self._tasks.put(None)
        if self._writer.is_alive():
            await asyncio.to_thread(self._writer.join)
        self._shut()

    # ---------------------------------------------------------------- the writer's thread

    def _write(self) -> None:
        last = False
        while not last:
            self._hurried = not self._tasks.empty()
            if (first := self._tasks.get()) is None:
                return
            last = self._group([first])

    def _drain(self, group: list[_Task]) -> bool:
        while len(group) < _GROUP:
            try:
                task = self._tasks.get_nowait()
            except queue.Empty:
                return False
            if task is None:
                return True
            group.append(task)
        return False

    def _group(self, group: list[_Task]) -> bool:
        last = False
        try:
            self._begin()
            last = self._gathered(group)
            self._attempt(group)
        except _OneByOne:
            self._undo()
            for task in group:
                task.facts, task.error = [], None
                self._alone(task)
        except self.TROUBLES as error:
            _LOG.error("a group of %d writes was lost: %s", len(group), error)
            self._undo()
            for task in group:
                task.fail(write_failed(error))
        for loop in {id(task.loop): task.loop for task in group}.values():
            tasks = [task for task in group if task.loop is loop]
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._tell, tasks)
        return last

    def _attempt(self, group: list[_Task]) -> None:
        """Every job of the group, then the commit. Raises what is in ``TROUBLES``, and _OneByOne."""
        transactions = []
        self._pending.begin()
        foreseen = Foresight(
            self._link,
            packages={sha for task in group for sha in task.packages},
            deliveries={name for task in group for name in task.deliveries},
        )
        for task in group:
            mark = self._pending.mark()
            transaction = Transaction(self._link, self._files, self._pending, foreseen)
            try:
                task.result = task.job(transaction)
            except self.TROUBLES:
                raise
            except Exception as error:
                if not self._pending.undo(mark):
                    raise _OneByOne from error
                task.fail(error)
                continue
            task.facts = transaction.appended
            transactions.append(transaction)
        try:
            self._settle(transactions)
        except self.TROUBLES:
            raise
        except Exception as error:  # a row that the database will not have: whose?
            raise _OneByOne from error
        self._commit()
        self._afterwards(transactions)

    def _alone(self, task: _Task) -> None:
        """One job in a transaction of its own: whatever breaks, breaks for it alone."""
        try:
            self._begin()
            self._pending.begin()
            transaction = Transaction(self._link, self._files, self._pending)
            task.result = task.job(transaction)
            self._settle([transaction])
            self._commit()
            task.facts = transaction.appended
            self._afterwards([transaction])
        except self.TROUBLES as error:
            _LOG.error("a write was lost: %s", error)
            task.fail(write_failed(error))
            self._undo()
        except Exception as error:
            task.fail(error)
            self._undo()

    def _settle(self, transactions: list[Transaction]) -> None:
        for transaction in transactions:
            if transaction.directory_changed:
                self._directory_changed(transaction)
        self._pending.flush()

    def _afterwards(self, transactions: list[Transaction]) -> None:
        if any(transaction.directory_changed for transaction in transactions):
            self._tell_others()
        if any(transaction.orphaned for transaction in transactions):
            self._bury()

    def _undo(self) -> None:
        self._pending.clear()
        self._abandon()
        try:
            self.on_moved(Past(self._link))
        except self.TROUBLES:  # the database is away: asked again before the next decision
            _LOG.debug("the directory will be read again", exc_info=True)

    def _bury(self) -> None:
        """Remove the files whose last row has gone. Within a transaction, so that nobody keeps them meanwhile; what
        a crash leaves of this is swept on opening."""
        self._begin()
        try:
            past = Past(self._link)
            self._files.remove(past.unused_files())
            self._link.run("DELETE FROM orphans")
            self._commit()
        except self.TROUBLES as error:
            _LOG.warning("files that nobody needs were left: %s", error)
            self._undo()

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
