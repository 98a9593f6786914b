"""A light that every process on a data folder can see: it changes when the directory has changed in one of them."""

import mmap
import os
from pathlib import Path

__all__ = ["Beacon"]

_LENGTH = 8


class Beacon:
    """Eight bytes of shared memory. What they say means nothing; that they differ says that something is new."""

    def __init__(self, file: Path) -> None:
        handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if os.fstat(handle).st_size < _LENGTH:
                os.truncate(handle, _LENGTH)
            self._memory = mmap.mmap(handle, _LENGTH)
        finally:
            os.close(handle)
        self._seen = self._memory[:]

    def flash(self) -> None:
        """Something is new, for everybody, this process included. Never twice the same."""
        self._memory[:] = os.urandom(_LENGTH)

    def changed(self) -> bool:
        """Whether it flashed since this was asked last."""
        now = self._memory[:]
        if now == self._seen:
            return False
        self._seen = now
        return True

    def close(self) -> None:
        """Look no more."""
        self._memory.close()
