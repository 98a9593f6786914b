"""Namespaces and element names: the only place with wire spellings ("Bussiness" is theirs, and stays).

Source: wire.md part C (the EdXML102 library and the SDK's samples).
"""

from typing import Final

NAMESPACE: Final = "http://www.mic.gov.vn/TBT/QCVN_102_2016"
"""The one namespace of a package (QCVN 102:2016 as implemented)."""
PREFIX: Final = "edXML"
"""The prefix that strict .NET readers ask for inside the envelope."""
XMLDSIG: Final = "http://www.w3.org/2000/09/xmldsig#"
GO_VN: Final = "http://www.go.vn/eDoc"
"""An older draft namespace, still sent by one province's relay; refused by strict receivers."""
E_DOC_VN: Final = "http://www.e-doc.vn/Schema/"
"""The namespace of an older eDoc/SOAP form of one vendor."""

ROOT: Final = "edXML"
ENVELOPE: Final = "edXMLEnvelope"
HEADER: Final = "edXMLHeader"
MESSAGE_HEADER: Final = "MessageHeader"
TRACE_LIST: Final = "TraceHeaderList"
TRACE: Final = "TraceHeader"
BUSINESS: Final = "Bussiness"
SIGNATURE: Final = "Signature"
DIGITAL_SIGNATURE: Final = "DigitalSignature"
BODY: Final = "edXMLBody"
MANIFEST: Final = "edXMLManifest"
MANIFEST_SHORT: Final = "Manifest"
REFERENCE: Final = "Reference"
ATTACHMENTS: Final = "AttachmentEncoded"
ATTACHMENT: Final = "Attachment"
CONTENT: Final = "ContentTransferEncoded"
STATUS_CODE: Final = "StatusCode"

REPEATABLE: Final = frozenset(
    {
        "To", "ResponseFor", "TraceHeader", "Reference", "Attachment", "Place", "Appendix", "TaskCode",
        "BussinessDocumentInfo", "Receiver", "ReplacementInfoList", "ReplacementInfo", "StaffInfo",
    }
)  # fmt: skip
"""Elements that may stand more than once beside each other; their places are numbered from 1 in paths."""
