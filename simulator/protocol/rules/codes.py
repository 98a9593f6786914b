"""Số và ký hiệu: number, notation, and the type of document that the notation names.

Decree 30/2020, Appendix I part I.II.3 (form) and Appendix III (abbreviations); lengths are in lengths.py.
"""

import re
from collections.abc import Iterator

from simulator.protocol.codec import Reading
from simulator.protocol.package import Package
from simulator.protocol.rules.doctypes import LEGAL_TYPES, TYPES, DocType, folded, type_named
from simulator.protocol.rules.rule import Basis, Breach, Level, Rule, of_package, rule, shown
from simulator.words import Text

__all__ = ["RULES"]

_NUMBER_AT = "MessageHeader/Code/CodeNumber"
_NOTATION_AT = "MessageHeader/Code/CodeNotation"
_NUMBER = re.compile(r"[0-9]+[A-Za-zĐđ]{0,3}(?:[.-][0-9A-Za-z]+)?\Z")
_YEAR_FIRST = re.compile(r"(?:19|20)[0-9]{2}/")


def _code(package: Package) -> tuple[str, str]:
    return (package.code.number, package.code.notation) if package.code else ("", "")


@rule(
    "number-missing",
    "HD-10",
    level=Level.WARN,
    basis=Basis.OBSERVED,
    title=Text("A document has a number", "Văn bản có số"),
)
@of_package
def number_missing(package: Package, _: Reading) -> Iterator[Breach]:
    """Products refuse it when empty."""
    if not _code(package)[0]:
        yield Breach(_NUMBER_AT, Text(en="CodeNumber is missing or empty", vi="thiếu CodeNumber hoặc để trống"))


@rule(
    "notation-missing",
    "HD-11",
    level=Level.WARN,
    basis=Basis.OBSERVED,
    title=Text("A document has a notation", "Văn bản có ký hiệu"),
)
@of_package
def notation_missing(package: Package, _: Reading) -> Iterator[Breach]:
    """Products refuse it when empty."""
    if not _code(package)[1]:
        yield Breach(_NOTATION_AT, Text(en="CodeNotation is missing or empty", vi="thiếu CodeNotation hoặc để trống"))


@rule(
    "number-holds-notation",
    "HD-10",
    level=Level.WARN,
    basis=Basis.OBSERVED,
    title=Text("CodeNumber holds the number only", "CodeNumber chỉ chứa số"),
)
@of_package
def number_holds_notation(package: Package, _: Reading) -> Iterator[Breach]:
    """The whole ``12/UBND-VP`` in one field (pitfall 25)."""
    number, _notation = _code(package)
    if "/" in number:
        yield Breach(
            _NUMBER_AT,
            Text(
                en=f"'{shown(number)}' is number and notation in one",
                vi=f"'{shown(number)}' gộp cả số và ký hiệu",
            ),
        )


@rule(
    "notation-holds-number",
    "HD-11",
    level=Level.WARN,
    basis=Basis.OBSERVED,
    title=Text("CodeNotation holds the notation only", "CodeNotation chỉ chứa ký hiệu"),
    good="legal-document.edxml",
)
@of_package
def notation_holds_number(package: Package, _: Reading) -> Iterator[Breach]:
    """``12/UBND-VP`` repeated in the notation; the year of a legal document (``2026/QĐ-UBND``) is part of it."""
    _number, notation = _code(package)
    whole = re.match(r"[0-9]+[a-z]?/", notation) is not None and not _YEAR_FIRST.match(notation)
    if whole or notation.startswith("/"):
        yield Breach(
            _NOTATION_AT,
            Text(
                en=f"'{shown(notation)}' is more than the notation",
                vi=f"'{shown(notation)}' chứa nhiều hơn phần ký hiệu",
            ),
        )


