"""The attached files: base64, name, and whether the content is what it says (AT-01, AT-04, AT-07)."""

import re
from collections.abc import Iterator

from simulator.protocol.codec import Reading
from simulator.protocol.package import Package
from simulator.protocol.rules.contents import EXECUTABLE, expected_types, kind_of, kinds_of_extension
from simulator.protocol.rules.opened import (
    content_at,
    entries_of,
    extension_of,
    flaw_of,
    head_of,
    is_wrapped,
    member_at,
    payload_of,
)
from simulator.protocol.rules.rule import Basis, Breach, Level, Rule, of_package, rule, shown
from simulator.words import Text

__all__ = ["RULES"]


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
        flaw = flaw_of(attachment)
        lost = payload_of(attachment)[:4096].count(b"\xef\xbf\xbd")
        if flaw and flaw.flaw == "replacement-characters":
            yield Breach(content_at(number), flaw.because)
        elif lost >= 3:
            yield Breach(
                content_at(number),
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
        flaw = flaw_of(attachment)
        if flaw and flaw.flaw == "not-base64":
            yield Breach(content_at(number), flaw.because)


@rule(
    "attachment-empty",
    "AT-01",
    level=Level.WARN,
    basis=Basis.LAW,
    title=Text("An attached file is not empty", "Tệp đính kèm không rỗng"),
    reason=Text(
        "an empty file travels whole; only a person can say whether something is missing",
        "tệp rỗng vẫn được truyền nguyên vẹn; chỉ con người mới biết có thiếu nội dung hay không",
    ),
    good="zip-attachment.edxml",
)
@of_package
def attachment_empty(package: Package, _: Reading) -> Iterator[Breach]:
    """Zero bytes, also inside the archive around the file."""
    for number, attachment in enumerate(package.attachments, 1):
        entries = entries_of(attachment) if is_wrapped(attachment) else None
        hollow = len(entries) == 1 and entries[0].file_size == 0 if entries else False
        if not attachment.encoded or hollow:
            yield Breach(
                content_at(number),
                Text(en=f"'{shown(attachment.name)}' has no bytes", vi=f"'{shown(attachment.name)}' có 0 byte"),
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
            yield Breach(member_at(number), Text(en="AttachmentName is missing", vi="thiếu AttachmentName"))


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
                member_at(number),
                Text(
                    en=f"'{shown(attachment.name)}' holds characters of a path",
                    vi=f"'{shown(attachment.name)}' chứa ký tự đường dẫn",
                ),
            )


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
        head, extension = head_of(attachment), extension_of(attachment)
        allowed = kinds_of_extension(extension)
        if head and allowed and kind_of(head) not in allowed:
            found = kind_of(head) or "?"
            yield Breach(
                content_at(number),
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
        extension, declared = extension_of(attachment), attachment.content_type.lower().split(";")[0].strip()
        allowed = expected_types(extension)
        if declared and allowed and declared not in allowed:
            yield Breach(
                member_at(number, "ContentType"),
                Text(
                    en=f"'{shown(attachment.name)}' is declared {shown(declared)}",
                    vi=f"'{shown(attachment.name)}' được khai là {shown(declared)}",
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
        inside = [entry.filename for entry in entries_of(attachment) or ()]
        for name in (attachment.name, *inside):
            if name.rsplit(".", 1)[-1].lower() in EXECUTABLE and "." in name:
                yield Breach(
                    member_at(number),
                    Text(en=f"'{shown(name)}' is a program", vi=f"'{shown(name)}' là tệp chương trình"),
                )
                break


RULES: tuple[Rule, ...] = (
    attachment_read_as_text,
    attachment_not_base64,
    attachment_empty,
    attachment_name_missing,
    attachment_name_is_a_path,
    attachment_content_differs,
    attachment_type_differs,
    attachment_is_a_program,
)
