"""The values that travel: a document package and a status packet, as frozen dataclasses.

Every text is what stood in the element, stripped of XML white space; "" means that the element was
absent or empty. Numbers, dates and time stamps are None where they are absent *or not readable*: the
text itself is then found in the reading's leaves (codec.py), where the rules look at it.
Shape and order follow wire.md C.1 and C.5.
"""

import base64
import binascii
import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property, partial
from typing import BinaryIO, Literal

import pybase64

from simulator.protocol.errors import DamagedAttachment
from simulator.protocol.profile import Limits

__all__ = [
    "Attachment",
    "Business",
    "BusinessDocumentInfo",
    "Code",
    "DocumentType",
    "Element",
    "Kind",
    "OtherInfo",
    "Package",
    "Packet",
    "Party",
    "Promulgation",
    "Receiver",
    "Reference",
    "Replacement",
    "ReplacementList",
    "ResponseFor",
    "Signer",
    "StaffInfo",
    "StatusPacket",
    "TraceHeader",
    "TraceHeaderList",
    "Unknown",
    "code_text",
]

_NOT_XML = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BLANK = " \t\n\r"
_WHITE = re.compile(rb"\s")


_NAME = re.compile(r"(?:\{[^}]*\})?[^\W\d][\w.-]*\Z")
_LARGEST = 10**9


def _check(owner: str, name: str, value: object) -> None:
    match value:
        case str():
            _check_text(owner, name, value)
        case bool():
            pass
        case int() if abs(value) >= _LARGEST:
            raise ValueError(f"{owner}.{name}: a number of more than nine digits")
        case datetime() if value.tzinfo is None or value.microsecond:
            raise ValueError(f"{owner}.{name}: a time stamp has a zone and whole seconds")
        case bytes() if strict_base64(value) is None and (_WHITE.search(value) or not _is_utf8(value)):
            raise ValueError(f"{owner}.{name}: encoded text holds white space or is no UTF-8")
        case tuple():
            for each in value:
                if isinstance(each, str):
                    _check_text(owner, name, each)
                    if not each:
                        raise ValueError(f"{owner}.{name}: an empty text in a list")


def strict_base64(text: bytes) -> bytes | None:
    """What a base64 text without any flaw stands for; None where it has one (the standard library lets some pass)."""
    try:
        return pybase64.b64decode(text, validate=True)
    except binascii.Error:
        return None


def _is_utf8(value: bytes) -> bool:
    try:
        return value.isascii() or value.decode() is not None
    except UnicodeDecodeError:
        return False


def _check_text(owner: str, name: str, value: str) -> None:
    if value.isprintable() and value[:1] != " " and value[-1:] != " ":  # nearly every text, and cheap to tell
        return
    if bad := _NOT_XML.search(value):
        raise ValueError(f"{owner}.{name}: character U+{ord(bad[0]):04X} cannot stand in XML")
    if value != value.strip(_BLANK):
        raise ValueError(f"{owner}.{name}: white space at an end would not survive the wire")


class _Value:
    """Checks on construction, so that a value that the wire cannot carry does not exist."""

    __slots__ = ()

    def __post_init__(self) -> None:
        for name in _field_names(type(self)):
            if value := getattr(self, name):  # nothing is wrong with nothing
                _check(type(self).__name__, name, value)


_FIELD_NAMES: dict[type, tuple[str, ...]] = {}


def _field_names(kind: type) -> tuple[str, ...]:
    """The names of a value type's fields; asked anew for each value, they would cost more than the checks."""
    if (known := _FIELD_NAMES.get(kind)) is None:
        known = _FIELD_NAMES[kind] = tuple(item.name for item in fields(kind))
    return known


