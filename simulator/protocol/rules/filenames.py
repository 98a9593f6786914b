"""Names of attached files: is each one, can each be stored, and all of them beside each other? (AT-03, AT-09, PK-05)"""

import re
import unicodedata
from collections.abc import Iterator

from simulator.protocol.codec import Reading
from simulator.protocol.package import Package
from simulator.protocol.rules.opened import member_at
from simulator.protocol.rules.rule import Basis, Breach, Level, Rule, of_package, rule, shown
from simulator.words import Text

__all__ = ["RULES"]

_RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|com[1-9¹²³]|lpt[1-9¹²³])[ .]*(?:\..*)?\Z")


def _on_disk(name: str) -> str:
    """What a disk that folds case and Unicode forms, and drops dots and blanks at the end, makes of a name."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).rstrip(". \u00a0")


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
    "attachment-name-not-storable",
    "AT-09",
    level=Level.WARN,
    basis=Basis.DERIVED,
    title=Text("An attachment's name can be stored everywhere", "Tên tệp đính kèm lưu được trên mọi hệ thống"),
)
@of_package
def attachment_name_not_storable(package: Package, reading: Reading) -> Iterator[Breach]:
    """Names of devices (``CON.pdf``), a dot or a blank at the end: Windows refuses the one and drops the other."""
    for number, attachment in enumerate(package.attachments, 1):
        name = attachment.name
        written = (reading.text(member_at(number)) or "").strip("\t\r\n")
        if name in (".", "..") or _RESERVED.match(name):
            yield Breach(
                member_at(number),
                Text(en=f"'{shown(name)}' is a reserved name", vi=f"'{shown(name)}' là tên dành riêng"),
            )
        elif name and (name.endswith(".") or written[-1:].isspace() or written[:1].isspace()):
            yield Breach(
                member_at(number),
                Text(
                    en=f"'{shown(name)}' begins or ends with a blank, or ends with a dot",
                    vi=f"'{shown(name)}' có khoảng trắng ở đầu hoặc cuối, hoặc kết thúc bằng dấu chấm",
                ),
            )


@rule(
    "attachment-names-collide",
    "AT-09",
    level=Level.WARN,
    basis=Basis.DERIVED,
    title=Text("No two attachments have one name", "Không có hai tệp đính kèm trùng tên"),
    good="zip-attachment.edxml",
)
@of_package
def attachment_names_collide(package: Package, _: Reading) -> Iterator[Breach]:
    """Alike, or alike to a disk that is blind for case and Unicode forms: the second overwrites the first."""
    seen: dict[str, tuple[int, str]] = {}
    for number, attachment in enumerate(package.attachments, 1):
        if not (folded := _on_disk(attachment.name)):
            continue
        first, name = seen.setdefault(folded, (number, attachment.name))
        if first != number:
            yield Breach(
                member_at(number),
                Text(
                    en=f"'{shown(attachment.name)}' is also the name of attachment {first}"
                    if name == attachment.name
                    else f"'{shown(attachment.name)}' and '{shown(name)}' (attachment {first}) are one name to a disk",
                    vi=f"'{shown(attachment.name)}' trùng tên với tệp đính kèm {first}"
                    if name == attachment.name
                    else f"'{shown(attachment.name)}' và '{shown(name)}' (tệp {first}) là một tên khi lưu trên đĩa",
                ),
            )


RULES: tuple[Rule, ...] = (
    attachment_name_missing,
    attachment_name_is_a_path,
    attachment_name_not_storable,
    attachment_names_collide,
)
