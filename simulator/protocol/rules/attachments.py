"""The attached files: base64, archive, name, and whether the content is what it says (AT-02 … AT-07).

Files are told by their content; archives are looked at through their directory, and unpacked only where that is safe.
"""

import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator

from simulator.protocol.codec import Reading
from simulator.protocol.errors import DamagedAttachment
from simulator.protocol.package import Attachment, Package
from simulator.protocol.profile import Limits
from simulator.protocol.rules.contents import EXECUTABLE, expected_types, kind_of, kinds_of_extension
from simulator.protocol.rules.rule import Basis, Breach, Level, Rule, of_package, rule, shown
from simulator.words import Text

__all__ = ["RULES"]

_ZIP_TYPES = frozenset({"application/zip", "application/x-zip-compressed"})
_CORRUPT = (
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
_UNREADABLE = Text(en="the file cannot be had from it", vi="không lấy được tệp từ đó")


def _content(number: int) -> str:
    return f"AttachmentEncoded/Attachment[{number}]/ContentTransferEncoded"


def _named(number: int, element: str = "AttachmentName") -> str:
    return f"AttachmentEncoded/Attachment[{number}]/{element}"


def _extension(attachment: Attachment) -> str:
    return attachment.name.rsplit(".", 1)[-1].lower() if "." in attachment.name else ""


def _flaw(attachment: Attachment) -> DamagedAttachment | None:
    """What is wrong with the base64, or None."""
    try:
        attachment.payload  # noqa: B018  # asked for its exception
    except DamagedAttachment as damage:
        return damage
    return None


def _payload(attachment: Attachment) -> bytes:
    return b"" if _flaw(attachment) else attachment.payload


def _entries(attachment: Attachment) -> list[zipfile.ZipInfo] | None:
    """The files in the archive, None where the bytes are no readable archive."""
    payload = _payload(attachment)
    if not payload.startswith(b"PK"):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(payload)) as archive:
            return [entry for entry in archive.infolist() if not entry.is_dir()]
    except _CORRUPT:
        return None


def _wrapped(attachment: Attachment) -> bool:
    """True where the archive is only the envelope of the named file (wire.md C.3)."""
    return attachment.content_type.lower() in _ZIP_TYPES and _extension(attachment) != "zip"


@rule(
    "attachment-read-as-text",
    "AT-07",
    level=Level.ERROR,
    basis=Basis.LAW,
    title=Text("A file is not read as text before it is encoded", "Tệp không bị đọc như văn bản trước khi mã hóa"),
    good="zip-attachment.edxml",
)
@of_package
def attachment_read_as_text(package: Package, _: Reading) -> Iterator[Breach]:
    """EF BF BD, in the base64 text or many times in a binary file (pitfall 31)."""
    for number, attachment in enumerate(package.attachments, 1):
        flaw = _flaw(attachment)
        lost = _payload(attachment)[:4096].count(b"\xef\xbf\xbd")
        if flaw and flaw.flaw == "replacement-characters":
            yield Breach(_content(number), flaw.because)
        elif lost >= 3:
            yield Breach(
                _content(number),
                Text(
                    en="the file holds EF BF BD again and again: it was read as text before it was encoded",
                    vi="tệp chứa EF BF BD lặp lại: tệp đã bị đọc như văn bản trước khi mã hóa",
                ),
            )


@rule(
    "attachment-not-base64",
    "AT-07",
    level=Level.ERROR,
    basis=Basis.LAW,
    title=Text("ContentTransferEncoded is base64", "ContentTransferEncoded là base64"),
    good="zip-attachment.edxml",
)
@of_package
def attachment_not_base64(package: Package, _: Reading) -> Iterator[Breach]:
    """Foreign characters, or a length that no base64 text has."""
    for number, attachment in enumerate(package.attachments, 1):
        flaw = _flaw(attachment)
        if flaw and flaw.flaw == "not-base64":
            yield Breach(_content(number), flaw.because)


