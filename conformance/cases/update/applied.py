"""An update arrives for a document that the SUT holds: applied, answered, and both versions known. BZ-09, BZ-13."""

from collections.abc import Iterable

from conformance.case import Case
from conformance.cases.changes import (
    answered_with,
    answers,
    clean,
    first_answer,
    hold,
    own,
    replies,
    settle,
    stands,
    true_answer,
    update_of,
)
from conformance.cases.update.shown import UpdateOfOne, history, shows_files, shows_subject, subjects
from conformance.evidence import CaseEvidence
from conformance.finding import Check, Finding
from conformance.letters import letter
from conformance.stage import Stage
from simulator.protocol.package import Package
from simulator.words import Text

__all__ = ["CASES"]


class Content(UpdateOfOne):
    """New subject, new file: 15, and the document itself shows them."""

    id = "update/new-content"
    title = Text("An update brings new content", "Cập nhật mang nội dung mới")
    expected = Text(
        "15 names the update's DocumentId; the document shows the new subject and file; the update has a row.",
        "15 nêu DocumentId của gói cập nhật; văn bản hiển thị trích yếu và tệp mới; gói cập nhật có dòng riêng.",
    )
    ANSWERED = Check("update-answered-with-15", ("BZ-13", "ST-01"), Text("15 is answered", "trả lời 15"))
    SUBJECT = Check("updated-subject-shown", ("BZ-13",), Text("the new subject is shown", "hiển thị trích yếu mới"))
    FILE = Check("updated-file-shown", ("BZ-13",), Text("the new file is there", "có tệp mới"))
    HISTORY = Check("update-in-history", ("BZ-09",), Text("the update has its own row", "cập nhật có dòng riêng"))
    NAMED = Check(
        "update-answer-names-the-packet", ("ST-02", "HD-32"), Text("the answer names it", "trả lời nêu đúng gói")
    )
    CLEAN = Check("update-answer-lint-clean", ("ST-02", "PK-01"), Text("no rule is broken", "không vi phạm quy tắc"))
    checks = (ANSWERED, SUBJECT, FILE, HISTORY, NAMED, CLEAN)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The answer, the box, then what the answer says."""
        document, update = evidence.sent(), evidence.sent("update")
        said = replies(evidence, update)
        yield answered_with(self.ANSWERED, evidence, "15", said, update)
        taken, look = evidence.taken(update), evidence.look("in")
        yield shows_subject(self.SUBJECT, evidence, look, document, update, taken)
        yield shows_files(self.FILE, evidence, look, document, update, taken)
        yield self.HISTORY.decide(
            history(look, update),
            taken,
            look,
            held=Text("it has", "có"),
            broken=Text("no row says that there was an update", "không dòng nào cho biết đã có cập nhật"),
        )
        evidence.require(said, Text("no answer came", "không có trả lời"), update)
        named = said[0].document_id
        yield self.NAMED.decide(
            answers(evidence, update),
            *said,
            held=Text(f"ResponseFor names {named}", f"ResponseFor ghi {named}"),
            broken=Text(f"ResponseFor names '{named}'", f"ResponseFor ghi '{named}'"),
        )
        yield clean(self.CLEAN, evidence, said)


class ChangedNumber(UpdateOfOne):
    """The update changes the number to one that another document bears: the DocumentId still links it."""

    id = "update/changed-number"
    title = Text("An update changes the number", "Cập nhật làm đổi số văn bản")
    expected = Text(
        "The original is found by its DocumentId and shows the new number, or the update is refused by 16 with the "
        "reason (the number is in use) and changes nothing; the bearer of that number stays.",
        "Tìm được văn bản gốc theo DocumentId và hiển thị số mới, hoặc từ chối bằng 16 kèm lý do (số đã dùng) và không "
        "thay đổi gì; văn bản đang mang số đó giữ nguyên.",
    )
    FOUND = Check("update-found-by-id", ("BZ-09",), Text("the original is found", "tìm được văn bản gốc"))
    NUMBER = Check("changed-number-shown", ("BZ-13",), Text("the new number is shown", "hiển thị số mới"))
    OTHER = Check("update-spares-the-number", ("BZ-14",), Text("the other one stays", "văn bản kia giữ nguyên"))
    checks = (FOUND, NUMBER, OTHER)

    async def drive(self, stage: Stage) -> None:
        """Two documents of one unit; the update of the first bears the number of the second."""
        first, second = letter(stage, number="2345"), letter(stage, number="5432")
        document = await hold(stage, first)
        await hold(stage, second, label="other")
        update = update_of(stage, first, number="5432", notation=second.code.notation if second.code else "")
        await settle(stage, await stage.send(update, label="update"), document)
        await stage.look("in")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The one named, its number, the one that is only alike."""
        document, update = evidence.sent(), evidence.sent("update")
        taken, look = evidence.taken(update), evidence.look("in")
        rows = look.itself(document.document_id)
        subject = own(evidence, document).subject
        refusal = next(iter(answers(evidence, update, document)), None)
        said = refusal.packet.description.strip() if refusal and refusal.code in ("16", "02") else ""
        unchanged = rows and all((row.get("subject"), str(row.get("code_number"))) == (subject, "2345") for row in rows)
        if refusal and said and unchanged:
            honest = Text(f"refused, and nothing was changed: {said}", f"đã từ chối và không thay đổi gì: {said}")
            yield self.FOUND.held(honest, taken, refusal, look)
            yield self.NUMBER.held(honest, taken, refusal, look)
        else:
            yield shows_subject(self.FOUND, evidence, look, document, update, taken)
            numbers = sorted({str(row.get("code_number")) for row in rows})
            shown = ", ".join(numbers) or "–"
            yield self.NUMBER.decide(
                "5432" in numbers,
                taken,
                look,
                held=Text("5432 is shown", "hiển thị 5432"),
                broken=Text(f"the number shown is {shown}, not 5432", f"số hiển thị là {shown}, không phải 5432"),
            )
        yield stands(self.OTHER, evidence, look, evidence.sent("other"), taken)


