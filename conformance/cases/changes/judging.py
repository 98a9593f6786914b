"""Judgements that the chapters of recall, update, replacement and take-back share. Pure."""

from collections.abc import Callable, Iterable, Sequence

from conformance.answering import Given
from conformance.cases.changes.said import held_before, of_type, own, shown
from conformance.cases.changes.steps import DECLINED
from conformance.cases.steps import codes
from conformance.evidence import CaseEvidence, Lane, Look, SeenDocument, SeenStatus, Sent
from conformance.finding import Check, Cited, Finding
from conformance.flaws import resting
from simulator.protocol.rules import Level
from simulator.words import Text

__all__ = [
    "answered_with", "answers_shown", "clean", "gone", "kept", "own_id", "reaches", "stands", "true_answer",
    "with_reason", "without_reason_stays",
]  # fmt: skip


def answered_with(check: Check, evidence: CaseEvidence, code: str, seen: Sequence[SeenStatus], packet: Sent) -> Finding:
    """``code`` is the first answer among ``seen``; another one, or none, is broken."""
    right = Text(en=f"answered with {code}", vi=f"đã trả lời {code}")
    wrong = Text(
        en=f"'{packet.label}' was answered with {codes(seen)} instead of {code}",
        vi=f"'{packet.label}' được trả lời {codes(seen)} thay vì {code}",
    )
    if seen:
        return check.decide(seen[0].code == code, packet, *seen, held=right, broken=wrong)
    return evidence.expect(check, (), packet, held=right, broken=wrong)


def with_reason(check: Check, answer: SeenStatus) -> Finding:
    """A refusal says why."""
    said = answer.packet.description.strip()
    return check.decide(
        said,
        answer,
        held=Text(f"reason: {said}", f"lý do: {said}"),
        broken=Text(f"{answer.code} came without a Description", f"{answer.code} không có Description"),
    )


def gone(check: Check, evidence: CaseEvidence, look: Look, document: Sent, *cites: Cited) -> Finding:
    """The document can no longer be opened: every row of it is recalled, or it has none. Raises Unseen."""
    before = held_before(evidence, document)
    standing = [state for state in look.states(document.document_id) if state != "recalled"]
    return check.decide(
        not standing,
        before,
        *cites,
        look,
        held=Text("recalled, or no longer listed", "đã thu hồi hoặc không còn trong danh sách"),
        broken=Text(
            f"'{document.label}' still stands as {', '.join(standing)}",
            f"'{document.label}' vẫn ở trạng thái {', '.join(standing)}",
        ),
    )


def kept(check: Check, look: Look, document: Sent, *cites: Cited) -> Finding:
    """The recall left a record: a row of the document, or one that refers to it."""
    rows = [*look.of(document.document_id), *(row for row in look.rows if row.get("refers_to") == document.document_id)]
    return check.decide(
        rows,
        *cites,
        look,
        held=Text("the record of the recall is there", "còn hồ sơ về việc thu hồi"),
        broken=Text("no trace of the document or its recall is left", "không còn vết nào của văn bản hay việc thu hồi"),
    )


def stands(
    check: Check, evidence: CaseEvidence, look: Look, document: Sent, *cites: Cited, state: str = "arrived"
) -> Finding:
    """The document is listed as before: its state, its subject, its files."""
    package = own(evidence, document)
    rows = look.itself(document.document_id)
    seen = [(row.get("state"), row.get("subject"), len(row.get("attachments") or ())) for row in rows]
    now = "; ".join(sorted(f"{state_}, '{subject}', {files}" for state_, subject, files in seen)) or "–"
    return check.decide(
        (state, package.subject, len(package.attachments)) in seen,
        *cites,
        look,
        held=Text(f"'{document.label}' is as it was", f"'{document.label}' không thay đổi"),
        broken=Text(f"'{document.label}' is now: {now}", f"'{document.label}' nay là: {now}"),
    )


def true_answer(
    check: Check, evidence: CaseEvidence, look: Look, document: Sent, answer: SeenStatus, done: Callable[[Look], object]
) -> Finding:
    """What was answered is what was done: 15 and carried out, or refused and left alone. Raises Unseen."""
    before = held_before(evidence, document)
    carried_out, agreed = bool(done(look)), answer.code == "15"
    state = look.state(document.document_id) or "–"
    return check.decide(
        carried_out == agreed,
        before,
        answer,
        look,
        held=Text(f"answered {answer.code}, and so it is", f"trả lời {answer.code} và đúng như vậy"),
        broken=Text(
            f"answered {answer.code}, but '{document.label}' is {state}",
            f"trả lời {answer.code} nhưng '{document.label}' ở trạng thái {state}",
        ),
    )


