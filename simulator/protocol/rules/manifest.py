"""The manifest against the attachments: ids, names, types (PK-05; wire.md C.3: any number of leading ``cid:``)."""

from collections.abc import Iterator, Sequence

from simulator.protocol.business import BusinessType
from simulator.protocol.codec import Reading
from simulator.protocol.package import Attachment, Package, Reference
from simulator.protocol.rules.rule import Basis, Breach, Level, Rule, of_package, rule, shown
from simulator.words import Text

__all__ = ["RULES"]


def _line(number: int, element: str = "") -> str:
    return f"edXMLManifest/Reference[{number}]" + (f"/{element}" if element else "")


def _file(number: int, element: str = "") -> str:
    return f"AttachmentEncoded/Attachment[{number}]" + (f"/{element}" if element else "")


def _ids(items: Sequence[Reference | Attachment]) -> set[str]:
    return {item.bare_id.lower() for item in items if item.bare_id}


def _pairs(package: Package) -> Iterator[tuple[int, Reference, Attachment]]:
    """(line number, line, file) where both bear one id, upper and lower case being one."""
    files = {attachment.bare_id.lower(): attachment for attachment in reversed(package.attachments)}
    for number, reference in enumerate(package.manifest, 1):
        if reference.bare_id and (attachment := files.get(reference.bare_id.lower())):
            yield number, reference, attachment


@rule(
    "reference-without-attachment",
    "AT-01",
    "PK-05",
    level=Level.ERROR,
    basis=Basis.LAW,
    title=Text("Every file of the manifest is there", "Tệp nêu trong manifest phải có mặt"),
    good="zip-attachment.edxml",
)
@of_package
def reference_without_attachment(package: Package, _: Reading) -> Iterator[Breach]:
    """What is exchanged is the document and its whole file (QĐ 28/2018 art. 10.1)."""
    present = _ids(package.attachments)
    for number, reference in enumerate(package.manifest, 1):
        if reference.bare_id and reference.bare_id.lower() not in present:
            yield Breach(
                _line(number),
                Text(
                    en=f"'{shown(reference.name or reference.bare_id)}' is listed, but not attached",
                    vi=f"'{shown(reference.name or reference.bare_id)}' có trong danh sách nhưng không đính kèm",
                ),
            )


@rule(
    "attachment-without-reference",
    "PK-05",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text("Every attachment is in the manifest", "Tệp đính kèm phải có trong manifest"),
    good="zip-attachment.edxml",
)
@of_package
def attachment_without_reference(package: Package, _: Reading) -> Iterator[Breach]:
    """A file that the manifest does not announce."""
    listed = _ids(package.manifest)
    for number, attachment in enumerate(package.attachments, 1):
        if attachment.bare_id and attachment.bare_id.lower() not in listed:
            yield Breach(
                _file(number),
                Text(
                    en=f"'{shown(attachment.name or attachment.bare_id)}' is attached, but not listed",
                    vi=f"'{shown(attachment.name or attachment.bare_id)}' được đính kèm nhưng không có trong danh sách",
                ),
            )


@rule(
    "manifest-missing",
    "PK-05",
    "PK-01",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text("A package with files has a manifest", "Gói tin có tệp thì có manifest"),
    good="zip-attachment.edxml",
)
@of_package
def manifest_missing(package: Package, reading: Reading) -> Iterator[Breach]:
    """Not an empty one: none at all. Readers that go by the manifest find no file."""
    if package.attachments and not reading.traits.manifest:
        count = len(package.attachments)
        yield Breach(
            "edXMLBody/edXMLManifest",
            Text(
                en=f"there is no edXMLManifest, and attachments: {count}",
                vi=f"không có edXMLManifest trong khi có {count} tệp đính kèm",
            ),
        )


@rule(
    "content-id-missing",
    "PK-05",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text("Reference and Attachment bear a ContentId", "Reference và Attachment đều có ContentId"),
    good="zip-attachment.edxml",
)
@of_package
def content_id_missing(package: Package, _: Reading) -> Iterator[Breach]:
    """Without it nothing joins the two."""
    lines = [(_line(number, "ContentId"), item.bare_id) for number, item in enumerate(package.manifest, 1)]
    files = [(_file(number, "ContentId"), item.bare_id) for number, item in enumerate(package.attachments, 1)]
    for at, found in (*lines, *files):
        if not found:
            yield Breach(at, Text(en="ContentId is missing or empty", vi="thiếu ContentId hoặc để trống"))


@rule(
    "content-id-twice",
    "PK-05",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text("A ContentId is used once", "ContentId không lặp lại"),
    good="zip-attachment.edxml",
)
@of_package
def content_id_twice(package: Package, _: Reading) -> Iterator[Breach]:
    """The second file hides the first, or the first the second."""
    lines = [(_line(number, "ContentId"), item.bare_id) for number, item in enumerate(package.manifest, 1)]
    files = [(_file(number, "ContentId"), item.bare_id) for number, item in enumerate(package.attachments, 1)]
    for places in (lines, files):
        seen: set[str] = set()
        for at, found in places:
            if found and found in seen:
                yield Breach(at, Text(en=f"{shown(found)} is used twice", vi=f"{shown(found)} dùng hai lần"))
            seen.add(found)


