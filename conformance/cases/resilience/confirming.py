"""What was taken comes again: a confirm that nobody heard, one that was forgotten, a second delivery, a wrong name."""

from collections.abc import Iterable
from typing import ClassVar

from conformance.case import Case, Wave
from conformance.cases.disturbed import LONG, hit, hits, single, stands
from conformance.evidence import CaseEvidence
from conformance.finding import Check, Finding
from conformance.letters import letter
from conformance.stage import Stage
from simulator.words import Text

__all__ = ["CASES"]


class _ListedAgain(Case):
    """The SUT confirms, the axis does not take it in and lists the package once more."""

    FAULT: ClassVar[str]
    AGAIN: ClassVar[Check]
    ONCE: ClassVar[Check]
    wave = Wave.HAZARD

    async def drive(self, stage: Stage) -> None:
        """Two confirms come to nothing."""
        async with stage.fault(self.FAULT, label="confirm", lane=stage.lane, operations=("updateStatus",), times=2):
            document = await stage.send(letter(stage))
            await hit(stage, "confirm", times=2)
            await stage.until(
                lambda seen: seen.confirmed(document),
                for_=Text("the SUT to confirm it again", "SUT xác nhận lại"),
                polls=LONG,
            )
        await stage.quiet(1)
        await stage.look("in")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Confirmed in the end, registered once."""
        lost, document = stands(evidence, "confirm"), evidence.sent()
        yield evidence.expect(
            self.AGAIN,
            evidence.confirmed(document, "done"),
            lost[-1],
            held=Text("confirmed again with 'done'", "đã xác nhận lại bằng 'done'"),
            broken=Text("never confirmed again: it stays on the list", "không xác nhận lại: gói tin nằm mãi"),
        )
        yield single(self.ONCE, evidence, document)


class ConfirmUnheard(_ListedAgain):
    """updateStatus is answered with HTTP 500."""

    id = "resilience/confirm-unheard"
    title = Text("A confirm that nobody heard", "Xác nhận không đến được trục")
    expected = Text(
        "The package is offered again: confirmed again, not registered again, 01 not repeated.",
        "Gói tin lại có trong danh sách: xác nhận lại, không đăng ký lại, không báo lại 01.",
    )
    FAULT = "http-500"
    AGAIN = Check("unheard-confirm-repeated", ("ST-13",), Text("confirmed again", "xác nhận lại"))
    ONCE = Check("unheard-confirm-one-document", ("ST-13", "DU-02"), Text("one document", "một văn bản"))
    checks = (AGAIN, ONCE)


class ConfirmForgotten(_ListedAgain):
    """The axis says OK to updateStatus and lists the package all the same."""

    id = "resilience/confirm-forgotten"
    title = Text("A confirm that the axis forgot", "Trục quên xác nhận")
    expected = ConfirmUnheard.expected
    FAULT = "loses-a-confirm"
    AGAIN = Check("forgotten-confirm-repeated", ("ST-13",), Text("confirmed again", "xác nhận lại"))
    ONCE = Check("forgotten-confirm-one-document", ("ST-13", "DU-02"), Text("one document", "một văn bản"))
    checks = (AGAIN, ONCE)


class DeliveredTwice(Case):
    """The axis delivers the very same package a second time, under another id."""

    id = "resilience/delivered-twice"
    title = Text("The same package under two ids", "Một gói tin được giao với hai mã")
    expected = Text(
        "Both deliveries are confirmed; the document exists once.",
        "Xác nhận cả hai lần giao; văn bản chỉ có một.",
    )
    BOTH = Check("second-delivery-confirmed", ("ST-13",), Text("both are confirmed", "xác nhận cả hai"))
    ONE = Check("second-delivery-no-document", ("DU-02",), Text("one document", "một văn bản"))
    checks = (BOTH, ONE)
    wave = Wave.ALONE  # another fault in the same list answer could hide this one

    async def drive(self, stage: Stage) -> None:
        """The second delivery stays listed until it is confirmed."""
        async with stage.fault("delivers-twice", label="twin", lane=stage.lane):
            document = await stage.send(letter(stage))
            await stage.until(
                lambda seen: seen.statuses_from_sut(document, "01") and hits(seen, "twin", "updateStatus"),
                for_=Text("both deliveries to be confirmed", "xác nhận cả hai lần giao"),
                polls=LONG,
            )
            await stage.quiet(1)
        await stage.look("in")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The confirm of the second one is known by its hit."""
        twins, document = stands(evidence, "twin"), evidence.sent()
        evidence.taken(document)
        yield evidence.expect(
            self.BOTH,
            hits(evidence, "twin", "updateStatus"),
            twins[0],
            held=Text("the second delivery was confirmed, too", "lần giao thứ hai cũng được xác nhận"),
            broken=Text("the second delivery was never confirmed", "lần giao thứ hai không được xác nhận"),
        )
        evidence.require(
            hits(evidence, "twin", "getEdoc", "downloadEdoc", "updateStatus"),
            Text("the SUT never touched the second delivery", "SUT không động đến lần giao thứ hai"),
            document,
        )
        yield single(self.ONE, evidence, document, copies=2)


