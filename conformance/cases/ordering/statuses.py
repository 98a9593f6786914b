"""Statuses in a heap, late, and the same packet again: the sender's view ends where it should. ST-10, ST-11."""

from collections.abc import Iterable
from datetime import timedelta

from conformance.case import Case
from conformance.cases.status.sender import Sender, answer, sends
from conformance.cases.steps import told
from conformance.evidence import CaseEvidence, Lane
from conformance.finding import Check, Finding
from conformance.letters import reply
from conformance.stage import Stage
from simulator.protocol import codec
from simulator.protocol.package import Package
from simulator.words import Text

__all__ = ["CASES"]


class StatusHeap(Sender):
    """Four statuses in one heap, in no order; then three late ones behind a 06."""

    id = "ordering/statuses-in-a-heap"
    title = Text("A heap of statuses", "Nhiều trạng thái cùng lúc")
    expected = Text(
        "Whatever arrives first, the shown state ends at the one that is furthest, and late ones move nothing.",
        "Dù cái nào đến trước, trạng thái hiển thị dừng ở bước xa nhất; cái đến muộn không kéo lùi.",
    )
    lanes = 2
    ENDS = Check("order-status-heap-ends-at-last", ("ST-10", "ST-11"), Text("it ends at 06", "dừng ở 06"))
    STAYS = Check("order-late-statuses-move-nothing", ("ST-11", "ST-10"), Text("it stays at 06", "giữ nguyên 06"))
    checks = (ENDS, STAYS)

    async def drive(self, stage: Stage) -> None:
        """The first lane sends its heap; the second 06 first, and the rest when that was taken in."""
        first, second = stage.lanes
        package = await sends(stage, stage.lanes)
        await self._heap(stage, package, first, ("05", "01", "06", "03"))
        await answer(stage, package, "06", lane=second)
        await self._heap(stage, package, second, ("03", "05", "01"))
        await stage.quiet(1)
        await stage.look("out", label="end")

    async def _heap(self, stage: Stage, package: Package, lane: Lane, codes: tuple[str, ...]) -> None:
        """With the times at which they would have been sent, all of them past."""
        start = stage.now() - timedelta(seconds=60)
        sent = [
            await stage.send(
                reply(stage, code, package, lane=lane, at=start + timedelta(seconds=int(code))),
                label=f"heap {lane.unit} {code}",
                lane=lane,
            )
            for code in codes
        ]
        for each in sent:
            await told(stage, each)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Two rows of receivers."""
        evidence.order()
        first, second = evidence.lanes
        heaps = {lane.unit: [evidence.sent(f"heap {lane.unit} {code}") for code in ("01", "03", "05")]
                 for lane in (first, second)}  # fmt: skip
        for check, lane in ((self.ENDS, first), (self.STAYS, second)):
            for each in heaps[lane.unit]:
                evidence.taken(each)
            if lane is second:
                before = self.shown(evidence, "06", lane)[1]
                evidence.require("06" in before, Text("06 was never shown", "chưa hiển thị 06"))
            look = evidence.look("out", "end")
            shown = look.status(evidence.order().document_id, lane.codes)
            yield check.decide(
                "06" in look.statuses(evidence.order().document_id, lane.codes),
                *heaps[lane.unit],
                look,
                held=Text("shown: 06", "hiển thị: 06"),
                broken=Text(f"the sender's box shows '{shown}'", f"hộp đi hiển thị '{shown}'"),
            )


class RepeatedStatus(Sender):
    """One status packet, byte for byte the same, is delivered three times."""

    id = "ordering/identical-status-twice"
    title = Text("The same status packet again", "Cùng một gói trạng thái đến lại")
    expected = Text(
        "Every delivery is confirmed, and the state is what it was; nothing stays in the list for ever.",
        "Mỗi lần giao đều được xác nhận, trạng thái không đổi; không gói nào nằm mãi trong danh sách.",
    )
    CONFIRMED = Check(
        "order-repeated-status-confirmed", ("TR-05", "ST-13", "ST-11"), Text("each is confirmed", "đều được xác nhận")
    )
    SAME = Check("order-repeated-status-changes-nothing", ("ST-11",), Text("the state stays", "trạng thái giữ nguyên"))
    checks = (CONFIRMED, SAME)

    async def drive(self, stage: Stage) -> None:
        """03, later 05, then the bytes of 03 twice more."""
        package = await sends(stage, stage.lanes)
        await answer(stage, package, "01")
        accepted = reply(stage, "03", package, at=stage.now() + timedelta(seconds=1))
        data = codec.encode(accepted)
        await told(stage, await stage.send(data, label="03"))
        await stage.look("out", label="after 03")
        await answer(stage, package, "05")
        again = [await stage.plant(data, like=accepted, label=f"again {number}") for number in (1, 2)]
        for each in again:
            await told(stage, each)
        await stage.look("out", label="end")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The first 03 is the twin."""
        _, shown = self.shown(evidence, "03")
        evidence.require("03" in shown, Text("03 was never shown", "chưa hiển thị 03"), evidence.sent("03"))
        again = [evidence.sent("again 1"), evidence.sent("again 2")]
        confirmed = [evidence.confirmed(each, "done") for each in again]
        yield evidence.expect(
            self.CONFIRMED,
            [each[0] for each in confirmed] if all(confirmed) else (),
            again[-1],
            held=Text("both are confirmed with 'done'", "đã xác nhận 'done' cả hai"),
            broken=Text("a repeated delivery stays unconfirmed", "gói lặp lại không được xác nhận 'done'"),
        )
        evidence.taken(again[0])
        look = evidence.look("out", "end")
        now = look.status(evidence.order().document_id, evidence.lane.codes)
        yield self.SAME.decide(
            "05" in look.statuses(evidence.order().document_id, evidence.lane.codes),
            *again,
            look,
            held=Text("still 05", "vẫn là 05"),
            broken=Text(f"now it shows '{now}'", f"nay hiển thị '{now}'"),
        )


CASES: tuple[Case, ...] = (StatusHeap(), RepeatedStatus())
