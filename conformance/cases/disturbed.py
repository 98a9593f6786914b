"""Steps and sentences of the chapters in which the axis misbehaves: faults that struck, polling that goes on."""

from collections.abc import Sequence

from conformance.evidence import CaseEvidence, Record, Sent, Unseen
from conformance.finding import Check, Cited, Finding
from conformance.letters import order
from conformance.stage import Stage, StageEnd
from simulator.words import Text

__all__ = [
    "LONG",
    "alive",
    "begun",
    "ended",
    "goes_on",
    "hit",
    "hits",
    "leaves_late",
    "left_late",
    "letters_out",
    "ordered",
    "poll_of",
    "single",
    "stands",
    "told_to_send",
    "watch",
]

_LIST = "getReceivedEdocList"
LONG = 8
"""Polls to wait for in a wave where faults of several cases delay one another."""
_WATCH = Text("one more poll of the SUT", "thêm một lần SUT hỏi trục")
_ALIVE = Text("the SUT to poll at all", "SUT có hỏi trục")
_NEVER = Text("the axis never came to do '{label}' to the SUT", "trục chưa có dịp gây '{label}' với SUT")
_ASK = Text(
    "the SUT must poll, fetch, confirm and send in this run", "SUT phải hỏi trục, tải, xác nhận và gửi trong lần chạy"
)
_UNTOLD = Text("nothing of it was done", "chưa thực hiện bước này")


# ---------------------------------------------------------------- driving


async def hit(stage: Stage, label: str, *, times: int = 1, polls: int = LONG) -> bool:
    """Wait until the fault of that label has struck so often."""
    return await stage.until(
        lambda seen: len(hits(seen, label)) >= times,
        for_=Text(f"the SUT to run into '{label}'", f"SUT gặp phải '{label}'"),
        polls=polls,
    )


async def ordered(stage: Stage, *, label: str = "document", **changes: object) -> str:
    """Have the SUT send a document to the lane; "" where it answers that it was refused (422). Raises StageEnd."""
    try:
        return await stage.order(**order(stage, to=[stage.lane.unit], **changes), label=label)
    except StageEnd:
        if stage.seen.acts("POST /control/send", label=label)[-1]["status"] != 422:
            raise
        return ""


async def leaves_late(stage: Stage) -> None:
    """Wait until the ordered document leaves after all, then look (label ``late``): who gave it up must show that."""
    await stage.until(
        lambda seen: letters_out(seen), for_=Text("the document to leave", "văn bản được gửi đi"), polls=LONG
    )
    await stage.look("out", label="late")


async def alive(stage: Stage) -> bool:
    """Wait for a first poll, unless one was seen before: silence afterwards counts only for one that polled."""
    return await stage.until(lambda seen: seen.polls_after(0) >= 1, for_=_ALIVE, polls=1)


async def watch(stage: Stage) -> bool:
    """Wait for one more poll, whole, for ``goes_on``."""
    stage.note("watched")
    start = stage.seen.notes("watched")[-1].n
    return await stage.until(lambda seen: seen.polls_after(start) >= 1, for_=_WATCH, polls=2)


# ---------------------------------------------------------------- judging


def hits(evidence: CaseEvidence, label: str, *operations: str) -> tuple[Record, ...]:
    """Each time the fault of that label struck (in one of these operations)."""
    return tuple(
        record
        for record in _faults(evidence, label, "struck")
        if not operations or record["values"].get("operation") in operations
    )


def left_late(check: Check, evidence: CaseEvidence, after: Cited, *, held: Text, broken: Text) -> Finding:
    """It left when it could, or the clerk is shown that it was given up, and can send it again. Neither: it is lost."""
    left = letters_out(evidence)
    looks = [] if left else evidence.acts("GET /control/documents", label="late")
    if looks and 200 <= looks[-1]["status"] < 300:
        look = evidence.look("out", "late")
        if look.state(evidence.order().document_id) == "failed":
            shown = Text("it was given up, and is shown to the clerk as failed", "đã bỏ và hiển thị là gửi lỗi")
            return check.held(shown, after, look)
    return evidence.expect(check, left, after, held=held, broken=broken)


def stands(evidence: CaseEvidence, label: str) -> tuple[Record, ...]:
    """The hits of the fault, at least one. Raises Unseen: where it never struck nothing was tried."""
    if found := hits(evidence, label):
        return found
    raise Unseen(_NEVER.filled(label=label), remedy=_ASK)


def begun(evidence: CaseEvidence, label: str) -> Record:
    """When the fault was switched on. Raises Unseen."""
    return _event(evidence, label, "begins")


def ended(evidence: CaseEvidence, label: str, event: str = "ends") -> Record:
    """When the fault was switched off (or an answer ``released``). Raises Unseen."""
    return _event(evidence, label, event)