class WrongSenderShown(Case):
    """The list names another sender than the package does."""

    id = "resilience/wrong-sender-shown"
    title = Text("The list names a wrong sender", "Danh sách ghi sai bên gửi")
    expected = Text(
        "The package says who sent it: the document is kept under that unit, and 01 goes there.",
        "Bên gửi lấy từ gói tin: văn bản ghi theo đơn vị đó và 01 gửi về đó.",
    )
    TOLD = Check("status-goes-to-the-packages-sender", ("ST-03",), Text("01 goes to the sender", "01 về đúng bên gửi"))
    KEPT = Check("sender-kept-from-package", ("HD-36",), Text("the sender is shown right", "hiển thị đúng bên gửi"))
    checks = (TOLD, KEPT)
    lanes = 2
    wave = Wave.ALONE  # another fault in the same list answer could hide this one

    async def drive(self, stage: Stage) -> None:
        """The wrong name is that of the second lane."""
        lane, other = stage.lanes
        async with stage.fault("wrong-sender-shown", label="wrong", lane=lane, shown=other.unit):
            document = await stage.send(letter(stage))
            await stage.until(
                lambda seen: seen.confirmed(document) and seen.statuses_from_sut(document, "01"),
                for_=Text("01 to the one or the other", "01 gửi về một trong hai đơn vị"),
                polls=LONG,
            )
            await stage.quiet(1)
        await stage.look("in")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """By the receiver of the 01, then by what the clerk sees."""
        stands(evidence, "wrong")
        lane, other = evidence.lanes
        document = evidence.sent()
        arrivals = evidence.statuses_from_sut(document, "01")
        astray = [each for each in arrivals if set(each.fact["to"]) & set(other.codes)]
        right = [each for each in arrivals if set(each.fact["to"]) & set(lane.codes)]
        where = Text(f"01 went to {other.unit}", f"01 gửi về {other.unit}")
        yield evidence.expect(
            self.TOLD,
            () if astray else right,
            document,
            held=Text("01 went to the sender in the package", "01 gửi về bên gửi ghi trong gói tin"),
            broken=where if astray else Text("no 01 came to the sender", "bên gửi không nhận được 01"),
        )
        look = evidence.look("in")
        rows = look.of(document.document_id)
        evidence.require(rows, Text("the document is not listed", "văn bản không có trong danh sách"), look)
        units = {str(row.get("from")) for row in rows}
        shown = ", ".join(sorted(units))
        yield self.KEPT.decide(
            units <= set(lane.codes),
            document,
            look,
            held=Text(f"shown as sent by {shown}", f"hiển thị bên gửi {shown}"),
            broken=Text(
                f"shown as sent by {shown}, not {lane.unit}", f"hiển thị bên gửi {shown}, không phải {lane.unit}"
            ),
        )


CASES: tuple[Case, ...] = (ConfirmUnheard(), ConfirmForgotten(), DeliveredTwice(), WrongSenderShown())
