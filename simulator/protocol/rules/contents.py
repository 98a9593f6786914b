"""What a file is by its first bytes, and what its extension lets one expect. Tables; nothing is opened here."""

import re

__all__ = [
    "EXECUTABLE",
    "expected_types",
    "holds_packet",
    "kind_of",
    "kinds_of_extension",
    "kinds_of_type",
    "must_be_known",
]

EXECUTABLE = frozenset(
    {
        "exe",
        "com",
        "scr",
        "bat",
        "cmd",
        "ps1",
        "vbs",
        "js",
        "jse",
        "wsf",
        "hta",
        "msi",
        "jar",
        "dll",
        "lnk",
        "sh",
        "apk",
    }
)
"""Extensions that run something when they are opened."""

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"II+\x00", "tiff"),
    (b"MM\x00+", "tiff"),
    (b"BM", "bmp"),
    (b"RIFF", "riff"),
    (b"\x1f\x8b", "gzip"),
    (b"%!PS", "postscript"),
    (b"PK\x07\x08", "zip"),
    (b"{\\rtf", "rtf"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"MZ", "program (MZ)"),
    (b"\x7fELF", "program (ELF)"),
    (b"<?xml", "xml"),
    (b"\xef\xbb\xbf<?xml", "xml"),
)
_OFFICE = frozenset({"zip"})
_OLD_OFFICE = frozenset({"ole", "rtf", "zip", "office xml", "html"})  # Word opens these under .doc
_KINDS: dict[str, frozenset[str]] = {
    "pdf": frozenset({"pdf"}),
    "docx": _OFFICE, "xlsx": _OFFICE, "pptx": _OFFICE, "odt": _OFFICE, "ods": _OFFICE, "zip": _OFFICE,
    "doc": _OLD_OFFICE, "xls": _OLD_OFFICE, "ppt": _OLD_OFFICE, "rtf": frozenset({"rtf"}),
    "png": frozenset({"png"}), "jpg": frozenset({"jpeg"}), "jpeg": frozenset({"jpeg"}), "gif": frozenset({"gif"}),
    "tif": frozenset({"tiff"}), "tiff": frozenset({"tiff"}), "rar": frozenset({"rar"}), "7z": frozenset({"7z"}),
    "gz": frozenset({"gzip"}), "tgz": frozenset({"gzip"}), "bmp": frozenset({"bmp"}),
}  # fmt: skip
_TYPES: dict[str, frozenset[str]] = {
    "pdf": frozenset({"application/pdf"}),
    "doc": frozenset({"application/msword"}),
    "docx": frozenset({"application/vnd.openxmlformats-officedocument.wordprocessingml.document"}),
    "xls": frozenset({"application/vnd.ms-excel"}),
    "xlsx": frozenset({"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}),
    "ppt": frozenset({"application/vnd.ms-powerpoint"}),
    "pptx": frozenset({"application/vnd.openxmlformats-officedocument.presentationml.presentation"}),
    "rtf": frozenset({"text/rtf"}),
    "txt": frozenset({"text/plain"}),
    "xml": frozenset({"text/xml"}),
    "png": frozenset({"image/png"}),
    "jpg": frozenset({"image/jpeg", "image/jpg"}),
    "jpeg": frozenset({"image/jpeg"}),
    "gif": frozenset({"image/gif"}),
    "tif": frozenset({"image/tiff"}),
    "tiff": frozenset({"image/tiff"}),
    "zip": frozenset({"application/x-zip-compressed"}),
    "rar": frozenset({"application/vnd.rar", "application/x-rar-compressed"}),
}


_MARKUP = re.compile(rb"(?i)(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|head|body|meta|table)[\s>]")
_OF_OFFICE = (b"schemas.microsoft.com/office", b"urn:schemas-microsoft-com:office", b"<?mso-application")
_PACKET = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?edXML(?:Envelope)?[\s>]")
_LENIENT = frozenset({"doc", "xls", "ppt", "rtf"})


def kind_of(head: bytes) -> str:
    """What the first bytes of a file say it is; "" where they say nothing."""
    if found := next((kind for magic, kind in _MAGIC if head.startswith(magic)), ""):
        return "office xml" if found == "xml" and any(mark in head for mark in _OF_OFFICE) else found
    if head[4:8] == b"ftyp":
        return "heif"
    if b"%PDF-" in head[:1024]:  # where readers look for it
        return "pdf"
    return "html" if _MARKUP.match(head) else ""


def must_be_known(extension: str) -> bool:
    """Whether a file of that extension that begins like nothing known is no such file: not so for .doc and its kin,
    under whose names programs write plain text too."""
    return extension in _KINDS and extension not in _LENIENT


def holds_packet(head: bytes) -> bool:
    """Whether a file that begins so is itself an edXML packet."""
    return _PACKET.search(head) is not None and (kind_of(head) == "xml" or head.lstrip().startswith(b"<"))


def kinds_of_extension(extension: str) -> frozenset[str]:
    """The kinds that a file of that extension may be; empty where anything may."""
    return _KINDS.get(extension, frozenset())


def kinds_of_type(declared: str) -> frozenset[str]:
    """The kinds that a file of that declared type may be; empty where anything may, as in an archive."""
    if declared in ("application/zip", "application/octet-stream"):
        return frozenset()
    fitting = [_KINDS[extension] for extension in _KINDS if declared in expected_types(extension)]
    return frozenset().union(*fitting) if fitting else frozenset()


def expected_types(extension: str) -> frozenset[str]:
    """The content types that fit the extension, the vendor's own among them; empty where we know none."""
    known = _TYPES.get(extension)
    if known is None:
        return frozenset()
    return known | {f"application/{extension}", "application/zip", "application/octet-stream"}
