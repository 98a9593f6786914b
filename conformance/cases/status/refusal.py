"""The clerk refuses: 02 with his reason, and nothing after it. RF-01, ST-10."""

from collections.abc import Iterable

from conformance.case import Case
from conformance.cases.steps import act, answered, arrive, codes
from conformance.evidence import CaseEvidence
from conformance.finding import Check, Finding
from conformance.letters import letter
from conformance.stage import Stage, StageEnd
from simulator.words import Text

__all__ = ["CASES"]


class Refusal(Case):
    """refuse brings 02 with the clerk's own words; a refused document is not accepted afterwards."""

    id = "status/refusal"
    title = Text("Refused by the clerk", "Văn thư từ chối tiếp nhận")
    expected = Text(
        "02 with the reason reaches the sender; nothing follows it, also when somebody tries to accept the document.",
        "02 kèm lý do đến bên gửi; sau đó không có trạng thái nào nữa, kể cả khi có người thử tiếp nhận.",
    )
    REPORTED = Check("refusal-reported", ("RF-01",), Text("02 after refuse", "có 02 khi từ chối"))
    REASON = Check("refusal-carries-the-reason", ("RF-01",), Text("the clerk's reason travels", "lý do được chuyển đi"))
    FINAL = Check("nothing-after-refusal", ("ST-10",), Text("02 is final", "02 là kết thúc"))
    SHOWN = Check("refused-shown-as-refused", ("ST-05",), Text("the box shows it as refused", "hiển thị là từ chối"))
    checks = (REPORTED, REASON, FINAL, SHOWN)

    async def drive(self, stage: Stage) -> None:
        """Refuse with a drawn reason, then try to accept."""
        reason = f"Sai thẩm quyền giải quyết, mã {stage.random.randint(1000, 9999)}"
        stage.note("reason", reason=reason)
        document = await stage.send(letter(stage))
        await arrive(stage, document)
        await act(stage, "refuse", document, "02", reason=reason)
        await stage.look("in")
        try:
            await stage.act("accept", document)
        except StageEnd:
            stage.note("accept-not-allowed")
        await stage.quiet()

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """02, its words, the silence behind it, the row."""
        document = evidence.sent()
        refuse = evidence.act("refuse", document)
        yield answered(self.REPORTED, evidence, document, "02", refuse)
        rejected = evidence.statuses_from_sut(document, "02")
        evidence.require(rejected, Text("02 never came", "không có 02"), refuse)
        reason = str(evidence.noted("reason")["values"]["reason"])
        said = rejected[0].packet.description
        yield self.REASON.decide(
            reason in said,
            refuse,
            rejected[0],
            held=Text(f"Description: {said}", f"Description: {said}"),
            broken=Text(
                f"the clerk wrote '{reason}', the packet says '{said}'", f"văn thư ghi '{reason}', gói ghi '{said}'"
            ),
        )
        later = [each for each in evidence.statuses_from_sut(document) if each.n > rejected[0].n]
        if evidence.polls_after(rejected[0].n) < 1:
            yield self.FINAL.unobserved(
                Text("the SUT did not poll after 02", "sau 02 SUT chưa hỏi trục"),
                rejected[0],
                remedy=Text("let the SUT go on polling", "để SUT tiếp tục hỏi trục"),
            )
        else:
            yield self.FINAL.decide(
                not later,
                rejected[0],
                *later,
                held=Text("nothing came after 02", "sau 02 không có gì"),
                broken=Text(f"after 02 came {codes(later)}", f"sau 02 còn có {codes(later)}"),
            )
        look = evidence.look("in")
        states = {str(row.get("state")) for row in look.of(document.document_id)}
        yield self.SHOWN.decide(
            states <= {"refused"},
            look,
            held=Text("refused, or no longer listed", "đã từ chối hoặc không còn trong danh sách"),
            broken=Text(f"shown as {', '.join(sorted(states))}", f"hiển thị: {', '.join(sorted(states))}"),
        )


CASES: tuple[Case, ...] = (Refusal(),)
