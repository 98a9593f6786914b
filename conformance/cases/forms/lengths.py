"""Reasons and texts of every length, both ways: 0 to 60,000 letters, heard, said and sent. Otherwise tidy."""

from collections.abc import Iterable, Sequence
from contextlib import suppress

from conformance.case import Case, Role
from conformance.cases.changes import of_type
from conformance.cases.forms.deviations import LENGTHS
from conformance.cases.forms.documents import fresh_number
from conformance.cases.forms.kit import as_sent, confirmed_all, in_hand, patiently, same_text, too_early
from conformance.cases.forms.packets import document, status_about
from conformance.cases.forms.statuses import lanes_told, left_for, shown_to
from conformance.cases.forms.written import letters, written
from conformance.cases.steps import arrive
from conformance.evidence import CaseEvidence, Look, Order, Record, Unseen
from conformance.finding import Check, Cited, Finding, Outcome
from conformance.letters import order
from conformance.stage import Stage, StageEnd
from simulator.protocol.package import StatusPacket
from simulator.words import Text

__all__ = ["CASES"]

_HUGE = 60_000
_SUBJECT = 500
"""Letters of a subject (HD-17) and of a content (HD-18); longer ones may be refused, but not cut."""
_TAKEN = Text("the SUT to take the refusals in", "SUT nhận các trạng thái từ chối")
_LEAVE = Text("the refusals to leave", "các trạng thái từ chối được gửi đi")
_DOCUMENTS = Text("the SUT's documents to leave", "các văn bản của SUT được gửi đi")
_RECALLS = Text("the recalls to leave", "các gói thu hồi được gửi đi")


def _of(length: int) -> Text:
    return Text(f"{length} letters", f"{length} ký tự")


def _all(check: Check, found: Sequence[tuple[int, Finding]], *, none: Text, cites: Sequence[Cited] = ()) -> Finding:
    """One finding for all lengths: the shortest that fails is named. Raises Unseen where there are none."""
    if not found:
        raise Unseen(none, *cites, remedy=Text("see the other checks of this case", "xem các kiểm tra khác của ca này"))
    for outcome in (Outcome.BROKEN, Outcome.UNOBSERVED):
        for length, finding in found:
            if finding.outcome is outcome:
                because = Text(
                    en=f"{_of(length).en}: {finding.because.en}", vi=f"{_of(length).vi}: {finding.because.vi}"
                )
                return Finding(check, outcome, because, finding.cites, finding.remedy)
    numbers = ", ".join(str(length) for length, _ in found)
    because = Text(f"whole at {numbers} letters", f"nguyên vẹn ở độ dài {numbers} ký tự")
    return Finding(check, Outcome.HELD, because, tuple(n for _, finding in found for n in finding.cites))


def _whole(check: Check, wanted: str, got: str, *cites: Cited) -> Finding:
    return check.decide(
        same_text(wanted, got),
        *cites,
        held=Text("whole", "nguyên vẹn"),
        broken=Text(f"it has {len(got)} letters, or others", f"chỉ có {len(got)} ký tự hoặc đã bị thay đổi"),
    )


