"""The archives around attached files, and archives that are attached (AT-02, AT-03; wire.md C.3)."""

import re
from collections.abc import Iterator

from simulator.protocol.codec import Reading
from simulator.protocol.errors import DamagedAttachment
from simulator.protocol.package import Package
from simulator.protocol.profile import Limits
from simulator.protocol.rules.opened import (
    content_at,
    does_not_unpack,
    entries_of,
    extension_of,
    file_of,
    is_wrapped,
    payload_of,
)
from simulator.protocol.rules.rule import Basis, Breach, Level, Rule, of_package, rule, shown
from simulator.protocol.rules.wholes import archive_flaw, names_in, office_flaw
from simulator.words import Text

__all__ = ["RULES"]

_UNREADABLE = Text(en="the file cannot be had from it", vi="không lấy được tệp từ đó")


def _leads_out(name: str) -> bool:
    return re.search(r"(\A|[/\\])\.\.([/\\]|\Z)|\A[/\\]|\A[A-Za-z]:", name) is not None


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
        payload = payload_of(attachment)
        if is_wrapped(attachment) and payload and not payload.startswith(b"PK"):
            yield Breach(
                content_at(number),
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
        if not payload_of(attachment).startswith(b"PK"):
            continue
        if not entries_of(attachment) or does_not_unpack(attachment):
            yield Breach(
                content_at(number),
                Text(
                    en=f"the archive around '{shown(attachment.name)}' cannot be read",
                    vi=f"không đọc được tệp nén chứa '{shown(attachment.name)}'",
                ),
            )
        elif (file := file_of(attachment)).startswith(b"PK") and (flaw := archive_flaw(file)):
            yield Breach(
                content_at(number),
                Text(
                    en=f"'{shown(attachment.name)}' is a broken archive: {flaw.en}",
                    vi=f"'{shown(attachment.name)}' là tệp nén hỏng: {flaw.vi}",
                ),
            )


@rule(
    "attachment-office-parts-missing",
    "AT-07",
    level=Level.ERROR,
    basis=Basis.LAW,
    title=Text("An Office file has its parts", "Tệp Office có đủ thành phần"),
    good="builder-new.edxml",
    unprocessable=Text(en="no program opens it as what its name says", vi="không phần mềm nào mở được tệp này"),
)
@of_package
def attachment_office_parts_missing(package: Package, _: Reading) -> Iterator[Breach]:
    """A ZIP named .docx, .xlsx or .pptx without its list of types or without the part that holds its content."""
    for number, attachment in enumerate(package.attachments, 1):
        file = file_of(attachment)
        if not file.startswith(b"PK"):
            continue
        names = names_in(file)
        if names and (flaw := office_flaw(extension_of(attachment), names)):
            yield Breach(
                content_at(number),
                Text(en=f"'{shown(attachment.name)}': {flaw.en}", vi=f"'{shown(attachment.name)}': {flaw.vi}"),
            )


@rule(
    "attachment-entry-differs",
    "AT-10",
    level=Level.WARN,
    basis=Basis.DERIVED,
    title=Text("The file in the archive is of the kind that is named", "Tệp trong tệp nén đúng loại đã nêu tên"),
    good="builder-new.edxml",
)
@of_package
def attachment_entry_differs(package: Package, _: Reading) -> Iterator[Breach]:
    """The builder names the entry ``<ContentId>.<extension>``: another extension is another kind of file."""
    for number, attachment in enumerate(package.attachments, 1):
        entries = entries_of(attachment) if is_wrapped(attachment) else None
        inside = entries[0].filename if entries and len(entries) == 1 else ""
        inner, named = inside.rsplit(".", 1)[-1].lower() if "." in inside else "", extension_of(attachment)
        if inner and named and inner != named:
            yield Breach(
                content_at(number),
                Text(
                    en=f"the archive around '{shown(attachment.name)}' holds '{shown(inside)}'",
                    vi=f"tệp nén chứa '{shown(attachment.name)}' lại có '{shown(inside)}' bên trong",
                ),
            )


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
        if any(entry.flag_bits & 0x1 for entry in entries_of(attachment) or ()):
            yield Breach(content_at(number), DamagedAttachment.encrypted(attachment.name).because)


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
        entries = entries_of(attachment) or ()
        size = sum(entry.file_size for entry in entries)
        packed = max(sum(entry.compress_size for entry in entries), 1024)
        if len(entries) > limits.archive_entries:
            yield Breach(content_at(number), DamagedAttachment.too_many_entries(attachment.name, len(entries)).because)
        elif size > limits.unpacked_bytes:
            yield Breach(content_at(number), DamagedAttachment.unpacked_size(attachment.name, size).because)
        elif size > limits.unpacked_ratio * packed:
            yield Breach(content_at(number), DamagedAttachment.unpacked_ratio(attachment.name).because)


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
        entries = entries_of(attachment) if is_wrapped(attachment) else None
        if entries and len(entries) > 1:
            yield Breach(
                content_at(number),
                Text(
                    en=f"{len(entries)} files in the archive around '{shown(attachment.name)}'; readers take the first",
                    vi=f"tệp nén chứa '{shown(attachment.name)}' có {len(entries)} tệp; bên nhận chỉ lấy tệp đầu",
                ),
            )


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
        for entry in entries_of(attachment) or ():
            if _leads_out(entry.filename):
                yield Breach(
                    content_at(number),
                    Text(
                        en=f"the archive holds '{shown(entry.filename)}', which leads out of its folder",
                        vi=f"tệp nén chứa '{shown(entry.filename)}', trỏ ra ngoài thư mục",
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
        entries = entries_of(attachment)
        if entries and len(entries) == 1 and not is_wrapped(attachment):
            inner = entries[0].filename.rsplit(".", 1)[-1].lower()
            if inner == extension_of(attachment) != "zip":
                declared = shown(attachment.content_type) or "–"
                yield Breach(
                    content_at(number),
                    Text(
                        en=f"'{shown(attachment.name)}' is zipped, but declared {declared}",
                        vi=f"'{shown(attachment.name)}' được nén nhưng khai là {declared}",
                    ),
                )


RULES: tuple[Rule, ...] = (
    attachment_declared_zip,
    attachment_archive_broken,
    attachment_office_parts_missing,
    attachment_entry_differs,
    attachment_with_password,
    attachment_bomb,
    attachment_of_several_files,
    attachment_entry_is_a_path,
    attachment_zipped_in_silence,
)
