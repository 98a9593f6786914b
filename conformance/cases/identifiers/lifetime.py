"""Units come, go and change their names: closed, unknown, renamed. ID-12, ID-13, pitfall 47."""

from collections.abc import Iterable
from dataclasses import replace

from conformance.case import Case
from conformance.cases.looking_up import changed, synced, watched
from conformance.cases.sending.base import Sending, kept_back, leaves, orders
from conformance.cases.steps import arrive, settled
from conformance.evidence import CaseEvidence
from conformance.finding import Check, Finding
from conformance.letters import letter
from conformance.stage import Stage
from simulator.protocol import codec
from simulator.protocol.package import Package
from simulator.words import Text

__all__ = ["CASES"]


def _to(package: Package) -> str:
    return ", ".join(party.organ_id for party in package.receivers)


class Unregistered(Sending):
    """The SUT is told to send to a code that no directory has."""

    id = "identifiers/unknown-receiver"
    title = Text("A receiver that does not exist", "Nơi nhận không tồn tại")
    expected = Text(
        "The SUT refuses it, or shows the axis's refusal; it never reads as sent.",
        "SUT từ chối hoặc hiển thị việc trục từ chối; không bao giờ hiện là đã gửi.",
    )
    VISIBLE = Check("unknown-receiver-visible", ("RF-04", "RF-06"), Text("the clerk sees it", "văn thư thấy được"))
    checks = (VISIBLE,)

    async def drive(self, stage: Stage) -> None:
        """The twin goes to the lane."""
        await orders(stage)
        await leaves(stage)
        await orders(stage, "unknown", to=[f"H97.{stage.random.randint(60, 99)}.{stage.random.randint(60, 99)}"])
        await stage.quiet(1)
        await stage.look("out", label="unknown")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """422, or failed with the reason."""
        yield kept_back(self.VISIBLE, evidence, "unknown", shown=_to)


class Closed(Sending):
    """A unit is closed after the SUT has sent to it."""

    id = "identifiers/closed-receiver"
    title = Text("A receiver that was closed", "Nơi nhận đã giải thể")
    expected = Text(
        "While it is open it is reached; once it is closed the SUT refuses it, or shows the axis's refusal.",
        "Khi còn hoạt động thì đến được; sau khi đóng, SUT từ chối hoặc hiển thị việc trục từ chối.",
    )
    VISIBLE = Check(
        "closed-receiver-visible", ("RF-04", "RF-06", "ID-12"), Text("the clerk sees it", "văn thư thấy được")
    )
    checks = (VISIBLE,)

    async def drive(self, stage: Stage) -> None:
        """Open, closed; the lane's own unit stands beside it in the twin."""
        code = f"H97.{stage.random.randint(10, 59)}.{stage.random.randint(10, 99)}"
        await stage.register_unit(code, "Đơn vị sắp giải thể")
        async with watched(stage):
            if not await orders(stage, to=[stage.lane.unit, code]):
                await synced(stage, changed(stage.seen, code))
                await orders(stage, to=[stage.lane.unit, code])
        await leaves(stage)
        await stage.close_unit(code)
        await orders(stage, "closed", to=[code])
        await stage.quiet(1)
        await stage.look("out", label="closed")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """422, or failed with the reason."""
        yield kept_back(self.VISIBLE, evidence, "closed", shown=_to)


class UnknownSender(Case):
    """A document comes from a unit that the directory does not have; a good one follows it."""

    id = "identifiers/unknown-sender"
    title = Text("A sender that nobody knows", "Đơn vị gửi chưa có trong danh bạ")
    expected = Text(
        "It is shown with its code, whatever its state; it is not lost, and the next document is handled.",
        "Văn bản được hiển thị kèm mã đơn vị gửi, dù ở trạng thái nào; không bị mất, văn bản sau vẫn được xử lý.",
    )
    NEXT = Check("document-after-unknown-sender", ("PK-07",), Text("the next one arrives", "văn bản sau vẫn đến"))
    SHOWN = Check("unknown-sender-visible", ("ID-13",), Text("it is visible", "hiển thị cho văn thư"))
    checks = (NEXT, SHOWN)

    async def drive(self, stage: Stage) -> None:
        """Past the axis, which would not let it in: directories are never all of one age."""
        stranger = replace(stage.lane, unit=f"H97.{stage.random.randint(10, 99)}", name="Đơn vị chưa đăng ký")
        package = letter(stage, lane=stranger)
        unknown = await stage.plant(codec.encode(package), like=package, label="unknown")
        good = await stage.send(letter(stage), label="good")
        await arrive(stage, good)
        await settled(stage, unknown)
        await stage.look("in")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The neighbour first."""
        unknown, good = evidence.sent("unknown"), evidence.sent("good")
        yield evidence.expect(
            self.NEXT,
            evidence.statuses_from_sut(good, "01"),
            good,
            held=Text("01 came for the next document", "có 01 cho văn bản sau"),
            broken=Text("the next document was never reported", "văn bản sau không được báo"),
        )
        evidence.taken(unknown)
        look = evidence.look("in")
        shown = [str(row.get("from")) for row in look.of(unknown.document_id)]
        yield self.SHOWN.decide(
            unknown.organ in shown,
            unknown,
            look,
            held=Text(f"listed as from {unknown.organ}", f"liệt kê từ {unknown.organ}"),
            broken=Text(
                f"confirmed, but not listed under {unknown.organ}",
                f"đã xác nhận nhưng không liệt kê từ {unknown.organ}",
            ),
        )


class Renamed(Case):
    """The same code under a new name: the same unit."""

    id = "identifiers/renamed-sender"
    title = Text("A sender that changed its name", "Đơn vị gửi đổi tên")
    expected = Text(
        "Both documents are taken in and listed under the one code.",
        "Cả hai văn bản được nhận và liệt kê dưới cùng một mã.",
    )
    TAKEN = Check("renamed-sender-answered", ("ST-06", "ID-12"), Text("it is answered", "được trả lời"))
    SAME = Check("renamed-sender-same-unit", ("ID-01", "ID-12"), Text("it is the same unit", "vẫn là đơn vị đó"))
    checks = (TAKEN, SAME)

    async def drive(self, stage: Stage) -> None:
        """Before and after."""
        await arrive(stage, await stage.send(letter(stage), label="before"))
        own = replace(stage.lane, name=f"{stage.lane.name or stage.lane.unit} (tên mới sau sáp nhập)")
        await arrive(stage, await stage.send(letter(stage, lane=own), label="after", lane=own))
        await stage.look("in")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Answered, and from the same code."""
        before, after = evidence.sent("before"), evidence.sent("after")
        yield evidence.expect(
            self.TAKEN,
            evidence.statuses_from_sut(after, "01"),
            after,
            held=Text("01 came", "có 01"),
            broken=Text("01 never came for the new name", "không có 01 khi đơn vị đổi tên"),
        )
        evidence.taken(before)
        evidence.taken(after)
        look = evidence.look("in")
        first, second = (
            ", ".join(sorted({str(row.get("from")) for row in look.held(each.document_id)})) for each in (before, after)
        )
        yield self.SAME.decide(
            first == second != "",
            before,
            after,
            look,
            held=Text(f"both from {first}", f"đều từ {first}"),
            broken=Text(f"listed as from '{first}' and from '{second}'", f"liệt kê là từ '{first}' và từ '{second}'"),
        )


CASES: tuple[Case, ...] = (Unregistered(), Closed(), UnknownSender(), Renamed())
