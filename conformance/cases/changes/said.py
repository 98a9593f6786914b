"""What a recall, update or replacement brought: the answers to it, and the packets that the SUT itself sent."""

from collections.abc import Mapping
from typing import Any, cast

from conformance.cases.steps import took
from conformance.evidence import CaseEvidence, Lane, Look, SeenDocument, SeenStatus, Sent
from simulator.protocol import codec
from simulator.protocol.errors import DamagedAttachment
from simulator.protocol.package import Package
from simulator.words import Text

__all__ = [
    "answers", "files_of", "first_answer", "held_before", "of_type", "own", "replies", "require_taken", "shown",
]  # fmt: skip

_ANSWERS = ("02", "15", "16")


def replies(evidence: CaseEvidence, packet: Sent) -> tuple[SeenStatus, ...]:
    """Every 02, 15 and 16 to the sender of ``packet`` after it, whatever document it names."""
    spellings = next((lane.codes for lane in evidence.lanes if lane.system_id == packet.system_id), ())
    taken_on = evidence.facts("accepted", doc_id=packet.doc_id)
    since = taken_on[0].n if taken_on else packet.n
    return tuple(
        each
        for each in evidence.statuses_from_sut(None, *_ANSWERS)
        if each.n > since and each.packet.response_for and each.packet.response_for.organ_id in spellings
    )


def answers(evidence: CaseEvidence, packet: Sent, *about: Sent) -> tuple[SeenStatus, ...]:
    """Those of them that name the packet, or one of the documents that it is about."""
    ids = {each.document_id for each in (packet, *about)}
    return tuple(each for each in replies(evidence, packet) if each.document_id in ids)


def first_answer(evidence: CaseEvidence, packet: Sent, *about: Sent) -> SeenStatus:
    """The first of these. Raises Unseen where there is none."""
    found = answers(evidence, packet, *about)
    evidence.require(
        found, Text(f"'{packet.label}' was never answered", f"'{packet.label}' không được trả lời"), packet
    )
    return found[0]


def held_before(evidence: CaseEvidence, document: Sent) -> Look:
    """The look that found the document in the SUT's box, before anything was done to it. Raises Unseen: what was
    never listed cannot be seen to go."""
    look = evidence.look("in", f"holds {document.label}")
    because = Text(
        f"'{document.label}' was never listed as a document that the SUT holds",
        f"'{document.label}' chưa từng có trong danh sách văn bản của SUT",
    )
    evidence.require([row for row in look.held(document.document_id) if row.get("state") != "recalled"], because, look)
    return look


def require_taken(evidence: CaseEvidence, *documents: Sent) -> None:
    """The twin of a refusal: good documents were taken in and not given back by 02. Raises Unseen: who refuses
    everything says nothing about this packet."""
    for document in documents:
        because = Text(
            f"'{document.label}', a good document, was not taken in either",
            f"'{document.label}' là văn bản hợp lệ nhưng cũng không được nhận",
        )
        evidence.require(took(evidence, document), because, document)


def own(evidence: CaseEvidence, sent: Sent) -> Package:
    """The packet that a lane sent."""
    return cast(Package, codec.decode(evidence.blob(sent.sha256)).packet)


def of_type(evidence: CaseEvidence, kind: int) -> tuple[SeenDocument, ...]:
    """The SUT's packets of that BussinessDocType."""
    return tuple(each for each in evidence.documents_from_sut() if each.package.business_type == kind)


def shown(look: Look, lane: Lane, *document_ids: str) -> tuple[Mapping[str, Any], ...]:
    """What the out-box shows for a lane: a line for each row of these documents that shows a status for it."""
    lines = (line for each in document_ids for line in look.lines(each, lane.codes))
    return tuple(line for line in lines if line.get("status"))


def files_of(package: Package) -> tuple[bytes, ...]:
    """The files that can be taken out of a packet; a damaged one is not among them."""
    found = []
    for each in package.attachments:
        try:
            found.append(each.file())
        except DamagedAttachment:
            continue
    return tuple(found)
