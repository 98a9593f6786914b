"""A 13 arrives: for a finished document, an unknown one, from a stranger; and what follows 15. BZ-05, BZ-08, BZ-14."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace

from conformance.case import Case
from conformance.cases.changes import (
    answered_with,
    answers,
    first_answer,
    gone,
    held_before,
    hold,
    last_year,
    lookalikes,
    settle,
    stands,
    true_answer,
    turn_down,
    with_reason,
)
from conformance.cases.recall.applied import is_recalled
from conformance.cases.steps import act, codes, settled
from conformance.evidence import CaseEvidence, Lane, SeenStatus, Sent
from conformance.finding import Check, Finding
from conformance.letters import letter, status, take_back
from conformance.stage import Stage, StageEnd
from simulator.protocol.package import Package, StatusPacket
from simulator.words import Text

__all__ = ["CASES"]

REASON = "Gửi nhầm nơi nhận, đề nghị trả lại"


def _about(stage: Stage, package: Package, lane: Lane) -> StatusPacket:
    """A 13 of ``lane`` for that document, whoever sent it and whether it came or not."""
    return status(
        stage,
        "13",
        organ=stage.sut.organ,
        document_id=package.document_id,
        document_code=package.code.text if package.code else "",
        issued=package.promulgation.issued if package.promulgation else None,
        description=REASON,
        lane=lane,
    )


class OfFinished(Case):
    """Asked for after 06: the clerk may decline, but says why; and what is answered is true."""

    id = "takeback/of-a-finished-document"
    title = Text("A finished document is asked back", "Yêu cầu lấy lại văn bản đã xử lý xong")
    expected = Text(
        "15 or 16; a 16 has the reason and the document stays finished, after 15 it is out of reach.",
        "15 hoặc 16; nếu 16 thì có lý do và văn bản vẫn hoàn thành, nếu 15 thì văn bản không còn hiệu lực.",
    )
    capability = "take_back"
    ANSWERED = Check("finished-take-back-answered", ("BZ-08",), Text("it is answered", "có trả lời"))
    REASON = Check("finished-take-back-reason", ("BZ-08",), Text("the answer says why", "trả lời có nội dung"))
    TRUE = Check("finished-take-back-true", ("BZ-08",), Text("the answer is true", "trả lời đúng sự thật"))
    checks = (ANSWERED, REASON, TRUE)

    async def drive(self, stage: Stage) -> None:
        """To the end of the chain, then back."""
        document = await hold(stage, letter(stage))
        for action, code in (("accept", "03"), ("start", "05"), ("finish", "06")):
            await act(stage, action, document, code)
        request = await stage.send(take_back(stage, document, reason=REASON), label="13")
        await turn_down(stage, request, document)
        await stage.look("in")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Both answers are possible."""
        document, request = evidence.sent(), evidence.sent("13")
        yield evidence.expect(
            self.ANSWERED,
            answers(evidence, request),
            request,
            held=Text("an answer came", "đã có trả lời"),
            broken=Text("no answer came although the SUT went on polling", "không có trả lời dù SUT vẫn hỏi trục"),
        )
        answer, look = first_answer(evidence, request), evidence.look("in")
        yield with_reason(self.REASON, answer)
        yield true_answer(self.TRUE, evidence, look, document, answer, lambda box: is_recalled(document, box))