class ReasonsHeard(Case):
    """The lanes refuse a document of the SUT with reasons of every length."""

    id = "forms/reasons-heard"
    title = Text("Refusals with reasons of 0 to 60,000 letters", "Từ chối với lý do từ 0 đến 60.000 ký tự")
    expected = Text(
        "Each refusal is shown at its receiver with its whole reason; none is dropped for the length of it.",
        "Mỗi lần từ chối hiển thị ở đúng nơi nhận với lý do nguyên vẹn; không bỏ gói nào vì lý do dài.",
    )
    role = Role.SENDER
    lanes = 7
    SHOWN = Check("refusals-shown-at-every-length", ("ST-08",), Text("each 02 is shown", "hiển thị mọi trạng thái 02"))
    ODD = Check(
        "refusals-shown-without-and-with-huge-reason",
        ("ST-02",),
        Text("also without a reason, and with a huge one", "kể cả khi không có lý do hoặc lý do rất dài"),
    )
    KEPT = Check("reasons-heard-whole", ("RF-04",), Text("the reasons are whole", "lý do nguyên vẹn"))
    checks = (SHOWN, ODD, KEPT)

    async def drive(self, stage: Stage) -> None:
        """One document, seven receivers, seven lengths."""
        places = await lanes_told(stage, len(LENGTHS), "order")
        sent = []
        for length, (document_id, at) in zip(LENGTHS, places, strict=True):
            lane, seen = stage.lanes[at], left_for(stage.seen, document_id)
            if seen is None:
                raise StageEnd("the document never left")
            packet = status_about(stage, seen.package, "02", lane)
            stage.note("refused", length=length, document_id=document_id, lane=at)
            data = written(packet, (f"letters-{length}",), stage.random)
            sent.append(await stage.plant(data, like=packet, label=f"02 of {length}", lane=lane))
        await patiently(stage, confirmed_all(sent), for_=_TAKEN)
        await stage.look("out")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The status, then its reason."""
        evidence.noted("refused")
        look = evidence.look("out")
        notes = [record["values"] for record in evidence.notes("refused")]
        shown = [(each["length"], self._shown(evidence, each, look)) for each in notes]
        usual = [(length, finding) for length, finding in shown if 0 < length < _HUGE]
        nothing = Text("no refusal was sent", "chưa gửi trạng thái từ chối nào")
        yield _all(self.SHOWN, usual, none=nothing)
        yield _all(self.ODD, [each for each in shown if each not in usual], none=nothing)
        heard = {length for length, finding in shown if length and finding.outcome is Outcome.HELD}
        kept = [(each["length"], self._kept(evidence, each, look)) for each in notes if each["length"] in heard]
        yield _all(self.KEPT, kept, none=Text("no refusal is shown", "không hiển thị trạng thái từ chối nào"))

    def _shown(self, evidence: CaseEvidence, note: Record | dict[str, object], look: Look) -> Finding:
        length = int(str(note["length"]))
        check = self.SHOWN if 0 < length < _HUGE else self.ODD
        sent = evidence.sent(f"02 of {length}")
        try:
            taken = in_hand(check, evidence, sent)
        except Unseen as unseen:
            return check.unobserved(unseen.because, *unseen.cites, remedy=unseen.remedy)
        if isinstance(taken, Finding):
            return taken
        if early := too_early(check, look, taken):
            return early
        receivers = shown_to(look, str(note["document_id"]), evidence.lanes[int(str(note["lane"]))])
        states = sorted({str(each.get("status") or "") for each in receivers})
        return check.decide(
            "02" in states,
            sent,
            taken,
            look,
            held=Text("02 is shown", "hiển thị 02"),
            broken=Text(
                f"the out-box shows '{', '.join(states)}' instead of 02",
                f"hộp đi hiển thị '{', '.join(states)}' thay vì 02",
            ),
        )

    def _kept(self, evidence: CaseEvidence, note: dict[str, object], look: Look) -> Finding:
        sent = evidence.sent(f"02 of {note['length']}")
        packet = as_sent(evidence, sent).packet
        wanted = packet.description if isinstance(packet, StatusPacket) else ""
        receivers = shown_to(look, str(note["document_id"]), evidence.lanes[int(str(note["lane"]))])
        reasons = [str(each.get("reason") or "") for each in receivers]
        best = next((each for each in reasons if same_text(each, wanted)), max(reasons, key=len, default=""))
        return _whole(self.KEPT, wanted, best, sent, look)


class ReasonsSaid(Case):
    """The SUT's clerk refuses documents with reasons of every length."""

    id = "forms/reasons-said"
    title = Text("The clerk refuses with 1 to 60,000 letters", "Văn thư từ chối với lý do từ 1 đến 60.000 ký tự")
    expected = Text(
        "What the clerk was allowed to say leaves, whole; what is too long for the SUT it does not take at all.",
        "Lý do mà văn thư được phép nhập rời đi nguyên vẹn; lý do quá dài thì SUT không nhận ngay từ đầu.",
    )
    LEAVES = Check("refusals-leave-at-every-length", ("RF-01",), Text("each 02 leaves", "mọi trạng thái 02 được gửi"))
    WHOLE = Check("reasons-said-whole", ("ST-02",), Text("the reasons are whole", "lý do nguyên vẹn"))
    checks = (LEAVES, WHOLE)

    async def drive(self, stage: Stage) -> None:
        """A document for each length."""
        sent = {
            length: await stage.send(document(stage, fresh_number(stage)), label=f"{length} letters")
            for length in LENGTHS[1:]
        }
        await arrive(stage, *sent.values())
        done = []
        for length, each in sent.items():
            with suppress(StageEnd):  # too long for it: it may say so
                await stage.act("refuse", each, reason=letters(stage.random, length))
                done.append(each)
        await patiently(stage, lambda seen: all(seen.statuses_from_sut(each, "02") for each in done), for_=_LEAVE)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Of each act that was done: its 02, and what it says."""
        leaves, whole = [], []
        acts = [each for each in evidence.acts("POST /control/act", action="refuse") if 200 <= each["status"] < 300]
        if not acts:  # says why
            evidence.act("refuse", evidence.sent(f"{LENGTHS[1]} letters"))
        for act in acts:
            reason, document_id = str(act["request"]["reason"]), str(act["request"]["document_id"])
            found = evidence.statuses_from_sut(document_id, "02")
            finding = evidence.expect(
                self.LEAVES,
                found,
                act,
                held=Text("02 left", "02 đã rời đi"),
                broken=Text("02 never left", "02 không được gửi"),
            )
            leaves.append((len(reason), finding))
            if found:
                whole.append((len(reason), _whole(self.WHOLE, reason, found[0].packet.description, act, found[0])))
        nothing = Text("no refusal left", "không có trạng thái từ chối nào rời đi")
        yield _all(self.LEAVES, leaves, none=nothing)
        yield _all(self.WHOLE, whole, none=nothing, cites=acts)


class TextsSent(Case):
    """The SUT sends documents whose subject and content have every length."""

    id = "forms/texts-sent"
    title = Text("Subjects and contents of every length", "Trích yếu và nội dung ở mọi độ dài")
    expected = Text(
        "What the SUT takes from its clerk leaves whole; it may refuse what is longer than 500 letters.",
        "Nội dung mà SUT nhận từ văn thư rời đi nguyên vẹn; có thể từ chối nội dung dài hơn 500 ký tự.",
    )
    role = Role.SENDER
    SUBJECT = Check("sent-subjects-whole", ("HD-17",), Text("the subjects are whole", "trích yếu nguyên vẹn"))
    CONTENT = Check(
        "sent-contents-whole", ("HD-18",), Text("no content leaves cut", "nội dung không bị cắt khi gửi đi")
    )
    checks = (SUBJECT, CONTENT)

    async def drive(self, stage: Stage) -> None:
        """One order for each length; ``content`` is a member that not every control API knows."""
        ids = []
        for length in LENGTHS[1:]:
            request = order(stage, to=[stage.lane.unit]) | {"content": letters(stage.random, length)}
            if length <= _SUBJECT:
                request |= {"subject": letters(stage.random, length)}
            with suppress(StageEnd):
                ids.append(await stage.order(label=f"{length} letters", **request))
        await patiently(stage, lambda seen: all(left_for(seen, each) for each in ids), for_=_DOCUMENTS)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Each packet that left against its order; a content is judged where the SUT writes any."""
        orders = _done(evidence, [f"{length} letters" for length in LENGTHS[1:]])
        lengths_of_subjects = {f"{length} letters" for length in LENGTHS if length <= _SUBJECT}
        subjects, contents = [], []
        for each in orders:
            left = left_for(evidence, each.document_id)
            if left is None:
                continue
            wanted = str(each.request["subject"])
            if each.label in lengths_of_subjects:
                subjects.append((len(wanted), _whole(self.SUBJECT, wanted, left.package.subject, each, left)))
            text = str(each.request["content"])
            if left.package.content:
                contents.append((len(text), _whole(self.CONTENT, text, left.package.content, each, left)))
        yield _all(self.SUBJECT, subjects, none=Text("no document left", "không văn bản nào rời đi"), cites=orders)
        if subjects and not contents:
            yield self.CONTENT.held(
                Text("no packet bears a content: there is none to be cut", "không gói tin nào có nội dung để bị cắt"),
                *orders,
            )
        else:
            yield _all(self.CONTENT, contents, none=Text("no document left", "không văn bản nào rời đi"), cites=orders)


