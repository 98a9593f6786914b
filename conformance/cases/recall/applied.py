"""A recall arrives for a document that the SUT holds: it is carried out, answered and recorded. BZ-05, BZ-07."""

from collections.abc import Iterable, Sequence
from contextlib import suppress

from conformance.case import Case
from conformance.cases.changes import (
    RECALLED,
    answered_with,
    answers,
    clean,
    first_answer,
    gone,
    hold,
    kept,
    recall_of,
    replies,
    settle,
    true_answer,
)
from conformance.cases.steps import act
from conformance.evidence import CaseEvidence, Look, Sent
from conformance.finding import Check, Finding
from conformance.letters import letter
from conformance.stage import Stage, StageEnd
from simulator.words import Text

__all__ = ["CASES", "RecallOfOne", "is_recalled"]


def is_recalled(document: Sent, look: Look) -> bool:
    """Whether no row of the document itself is left but recalled ones."""
    rows = [row for row in look.of(document.document_id) if row.get("kind") not in ("recall", "update")]
    return all(row.get("state") == "recalled" for row in rows)


class RecallOfOne(Case):
    """One document, brought as far as ``steps``, then recalled."""

    capability = "recall"
    steps: Sequence[tuple[str, str]] = ()
    reason = RECALLED

    async def drive(self, stage: Stage) -> None:
        """Send, work, recall, look."""
        package = letter(stage)
        document = await hold(stage, package)
        for action, code in self.steps:
            await act(stage, action, document, code)
        recall = await stage.send(recall_of(stage, package, reason=self.reason), label="recall")
        await settle(stage, recall)
        await stage.look("in")


