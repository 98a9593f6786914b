"""Which flaws in a message of the SUT are its own, and which it only names back or was told to write. Pure.

A status names the document that it answers as that document named itself, and a document bears what the clerk was
told to write: a day that is in no calendar, a code with a blank in it or a file without a beginning is then ours, where
a case planted it. A flaw is ours only where the very text is: in the packet that is answered, at the place that is
named back, or in the order, where our own writing of that order has the same flaw at the same place.
"""

import base64
import binascii
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from conformance.letters import files
from conformance.seen import Record
from simulator.protocol import codec
from simulator.protocol.errors import DamagedAttachment, Malformed
from simulator.protocol.lint import Finding, lint
from simulator.protocol.package import (
    Business,
    Code,
    DocumentType,
    OtherInfo,
    Package,
    Party,
    Promulgation,
    Signer,
    TraceHeaderList,
    code_text,
)
from simulator.protocol.reading import Reading, bare
from simulator.protocol.rules import Level

__all__ = ["Given"]

_HEAD, _ABOUT = "MessageHeader/", "MessageHeader/ResponseFor/"
_TRACE = "TraceHeaderList/"
_CODE = "MessageHeader/Code"
_NAMED_BACK: Mapping[str, tuple[str, ...]] = {
    f"{_ABOUT}OrganId": (f"{_HEAD}From/OrganId",),
    f"{_ABOUT}Code": (_CODE, f"{_ABOUT}Code"),
    f"{_ABOUT}DocumentId": (f"{_HEAD}DocumentId", f"{_ABOUT}DocumentId", f"{_TRACE}Bussiness/DocumentId"),
    f"{_ABOUT}PromulgationDate": (f"{_HEAD}PromulgationInfo/PromulgationDate", f"{_ABOUT}PromulgationDate"),
    f"{_HEAD}From/OrganId": (f"{_HEAD}To/OrganId", f"{_ABOUT}OrganId"),
    f"{_HEAD}To/OrganId": (f"{_HEAD}From/OrganId",),
    f"{_HEAD}To/OrganName": (f"{_HEAD}From/OrganName",),
}
"""Where an answer repeats what it answers, and where that stood there. The trace list is repeated as it stands."""
_ORDERED = frozenset(
    (
        f"{_HEAD}To/OrganId", f"{_CODE}/CodeNumber", f"{_CODE}/CodeNotation", f"{_HEAD}PromulgationInfo/Place",
        f"{_HEAD}PromulgationInfo/PromulgationDate", f"{_HEAD}DocumentType/TypeName", f"{_HEAD}Subject",
        f"{_HEAD}SignerInfo/Competence", f"{_HEAD}SignerInfo/Position", f"{_HEAD}SignerInfo/FullName",
        f"{_HEAD}DueDate", f"{_HEAD}OtherInfo/Priority", f"{_TRACE}Bussiness/BussinessDocReason",
    )
)  # fmt: skip
"""What an order gives, beside the files."""
_ADDRESSEES = (f"{_HEAD}To/OrganId", f"{_ABOUT}OrganId")
"""Where a document, or a request to its receiver, bears a code that the order gave."""
_ATTACHMENT = re.compile(r"AttachmentEncoded/Attachment\[(\d+)\]/")
_SEND = "POST /control/send"


@dataclass(frozen=True)
class Given:
    """What our side sent, planted and ordered. ``sut``: the system of the SUT, whose packets are none of ours."""

    records: Sequence[Record]
    blobs: Mapping[str, bytes]
    sut: str

    def flaws(self, record: Record, level: Level) -> tuple[Finding, ...]:
        """What lint finds in the message that ``record`` accepted and the SUT has to answer for."""
        result = lint(self.blobs[str(record["package"])])
        found, reading = result.of(level), result.reading
        if not found or reading is None:
            return found
        answered, orders = self._answered(record, reading), self._orders(record, reading)
        return tuple(
            each
            for each in found
            if not any(_named_back(each.at, reading, other) for other in answered)
            and not any(_told_to(each, reading, order) for order in orders)
        )

    @cached_property
    def _ours(self) -> tuple[tuple[int, Reading], ...]:
        """Every packet of ours that can be read, under the number of the record that it left with."""
        digests: dict[str, int] = {}
        for record in self.records:
            if record.kind == "note" and record["name"] == "sent":
                digests.setdefault(str(record["values"].get("sha256")), record.n)
            elif record.kind == "fact" and record["fact"] == "accepted" and record["system_id"] != self.sut:
                digests.setdefault(str(record.get("package")), record.n)
        read = ((n, _read(self.blobs[digest])) for digest, n in digests.items() if digest in self.blobs)
        return tuple((n, reading) for n, reading in read if reading is not None)

    def _answered(self, record: Record, reading: Reading) -> list[Reading]:
        """The packets that the SUT's message is about: those whose identifier, or whose number, it names."""
        ids, codes = (set(map(_plain, _texts(reading, f"{_ABOUT}{name}"))) for name in ("DocumentId", "Code"))
        return [
            each
            for n, each in self._ours
            if n < record.n
            and (
                ids & set(map(_plain, _all(each, _NAMED_BACK[f"{_ABOUT}DocumentId"])))
                or codes & set(map(_plain, _all(each, _NAMED_BACK[f"{_ABOUT}Code"])))
            )
        ]

    def _orders(self, record: Record, reading: Reading) -> list[Mapping[str, Any]]:
        """What the clerk was told to send in the same case: the order of that very document, where it was named."""
        acts = [
            each
            for each in self.records
            if each.kind == "act" and each["call"] == _SEND and each.case == record.case
        ]  # fmt: skip
        own = reading.packet.document_id if isinstance(reading.packet, Package) else ""
        named = [each for each in acts if own and (each["answer"] or {}).get("document_id") == own]
        return [each["request"] for each in named or acts]


