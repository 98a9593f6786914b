"""Refusals that pass: the axis cannot just now. And refusals of statuses: nobody reads them, so nothing may loop."""

from collections.abc import Iterable

from conformance.case import Case, Role, Wave
from conformance.cases.disturbed import LONG, ended, hit, hits, letters_out, ordered, stands, told_to_send
from conformance.cases.refusal.for_good import CALM_POLLS, calm
from conformance.evidence import CaseEvidence
from conformance.finding import Check, Finding
from conformance.letters import letter
from conformance.stage import Stage
from simulator.words import Text

__all__ = ["CASES"]

_LEAVES = Text("the document to leave", "văn bản được gửi đi")


class NotJustNow(Case):
    """The axis says 'system error' twice and then takes the document."""

    id = "refusal/not-just-now"
    title = Text("Refused for now: system error", "Tạm thời bị từ chối: lỗi hệ thống")
    expected = Text(
        "The document waits and leaves by itself when the axis can; the axis gets it once.",
        "Văn bản chờ và tự gửi đi khi trục hoạt động lại; trục nhận được đúng một lần.",
    )
    LEFT = Check(
        "document-leaves-after-system-error",
        ("RF-06", "TR-07"),
        Text("it leaves later by itself", "sau đó tự gửi đi"),
    )
    checks = (LEFT,)
    role = Role.SENDER
    wave = Wave.HAZARD

    async def drive(self, stage: Stage) -> None:
        """Twice no, then yes."""
        async with stage.fault(
            "refuses-package", label="not-now", lane=stage.lane, message_type="edoc", times=2, error="system-error"
        ):
            await ordered(stage)
            await hit(stage, "not-now")
            await stage.until(
                lambda seen: letters_out(seen),
                for_=_LEAVES,
                polls=LONG,
            )
        await stage.until(lambda seen: letters_out(seen), for_=_LEAVES, polls=2)  # with nothing in its way any more
        await stage.look("out")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Gone, or at least said to the clerk: an open failure is no loss."""
        stands(evidence, "not-now")
        told = told_to_send(evidence)
        left = letters_out(evidence)
        look = evidence.look("out")
        document_id = str(told["answer"].get("document_id") or "")
        state = look.state(document_id) or "–"
        if not left and (told["status"] == 422 or look.of(document_id, state="failed")):
            yield self.LEFT.held(
                Text("not sent, and the clerk was told so", "chưa gửi và văn thư được báo rõ"), told, look
            )
            return
        yield evidence.expect(
            self.LEFT,
            left,
            ended(evidence, "not-now"),
            held=Text("it left when the axis could", "đã gửi khi trục hoạt động lại"),
            broken=Text(f"it never left, and the clerk sees '{state}'", f"không gửi đi mà văn thư chỉ thấy '{state}'"),
        )


class StatusRefused(Case):
    """The axis refuses the SUT's statuses about one document, for good; another document's statuses go on."""

    id = "refusal/status-refused"
    title = Text("A status is refused", "Trạng thái bị từ chối")
    expected = Text(
        "The refused status is given up after a few tries; statuses about other documents leave as ever.",
        "Trạng thái bị từ chối được bỏ sau vài lần; trạng thái của văn bản khác vẫn gửi bình thường.",
    )
    NEXT = Check("statuses-pass-a-refused-one", ("ST-06",), Text("others are reported", "vẫn báo trạng thái khác"))
    CALM = Check("refused-status-no-loop", ("TR-07",), Text("no endless repetition", "không gửi lặp vô hạn"))
    checks = (NEXT, CALM)
    lanes = 2
    wave = Wave.HAZARD

    async def drive(self, stage: Stage) -> None:
        """One document whose sender cannot be told, and one after it."""
        lane, other = stage.lanes
        async with stage.fault(
            "refuses-package", label="refusal", lane=lane, message_type="status", error="bad-format"
        ):
            await stage.send(letter(stage, lane=lane), label="untold", lane=lane)
            await hit(stage, "refusal")
            after = await stage.send(letter(stage, lane=other), label="after", lane=other)
            refused = hits(stage.seen, "refusal")
            await stage.until(
                lambda seen: (
                    seen.statuses_from_sut(after, "01") and refused and seen.polls_after(refused[0].n) >= CALM_POLLS
                ),
                for_=Text("01 for the other document, and some polls", "01 cho văn bản kia và vài lần hỏi trục"),
                polls=LONG,
            )

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The refusal itself is the twin of the second check."""
        refusals = stands(evidence, "refusal")
        after = evidence.sent("after")
        yield evidence.expect(
            self.NEXT,
            evidence.statuses_from_sut(after, "01"),
            after,
            held=Text("01 came for the document after it", "văn bản sau đó vẫn được báo 01"),
            broken=Text("no 01 for the document after it", "văn bản sau đó không được báo 01"),
        )
        yield calm(self.CALM, evidence, refusals)


CASES: tuple[Case, ...] = (NotJustNow(), StatusRefused())
