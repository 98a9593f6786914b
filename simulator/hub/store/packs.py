"""Bodies up to 1 MB, one behind the other in files that only grow: ``packs/<number>.pack``; a row names pack and place.

A body is written once and synced with its group, before the rows that name it are committed; in database pages it would
be written twice, to the log and at the checkpoint. What a crash leaves behind the last row is read by nobody.
Nobody writes to a pack after ten minutes, so one that has rested longer belongs to nobody, whichever process made it.
"""

import os
import secrets
import time
from collections.abc import Iterable
from io import FileIO
from pathlib import Path

from simulator.hub.store.blobs import sync_folder

__all__ = ["Packs"]

_FULL_BYTES = 64 * 1024 * 1024
_SECONDS_OF_WRITING = 600.0
_SECONDS_AT_REST = 1_200.0
_sync = getattr(os, "fdatasync", os.fsync)


class Packs:
    """The packs of one data folder. One group at a time is gathered (``add``), then written (``write``) or dropped."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._file: FileIO | None = None
        self._number = 0
        self._end = 0
        self._begun = 0.0
        self._gathered: list[bytes] = []

    def add(self, body: bytes) -> tuple[int, int]:
        """Gather a body; gives its pack and its place there, in bytes. Raises OSError."""
        if not self._gathered:
            self._roll()
        start = self._end
        self._gathered.append(body)
        self._end += len(body)
        return self._number, start

    def write(self) -> None:
        """Everything gathered, on the disk when this returns. Raises OSError; then nobody may name any of it."""
        if not self._gathered or self._file is None:
            return
        try:
            rest = memoryview(b"".join(self._gathered))
            while rest:  # a disk that fills up takes a part, and says so only then
                rest = rest[self._file.write(rest) :]
            _sync(self._file.fileno())
        except OSError:
            self.drop()
            raise
        self._gathered.clear()

    def drop(self) -> None:
        """Forget what was gathered. Some of it may have reached the pack, so nobody adds to that any more."""
        if self._gathered:
            self._gathered.clear()
            self.seal()

    def seal(self) -> None:
        """Begin a new pack with the next body."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def read(self, pack: int, start: int, size: int) -> bytes:
        """A body. Raises OSError where its pack is gone or too short."""
        with self._path(pack).open("rb", buffering=0) as file:
            file.seek(start)
            body = file.read(size)
        if len(body) != size:
            raise OSError(f"{self._path(pack).name} ends at {start + len(body)}, not at {start + size}")
        return body

    def resting(self, *, alone: bool) -> dict[int, int]:
        """The packs that nobody writes to any more, and their sizes. ``alone``: nobody else ever did."""
        found = {}
        for path in self._folder.glob("*.pack"):
            number = int(path.stem, 16)
            state = path.stat()
            open_here = self._file is not None and number == self._number
            if not open_here and (alone or time.time() - state.st_mtime > _SECONDS_AT_REST):
                found[number] = state.st_size
        return found

    def remove(self, packs: Iterable[int]) -> None:
        """Delete whole packs."""
        for pack in packs:
            self._path(pack).unlink(missing_ok=True)

    def _path(self, pack: int) -> Path:
        return self._folder / f"{pack:016x}.pack"

    def _roll(self) -> None:
        if self._file is not None:
            if self._end < _FULL_BYTES and time.monotonic() - self._begun < _SECONDS_OF_WRITING:
                return
            self.seal()
        # By time, so that neighbours lie side by side; by chance, because other processes write packs, too.
        self._number = time.time_ns() // 1_000_000 << 16 | secrets.randbits(16)
        self._file = open(self._path(self._number), "xb", buffering=0, opener=_private)  # noqa: SIM115  # closed by seal
        self._end, self._begun = 0, time.monotonic()
        sync_folder(self._folder)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
