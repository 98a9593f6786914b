"""The tidy packets of this chapter, with every part that a packet may have, and which of these may be left out."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from conformance.cases.changes import recall_of, replacement_of, update_of
from conformance.letters import Writer, letter, reply, take_back
from conformance.seen import Lane, Sent
from simulator.protocol.package import (
    DocumentType,
    OtherInfo,
    Package,
    Party,
    Reference,
    Signer,
    StaffInfo,
    StatusPacket,
)

__all__ = [
    "DOUBTFUL_DOCUMENT", "DOUBTFUL_ORDER", "DOUBTFUL_STATUS", "FILE_PARTS", "HEADER_PARTS", "STATUS_PARTS",
    "TRACE_PARTS", "document", "recall", "replacement", "status_about", "take_back_of", "update",
]  # fmt: skip

_HEADER = "MessageHeader"
_BUSINESS = "TraceHeaderList/Bussiness"

HEADER_PARTS = tuple(
    f"without:{_HEADER}/{path}"
    for path in (
        "From/OrganizationInCharge", "From/OrganAdd", "From/Email", "From/Telephone", "From/Fax", "From/Website",
        "DocumentType/TypeDetail", "DocumentType/TypeName", "SignerInfo/Competence", "DueDate",
        "OtherInfo/SphereOfPromulgation", "OtherInfo/TyperNotation", "OtherInfo/PromulgationAmount",
        "OtherInfo/PageAmount", "OtherInfo/Direction", "SteeringType", "ToPlaces",
    )
)  # fmt: skip
"""MAY in the register, or 0..1 in the SDK's own layout (wire.md C.1)."""
TRACE_PARTS = tuple(f"without:{path}" for path in ("TraceHeaderList", _BUSINESS, f"{_BUSINESS}/StaffInfo"))
"""Only of a new document: no Bussiness is 0."""
FILE_PARTS = (
    *(f"without:AttachmentEncoded/Attachment/{name}" for name in ("Description", "FieldName", "MimeType")),
    "without:edXMLManifest/Reference/Description",
)
STATUS_PARTS = tuple(
    f"without:{path}"
    for path in (
        "TraceHeaderList", *(f"{_HEADER}/{name}" for name in (
            "StaffInfo", "StaffInfo/Staff", "StaffInfo/Department", "From/OrganName", "ResponseFor/PromulgationDate",
        )),
    )
)  # fmt: skip
DOUBTFUL_DOCUMENT = (
    *(f"twice:{_HEADER}/{name}" for name in (
        "From", "DocumentId", "Code", "PromulgationInfo", "Subject", "Content", "SignerInfo", "OtherInfo",
    )),
    f"twice:{_BUSINESS}", f"twice:{_BUSINESS}/BussinessDocType",
    f"nbsp:{_HEADER}/From/OrganId", f"nbsp:{_HEADER}/To/OrganId", f"nbsp:{_HEADER}/DocumentId",
    f"spaced:{_HEADER}/DocumentId", f"nbsp:{_HEADER}/Code/CodeNumber",
)  # fmt: skip
"""Repeated where a reader must choose, and codes with what no sentence says that a reader takes off."""
DOUBTFUL_ORDER = (
    *(f"twice:{_HEADER}/{name}" for name in ("From", "DocumentId", "Code", "Subject")),
    f"twice:{_BUSINESS}", f"twice:{_BUSINESS}/BussinessDocType", f"twice:{_BUSINESS}/BussinessDocReason",
    f"nbsp:{_HEADER}/From/OrganId", f"nbsp:{_HEADER}/DocumentId", f"spaced:{_HEADER}/DocumentId",
)  # fmt: skip
DOUBTFUL_STATUS = (
    *(f"twice:{_HEADER}/{name}" for name in (
        "From", "ResponseFor", "StaffInfo", "StatusCode", "Description", "Timestamp",
    )),
    *(f"{kind}:{_HEADER}/{name}" for kind in ("nbsp", "spaced") for name in (
        "ResponseFor/OrganId", "ResponseFor/DocumentId",
    )),
    f"nbsp:{_HEADER}/From/OrganId", f"nbsp:{_HEADER}/StatusCode", f"without:{_HEADER}/Timestamp",
)  # fmt: skip


def document(writer: Writer, number: int, **changes: Any) -> Package:
    """A document with its own number and every optional part."""
    return _full(writer, letter(writer, **_numbered(writer, number), **changes))


def update(writer: Writer, target: Package, **changes: Any) -> Package:
    """An update of ``target``, with every optional part."""
    return _full(writer, update_of(writer, target, **changes))


def replacement(writer: Writer, target: Package, number: int) -> Package:
    """A document that replaces ``target``, with every optional part."""
    return _full(writer, replacement_of(writer, target.document_id, **_numbered(writer, number)))


def recall(writer: Writer, target: Package) -> Package:
    """A recall of ``target``; its header repeats that of ``target``."""
    return recall_of(writer, target)


def take_back_of(writer: Writer, sent: Sent) -> StatusPacket:
    """A 13 about what the lane sent."""
    return _with_staff(take_back(writer, sent, reason="Gửi nhầm, đề nghị trả lại"))


def status_about(writer: Writer, package: Package, code: str, lane: Lane, *, later: int = 0) -> StatusPacket:
    """The lane's status about what the SUT sent, with every optional part; dated so many seconds ahead, so that
    several of them for one poll have an order."""
    at = writer.now().replace(microsecond=0) + timedelta(seconds=later)
    return _with_staff(reply(writer, code, package, lane=lane, at=at))


def _numbered(writer: Writer, number: int) -> dict[str, Any]:
    return {
        "number": str(10_000 + number),
        "subject": f"Về việc thử dạng gói tin số {number} mã {writer.random.randint(100_000, 999_999)}",
    }


def _with_staff(packet: StatusPacket) -> StatusPacket:
    return replace(packet, staff=StaffInfo(department="Văn thư", staff="Nguyễn Thị Thử", mobile="0900000000"))


def _full(writer: Writer, package: Package) -> Package:
    sender, signer = package.sender or Party(), package.signer or Signer()
    kind, other = package.document_type or DocumentType(), package.other or OtherInfo()
    return replace(
        package,
        sender=replace(
            sender,
            in_charge="Bộ phận một cửa",
            address="Số 1 đường Thử Nghiệm",
            email="vanthu@example.invalid",
            telephone="(024) 0000 0000",
            fax="(024) 0000 0001",
            website="https://vd.invalid",
        ),
        document_type=replace(kind, detail=18),
        signer=replace(signer, competence="TL."),
        due_date=writer.now().date() + timedelta(days=30),
        other=replace(other, sphere="Hành chính", typer_notation="NVT"),
        manifest=tuple(_described(each) for each in package.manifest),
        attachments=tuple(
            replace(each, description="Toàn văn", field_name="tep-1", mime_type="application/pdf")
            for each in package.attachments
        ),
    )


def _described(reference: Reference) -> Reference:
    return replace(reference, description="Toàn văn")