def _event(evidence: CaseEvidence, label: str, event: str) -> Record:
    if found := _faults(evidence, label, event):
        return found[0]
    raise Unseen(_UNTOLD, remedy=_ASK)


def _faults(evidence: CaseEvidence, label: str, event: str) -> tuple[Record, ...]:
    return tuple(
        record
        for record in evidence.notes("fault")
        if (record["values"]["label"], record["values"]["event"]) == (label, event)
    )


def goes_on(check: Check, evidence: CaseEvidence, after: Record, *cites: Cited) -> Finding:
    """The SUT had to poll again after ``after``, whatever it was answered then. Silence counts only for one that polled
    before, and was watched."""
    asked = (*evidence.facts("polled", system_id=evidence.sut.system_id), *_listing(evidence))
    polls = [each for each in asked if each.n > after.n]
    if polls:
        held = Text("it went on polling", "SUT vẫn tiếp tục hỏi trục")
        return check.held(held, after, *cites, polls[0], shown=True)
    before = [each for each in evidence.facts("polled", system_id=evidence.sut.system_id) if each.n < after.n]
    evidence.require(before, Text("it had not polled before either", "trước đó SUT cũng chưa hỏi trục"), remedy=_ASK)
    watched = [each for each in evidence.records if each.kind == "wait" and each["for"]["en"] == _WATCH.en]
    evidence.require(watched and not watched[-1]["met"], _UNTOLD, remedy=_ASK)
    seconds = (watched[-1].moment - before[-1].moment).total_seconds()
    return check.broken(
        Text(
            f"{len(before)} polls before it, not one in the {seconds:.0f} s afterwards",
            f"trước đó {len(before)} lần hỏi trục, sau đó {seconds:.0f} giây không hỏi lần nào",
        ),
        before[-1],
        after,
        *cites,
        by_silence=True,
    )


def _listing(evidence: CaseEvidence) -> tuple[Record, ...]:
    """Each time a question for the list ran into a fault: no poll to count, but a sign of life."""
    struck = (each for each in evidence.notes("fault") if each["values"]["event"] == "struck")
    return tuple(each for each in struck if each["values"].get("operation") == _LIST)


def single(check: Check, evidence: CaseEvidence, document: Sent, *, copies: int = 1) -> Finding:
    """At most one row without a warning, and no more 01 than ``copies``: the document exists once. Its arrival is the
    twin."""
    arrivals = evidence.statuses_from_sut(document, "01")
    evidence.require(arrivals, Text("the document never arrived", "văn bản chưa đến"), document, remedy=_ASK)
    look = evidence.look("in")
    rows = [row for row in look.counted(document.document_id) if "duplicate" not in (row.get("warnings") or ())]
    return check.decide(
        len(rows) <= 1 and len(arrivals) <= copies,
        document,
        *arrivals,
        look,
        held=Text("one document", "một văn bản"),
        broken=Text(
            f"{len(rows)} rows without a warning of a duplicate, 01 reported {len(arrivals)} times",
            f"{len(rows)} dòng không có cảnh báo trùng, báo 01 {len(arrivals)} lần",
        ),
    )


def told_to_send(evidence: CaseEvidence, label: str = "document") -> Record:
    """The order to send, whatever the SUT answered. Raises Unseen where it was never given."""
    if found := evidence.acts("POST /control/send", label=label):
        return found[-1]
    raise Unseen(_UNTOLD, remedy=_ASK)


def letters_out(evidence: CaseEvidence, label: str = "document") -> Sequence[Record]:
    """Each acceptance by the axis of the document that the SUT was told to send, known by its number."""
    number = str(told_to_send(evidence, label)["request"].get("code_number"))
    return [
        each.fact
        for each in evidence.documents_from_sut()
        if each.package.code and each.package.code.number == number and not each.package.business_type
    ]


def poll_of(evidence: CaseEvidence, label: str) -> Record:
    """What the SUT said of the poll that it was told to make. Raises Unseen where it does not offer that."""
    for record in reversed(evidence.acts("POST /control/poll", label=label)):
        if record["status"] == 200:
            return record
        raise Unseen(_NO_POLL.filled(status=record["status"]), record, remedy=_OFFER_POLL)
    raise Unseen(_UNTOLD, remedy=_ASK)


_NO_POLL = Text("the SUT answered POST /control/poll with {status}", "SUT trả {status} cho POST /control/poll")
_OFFER_POLL = Text(
    "offer POST /control/poll, with 'error' where the axis gave no usable answer (contract, section 4)",
    "cung cấp POST /control/poll, kèm 'error' khi trục không trả lời dùng được (contract, mục 4)",
)