@rule(
    "attachment-empty",
    "AT-01",
    level=Level.ERROR,
    basis=Basis.LAW,
    title=Text("An attached file is not empty", "Tệp đính kèm không rỗng"),
    good="zip-attachment.edxml",
)
@of_package
def attachment_empty(package: Package, _: Reading) -> Iterator[Breach]:
    """Zero bytes, also inside the archive around the file."""
    for number, attachment in enumerate(package.attachments, 1):
        entries = _entries(attachment) if _wrapped(attachment) else None
        hollow = len(entries) == 1 and entries[0].file_size == 0 if entries else False
        if not attachment.encoded or hollow:
            yield Breach(
                _content(number),
                Text(en=f"'{shown(attachment.name)}' has no bytes", vi=f"'{shown(attachment.name)}' có 0 byte"),
            )


@rule(
    "attachment-declared-zip",
    "AT-02",
    level=Level.ERROR,
    basis=Basis.SDK,
    title=Text("What is declared a ZIP is one", "Nội dung khai là ZIP phải đúng là ZIP"),
    good="builder-new.edxml",
    unprocessable=Text(
        en="the vendor's parser fails on the whole packet",
        vi="thư viện của nhà cung cấp không đọc được cả gói tin",
    ),
)
@of_package
def attachment_declared_zip(package: Package, _: Reading) -> Iterator[Breach]:
    """ContentType application/zip for a name that is not ``.zip``, and no ZIP inside (wire.md C.3)."""
    for number, attachment in enumerate(package.attachments, 1):
        payload = _payload(attachment)
        if _wrapped(attachment) and payload and not payload.startswith(b"PK"):
            yield Breach(
                _content(number),
                Text(
                    en=f"'{shown(attachment.name)}' is declared {attachment.content_type}, but is no ZIP",
                    vi=f"'{shown(attachment.name)}' khai là {attachment.content_type} nhưng không phải ZIP",
                ),
            )


@rule(
    "attachment-archive-broken",
    "AT-07",
    level=Level.ERROR,
    basis=Basis.LAW,
    title=Text("An archive can be opened", "Tệp nén mở được"),
    good="zip-attachment.edxml",
)
@of_package
def attachment_archive_broken(package: Package, _: Reading) -> Iterator[Breach]:
    """Begins as a ZIP and is none, or its content does not fit its checksum, or nothing is in it."""
    for number, attachment in enumerate(package.attachments, 1):
        if not _payload(attachment).startswith(b"PK"):
            continue
        entries = _entries(attachment)
        if entries is None or not entries or _does_not_unpack(attachment):
            yield Breach(
                _content(number),
                Text(
                    en=f"the archive around '{shown(attachment.name)}' cannot be read",
                    vi=f"không đọc được tệp nén chứa '{shown(attachment.name)}'",
                ),
            )


def _does_not_unpack(attachment: Attachment) -> bool:
    try:
        attachment.file()
    except DamagedAttachment as damage:
        return damage.flaw == "not-zip"
    except _CORRUPT:
        return True
    return False


@rule(
    "attachment-with-password",
    "AT-03",
    level=Level.ERROR,
    basis=Basis.DERIVED,
    title=Text("An archive has no password", "Tệp nén không đặt mật khẩu"),
    good="zip-attachment.edxml",
    unprocessable=_UNREADABLE,
)
@of_package
def attachment_with_password(package: Package, _: Reading) -> Iterator[Breach]:
    """Nobody can check what nobody can open."""
    for number, attachment in enumerate(package.attachments, 1):
        if any(entry.flag_bits & 0x1 for entry in _entries(attachment) or ()):
            yield Breach(_content(number), DamagedAttachment.encrypted(attachment.name).because)


@rule(
    "attachment-bomb",
    "AT-03",
    level=Level.ERROR,
    basis=Basis.DERIVED,
    title=Text("An archive unpacks to a sane size", "Tệp nén không phình quá mức"),
    good="zip-attachment.edxml",
    unprocessable=_UNREADABLE,
)
@of_package
def attachment_bomb(package: Package, _: Reading) -> Iterator[Breach]:
    """Size, ratio and number of entries, as the directory of the archive declares them."""
    limits = Limits()
    for number, attachment in enumerate(package.attachments, 1):
        entries = _entries(attachment) or ()
        size = sum(entry.file_size for entry in entries)
        packed = max(sum(entry.compress_size for entry in entries), 1024)
        if len(entries) > limits.archive_entries:
            yield Breach(_content(number), DamagedAttachment.too_many_entries(attachment.name, len(entries)).because)
        elif size > limits.unpacked_bytes:
            yield Breach(_content(number), DamagedAttachment.unpacked_size(attachment.name, size).because)
        elif size > limits.unpacked_ratio * packed:
            yield Breach(_content(number), DamagedAttachment.unpacked_ratio(attachment.name).because)