class ReasonsSent(Case):
    """The SUT recalls documents with reasons of every length."""

    id = "forms/reasons-sent"
    title = Text("Recalls with reasons of 1 to 60,000 letters", "Thu hồi với lý do từ 1 đến 60.000 ký tự")
    expected = Text(
        "What the clerk was allowed to give as a reason stands whole in BussinessDocReason.",
        "Lý do mà văn thư được phép nhập có mặt nguyên vẹn trong BussinessDocReason.",
    )
    role = Role.SENDER
    capability = "recall"
    WHOLE = Check("recall-reasons-whole", ("BZ-02",), Text("the reasons are whole", "lý do nguyên vẹn"))
    checks = (WHOLE,)

    async def drive(self, stage: Stage) -> None:
        """Documents first, then the recalls of those that left."""
        ids = {
            length: await stage.order(label=f"document {length}", **order(stage, to=[stage.lane.unit]))
            for length in LENGTHS[1:]
        }
        await patiently(stage, lambda seen: all(left_for(seen, each) for each in ids.values()), for_=_DOCUMENTS)
        await stage.collect()
        asked = 0
        for length, document_id in ids.items():
            changes = {"kind": "recall", "refers_to": document_id, "reason": letters(stage.random, length)}
            with suppress(StageEnd):  # too long for it: it may say so
                await stage.order(
                    label=f"recall {length}", **{**stage.seen.order(f"document {length}").request, **changes}
                )
                asked += 1
        await patiently(stage, lambda seen: len(of_type(seen, 1)) >= asked, for_=_RECALLS)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Each recall that left against its order."""
        orders = _done(evidence, [f"recall {length}" for length in LENGTHS[1:]])
        found = []
        for each in orders:
            reason, target = str(each.request["reason"]), str(each.request["refers_to"])
            for packet in of_type(evidence, 1):
                about = {packet.package.document_id, *(item.document_id for item in packet.package.response_for)}
                business = packet.package.business
                if target in about and business:
                    found.append((len(reason), _whole(self.WHOLE, reason, business.reason, each, packet)))
        yield _all(self.WHOLE, found, none=Text("no recall left", "không gói thu hồi nào rời đi"), cites=orders)


def _done(evidence: CaseEvidence, labels: Sequence[str]) -> list[Order]:
    """The orders of these labels that the SUT took. Raises Unseen where it took none: says why."""
    found = []
    for label in labels:
        with suppress(Unseen):
            found.append(evidence.order(label))
    return found or [evidence.order(labels[0])]


CASES: tuple[Case, ...] = (ReasonsHeard(), ReasonsSaid(), TextsSent(), ReasonsSent())