class OfUnknown(Case):
    """Asked for a document that never came: no 15, and documents of that number are untouched."""

    id = "takeback/unknown-document"
    title = Text("An unknown document is asked back", "Yêu cầu lấy lại văn bản không có")
    expected = Text(
        "16 with the reason; a document of the same number but another year or another unit stands.",
        "16 kèm lý do; văn bản cùng số nhưng khác năm hoặc khác đơn vị vẫn còn hiệu lực.",
    )
    capability = "take_back"
    lanes = 2
    REFUSED = Check("unknown-take-back-refused", ("BZ-14", "BZ-08"), Text("16 is answered", "trả lời 16"))
    OTHER_YEAR = Check("take-back-spares-other-year", ("BZ-14",), Text("other year stands", "khác năm giữ nguyên"))
    OTHER_ORGAN = Check("take-back-spares-other-organ", ("BZ-14",), Text("other unit's stands", "đơn vị khác còn"))
    checks = (REFUSED, OTHER_YEAR, OTHER_ORGAN)

    async def drive(self, stage: Stage) -> None:
        """Two documents of one number from two units; the 13 means last year's."""
        package = last_year(stage, await lookalikes(stage))
        request = await stage.send(_about(stage, package, stage.lane), label="13")
        await turn_down(stage, request)
        await stage.quiet()
        await stage.look("in")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The refusal, and both documents."""
        request = evidence.sent("13")
        yield answered_with(self.REFUSED, evidence, "16", answers(evidence, request), request)
        taken, look = evidence.taken(request), evidence.look("in")
        yield stands(self.OTHER_YEAR, evidence, look, evidence.sent(), taken)
        yield stands(self.OTHER_ORGAN, evidence, look, evidence.sent("other"), taken)


class ByOther(Case):
    """Another unit asks for the document: nothing happens; its sender asks: it is given back."""

    id = "takeback/by-another-unit"
    title = Text("Another unit asks for the document", "Đơn vị khác yêu cầu lấy lại văn bản")
    expected = Text(
        "The other unit never gets 15 and the document stands; the sender's own request is answered by 15.",
        "Đơn vị khác không bao giờ nhận 15, văn bản giữ nguyên; yêu cầu của chính bên gửi được trả lời 15.",
    )
    capability = "take_back"
    lanes = 2
    OWNER = Check("owner-take-back-answered", ("BZ-08",), Text("the sender gets 15", "bên gửi nhận 15"))
    NOT_AGREED = Check("stranger-take-back-not-agreed", ("ST-03", "BZ-15"), Text("no 15 for it", "bên lạ không có 15"))
    SAFE = Check("stranger-take-back-not-applied", ("BZ-15", "ST-03"), Text("nothing happened", "văn bản giữ nguyên"))
    checks = (OWNER, NOT_AGREED, SAFE)

    async def drive(self, stage: Stage) -> None:
        """The stranger, a look, the owner."""
        owner, stranger = stage.lanes
        package = letter(stage, lane=owner)
        document = await hold(stage, package, lane=owner)
        foreign = await stage.send(_about(stage, package, stranger), label="stranger", lane=stranger)
        await settled(stage, foreign)
        await stage.quiet(1)  # until the owner was answered, an answer to the stranger still counts
        await stage.look("in", label="after the stranger")
        request = await stage.send(_about(stage, package, owner), label="owner", lane=owner)
        await settle(stage, request, document)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """That the owner is obeyed shows that the stranger was refused for who he is."""
        document, stranger, owner = evidence.sent(), evidence.sent("stranger"), evidence.sent("owner")
        obeyed = answers(evidence, owner)
        yield answered_with(self.OWNER, evidence, "15", obeyed, owner)
        evidence.require(obeyed, Text("the owner was not answered either", "bên gửi cũng không được trả lời"), owner)
        held_before(evidence, document)
        taken, look = evidence.taken(stranger), evidence.look("in", "after the stranger")
        said = answers(evidence, stranger)
        yield self.NOT_AGREED.decide(
            all(each.code != "15" for each in said),
            taken,
            *said,
            held=Text(f"it got {codes(said)}", f"bên lạ nhận {codes(said)}"),
            broken=Text("a unit that never sent the document got 15 for it", "đơn vị không gửi văn bản lại nhận 15"),
        )
        yield stands(self.SAFE, evidence, look, document, taken)


class AfterIt(Case):
    """Once given back, the document is nobody's to work with."""

    id = "takeback/nothing-after-it"
    title = Text("Nobody works with a document that was given back", "Không xử lý văn bản đã trả lại")
    expected = Text(
        "After 15 the clerk can no longer go on, and no status of the document leaves any more.",
        "Sau 15 văn thư không thao tác tiếp được và không trạng thái nào của văn bản được gửi đi nữa.",
    )
    capability = "take_back"
    GIVEN = Check("taken-back-from-work", ("BZ-05", "BZ-08"), Text("it is out of reach", "không còn hiệu lực"))
    REFUSED = Check("taken-back-not-workable", ("BZ-05",), Text("the clerk cannot go on", "không thao tác được"))
    QUIET = Check("no-status-after-giving-back", ("ST-10",), Text("no status after 15", "không trạng thái sau 15"))
    checks = (GIVEN, REFUSED, QUIET)

    async def drive(self, stage: Stage) -> None:
        """accept, 13, agree, then start."""
        document = await hold(stage, letter(stage))
        await act(stage, "accept", document, "03")
        await settle(stage, await stage.send(take_back(stage, document, reason=REASON), label="13"), document)
        await stage.look("in")
        with suppress(StageEnd):
            await stage.act("start", document)
        await stage.quiet()

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """What the clerk could do before shows that he is listened to."""
        document, request = evidence.sent(), evidence.sent("13")
        accepted, look = evidence.act("accept", document), evidence.look("in")
        given = [each for each in answers(evidence, request) if each.code == "15"]
        evidence.require(given, Text("15 never came", "không có 15"), request)
        yield gone(self.GIVEN, evidence, look, document, *given)
        tried = evidence.acts("POST /control/act", action="start", document_id=document.document_id)
        offered = tried and tried[-1]["status"] not in (0, 501)
        evidence.require(offered, Text("nobody tried", "không ai thử"), accepted, *tried)
        yield self.REFUSED.decide(
            tried[-1]["status"] >= 400,
            accepted,
            tried[-1],
            held=Text("'start' is refused", "không thể bắt đầu xử lý"),
            broken=Text("'start' was still possible", "vẫn bắt đầu xử lý được"),
        )
        late = [each for each in evidence.statuses_from_sut(document) if each.n > given[0].n]
        yield self.QUIET.decide(
            not late,
            given[0],
            *late,
            held=Text("nothing after 15", "sau 15 không có gì"),
            broken=Text(f"after 15 came {codes(late)}", f"sau 15 còn có {codes(late)}"),
        )


