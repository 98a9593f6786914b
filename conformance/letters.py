"""What the lanes write: ordinary documents, recalls and statuses as protocol values, ready to be made unusual.

Pure and seeded: the case's own ``random`` draws number, subject and bytes, so a run repeats exactly. ``Writer`` is
all that is needed of a stage, so tests can write letters too.
"""

import base64
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Protocol

from conformance.evidence import Lane, Sent, Sut
from simulator.protocol import codec, identifiers
from simulator.protocol.package import (
    Attachment,
    Business,
    Code,
    DocumentType,
    OtherInfo,
    Package,
    Party,
    Promulgation,
    Reference,
    ResponseFor,
    Signer,
    StaffInfo,
    StatusPacket,
    TraceHeader,
    TraceHeaderList,
)

__all__ = ["Writer", "files", "letter", "order", "pdf", "reply", "status", "take_back"]


class Writer(Protocol):
    """Who writes, to whom, when: the part of a stage that letters need."""

    random: random.Random
    sut: Sut
    lanes: tuple[Lane, ...]

    def now(self) -> datetime:
        """The time of the axis."""


_SUBJECTS = (
    "Về việc triển khai kế hoạch cải cách hành chính",
    "Về việc báo cáo kết quả thực hiện nhiệm vụ quý IV",
    "Về việc phối hợp rà soát hạ tầng kỹ thuật",
    "Về việc lấy ý kiến dự thảo quy chế làm việc",
    "Về việc cử cán bộ tham dự hội nghị trực tuyến",
)
_SIGNERS = ("Trần Thị Thử", "Nguyễn Văn Mẫu", "Lê Thử Nghiệm", "Phạm Minh Họa")


def letter(writer: Writer, *, lane: Lane | None = None, to: Sequence[str] | None = None, **changes: Any) -> Package:
    """A document from a lane to the SUT with one PDF, lint-clean. ``to``: the codes to write instead of the SUT's.

    ``changes``: fields of Package to set differently, also ``number``, ``notation``, ``issued``, ``files`` (see
    ``files``) and ``priority``.
    """
    own = lane or writer.lanes[0]
    draw = writer.random
    issued: date = changes.pop("issued", writer.now().date())
    code = Code(
        number=changes.pop("number", str(draw.randint(100, 9999))),
        # wide enough that two letters of one lane do not come to one number: that is a duplicate, and rightly warned of
        notation=changes.pop("notation", f"VP-{draw.choice(('TH', 'KSTT', 'NC', 'HCQT'))}{draw.randint(10, 99)}"),
    )
    manifest, attachments = changes.pop("files", None) or files(("van-ban.pdf", pdf(draw)))
    priority: int = changes.pop("priority", 0)
    moment = writer.now().replace(microsecond=0)
    package = Package(
        sender=Party(organ_id=own.unit, name=own.name or own.unit),
        receivers=tuple(Party(organ_id=each, name=writer.sut.organ_name or each) for each in to or (writer.sut.organ,)),
        document_id=identifiers.document_id(own.unit, issued, code.text),
        code=code,
        promulgation=Promulgation(place="Hà Nội", issued=issued),
        document_type=DocumentType(type=2, name="Công văn"),
        subject=draw.choice(_SUBJECTS),
        content="Nội dung thử nghiệm",
        signer=Signer(position="Chánh Văn phòng", full_name=draw.choice(_SIGNERS)),
        other=OtherInfo(priority=priority, page_amount=1, promulgation_amount=1, direction=False),
        steering_type=0,
        to_places=("Như trên", "Lưu: VT"),
        trace=TraceHeaderList(
            headers=(TraceHeader(organ_id=own.unit, timestamp=moment),),
            business=Business(doc_type=0, paper=0, staff=(StaffInfo(department="Văn thư", staff="Văn thư"),)),
        ),
        manifest=manifest,
        attachments=attachments,
    )
    return replace(package, **changes)