@rule(
    "attachment-of-several-files",
    "AT-03",
    level=Level.WARN,
    basis=Basis.DERIVED,
    title=Text("The archive around a file holds one file", "Tệp nén bọc ngoài chỉ chứa một tệp"),
    good="builder-new.edxml",
)
@of_package
def attachment_of_several_files(package: Package, _: Reading) -> Iterator[Breach]:
    """The vendor's parser takes the first entry; the others are lost."""
    for number, attachment in enumerate(package.attachments, 1):
        entries = _entries(attachment) if _wrapped(attachment) else None
        if entries and len(entries) > 1:
            yield Breach(
                _content(number),
                Text(
                    en=f"{len(entries)} files in the archive around '{shown(attachment.name)}'; readers take the first",
                    vi=f"tệp nén chứa '{shown(attachment.name)}' có {len(entries)} tệp; bên nhận chỉ lấy tệp đầu",
                ),
            )


def _leads_out(name: str) -> bool:
    return re.search(r"(\A|[/\\])\.\.([/\\]|\Z)|\A[/\\]|\A[A-Za-z]:", name) is not None


@rule(
    "attachment-entry-is-a-path",
    "AT-03",
    level=Level.WARN,
    basis=Basis.DERIVED,
    title=Text("Names inside an archive lead nowhere else", "Tên trong tệp nén không trỏ ra ngoài"),
    good="zip-attachment.edxml",
)
@of_package
def attachment_entry_is_a_path(package: Package, _: Reading) -> Iterator[Breach]:
    """``../`` and absolute paths; the vendor's parser uses entry names as paths (zip-slip)."""
    for number, attachment in enumerate(package.attachments, 1):
        for entry in _entries(attachment) or ():
            if _leads_out(entry.filename):
                yield Breach(
                    _content(number),
                    Text(
                        en=f"the archive holds '{shown(entry.filename)}', which leads out of its folder",
                        vi=f"tệp nén chứa '{shown(entry.filename)}', trỏ ra ngoài thư mục",
                    ),
                )


@rule(
    "attachment-name-missing",
    "PK-05",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text("An attachment has a name", "Tệp đính kèm có tên"),
)
@of_package
def attachment_name_missing(package: Package, _: Reading) -> Iterator[Breach]:
    """Its extension decides how it is unpacked."""
    for number, attachment in enumerate(package.attachments, 1):
        if not attachment.name:
            yield Breach(_named(number), Text(en="AttachmentName is missing", vi="thiếu AttachmentName"))


@rule(
    "attachment-name-is-a-path",
    "AT-03",
    level=Level.WARN,
    basis=Basis.DERIVED,
    title=Text("An attachment's name is a file name", "Tên tệp đính kèm không chứa đường dẫn"),
)
@of_package
def attachment_name_is_a_path(package: Package, _: Reading) -> Iterator[Breach]:
    r"""``/ \ : * ? " < > |`` and control characters cannot stand in a file name everywhere."""
    for number, attachment in enumerate(package.attachments, 1):
        if re.search(r'[/\\:*?"<>|\x00-\x1f]', attachment.name):
            yield Breach(
                _named(number),
                Text(
                    en=f"'{shown(attachment.name)}' holds characters of a path",
                    vi=f"'{shown(attachment.name)}' chứa ký tự đường dẫn",
                ),
            )


def _head(attachment: Attachment) -> bytes:
    """The first bytes of the file itself, out of the archive around it where that is safe."""
    entries = _entries(attachment)
    if entries and len(entries) == 1:
        inner = entries[0].filename.rsplit(".", 1)[-1].lower()
        if (_wrapped(attachment) or inner == _extension(attachment) != "zip") and not entries[0].flag_bits & 0x1:
            try:
                with zipfile.ZipFile(io.BytesIO(attachment.payload)) as archive, archive.open(entries[0]) as stream:
                    return stream.read(512)
            except _CORRUPT:
                return b""
    return _payload(attachment)[:512]