def clean(check: Check, evidence: CaseEvidence, packets: Sequence[SeenStatus | SeenDocument]) -> Finding:
    """No rule of level error is broken by these packets of the SUT, but where they name back what a lane wrote."""
    given = Given(evidence.records, evidence.blobs, evidence.sut.system_id)
    flaws = [flaw for each in packets for flaw in given.flaws(each.fact, Level.ERROR)]
    said = "; ".join(f"{flaw.rule.id} ({flaw.at})" for flaw in flaws)
    return check.decide(
        not flaws,
        *packets,
        held=Text("no rule is broken", "không vi phạm quy tắc nào"),
        broken=Text(f"broken: {said}", f"vi phạm: {said}"),
        rests_on=resting(check, flaws),
    )


def without_reason_stays(leaves: Check, stays: Check, evidence: CaseEvidence, kind: int) -> tuple[Finding, ...]:
    """The order with a reason leaves; the one without did not, or not without one. Raises Unseen."""
    reasoned, packets = evidence.order("reasoned"), of_type(evidence, kind)
    with_ = [each for each in packets if each.package.business and each.package.business.reason.strip()]
    first = evidence.expect(
        leaves,
        with_,
        reasoned,
        held=Text("with a reason it leaves", "có lý do thì gói tin được gửi"),
        broken=Text("it did not leave although a reason was given", "có lý do nhưng gói tin không được gửi"),
    )
    asked = evidence.acts("POST /control/send", label="unreasoned")
    if not with_ or not asked or asked[-1]["status"] in (0, 501):
        because = Text("the order with a reason did not leave", "lệnh có lý do không được gửi")
        return first, stays.unobserved(because, reasoned, remedy=Text("see the check before", "xem kiểm tra trước"))
    bare = [each for each in packets if each not in with_]
    second = stays.decide(
        not bare,
        asked[-1],
        *bare,
        *with_,
        held=Text("nothing left without a reason", "không gói nào rời đi mà thiếu lý do"),
        broken=Text("a packet without BussinessDocReason left", "có gói tin rời đi không có BussinessDocReason"),
    )
    return first, second


def answers_shown(checks: Sequence[Check], evidence: CaseEvidence, *document_ids: str) -> Iterable[Finding]:
    """The out-box shows 15 for the first lane, 16 for the second, and why: three checks. Raises Unseen."""
    look = evidence.look("out")
    for check, code, lane in zip(checks[:2], ("15", "16"), evidence.lanes, strict=True):
        status = evidence.sent(f"{code} of {lane.unit}")
        evidence.taken(status)
        codes_shown = sorted({str(line["status"]) for line in shown(look, lane, *document_ids)})
        seen = ", ".join(codes_shown) or "–"
        yield check.decide(
            code in codes_shown,
            status,
            look,
            held=Text(f"shown: {seen}", f"hiển thị: {seen}"),
            broken=Text(f"shown: {seen} instead of {code}", f"hiển thị: {seen} thay vì {code}"),
        )
    lines = shown(look, evidence.lanes[1], *document_ids)
    said = "; ".join(sorted({str(line["reason"]) for line in lines if line.get("reason")}))
    yield checks[2].decide(
        DECLINED in said,
        look,
        held=Text("the reason is shown", "có hiển thị lý do"),
        broken=Text(f"the reason shown is '{said}'", f"lý do hiển thị là '{said}'"),
    )


def own_id(check: Check, package: SeenDocument, original: str) -> Finding:
    """The packet has a DocumentId, and not the one of the document that it changes."""
    named = package.package.document_id
    return check.decide(
        named not in ("", original),
        package,
        held=Text(named, named),
        broken=Text(f"DocumentId is '{named}'", f"DocumentId là '{named}'"),
    )


def reaches(check: Check, packets: Sequence[SeenDocument], lanes: Sequence[Lane]) -> Finding:
    """Each of these lanes is a recipient of one of the packets, by the axis's own list."""
    reached = {code for each in packets for code in each.fact["to"]}
    missed = ", ".join(lane.unit for lane in lanes if not reached & set(lane.codes))
    return check.decide(
        not missed,
        *packets,
        held=Text(f"all {len(lanes)} of them", f"đủ {len(lanes)} nơi"),
        broken=Text(f"not reached: {missed}", f"không đến: {missed}"),
    )
