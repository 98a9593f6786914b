"""What all cases share in which the SUT sends: order, wait until it leaves, find the packet of an order.

An order that must be refused always has a twin: the same order without the fault, which has to leave. Without the
twin a refusal proves nothing (it might refuse everything).
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from conformance.case import Case, Role
from conformance.cases.looking_up import SYNCHRONISE
from conformance.evidence import CaseEvidence, Order, Record, SeenDocument
from conformance.finding import Check, Finding
from conformance.letters import order
from conformance.stage import Stage, StageEnd
from simulator.protocol.package import Package
from simulator.words import Text

__all__ = [
    "LEAVES",
    "Sending",
    "answered",
    "differing",
    "equal",
    "found",
    "kept_back",
    "leaves",
    "leaving",
    "left",
    "orders",
    "strays",
]  # fmt: skip

LEAVES = Text("the SUT's document to reach the axis", "văn bản của SUT đến trục")
_SEND = "POST /control/send"
_UNREAD = Text(
    "it was refused, but the SUT was not seen fetching the axis's directory, and cannot know the receiver",
    "bị từ chối, nhưng chưa thấy SUT tải danh bạ của trục nên có thể chưa biết nơi nhận",
)
_TO_SHOW = ("RF-04",)
"""What is broken where nothing left and nobody was told: not the sentence that forbids it to leave."""
_NEVER_LEFT = Text("what was ordered never reached the axis", "văn bản được yêu cầu gửi chưa đến trục")


class Sending(Case):
    """A case in which the SUT sends."""

    role = Role.SENDER


# ------------------------------------------------------------ driving


async def orders(stage: Stage, label: str = "document", *, to: Sequence[str] | None = None, **changes: Any) -> bool:
    """Have the SUT send an ordinary document with ``changes``; False where it would not. Never ends the drive."""
    members = order(stage, to=[stage.lane.unit] if to is None else to, **changes)
    try:
        await stage.order(label=label, **members)
    except StageEnd:
        if not stage.has_read_directory:
            stage.note("directory-unread", label=label)
        return False
    return True


async def leaves(stage: Stage, *labels: str) -> bool:
    """Wait until what was ordered under these labels ("document" where none is given) reached the axis."""
    return await stage.until(
        lambda seen: all(found(seen, seen.order(label)) for label in labels or ("document",)), for_=LEAVES
    )


# ------------------------------------------------------------ finding


def answered(evidence: CaseEvidence, label: str) -> Record:
    """The answer to that order: done, or refused by the SUT with 422. Raises Unseen for any other."""
    for record in reversed(evidence.acts(_SEND, label=label)):
        if record["status"] == 422:
            return record
        break
    evidence.order(label)
    return evidence.acts(_SEND, label=label)[-1]


def found(evidence: CaseEvidence, told: Order) -> SeenDocument | None:
    """The packet of that order: by the DocumentId that the SUT told; where the case ordered only one, that one."""
    sent = evidence.documents_from_sut()
    for each in sent:
        if each.package.document_id == told.document_id:
            return each
    alone = len(evidence.acts(_SEND)) == 1
    return sent[0] if alone and sent else None


def left(evidence: CaseEvidence, label: str = "document") -> tuple[Order, SeenDocument]:
    """The order and its packet. Raises Unseen where nothing left."""
    told = evidence.order(label)
    document = found(evidence, told)
    evidence.require(document, _NEVER_LEFT, told)
    assert document is not None  # noqa: S101  # require raised
    return told, document


# ------------------------------------------------------------ judging


def leaving(check: Check, evidence: CaseEvidence, label: str = "document", *, held: Text | None = None) -> Finding:
    """A good order had to leave; a SUT that refuses it, or never sends it, breaks the check."""
    record = answered(evidence, label)
    unread = [note for note in evidence.notes("directory-unread") if note["values"]["label"] == label]
    if record["status"] == 422 and unread and unread[-1].n > record.n:
        return check.unobserved(_UNREAD, record, remedy=SYNCHRONISE)
    if record["status"] == 422:
        error = str(record["answer"].get("error", ""))
        return check.broken(
            Text(
                f"the SUT, or the axis, would not take a complete order: {error}",
                f"SUT hoặc trục không nhận yêu cầu gửi hợp lệ: {error}",
            ),
            record,
        )
    told = evidence.order(label)
    document = found(evidence, told)
    return evidence.expect(
        check,
        [document] if document else (),
        told,
        held=held or Text("the axis accepted it for its receiver", "trục đã nhận để chuyển cho nơi nhận"),
        broken=Text("it never reached the axis", "văn bản không đến trục"),
    )


def equal(check: Check, evidence: CaseEvidence, wanted: object, found_: object, label: str = "document") -> Finding:
    """What the packet bears had to be what was ordered."""
    told, document = left(evidence, label)
    return check.decide(
        wanted == found_,
        told,
        document,
        held=Text(f"ordered and sent: '{found_}'", f"yêu cầu và đã gửi: '{found_}'"),
        broken=Text(f"ordered '{wanted}', the packet bears '{found_}'", f"yêu cầu '{wanted}', gói tin ghi '{found_}'"),
    )


def differing(check: Check, evidence: CaseEvidence, pairs: dict[str, tuple[object, object]]) -> Finding:
    """For each label what was ordered and what the packet bears: all had to agree."""
    cites = [each for label in pairs for each in left(evidence, label)]
    wrong = "; ".join(f"'{wanted}' → '{found_}'" for wanted, found_ in pairs.values() if wanted != found_)
    same = ", ".join(str(found_) for _, found_ in pairs.values())
    return check.decide(
        not wrong,
        *cites,
        held=Text(f"as ordered: {same}", f"đúng như yêu cầu: {same}"),
        broken=Text(f"ordered and sent differ: {wrong}", f"yêu cầu và gói tin khác nhau: {wrong}"),
    )


def kept_back(
    check: Check,
    evidence: CaseEvidence,
    label: str,
    *,
    shown: Callable[[Package], object],
    allowed: Callable[[Package], bool] = lambda package: False,
    twin: str = "document",
) -> Finding:
    """The faulty order had to be refused where the clerk sees it, and its packet not to leave.

    ``shown``: what a packet that left all the same bears in place of what was missing; ``allowed``: a packet that
    left and is right nevertheless.
    """
    told, good = left(evidence, twin)
    record = answered(evidence, label)
    gone = strays(evidence, label)
    if gone and all(allowed(each.package) for each in gone):
        held = Text(f"left, with '{shown(gone[0].package)}'", f"đã gửi, ghi '{shown(gone[0].package)}'")
        return check.held(held, record, *gone)
    if gone:
        bears = shown(gone[0].package)
        broken = Text(f"it left all the same; the packet bears '{bears}'", f"văn bản vẫn rời đi; gói tin ghi '{bears}'")
        return check.broken(broken, record, *gone)
    if record["status"] == 422:
        error = str(record["answer"].get("error", ""))
        return check.held(Text(f"refused: {error}", f"bị từ chối: {error}"), told, good, record)
    look = evidence.look("out", label)
    document_id = str(record["answer"].get("document_id", ""))
    state = look.state(document_id)
    return check.decide(
        look.of(document_id, state="failed"),
        told,
        good,
        record,
        look,
        held=Text("shown to the clerk as failed", "hiển thị cho văn thư là gửi lỗi"),
        broken=Text(
            f"the clerk is told that it was taken; nothing left, and it is shown as '{state}'",
            f"văn thư được báo đã nhận yêu cầu; không có gì rời đi và hộp đi hiển thị '{state}'",
        ),
        rests_on=_TO_SHOW,
    )


def strays(evidence: CaseEvidence, label: str) -> tuple[SeenDocument, ...]:
    """The packets that no other order of the case accounts for: each taken order accounts for one of its id."""
    others = Counter(
        str(record["answer"].get("document_id"))
        for record in evidence.acts(_SEND)
        if record["request"].get("label") != label and 200 <= record["status"] < 300
    )
    found_: list[SeenDocument] = []
    for each in evidence.documents_from_sut():
        if others[each.package.document_id]:
            others[each.package.document_id] -= 1
        else:
            found_.append(each)
    return tuple(found_)
