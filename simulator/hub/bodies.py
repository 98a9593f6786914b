"""Bodies too large to hold: hashed and written to a file while they arrive, read from their file while they leave.

Whoever needs one as a whole (a fault, a witness, a profile that rebuilds) asks for ``body`` as ever, and gets it.
"""

import contextlib
import hashlib
import os
import weakref
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

import pybase64

from simulator.hub.store.blobs import INSIDE
from simulator.hub.store.transaction import write_failed
from simulator.hub.trouble import StoreTrouble
from simulator.wire import Headers, Request, Response

__all__ = ["LARGE", "LargeRequest", "LargeResponse", "Upload"]

LARGE = INSIDE
"""Bytes from which a body goes through a file."""
_PIECE = 768 * 1024  # a multiple of three: base64 of the pieces is base64 of the whole
_LINE_END = b"\r\n"


class Upload:
    """A body on its way into a file of the store, and then the package that it holds: ``file``, ``size``.

    ``draft`` makes the file. ``received``: bytes that came. ``stored``: the file has become a blob, and is not ours to
    remove. What could not be written is raised when the body is used (StoreTrouble).
    """

    def __init__(self, draft: Callable[[], BinaryIO]) -> None:
        self.received = self.size = 0
        self.stored = False
        self._trouble: StoreTrouble | None = None
        self._file: BinaryIO | None = None
        self._sha = hashlib.sha256()  # of all but the last two bytes, which may be the line end that the SDK appends
        self._last = b""
        self._cut = b""
        try:
            self._file = draft()
        except StoreTrouble as trouble:
            self._trouble = trouble
        else:
            weakref.finalize(self, self._file.close)  # a witness may ask for the body after the answer

    def write(self, part: bytes) -> None:
        """Take in what has arrived."""
        self.received = self.size = self.size + len(part)
        self._sha.update(self._last[: max(0, len(self._last) + len(part) - 2)])
        self._sha.update(memoryview(part)[:-2])
        self._last = (self._last + part[-2:])[-2:]
        try:
            if self._trouble is None:
                self.file.write(part)
        except OSError as error:
            self._trouble = write_failed(error)

    @property
    def file(self) -> BinaryIO:
        """Where it lies. Raises StoreTrouble where it could not be written."""
        if self._trouble is not None or self._file is None:
            raise self._trouble or write_failed("no file")
        return self._file

    def digests(self) -> Iterator[tuple[str, int]]:
        """SHA-256 and size of the file that the body may be: first without the line end that the SDK appends."""
        whole = self._sha.copy()
        whole.update(self._last)
        if self._last == _LINE_END:
            yield self._sha.hexdigest(), self.received - len(_LINE_END)
        yield whole.hexdigest(), self.received

    def cut(self, size: int) -> None:
        """Keep ``size`` bytes, all of them or all but the line end."""
        self.file.flush()
        self.file.truncate(size)
        self._cut, self.size = _LINE_END if size < self.received else b"", size

    def starts_like_xml(self) -> bool:
        """Whether the body can be the file itself."""
        self.file.seek(0)
        first = self.file.read(1)
        self.file.seek(0, os.SEEK_END)
        return first == b"<"

    def body(self) -> bytes:
        """The whole body as it came."""
        return self.content() + self._cut

    def content(self) -> bytes:
        """The file in it, as a whole."""
        self.file.seek(0)
        data = self.file.read()
        self.file.seek(0, os.SEEK_END)
        return data

    def discard(self) -> None:
        """Remove the file where the store does not keep it. The body can be read as long as somebody has it."""
        if self._file is not None and not self.stored:
            with contextlib.suppress(OSError):
                os.unlink(self._file.name)


class LargeRequest(Request):
    """A request whose body lies in a file."""

    __slots__ = ("upload",)
    upload: Upload

    def __init__(self, method: str, path: str, headers: Headers, upload: Upload) -> None:
        members = {"method": method, "path": path, "headers": headers, "upload": upload, "_named": None}
        for name, value in members.items():
            object.__setattr__(self, name, value)

    @property
    def body(self) -> bytes:  # read when somebody asks
        """The whole body, as it came."""
        return self.upload.body()


class LargeResponse(Response):
    """An answer whose body is mostly a file: ``before``, the file (as base64 text, where ``encoded``), ``after``.

    ``length``: bytes of the body. Raises OSError, here and from ``pieces``.
    """

    __slots__ = ("_after", "_before", "_encoded", "_file", "length")
    length: int
    _file: Path
    _encoded: bool
    _before: bytes
    _after: bytes

    def __init__(
        self, headers: Headers, file: Path, *, encoded: bool = False, before: bytes = b"", after: bytes = b""
    ) -> None:
        size = file.stat().st_size
        members = {
            "status": 200,
            "headers": headers,
            "length": len(before) + ((size + 2) // 3 * 4 if encoded else size) + len(after),
            "_file": file,
            "_encoded": encoded,
            "_before": before,
            "_after": after,
        }
        for name, value in members.items():
            object.__setattr__(self, name, value)

    def pieces(self) -> Iterator[bytes]:
        """The body, piece by piece."""
        with self._file.open("rb") as file:
            if self._before:
                yield self._before
            for piece in iter(partial(file.read, _PIECE), b""):
                yield pybase64.b64encode(piece) if self._encoded else piece
            if self._after:
                yield self._after

    @property
    def body(self) -> bytes:  # read when somebody asks
        """The whole body."""
        return b"".join(self.pieces())