class Kind(StrEnum):
    """What a packet claims to be; the two values of the header ``messagetype``, and neither."""

    EDOC = "edoc"
    STATUS = "status"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Element(_Value):
    """An element that we carry without understanding it. Names of attributes may be ``{namespace}name``."""

    name: str
    namespace: str = ""
    text: str = ""
    attributes: tuple[tuple[str, str], ...] = ()
    children: tuple["Element", ...] = ()

    def __post_init__(self) -> None:
        _Value.__post_init__(self)
        for name in (self.name, *(name for name, _ in self.attributes)):
            if not _NAME.match(name):
                raise ValueError(f"Element: {name!r} is no XML name")


@dataclass(frozen=True, slots=True)
class Unknown(_Value):
    """An element that the schema does not know, or that stands once too often, and the path of its parent."""

    parent: str
    element: Element


@dataclass(frozen=True, slots=True)
class Party(_Value):
    """From or To: one unit (Organization)."""

    organ_id: str = ""
    in_charge: str = ""
    name: str = ""
    address: str = ""
    email: str = ""
    telephone: str = ""
    fax: str = ""
    website: str = ""


def code_text(number: str, notation: str) -> str:
    """Number and notation as they are printed on the document."""
    return f"{number}/{notation}" if notation else number


@dataclass(frozen=True, slots=True)
class Code(_Value):
    """Số và ký hiệu: number and notation of a document."""

    number: str = ""
    notation: str = ""

    @property
    def text(self) -> str:
        """``12/UBND-VP``, as it is printed on the document."""
        return code_text(self.number, self.notation)


@dataclass(frozen=True, slots=True)
class Promulgation(_Value):
    """Place and date of issue (PromulgationInfo)."""

    place: str = ""
    issued: date | None = None


@dataclass(frozen=True, slots=True)
class DocumentType(_Value):
    """Type of document. The numbers are no stable vocabulary (wire.md C.4); the name is what counts."""

    type: int | None = None
    detail: int | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Signer(_Value):
    """Who signed (SignerInfo)."""

    competence: str = ""
    position: str = ""
    full_name: str = ""


@dataclass(frozen=True, slots=True)
class OtherInfo(_Value):
    """OtherInfo. ``priority``: 0 thường, 1 khẩn, 2 thượng khẩn, 3 hỏa tốc."""

    priority: int | None = None
    sphere: str = ""
    typer_notation: str = ""
    promulgation_amount: int | None = None
    page_amount: int | None = None
    reply_fors: str = ""
    direction: bool | None = None
    reference_codes: str = ""
    appendixes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ResponseFor(_Value):
    """The document that is answered, recalled or reported on. ``code`` is the whole ``12/UBND-VP``."""

    organ_id: str = ""
    code: str = ""
    document_id: str = ""
    promulgation_date: date | None = None


@dataclass(frozen=True, slots=True)
class StaffInfo(_Value):
    """The officer who sends."""

    department: str = ""
    department_id: str = ""
    staff: str = ""
    staff_id: str = ""
    email: str = ""
    mobile: str = ""


@dataclass(frozen=True, slots=True)
class TraceHeader(_Value):
    """One hop: who, and when (+07:00)."""

    organ_id: str = ""
    timestamp: datetime | None = None


@dataclass(frozen=True, slots=True)
class Receiver(_Value):
    """One changed receiver of an update; type 0 taken off, 1 added (as one public converter reads it)."""

    organ_id: str = ""
    type: int | None = None


@dataclass(frozen=True, slots=True)
class BusinessDocumentInfo(_Value):
    """What an update changes: the content, the receivers."""

    document_info: int | None = None
    document_receiver: int | None = None
    receivers: tuple[Receiver, ...] = ()


@dataclass(frozen=True, slots=True)
class Replacement(_Value):
    """One replaced document and the units concerned."""

    document_id: str = ""
    organ_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReplacementList(_Value):
    """ReplacementInfoList."""

    items: tuple[Replacement, ...] = ()


@dataclass(frozen=True, slots=True)
class Business(_Value):
    """What the packet does ("Bussiness" on the wire): business.py says what each type must carry."""

    document_id: str = ""
    doc_type: int | None = None
    reason: str = ""
    paper: int | None = None
    document_infos: tuple[BusinessDocumentInfo, ...] = ()
    replacements: tuple[ReplacementList, ...] = ()
    staff: tuple[StaffInfo, ...] = ()


