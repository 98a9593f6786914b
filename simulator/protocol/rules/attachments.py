"""The attached files: base64, and whether the content is what it says, to its end (AT-01, AT-04, AT-07, AT-10)."""

from collections.abc import Iterator

from simulator.protocol.codec import Reading
from simulator.protocol.package import Package
from simulator.protocol.rules.contents import (
    EXECUTABLE,
    expected_types,
    holds_packet,
    kind_of,
    kinds_of_extension,
    kinds_of_type,
    must_be_known,
)
from simulator.protocol.rules.opened import (
    content_at,
    entries_of,
    extension_of,
    file_of,
    flaw_of,
    head_of,
    is_wrapped,
    member_at,
    payload_of,
)
from simulator.protocol.rules.rule import Basis, Breach, Level, Rule, of_package, rule, shown
from simulator.protocol.rules.wholes import flaw_of_kind, pdf_table_flaw
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
    "attachment-content-differs",
    "AT-10",
    level=Level.WARN,
    basis=Basis.DERIVED,
    title=Text("A file is what its name says", "Nội dung tệp đúng với phần mở rộng"),
    good="zip-attachment.edxml",
)
@of_package
def attachment_content_differs(package: Package, _: Reading) -> Iterator[Breach]:
    """A program named ``.pdf``, a picture named ``.docx``."""
    for number, attachment in enumerate(package.attachments, 1):
        head, extension = head_of(attachment), extension_of(attachment)
        allowed, found = kinds_of_extension(extension), kind_of(head)
        if not head or not allowed or found in allowed or holds_packet(head):
            continue
        if found or not must_be_known(extension):
            found = found or "?"
            yield Breach(
                content_at(number),
                Text(
                    en=f"'{shown(attachment.name)}' is no .{extension}: its content is {found}",
                    vi=f"'{shown(attachment.name)}' không phải .{extension}: nội dung là {found}",
                ),
            )


@rule(
    "attachment-of-no-kind",
    "AT-07",
    level=Level.ERROR,
    basis=Basis.LAW,
    title=Text("A file begins as its kind does", "Tệp bắt đầu đúng như loại tệp của nó"),
    good="zip-attachment.edxml",
    unprocessable=Text(
        en="no program opens it as what its name says", vi="không phần mềm nào mở được tệp theo phần mở rộng"
    ),
)
@of_package
def attachment_of_no_kind(package: Package, _: Reading) -> Iterator[Breach]:
    """Junk named ``.pdf``: it begins like no kind of file at all. What is another kind only warns."""
    for number, attachment in enumerate(package.attachments, 1):
        head, extension = head_of(attachment), extension_of(attachment)
        if head and must_be_known(extension) and not kind_of(head):
            yield Breach(
                content_at(number),
                Text(
                    en=f"'{shown(attachment.name)}' does not begin like a .{extension}, nor like any known file",
                    vi=f"'{shown(attachment.name)}' không bắt đầu như tệp .{extension} hay loại tệp nào đã biết",
                ),
            )


@rule(
    "attachment-cut-off",
    "AT-07",
    level=Level.ERROR,
    basis=Basis.LAW,
    title=Text("A file is there to its end", "Tệp có đủ đến phần cuối"),
    good="zip-attachment.edxml",
    unprocessable=Text(en="a part of the document is lost", vi="một phần văn bản đã mất"),
)
@of_package
def attachment_cut_off(package: Package, _: Reading) -> Iterator[Breach]:
    """Half a PDF, a picture without its end: the base64 is right, and what it stands for is not whole."""
    for number, attachment in enumerate(package.attachments, 1):
        kind, file = kind_of(head_of(attachment)), file_of(attachment)
        if file and (flaw := flaw_of_kind(kind, file)):  # what does not unpack has rules of its own
            yield Breach(
                content_at(number),
                Text(
                    en=f"'{shown(attachment.name)}' ({kind}): {flaw.en}",
                    vi=f"'{shown(attachment.name)}' ({kind}): {flaw.vi}",
                ),
            )


@rule(
    "attachment-pdf-shifted",
    "AT-07",
    level=Level.WARN,
    basis=Basis.LAW,
    title=Text("A PDF's table is where it says", "Bảng tham chiếu của PDF nằm đúng chỗ"),
    good="zip-attachment.edxml",
    reason=Text(
        en="careless programs write such files, and readers repair them",
        vi="có phần mềm vẫn ghi tệp như vậy và bộ đọc tự sửa được",
    ),
)
@of_package
def attachment_pdf_shifted(package: Package, _: Reading) -> Iterator[Breach]:
    """Four letters of base64 are three bytes: lost together they leave right base64 and a PDF that is shifted."""
    for number, attachment in enumerate(package.attachments, 1):
        if kind_of(head_of(attachment)) == "pdf" and (flaw := pdf_table_flaw(file_of(attachment))):
            yield Breach(
                content_at(number),
                Text(en=f"'{shown(attachment.name)}': {flaw.en}", vi=f"'{shown(attachment.name)}': {flaw.vi}"),
            )


@rule(
    "attachment-is-a-packet",
    "AT-10",
    level=Level.WARN,
    basis=Basis.DERIVED,
    title=Text("A file is no edXML packet under another name", "Tệp đính kèm không phải gói edXML mang tên khác"),
    good="zip-attachment.edxml",
)
@of_package
def attachment_is_a_packet(package: Package, _: Reading) -> Iterator[Breach]:
    """A gateway that wraps the packet which it should have handed on: the clerk opens a .doc and reads XML."""
    for number, attachment in enumerate(package.attachments, 1):
        if holds_packet(head_of(attachment)) and extension_of(attachment) not in ("edxml", "xml"):
            yield Breach(
                content_at(number),
                Text(
                    en=f"'{shown(attachment.name)}' is an edXML packet itself",
                    vi=f"'{shown(attachment.name)}' chính là một gói edXML",
                ),
            )


@rule(
    "attachment-content-not-as-declared",
    "AT-10",
    level=Level.WARN,
    basis=Basis.DERIVED,
    title=Text("A file is what its declared type says", "Nội dung tệp đúng với kiểu khai báo"),
    good="zip-attachment.edxml",
)
@of_package
def attachment_content_not_as_declared(package: Package, _: Reading) -> Iterator[Breach]:
    """For names whose extension says nothing of the content; ContentType and MimeType, in the package itself."""
    for number, attachment in enumerate(package.attachments, 1):
        head = head_of(attachment)
        if not head or kinds_of_extension(extension_of(attachment)):
            continue
        for element, written in (("ContentType", attachment.content_type), ("MimeType", attachment.mime_type)):
            declared = written.lower().split(";")[0].strip()
            allowed, found = kinds_of_type(declared), kind_of(head)
            if allowed and found not in allowed:
                yield Breach(
                    member_at(number, element),
                    Text(
                        en=f"'{shown(attachment.name)}' is declared {shown(declared)}, its content is {found or '?'}",
                        vi=f"'{shown(attachment.name)}' khai là {shown(declared)}, nội dung là {found or '?'}",
                    ),
                )
                break


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
    attachment_content_differs,
    attachment_of_no_kind,
    attachment_cut_off,
    attachment_pdf_shifted,
    attachment_is_a_packet,
    attachment_content_not_as_declared,
    attachment_type_differs,
    attachment_is_a_program,
)
