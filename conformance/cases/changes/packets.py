"""Recalls, updates and replacements as lanes write them: pure and seeded, like ``conformance.letters``."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from conformance.evidence import Lane
from conformance.letters import Writer, letter
from simulator.protocol import identifiers
from simulator.protocol.business import BusinessType
from simulator.protocol.package import (
    Business,
    BusinessDocumentInfo,
    Code,
    Package,
    Party,
    Promulgation,
    Receiver,
    Replacement,
    ReplacementList,
    ResponseFor,
    StaffInfo,
    TraceHeader,
    TraceHeaderList,
)

__all__ = ["CORRECTED", "RECALLED", "fresh_id", "last_year", "recall_of", "replacement_of", "update_of"]

RECALLED = "Ban hành nhầm thẩm quyền, đề nghị thu hồi"
CORRECTED = "Đính chính thời hạn báo cáo"


def _trace(writer: Writer, own_lane: Lane, business: Business) -> TraceHeaderList:
    header = TraceHeader(organ_id=own_lane.unit, timestamp=writer.now().replace(microsecond=0))
    return TraceHeaderList(headers=(header,), business=replace(business, paper=0, staff=(_STAFF,)))


_STAFF = StaffInfo(department="Văn thư", staff="Văn thư")


def _fresh(writer: Writer, own_lane: Lane, issued: date) -> tuple[Code, str]:
    """A number that nobody has drawn yet, and the DocumentId made of it."""
    code = Code(number=str(writer.random.randint(10_000, 99_999)), notation="VP-TH")
    return code, identifiers.document_id(own_lane.unit, issued, code.text)


def fresh_id(writer: Writer) -> str:
    """A DocumentId as the vendor's builder makes one: for what repeats the number of another document."""
    return str(uuid.UUID(int=writer.random.getrandbits(128), version=4))


def recall_of(
    writer: Writer,
    package: Package,
    *,
    reason: str = RECALLED,
    named: Collection[str] = ("header", "response"),
    lane: Lane | None = None,
    code: Code | None = None,
) -> Package:
    """A recall of ``package``, without files, as the samples write it.

    ``named``: where the recalled DocumentId stands: ``header``, ``response``, ``business``; a recall whose header does
    not name it has a number and an id of its own. ``code``: what the header and ResponseFor say instead of its number.
    """
    own_lane = lane or writer.lanes[0]
    issued = package.promulgation.issued if package.promulgation else None
    number, target = code or package.code or Code(), package.document_id
    own_code, own_id = (number, target) if "header" in named else _fresh(writer, own_lane, writer.now().date())
    answered = ResponseFor(writer.sut.organ, number.text, target, issued)
    business = Business(target if "business" in named else "", int(BusinessType.RECALL), reason)
    return replace(
        package,
        sender=Party(organ_id=own_lane.unit, name=own_lane.name or own_lane.unit),
        code=own_code,
        document_id=own_id,
        response_for=(answered,) if "response" in named else (),
        trace=_trace(writer, own_lane, business),
        manifest=(),
        attachments=(),
    )


def update_of(
    writer: Writer,
    package: Package,
    *,
    reason: str = CORRECTED,
    content: bool = True,
    added: Sequence[str] = (),
    lane: Lane | None = None,
    **changes: Any,
) -> Package:
    """An update of ``package`` under a DocumentId of its own, with a new subject and a new file.

    ``content``: DocumentInfo; where false the packet repeats the header and carries no file. ``added``: units that
    ReceiverList adds. ``changes``: as for ``letter``; the number stays that of ``package`` unless it is among them.
    """
    own_lane = lane or writer.lanes[0]
    issued = package.promulgation.issued if package.promulgation and package.promulgation.issued else None
    code = package.code or Code()
    info = BusinessDocumentInfo(int(content), int(bool(added)), tuple(Receiver(organ, 1) for organ in added))
    business = Business(package.document_id, int(BusinessType.UPDATE), reason, document_infos=(info,))
    values: dict[str, Any] = {
        "number": code.number,
        "notation": code.notation,
        "issued": issued or writer.now().date(),
        "subject": f"Đính chính lần {writer.random.randint(100, 999)}: {package.subject}"
        if content
        else package.subject,
        "document_id": fresh_id(writer),
        "trace": _trace(writer, own_lane, business),
    }
    update = letter(writer, lane=own_lane, **(values | changes))
    return update if content else replace(update, manifest=(), attachments=())


def replacement_of(
    writer: Writer,
    *replaced: str,
    reason: str = CORRECTED,
    organs: Sequence[str] | None = None,
    lane: Lane | None = None,
    **changes: Any,
) -> Package:
    """A document that replaces those ``replaced`` (DocumentIds) at ``organs`` (default: at the SUT)."""
    own_lane = lane or writer.lanes[0]
    concerned = tuple(organs if organs is not None else (writer.sut.organ,))
    items = tuple(Replacement(document_id=each, organ_ids=concerned) for each in replaced)
    business = Business("", int(BusinessType.REPLACE), reason, replacements=(ReplacementList(items=items),))
    values: dict[str, Any] = {
        "number": str(writer.random.randint(10_000, 99_999)),
        "trace": _trace(writer, own_lane, business),
    }
    return letter(writer, lane=own_lane, **(values | changes))


def last_year(writer: Writer, package: Package) -> Package:
    """The same number of a year before, under the id that it would have had: a document that was never sent."""
    sender, code = package.sender.organ_id if package.sender else "", package.code or Code()
    today = writer.now().date()
    issued = date(today.year - 1, 3, 10)
    return replace(
        package,
        document_id=identifiers.document_id(sender, issued, code.text),
        promulgation=Promulgation(place="Hà Nội", issued=issued),
    )
