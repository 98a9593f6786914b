"""The chain 01 03 04 05 06 at the receiver: each leaves when it is true, by itself, once. ST-04, ST-09, ST-12."""

from collections.abc import Iterable

from conformance.case import Case
from conformance.cases.steps import act, answered, arrive, codes
from conformance.evidence import CaseEvidence
from conformance.finding import Check, Finding
from conformance.letters import letter
from conformance.stage import Stage
from simulator.protocol.status import State, step
from simulator.words import Text

__all__ = ["CASES"]


class NotBeforeAccept(Case):
    """03 leaves when the clerk accepts, not on arrival."""

    id = "status/acceptance-only-after-accept"
    title = Text("03 is not sent on arrival", "Không gửi 03 ngay khi văn bản đến")
    expected = Text(
        "After arrival only 01; 03 once the clerk has put the document into the incoming book.",
        "Khi đến chỉ có 01; 03 chỉ gửi sau khi văn thư vào sổ đến.",
    )
    ACCEPTED = Check("acceptance-reported", ("ST-09", "ST-01"), Text("03 after accept", "có 03 sau khi tiếp nhận"))
    NOT_BEFORE = Check("acceptance-not-on-arrival", ("ST-12",), Text("no 03 before accept", "không có 03 trước đó"))
    NOTHING = Check("only-arrival-before-accept", ("ST-12",), Text("nothing but 01 before", "trước đó chỉ có 01"))
    checks = (ACCEPTED, NOT_BEFORE, NOTHING)

    async def drive(self, stage: Stage) -> None:
        """Time for what should not come, then accept."""
        document = await stage.send(letter(stage))
        await arrive(stage, document)
        await stage.quiet()
        await act(stage, "accept", document, "03")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The 03 that did come after accept is the twin of the one that must not come before."""
        document = evidence.sent()
        accept = evidence.act("accept", document)
        yield answered(self.ACCEPTED, evidence, document, "03", accept)
        statuses = evidence.statuses_from_sut(document)
        evidence.require(statuses, Text("no status came at all", "không có trạng thái nào"), document)
        # An act is recorded when its answer is there; a status may leave during the call. Its predecessor is the wait.
        asked = _asked(evidence, accept.n)
        early = [each for each in statuses if each.n < asked and each.code != "01"]
        evidence.require(
            early or any(each.n > asked for each in statuses),
            Text("no status came after accept either", "sau khi tiếp nhận cũng không có trạng thái nào"),
            accept,
        )
        yield self.NOT_BEFORE.decide(
            not [each for each in early if each.code == "03"],
            *statuses,
            accept,
            held=Text("03 came only after accept", "03 chỉ đến sau khi tiếp nhận"),
            broken=Text("03 was there before the clerk accepted", "03 có trước khi văn thư tiếp nhận"),
        )
        yield self.NOTHING.decide(
            not early,
            *statuses,
            accept,
            held=Text("only 01 before accept", "trước khi tiếp nhận chỉ có 01"),
            broken=Text(f"before accept: {codes(early)}", f"trước khi tiếp nhận: {codes(early)}"),
        )


def _asked(evidence: CaseEvidence, act: int) -> int:
    """The number of the last wait before an act: what came later may be the act's own effect."""
    return max((record.n for record in evidence.records if record.kind == "wait" and record.n < act), default=0)


