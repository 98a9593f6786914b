"""Steps and sentences that many cases share. A step drives; it judges nothing."""

from collections.abc import Sequence

from conformance.evidence import CaseEvidence, Look, Order, Record, SeenStatus, Sent
from conformance.finding import Check, Cited, Finding
from conformance.stage import Stage
from simulator.protocol.package import Package
from simulator.words import Text

__all__ = [
    "ARRIVED",
    "act",
    "answered",
    "arrive",
    "codes",
    "listed",
    "looked_after",
    "order_taken",
    "settled",
    "told",
    "took",
]

_SOONER = Text(
    en="run it again on a less busy machine, or with a longer deadline ([timing] deadline_seconds)",
    vi="chạy lại trên máy ít tải hơn, hoặc tăng thời hạn ([timing] deadline_seconds)",
)
ARRIVED = Text(en="the SUT to take the document in and report 01", vi="SUT nhận văn bản và báo trạng thái 01")


async def arrive(stage: Stage, *documents: Sent, polls: int = 3) -> bool:
    """Wait until the SUT has confirmed each document and reported 01 for it."""
    return await stage.until(
        lambda seen: all(seen.confirmed(each) and seen.statuses_from_sut(each, "01") for each in documents),
        for_=ARRIVED,
        polls=polls,
    )


async def settled(stage: Stage, *documents: Sent, polls: int = 3) -> bool:
    """Wait until the SUT has confirmed each document, with whatever word."""
    return await stage.until(
        lambda seen: all(seen.confirmed(each) for each in documents),
        for_=Text(en="the SUT to confirm what was sent", vi="SUT xác nhận những gì đã gửi"),
        polls=polls,
    )


async def act(stage: Stage, action: str, document: Sent, code: str, *, reason: str | None = None) -> bool:
    """Have the SUT's clerk act, and wait for the status that this must bring."""
    await stage.act(action, document, reason=reason)
    return await stage.until(
        lambda seen: seen.statuses_from_sut(document, code),
        for_=Text(en=f"status {code} after '{action}'", vi=f"trạng thái {code} sau thao tác '{action}'"),
    )


async def told(stage: Stage, status: Sent) -> bool:
    """Wait until the SUT has confirmed a status that a lane sent it."""
    return await stage.until(
        lambda seen: seen.confirmed(status),
        for_=Text(en=f"the SUT to take '{status.label}' in", vi=f"SUT nhận '{status.label}'"),
    )


def looked_after(evidence: CaseEvidence, look: Look, *facts: Cited) -> None:
    """Raises Unseen where the box was looked at before one of these facts: it shows nothing of what came after it."""
    late = [each for each in facts if each.n > look.n]
    because = Text(
        en="the SUT came to it only after its box had been looked at",
        vi="SUT thực hiện việc này sau khi hộp văn bản đã được xem",
    )
    evidence.require(not late, because, look, *late, remedy=_SOONER)


def took(evidence: CaseEvidence, document: Sent) -> tuple[Record, ...]:
    """What shows that the SUT took it in: fetched, confirmed 'done', and not given back by 02; () where it did not.

    A confirm alone is no arrival: a system may confirm unread, or take everything and reject it (pitfall 111).
    """
    fetched, done = evidence.fetched(document), evidence.confirmed(document, "done")
    if not fetched or not done or evidence.statuses_from_sut(document, "02"):
        return ()
    return (fetched[0], done[0])


def order_taken(seen: CaseEvidence) -> Package | None:
    """The package of the first document that the SUT sent in this case, or None while there is none."""
    return next((each.package for each in seen.documents_from_sut()), None)


def codes(statuses: Sequence[SeenStatus]) -> str:
    """``01, 03, 05``, or a dash."""
    return ", ".join(status.code for status in statuses) or "–"


def answered(check: Check, evidence: CaseEvidence, document: Sent | Order, code: str, after: Cited) -> Finding:
    """The SUT had to report ``code`` about the document after ``after``."""
    seen = evidence.statuses_from_sut(document, code)
    others = codes(evidence.statuses_from_sut(document))
    return evidence.expect(
        check,
        seen,
        after,
        held=Text(en=f"status {code} came", vi=f"đã có trạng thái {code}"),
        broken=Text(
            en=f"status {code} did not come although the SUT went on polling; it sent {others}",
            vi=f"không có trạng thái {code} dù SUT vẫn hỏi trục; SUT đã gửi {others}",
        ),
    )


def listed(check: Check, evidence: CaseEvidence, document: Sent, *, subject: str) -> Finding:
    """The SUT had to take the document in, list it with its subject and report 01, and not refuse it."""
    taken = evidence.taken(document)
    look = evidence.look("in")
    rows = look.held(document.document_id)
    arrival = evidence.statuses_from_sut(document, "01")
    if taken["word"] != "done" or not rows:
        word = taken["word"]
        return check.broken(
            Text(
                en=f"the SUT confirmed it with '{word}' and does not list it as a document that it holds",
                vi=f"SUT xác nhận '{word}' và không liệt kê văn bản này",
            ),
            document,
            taken,
            look,
        )
    if subject not in {row.get("subject") for row in rows}:
        shown = "; ".join(sorted({str(row.get("subject")) for row in rows}))
        return check.broken(
            Text(en=f"the SUT shows the subject '{shown}'", vi=f"SUT hiển thị trích yếu '{shown}'"), document, look
        )
    return check.decide(
        arrival,
        document,
        taken,
        *arrival,
        look,
        held=Text(en="taken in, listed and reported with 01", vi="đã nhận, đã liệt kê và đã báo 01"),
        broken=Text(en="it is listed, but 01 was never reported", vi="có trong danh sách nhưng không báo 01"),
    )
