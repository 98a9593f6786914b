"""The one writer of a process: it takes what waits, runs every job in one transaction, makes it durable, and tells.

A job reads the past, decides and appends; its answer never leaves before its facts are on the disk. A job that raises
leaves no trace; trouble of the database fails every job of its group, also where nobody knows whether the commit came
through.

Jobs of an embedded database run on the event loop, because they wait for nobody; a thread of its own makes a group
durable meanwhile. Two threads that both want the interpreter cost a small document half as much again.
"""

import asyncio
import logging
import threading
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from simulator.hub.events import Fact
from simulator.hub.store.blobs import BlobFiles
from simulator.hub.store.link import Link
from simulator.hub.store.packs import Packs
from simulator.hub.store.pending import Pending
from simulator.hub.store.reading import Past
from simulator.hub.store.transaction import Foresight, Transaction, write_failed

__all__ = ["Writer"]

T = TypeVar("T")
_GROUP = 256
_LOG = logging.getLogger("axisproof.hub")


@dataclass(slots=True, eq=False)
class _Task:
    """One job and who waits for it."""

    job: Callable[[Transaction], Any]
    loop: asyncio.AbstractEventLoop
    future: "asyncio.Future[Any]"
    sendings: tuple[tuple[str, str], ...]
    deliveries: tuple[str, ...]
    long: bool
    facts: list[Fact] | tuple[()] = ()
    result: Any = None
    error: BaseException | None = None

    def fail(self, error: BaseException) -> None:
        """It did not happen."""
        self.facts, self.error = (), error


class _OneByOne(Exception):  # not an error: a group that has to be taken apart
    """A job broke after some of its rows had reached the database; alone, it cannot hurt another."""


