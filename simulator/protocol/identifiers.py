"""Identifiers and their grammars. Nothing here rejects: it says which grammar a text has.

Unit codes on the wire are free text (wire.md C.7): the directory decides, never a pattern.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

__all__ = [
    "DocumentIdForm",
    "OrganIdForm",
    "ParsedDocumentId",
    "document_id",
    "mapped_code",
    "organ_form",
    "parse_document_id",
]


class OrganIdForm(StrEnum):
    """Which grammar a unit code has."""

    QCVN102 = "qcvn102"  # 000.00.13.H53: 13 characters, level 4.3.2.1 (QĐ 28/2018 art. 10.2a)
    QD20 = "qd20"  # H53.13: at most 35 of A-Z 0-9 and dots, from level 1 down (QĐ 20/2020 art. 4)
    NEITHER = "neither"  # real all the same: vxp.saas.03, 02.29.W00 has another length …


_QCVN102 = re.compile(r"[0-9A-Z]{3}\.[0-9A-Z]{2}\.[0-9A-Z]{2}\.[A-Z][0-9]{2}\Z")
_QD20 = re.compile(r"(?=.{1,35}\Z)[0-9A-Z]+(?:\.[0-9A-Z]+)*\Z")


def organ_form(code: str) -> OrganIdForm:
    """The grammar that ``code`` has: the 13-character form first, because it also fits the newer one."""
    if _QCVN102.match(code):
        return OrganIdForm.QCVN102
    return OrganIdForm.QD20 if _QD20.match(code) else OrganIdForm.NEITHER


def mapped_code(code: str) -> str | None:
    """The new code that the *derived* rule gives for an old one (structure.md 5); None for any other text.

    Only fills test data: real tables hold errors, so the axis takes the pair from its directory.
    """
    if organ_form(code) is not OrganIdForm.QCVN102:
        return None
    level4, level3, level2, level1 = code.split(".")
    return ".".join([level1, *(group for group in (level2, level3, level4) if group.strip("0"))])


class DocumentIdForm(StrEnum):
    """The grammars of DocumentId that are in use (regulation.md 12: compare as text, record which)."""

    TRIPLE = "triple"  # 000.00.00.G22,2026/01/15,7816/VPCP-TTĐT (SDK samples)
    DECREE = "decree"  # 000.00.00.G22,2026,7816 (QĐ 28/2018 art. 10.2b)
    DASHED = "dashed"  # 000.00.00.G22-2026-7816 (one product)
    UUID = "uuid"  # the vendor's builder makes one where none is given
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class ParsedDocumentId:
    """What a DocumentId says about itself; parts that its grammar lacks, or that are unreadable, are None."""

    form: DocumentIdForm
    organ: str | None = None
    issued: date | None = None
    issued_text: str | None = None
    year: int | None = None
    code: str | None = None


_TRIPLE = re.compile(r"([^,]{1,35}),([0-9]{4}/[0-9]{2}/[0-9]{2}),([^,]+)\Z")
_DECREE = re.compile(r"([^,]{1,35}),([0-9]{4}),([^,]+)\Z")
_DASHED = re.compile(r"([0-9A-Z.]{1,35})-([0-9]{4})-(.+)\Z")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")


def parse_document_id(text: str) -> ParsedDocumentId:
    """Read ``text`` by the first grammar that fits; OTHER where none does."""
    if match := _TRIPLE.match(text):
        year, month, day = (int(part) for part in match[2].split("/"))
        try:
            issued = date(year, month, day)
        except ValueError:
            issued = None
        return ParsedDocumentId(DocumentIdForm.TRIPLE, match[1], issued, match[2], year, match[3])
    if match := _DECREE.match(text):
        return ParsedDocumentId(DocumentIdForm.DECREE, match[1], None, None, int(match[2]), match[3])
    if _UUID.match(text):
        return ParsedDocumentId(DocumentIdForm.UUID)
    if match := _DASHED.match(text):
        return ParsedDocumentId(DocumentIdForm.DASHED, match[1], None, None, int(match[2]), match[3])
    return ParsedDocumentId(DocumentIdForm.OTHER)


def document_id(organ: str, issued: date, code: str) -> str:
    """The comma triple of the SDK's samples: ``organ,yyyy/MM/dd,number/notation``."""
    return f"{organ},{issued.year:04}/{issued.month:02}/{issued.day:02},{code}"
