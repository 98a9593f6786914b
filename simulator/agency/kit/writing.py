"""How the reference system writes: a clerk's order becomes a package, an act at the desk becomes a status packet.

Every field is copied from the order, unchanged, or left out; nothing is invented (HD-37). The form on the wire is the
strict one of codec.encode.
"""

import base64
import binascii
import unicodedata
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from simulator.agency.kit.office import Office
from simulator.agency.kit.orders import DOCUMENT_TYPES, LONGEST, REFUSALS, Order, Refused, plain_type
from simulator.agency.kit.store import Incoming
from simulator.protocol import codec, identifiers
from simulator.protocol.business import BusinessType
from simulator.protocol.package import (
    Attachment,
    Business,
    BusinessDocumentInfo,
    Code,
    DocumentType,
    OtherInfo,
    Package,
    Packet,
    Party,
    Promulgation,
    Receiver,
    Reference,
    Replacement,
    ReplacementList,
    ResponseFor,
    Signer,
    StaffInfo,
    StatusPacket,
    TraceHeader,
    TraceHeaderList,
)
from simulator.protocol.status import known

__all__ = ["Writing"]

_ADMINISTRATIVE = 2
_RECEIVER_OFF, _RECEIVER_ON = 0, 1


class Writing(Office):
    """The checks of an order, and the packets made of it; every step can be replaced alone."""

    # ---------------------------------------------------------------- may it leave?

    def complete(self, order: Order) -> Order:
        """Fill in what is missing: nothing. A real date, number or signer is given by a person (HD-37)."""
        return order

    def check_secrecy(self, order: Order) -> None:
        """State secrets are refused before a byte leaves (SC-01). Raises Refused."""
        if order.secrecy:
            raise Refused(REFUSALS["secrecy"].filled(mark=order.secrecy))

    def check_missing(self, order: Order) -> None:
        """What every document must have (VD-12). Raises Refused naming all that is missing."""
        needed = {
            "to": "".join(order.to), "code_number": order.code_number, "code_notation": order.code_notation,
            "promulgation_date": order.promulgation_date, "subject": order.subject,
            "signer.position": order.position, "signer.full_name": order.full_name,
        }  # fmt: skip
        if lacking := [name for name, text in needed.items() if not text]:
            raise Refused(REFUSALS["missing"].filled(names=", ".join(lacking)))

    def check_dates(self, order: Order) -> None:
        """Real calendar dates, and none of issue in the future (HD-13, BD-04). Raises Refused."""
        if order.issued > self.now().date():
            raise Refused(REFUSALS["future"])
        _ = order.due

    def check_type(self, order: Order) -> None:
        """One of the 29 names, or none given (DI-08). Raises Refused; an unknown one is never mapped to another."""
        if order.type_name and plain_type(order.type_name) not in {plain_type(name) for name in DOCUMENT_TYPES}:
            raise Refused(REFUSALS["type"].filled(name=order.type_name))

    def check_lengths(self, order: Order) -> None:
        """No text is longer than its field (LG-06). Raises Refused; nothing is cut."""
        for name, limit in LONGEST.items():
            if (length := self.length(getattr(order, name))) > limit:
                raise Refused(REFUSALS["long"].filled(name=name, length=length, limit=limit))

    def length(self, text: str) -> int:
        """Characters, as a reader counts them (HD-17)."""
        return len(unicodedata.normalize("NFC", text))

    # ---------------------------------------------------------------- fields

    def code_of(self, order: Order) -> Code:
        """Number and notation, each as it was given; a number below 10 gets its leading 0 (DI-05). Raises Refused."""
        number = order.code_number
        if len(order.code_notation.split()) > 1:
            raise Refused(REFUSALS["notation"].filled(notation=order.code_notation))
        if number.isascii() and number.isdigit():
            if int(number) == 0:
                raise Refused(REFUSALS["number"].filled(number=number))
            number = f"{int(number):02}"
        return Code(number=number, notation=order.code_notation)

    def issue_date(self, order: Order) -> date:
        """The date of issue that the document bears."""
        return order.issued

    def new_document_id(self, order: Order, used: Sequence[str]) -> str:
        """Organ, date, number and notation (DI-02); where that is used up, organ and year; after that a UUID of it."""
        code, issued = self.code_of(order).text, self.issue_date(order)
        triple = identifiers.document_id(self.config.organ, issued, code)
        forms = (triple, f"{self.config.organ},{issued.year:04},{code}")
        free = next((form for form in forms if form not in used), None)
        return free or str(uuid.uuid5(uuid.NAMESPACE_URL, f"{triple}#{len(used)}"))

    def sender_party(self) -> Party:
        """From: our own registered unit (TR-10)."""
        return Party(organ_id=self.config.organ, name=self.config.organ_name)

    def receiver_parties(self, codes: Sequence[str]) -> tuple[Party, ...]:
        """To: each unit once, in the spelling that the clerk chose, with its name from the directory (HD-09)."""
        parties: list[Party] = []
        for code in codes:
            if not any(self.same_unit(code, party.organ_id) for party in parties):
                unit = self.unit_named(code)
                parties.append(Party(organ_id=code, name=unit.name if unit else ""))
        return tuple(parties)

    def trace_header(self) -> TraceHeader:
        """Our own hop (HD-33)."""
        return TraceHeader(organ_id=self.config.organ, timestamp=self.now().replace(microsecond=0))

    def reason_for(self, reason: str, receivers: Sequence[str]) -> str:
        """The clerk's reason, the same for one receiver as for many (BZ-02)."""
        return reason

    # ---------------------------------------------------------------- attachments

    def pack_attachments(self, order: Order) -> tuple[Attachment, ...]:
        """Every file, or none of the order (AT-01, AT-08). Raises Refused for damaged, nameless or too large ones."""
        return tuple(
            self.pack_file(name, self.clerk_file(name, text), number)
            for number, (name, text) in enumerate(order.attachments, 1)
        )

    def clerk_file(self, name: str, text: str) -> bytes:
        """The bytes that the clerk attached. Raises Refused: no name, damaged base64, too large."""
        try:
            data = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError) as error:
            raise Refused(REFUSALS["attachment"].filled(name=name, detail="base64")) from error
        if not name or self.length(name) > 500:
            raise Refused(REFUSALS["attachment"].filled(name=name[:80], detail="1-500"))
        if len(data) > self.config.max_attachment_bytes:
            detail = f"{len(data)} > {self.config.max_attachment_bytes} byte"
            raise Refused(REFUSALS["attachment"].filled(name=name, detail=detail))
        return data

    def pack_file(self, name: str, data: bytes, number: int) -> Attachment:
        """One file as the vendor's builder packs it: PDF raw, others zipped, its whole name (wire.md C.3)."""
        content_id = uuid.uuid5(uuid.NAMESPACE_URL, f"{number}/{name}/{len(data)}")
        return Attachment.of_file(name, data, content_id=f"cid:{content_id}")

    def manifest_of(self, attachments: Sequence[Attachment]) -> tuple[Reference, ...]:
        """One line per file, agreeing with it in id, name and type (PK-05)."""
        return tuple(
            Reference(content_id=each.content_id, content_type=each.content_type, name=each.name)
            for each in attachments
        )

    # ---------------------------------------------------------------- packages

    def document_package(self, order: Order, document_id: str, business: Business) -> Package:
        """The package of a new document, an update or a replacement. Raises ValueError for what XML cannot carry."""
        attachments = self.pack_attachments(order)
        return Package(
            sender=self.sender_party(),
            receivers=self.receiver_parties(order.to),
            document_id=document_id,
            code=self.code_of(order),
            promulgation=Promulgation(place=order.place, issued=self.issue_date(order)),
            document_type=DocumentType(type=_ADMINISTRATIVE, name=order.type_name),
            subject=order.subject,
            content=order.content,
            signer=Signer(competence=order.competence, position=order.position, full_name=order.full_name),
            due_date=order.due,
            other=OtherInfo(priority=order.priority, direction=False),
            steering_type=0,
            trace=TraceHeaderList(version="1.0", business=business, headers=(self.trace_header(),)),
            manifest=self.manifest_of(attachments),
            attachments=attachments,
        )

    def business_of(self, order: Order, earlier: Sequence[str]) -> Business:
        """What the package does (wire.md C.4). ``earlier``: the receivers of the document that it refers to."""
        reason = self.reason_for(order.reason, order.to)
        if order.kind == "update":
            added = [code for code in order.to if not any(self.same_unit(code, old) for old in earlier)]
            gone = [old for old in earlier if not any(self.same_unit(old, code) for code in order.to)]
            changed = tuple(Receiver(code, _RECEIVER_ON) for code in added)
            changed += tuple(Receiver(code, _RECEIVER_OFF) for code in gone)
            info = BusinessDocumentInfo(document_info=1, document_receiver=int(bool(changed)), receivers=changed)
            return Business(order.refers_to, int(BusinessType.UPDATE), reason, paper=0, document_infos=(info,))
        if order.kind == "replace":
            replaced = Replacement(document_id=order.refers_to, organ_ids=tuple(earlier))
            return Business(
                "", int(BusinessType.REPLACE), reason, paper=0, replacements=(ReplacementList(items=(replaced,)),)
            )
        return Business(doc_type=int(BusinessType.NEW), paper=0)

    def recall_package(self, original: Package, codes: Sequence[str], reason: str) -> Package:
        """Type 1: the header again under the same DocumentId, a ResponseFor per receiver, no files (BZ-03)."""
        code = original.code.text if original.code else ""
        issued = original.promulgation.issued if original.promulgation else None
        business = Business(doc_type=int(BusinessType.RECALL), reason=self.reason_for(reason, codes), paper=0)
        return replace(
            original,
            receivers=self.receiver_parties(codes),
            response_for=tuple(ResponseFor(each, code, original.document_id, issued) for each in codes),
            trace=TraceHeaderList(version="1.0", business=business, headers=(self.trace_header(),)),
            manifest=(),
            attachments=(),
        )

    # ---------------------------------------------------------------- statuses

    def receiver_status(self, row: Incoming, code: str, stamp: datetime, reason: str) -> StatusPacket:
        """A status of ours about a document that came: From us, ResponseFor its sender (ST-03)."""
        issued = date.fromisoformat(row.issued) if row.issued else None
        code_text = Code(row.number, row.notation).text
        return self.status_packet(code, ResponseFor(row.sender, code_text, row.document_id, issued), stamp, reason)

    def status_packet(self, code: str, response_for: ResponseFor, stamp: datetime, reason: str) -> StatusPacket:
        """The packet itself; without a reason the Description is the code's meaning."""
        line = known(code)
        return StatusPacket(
            sender=self.sender_party(),
            response_for=response_for,
            staff=StaffInfo(department="Văn thư"),
            code=code,
            description=reason.strip() or (line.meaning.vi if line else ""),
            timestamp=stamp,
        )

    def stamp_for(self, lane: str) -> datetime:
        """The Timestamp of the next act: now, and at least a second after the last act on that document (ST-12)."""
        now = self.now().replace(microsecond=0)
        last = codec.read_timestamp(self.store.last_stamp(lane))
        return max(now, last + timedelta(seconds=1)) if last else now

    def encode(self, packet: Packet) -> bytes:
        """The strict form: prefix ``edXML``, one namespace, ``yyyy/MM/dd`` (PK-02, HD-13)."""
        return codec.encode(packet)
