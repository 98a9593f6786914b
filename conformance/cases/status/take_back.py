"""Taking back: 13 with a reason, answered 15 or 16, and what becomes of the document. BZ-05, BZ-07, BZ-08."""

import contextlib
from collections.abc import Iterable

from conformance.case import Case, Role
from conformance.cases.status.sender import sends
from conformance.cases.steps import act, answered, arrive, codes, told
from conformance.evidence import CaseEvidence, Sent
from conformance.finding import Check, Finding
from conformance.letters import letter, take_back
from conformance.stage import Stage, StageEnd
from simulator.words import Text

__all__ = ["CASES"]

REASON = "Ban hành nhầm, đề nghị lấy lại"


async def ask_back(stage: Stage, document: Sent, *, label: str = "13", reason: str = REASON) -> Sent:
    """The lane asks for its document; the SUT takes the request in."""
    request = await stage.send(take_back(stage, document, reason=reason), label=label)
    await told(stage, request)
    return request


class BeforeAccept(Case):
    """Nobody has accepted the document yet: 15, by itself or by the clerk, and it is out of reach."""

    id = "status/take-back-before-accept"
    title = Text("Taken back before anybody accepted it", "Lấy lại khi chưa tiếp nhận")
    expected = Text(
        "15 reaches the sender and names the document; the document can no longer be opened, the record of it remains.",
        "15 đến bên gửi và nêu đúng văn bản; văn bản không mở được nữa, vẫn còn vết thu hồi.",
    )
    capability = "take_back"
    AGREED = Check("early-take-back-agreed", ("BZ-08",), Text("15 is answered", "trả lời 15"))
    GONE = Check("taken-back-out-of-reach", ("BZ-05",), Text("it is out of reach", "không còn hiệu lực"))
    KEPT = Check("take-back-record-kept", ("BZ-07",), Text("the record of it is kept", "giữ vết thu hồi"))
    checks = (AGREED, GONE, KEPT)

    async def drive(self, stage: Stage) -> None:
        """By itself, else by agree."""
        document = await stage.send(letter(stage))
        await arrive(stage, document)
        await ask_back(stage, document)
        by_itself = await stage.until(
            lambda seen: seen.statuses_from_sut(document, "15"), for_=Text("15 by itself", "15 tự động"), polls=2
        )
        if not by_itself:
            await act(stage, "agree", document, "15")
        await stage.look("in")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The answer, then the box."""
        document, request = evidence.sent(), evidence.sent("13")
        evidence.taken(request)
        yield answered(self.AGREED, evidence, document, "15", request)
        agreed = evidence.statuses_from_sut(document, "15")
        evidence.require(agreed, Text("15 never came", "không có 15"), request)
        look = evidence.look("in")
        states = look.states(document.document_id)
        yield self.GONE.decide(
            all(state == "recalled" for state in states),
            agreed[0],
            look,
            held=Text("recalled, or gone", "đã thu hồi hoặc không còn"),
            broken=Text(f"still {', '.join(states)}", f"vẫn ở trạng thái {', '.join(states)}"),
        )
        yield self.KEPT.decide(
            look.of(document.document_id),
            agreed[0],
            look,
            held=Text("the record is there", "còn vết thu hồi"),
            broken=Text("no trace of the document is left", "không còn vết nào của văn bản"),
        )


class Agreed(Case):
    """After accept a take-back waits for the clerk; agree brings 15."""

    id = "status/take-back-agreed"
    title = Text("Taken back after accept, agreed", "Lấy lại sau khi tiếp nhận, được đồng ý")
    expected = Text(
        "No answer before the clerk has decided; then 15, and the document is recalled.",
        "Chưa trả lời khi văn thư chưa quyết định; sau đó 15 và văn bản bị thu hồi.",
    )
    capability = "take_back"
    AGREED = Check("take-back-agreed", ("BZ-08",), Text("15 after agree", "có 15 sau khi đồng ý"))
    WAITS = Check("take-back-waits-for-clerk", ("BZ-08",), Text("no answer before that", "trước đó không trả lời"))
    GONE = Check("agreed-take-back-applied", ("BZ-05",), Text("the document is recalled", "văn bản bị thu hồi"))
    checks = (AGREED, WAITS, GONE)

    async def drive(self, stage: Stage) -> None:
        """Time for an answer that nobody gave, then agree."""
        document = await stage.send(letter(stage))
        await arrive(stage, document)
        await act(stage, "accept", document, "03")
        await ask_back(stage, document)
        await stage.quiet()
        stage.note("clerk-decides")
        await act(stage, "agree", document, "15")
        await stage.look("in")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The 15 after agree is the twin of the one that must not come before."""
        document = evidence.sent()
        evidence.taken(evidence.sent("13"))
        agree = evidence.act("agree", document)
        yield answered(self.AGREED, evidence, document, "15", agree)
        answers = evidence.statuses_from_sut(document, "15", "16")
        evidence.require(answers, Text("no answer came", "không có trả lời"), agree)
        decided = evidence.noted("clerk-decides")
        early = [each for each in answers if each.n < decided.n]
        yield self.WAITS.decide(
            not early,
            decided,
            *answers,
            held=Text("answered only after the clerk's decision", "chỉ trả lời sau khi văn thư quyết định"),
            broken=Text(f"{codes(early)} came before the clerk decided", f"{codes(early)} có trước khi quyết định"),
        )
        look = evidence.look("in")
        state = look.state(document.document_id)
        yield self.GONE.decide(
            set(look.states(document.document_id)) <= {"recalled"},
            look,
            held=Text("recalled", "đã thu hồi"),
            broken=Text(f"still {state}", f"vẫn là {state}"),
        )


