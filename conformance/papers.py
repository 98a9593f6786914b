"""Small files that are what they are called: what a case attaches is opened by whoever looks into it.

A system that checks what it is sent (AT-07) may refuse a photograph without an end or a workbook without its parts;
where a case asks that files arrive, each of them has to be one that nobody has a reason to refuse. The text of each is
drawn, so that no two are equal.
"""

import base64
import binascii
import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from random import Random

from conformance.letters import pdf

__all__ = ["archive", "paper"]

_STAMP = (2020, 1, 1, 0, 0, 0)
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org"
_RELATION = f"{_OFFICE}/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument"


def paper(extension: str, draw: Random) -> bytes:
    """A file of that extension (``docx``, ``.docx``) with one line of text. Raises KeyError for others."""
    return _MADE[extension.lstrip(".").lower()](draw)


def archive(*entries: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP with these entries; the same entries give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as writing:
        for name, data in entries:
            info = zipfile.ZipInfo(name, _STAMP)
            info.compress_type = zipfile.ZIP_STORED if name == "mimetype" else method
            writing.writestr(info, data)
    return buffer.getvalue()


def _words(draw: Random) -> str:
    return f"Văn bản thử {draw.getrandbits(64):016x}"


def _plain(draw: Random) -> bytes:
    return f"{_words(draw)}\r\n".encode()


def _table(draw: Random) -> bytes:
    return f"STT,Nội dung\r\n1,{_words(draw)}\r\n".encode()


def _xml(draw: Random) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<vanban>{_words(draw)}</vanban>\n'.encode()


def _rtf(draw: Random) -> bytes:
    return rb"{\rtf1\ansi\deff0{\fonttbl{\f0 Times New Roman;}}\f0\fs28 Van ban thu %016x\par}" % draw.getrandbits(64)


# ---------------------------------------------------------------- Office Open XML and OpenDocument


def _open_xml(main: str, kind: str, body: str, *parts: tuple[str, str, str]) -> bytes:
    """The list of types, the relation to the main part, the main part, then others (path, content type, text)."""
    overrides = "".join(
        f'<Override PartName="/{path}" ContentType="{type_}"/>'
        for path, type_, _ in ((main, kind, ""), *parts)
        if type_
    )
    types = (
        f'{_XML}<Types xmlns="{_OFFICE}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )
    entries = [("[Content_Types].xml", types), ("_rels/.rels", _relations("officeDocument", main)), (main, _XML + body)]
    entries += [(path, _XML + text) for path, _, text in parts]
    return archive(*((path, text.encode()) for path, text in entries))


def _relations(kind: str, target: str) -> str:
    return (
        f'<Relationships xmlns="{_OFFICE}/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{_RELATION}/{kind}" Target="{target}"/></Relationships>'
    )


def _docx(draw: Random) -> bytes:
    body = (
        f'<w:document xmlns:w="{_OFFICE}/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>{_words(draw)}</w:t></w:r>'
        "</w:p></w:body></w:document>"
    )
    return _open_xml("word/document.xml", f"{_TYPE}.wordprocessingml.document.main+xml", body)


def _xlsx(draw: Random) -> bytes:
    space = f'xmlns="{_OFFICE}/spreadsheetml/2006/main"'
    book = (
        f'<workbook {space} xmlns:r="{_RELATION}"><sheets><sheet name="1" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    cell = f'<c r="A1" t="inlineStr"><is><t>{_words(draw)}</t></is></c>'
    sheet = f'<worksheet {space}><sheetData><row r="1">{cell}</row></sheetData></worksheet>'
    return _open_xml(
        "xl/workbook.xml", f"{_TYPE}.spreadsheetml.sheet.main+xml", book,
        ("xl/_rels/workbook.xml.rels", "", _relations("worksheet", "worksheets/sheet1.xml")),
        ("xl/worksheets/sheet1.xml", f"{_TYPE}.spreadsheetml.worksheet+xml", sheet),
    )  # fmt: skip


def _pptx(draw: Random) -> bytes:
    body = (
        f'<p:presentation xmlns:p="{_OFFICE}/presentationml/2006/main"><!-- {_words(draw)} -->'
        '<p:notesSz cx="6858000" cy="9144000"/></p:presentation>'
    )
    return _open_xml("ppt/presentation.xml", f"{_TYPE}.presentationml.presentation.main+xml", body)


def _odt(draw: Random) -> bytes:
    kind, space = "application/vnd.oasis.opendocument.text", "urn:oasis:names:tc:opendocument:xmlns"
    manifest = (
        f'<manifest:manifest xmlns:manifest="{space}:manifest:1.0" manifest:version="1.2">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    content = (
        f'<office:document-content xmlns:office="{space}:office:1.0" xmlns:text="{space}:text:1.0" '
        'office:version="1.2">'
        f"<office:body><office:text><text:p>{_words(draw)}</text:p></office:text></office:body></office:document-content>"
    )
    return archive(
        ("mimetype", kind.encode()),
        ("content.xml", (_XML + content).encode()),
        ("META-INF/manifest.xml", (_XML + manifest).encode()),
    )


# ---------------------------------------------------------------- compound files: .doc, .xls

_SECTOR, _END, _FREE, _TABLE = 512, 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def _compound(stream: str, data: bytes) -> bytes:
    """An OLE compound file of one stream: header, allocation table, directory, then the stream in whole sectors."""
    data = data.ljust(4096, b"\0")  # shorter streams would lie in sectors of another size
    count = -(-len(data) // _SECTOR)
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6,
        0, 1, 1, 0, 4096, _END, 0, _END, 0, 0,
    ) + struct.pack("<108I", *[_FREE] * 108)  # fmt: skip
    chain = [_TABLE, _END, *range(3, count + 2), _END]
    table = struct.pack("<128I", *chain, *[_FREE] * (128 - len(chain)))
    directory = _entry("Root Entry", 5, _FREE if not data else 1, _END, 0) + _entry(stream, 2, _FREE, 2, len(data))
    directory += _entry("", 0, _FREE, 0, 0) * 2
    return header + table + directory + data.ljust(count * _SECTOR, b"\0")


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le")
    length = len(text) + 2 if name else 0
    return struct.pack(
        "<64sHBBIII16xI8x8xIQ", text, length, kind, 1, _FREE, _FREE, child, 0, start, size
    )  # fmt: skip


def _doc(draw: Random) -> bytes:
    return _compound("WordDocument", struct.pack("<HH", 0xA5EC, 0xC1) + bytes(28) + _words(draw).encode("utf-16-le"))


def _xls(draw: Random) -> bytes:
    """A workbook of one empty sheet (BIFF8); the drawn text is the name of the sheet."""
    name = f"{draw.getrandbits(64):016x}".encode()
    begin = [struct.pack("<HHHHHHII", 0x0809, 16, 0x0600, kind, 0x0DBB, 0x07CC, 0x41, 0x06) for kind in (0x05, 0x10)]
    end = struct.pack("<HH", 0x000A, 0)
    sheet_at = len(begin[0]) + 4 + 8 + len(name) + len(end)
    listed = struct.pack("<HHIBBBB", 0x0085, 8 + len(name), sheet_at, 0, 0, len(name), 0) + name
    return _compound("Workbook", begin[0] + listed + end + begin[1] + end)


# ---------------------------------------------------------------- pictures, and what is only told by its first bytes

_JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAFA3PEY8MlBGQUZaVVBfeMiCeG5uePWvuZHI////////////////////////////////////////////////"
    "////wAALCAAIAAgBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8Ad//Z"
)
"""Eight by eight grey points."""


def _jpg(draw: Random) -> bytes:
    words = _words(draw).encode()
    return _JPEG[:2] + b"\xff\xfe" + struct.pack(">H", len(words) + 2) + words + _JPEG[2:]


def _png(draw: Random) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", binascii.crc32(kind + data))

    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (
            chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
            chunk(b"tEXt", b"Comment\0Van ban thu %016x" % draw.getrandbits(64)),
            chunk(b"IDAT", zlib.compress(b"\0\x80")),
            chunk(b"IEND", b""),
        )
    )


def _tif(draw: Random) -> bytes:
    """One grey point; the description stands behind the directory."""
    words = b"Van ban thu %016x\0" % draw.getrandbits(64)
    tags = (
        (256, 3, 1, 1), (257, 3, 1, 1), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (270, 2, len(words), 0),
        (273, 4, 1, 8), (277, 3, 1, 1), (278, 3, 1, 1), (279, 4, 1, 1),
    )  # fmt: skip
    text_at = 10 + 2 + 12 * len(tags) + 4
    rows = b"".join(
        struct.pack("<HHII", tag, kind, count, text_at if tag == 270 else v) for tag, kind, count, v in tags
    )
    return b"II*\0" + struct.pack("<I", 10) + b"\x80\0" + struct.pack("<H", len(tags)) + rows + bytes(4) + words


def _seven_zip(draw: Random) -> bytes:
    """One stored file: the packed stream, then the header that describes it (7zFormat.txt)."""
    data, name = _plain(draw), "thu.txt\0".encode("utf-16-le")
    head = bytes((0x01, 0x04, 0x06, 0, 1, 0x09, len(data), 0))  # header, streams, packed at 0, one, its size
    head += bytes((0x07, 0x0B, 1, 0, 1, 0x01, 0x00, 0x0C, len(data), 0))  # one folder: copied, its size
    head += bytes((0x08, 0x0A, 1)) + struct.pack("<I", binascii.crc32(data)) + bytes((0, 0))
    head += bytes((0x05, 1, 0x11, len(name) + 1, 0)) + name + bytes((0, 0))  # one file: its name
    start = struct.pack("<QQI", len(data), len(head), binascii.crc32(head))
    return b"7z\xbc\xaf\x27\x1c\0\x04" + struct.pack("<I", binascii.crc32(start)) + start + data + head


def _dwg(draw: Random) -> bytes:
    """The version of a drawing and nothing that only its own program reads."""
    return b"AC1027\0\0\0\0\0\0\0" + draw.randbytes(200)


_MADE: dict[str, Callable[[Random], bytes]] = {
    "pdf": pdf, "docx": _docx, "xlsx": _xlsx, "pptx": _pptx, "odt": _odt, "doc": _doc, "xls": _xls, "rtf": _rtf,
    "txt": _plain, "csv": _table, "xml": _xml, "jpg": _jpg, "png": _png, "tif": _tif, "7z": _seven_zip, "dwg": _dwg,
}  # fmt: skip