class OfArrived(RecallOfOne):
    """A document that nobody has touched yet is recalled: 15, out of reach, the record kept."""

    id = "recall/of-an-arrived-document"
    title = Text("A document that has arrived is recalled", "Thu hồi văn bản vừa đến")
    expected = Text(
        "15 names the recalled document; it can no longer be opened, the record of its recall remains.",
        "15 nêu đúng văn bản bị thu hồi; văn bản không mở được nữa, hồ sơ về việc thu hồi vẫn còn.",
    )
    ANSWERED = Check("recall-answered-with-15", ("BZ-05",), Text("15 is answered", "trả lời 15"))
    NAMED = Check(
        "recall-answer-names-the-document", ("ST-02", "HD-32"), Text("it names the document", "nêu đúng văn bản")
    )
    GONE = Check("recalled-out-of-reach", ("BZ-05",), Text("it is out of reach", "văn bản không còn hiệu lực"))
    KEPT = Check("recall-record-kept", ("BZ-07",), Text("the record is kept", "giữ hồ sơ thu hồi"))
    CLEAN = Check("recall-answer-lint-clean", ("ST-02", "PK-01"), Text("no rule is broken", "không vi phạm quy tắc"))
    checks = (ANSWERED, GONE, KEPT, NAMED, CLEAN)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The answer, the box, then what the answer says."""
        document, recall = evidence.sent(), evidence.sent("recall")
        said = replies(evidence, recall)
        yield answered_with(self.ANSWERED, evidence, "15", said, recall)
        taken, look = evidence.taken(recall), evidence.look("in")
        yield gone(self.GONE, evidence, look, document, taken)
        evidence.require(said, Text("no answer came", "không có trả lời"), recall)
        named = said[0].document_id
        yield self.NAMED.decide(
            answers(evidence, recall),
            *said,
            held=Text(f"ResponseFor names {named}", f"ResponseFor ghi {named}"),
            broken=Text(f"ResponseFor names '{named}'", f"ResponseFor ghi '{named}'"),
        )
        yield clean(self.CLEAN, evidence, said)
        agreed = [each for each in said if each.code == "15"]
        evidence.require(agreed, Text("15 never came", "không có 15"), recall)
        yield kept(self.KEPT, look, document, taken)


class InWork(RecallOfOne):
    """A document that was already assigned to an officer is recalled all the same."""

    id = "recall/of-an-assigned-document"
    title = Text("A document that was assigned is recalled", "Thu hồi văn bản đã phân công xử lý")
    expected = Text(
        "15, the document is out of reach also for the officer, and nobody can go on working with it.",
        "15, cán bộ đang xử lý cũng không mở được văn bản, không ai xử lý tiếp được.",
    )
    steps = (("accept", "03"), ("assign", "04"))
    ANSWERED = Check("assigned-recall-answered", ("BZ-05",), Text("15 is answered", "trả lời 15"))
    GONE = Check("assigned-recall-applied", ("BZ-05",), Text("it is out of reach", "văn bản không còn hiệu lực"))
    NO_WORK = Check("recalled-not-workable", ("BZ-05",), Text("nobody works on it", "không ai xử lý tiếp"))
    checks = (ANSWERED, GONE, NO_WORK)

    async def drive(self, stage: Stage) -> None:
        """Afterwards the officer tries to begin."""
        await super().drive(stage)
        with suppress(StageEnd):
            await stage.act("start", stage.seen.sent())

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """What the officer could do before the recall shows that he is listened to."""
        document, recall = evidence.sent(), evidence.sent("recall")
        assigned = evidence.act("assign", document)
        yield answered_with(self.ANSWERED, evidence, "15", answers(evidence, recall), recall)
        look = evidence.look("in")
        yield gone(self.GONE, evidence, look, document, evidence.taken(recall))
        tried = evidence.acts("POST /control/act", action="start", document_id=document.document_id)
        offered = tried and tried[-1]["status"] not in (0, 501)
        evidence.require(offered, Text("nobody tried", "không ai thử"), assigned, *tried)
        yield self.NO_WORK.decide(
            tried[-1]["status"] >= 400,
            assigned,
            tried[-1],
            held=Text("'start' is refused after the recall", "sau thu hồi không thể bắt đầu xử lý"),
            broken=Text("'start' was still possible after the recall", "sau thu hồi vẫn bắt đầu xử lý được"),
        )


class Finished(RecallOfOne):
    """A document whose handling is finished is recalled: answered, and what is answered is done."""

    id = "recall/of-a-finished-document"
    title = Text("A document that was finished is recalled", "Thu hồi văn bản đã xử lý xong")
    expected = Text(
        "The sender gets an answer, 15 or 16, and the document stands as that answer says.",
        "Bên gửi nhận được 15 hoặc 16 và văn bản ở đúng trạng thái đã trả lời.",
    )
    steps = (("accept", "03"), ("start", "05"), ("finish", "06"))
    ANSWERED = Check("finished-recall-answered", ("BZ-05",), Text("it is answered", "có trả lời"))
    TRUE = Check("finished-recall-answer-true", ("BZ-05",), Text("the answer is true", "trả lời đúng sự thật"))
    checks = (ANSWERED, TRUE)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Both answers are possible; silence and a false one are not."""
        document, recall = evidence.sent(), evidence.sent("recall")
        said = answers(evidence, recall)
        yield evidence.expect(
            self.ANSWERED,
            said,
            recall,
            held=Text("an answer came", "đã có trả lời"),
            broken=Text("no answer came although the SUT went on polling", "không có trả lời dù SUT vẫn hỏi trục"),
        )
        answer, look = first_answer(evidence, recall), evidence.look("in")
        yield true_answer(self.TRUE, evidence, look, document, answer, lambda box: is_recalled(document, box))


class WithoutReason(RecallOfOne):
    """A recall whose BussinessDocReason is missing is not passed over: answered, and the answer is true."""

    id = "recall/without-a-reason"
    title = Text("A recall without a reason", "Gói thu hồi không nêu lý do")
    expected = Text(
        "Carried out and answered by 15, or refused by 16; never silence, never an answer that is not true.",
        "Thực hiện và trả lời 15, hoặc từ chối bằng 16; không im lặng, không trả lời sai sự thật.",
    )
    reason = ""
    ANSWERED = Check("reasonless-recall-answered", ("BZ-05",), Text("it is answered", "có trả lời"))
    TRUE = Check("reasonless-recall-answer-true", ("BZ-05",), Text("the answer is true", "trả lời đúng sự thật"))
    checks = (ANSWERED, TRUE)
    judge = Finished.judge


CASES: tuple[Case, ...] = (OfArrived(), InWork(), Finished(), WithoutReason())
