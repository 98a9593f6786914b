"""Wrong systems for the chapter *urgency*: levels of urgency and time limits."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms, Refused
from simulator.agency.kit.inspection import Examined
from simulator.agency.kit.orders import Order
from simulator.agency.kit.store import Incoming, Letter
from simulator.clock import VIETNAM
from simulator.protocol.package import Business, Package, StatusPacket
from simulator.words import Text

__all__ = ["MUTANTS"]


class NumbersUrgencyItself(Dms):
    """Writes the numbers of its own table: 0 khẩn, 1 thượng khẩn, 2 hỏa tốc, 5 thường."""

    mutant = Mutant(
        "numbers-urgency-itself",
        Text("sends the urgency numbers of a local table", "gửi mã độ khẩn theo bảng nội bộ"),
        source="pitfalls 23",
        caught_by=("urgency-level-stated", "urgency-ordinary-is-zero"),
    )

    def complete(self, order: Order) -> Order:
        """One hub's table has 5 for ordinary."""
        return replace(order, priority=order.priority - 1 if order.priority else 5)


class NeverUrgent(Dms):
    """Writes 0 into every packet."""

    mutant = Mutant(
        "never-urgent",
        Text("sends everything as ordinary", "gửi mọi văn bản là thường"),
        source="pitfalls 23",
        caught_by=("urgency-level-stated",),
    )

    def complete(self, order: Order) -> Order:
        """A constant."""
        return replace(order, priority=0)


class AsksBeforeUrgent(Dms):
    """Will not send what is 'hỏa tốc' without a form that nobody can fill in."""

    mutant = Mutant(
        "asks-before-urgent",
        Text("refuses to send urgency 3", "không cho gửi mức hỏa tốc"),
        source="pitfalls 23",
        caught_by=("urgency-urgent-leaves", "urgency-known-level-leaves"),
    )

    async def send(self, members: Mapping[str, Any]) -> str:
        """422."""
        if members.get("priority") == 3:
            raise Refused(Text("urgency 3 needs a permit", "mức hỏa tốc cần được duyệt trước"))
        return await super().send(members)


class SendsAnyLevel(Dms):
    """Sends whatever number stands in the field for urgency."""

    mutant = Mutant(
        "sends-any-level",
        Text("sends urgency 4 and 9", "gửi cả mức khẩn 4 và 9"),
        source="pitfalls 23",
        caught_by=("urgency-legacy-level-not-sent", "urgency-unknown-level-not-sent"),
    )

    async def send(self, members: Mapping[str, Any]) -> str:
        """The order as it is read, with the number as it was typed."""
        level = members.get("priority")
        if level in (None, 0, 1, 2, 3):
            return await super().send(members)
        order = replace(Order.parse({**members, "priority": 0}), priority=int(str(level)))
        row, letter = await self.write_document(order)
        await self.attempt(letter)
        return row.document_id


class FirstComeFirstServed(Dms):
    """Sends in the order in which it was told to, whatever is urgent."""

    mutant = Mutant(
        "first-come-first-served",
        Text("urgent documents wait behind ordinary ones", "văn bản khẩn phải xếp hàng sau văn bản thường"),
        source="pitfalls 53",
        caught_by=("urgency-urgent-overtakes",),
    )

    def queue_letter(
        self,
        lane: str,
        message_type: str,
        data: bytes,
        *,
        urgent: int = 0,
        outgoing: int | None = None,
        code: str = "",
        stamp: str = "",
    ) -> int:
        """Nothing is urgent in this queue."""
        return super().queue_letter(lane, message_type, data, urgent=0, outgoing=outgoing, code=code, stamp=stamp)


class SendsUrgentOnly(Dms):
    """Once something urgent was sent, it sends nothing else: what is ordinary waits for ever."""

    mutant = Mutant(
        "sends-urgent-only",
        Text(
            "ordinary documents never leave behind an urgent one",
            "văn bản thường không bao giờ được gửi sau văn bản khẩn",
        ),
        source="pitfalls 11",
        caught_by=("urgency-heap-leaves",),
    )

    _seen_urgent = False

    def may_try(self, letter: Letter) -> bool:
        """Starved."""
        self._seen_urgent = self._seen_urgent or letter.urgent == 3
        return letter.urgent == 3 or not self._seen_urgent


class BackdatesTheTrace(Dms):
    """Writes the day of issue into the trace, so that nobody sees that it was sent late."""

    mutant = Mutant(
        "backdates-the-trace",
        Text("the trace bears the day of issue, not of sending", "Timestamp ghi ngày ban hành thay cho ngày gửi"),
        source="pitfalls 45",
        caught_by=("urgency-trace-day-is-sending-day",),
    )

    def document_package(self, order: Order, document_id: str, business: Business) -> Package:
        """Eight in the morning of that day."""
        package = super().document_package(order, document_id, business)
        if package.trace is None:
            return package
        moment = datetime.combine(order.issued, time(8), VIETNAM)
        headers = tuple(replace(each, timestamp=moment) for each in package.trace.headers)
        return replace(package, trace=replace(package.trace, headers=headers))


class DatesLateDocumentsToday(Dms):
    """Gives a document that leaves late the date of the day on which it leaves."""

    mutant = Mutant(
        "dates-late-documents-today",
        Text("changes the day of issue when it is late", "đổi ngày ban hành khi gửi chậm"),
        source="pitfalls 23",
        caught_by=("urgency-late-issue-date-kept",),
    )

    def complete(self, order: Order) -> Order:
        """Then it is never late."""
        return replace(order, promulgation_date=self.now().date().isoformat())