class SentAgain(Case):
    """Given back, corrected, sent again under the same DocumentId: a new document, not a stale copy."""

    id = "takeback/corrected-and-sent-again"
    title = Text("Taken back, corrected, sent again", "Lấy lại, sửa rồi gửi lại")
    expected = Text(
        "The corrected document arrives like any other: 01, and it is listed with its new subject.",
        "Văn bản đã sửa đến như mọi văn bản khác: có 01 và hiển thị trích yếu mới.",
    )
    capability = "take_back"
    SUBJECT = "Về việc đã sửa theo ý kiến góp ý"
    ARRIVED = Check("resent-after-take-back-arrives", ("ST-06",), Text("01 again", "lại có 01"))
    LISTED = Check("resent-after-take-back-listed", ("DU-02", "HD-36"), Text("it is listed", "có trong sổ"))
    checks = (ARRIVED, LISTED)

    async def drive(self, stage: Stage) -> None:
        """0, 13, 0."""
        package = letter(stage)
        document = await hold(stage, package)
        await settle(stage, await stage.send(take_back(stage, document, reason=REASON), label="13"), document)
        second = await stage.send(replace(package, subject=self.SUBJECT), label="again")
        await stage.until(
            lambda seen: seen.confirmed(second) and _arrivals(seen, second), for_=Text("01 once more", "01 lần nữa")
        )
        await stage.look("in")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Only what was given back can be sent again."""
        request, second = evidence.sent("13"), evidence.sent("again")
        given = [each for each in answers(evidence, request) if each.code == "15"]
        evidence.require(given, Text("15 never came", "không có 15"), request)
        yield evidence.expect(
            self.ARRIVED,
            _arrivals(evidence, second),
            second,
            held=Text("01 came once more", "lại có 01"),
            broken=Text("no 01 for the corrected document", "không có 01 cho văn bản đã sửa"),
        )
        taken, look = evidence.taken(second), evidence.look("in")
        states = [row.get("state") for row in look.of(second.document_id) if row.get("subject") == self.SUBJECT]
        yield self.LISTED.decide(
            "arrived" in states,
            taken,
            look,
            held=Text("listed as arrived", "hiển thị đã đến"),
            broken=Text("the corrected document is not listed", "văn bản đã sửa không có trong sổ"),
        )


def _arrivals(evidence: CaseEvidence, document: Sent) -> list[SeenStatus]:
    taken_on = evidence.facts("accepted", doc_id=document.doc_id)
    since = taken_on[0].n if taken_on else document.n
    return [each for each in evidence.statuses_from_sut(document, "01") if each.n > since]


CASES: tuple[Case, ...] = (OfFinished(), OfUnknown(), ByOther(), AfterIt(), SentAgain())