@dataclass(frozen=True, slots=True)
class TraceHeaderList(_Value):
    """The hops, and between them the business of the packet (wire.md C.1)."""

    id: str = ""
    version: str = ""
    paper: int | None = None
    business: Business | None = None
    headers: tuple[TraceHeader, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference(_Value):
    """One line of the manifest."""

    content_id: str = ""
    content_type: str = ""
    description: str = ""
    name: str = ""

    @property
    def bare_id(self) -> str:
        """The id without any number of leading ``cid:`` (wire.md C.3)."""
        return _bare(self.content_id)


def _bare(content_id: str) -> str:
    while content_id[:4].lower() == "cid:":
        content_id = content_id[4:]
    return content_id


_ALWAYS_RAW_2018 = frozenset({"pdf", "doc", "docx", "xsl", "xslx", "zip"})
_BASE64 = re.compile(rb"[A-Za-z0-9+/]*=*\Z")
_ZIP_MAGIC = b"PK\x03\x04"
_PIECE = 256 * 1024
_BROKEN_ARCHIVE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    NotImplementedError,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,
)
"""What the standard library raises for archives that are not what they say."""


@dataclass(frozen=True)
class Attachment(_Value):
    """One attached file. ``encoded`` is the base64 text without white space, exactly as it came otherwise."""

    content_id: str = ""
    name: str = ""
    description: str = ""
    field_name: str = ""
    mime_type: str = ""
    content_type: str = ""
    format: str = ""
    encoded: bytes = field(default=b"", repr=False)

    @classmethod
    def of_file(
        cls,
        name: str,
        data: bytes,
        *,
        content_id: str,
        form: Literal["raw", "zip-2018", "zip-2019"] = "zip-2019",
        content_type: str = "",
        description: str = "",
    ) -> "Attachment":
        """Pack a file as the vendor's builders do (wire.md C.3): raw, or by the zipping rule of a build year.

        ``content_type`` overrides the type that the build would write.
        """
        extension = name.rsplit(".", 1)[-1] if "." in name else ""
        raw = form == "raw" or (
            extension.lower() in _ALWAYS_RAW_2018
            if form == "zip-2018"
            else extension.lower() == "pdf" or extension == "zip"
        )
        own_type = f"application/{extension.lower() or 'octet-stream'}" if raw else "application/zip"
        payload = data if raw else _zipped(f"{content_id.removeprefix('cid:')}.{extension}".rstrip("."), data)
        return cls(
            content_id=content_id,
            name=name,
            description=description,
            content_type=content_type or own_type,
            encoded=base64.b64encode(payload),
        )

    @property
    def bare_id(self) -> str:
        """The id without any number of leading ``cid:``."""
        return _bare(self.content_id)

    @cached_property
    def payload(self) -> bytes:
        """The bytes that the base64 text stands for. Raises DamagedAttachment where it stands for none."""
        if (data := strict_base64(self.encoded)) is not None:
            return data
        if b"\xef\xbf\xbd" in self.encoded:
            raise DamagedAttachment.replacement_characters(self.name)
        if _BASE64.match(self.encoded) and len(self.encoded) % 4:
            raise DamagedAttachment.letters_lost(self.name, len(self.encoded))
        raise DamagedAttachment.not_base64(self.name)

    def file(self, limits: Limits = Limits()) -> bytes:
        """The file itself, told by its content: unpacked where the payload is a ZIP around the named file.

        Raises DamagedAttachment for broken base64, a broken or hostile archive, or one beyond the limits
        (size, ratio, entries). Entry names are never used as paths.
        """
        payload = self.payload
        return b"".join(self.unpacked(io.BytesIO(payload), limits)) if self.may_wrap(payload) else payload

    def may_wrap(self, payload: bytes) -> bool:
        """Whether a payload that begins so may be a ZIP around the named file."""
        return payload.startswith(_ZIP_MAGIC) and self._extension != "zip"

    @property
    def _extension(self) -> str:
        return self.name.rsplit(".", 1)[-1].lower() if "." in self.name else ""

    def unpacked(self, payload: BinaryIO, limits: Limits) -> Iterator[bytes]:
        """The file inside a payload that ``may_wrap``, piece by piece. Raises DamagedAttachment as ``file`` does."""
        try:
            with zipfile.ZipFile(payload) as archive:
                entries = [entry for entry in archive.infolist() if not entry.is_dir()]
                if len(entries) > limits.archive_entries:
                    raise DamagedAttachment.too_many_entries(self.name, len(entries))
                inner = entries[0].filename.rsplit(".", 1)[-1].lower() if entries else ""
                wrapped = inner == self._extension or self.content_type.lower() == "application/zip"
                if len(entries) != 1 or not wrapped:  # the file is itself a ZIP-based format (docx, xlsx, jar …)
                    payload.seek(0)
                    yield from iter(partial(payload.read, _PIECE), b"")
                    return
                entry = entries[0]
                if entry.flag_bits & 0x1:
                    raise DamagedAttachment.encrypted(self.name)
                if entry.file_size > limits.unpacked_bytes:
                    raise DamagedAttachment.unpacked_size(self.name, entry.file_size)
                if entry.file_size > limits.unpacked_ratio * max(entry.compress_size, 1024):
                    raise DamagedAttachment.unpacked_ratio(self.name)
                size = 0
                with archive.open(entry) as stream:
                    while piece := stream.read(_PIECE):
                        size += len(piece)
                        if size > limits.unpacked_bytes:
                            raise DamagedAttachment.unpacked_size(self.name, size)
                        yield piece
        except _BROKEN_ARCHIVE as error:
            raise DamagedAttachment.not_zip(self.name) from error


