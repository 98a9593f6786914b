"""The axis is silent, down, started anew, or knows the SUT no more. Each case has the axis to itself. TR-06."""

from collections.abc import Iterable

from conformance.case import Case, Role, Wave
from conformance.cases.disturbed import (
    LONG,
    alive,
    begun,
    ended,
    goes_on,
    hit,
    leaves_late,
    left_late,
    letters_out,
    ordered,
    stands,
    watch,
)
from conformance.cases.steps import act, arrive
from conformance.evidence import CaseEvidence
from conformance.finding import Check, Finding
from conformance.letters import letter
from conformance.stage import Stage
from simulator.protocol import codec
from simulator.words import Text

__all__ = ["CASES"]

_LIST = ("getReceivedEdocList",)
_SECONDS_HELD = 4.0
_TIMES_AS_LONG = 5
"""A clerk of this SUT is served in a fifth of the time that the axis is silent, as long as nobody waits for it."""
_SECONDS_SILENT = 1.5
_POLLS_DOWN = 1.5
"""In its own period the SUT polls once in that time at least, and comes again soon after it."""


class SilentAxis(Case):
    """The axis holds back its answer to a poll; meanwhile a clerk of the SUT works. The SDK has no time-out."""

    id = "resilience/silent-axis"
    title = Text("The axis does not answer a poll", "Trục không trả lời khi hỏi danh sách")
    expected = Text(
        "Nobody waits for the axis but the poll itself: the clerk accepts a document in the meantime.",
        "Chỉ tiến trình hỏi trục phải chờ: trong lúc đó văn thư vẫn tiếp nhận được văn bản.",
    )
    WORKS = Check("clerk-works-while-axis-is-silent", ("TR-06",), Text("the clerk is served", "văn thư làm việc được"))
    ON = Check("polling-survives-silence", ("TR-05",), Text("polling goes on", "vẫn tiếp tục hỏi trục"))
    checks = (ON, WORKS)
    wave = Wave.ALONE

    async def drive(self, stage: Stage) -> None:
        """The answer is held for longer than this SUT takes to serve a clerk; one that waits for it is too late."""
        document, usual = await stage.send(letter(stage)), await stage.send(letter(stage), label="usual")
        await arrive(stage, document, usual)
        began = stage.now()
        await stage.act("accept", usual)
        held = max(_SECONDS_HELD, _TIMES_AS_LONG * (stage.now() - began).total_seconds())
        async with stage.fault("hanging-answer", label="held", operations=_LIST, times=1, seconds=held):
            await hit(stage, "held")
            await act(stage, "accept", document, "03")
            await stage.pause(_SECONDS_SILENT, for_=Text("the silence to last", "trục im lặng thêm một lúc"))
        await watch(stage)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The order of two records tells: the clerk's answer, and the moment when the axis spoke again."""
        held = stands(evidence, "held")[0]
        yield goes_on(self.ON, evidence, ended(evidence, "held"))
        arrived = evidence.statuses_from_sut(evidence.sent(), "01")
        evidence.require(arrived, Text("the SUT holds no document to work with", "SUT chưa có văn bản để xử lý"), held)
        accepted = evidence.act("accept", evidence.sent())
        spoke = ended(evidence, "held", "released")
        seconds = (accepted.moment - held.moment).total_seconds()
        if accepted.n < spoke.n:
            in_time = Text(
                f"accepted after {seconds:.1f} s, before the axis spoke",
                f"tiếp nhận sau {seconds:.1f} giây, trục còn im",
            )
            yield self.WORKS.held(in_time, held, accepted, spoke)
        else:
            waited = Text(
                f"the clerk waited {seconds:.1f} s, until the axis had answered the poll",
                f"văn thư phải chờ {seconds:.1f} giây, đến khi trục trả lời lệnh hỏi",
            )
            yield self.WORKS.broken(waited, held, accepted, spoke, timed=True)