@rule(
    "number-without-leading-zero",
    "DI-05",
    level=Level.WARN,
    basis=Basis.LAW,
    title=Text("A number below 10 is written with a leading 0", "Số nhỏ hơn 10 có số 0 đứng trước"),
    good="legal-document.edxml",
    reason=Text(
        en="the decree speaks of the printed number; in the packet 5 is warned about (contract, section 4)",
        vi="nghị định quy định số in trên văn bản; trong gói tin số 5 chỉ bị cảnh báo (hợp đồng, mục 4)",
    ),
)
@of_package
def number_without_leading_zero(package: Package, _: Reading) -> Iterator[Breach]:
    """05, not 5 (Appendix I part I.II.3)."""
    number, _notation = _code(package)
    if re.match(r"[1-9][A-Za-z]?\Z", number):
        yield Breach(_NUMBER_AT, Text(en=f"{number} should read 0{number}", vi=f"{number} phải viết là 0{number}"))


@rule(
    "number-malformed",
    "HD-10",
    level=Level.WARN,
    basis=Basis.OBSERVED,
    title=Text("CodeNumber is a number", "CodeNumber là một con số"),
    good="legal-document.edxml",
)
@of_package
def number_malformed(package: Package, _: Reading) -> Iterator[Breach]:
    """Arabic digits, perhaps with a letter (``12a``); not 0."""
    number, _notation = _code(package)
    if number and "/" not in number and (not _NUMBER.match(number) or re.match(r"0+\Z", number)):
        yield Breach(
            _NUMBER_AT,
            Text(en=f"'{shown(number)}' is no document number", vi=f"'{shown(number)}' không phải số văn bản"),
        )


@rule(
    "notation-with-blanks",
    "DI-05",
    level=Level.ERROR,
    basis=Basis.LAW,
    title=Text("A notation has no blanks", "Ký hiệu không có khoảng trắng"),
)
@of_package
def notation_with_blanks(package: Package, _: Reading) -> Iterator[Breach]:
    """Groups are joined by ``-`` without blanks (Appendix I part I.II.3)."""
    _number, notation = _code(package)
    if re.search(r"\s", notation):
        yield Breach(
            _NOTATION_AT,
            Text(en=f"'{shown(notation)}' holds blanks", vi=f"'{shown(notation)}' có khoảng trắng"),
        )


@rule(
    "notation-in-lower-case",
    "DI-05",
    level=Level.ERROR,
    basis=Basis.LAW,
    title=Text("A notation is written in capitals", "Ký hiệu viết chữ in hoa"),
    good="legal-document.edxml",
)
@of_package
def notation_in_lower_case(package: Package, _: Reading) -> Iterator[Breach]:
    """Capitals, but for the small letters of abbreviations such as QyĐ, TTr, TTg."""
    _number, notation = _code(package)
    for group in re.split(r"[-/\s]+", notation):
        small = sum(letter.islower() for letter in group)
        if group[:1].islower() or small > 1:
            yield Breach(
                _NOTATION_AT,
                Text(en=f"'{shown(group)}' is in small letters", vi=f"'{shown(group)}' viết chữ thường"),
            )


def _type_and_group(package: Package) -> tuple[DocType, str] | None:
    """The type that TypeName names, and the first group of the notation (after the year of a legal document)."""
    found = type_named(package.document_type.name) if package.document_type else None
    notation = re.sub(_YEAR_FIRST, "", _code(package)[1])
    return (found, notation.split("-")[0].strip()) if found and notation else None


@rule(
    "abbreviation-lost-its-stroke",
    "DI-07",
    level=Level.ERROR,
    basis=Basis.LAW,
    title=Text("Đ and D in a type's abbreviation are kept apart", "Chữ viết tắt của loại văn bản phân biệt Đ và D"),
    good="legal-document.edxml",
)
@of_package
def abbreviation_lost_its_stroke(package: Package, _: Reading) -> Iterator[Breach]:
    """QD for QĐ; HD is a hướng dẫn, HĐ a hợp đồng; DA a dự án, ĐA a đề án."""
    pair = _type_and_group(package)
    if pair and pair[0].abbreviation:
        kind, group = pair
        if folded(group) == folded(kind.abbreviation) and group.upper() != kind.abbreviation.upper():
            yield Breach(
                _NOTATION_AT,
                Text(
                    en=f"{kind.name} is {kind.abbreviation}, the notation says {group}",
                    vi=f"{kind.name} viết tắt là {kind.abbreviation}, ký hiệu lại ghi {group}",
                ),
            )


