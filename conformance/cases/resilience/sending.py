"""sendEdoc goes wrong: the answer is lost, is a page, or lacks its DocId. The document leaves, and leaves once."""

from collections.abc import Iterable
from typing import ClassVar

from conformance.case import Case, Role, Wave
from conformance.cases.disturbed import (
    ended,
    hit,
    leaves_late,
    left_late,
    letters_out,
    ordered,
    stands,
    told_to_send,
)
from conformance.evidence import CaseEvidence
from conformance.finding import Check, Finding
from conformance.stage import Stage
from simulator.words import Text

__all__ = ["CASES"]

_SEND = ("sendEdoc",)


class _AnswerLost(Case):
    """The axis has stored the document, but the SUT cannot know it."""

    FAULT: ClassVar[str]
    TIMES: ClassVar[int]
    ONCE: ClassVar[Check]
    SHOWN: ClassVar[Check]
    role = Role.SENDER
    wave = Wave.HAZARD

    async def drive(self, stage: Stage) -> None:
        """Some answers do not come as they should, then they do."""
        async with stage.fault(
            self.FAULT, label="answer", lane=stage.lane, operations=_SEND, message_type="edoc", times=self.TIMES
        ):
            document = await ordered(stage)
            await stage.until(
                lambda seen: _receipts(seen, self.TIMES),
                for_=Text("the SUT to send it once more", "SUT gửi lại một lần nữa"),
                polls=4,
            )
            await stage.quiet(2)
        await stage.look("out", label=document)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The first acceptance is the twin of the second one that must not be."""
        lost = stands(evidence, "answer")
        copies = letters_out(evidence)
        evidence.require(copies, Text("the document never left", "văn bản chưa gửi đi"), *lost)
        yield self.ONCE.decide(
            len(copies) == 1,
            *lost,
            *copies,
            held=Text("the axis holds it once", "trục chỉ giữ một bản"),
            broken=Text(
                f"the axis holds {len(copies)} copies: the repetition was not the same package",
                f"trục giữ {len(copies)} bản: lần gửi lại không phải cùng một gói tin",
            ),
        )
        answer = told_to_send(evidence)
        if answer["status"] == 422:
            error = str(answer["answer"].get("error") or "")
            yield self.SHOWN.broken(
                Text(f"the axis has it, the clerk was told: {error}", f"trục đã có mà văn thư được báo: {error}"),
                copies[0],
                answer,
            )
            return
        told = evidence.order()
        look = evidence.look("out", told.document_id)
        state = look.state(told.document_id) or "–"
        yield self.SHOWN.decide(
            "sent" in look.states(told.document_id),
            told,
            copies[0],
            look,
            held=Text("it is shown as sent", "hiển thị đã gửi"),
            broken=Text(f"the axis has it, the clerk sees '{state}'", f"trục đã có mà văn thư thấy '{state}'"),
        )


def _receipts(seen: CaseEvidence, times: int) -> bool:
    """Whether the axis answered as it should after the fault was used up, or has nothing more to answer."""
    lost = stands(seen, "answer")
    return len(lost) >= times and bool(
        [each for each in seen.facts("repeated", system_id=seen.sut.system_id) if each.n > lost[-1].n]
        or len(letters_out(seen)) > 1
    )


class ConnectionLost(_AnswerLost):
    """The connection breaks after the axis accepted the document, three times in a row."""

    id = "resilience/answer-lost-after-sending"
    title = Text("Accepted, but the answer is lost", "Trục đã nhận nhưng câu trả lời bị mất")
    expected = Text(
        "The SUT sends the same bytes again; the axis holds the document once, and it is shown as sent.",
        "SUT gửi lại đúng các byte đó; trục chỉ giữ một bản và văn bản hiển thị đã gửi.",
    )
    FAULT, TIMES = "dropped-after", 3
    ONCE = Check("lost-answer-not-sent-twice", ("DU-03",), Text("the axis holds it once", "trục chỉ giữ một bản"))
    SHOWN = Check("lost-answer-ends-as-sent", ("ST-04",), Text("shown as sent", "hiển thị đã gửi"))
    checks = (ONCE, SHOWN)


class NoDocId(_AnswerLost):
    """The axis stores the document, and its answer lacks the DocId."""

    id = "resilience/receipt-without-id"
    title = Text("OK without a DocId", "OK nhưng thiếu DocId")
    expected = Text(
        "Sent or sent again with the same bytes: the axis holds the document once, and it is shown as sent.",
        "Coi là đã gửi, hoặc gửi lại đúng các byte đó: trục chỉ giữ một bản và văn bản hiển thị đã gửi.",
    )
    FAULT, TIMES = "no-doc-id", 1
    ONCE = Check("no-doc-id-not-sent-twice", ("DU-03",), Text("the axis holds it once", "trục chỉ giữ một bản"))
    SHOWN = Check("no-doc-id-ends-as-sent", ("ST-04",), Text("shown as sent", "hiển thị đã gửi"))
    checks = (ONCE, SHOWN)


class PageForReceipt(Case):
    """The page of a proxy answers sendEdoc; the axis never saw the document."""

    id = "resilience/page-for-receipt"
    title = Text("An HTML page instead of a receipt", "Trang HTML thay cho câu trả lời gửi")
    expected = Text(
        "The document stays queued and leaves by itself when the axis answers again, or is shown as failed.",
        "Văn bản ở trạng thái chờ và tự gửi đi khi trục trả lời trở lại, hoặc được hiển thị là gửi lỗi.",
    )
    UNSENT = Check("page-is-no-receipt", ("ST-04",), Text("not shown as sent", "không hiển thị đã gửi"))
    LEFT = Check("document-leaves-after-page", ("RF-06", "TR-06"), Text("it leaves later", "sau đó được gửi đi"))
    checks = (LEFT, UNSENT)
    role = Role.SENDER
    wave = Wave.HAZARD

    async def drive(self, stage: Stage) -> None:
        """Pages until the clerk has looked, then the axis."""
        async with stage.fault("html-page", label="page", lane=stage.lane, operations=_SEND, message_type="edoc"):
            await ordered(stage)
            await hit(stage, "page", times=3, polls=4)
            await stage.look("out", label="during")
        await leaves_late(stage)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """A document that the SUT openly gives up is not lost; one that it calls sent is."""
        pages = stands(evidence, "page")
        told = told_to_send(evidence)
        left = letters_out(evidence)
        if told["status"] == 422 and not left:
            yield self.LEFT.held(Text("the SUT said at once that it cannot", "SUT báo ngay là chưa gửi được"), told)
        else:
            yield left_late(
                self.LEFT,
                evidence,
                ended(evidence, "page"),
                held=Text("it left when the axis answered again", "đã gửi khi trục trả lời trở lại"),
                broken=Text("it never reached the axis", "không bao giờ đến trục"),
            )
        order = evidence.order()
        look = evidence.look("out", "during")
        states = set(look.states(order.document_id))
        state = look.state(order.document_id) or "–"
        yield self.UNSENT.decide(
            states and states <= {"queued", "failed"},
            pages[0],
            order,
            look,
            held=Text(f"meanwhile shown as '{state}'", f"trong lúc đó hiển thị '{state}'"),
            broken=Text(f"shown as '{state}', and the axis has not got it", f"hiển thị '{state}' mà trục chưa nhận"),
        )


CASES: tuple[Case, ...] = (ConnectionLost(), NoDocId(), PageForReceipt())