class Twice(UpdateOfOne):
    """Updated, and updated again: the last content stands, both updates are known."""

    id = "update/twice"
    title = Text("A document is updated twice", "Văn bản được cập nhật hai lần")
    expected = Text(
        "Each update is answered by 15; in the end the second one's content is shown, and both have a row.",
        "Mỗi lần cập nhật đều được trả lời 15; cuối cùng hiển thị nội dung lần hai, cả hai lần đều có dòng riêng.",
    )
    ANSWERED = Check("second-update-answered", ("BZ-13",), Text("15 also to the second", "lần hai cũng trả lời 15"))
    APPLIED = Check("second-update-applied", ("BZ-13",), Text("the second one stands", "nội dung lần hai"))
    HISTORY = Check("both-updates-in-history", ("BZ-09",), Text("both have a row", "cả hai có dòng riêng"))
    checks = (ANSWERED, APPLIED, HISTORY)

    async def drive(self, stage: Stage) -> None:
        """0, 2, 2."""
        package = letter(stage)
        document = await hold(stage, package)
        for label in ("update", "update 2"):
            await settle(stage, await stage.send(update_of(stage, package), label=label), document)
        await stage.look("in")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The first is the twin of the second."""
        document, first, second = evidence.sent(), evidence.sent("update"), evidence.sent("update 2")
        yield answered_with(self.ANSWERED, evidence, "15", answers(evidence, second, document), second)
        taken, look = (evidence.taken(first), evidence.taken(second)), evidence.look("in")
        yield shows_subject(self.APPLIED, evidence, look, document, second, *taken)
        rows = history(look, first, second)
        yield self.HISTORY.decide(
            len(rows) == 2,
            *taken,
            look,
            held=Text("two rows", "hai dòng"),
            broken=Text(f"{len(rows)} of 2 updates have a row", f"chỉ {len(rows)} trong 2 lần cập nhật có dòng riêng"),
        )


class WithoutReason(UpdateOfOne):
    """An update whose BussinessDocReason is missing is not passed over: answered, and the answer is true."""

    id = "update/without-a-reason"
    title = Text("An update without a reason", "Gói cập nhật không nêu lý do")
    expected = Text(
        "Applied and answered by 15, or refused by 16; never silence, never an answer that is not true.",
        "Thực hiện và trả lời 15, hoặc từ chối bằng 16; không im lặng, không trả lời sai sự thật.",
    )
    ANSWERED = Check("reasonless-update-answered", ("BZ-13",), Text("it is answered", "có trả lời"))
    TRUE = Check("reasonless-update-answer-true", ("BZ-13",), Text("the answer is true", "trả lời đúng sự thật"))
    checks = (ANSWERED, TRUE)

    def change(self, stage: Stage, package: Package) -> Package:
        """No reason."""
        return update_of(stage, package, reason="")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Both answers are possible; silence and a false one are not."""
        document, update = evidence.sent(), evidence.sent("update")
        yield evidence.expect(
            self.ANSWERED,
            answers(evidence, update, document),
            update,
            held=Text("an answer came", "đã có trả lời"),
            broken=Text("no answer came although the SUT went on polling", "không có trả lời dù SUT vẫn hỏi trục"),
        )
        answer, look = first_answer(evidence, update, document), evidence.look("in")
        wanted = own(evidence, update).subject
        yield true_answer(self.TRUE, evidence, look, document, answer, lambda box: wanted in subjects(box, document))


CASES: tuple[Case, ...] = (Content(), ChangedNumber(), Twice(), WithoutReason())