class DownWhileReceiving(Case):
    """The axis is down for some polls; a document is queued meanwhile, and a clerk accepts another."""

    id = "resilience/axis-down"
    title = Text("The axis is down for a while", "Trục ngừng hoạt động một thời gian")
    expected = Text(
        "The SUT polls on and takes what waited; the status made during the outage leaves afterwards.",
        "SUT tiếp tục hỏi trục và nhận văn bản đã chờ; trạng thái lập lúc trục ngừng được gửi sau đó.",
    )
    ON = Check("polling-survives-outage", ("TR-05", "TR-06"), Text("polling goes on", "vẫn tiếp tục hỏi trục"))
    ARRIVES = Check("document-arrives-after-outage", ("LG-08",), Text("what waited arrives", "văn bản chờ vẫn đến"))
    STATUS = Check(
        "status-leaves-after-outage", ("ST-04", "TR-06"), Text("the status leaves later", "trạng thái gửi sau")
    )
    checks = (ON, ARRIVES, STATUS)
    wave = Wave.ALONE

    async def drive(self, stage: Stage) -> None:
        """Down; a clerk acts, a package is queued; up."""
        held = await stage.send(letter(stage), label="held")
        await arrive(stage, held)
        async with stage.fault("axis-down", label="down"):
            package = letter(stage)
            document = await stage.plant(codec.encode(package), like=package)
            await stage.act("accept", held)
            await stage.outage(_POLLS_DOWN)
        await watch(stage)
        await stage.until(
            lambda seen: seen.statuses_from_sut(document, "01") and seen.statuses_from_sut(held, "03"),
            for_=Text("01 of the one, 03 of the other", "01 của văn bản này và 03 của văn bản kia"),
            polls=LONG,
        )

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Counted from the moment when the axis was up again."""
        up, document, held = ended(evidence, "down"), evidence.sent(), evidence.sent("held")
        yield goes_on(self.ON, evidence, up, begun(evidence, "down"))
        yield evidence.expect(
            self.ARRIVES,
            evidence.statuses_from_sut(document, "01"),
            up,
            held=Text("it arrived", "văn bản đã đến"),
            broken=Text("it never arrived", "văn bản không đến"),
        )
        accepted = evidence.act("accept", held)
        yield evidence.expect(
            self.STATUS,
            evidence.statuses_from_sut(held, "03"),
            max(up, accepted, key=lambda each: each.n),
            held=Text("03 left", "03 đã gửi"),
            broken=Text("03 of the outage never left", "03 lập lúc trục ngừng không bao giờ được gửi"),
        )


class DownWhileSending(Case):
    """The SUT sends a document while the axis is down."""

    id = "resilience/axis-down-while-sending"
    title = Text("Sending while the axis is down", "Gửi văn bản khi trục ngừng hoạt động")
    expected = Text(
        "The document is queued, is never shown as sent before it left, and leaves when the axis is back, once; or it "
        "is shown as failed.",
        "Văn bản chờ gửi, không hiển thị đã gửi khi chưa đi, và được gửi đúng một lần khi trục trở lại; hoặc hiển thị "
        "là gửi lỗi.",
    )
    LEFT = Check("document-leaves-after-outage", ("RF-06", "TR-06"), Text("it leaves later", "sau đó được gửi đi"))
    ONCE = Check("outage-document-leaves-once", ("DU-03",), Text("once", "đúng một lần"))
    UNSENT = Check("outage-not-shown-as-sent", ("ST-04",), Text("not shown as sent", "không hiển thị đã gửi"))
    checks = (LEFT, ONCE, UNSENT)
    role = Role.SENDER
    wave = Wave.ALONE

    async def drive(self, stage: Stage) -> None:
        """Down; an order, some polls, a look; up."""
        await alive(stage)
        async with stage.fault("axis-down", label="down"):
            await ordered(stage)
            await stage.outage(_POLLS_DOWN)
            await stage.look("out", label="during")
        await leaves_late(stage)
        await stage.quiet(1)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Axis away: 200 and queued (contract, section 4); a SUT that will not even queue it shows nothing here."""
        up, order = ended(evidence, "down"), evidence.order()
        left = letters_out(evidence)
        yield left_late(
            self.LEFT,
            evidence,
            up,
            held=Text("it left when the axis was back", "đã gửi khi trục trở lại"),
            broken=Text("it never left", "không bao giờ được gửi"),
        )
        look = evidence.look("out", "during")
        rows = look.of(order.document_id)
        if rows:
            state = look.state(order.document_id)
            yield self.UNSENT.decide(
                set(look.states(order.document_id)) <= {"queued", "failed"},
                order,
                look,
                held=Text(f"meanwhile shown as '{state}'", f"trong lúc đó hiển thị '{state}'"),
                broken=Text(f"shown as '{state}' while the axis was down", f"hiển thị '{state}' khi trục đang ngừng"),
            )
        evidence.require(left, Text("it never left", "chưa được gửi"), order)
        yield self.ONCE.decide(
            len(left) == 1,
            *left,
            held=Text("once", "đúng một lần"),
            broken=Text(f"{len(left)} times", f"{len(left)} lần"),
        )
        evidence.require(rows, Text("the document is not listed", "văn bản không được liệt kê"), order, look)