class LeavesUrgentForLater(Dms):
    """Puts what is urgent aside until somebody has looked at it, and registers the rest meanwhile."""

    mutant = Mutant(
        "leaves-urgent-for-later",
        Text("registers urgent documents after everything else", "tiếp nhận văn bản hỏa tốc sau cùng"),
        source="requirements UR-02",
        caught_by=("urgency-urgent-not-last",),
    )

    async def take_in(self, delivery_id: str, found: Examined) -> None:
        """It stays in the list until the book holds what came with it."""
        packet = found.packet
        urgent = isinstance(packet, Package) and packet.other is not None and packet.other.priority == 3
        if not urgent or len(self.store.incoming()) >= 12:
            await super().take_in(delivery_id, found)


class NeverTakesUrgent(Dms):
    """Puts what is urgent aside, and nobody ever looks at it."""

    mutant = Mutant(
        "never-takes-urgent",
        Text("never registers urgent documents", "không bao giờ tiếp nhận văn bản hỏa tốc"),
        source="requirements UR-02",
        caught_by=("urgency-heap-arrives",),
    )

    async def take_in(self, delivery_id: str, found: Examined) -> None:
        """It stays in the list."""
        packet = found.packet
        if not (isinstance(packet, Package) and packet.other is not None and packet.other.priority == 3):
            await super().take_in(delivery_id, found)


class ReturnsWhatIsDue(Dms):
    """Returns a document whose deadline is today or over."""

    mutant = Mutant(
        "returns-what-is-due",
        Text("returns documents whose DueDate is over or today", "trả lại văn bản hết hạn hoặc hết hạn hôm nay"),
        source="pitfalls 23",
        caught_by=("urgency-past-due-taken", "urgency-due-today-taken"),
    )

    def defect_of_content(self, package: Package) -> Text | None:
        """Too late."""
        if package.due_date and package.due_date <= self.now().date():
            return Text("DueDate is over", "DueDate đã quá hạn")
        return super().defect_of_content(package)


class ReportsInTheMorning(Dms):
    """Dates its reports of arrival as of the next morning, when the clerk looks at them."""

    mutant = Mutant(
        "reports-in-the-morning",
        Text("01 bears the next morning", "01 ghi thời điểm sáng hôm sau"),
        source="requirements ST-07",
        caught_by=("urgency-arrival-same-day", "urgency-arrival-clock"),
    )

    def receiver_status(self, row: Incoming, code: str, stamp: datetime, reason: str) -> StatusPacket:
        """Half past seven."""
        if code == "01":
            morning = (stamp + timedelta(days=1)).astimezone(VIETNAM)
            stamp = morning.replace(hour=7, minute=30, second=0)
        return super().receiver_status(row, code, stamp, reason)


class RunsSlow(Dms):
    """Has a clock that is a quarter of an hour slow, and asks nobody for the time."""

    mutant = Mutant(
        "runs-slow",
        Text("its clock is 15 minutes slow", "đồng hồ chậm 15 phút"),
        source="pitfalls 38",
        caught_by=("urgency-arrival-clock", "urgency-acceptance-clock"),
    )

    def receiver_status(self, row: Incoming, code: str, stamp: datetime, reason: str) -> StatusPacket:
        """In every status."""
        return super().receiver_status(row, code, stamp - timedelta(minutes=15), reason)


class ToleratesAnything(Dms):
    """Takes any time for right, its own above all: its stamps lie more than ten minutes in the future."""

    mutant = Mutant(
        "tolerates-anything",
        Text("its clock is 11 minutes fast", "đồng hồ nhanh 11 phút"),
        source="pitfalls 38",
        caught_by=("urgency-arrival-clock", "urgency-acceptance-clock"),
    )

    def receiver_status(self, row: Incoming, code: str, stamp: datetime, reason: str) -> StatusPacket:
        """In every status."""
        return super().receiver_status(row, code, stamp + timedelta(minutes=11), reason)


class WaitsForPaper(Dms):
    """Returns an electronic document whose paper copy is announced."""

    mutant = Mutant(
        "waits-for-paper",
        Text("returns documents until the paper copy is there", "trả lại văn bản cho đến khi có bản giấy"),
        source="requirements TM-04",
        caught_by=("urgency-with-paper-arrives",),
    )

    def defect_of_content(self, package: Package) -> Text | None:
        """Paper = 1."""
        if package.business and package.business.paper == 1:
            return Text("the paper copy is missing", "chưa có bản giấy")
        return super().defect_of_content(package)


class LocksUntilPaper(Dms):
    """Lists a document whose paper copy is announced, and lets nobody accept it."""

    mutant = Mutant(
        "locks-until-paper",
        Text("nobody can accept a document before its paper copy", "không cho tiếp nhận trước khi có bản giấy"),
        source="requirements TM-04",
        caught_by=("urgency-paper-not-waited-for",),
    )

    def state_after(self, row: Incoming, action: str) -> str | None:
        """Until the paper is on the table."""
        data = self.store.package("in", row.seq) or b""
        return None if b"<edXML:Paper>1<" in data else super().state_after(row, action)


MUTANTS: tuple[type[Dms], ...] = (
    NumbersUrgencyItself, NeverUrgent, AsksBeforeUrgent, SendsAnyLevel, FirstComeFirstServed, SendsUrgentOnly,
    BackdatesTheTrace, DatesLateDocumentsToday, LeavesUrgentForLater, NeverTakesUrgent, ReturnsWhatIsDue,
    ReportsInTheMorning, RunsSlow, ToleratesAnything, WaitsForPaper, LocksUntilPaper,
)  # fmt: skip
