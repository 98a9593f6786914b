"""What every store is: a writer (writer.py), bodies in packs and files, and questions on a connection of their own."""

import asyncio
from abc import abstractmethod
from functools import partial
from pathlib import Path
from typing import BinaryIO

from simulator.hub.store.blobs import INSIDE, Blob
from simulator.hub.store.reading import Past
from simulator.hub.store.transaction import Transaction, write_failed
from simulator.hub.store.writer import Writer

__all__ = ["Store"]

_MOVED_AT_ONCE = 50


class Store(Writer):
    """One truth. ``past`` answers questions between commits, on the event loop."""

    past: Past

    @abstractmethod
    def _shut(self) -> None:
        """Close every connection."""

    def moved(self) -> bool:
        """Whether the directory has changed in another process since this was asked last. Costs next to nothing."""
        return False

    @property
    def shared(self) -> bool:
        """Whether other processes write to the same store."""
        return False

    async def close(self) -> None:
        """Finish what is queued, then close. Closing twice is harmless."""
        if self._closed:
            return
        await self.finish()
        self._thread.shutdown()
        self._packs.seal()
        self._shut()

    # ---------------------------------------------------------------- bodies

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

    def file(self, number: int) -> Path | None:
        """Where the body of that number lies, if it is one that lies in a file of its own."""
        kept = self.past.kept(number)
        return self._files.path(kept.sha) if kept is not None and kept.body is None and kept.pack is None else None

    async def body(self, number: int) -> bytes | None:
        """The bytes of that number, or None. Raises StoreTrouble where they are known and cannot be read."""
        again = True
        while (kept := self.past.kept(number)) is not None and kept.body is None:
            try:
                if kept.pack is not None:
                    return self._packs.read(kept.pack, kept.start, kept.size)
                return await asyncio.to_thread(self._files.path(kept.sha).read_bytes)
            except OSError as error:  # it may have been moved in this very moment
                if not again:
                    raise write_failed(error) from error
            again = False
        return None if kept is None else kept.body

    # ---------------------------------------------------------------- giving room back

    def compact(self, transaction: Transaction, pages: int) -> bool:
        """Give up to ``pages`` free pages back to the file system; whether there may be more. Called within a job."""
        return False

    async def repack(self) -> None:
        """Give the room of bodies that are gone back to the file system: packs in which nothing is left go, and what
        is left in packs that are less than half full moves, a little at a time. Raises StoreTrouble."""
        for pack, size in self._packs.resting(alone=not self.shared).items():
            left, in_use = self.past.packed(pack)
            if in_use < size / 2:
                for _ in range(0, left, _MOVED_AT_ONCE):
                    await self.run(partial(self._move, pack), long=True)
                await self.run(partial(self._remove_empty, pack), long=True)

    def _move(self, pack: int, transaction: Transaction) -> None:
        for number, start, size in transaction.in_pack(pack, _MOVED_AT_ONCE):
            transaction.move_body(number, self._packs.read(pack, start, size))

    def _remove_empty(self, pack: int, transaction: Transaction) -> None:
        if not transaction.packed(pack)[0]:
            self._packs.remove([pack])

    def _sweep(self, past: Past) -> None:
        """On opening, as the only process: remove what a crash left behind. Raises OSError."""
        self._files.sweep(past.large_bodies())
        self._packs.remove(pack for pack in self._packs.resting(alone=True) if not past.in_pack(pack, 1))