class FullChain(Case):
    """accept, assign, start, finish bring 03, 04, 05, 06 in that order, each once."""

    id = "status/full-chain"
    title = Text("The whole chain 01 03 04 05 06", "Trọn chuỗi 01 03 04 05 06")
    expected = Text(
        "Every action of the clerk leads to its status without a second step, in order, each once.",
        "Mỗi thao tác của văn thư tự sinh trạng thái tương ứng, đúng thứ tự, mỗi trạng thái một lần.",
    )
    STEPS = (("accept", "03"), ("assign", "04"), ("start", "05"), ("finish", "06"))
    ASSIGNED = Check("assignment-reported", ("ST-01", "ST-09"), Text("04 after assign", "có 04 sau khi phân công"))
    STARTED = Check("processing-reported", ("ST-09",), Text("05 after start", "có 05 khi bắt đầu xử lý"))
    FINISHED = Check("finish-reported-by-itself", ("ST-04", "ST-09"), Text("06 after finish", "có 06 khi hoàn thành"))
    ORDER = Check("chain-in-order", ("ST-10",), Text("the order is kept", "đúng thứ tự"))
    ONCE = Check("each-status-once", ("ST-11",), Text("each comes once", "mỗi trạng thái một lần"))
    checks = (ASSIGNED, STARTED, FINISHED, ORDER, ONCE)

    async def drive(self, stage: Stage) -> None:
        """One action after the other."""
        document = await stage.send(letter(stage))
        await arrive(stage, document)
        for action, code in self.STEPS:
            await act(stage, action, document, code)
        await stage.quiet()

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Presence first, then order and number of what is there."""
        document = evidence.sent()
        for check, action, code in (
            (self.ASSIGNED, "assign", "04"),
            (self.STARTED, "start", "05"),
            (self.FINISHED, "finish", "06"),
        ):
            yield answered(check, evidence, document, code, evidence.act(action, document))
        statuses = evidence.statuses_from_sut(document)
        evidence.require(statuses, Text("no status came at all", "không có trạng thái nào"), document)
        yield self.ORDER.decide(
            _in_order([each.code for each in statuses]),
            *statuses,
            held=Text(codes(statuses), codes(statuses)),
            broken=Text(f"the order was {codes(statuses)}", f"thứ tự là {codes(statuses)}"),
        )
        came = {each.code for each in statuses}
        missing = Text("the chain is not there to be counted", "chuỗi trạng thái chưa đủ để đếm")
        evidence.require({"03", "05", "06"} <= came, missing, *statuses)
        twice = sorted({each.code for each in statuses if len([s for s in statuses if s.code == each.code]) > 1})
        yield self.ONCE.decide(
            not twice,
            *statuses,
            held=Text("none came twice", "không trạng thái nào lặp"),
            broken=Text(f"more than once: {', '.join(twice)}", f"lặp lại: {', '.join(twice)}"),
        )


def _in_order(sequence: list[str]) -> bool:
    """Whether the table of statuses allows this sequence; a repetition is judged elsewhere."""
    state = State.SENT
    for code in dict.fromkeys(sequence):
        after = step(state, code)
        if after is None:
            return False
        state = after
    return bool(sequence)


class ShortChain(Case):
    """accept, start, finish without an assignment: 03 05 06, and no 04 that nobody made."""

    id = "status/chain-without-assignment"
    title = Text("The chain without an assignment", "Chuỗi không có bước phân công")
    expected = Text("01 03 05 06; an assignment is not invented.", "01 03 05 06; không tự sinh bước phân công.")
    COMPLETE = Check("short-chain-complete", ("ST-09",), Text("03, 05 and 06 came", "có đủ 03, 05, 06"))
    NOT_INVENTED = Check("assignment-not-invented", ("ST-12",), Text("no 04 came", "không có 04"))
    checks = (COMPLETE, NOT_INVENTED)

    async def drive(self, stage: Stage) -> None:
        """Without assign."""
        document = await stage.send(letter(stage))
        await arrive(stage, document)
        for action, code in (("accept", "03"), ("start", "05"), ("finish", "06")):
            await act(stage, action, document, code)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The 06 at the end is the twin of the missing 04."""
        document = evidence.sent()
        finish = evidence.act("finish", document)
        statuses = evidence.statuses_from_sut(document)
        have = {each.code for each in statuses}
        yield evidence.expect(
            self.COMPLETE,
            statuses if {"03", "05", "06"} <= have else (),
            finish,
            held=Text(codes(statuses), codes(statuses)),
            broken=Text(f"the SUT sent {codes(statuses)}", f"SUT đã gửi {codes(statuses)}"),
        )
        evidence.require("06" in have, Text("the chain did not come to its end", "chuỗi chưa kết thúc"), finish)
        yield self.NOT_INVENTED.decide(
            "04" not in have,
            *statuses,
            held=Text("no 04", "không có 04"),
            broken=Text("04 came, but nobody assigned it", "có 04 dù không ai phân công"),
        )


