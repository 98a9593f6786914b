"""Statuses that come late, twice, unknown or from a stranger: the sender's view stays true. ST-03, ST-10, ST-11."""

from collections.abc import Iterable
from datetime import timedelta

from conformance.case import Case, Wave
from conformance.cases.disturbed import goes_on, watch
from conformance.cases.status.sender import Sender, answer, answer_at_once, sends
from conformance.cases.steps import told
from conformance.evidence import CaseEvidence
from conformance.finding import Check, Finding
from conformance.letters import reply
from conformance.stage import Stage
from simulator.words import Text

__all__ = ["CASES"]


class OutOfOrder(Sender):
    """05 arrives before 03: the shown state does not go back to 03."""

    id = "status/sender-out-of-order"
    title = Text("05 before 03", "05 đến trước 03")
    expected = Text("03 that comes late changes nothing that is further on.", "03 đến muộn không kéo lùi trạng thái.")
    AHEAD = Check("early-status-taken", ("ST-10",), Text("05 is taken", "nhận 05"))
    STAYS = Check("out-of-order-not-back", ("ST-11", "ST-10"), Text("it stays at 05", "giữ nguyên 05"))
    checks = (AHEAD, STAYS)

    async def drive(self, stage: Stage) -> None:
        """The 03 bears an earlier time, as it does in life."""
        package = await sends(stage, stage.lanes)
        await answer(stage, package, "01", "05")
        late = reply(stage, "03", package, at=stage.now() - timedelta(seconds=30))
        await told(stage, await stage.send(late, label="03"))
        await stage.look("out", label="after 03")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """05, and still 05."""
        yield self.shows(self.AHEAD, evidence, "05", "05")
        evidence.require("05" in self.shown(evidence, "05")[1], Text("05 was never shown", "chưa hiển thị 05"))
        yield self.shows(self.STAYS, evidence, "03", "05")


class LateArrival(Sender):
    """A late 01 after 06 moves nothing."""

    id = "status/sender-late-arrival"
    title = Text("01 after 06", "01 đến sau 06")
    expected = Text("The document stays finished.", "Văn bản vẫn ở trạng thái hoàn thành.")
    STAYS = Check("late-arrival-not-back", ("ST-11", "ST-10"), Text("it stays at 06", "giữ nguyên 06"))
    checks = (STAYS,)

    async def drive(self, stage: Stage) -> None:
        """03, 05, 06, then the 01 that was on its way."""
        package = await sends(stage, stage.lanes)
        await answer(stage, package, "03", "05", "06")
        late = reply(stage, "01", package, at=stage.now() - timedelta(seconds=60))
        await told(stage, await stage.send(late, label="01"))
        await stage.look("out", label="after 01")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The 06 before is the twin."""
        look, shown = self.shown(evidence, "06")
        evidence.require("06" in shown, Text("06 was never shown", "chưa hiển thị 06"), look)
        yield self.shows(self.STAYS, evidence, "01", "06")


class SameStatusTwice(Sender):
    """The same status twice counts once."""

    id = "status/sender-same-status-twice"
    title = Text("03 twice", "03 đến hai lần")
    expected = Text("The receiver is shown once, with 03.", "Nơi nhận hiển thị một lần, với 03.")
    ONCE = Check("repeated-status-counted-once", ("ST-11",), Text("one row, 03", "một dòng, 03"))
    checks = (ONCE,)

    async def drive(self, stage: Stage) -> None:
        """Two packets of one code, a second apart."""
        package = await sends(stage, stage.lanes)
        await answer(stage, package, "01", "03")
        again = reply(stage, "03", package, at=stage.now() + timedelta(seconds=2))
        await told(stage, await stage.send(again, label="03 again"))
        await stage.look("out", label="after 03 again")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Rows of this receiver in the row of the document."""
        look, shown = self.shown(evidence, "03 again")
        rows = look.lines(evidence.order().document_id, evidence.lane.codes)
        said = ", ".join(shown)
        yield self.ONCE.decide(
            len(rows) == 1 and shown == ("03",),
            evidence.sent("03 again"),
            look,
            held=Text("one row, 03", "một dòng, 03"),
            broken=Text(f"{len(rows)} rows, shown: {said}", f"{len(rows)} dòng, hiển thị: {said}"),
        )


