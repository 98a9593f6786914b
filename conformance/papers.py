"""Whole little files of many kinds, different each time: what a right system may open before it keeps or sends it.

A system that looks into files, as the lint of this product does, finds nothing wrong with these. Files that are
damaged on purpose are made where they are sent.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from random import Random

from conformance.letters import pdf

__all__ = ["whole"]

_STAMP = (2020, 1, 1, 0, 0, 0)
_PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
_TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def whole(draw: Random, extension: str) -> bytes:
    """A file of that extension that is whole as far as its own marks tell; letters and digits for an unknown one."""
    if extension in _PARTS:
        return _zip(("[Content_Types].xml", _TYPES), (_PARTS[extension], b"<t>" + _word(draw) + b"</t>"))
    make = _KINDS.get(extension)
    return make(draw) if make else _word(draw) * 8


def _word(draw: Random) -> bytes:
    return b"%016x" % draw.getrandbits(64)


def _zip(*entries: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(zipfile.ZipInfo(name, _STAMP), data)
    return buffer.getvalue()


def _odt(draw: Random) -> bytes:
    return _zip(
        ("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"<t>" + _word(draw) + b"</t>")
    )


def _png(draw: Random) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    rows = b"".join(b"\x00" + draw.randbytes(24) for _ in range(8))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def _jpeg(draw: Random) -> bytes:
    """One grey point, with a comment of bytes that are no text."""
    note = bytes(range(256)) + draw.randbytes(200)
    tables = b"\xff\xdb\x00\x43\x00" + bytes([16] * 64) + b"\xff\xc0\x00\x0b\x08\x00\x01\x00\x01\x01\x01\x11\x00"
    codes = b"".join(b"\xff\xc4\x00\x14" + kind + b"\x01" + bytes(15) + b"\x00" for kind in (b"\x00", b"\x10"))
    start = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    comment = b"\xff\xfe" + struct.pack(">H", len(note) + 2) + note
    return start + comment + tables + codes + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x3f\xff\xd9"


def _tiff(draw: Random) -> bytes:
    """64 grey points in one strip behind the directory."""
    entries = ((256, 4, 1, 8), (257, 4, 1, 8), (258, 3, 1, 8), (262, 3, 1, 1), (273, 4, 1, 86), (279, 4, 1, 64))
    directory = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return b"II*\x00\x08\x00\x00\x00" + struct.pack("<H", 6) + directory + bytes(4) + draw.randbytes(64)


def _old_office(draw: Random) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + draw.randbytes(504)


_KINDS: dict[str, Callable[[Random], bytes]] = {
    "pdf": pdf,
    "odt": _odt,
    "png": _png,
    "jpg": _jpeg,
    "tif": _tiff,
    "doc": _old_office,
    "xls": _old_office,
    "rtf": lambda draw: b"{\\rtf1 " + _word(draw) + b"}",
    "xml": lambda draw: b'<?xml version="1.0"?><so>' + _word(draw) + b"</so>",
    "7z": lambda draw: b"7z\xbc\xaf\x27\x1c\x00\x04" + draw.randbytes(140),
    "dwg": lambda draw: b"AC1032" + draw.randbytes(140),
}
