"""Units that come, change their names, are merged away and come back: the SUT has to follow. ID-12, ID-13."""

from collections.abc import Iterable

from conformance.case import Case
from conformance.cases.directory.kit import (
    SYNCHRONISE,
    Synchronising,
    changed,
    fetched,
    knew,
    learns,
    new_code,
    reaches,
    watched,
)
from conformance.cases.sending.base import kept_back, leaves, left, orders
from conformance.evidence import PATIENCE, CaseEvidence
from conformance.finding import Check, Finding
from conformance.stage import Stage
from simulator.protocol.package import Package
from simulator.words import Text

__all__ = ["CASES"]

_OLD, _NEW = "Trung tâm Thử nghiệm số 1", "Trung tâm Chuyển đổi số và Thử nghiệm"


def _to(package: Package) -> str:
    return ", ".join(party.organ_id for party in package.receivers)


class NewUnit(Synchronising):
    """A unit is registered while the system runs: the directory is fetched, and the unit can be sent to."""

    id = "directory/new-unit"
    title = Text("A unit that is created", "Đơn vị mới thành lập")
    expected = Text(
        "The SUT fetches the directory by one of its three operations; then the unit is a receiver like any other.",
        "SUT tải danh bạ bằng một trong ba lệnh của trục; sau đó gửi được cho đơn vị như mọi nơi nhận khác.",
    )
    ASKED = Check("directory-asked-for", ("ID-13",), Text("the directory is fetched", "có tải danh bạ"))
    REACHED = Check("new-unit-becomes-receiver", ("ID-13", "ID-12"), Text("it is reached", "gửi được cho đơn vị mới"))
    checks = (ASKED, REACHED)

    async def drive(self, stage: Stage) -> None:
        """Created and sent to."""
        async with watched(stage):
            await learns(stage, "new", "Đơn vị mới thành lập")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The look-up, the receiver."""
        code = new_code(evidence, "new")
        since = changed(evidence, code)
        yield fetched(self.ASKED, evidence, since)
        yield reaches(self.REACHED, evidence, "new", code)


class RenamedUnit(Synchronising):
    """A unit gets another name under its code: the same mailbox, and the new name on what is sent to it."""

    id = "directory/renamed-unit"
    title = Text("A unit that changes its name", "Đơn vị đổi tên")
    expected = Text(
        "It is reached under its code as before; after the next look-up To bears the new name.",
        "Vẫn đến đúng đơn vị theo mã cũ; sau lần tải danh bạ kế tiếp, To ghi tên mới.",
    )
    REACHED = Check("renamed-unit-reached", ("ID-13", "ID-12"), Text("it keeps its mailbox", "vẫn đến đúng hộp thư"))
    NAME = Check("renamed-unit-new-name", ("ID-13",), Text("the new name is used", "dùng tên mới"))
    checks = (REACHED, NAME)

    async def drive(self, stage: Stage) -> None:
        """Old name, new name, a look-up, the order."""
        async with watched(stage):
            code = await learns(stage, "before", _OLD)
            await stage.register_unit(code, _NEW)
            await learns(stage, "refresh", "Đơn vị khác cùng đợt")
            await stage.quiet(PATIENCE)
            if await orders(stage, "after", to=[stage.lane.unit, code]):
                await leaves(stage, "after")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The mailbox, then the name."""
        code = new_code(evidence, "before")
        renamed = changed(evidence, code)
        yield reaches(self.REACHED, evidence, "after", code)
        told, document = left(evidence, "after")
        looks = knew(evidence, renamed, evidence.acts("POST /control/send", label="after")[-1])
        names = [party.name for party in document.package.receivers if party.organ_id == code]
        evidence.require(
            looks or names == [_NEW],
            Text("the SUT was not seen fetching the new name", "chưa thấy SUT tải tên mới"),
            renamed,
            remedy=SYNCHRONISE,
        )
        yield self.NAME.decide(
            names == [_NEW],
            *looks[-1:],
            told,
            document,
            held=Text(f"To bears '{_NEW}'", f"To ghi '{_NEW}'"),
            broken=Text(f"after the look-up To bears {names}", f"sau khi tải danh bạ, To ghi {names}"),
        )


class MergedUnit(Synchronising):
    """One unit is closed, its successor is created: the one cannot be sent to any more, the other can."""

    id = "directory/merged-unit"
    title = Text("A unit that is merged into another", "Đơn vị sáp nhập")
    expected = Text(
        "The successor is reached; an order to the closed unit is refused, or the axis's refusal is shown.",
        "Gửi được cho đơn vị kế thừa; yêu cầu gửi cho đơn vị đã đóng bị từ chối, hoặc hiển thị việc trục từ chối.",
    )
    SUCCESSOR = Check(
        "successor-becomes-receiver", ("ID-13", "ID-12"), Text("the successor is reached", "đến đơn vị kế thừa")
    )
    CLOSED = Check(
        "merged-unit-not-sent-to", ("ID-13", "ID-12"), Text("the closed one is not", "nơi đã đóng thì không")
    )
    checks = (SUCCESSOR, CLOSED)

    async def drive(self, stage: Stage) -> None:
        """Open, closed, the successor, the order to the closed one."""
        async with watched(stage):
            closed = await learns(stage, "before", "Đơn vị sắp sáp nhập")
            await stage.close_unit(closed)
            await learns(stage, "successor", "Đơn vị kế thừa")
            await orders(stage, "closed", to=[closed])
            await stage.quiet(1)
            await stage.look("out", label="closed")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The twin is the order to it while it was open."""
        yield reaches(self.SUCCESSOR, evidence, "successor", new_code(evidence, "successor"))
        yield kept_back(self.CLOSED, evidence, "closed", shown=_to, twin="before")


class ReopenedUnit(Synchronising):
    """A unit that was closed by mistake is registered again."""

    id = "directory/reopened-unit"
    title = Text("A unit that comes back", "Đơn vị hoạt động trở lại")
    expected = Text("After the next look-up it is a receiver again.", "Sau lần tải danh bạ kế tiếp lại gửi được.")
    REACHED = Check("reopened-unit-becomes-receiver", ("ID-13", "ID-12"), Text("it is reached", "gửi được trở lại"))
    checks = (REACHED,)

    async def drive(self, stage: Stage) -> None:
        """Between closing and coming back the SUT learns that it was closed."""
        async with watched(stage):
            code = await learns(stage, "before", _OLD)
            await stage.close_unit(code)
            await learns(stage, "closing", "Đơn vị tạo khi đóng")
            await stage.register_unit(code, _OLD)
            await learns(stage, "opening", "Đơn vị tạo khi mở lại")
            await stage.quiet(PATIENCE)
            if await orders(stage, "after", to=[stage.lane.unit, code]):
                await leaves(stage, "after")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Reached after it came back."""
        yield reaches(self.REACHED, evidence, "after", new_code(evidence, "before"))


CASES: tuple[Case, ...] = (NewUnit(), RenamedUnit(), MergedUnit(), ReopenedUnit())
