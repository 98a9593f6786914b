"""Whether the bytes of a file are whole, told by the format's own end marks and lengths. Nothing is drawn or run.

Each function says what is missing, or None. They are lenient: what a usual program still opens passes, such as bytes
behind the end. Work is bounded by the bytes given; what is compressed is unpacked up to a limit and thrown away.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator

from simulator.protocol.rules.opened import CORRUPT
from simulator.words import Text

__all__ = ["archive_flaw", "flaw_of_kind", "names_in", "office_flaw", "pdf_table_flaw"]

_MOST_UNPACKED = 64 * 1024 * 1024
_MOST_DIRECTORIES, _MOST_ENTRIES = 64, 1024
_MOST_STEPS = 100_000
"""Parts of a picture that are walked, numbers of a list that are read; of what has more, nothing is said."""
_PIECE = 256 * 1024
_OBJECT = re.compile(rb"(?<![0-9])[0-9]{1,10}\s{1,8}[0-9]{1,5}\s{1,8}obj\b")  # bounded: hostile digits cost nothing
_TABLE_AT = re.compile(rb"startxref\s+([0-9]{1,12})\s+%%EOF")
_TABLE = re.compile(rb"\s*(?:xref\b|[0-9]+\s+[0-9]+\s+obj\b)")
_TIFF_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
_TIFF_STRIPS = ((273, 279), (324, 325))
_OFFICE_PARTS = {
    "docx": "word/document", "docm": "word/document", "xlsx": "xl/workbook", "xlsm": "xl/workbook",
    "pptx": "ppt/presentation",
}  # fmt: skip
"""What the part of an Office file begins with that holds its content."""
_TYPES = "[content_types].xml"


def _missing(what: str, vietnamese: str) -> Text:
    return Text(en=f"{what}: the file is cut off", vi=f"{vietnamese}: tệp bị cắt cụt")


_NO_END = _missing("its end mark is missing", "thiếu dấu kết thúc tệp")


def _pdf(data: bytes) -> Text | None:
    end = data.rfind(b"%%EOF")
    if end < 0:
        return _missing("there is no %%EOF", "không có %%EOF")
    if _OBJECT.search(data, end):
        return _missing("after the last %%EOF it goes on, and does not end", "sau %%EOF cuối vẫn còn nội dung dở dang")
    return None


def pdf_table_flaw(data: bytes) -> Text | None:
    """Whether the table of a PDF is where its last line says; None for one that is whole, or that ends otherwise."""
    found = _TABLE_AT.match(data, max(0, data.rfind(b"startxref")))
    if found is None:
        return None
    place = int(found[1])
    starts = {place, place + max(0, data.find(b"%PDF-", 0, 1024))}  # counted from the file, or from its first mark
    if any(_TABLE.match(data, at) for at in starts if at < len(data)):
        return None
    return Text(
        en=f"no table stands at byte {place}, where its end says: bytes were lost or added on the way",
        vi=f"không có bảng tham chiếu tại byte {place} như phần cuối tệp ghi: dữ liệu bị mất hoặc thêm dọc đường",
    )


def _png(data: bytes) -> Text | None:
    at = 8
    for _ in range(_MOST_STEPS):
        if at + 12 > len(data):
            return _NO_END
        (size,) = struct.unpack_from(">I", data, at)
        end = at + 8 + size
        if end + 4 > len(data):
            return _NO_END
        if zlib.crc32(data[at + 4 : end]) != struct.unpack_from(">I", data, end)[0]:
            return Text(
                en="a checksum inside does not fit: bytes were changed", vi="sai tổng kiểm tra: dữ liệu bị thay đổi"
            )
        if data[at + 4 : at + 8] == b"IEND":
            return None
        at = end + 4
    return None


def _jpeg(data: bytes) -> Text | None:
    at = 2
    for _ in range(_MOST_STEPS):
        if at + 4 > len(data) or data[at] != 0xFF:
            return _NO_END
        kind = data[at + 1]
        if kind == 0xFF:  # a fill byte
            at += 1
        elif kind == 0xDA:  # the picture itself begins
            return None if data.find(b"\xff\xd9", at) >= 0 else _NO_END
        else:
            at += 2 + struct.unpack_from(">H", data, at + 2)[0]
    return None


def _gif(data: bytes) -> Text | None:
    if len(data) < 13:
        return _NO_END
    at, blocks = 13 + _colours(data[10]), 0
    while at < len(data) and blocks < _MOST_STEPS:
        mark = data[at]
        if mark == 0x3B:
            return None
        if mark == 0x2C and at + 10 <= len(data):
            at += 11 + _colours(data[at + 9])
        elif mark == 0x21:
            at += 2
        else:
            return _NO_END
        while at < len(data) and data[at] and blocks < _MOST_STEPS:
            at += data[at] + 1
            blocks += 1
        at += 1
        blocks += 1
    return None if blocks >= _MOST_STEPS else _NO_END


def _colours(flags: int) -> int:
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _tiff(data: bytes) -> Text | None:
    order = "<" if data.startswith(b"II") else ">"
    if data[2:4] == b"+\x00" or data[2:4] == b"\x00+":  # its big form has other directories
        return None
    (at,) = struct.unpack_from(f"{order}I", data, 4) if len(data) >= 8 else (len(data),)
    for _ in range(_MOST_DIRECTORIES):
        if at + 2 > len(data):
            return _NO_END
        (count,) = struct.unpack_from(f"{order}H", data, at)
        end = at + 2 + 12 * count
        if count > _MOST_ENTRIES:
            return None
        if end > len(data) or _furthest(data, order, at + 2, count) > len(data):
            return _NO_END
        at = struct.unpack_from(f"{order}I", data, end)[0] if end + 4 <= len(data) else 0
        if not at:
            return None
    return None


def _furthest(data: bytes, order: str, at: int, count: int) -> int:
    """How far the values and strips of one directory reach."""
    values: dict[int, tuple[int, ...]] = {}
    reach = 0
    for place in range(at, at + 12 * count, 12):
        tag, kind, number = struct.unpack_from(f"{order}HHI", data, place)
        size = _TIFF_SIZES.get(kind, 1) * number
        start = place + 8 if size <= 4 else struct.unpack_from(f"{order}I", data, place + 8)[0]
        reach = max(reach, start + size)
        if (
            any(tag in pair for pair in _TIFF_STRIPS)
            and kind in (3, 4)
            and number <= _MOST_STEPS
            and start + size <= len(data)
        ):
            values[tag] = struct.unpack_from(f"{order}{number}{'H' if kind == 3 else 'I'}", data, start)
    for where, how_much in _TIFF_STRIPS:
        pairs = zip(values.get(where, ()), values.get(how_much, ()), strict=False)
        reach = max([reach, *(start + size // 2 for start, size in pairs)])  # some writers count the last too long
    return reach


def _gzip(data: bytes) -> Text | None:
    stream, size = zlib.decompressobj(31), 0
    try:
        piece = stream.decompress(data, _PIECE)
        while not stream.eof and size < _MOST_UNPACKED and (piece or stream.unconsumed_tail):
            size += len(piece)
            piece = stream.decompress(stream.unconsumed_tail, _PIECE)
    except zlib.error:
        return Text(en="it does not unpack", vi="không giải nén được")
    return None if stream.eof or size >= _MOST_UNPACKED else _NO_END


_WHOLE: dict[str, Callable[[bytes], Text | None]] = {
    "pdf": _pdf, "png": _png, "jpeg": _jpeg, "gif": _gif, "tiff": _tiff, "gzip": _gzip,
}  # fmt: skip


def flaw_of_kind(kind: str, data: bytes) -> Text | None:
    """What a file of that kind (contents.py) lacks, by its own marks; None where it is whole or of another kind."""
    whole = _WHOLE.get(kind)
    return whole(data) if whole else None


def archive_flaw(data: bytes) -> Text | None:
    """What keeps a ZIP from being unpacked: no directory, or an entry that is corrupt. Passwords are no flaw."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for _ in _unpacked(archive):
                pass
    except CORRUPT as error:
        no_directory = isinstance(error, zipfile.BadZipFile) and "not a zip" in str(error)
        if no_directory:
            return _missing("the directory of the archive is missing", "thiếu mục lục của tệp nén")
        return Text(en="what is in the archive is corrupt", vi="nội dung trong tệp nén bị hỏng")
    return None


def names_in(data: bytes) -> list[str]:
    """The names in the directory of an archive; none where it has no readable one."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.namelist()
    except CORRUPT:
        return []


def _unpacked(archive: zipfile.ZipFile) -> Iterator[bytes]:
    size = 0
    for entry in archive.infolist():
        if entry.flag_bits & 0x1 or entry.is_dir():
            continue
        with archive.open(entry) as stream:
            while piece := stream.read(_PIECE):
                size += len(piece)
                if size > _MOST_UNPACKED:
                    return
                yield piece


def office_flaw(extension: str, names: list[str]) -> Text | None:
    """Which part an Office file of that extension lacks, told by the names in its archive."""
    there = [name.replace("\\", "/").lstrip("/").lower() for name in names]
    main = _OFFICE_PARTS.get(extension)
    if main is None:
        return None
    lost = [] if _TYPES in there else ["[Content_Types].xml"]
    lost += [] if any(name.startswith(main) for name in there) else [f"{main}.xml"]
    return Text(en=f"parts are missing: {', '.join(lost)}", vi=f"thiếu thành phần: {', '.join(lost)}") if lost else None