class Declined(Case):
    """The clerk declines: 16 with his reason, the document stays as it was; asked again, he may agree."""

    id = "status/take-back-declined"
    title = Text("Taken back, declined, asked again", "Lấy lại bị từ chối rồi yêu cầu lại")
    expected = Text(
        "16 with the reason, the state before is kept; a second 13 is answered like the first.",
        "16 kèm lý do, giữ trạng thái trước đó; 13 lần hai được trả lời như lần đầu.",
    )
    capability = "take_back"
    WORDS = "Văn bản đã được xử lý"
    DECLINED = Check("take-back-declined", ("BZ-08",), Text("16 after decline", "có 16 sau khi từ chối"))
    REASON = Check("declined-with-reason", ("BZ-08",), Text("the reason travels", "lý do được chuyển đi"))
    KEPT = Check("declined-state-kept", ("BZ-08",), Text("the state before is kept", "giữ trạng thái trước đó"))
    AGAIN = Check("second-take-back-answered", ("BZ-08",), Text("a second 13 is answered", "trả lời 13 lần hai"))
    checks = (DECLINED, REASON, KEPT, AGAIN)

    async def drive(self, stage: Stage) -> None:
        """decline, look, ask again, agree."""
        document = await stage.send(letter(stage))
        await arrive(stage, document)
        await act(stage, "accept", document, "03")
        await ask_back(stage, document)
        await act(stage, "decline", document, "16", reason=self.WORDS)
        await stage.look("in")
        # Other words: within one second the same 13 would be the same bytes, and the axis would take it for a repeat.
        await ask_back(stage, document, label="13 again", reason=f"{REASON} (lần hai)")
        with contextlib.suppress(StageEnd):  # a SUT that ignored the second 13 has nothing to agree to
            await stage.act("agree", document)
        await stage.until(
            lambda seen: seen.statuses_from_sut(document, "15"), for_=Text("15 after all", "15 cho lần này")
        )

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """16, its words, the state, the second answer."""
        document = evidence.sent()
        decline = evidence.act("decline", document)
        yield answered(self.DECLINED, evidence, document, "16", decline)
        declined = evidence.statuses_from_sut(document, "16")
        evidence.require(declined, Text("16 never came", "không có 16"), decline)
        said = declined[0].packet.description
        yield self.REASON.decide(
            self.WORDS in said,
            decline,
            declined[0],
            held=Text(f"Description: {said}", f"Description: {said}"),
            broken=Text(f"the packet says '{said}'", f"gói tin ghi '{said}'"),
        )
        look = evidence.look("in")
        state = look.state(document.document_id) or "–"
        yield self.KEPT.decide(
            "accepted" in look.states(document.document_id),
            look,
            held=Text("still accepted", "vẫn là đã tiếp nhận"),
            broken=Text(f"now '{state}'", f"nay là '{state}'"),
        )
        again = evidence.sent("13 again")
        evidence.taken(again)
        yield answered(self.AGAIN, evidence, document, "15", again)


class AsksBack(Case):
    """The SUT itself asks for a document: 13 with its reason, to the receiver."""

    id = "status/take-back-by-the-sut"
    title = Text("The SUT takes a document back", "SUT lấy lại văn bản đã gửi")
    expected = Text(
        "13 leaves for the receiver with the clerk's reason and the document's id.",
        "13 đến nơi nhận kèm lý do của văn thư và mã văn bản.",
    )
    role = Role.SENDER
    capability = "take_back"
    LEAVES = Check("take-back-leaves", ("BZ-08", "ST-01"), Text("13 leaves", "13 được gửi đi"))
    TO = Check("take-back-addressed-to-receiver", ("ST-03",), Text("to the receiver", "gửi đến nơi nhận"))
    REASON = Check("take-back-with-reason", ("BZ-02",), Text("with the reason", "kèm lý do"))
    checks = (LEAVES, TO, REASON)

    async def drive(self, stage: Stage) -> None:
        """Send, then take back."""
        package = await sends(stage, stage.lanes)
        await stage.act("take-back", package.document_id, reason=REASON)
        await stage.until(lambda seen: seen.statuses_from_sut(None, "13"), for_=Text("13 to leave", "13 được gửi đi"))

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """13, its addressee, its words."""
        document = evidence.order()
        asked = evidence.act("take-back", document)
        seen = evidence.statuses_from_sut(None, "13")
        yield evidence.expect(
            self.LEAVES,
            seen,
            asked,
            held=Text("13 left", "13 đã rời đi"),
            broken=Text("13 never left", "13 không được gửi"),
        )
        evidence.require(seen, Text("13 never left", "13 không được gửi"), asked)
        about = seen[0].packet.response_for
        organ, named = (about.organ_id, about.document_id) if about else ("", "")
        yield self.TO.decide(
            organ in evidence.lane.codes and named == document.document_id,
            seen[0],
            held=Text(f"ResponseFor names {organ}", f"ResponseFor ghi {organ}"),
            broken=Text(f"ResponseFor names '{organ}' and '{named}'", f"ResponseFor ghi '{organ}' và '{named}'"),
        )
        said = seen[0].packet.description
        yield self.REASON.decide(
            REASON in said,
            asked,
            seen[0],
            held=Text("the clerk's reason travels", "lý do của văn thư được chuyển đi"),
            broken=Text(f"the packet says '{said}'", f"gói tin ghi '{said}'"),
        )


CASES: tuple[Case, ...] = (BeforeAccept(), Agreed(), Declined(), AsksBack())