class Restart(Case):
    """The axis is started anew: every connection breaks, for a moment nobody listens."""

    id = "resilience/axis-restart"
    title = Text("The axis is started anew", "Trục khởi động lại")
    expected = Text(
        "The SUT connects again by itself, and polls as before.",
        "SUT tự kết nối lại và hỏi trục như trước.",
    )
    ON = Check("polling-survives-restart", ("TR-05",), Text("polling goes on", "vẫn tiếp tục hỏi trục"))
    checks = (ON,)
    wave = Wave.ALONE

    async def drive(self, stage: Stage) -> None:
        """One document before; the restart falls among the polls."""
        await arrive(stage, await stage.send(letter(stage), label="before"))
        async with stage.fault("axis-restart", label="restart"):
            stage.note("up")
        await watch(stage)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The first document shows that the way was open before."""
        evidence.taken(evidence.sent("before"))
        yield goes_on(self.ON, evidence, ended(evidence, "restart"), begun(evidence, "restart"))


class SecretChanged(Case):
    """The axis refuses the SUT's secret for a while (code 15), then takes it again."""

    id = "resilience/secret-refused"
    title = Text("The secret is refused for a while", "Khóa bí mật bị từ chối một thời gian")
    expected = Text(
        "The SUT says so, keeps trying, and takes what waited once its secret is good again.",
        "SUT báo rõ, tiếp tục thử, và nhận văn bản đã chờ khi khóa dùng lại được.",
    )
    ON = Check("polling-survives-bad-secret", ("TR-05",), Text("polling goes on", "vẫn tiếp tục hỏi trục"))
    ARRIVES = Check("document-arrives-after-bad-secret", ("LG-08",), Text("what waited arrives", "văn bản chờ vẫn đến"))
    checks = (ON, ARRIVES)
    wave = Wave.ALONE

    async def drive(self, stage: Stage) -> None:
        """Refused in everything for two polls."""
        await alive(stage)
        async with stage.fault("refuses-credentials", label="secret"):
            document = await stage.send(letter(stage))
            await hit(stage, "secret", times=4, polls=3)
        await watch(stage)
        await arrive(stage, document)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Counted from the moment when the secret was good again."""
        stands(evidence, "secret")
        after, document = ended(evidence, "secret"), evidence.sent()
        yield goes_on(self.ON, evidence, after)
        yield evidence.expect(
            self.ARRIVES,
            evidence.statuses_from_sut(document, "01"),
            after,
            held=Text("it arrived", "văn bản đã đến"),
            broken=Text("it never arrived", "văn bản không đến"),
        )


CASES: tuple[Case, ...] = (SilentAxis(), DownWhileReceiving(), DownWhileSending(), Restart(), SecretChanged())
