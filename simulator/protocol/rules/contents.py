"""What a file is by its first bytes, and what its extension lets one expect. Tables; nothing is opened here."""

__all__ = ["EXECUTABLE", "expected_types", "kind_of", "kinds_of_extension"]

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
    (b"{\\rtf", "rtf"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"MZ", "program (MZ)"),
    (b"\x7fELF", "program (ELF)"),
    (b"<?xml", "xml"),
    (b"\xef\xbb\xbf<?xml", "xml"),
)
_OFFICE = frozenset({"zip"})
_OLD_OFFICE = frozenset({"ole", "rtf", "zip", "xml"})  # Word opens these under .doc, and offices send them so
_KINDS: dict[str, frozenset[str]] = {
    "pdf": frozenset({"pdf"}),
    "docx": _OFFICE, "xlsx": _OFFICE, "pptx": _OFFICE, "odt": _OFFICE, "ods": _OFFICE, "zip": _OFFICE,
    "doc": _OLD_OFFICE, "xls": _OLD_OFFICE, "ppt": _OLD_OFFICE, "rtf": frozenset({"rtf"}),
    "png": frozenset({"png"}), "jpg": frozenset({"jpeg"}), "jpeg": frozenset({"jpeg"}), "gif": frozenset({"gif"}),
    "tif": frozenset({"tiff"}), "tiff": frozenset({"tiff"}), "rar": frozenset({"rar"}), "7z": frozenset({"7z"}),
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


def kind_of(head: bytes) -> str:
    """What the first bytes of a file say it is; "" where they say nothing."""
    return next((kind for magic, kind in _MAGIC if head.startswith(magic)), "")


def kinds_of_extension(extension: str) -> frozenset[str]:
    """The kinds that a file of that extension may be; empty where anything may."""
    return _KINDS.get(extension, frozenset())


def expected_types(extension: str) -> frozenset[str]:
    """The content types that fit the extension, the vendor's own among them; empty where we know none."""
    known = _TYPES.get(extension)
    if known is None:
        return frozenset()
    return known | {f"application/{extension}", "application/zip", "application/octet-stream"}
