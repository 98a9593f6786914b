"""Every length limit as one table; each row is a rule (regulation.md 5).

Characters are counted as people count them, after composing (NFC): never bytes, never dot-separated groups (pitfall
37). Where two sources give two limits, passing the smaller one is the breach, and the warning names both.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from simulator.protocol.codec import Reading
from simulator.protocol.rules.rule import Basis, Breach, Check, Level, Rule, filled, rule
from simulator.words import Text

__all__ = ["RULES"]

_FROM_TO = ("MessageHeader/From/", "MessageHeader/To/")
_STAFF = ("TraceHeaderList/Bussiness/StaffInfo/", "MessageHeader/StaffInfo/")
_HEADER = ("MessageHeader/",)
_TARGETS = (
    "MessageHeader/",
    "MessageHeader/ResponseFor/",
    "TraceHeaderList/Bussiness/",
    "TraceHeaderList/Bussiness/ReplacementInfoList/ReplacementInfo/",
)
_FILES = ("edXMLManifest/Reference/", "AttachmentEncoded/Attachment/")


@dataclass(frozen=True, slots=True)
class Row:
    """One field: where it may stand, its limit or its two limits, and where that is written."""

    id: str
    element: str
    parents: tuple[str, ...]
    limits: tuple[int, ...]
    requirement: str
    basis: Basis = Basis.OBSERVED
    level: Level = Level.WARN


ROWS: tuple[Row, ...] = (
    Row("organ-name-too-long", "OrganName", ("MessageHeader/From/",), (200,), "HD-02"),
    Row("receiver-name-too-long", "OrganName", ("MessageHeader/To/",), (200,), "HD-41"),
    Row("organ-in-charge-too-long", "OrganizationInCharge", _FROM_TO, (200, 500), "HD-03"),
    Row("address-too-long", "OrganAdd", _FROM_TO, (250, 500), "HD-03"),
    Row("email-too-long", "Email", _FROM_TO, (100,), "HD-03"),
    Row("telephone-too-long", "Telephone", _FROM_TO, (20, 50), "HD-03"),
    Row("fax-too-long", "Fax", _FROM_TO, (20, 50), "HD-03"),
    Row("website-too-long", "Website", _FROM_TO, (20, 100), "HD-03"),
    Row("number-too-long", "Code/CodeNumber", _HEADER, (11,), "HD-10"),
    Row("notation-too-long", "Code/CodeNotation", _HEADER, (30,), "HD-11"),
    Row("place-too-long", "PromulgationInfo/Place", _HEADER, (50,), "HD-13", Basis.SDK),
    Row("type-name-too-long", "DocumentType/TypeName", _HEADER, (100,), "HD-16"),
    Row("subject-too-long", "Subject", _HEADER, (500,), "HD-17"),
    Row("content-too-long", "Content", _HEADER, (500,), "HD-18"),
    Row("competence-too-long", "SignerInfo/Competence", _HEADER, (100,), "HD-19"),
    Row("position-too-long", "SignerInfo/Position", _HEADER, (100,), "HD-20", Basis.LAW, Level.ERROR),
    Row("full-name-too-long", "SignerInfo/FullName", _HEADER, (50,), "HD-21", Basis.LAW, Level.ERROR),
    Row("to-place-too-long", "ToPlaces/Place", _HEADER, (150,), "HD-23", Basis.LAW),
    Row("appendix-too-long", "OtherInfo/Appendixes/Appendix", _HEADER, (250,), "HD-23", Basis.LAW),
    Row("sphere-too-long", "OtherInfo/SphereOfPromulgation", _HEADER, (100,), "HD-25"),
    Row("typer-notation-too-long", "OtherInfo/TyperNotation", _HEADER, (10,), "HD-25"),
    Row("document-id-too-long", "DocumentId", _TARGETS, (200,), "HD-32", Basis.SDK),
    Row("department-too-long", "Department", _STAFF, (250,), "HD-34", Basis.SDK),
    Row("staff-too-long", "Staff", _STAFF, (100,), "HD-34", Basis.SDK),
    Row("mobile-too-long", "Mobile", _STAFF, (100,), "HD-34", Basis.SDK),
    Row("staff-email-too-long", "Email", _STAFF, (100,), "HD-34", Basis.SDK),
    Row("attachment-name-too-long", "AttachmentName", _FILES, (200, 500), "AT-04"),
)


def _length(text: str) -> int:
    return len(unicodedata.normalize("NFC", text))


def _because(length: int, limits: tuple[int, ...]) -> Text:
    if len(limits) == 1:
        return Text(en=f"{length} characters, at most {limits[0]}", vi=f"{length} ký tự, tối đa {limits[0]}")
    low, high = limits
    return Text(
        en=f"{length} characters; sources give two limits, {low} and {high}",
        vi=f"{length} ký tự; các nguồn nêu hai giới hạn, {low} và {high}",
    )


def _finds(row: Row) -> Check:
    paths = tuple(parent + row.element for parent in row.parents)

    def check(reading: Reading) -> Iterator[Breach]:
        for leaf, text in filled(reading, *paths):
            if (length := _length(text)) > min(row.limits):
                yield Breach(leaf.path, _because(length, row.limits))

    return check


def _title(row: Row) -> Text:
    limits = " / ".join(str(limit) for limit in row.limits)
    return Text(
        en=f"{row.element} has at most {limits} characters",
        vi=f"{row.element} dài tối đa {limits} ký tự",
    )


_TABLE = tuple(
    rule(
        row.id,
        row.requirement,
        level=row.level,
        basis=row.basis,
        title=_title(row),
        good="lengths-at-limit.edxml",
        bad="lengths.edxml",
    )(_finds(row))
    for row in ROWS
)


@rule(
    "to-places-too-long",
    "HD-23",
    level=Level.WARN,
    basis=Basis.LAW,
    title=Text("ToPlaces has at most 1000 characters in all", "ToPlaces dài tối đa 1000 ký tự tổng cộng"),
    good="lengths-at-limit.edxml",
    bad="lengths.edxml",
)
def to_places_too_long(reading: Reading) -> Iterator[Breach]:
    """Decree 30/2020, Appendix VI: S1000 for the whole list."""
    total = sum(_length(text) for _, text in filled(reading, "MessageHeader/ToPlaces/Place"))
    if total > 1000:
        yield Breach("MessageHeader/ToPlaces", _because(total, (1000,)))


RULES: tuple[Rule, ...] = (*_TABLE, to_places_too_long)
