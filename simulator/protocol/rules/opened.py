"""An attached file as the rules look at it: its base64, its archive, its first bytes. Nothing here raises.

Archives are read through their directory; a file is unpacked in full only within the limits of ``Attachment.file``.
"""

import io
import lzma
import zipfile
import zlib

from simulator.protocol.errors import DamagedAttachment
from simulator.protocol.package import Attachment

__all__ = [
    "CORRUPT", "content_at", "does_not_unpack", "entries_of", "extension_of", "file_of", "flaw_of", "head_of",
    "is_wrapped", "member_at", "payload_of",
]  # fmt: skip

_ZIP_TYPES = frozenset({"application/zip", "application/x-zip-compressed"})
_HEAD = 2048
CORRUPT = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    NotImplementedError,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
)
"""All that reading a damaged or hostile archive may raise."""


def extension_of(attachment: Attachment) -> str:
    """The extension of its name in lower case, "" where it has none."""
    return attachment.name.rsplit(".", 1)[-1].lower() if "." in attachment.name else ""


def flaw_of(attachment: Attachment) -> DamagedAttachment | None:
    """What is wrong with the base64, or None."""
    try:
        attachment.payload  # noqa: B018  # asked for its exception
    except DamagedAttachment as damage:
        return damage
    return None


def payload_of(attachment: Attachment) -> bytes:
    """The bytes of the base64 text; none where it is damaged."""
    return b"" if flaw_of(attachment) else attachment.payload


def file_of(attachment: Attachment) -> bytes:
    """The file itself, out of the archive around it; no bytes where it cannot be had."""
    try:
        return attachment.file()
    except (DamagedAttachment, *CORRUPT):
        return b""


def entries_of(attachment: Attachment) -> list[zipfile.ZipInfo] | None:
    """The files in the archive, None where the bytes are no readable archive."""
    payload = payload_of(attachment)
    if not payload.startswith(b"PK"):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(payload)) as archive:
            return [entry for entry in archive.infolist() if not entry.is_dir()]
    except CORRUPT:
        return None


def is_wrapped(attachment: Attachment) -> bool:
    """True where the archive is only the envelope of the named file (wire.md C.3)."""
    return attachment.content_type.lower() in _ZIP_TYPES and extension_of(attachment) != "zip"


def content_at(number: int) -> str:
    """The path of the base64 text of attachment ``number`` (from 1)."""
    return member_at(number, "ContentTransferEncoded")


def member_at(number: int, element: str = "AttachmentName") -> str:
    """The path of a member of attachment ``number`` (from 1)."""
    return f"AttachmentEncoded/Attachment[{number}]/{element}"


def does_not_unpack(attachment: Attachment) -> bool:
    """True where the archive opens, but what is in it is corrupt."""
    try:
        attachment.file()
    except DamagedAttachment as damage:
        return damage.flaw == "not-zip"
    except CORRUPT:
        return True
    return False


def head_of(attachment: Attachment) -> bytes:
    """The first bytes of the file itself, out of the archive around it where that is safe."""
    entries = entries_of(attachment)
    if entries and len(entries) == 1:
        inner = entries[0].filename.rsplit(".", 1)[-1].lower()
        if (is_wrapped(attachment) or inner == extension_of(attachment) != "zip") and not entries[0].flag_bits & 0x1:
            try:
                with zipfile.ZipFile(io.BytesIO(attachment.payload)) as archive, archive.open(entries[0]) as stream:
                    return stream.read(_HEAD)
            except CORRUPT:
                return b""
    return payload_of(attachment)[:_HEAD]