class Writer(ABC):
    """The right to write, one group at a time.

    ``announce`` is called on the loop of whoever ran the job, once per fact, after the commit. ``on_moved`` is called
    when what its caller remembers of the past may be wrong: a whole group was lost, or another process changed the
    directory.
    """

    TROUBLES: ClassVar[tuple[type[Exception], ...]]
    """What the database raises where the whole group is concerned (full disk, no connection)."""

    ASIDE: ClassVar[bool] = False
    """Whether jobs wait for somebody else (a server), and so never run on the event loop."""

    def __init__(self, link: Link, files: BlobFiles, packs: Packs) -> None:
        self._link = link
        self._files = files
        self._packs = packs
        self._pending = Pending(link, packs)
        self.announce: Callable[[Fact], None] = lambda fact: None
        self.on_moved: Callable[[Past], None] = lambda past: None
        self._tasks: deque[_Task] = deque()
        self._lock = threading.Lock()  # over the two below
        self._turn_on: asyncio.AbstractEventLoop | None = None  # whose turn it is; None: nothing is under way
        self._waiting_for_rest: list[tuple[asyncio.AbstractEventLoop, asyncio.Future[None]]] = []
        self._closed = False
        self._thread = ThreadPoolExecutor(1, "hub-writer")

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

    def _directory_changed(self, transaction: Transaction) -> None:  # noqa: B027  # one process needs no sign
        """Inside the transaction: the directory is another one from this commit on."""

    def _tell_others(self) -> None:  # noqa: B027  # the same
        """After a commit that changed the directory."""

    def _linger(self, before: int, now: int) -> float:
        """How many seconds to wait for company where ``before`` jobs were written last, and ``now`` came meanwhile."""
        return 0.0

    # ---------------------------------------------------------------- whoever wants to write

    def at_once(self, job: Callable[[Transaction], T]) -> T:
        """Run one job while nobody else writes (opening a hub). Raises what the job raises."""
        transaction = Transaction(self._link, self._files, self._pending)
        self._begin()
        self._pending.begin()
        try:
            result = job(transaction)
            self._settle([transaction])
            self._make_durable()
        except BaseException:
            self._undo()
            raise
        return result

    async def run(
        self,
        job: Callable[[Transaction], T],
        *,
        sendings: tuple[tuple[str, str], ...] = (),
        deliveries: tuple[str, ...] = (),
        long: bool = False,
    ) -> T:
        """Run ``job`` in the writer; returns after its commit. Raises what it raised, StoreTrouble where disks fail.

        A job may be run a second time, after everything that it did the first time was undone. ``sendings``
        (DocumentId and digest), ``deliveries``: what it will ask about, looked up for a whole group at once. ``long``:
        it takes its time, so it runs alone, and aside of the event loop.
        """
        if self._closed:
            raise write_failed("the store is closed")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._tasks.append(_Task(job, loop, future, sendings, deliveries, long))
        with self._lock:
            idle = self._turn_on is None
            if idle:
                self._turn_on = loop
        if idle:
            loop.call_soon(self._turn, loop)
        return await future

    async def finish(self) -> None:
        """Take nothing more, and finish what waits."""
        self._closed = True
        loop = asyncio.get_running_loop()
        rest: asyncio.Future[None] = loop.create_future()
        with self._lock:
            turning = self._turn_on
            if turning is not None and not turning.is_closed():
                self._waiting_for_rest.append((loop, rest))
            else:
                rest.set_result(None)
        await rest
        await loop.run_in_executor(self._thread, self._rest_of_all)

    # ---------------------------------------------------------------- one group after the other

    def _turn(self, loop: asyncio.AbstractEventLoop) -> None:
        """On the loop: decide on what waits, and hand it to the thread."""
        group = self._more([])
        if self.ASIDE or (group and group[0].long):
            self._thread.submit(self._aside, group, loop)
            return
        try:
            self._begin()
            transactions = self._decided(group)
        except Exception as trouble:  # whatever it is: this group fails, and the writer goes on
            self._thread.submit(self._mend, group, trouble, loop)
        else:
            self._thread.submit(self._seal, group, transactions, loop)

    def _more(self, group: list[_Task]) -> list[_Task]:
        """The group, grown by what waits; a long job stays behind the others, or comes alone."""
        while self._tasks and len(group) < _GROUP and not (group and (self._tasks[0].long or group[0].long)):
            group.append(self._tasks.popleft())
        return group

    def _aside(self, group: list[_Task], loop: asyncio.AbstractEventLoop | None) -> None:
        """In the thread: everything, with what has come while the transaction was being opened."""
        try:
            self._begin()
            transactions = self._decided(self._more(group))
        except Exception as trouble:  # whatever it is: this group fails, and the writer goes on
            self._mend(group, trouble, loop)
        else:
            self._seal(group, transactions, loop)

    def _seal(
        self, group: list[_Task], transactions: list[Transaction], loop: asyncio.AbstractEventLoop | None
    ) -> None:
        """In the thread: make a group durable."""
        try:
            self._make_durable()
            self._afterwards(transactions)
        except Exception as trouble:
            self._mend(group, trouble, loop)
        else:
            self._over(group, loop)

    def _mend(self, group: list[_Task], trouble: Exception, loop: asyncio.AbstractEventLoop | None) -> None:
        """In the thread: a group is lost, or has to be taken apart."""
        try:
            self._undo()
        except Exception as worse:
            trouble = worse
        if isinstance(trouble, _OneByOne):
            for task in group:
                task.facts, task.error = (), None
                self._alone(task)
        else:
            expected = isinstance(trouble, self.TROUBLES)
            _LOG.error("a group of %d writes was lost: %s", len(group), trouble, exc_info=None if expected else trouble)
            for task in group:
                task.fail(write_failed(trouble))
        self._over(group, loop)

    def _over(self, group: list[_Task], loop: asyncio.AbstractEventLoop | None) -> None:
        """In the thread: let everybody know; ``loop`` goes on with what came meanwhile."""
        for other in {id(task.loop): task.loop for task in group if task.loop is not loop}.values():
            _call(other, self._tell, [task for task in group if task.loop is other])
        mine = [task for task in group if task.loop is loop]
        if loop is not None and not _call(loop, self._turned, mine, len(group), loop):
            self._rest_of_all()  # whoever had the turn has gone; what others wait for is done here

    def _turned(self, mine: list[_Task], size: int, loop: asyncio.AbstractEventLoop) -> None:
        """On the loop: tell, and go on."""
        self._tell(mine)
        if now := len(self._tasks):
            if seconds := self._linger(size, now):
                loop.call_later(seconds, self._turn, loop)
            else:
                loop.call_soon(self._turn, loop)
        elif not self._rested():
            loop.call_soon(self._turn, loop)

    def _rested(self) -> bool:
        """Whether nothing waits any more; then whoever writes next begins anew."""
        with self._lock:
            if self._tasks:
                return False
            self._turn_on = None
            waiting, self._waiting_for_rest = self._waiting_for_rest, []
        for loop, future in waiting:
            _call(loop, _end, future)
        return True

    def _rest_of_all(self) -> None:
        """Aside of every loop: whatever still waits."""
        while not self._rested():
            self._aside(self._more([]), None)

    # ---------------------------------------------------------------- a group

    def _decided(self, group: list[_Task]) -> list[Transaction]:
        """Every job of the group, up to the commit. Raises what is in ``TROUBLES``, and _OneByOne."""
        transactions = []
        self._pending.begin()
        foreseen = Foresight(
            self._link,
            sendings={each for task in group for each in task.sendings},
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
        return transactions

    def _alone(self, task: _Task) -> None:
        """One job in a transaction of its own: whatever breaks, breaks for it alone."""
        try:
            self._begin()
            self._pending.begin()
            transaction = Transaction(self._link, self._files, self._pending)
            task.result = task.job(transaction)
            self._settle([transaction])
            self._make_durable()
            task.facts = transaction.appended
            self._afterwards([transaction])
        except self.TROUBLES as error:
            _LOG.error("a write was lost: %s", error)
            task.fail(write_failed(error))
            self._undo()
        except Exception as error:
            task.fail(error)
            self._undo()

    def _settle(self, transactions: Iterable[Transaction]) -> None:
        for transaction in transactions:
            if transaction.directory_changed:
                self._directory_changed(transaction)
        self._pending.flush()

    def _make_durable(self) -> None:
        """Bodies first, then the rows that name them."""
        self._packs.write()
        self._commit()

    def _afterwards(self, transactions: list[Transaction]) -> None:
        if any(transaction.directory_changed for transaction in transactions):
            self._tell_others()
        if any(transaction.orphaned for transaction in transactions):
            self._bury()

    def _undo(self) -> None:
        self._pending.clear()
        self._packs.drop()
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


def _call(loop: asyncio.AbstractEventLoop, function: Callable[..., object], *arguments: object) -> bool:
    """Have ``function`` called on a loop of another thread; False where that loop has ended."""
    try:
        loop.call_soon_threadsafe(function, *arguments)
    except RuntimeError:
        return False
    return True


def _end(future: "asyncio.Future[None]") -> None:
    if not future.done():
        future.set_result(None)