@rule(
    "abbreviation-of-another-type",
    "DI-06",
    "HD-16",
    level=Level.WARN,
    basis=Basis.LAW,
    title=Text("Notation and TypeName name one type", "Ký hiệu và TypeName cùng chỉ một loại văn bản"),
    good="legal-document.edxml",
    reason=Text(
        en="the abbreviation of an organ may look like that of a type",
        vi="chữ viết tắt tên cơ quan có thể trùng với chữ viết tắt loại văn bản",
    ),
)
@of_package
def abbreviation_of_another_type(package: Package, _: Reading) -> Iterator[Breach]:
    """QĐ-UBND is a quyết định; a công văn begins with the organ, never with CV."""
    pair = _type_and_group(package)
    if pair is None:
        return
    kind, group = pair
    if folded(group) == folded(kind.abbreviation):
        return
    others = {item.abbreviation.upper() for item in TYPES if item.abbreviation} | {"CV"}
    if kind.abbreviation or group.upper() in others:
        expected = kind.abbreviation or "–"
        yield Breach(
            _NOTATION_AT,
            Text(
                en=f"TypeName is {kind.name} (abbreviation {expected}), the notation begins with {shown(group)}",
                vi=f"TypeName là {kind.name} (viết tắt {expected}), ký hiệu lại bắt đầu bằng {shown(group)}",
            ),
        )


@rule(
    "type-name-unknown",
    "HD-16",
    level=Level.WARN,
    basis=Basis.OBSERVED,
    title=Text("TypeName is a type of document", "TypeName là tên loại văn bản"),
    good="legal-document.edxml",
)
@of_package
def type_name_unknown(package: Package, _: Reading) -> Iterator[Breach]:
    """29 administrative types (Decree 30/2020 art. 7), the legal ones, the copies."""
    name = package.document_type.name if package.document_type else ""
    if name and type_named(name) is None and name.lower() not in LEGAL_TYPES:
        yield Breach(
            "MessageHeader/DocumentType/TypeName",
            Text(
                en=f"'{shown(name)}' is none of the types of Decree 30/2020",
                vi=f"'{shown(name)}' không thuộc các loại văn bản của Nghị định 30/2020",
            ),
        )


_DETAILS = {18: "Công văn", 19: "Công điện", 20: "Bản ghi nhớ", 22: "Bản thỏa thuận", 24: "Giấy ủy quyền",
            25: "Giấy mời", 26: "Giấy giới thiệu"}  # fmt: skip


@rule(
    "type-detail-of-another-type",
    "HD-15",
    level=Level.WARN,
    basis=Basis.LAW_SECONDARY,
    title=Text("TypeDetail and TypeName name one type", "TypeDetail và TypeName cùng chỉ một loại văn bản"),
    good="legal-document.edxml",
)
@of_package
def type_detail_of_another_type(package: Package, _: Reading) -> Iterator[Breach]:
    """Only the few numbers of the list that a source confirms."""
    kind = package.document_type
    expected = _DETAILS.get(kind.detail) if kind and kind.detail is not None else None
    named = type_named(kind.name) if kind else None
    if kind and expected and named and named.name != expected:
        yield Breach(
            "MessageHeader/DocumentType/TypeDetail",
            Text(
                en=f"{kind.detail} is {expected}, TypeName says {named.name}",
                vi=f"{kind.detail} là {expected}, TypeName lại ghi {named.name}",
            ),
        )


RULES: tuple[Rule, ...] = (
    number_missing,
    notation_missing,
    number_holds_notation,
    notation_holds_number,
    number_without_leading_zero,
    number_malformed,
    notation_with_blanks,
    notation_in_lower_case,
    abbreviation_lost_its_stroke,
    abbreviation_of_another_type,
    type_name_unknown,
    type_detail_of_another_type,
)