@rule(
    "content-id-other-case",
    "PK-05",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text("A ContentId is spelt alike in both places", "ContentId viết giống nhau ở hai nơi"),
    good="zip-attachment.edxml",
)
@of_package
def content_id_other_case(package: Package, _: Reading) -> Iterator[Breach]:
    """Upper and lower case differ: many readers find no file."""
    for number, reference, attachment in _pairs(package):
        if reference.bare_id != attachment.bare_id:
            yield Breach(
                _line(number, "ContentId"),
                Text(
                    en=f"{shown(reference.bare_id)} here, {shown(attachment.bare_id)} at the attachment",
                    vi=f"ở đây là {shown(reference.bare_id)}, ở tệp đính kèm là {shown(attachment.bare_id)}",
                ),
            )


@rule(
    "manifest-name-differs",
    "PK-05",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text("A file has one name", "Tên tệp giống nhau ở hai nơi"),
    good="zip-attachment.edxml",
)
@of_package
def manifest_name_differs(package: Package, _: Reading) -> Iterator[Breach]:
    """AttachmentName of Reference and of Attachment."""
    for number, reference, attachment in _pairs(package):
        if reference.name and attachment.name and reference.name != attachment.name:
            yield Breach(
                _line(number, "AttachmentName"),
                Text(
                    en=f"'{shown(reference.name)}' here, '{shown(attachment.name)}' at the attachment",
                    vi=f"ở đây là '{shown(reference.name)}', ở tệp đính kèm là '{shown(attachment.name)}'",
                ),
            )


def _types(package: Package) -> Iterator[tuple[int, str, str]]:
    for number, reference, attachment in _pairs(package):
        listed, real = reference.content_type.lower(), attachment.content_type.lower()
        if listed and real and listed != real:
            yield number, listed, real


@rule(
    "manifest-type-is-zip",
    "PK-05",
    level=Level.INFO,
    basis=Basis.SDK,
    title=Text("The manifest says the type of the file", "Manifest nêu đúng kiểu tệp"),
    good="zip-attachment.edxml",
    reason=Text(en="a habit of the vendor's builder (wire.md C.3)", vi="thói quen của thư viện nhà cung cấp"),
)
@of_package
def manifest_type_is_zip(package: Package, _: Reading) -> Iterator[Breach]:
    """The builder writes ``application/zip`` before it knows the type; nobody is to blame."""
    for number, listed, real in _types(package):
        if listed == "application/zip":
            yield Breach(
                _line(number, "ContentType"),
                Text(
                    en=f"application/zip here, {shown(real)} at the attachment, as the vendor's builder writes it",
                    vi=f"ở đây là application/zip, ở tệp đính kèm là {shown(real)}, do thư viện nhà cung cấp ghi",
                ),
            )


@rule(
    "manifest-type-differs",
    "PK-05",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text("A file has one type", "Kiểu tệp giống nhau ở hai nơi"),
    good="zip-attachment.edxml",
)
@of_package
def manifest_type_differs(package: Package, _: Reading) -> Iterator[Breach]:
    """ContentType of Reference and of Attachment, the builder's habit apart."""
    for number, listed, real in _types(package):
        if listed != "application/zip":
            yield Breach(
                _line(number, "ContentType"),
                Text(
                    en=f"{shown(listed)} here, {shown(real)} at the attachment",
                    vi=f"ở đây là {shown(listed)}, ở tệp đính kèm là {shown(real)}",
                ),
            )


@rule(
    "no-attachment",
    "AT-01",
    level=Level.WARN,
    basis=Basis.LAW,
    title=Text("A document comes with its file", "Văn bản có tệp kèm theo"),
    good="minimal-new.edxml",
    reason=Text(
        en="the builder writes such packages, and nothing else tells that a file belongs to it",
        vi="thư viện vẫn tạo gói tin như vậy, và không có gì khác cho biết phải có tệp",
    ),
)
@of_package
def no_attachment(package: Package, _: Reading) -> Iterator[Breach]:
    """For new documents and replacements; a recall or an update may come alone."""
    is_document = package.business_type in (BusinessType.NEW, BusinessType.REPLACE)
    if is_document and not package.attachments and not package.manifest:
        yield Breach("AttachmentEncoded", Text(en="there is no attachment", vi="không có tệp đính kèm nào"))


RULES: tuple[Rule, ...] = (
    reference_without_attachment,
    attachment_without_reference,
    manifest_missing,
    content_id_missing,
    content_id_twice,
    content_id_other_case,
    manifest_name_differs,
    manifest_type_is_zip,
    manifest_type_differs,
    no_attachment,
)