@rule(
    "attachment-content-differs",
    "AT-04",
    level=Level.WARN,
    basis=Basis.OBSERVED,
    title=Text("A file is what its name says", "Nội dung tệp đúng với phần mở rộng"),
    good="zip-attachment.edxml",
)
@of_package
def attachment_content_differs(package: Package, _: Reading) -> Iterator[Breach]:
    """A program named ``.pdf``, a picture named ``.docx``."""
    for number, attachment in enumerate(package.attachments, 1):
        head, extension = _head(attachment), _extension(attachment)
        allowed = kinds_of_extension(extension)
        if head and allowed and kind_of(head) not in allowed:
            found = kind_of(head) or "?"
            yield Breach(
                _content(number),
                Text(
                    en=f"'{shown(attachment.name)}' is no .{extension}: its content is {found}",
                    vi=f"'{shown(attachment.name)}' không phải .{extension}: nội dung là {found}",
                ),
            )


@rule(
    "attachment-type-differs",
    "AT-04",
    level=Level.WARN,
    basis=Basis.OBSERVED,
    title=Text("A file's ContentType fits its name", "ContentType hợp với phần mở rộng"),
    good="zip-attachment.edxml",
)
@of_package
def attachment_type_differs(package: Package, _: Reading) -> Iterator[Breach]:
    """The vendor's ``application/<extension>`` and ``application/zip`` fit every name."""
    for number, attachment in enumerate(package.attachments, 1):
        extension, declared = _extension(attachment), attachment.content_type.lower().split(";")[0].strip()
        allowed = expected_types(extension)
        if declared and allowed and declared not in allowed:
            yield Breach(
                _named(number, "ContentType"),
                Text(
                    en=f"'{shown(attachment.name)}' is declared {shown(declared)}",
                    vi=f"'{shown(attachment.name)}' được khai là {shown(declared)}",
                ),
            )


@rule(
    "attachment-zipped-in-silence",
    "AT-02",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text("What is zipped says so", "Tệp được nén phải khai là ZIP"),
    good="builder-new.edxml",
)
@of_package
def attachment_zipped_in_silence(package: Package, _: Reading) -> Iterator[Breach]:
    """``application/pdf`` with a ZIP inside: the vendor's parser stores the ZIP as the PDF (wire.md C.3)."""
    for number, attachment in enumerate(package.attachments, 1):
        entries = _entries(attachment)
        if entries and len(entries) == 1 and not _wrapped(attachment):
            inner = entries[0].filename.rsplit(".", 1)[-1].lower()
            if inner == _extension(attachment) != "zip":
                declared = shown(attachment.content_type) or "–"
                yield Breach(
                    _content(number),
                    Text(
                        en=f"'{shown(attachment.name)}' is zipped, but declared {declared}",
                        vi=f"'{shown(attachment.name)}' được nén nhưng khai là {declared}",
                    ),
                )


@rule(
    "attachment-is-a-program",
    "AT-03",
    level=Level.WARN,
    basis=Basis.DERIVED,
    title=Text("A document brings no program", "Không đính kèm chương trình"),
    good="zip-attachment.edxml",
)
@of_package
def attachment_is_a_program(package: Package, _: Reading) -> Iterator[Breach]:
    """Names that a double click runs."""
    for number, attachment in enumerate(package.attachments, 1):
        inside = [entry.filename for entry in _entries(attachment) or ()]
        for name in (attachment.name, *inside):
            if name.rsplit(".", 1)[-1].lower() in EXECUTABLE and "." in name:
                yield Breach(
                    _named(number),
                    Text(en=f"'{shown(name)}' is a program", vi=f"'{shown(name)}' là tệp chương trình"),
                )
                break


RULES: tuple[Rule, ...] = (
    attachment_read_as_text,
    attachment_not_base64,
    attachment_empty,
    attachment_declared_zip,
    attachment_archive_broken,
    attachment_with_password,
    attachment_bomb,
    attachment_of_several_files,
    attachment_entry_is_a_path,
    attachment_name_missing,
    attachment_name_is_a_path,
    attachment_content_differs,
    attachment_type_differs,
    attachment_zipped_in_silence,
    attachment_is_a_program,
)
