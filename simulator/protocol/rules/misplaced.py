"""A value in the wrong field: what is right somewhere else and wrong where it stands (HD-42)."""

import re
import unicodedata
from collections.abc import Iterator

from simulator.protocol.codec import Reading
from simulator.protocol.package import Package
from simulator.protocol.rules.rule import Basis, Breach, Level, Rule, filled, of_package, rule, shown
from simulator.words import Text

__all__ = ["RULES"]

_FAMILIES = frozenset(
    {
        "nguyễn", "trần", "lê", "phạm", "hoàng", "huỳnh", "phan", "vũ", "võ", "đặng", "bùi", "đỗ", "hồ", "ngô",
        "dương", "đinh", "đào", "đoàn", "trịnh", "trương", "lâm", "tạ",
    }
)  # fmt: skip
"""Family names that most people bear and no authority prefix begins with."""
_WORD = re.compile(r"[^\W\d_]+\Z")
_DAY = re.compile(
    r"(?:(?:19|20)[0-9]{2}[/.-][0-9]{1,2}[/.-][0-9]{1,2}|[0-9]{1,2}[/.-][0-9]{1,2}[/.-](?:19|20)[0-9]{2})\Z"
)
_LETTERLESS = re.compile(r"[^\w]*[0-9][0-9\W]*\Z")


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _looks_like_a_person(text: str) -> bool:
    """Two to five capitalised words without any sign, the first a common family name: "TM." and "KT." have neither."""
    words = unicodedata.normalize("NFC", text).split()
    return (
        2 <= len(words) <= 5
        and words[0].casefold() in _FAMILIES
        and all(_WORD.match(word) and word == word.capitalize() for word in words)
    )


@rule(
    "person-in-another-field",
    "HD-42",
    level=Level.WARN,
    basis=Basis.DERIVED,
    title=Text("Competence and Position name no person", "Competence và Position không ghi họ tên người"),
    good="legal-document.edxml",
)
@of_package
def person_in_another_field(package: Package, _: Reading) -> Iterator[Breach]:
    """The signer's name again, or in Competence what can only be a name: people read 'Nguyễn Văn A, KT. Chủ tịch'."""
    signer = package.signer
    if signer is None:
        return
    for element, text in (("Competence", signer.competence), ("Position", signer.position)):
        again = bool(text) and _folded(text) == _folded(signer.full_name)
        if again or (element == "Competence" and _looks_like_a_person(text)):
            yield Breach(
                f"MessageHeader/SignerInfo/{element}",
                Text(
                    en=f"'{shown(text)}' is the name of a person",
                    vi=f"'{shown(text)}' là họ tên người",
                ),
            )


@rule(
    "date-in-a-code",
    "HD-42",
    level=Level.WARN,
    basis=Basis.DERIVED,
    title=Text("Number and notation are no date", "Số và ký hiệu không phải ngày tháng"),
)
def date_in_a_code(reading: Reading) -> Iterator[Breach]:
    """``2026/11/30`` or ``30/11/2026`` in CodeNumber, CodeNotation or the Code of a ResponseFor."""
    fields = ("MessageHeader/Code/CodeNumber", "MessageHeader/Code/CodeNotation", "MessageHeader/ResponseFor/Code")
    for leaf, text in filled(reading, *fields):
        if _DAY.match(text):
            yield Breach(leaf.path, Text(en=f"'{shown(text)}' is a date", vi=f"'{shown(text)}' là ngày tháng"))


@rule(
    "number-in-the-notation",
    "HD-42",
    "HD-11",
    level=Level.WARN,
    basis=Basis.DERIVED,
    title=Text("A notation has letters", "Ký hiệu có chữ cái"),
)
def number_in_the_notation(reading: Reading) -> Iterator[Breach]:
    """``120`` alone: the number stands where the notation should. Dates have a rule of their own."""
    for leaf, text in filled(reading, "MessageHeader/Code/CodeNotation"):
        if _LETTERLESS.match(text) and not _DAY.match(text):
            yield Breach(
                leaf.path, Text(en=f"'{shown(text)}' is no notation", vi=f"'{shown(text)}' không phải ký hiệu văn bản")
            )


RULES: tuple[Rule, ...] = (person_in_another_field, date_in_a_code, number_in_the_notation)