def _named_back(at: str, reading: Reading, answered: Reading) -> bool:
    """Whether the text at that place, or its absence, is that of the packet which is answered."""
    place = bare(at)
    sources = (place,) if place.startswith(_TRACE) else _NAMED_BACK.get(place)
    if sources is None:
        return False
    return _is_given(reading.text(at) or "", list(_all(answered, sources)))


def _is_given(text: str, given: Sequence[str]) -> bool:
    """Whether the text is one of the given ones, or like them absent. Given with blanks round it, or decomposed, it
    may be repeated without; the other way round the flaw is new."""
    if not text.strip():
        return not given
    return text in {form for each in given for form in (each, each.strip(), _plain(each))}


def _told_to(flaw: Finding, reading: Reading, order: Mapping[str, Any]) -> bool:
    """Whether our own writing of the order has that flaw there as well, of the same text or the same file."""
    if bare(flaw.at) in _ADDRESSEES and reading.text(flaw.at) in (order.get("to") or ()):
        return True
    attachment = _ATTACHMENT.match(flaw.at)
    if not attachment and bare(flaw.at) not in _ORDERED:
        return False
    ours = lint(codec.encode(_written(order)))
    if ours.reading is None or not any(
        each.rule.id == flaw.rule.id and bare(each.at) == bare(flaw.at) for each in ours.findings
    ):
        return False
    if attachment:
        return _file(reading, int(attachment[1])) in _ordered_files(order)
    return _is_given(reading.text(flaw.at) or "", list(_texts(ours.reading, bare(flaw.at))))


def _written(order: Mapping[str, Any]) -> Package:
    """The order as a packet of our own, with nothing in it that the order does not give."""
    signer = order.get("signer") or {}
    named = ((str(each.get("name") or ""), _decoded(each)) for each in order.get("attachments") or ())
    manifest, attachments = files(*((name, data) for name, data in named if data is not None))
    return Package(
        sender=Party(organ_id="H98", name="H98"),
        receivers=tuple(Party(organ_id=str(each), name=str(each)) for each in order.get("to") or ()),
        document_id="H98,2026/01/02,1/VP",
        code=Code(str(order.get("code_number") or ""), str(order.get("code_notation") or "")),
        promulgation=Promulgation(str(order.get("place") or ""), _day(order.get("promulgation_date"))),
        document_type=DocumentType(name=str(order.get("type_name") or "")),
        subject=str(order.get("subject") or ""),
        content=str(order.get("subject") or ""),
        signer=Signer(*(str(signer.get(name) or "") for name in ("competence", "position", "full_name"))),
        due_date=_day(order.get("due_date")),
        other=OtherInfo(priority=order.get("priority") or 0),
        trace=TraceHeaderList(business=Business(doc_type=0, reason=str(order.get("reason") or ""))),
        manifest=manifest,
        attachments=attachments,
    )


def _ordered_files(order: Mapping[str, Any]) -> set[bytes | None]:
    return {_decoded(each) for each in order.get("attachments") or ()} - {None}


def _decoded(attachment: Mapping[str, Any]) -> bytes | None:
    try:
        return base64.b64decode(str(attachment.get("content_base64") or ""))
    except (ValueError, binascii.Error):
        return None


def _file(reading: Reading, number: int) -> bytes | None:
    """The bytes of that attachment; None where they cannot be had: how it was packed is the sender's own."""
    attachments = reading.packet.attachments if isinstance(reading.packet, Package) else ()
    try:
        return attachments[number - 1].file() if 0 < number <= len(attachments) else None
    except DamagedAttachment:
        return None


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


def _read(data: bytes) -> Reading | None:
    try:
        return codec.examine(data)
    except Malformed:
        return None


def _all(reading: Reading, places: Sequence[str]) -> Iterator[str]:
    for place in places:
        if place == _CODE:
            yield from _printed(reading)
        else:
            yield from _texts(reading, place)


def _printed(reading: Reading) -> Iterator[str]:
    """Number and notation as one text, with and without what stands round either."""
    number, notation = (next(_texts(reading, f"{_CODE}/{name}"), "") for name in ("CodeNumber", "CodeNotation"))
    if number or notation:
        yield code_text(number, notation)
        yield code_text(number.strip(), notation.strip())


def _texts(reading: Reading, place: str) -> Iterator[str]:
    return (leaf.text for leaf in reading.texts(place) if leaf.text.strip())


def _plain(text: str) -> str:
    """For comparing: what stands round a text, and how its letters are composed, is no other text."""
    return unicodedata.normalize("NFC", text.strip())
