"""Which element carries which field: one table per value type, in the builder's written order (wire.md C.1, C.5).

The reader and the writer of codec.py both walk these tables, so neither can know a field that the other lacks.
"""

from dataclasses import dataclass, field
from enum import Enum, auto

from simulator.protocol import package as p

__all__ = ["ATTACHMENT", "MESSAGE", "REFERENCE", "STATUS", "TRACE_LIST", "Field", "Form", "Layout"]


class Form(Enum):
    """How the text of a leaf is read and written."""

    TEXT = auto()
    INT = auto()
    BOOL = auto()
    DATE = auto()
    TIMESTAMP = auto()


@dataclass(frozen=True, slots=True)
class Field:
    """One element: its wire name, the attribute that holds it, and its form or the layout of its children.

    ``many``: a tuple of them. ``inside``: the items stand in a container element of this name.
    """

    wire: str
    attr: str
    form: "Form | Layout" = Form.TEXT
    many: bool = False
    inside: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """The children of one element and the type that they make; ``by_wire``: the fields by the element to look for."""

    type: type
    fields: tuple[Field, ...]
    by_wire: dict[str, Field] = field(init=False, repr=False, compare=False)
    many: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_wire", {item.inside or item.wire: item for item in self.fields})
        object.__setattr__(self, "many", tuple(item.attr for item in self.fields if item.many))


_PARTY = Layout(
    p.Party,
    (
        Field("OrganId", "organ_id"),
        Field("OrganizationInCharge", "in_charge"),
        Field("OrganName", "name"),
        Field("OrganAdd", "address"),
        Field("Email", "email"),
        Field("Telephone", "telephone"),
        Field("Fax", "fax"),
        Field("Website", "website"),
    ),
)
_CODE = Layout(p.Code, (Field("CodeNumber", "number"), Field("CodeNotation", "notation")))
_PROMULGATION = Layout(p.Promulgation, (Field("Place", "place"), Field("PromulgationDate", "issued", Form.DATE)))
_TYPE = Layout(
    p.DocumentType,
    (Field("Type", "type", Form.INT), Field("TypeDetail", "detail", Form.INT), Field("TypeName", "name")),
)
_SIGNER = Layout(
    p.Signer, (Field("Competence", "competence"), Field("Position", "position"), Field("FullName", "full_name"))
)
_OTHER = Layout(
    p.OtherInfo,
    (
        Field("Priority", "priority", Form.INT),
        Field("SphereOfPromulgation", "sphere"),
        Field("TyperNotation", "typer_notation"),
        Field("PromulgationAmount", "promulgation_amount", Form.INT),
        Field("PageAmount", "page_amount", Form.INT),
        Field("ReplyFors", "reply_fors"),
        Field("Direction", "direction", Form.BOOL),
        Field("ReferenceCodes", "reference_codes"),
        Field("Appendix", "appendixes", many=True, inside="Appendixes"),
    ),
)
_RESPONSE_FOR = Layout(
    p.ResponseFor,
    (
        Field("OrganId", "organ_id"),
        Field("Code", "code"),
        Field("DocumentId", "document_id"),
        Field("PromulgationDate", "promulgation_date", Form.DATE),
    ),
)
_STAFF = Layout(
    p.StaffInfo,
    (
        Field("Department", "department"),
        Field("DepartmentId", "department_id"),
        Field("Staff", "staff"),
        Field("StaffId", "staff_id"),
        Field("Email", "email"),
        Field("Mobile", "mobile"),
    ),
)
_RECEIVER = Layout(p.Receiver, (Field("OrganId", "organ_id"), Field("ReceiverType", "type", Form.INT)))
_DOCUMENT_INFO = Layout(
    p.BusinessDocumentInfo,
    (
        Field("DocumentInfo", "document_info", Form.INT),
        Field("DocumentReceiver", "document_receiver", Form.INT),
        Field("Receiver", "receivers", _RECEIVER, many=True, inside="ReceiverList"),
    ),
)
_REPLACEMENT = Layout(
    p.Replacement,
    (Field("DocumentId", "document_id"), Field("OrganId", "organ_ids", many=True, inside="OrganIdList")),
)
_REPLACEMENT_LIST = Layout(p.ReplacementList, (Field("ReplacementInfo", "items", _REPLACEMENT, many=True),))
_BUSINESS = Layout(
    p.Business,
    (
        Field("DocumentId", "document_id"),
        Field("BussinessDocType", "doc_type", Form.INT),
        Field("BussinessDocReason", "reason"),
        Field("Paper", "paper", Form.INT),
        Field("BussinessDocumentInfo", "document_infos", _DOCUMENT_INFO, many=True),
        Field("ReplacementInfoList", "replacements", _REPLACEMENT_LIST, many=True),
        Field("StaffInfo", "staff", _STAFF, many=True),
    ),
)
_TRACE = Layout(p.TraceHeader, (Field("OrganId", "organ_id"), Field("Timestamp", "timestamp", Form.TIMESTAMP)))

TRACE_LIST = Layout(
    p.TraceHeaderList,
    (
        Field("Paper", "paper", Form.INT),
        Field("Bussiness", "business", _BUSINESS),
        Field("TraceHeader", "headers", _TRACE, many=True),
    ),
)
MESSAGE = Layout(
    p.Package,
    (
        Field("From", "sender", _PARTY),
        Field("To", "receivers", _PARTY, many=True),
        Field("DocumentId", "document_id"),
        Field("Code", "code", _CODE),
        Field("PromulgationInfo", "promulgation", _PROMULGATION),
        Field("DocumentType", "document_type", _TYPE),
        Field("Subject", "subject"),
        Field("Content", "content"),
        Field("SignerInfo", "signer", _SIGNER),
        Field("DueDate", "due_date", Form.DATE),
        Field("OtherInfo", "other", _OTHER),
        Field("ResponseFor", "response_for", _RESPONSE_FOR, many=True),
        Field("SteeringType", "steering_type", Form.INT),
        Field("TaskCode", "tasks", many=True, inside="ResponseForTask"),
        Field("ApplicationType", "application_type"),
        Field("Place", "to_places", many=True, inside="ToPlaces"),
    ),
)
STATUS = Layout(
    p.StatusPacket,
    (
        Field("From", "sender", _PARTY),
        Field("ResponseFor", "response_for", _RESPONSE_FOR),
        Field("StaffInfo", "staff", _STAFF),
        Field("StatusCode", "code"),
        Field("Description", "description"),
        Field("Timestamp", "timestamp", Form.TIMESTAMP),
    ),
)
REFERENCE = Layout(
    p.Reference,
    (
        Field("ContentId", "content_id"),
        Field("ContentType", "content_type"),
        Field("Description", "description"),
        Field("AttachmentName", "name"),
    ),
)
ATTACHMENT = Layout(
    p.Attachment,
    (
        Field("ContentId", "content_id"),
        Field("AttachmentName", "name"),
        Field("Description", "description"),
        Field("FieldName", "field_name"),
        Field("MimeType", "mime_type"),
        Field("ContentType", "content_type"),
        Field("Format", "format"),
    ),
)