class UnknownCode(Sender):
    """Codes that nobody knows (07, 99) break nothing, end no polling and are not taken for others."""

    id = "status/sender-unknown-code"
    title = Text("Unknown codes 07 and 99", "Mã lạ 07 và 99")
    expected = Text(
        "They are confirmed and kept apart; polling goes on, and the next known status is shown as before.",
        "Được xác nhận và để riêng; SUT vẫn hỏi trục, trạng thái hợp lệ tiếp theo vẫn hiển thị như thường.",
    )
    APART = Check(
        "unknown-code-not-taken-for-another", ("ST-01",), Text("not shown as another", "không hiểu thành mã khác")
    )
    ON = Check("known-status-after-unknown", ("ST-01",), Text("03 is shown afterwards", "sau đó vẫn hiển thị 03"))
    LIVES = Check("polling-survives-unknown-code", ("ST-01", "TR-05"), Text("polling goes on", "vẫn tiếp tục hỏi trục"))
    checks = (LIVES, APART, ON)
    wave = Wave.ALONE  # a loop that ends at one of them is not to be missing in the cases beside this one

    async def drive(self, stage: Stage) -> None:
        """01, then 07 and 99, one more poll, then 03."""
        package = await sends(stage, stage.lanes)
        await answer(stage, package, "01")
        await answer_at_once(stage, package, "07", "99")
        await watch(stage)
        await answer(stage, package, "03")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """A loop that ended takes nothing more. After 99 the box shows 01 still, or the code itself."""
        unknown = [evidence.sent("07"), evidence.sent("99")]
        met = [fetched[0] for each in unknown if (fetched := evidence.fetched(each))]
        evidence.require(met, Text("the SUT never fetched it", "SUT chưa tải gói này"), *unknown)
        last = max(met, key=lambda each: each.n)
        heard = [each for each in evidence.facts("polled", system_id=evidence.sut.system_id) if each.n > last.n]
        because = Text("it asked for documents again, for statuses not yet", "chỉ hỏi văn bản, chưa hỏi lại trạng thái")
        evidence.require(evidence.polls_after(last.n) or not heard, because, last, *heard)
        yield goes_on(self.LIVES, evidence, last)
        _, before = self.shown(evidence, "01")
        evidence.require("01" in before, Text("01 was never shown", "chưa hiển thị 01"), evidence.sent("01"))
        look, shown = self.shown(evidence, "99")
        said = ", ".join(shown)
        yield self.APART.decide(
            shown and set(shown) <= {"01", "07", "99"},
            evidence.sent("99"),
            look,
            held=Text(f"shown: {said}", f"hiển thị: {said}"),
            broken=Text(f"99 is shown as '{said}'", f"99 hiển thị thành '{said}'"),
        )
        yield self.shows(self.ON, evidence, "03", "03")


class Stranger(Sender):
    """A unit that was no recipient reports 02: nothing changes."""

    id = "status/sender-stranger"
    title = Text("A status from a stranger", "Trạng thái từ đơn vị không nhận văn bản")
    expected = Text(
        "Only a recipient can report on a document; the true receiver's status stays.",
        "Chỉ nơi nhận mới báo được trạng thái; trạng thái của nơi nhận thật giữ nguyên.",
    )
    lanes = 2
    IGNORED = Check("stranger-status-ignored", ("ST-03",), Text("the stranger changes nothing", "không bị thay đổi"))
    NOT_LISTED = Check("stranger-not-listed", ("ST-03",), Text("he is no receiver", "không thành nơi nhận"))
    checks = (IGNORED, NOT_LISTED)

    async def drive(self, stage: Stage) -> None:
        """The first lane receives, the second interferes."""
        first, second = stage.lanes
        package = await sends(stage, [first])
        await answer(stage, package, "01", "03")
        strange = reply(stage, "02", package, lane=second, description="Không tiếp nhận")
        await told(stage, await stage.send(strange, label="strange", lane=second))
        await stage.look("out", label="after strange")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """03 before is the twin."""
        _, before = self.shown(evidence, "03")
        evidence.require("03" in before, Text("03 was never shown", "chưa hiển thị 03"), evidence.sent("03"))
        look, shown = self.shown(evidence, "strange")
        said = ", ".join(shown)
        yield self.IGNORED.decide(
            "03" in shown,
            evidence.sent("strange"),
            look,
            held=Text("still 03", "vẫn là 03"),
            broken=Text(f"now it shows '{said}'", f"nay hiển thị '{said}'"),
        )
        strange = look.status(evidence.order().document_id, evidence.lanes[1].codes) or "–"
        yield self.NOT_LISTED.decide(
            not look.lines(evidence.order().document_id, evidence.lanes[1].codes),
            evidence.sent("strange"),
            look,
            held=Text("no row for the stranger", "không có dòng cho đơn vị lạ"),
            broken=Text(f"the stranger is listed with {strange}", f"đơn vị lạ có dòng {strange}"),
        )


CASES: tuple[Case, ...] = (OutOfOrder(), LateArrival(), SameStatusTwice(), UnknownCode(), Stranger())