def files(
    *items: tuple[str, bytes], form: str = "zip-2019", descriptions: Sequence[str] = ()
) -> tuple[tuple[Reference, ...], tuple[Attachment, ...]]:
    """Manifest lines and attachments of the named files, packed as ``Attachment.of_file`` does for ``form``."""
    attachments = tuple(
        Attachment.of_file(
            name,
            data,
            content_id=f"cid:{number}",
            form=form,  # type: ignore[arg-type]  # the three words of of_file
            description=descriptions[number - 1] if number <= len(descriptions) else "",
        )
        for number, (name, data) in enumerate(items, 1)
    )
    manifest = tuple(
        Reference(content_id=each.content_id, content_type=each.content_type, name=each.name) for each in attachments
    )
    return manifest, attachments


def pdf(draw: random.Random, *, size: int = 0, ballast: bytes = b"") -> bytes:
    """A small PDF that opens, different each time; ``size``: at least so many bytes; ``ballast``: what a part that no
    page shows holds."""
    text = f"Van ban thu {draw.getrandbits(64):016x}"
    stream = f"BT /F1 12 Tf 72 770 Td ({text}) Tj ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Times-Roman>>",
        *([b"<</Length %d>>stream\n%s\nendstream" % (len(ballast), ballast)] if ballast else ()),
    ]
    # The comment of high bytes marks the file as binary: a system that reads it as text damages it (pitfall 31).
    body = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n" + b"%" + draw.randbytes(max(16, size)).replace(b"\n", b"\r") + b"\n"
    places = []
    for number, each in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size_line = b"<</Size %d/Root 1 0 R>>" % (len(objects) + 1)
    return body + b"xref\n0 %d\n0000000000 65535 f \n%strailer%s\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        table,
        size_line,
        len(body),
    )


def status(
    writer: Writer,
    code: str,
    *,
    organ: str,
    document_id: str,
    document_code: str = "",
    issued: date | None = None,
    description: str = "",
    lane: Lane | None = None,
    at: datetime | None = None,
) -> StatusPacket:
    """A status packet of a lane about a document; ``organ``: its addressee (ResponseFor/OrganId)."""
    own = lane or writer.lanes[0]
    moment = (at or writer.now()).replace(microsecond=0)
    return StatusPacket(
        sender=Party(organ_id=own.unit, name=own.name or own.unit),
        response_for=ResponseFor(organ_id=organ, code=document_code, document_id=document_id, promulgation_date=issued),
        staff=StaffInfo(department="Văn thư", staff="Văn thư"),
        code=code,
        description=description or f"Trạng thái {code}",
        timestamp=moment,
        trace=TraceHeaderList(headers=(TraceHeader(organ_id=own.unit, timestamp=moment),)),
    )


def reply(writer: Writer, code: str, package: Package, **changes: Any) -> StatusPacket:
    """The lane's status about a document that the SUT sent, all members taken from that document."""
    values: dict[str, Any] = {
        "organ": package.sender.organ_id if package.sender else writer.sut.organ,
        "document_id": package.document_id,
        "document_code": package.code.text if package.code else "",
        "issued": package.promulgation.issued if package.promulgation else None,
    }
    return status(writer, code, **(values | changes))


def take_back(writer: Writer, sent: Sent, *, reason: str, lane: Lane | None = None) -> StatusPacket:
    """Status 13 of the lane about what it sent to the SUT."""
    return status(
        writer,
        "13",
        organ=writer.sut.organ,
        document_id=sent.document_id,
        document_code=sent.code,
        issued=codec.read_date(sent.issued),
        description=reason,
        lane=lane,
    )


def order(writer: Writer, *, to: Sequence[str], **changes: Any) -> dict[str, Any]:
    """What the SUT's clerk is told to send: the members of ``POST /control/send``, with one PDF."""
    draw = writer.random
    return {
        "kind": "new",
        "to": list(to),
        "code_number": str(draw.randint(100, 9999)),
        "code_notation": f"UBND-{draw.choice(('VP', 'TH', 'NC'))}{draw.randint(10, 99)}",
        "promulgation_date": writer.now().date().isoformat(),
        "place": "Nghệ An",
        "type_name": "Công văn",
        "subject": draw.choice(_SUBJECTS),
        "priority": 0,
        "due_date": None,
        "signer": {"competence": "", "position": "Chủ tịch", "full_name": draw.choice(_SIGNERS)},
        "attachments": [{"name": "van-ban.pdf", "content_base64": base64.b64encode(pdf(draw)).decode()}],
        "refers_to": None,
        "reason": None,
    } | changes
