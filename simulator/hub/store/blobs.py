"""Bodies named by their SHA-256: up to 1 MB they lie in packs (packs.py), larger ones in files, synced before the rows.

blobs/ab/abcdef…   one file per body; its name is its digest, so writing twice is harmless
"""

import contextlib
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

__all__ = ["INSIDE", "Blob", "BlobFiles", "sync_folder"]

INSIDE = 1024 * 1024
"""Largest body, in bytes, that shares a file with others."""

_ARRIVING = "arriving"


@dataclass(frozen=True, slots=True)
class Blob:
    """One body on its way into the store. ``body`` is None where it already lies in a file."""

    sha: str
    size: int
    body: bytes | None = field(repr=False)


class BlobFiles:
    """The files of the large bodies."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def path(self, sha: str) -> Path:
        """Where the body of that digest lies, or would lie."""
        return self._folder / sha[:2] / sha

    def put(self, sha: str, data: bytes) -> None:
        """Write ``data`` durably: file, rename, folder, each synced. Raises OSError."""
        target = self.path(sha)
        if target.exists():
            return
        target.parent.mkdir(exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".", dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(name, target)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(name)
            raise
        sync_folder(target.parent)
        sync_folder(self._folder)

    def draft(self) -> BinaryIO:
        """A new file for a body that is still arriving; what becomes of it is ``adopt`` or ``unlink``. Raises OSError.

        A crash leaves it to ``sweep``: no row names it.
        """
        folder = self._folder / _ARRIVING
        folder.mkdir(exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder)
        os.close(handle)
        return open(name, "w+b")  # its owner closes it

    def adopt(self, sha: str, draft: BinaryIO) -> None:
        """Make a whole draft the body of that digest, durably, as ``put`` would. Raises OSError."""
        draft.flush()
        os.fsync(draft.fileno())
        target = self.path(sha)
        target.parent.mkdir(exist_ok=True)
        os.replace(draft.name, target)
        sync_folder(target.parent)
        sync_folder(self._folder)

    def remove(self, shas: Iterable[str]) -> None:
        """Delete the files of those digests; one that is gone already is no trouble."""
        for sha in shas:
            self.path(sha).unlink(missing_ok=True)

    def sweep(self, wanted: frozenset[str]) -> int:
        """Delete what a crash left behind: files that no row names. Returns how many."""
        orphans = [file for file in self._folder.glob("*/*") if file.name not in wanted]
        for file in orphans:
            file.unlink(missing_ok=True)
        return len(orphans)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable. Raises OSError."""
    if os.name == "nt":  # a folder cannot be opened there, and its entries need no sync of their own
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
