"""Letting go of what is over: documents all of whose deliveries were confirmed, or given back, long enough ago.

A document goes whole: its deliveries, its facts, its bodies where no other document has the same. It goes in small
batches between the groups of the writer, so intake never waits for more than one of them (pitfalls 79, 88). The memory
of repeats outlives nothing by this: a document stays at least as long as a repeat of it would be recognised (68).
"""

import asyncio
import contextlib
import functools
import logging
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

from simulator.clock import Clock
from simulator.hub.delivery import Stage, listed_stages
from simulator.hub.store.base import Store
from simulator.hub.store.purging import Purge, finished, loose_facts
from simulator.hub.store.transaction import Transaction
from simulator.hub.trouble import StoreTrouble
from simulator.protocol.profile import Profile

__all__ = ["Retention"]

_LOG = logging.getLogger("axisproof.hub")
_SECONDS_BETWEEN_PASSES = 600.0
_SECONDS_BETWEEN_BATCHES = 0.005
_WINDOW = 500
_BATCH = 200
_PAGES = 200


class Retention:
    """Keeps ``keep_days`` days of what is over, in one process for all. Enter it to begin; a pass runs now and then.

    ``profile`` says which deliveries still stand on somebody's list, and how long repeats are recognised.
    """

    def __init__(self, store: Store, *, keep_days: float, clock: Clock, profile: Profile) -> None:
        self._store = store
        self._clock = clock
        self._kept = max(timedelta(days=keep_days), timedelta(hours=profile.repeat_window_hours))
        self._over = tuple(stage for stage in (Stage.DONE, Stage.FAILED) if stage not in listed_stages(profile))
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._live(), name="retention")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _live(self) -> None:
        while True:
            try:
                gone = await self.sweep()
                if gone:
                    _LOG.info("retention let %d documents go", gone)
            except StoreTrouble as trouble:
                _LOG.warning("retention waits: %s", trouble.because.en)
            await asyncio.sleep(_SECONDS_BETWEEN_PASSES)

    async def sweep(self) -> int:
        """One pass over everything; gives the number of documents that went. Raises StoreTrouble."""
        before = self._clock.now() - self._kept
        gone, after, more = 0, 0, True
        while more:
            rows = finished(self._store.past, after=after, before=before, over=self._over, limit=_WINDOW)
            more = len(rows) == _WINDOW and rows[-1].old
            after = rows[-1].seq if rows else after
            batch: list[int] = []
            size = 0
            for row in rows:
                if row.old and row.over:
                    batch.append(row.seq)
                    size += 1 + row.deliveries
                if size >= _BATCH:
                    gone += await self._purge(batch, before)
                    batch, size = [], 0
            gone += await self._purge(batch, before) if batch else 0
            await asyncio.sleep(0)
        await self._loose(before)
        await self._compact()
        if gone:
            await self._store.repack()
        return gone

    async def _purge(self, documents: list[int], before: datetime) -> int:
        gone = await self._store.run(Purge(tuple(documents), before=before, over=self._over), long=True)
        await asyncio.sleep(_SECONDS_BETWEEN_BATCHES)
        return gone

    async def _loose(self, before: datetime) -> None:
        """Facts of no document (refusals, registrations) go by their age alone."""
        while old := loose_facts(self._store.past, before=before, limit=_BATCH):
            await self._store.run(functools.partial(Transaction.drop_loose_facts, last=old[-1]), long=True)
            await asyncio.sleep(_SECONDS_BETWEEN_BATCHES)

    async def _compact(self) -> None:
        """Give free pages back to the file system, few at a time."""
        more = True
        while more:
            more = await self._store.run(lambda transaction: self._store.compact(transaction, _PAGES), long=True)
            await asyncio.sleep(_SECONDS_BETWEEN_BATCHES)
