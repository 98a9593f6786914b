"""Wrong dates: moved, reformatted, invented, lost."""

import re
from dataclasses import replace
from datetime import date, timedelta

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms
from simulator.agency.kit.orders import Order
from simulator.protocol.package import (
    Business,
    Package,
    Packet,
    TraceHeaderList,
)
from simulator.words import Text

__all__ = ["MUTANTS"]


class AlwaysToday(Dms):
    """The date of issue is the day of sending."""

    mutant = Mutant(
        "dates-everything-today",
        Text("writes today's date whatever the clerk gave", "luôn ghi ngày hôm nay làm ngày ban hành"),
        source="pitfalls 23",
        caught_by=("issue-date-as-ordered", "old-date-not-hidden"),
    )

    def issue_date(self, order: Order) -> date:
        """Today."""
        return self.now().date()


class Backdates(Dms):
    """Signed today, dated three days ago."""

    mutant = Mutant(
        "backdates",
        Text("dates its documents back", "lùi ngày ban hành"),
        source="pitfalls 45",
        caught_by=("issue-date-not-moved-back",),
    )

    def issue_date(self, order: Order) -> date:
        """So that it looks in time."""
        return order.issued - timedelta(days=3)


class BackdatesTrace(Dms):
    """Moves the time of sending to the date of issue."""

    mutant = Mutant(
        "backdates-the-sending",
        Text("writes the date of issue as the time of sending", "ghi thời điểm gửi theo ngày ban hành"),
        source="pitfalls 45",
        caught_by=("sending-time-not-back-dated",),
    )

    def document_package(self, order: Order, document_id: str, business: Business) -> Package:
        """A late document looks punctual."""
        package = super().document_package(order, document_id, business)
        trace, day = package.trace or TraceHeaderList(), order.issued
        headers = tuple(
            replace(each, timestamp=each.timestamp.replace(year=day.year, month=day.month, day=day.day))
            for each in trace.headers
            if each.timestamp
        )
        return replace(package, trace=replace(trace, headers=headers))


class IsoDates(Dms):
    """Writes its dates as ISO 8601."""

    mutant = Mutant(
        "iso-dates-in-documents",
        Text("writes dates as 2026-11-20", "ghi ngày dạng 2026-11-20"),
        source="pitfalls 24",
        caught_by=("issue-date-form", "due-date-form"),
    )

    def encode(self, packet: Packet) -> bytes:
        """Hyphens for slashes."""
        data = super().encode(packet)
        return re.sub(rb"(PromulgationDate|DueDate)>(\d{4})/(\d\d)/(\d\d)<", rb"\1>\2-\3-\4<", data)


class DropsDeadline(Dms):
    """Has no field for the deadline."""

    mutant = Mutant(
        "drops-deadline",
        Text("leaves the deadline out", "bỏ mất hạn trả lời"),
        source="pitfalls 23",
        caught_by=("deadline-as-ordered", "due-date-form"),
    )

    def document_package(self, order: Order, document_id: str, business: Business) -> Package:
        """As if there were none."""
        package = super().document_package(order, document_id, business)
        return replace(package, due_date=None)


class InventsDeadline(Dms):
    """Sets a deadline where there is none."""

    mutant = Mutant(
        "invents-deadline",
        Text("invents a deadline of five days", "tự đặt hạn trả lời năm ngày"),
        source="pitfalls 23",
        caught_by=("deadline-not-invented",),
    )

    def document_package(self, order: Order, document_id: str, business: Business) -> Package:
        """Its database wants one."""
        package = super().document_package(order, document_id, business)
        return replace(package, due_date=package.due_date or order.issued + timedelta(days=5))


MUTANTS: tuple[type[Dms], ...] = (
    AlwaysToday,
    Backdates,
    BackdatesTrace,
    IsoDates,
    DropsDeadline,
    InventsDeadline,
)