class ProcessingOnStart(Case):
    """05 leaves when somebody starts to work, not together with 03."""

    id = "status/processing-only-after-start"
    title = Text("05 is not sent with 03", "Không gửi 05 cùng lúc với 03")
    expected = Text(
        "Between accept and start lie more than two seconds; the two statuses do not bear one time.",
        "Giữa tiếp nhận và bắt đầu xử lý cách nhau hơn hai giây; hai trạng thái không mang cùng thời điểm.",
    )
    LATER = Check("processing-not-before-start", ("ST-12",), Text("no 05 before start", "không có 05 trước khi xử lý"))
    APART = Check("acceptance-and-processing-apart", ("ST-12",), Text("two times", "hai thời điểm khác nhau"))
    checks = (LATER, APART)

    async def drive(self, stage: Stage) -> None:
        """The times have whole seconds, so two of them must pass."""
        document = await stage.send(letter(stage))
        await arrive(stage, document)
        await act(stage, "accept", document, "03")
        await stage.pause(2.1, for_=Text("two seconds between accept and start", "hai giây giữa tiếp nhận và xử lý"))
        await stage.quiet()
        await act(stage, "start", document, "05")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Twin: the 05 that came after start."""
        document = evidence.sent()
        evidence.act("accept", document)
        accepted = evidence.statuses_from_sut(document, "03")
        started = evidence.statuses_from_sut(document, "05")
        asked = [*evidence.acts("POST /control/act", action="start", document_id=document.document_id)]
        # A system that sent 05 at once may answer 409 to start: that is the defect, not an obstacle.
        early = [each for each in started if not asked or each.n < _asked(evidence, asked[0].n)]
        evidence.require(accepted and started, Text("03 and 05 were not both seen", "chưa thấy đủ 03 và 05"), document)
        yield self.LATER.decide(
            not early,
            *accepted,
            *started,
            *asked,
            held=Text("05 came after start", "05 đến sau khi bắt đầu xử lý"),
            broken=Text("05 was there before anybody had started", "05 có trước khi bắt đầu xử lý"),
        )
        one, two = accepted[0], started[0]
        yield self.APART.decide(
            one.timestamp_text != two.timestamp_text,
            one,
            two,
            held=Text(
                f"{one.timestamp_text} and {two.timestamp_text}", f"{one.timestamp_text} và {two.timestamp_text}"
            ),
            broken=Text(f"both say {one.timestamp_text}", f"cả hai ghi {one.timestamp_text}"),
        )


class OneOfTwo(Case):
    """An action on one document says nothing about its neighbour."""

    id = "status/action-touches-one-document"
    title = Text("Two documents, one is accepted", "Hai văn bản, chỉ tiếp nhận một")
    expected = Text("03 for the accepted one only.", "03 chỉ cho văn bản đã tiếp nhận.")
    ONE = Check("action-reported-for-its-document", ("ST-09",), Text("03 for the one", "03 cho văn bản đó"))
    OTHER = Check("neighbour-untouched", ("ST-12",), Text("none for the other", "không có cho văn bản kia"))
    checks = (ONE, OTHER)

    async def drive(self, stage: Stage) -> None:
        """Accept the first."""
        one = await stage.send(letter(stage), label="one")
        other = await stage.send(letter(stage), label="other")
        await arrive(stage, one, other)
        await act(stage, "accept", one, "03")
        await stage.quiet()

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The one is the other's twin."""
        one, other = evidence.sent("one"), evidence.sent("other")
        accept = evidence.act("accept", one)
        yield answered(self.ONE, evidence, one, "03", accept)
        evidence.require(
            evidence.statuses_from_sut(other, "01"), Text("the other never arrived", "văn bản kia chưa đến")
        )
        wrong = [each for each in evidence.statuses_from_sut(other) if each.code != "01"]
        yield self.OTHER.decide(
            not wrong,
            accept,
            *wrong,
            held=Text("only 01 for the other", "văn bản kia chỉ có 01"),
            broken=Text(f"the other got {codes(wrong)}", f"văn bản kia có {codes(wrong)}"),
        )


CASES: tuple[Case, ...] = (NotBeforeAccept(), FullChain(), ShortChain(), ProcessingOnStart(), OneOfTwo())
