"""Attached files taken out of a packet's bytes before any parser sees them: what is left is small.

Only text that is whole, valid base64 between the start tag of an attachment's content and the next ``<`` is cut; a mark
stands in its place, with as many line ends, so that lines keep their numbers. Base64 means the same to every XML parser
and wherever such text can stand (comments and CDATA included), so reading the bones and putting the cuts back is
reading the whole: the tests hold the two against each other.
"""

import binascii
import mmap as _mmap
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from mmap import mmap

import pybase64
from lxml import etree

from simulator.protocol import names

__all__ = ["WINDOW", "Carved", "Cut", "carve", "decoded", "let_go"]

WINDOW = 256 * 1024
"""Bytes of base64 that are looked at in one step; a multiple of four."""
_WORTH = 16 * 1024
_MARK = b"~!"
_MARKED = re.compile(r"\n*~!([0-9]+)")
_WHITE = b" \t\r\n"
_LET_GO: int | None = getattr(_mmap, "MADV_DONTNEED", None)  # not everywhere
_OPENING = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?" + names.CONTENT.encode() + rb"(?:[ \t\r\n][^<>]*)?>")
_DECLARED = re.compile(rb"""[^<]{0,64}<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)""")
_ASCII_INSIDE = frozenset({b"utf-8", b"us-ascii", b"iso-8859-1"})


@dataclass(frozen=True, slots=True)
class Cut:
    """One text that was taken out: its place in the whole bytes, its line ends, whether it is free of white space."""

    start: int
    end: int
    lines: int
    solid: bool


@dataclass(frozen=True, slots=True)
class Carved:
    """The bones (all bytes but the cuts, each with its mark) and the cuts."""

    bones: bytes
    cuts: tuple[Cut, ...] = ()

    def cut(self, text: str) -> Cut | None:
        """The cut that makes up all of a text of the bones, or None."""
        mark = _MARKED.fullmatch(text) if self.cuts else None
        return self.cuts[int(mark[1])] if mark else None

    def text(self, element: etree._Element, data: bytes | mmap) -> str:
        """The text of an element of the bones as it stood in ``data``."""
        text: str = element.text or ""
        if not self.cuts or "~!" not in text:
            return text
        return _MARKED.sub(lambda mark: _as_read(data, self.cuts[int(mark[1])]), text)

    def content(self, element: etree._Element, data: bytes | mmap) -> bytes:
        """The same, of an attachment's content: without white space, in UTF-8."""
        cut = self.cut(element.text or "")
        if cut is not None:
            text = data[cut.start : cut.end]
            return text if cut.solid else text.translate(None, _WHITE)
        text = self.text(element, data).encode()
        if b"\n" not in text and b" " not in text and b"\r" not in text and b"\t" not in text:
            return text
        return b"".join(text.split())


def _as_read(data: bytes | mmap, cut: Cut) -> str:
    """What a parser makes of a cut: its line ends are ``\\n``."""
    return data[cut.start : cut.end].decode("ascii").replace("\r\n", "\n").replace("\r", "\n")


def carve(data: bytes | mmap, release: Callable[[], object] = bool, *, worth: int = _WORTH) -> Carved:
    """Cut what can be cut, from ``worth`` bytes on. ``release`` is called now and then: a mapped file may let go of its
    pages."""
    parts: list[bytes] = []
    cuts: list[Cut] = []
    at = seek = 0
    while len(data) > worth and (opening := _OPENING.search(data, seek)):
        start = opening.end()
        seek = _end(data, start, release)
        if seek - start >= worth and (cut := _cut(data, start, seek, release)):
            parts += (data[at:start], b"\n" * cut.lines + _MARK + b"%d" % len(cuts))
            cuts.append(cut)
            at = seek
    tail = data[at:]
    if not cuts or not _plain(data, [*parts[::2], tail]):
        return Carved(data[:])
    return Carved(b"".join((*parts, tail)), tuple(cuts))


def let_go(data: mmap) -> None:
    """Let the pages of a mapped file leave this process's memory; they are read again where they are needed again."""
    if _LET_GO is not None:
        data.madvise(_LET_GO)


def decoded(data: bytes | mmap, start: int, end: int) -> Iterator[bytes]:
    """The bytes that a base64 text stands for, piece by piece. Raises binascii.Error where it is not strictly valid."""
    rest = b""
    for at in range(start, end, WINDOW):
        text, last = data[at : min(at + WINDOW, end)], at + WINDOW >= end
        if not rest and (last or not text.endswith(b"=")):
            try:
                yield pybase64.b64decode(text, validate=True)
                continue
            except binascii.Error:
                pass  # white space, or damage
        text = rest + text.translate(None, _WHITE)
        whole = len(text) if last else max(0, (len(text) - 1) // 4 * 4)  # only the very end may be padded
        text, rest = text[:whole], text[whole:]
        if not last and text.endswith(b"="):
            raise binascii.Error("padding within the text")
        yield pybase64.b64decode(text, validate=True)


def _end(data: bytes | mmap, start: int, release: Callable[[], object]) -> int:
    """Where the text that begins at ``start`` is over."""
    for at in range(start, len(data), WINDOW):
        found = data.find(b"<", at, at + WINDOW)
        if found >= 0:
            return found
        release()
    return len(data)


def _cut(data: bytes | mmap, start: int, end: int, release: Callable[[], object]) -> Cut | None:
    size = 0
    try:
        for piece in decoded(data, start, end):
            size += len(piece)
            release()
    except binascii.Error:
        return None
    if (size + 2) // 3 * 4 == end - start:
        return Cut(start, end, lines=0, solid=True)
    lines = sum(data[at : min(at + WINDOW, end)].count(b"\n") for at in range(start, end, WINDOW))
    return Cut(start, end, lines, solid=False)


def _plain(data: bytes | mmap, parts: list[bytes]) -> bool:
    """Whether marks cannot be mistaken: an encoding in which they are what they look like, and nothing like them."""
    declared = _DECLARED.match(data[:200])
    inside = declared is None or declared[1].lower() in _ASCII_INSIDE
    return inside and not any(_MARK in part for part in parts)