def _zipped(entry: str, data: bytes) -> bytes:
    buffer = io.BytesIO()
    info = zipfile.ZipInfo(entry, date_time=(2019, 1, 1, 0, 0, 0))  # fixed: the same file gives the same bytes
    info.compress_type = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(info, data)
    return buffer.getvalue()


@dataclass(frozen=True, slots=True)
class Package(_Value):
    """A document package (messagetype ``edoc``)."""

    sender: Party | None = None
    receivers: tuple[Party, ...] = ()
    document_id: str = ""
    code: Code | None = None
    promulgation: Promulgation | None = None
    document_type: DocumentType | None = None
    subject: str = ""
    content: str = ""
    signer: Signer | None = None
    due_date: date | None = None
    other: OtherInfo | None = None
    response_for: tuple[ResponseFor, ...] = ()
    steering_type: int | None = None
    tasks: tuple[str, ...] = ()
    application_type: str = ""
    to_places: tuple[str, ...] = ()
    trace: TraceHeaderList | None = None
    signature: Element | None = None
    manifest: tuple[Reference, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    unknown: tuple[Unknown, ...] = ()

    @property
    def business(self) -> Business | None:
        """The Bussiness element, or None."""
        return self.trace.business if self.trace else None

    @property
    def business_type(self) -> int | None:
        """BussinessDocType; 0 (new) where the element is absent (wire.md C.4), None where it is unreadable."""
        return self.business.doc_type if self.business else 0


@dataclass(frozen=True, slots=True)
class StatusPacket(_Value):
    """A status packet (messagetype ``status``): no To, no body; the addressee is ResponseFor/OrganId."""

    sender: Party | None = None
    response_for: ResponseFor | None = None
    staff: StaffInfo | None = None
    code: str = ""
    description: str = ""
    timestamp: datetime | None = None
    trace: TraceHeaderList | None = None
    signature: Element | None = None
    unknown: tuple[Unknown, ...] = ()


Packet = Package | StatusPacket
