"""Wrong with what is kept of a document beside its subject: type, urgency, due date, signer, content."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms
from simulator.agency.kit.store import Incoming
from simulator.protocol.package import Package
from simulator.words import Text

__all__ = ["MUTANTS"]


class FlattensType(Dms):
    """Books everything that comes in as a dispatch."""

    mutant = Mutant(
        "flattens-type",
        Text("stores every document as 'Công văn'", "lưu mọi văn bản thành 'Công văn'"),
        source="derived from HD-16",
        caught_by=("stored-type-kept",),
    )

    def with_particulars(self, row: Incoming, package: Package) -> Incoming:
        """The default of the list box."""
        return replace(super().with_particulars(row, package), type_name="Công văn")


class FlattensUrgency(Dms):
    """Knows ordinary and urgent."""

    mutant = Mutant(
        "flattens-urgency",
        Text("stores every urgency above 0 as 1", "lưu mọi độ khẩn trên 0 thành 1"),
        source="derived from UR-03",
        caught_by=("stored-urgency-kept",),
    )

    def with_particulars(self, row: Incoming, package: Package) -> Incoming:
        """A check box."""
        kept = super().with_particulars(row, package)
        return replace(kept, priority=min(kept.priority or 0, 1))


class LosesDueDate(Dms):
    """Keeps the due date of ordinary documents only: urgent ones go through another form, which has no field for it."""

    mutant = Mutant(
        "loses-due-date",
        Text("loses the due date of urgent documents", "mất hạn xử lý của văn bản khẩn"),
        source="derived from HD-22",
        caught_by=("stored-due-date-kept",),
    )

    def with_particulars(self, row: Incoming, package: Package) -> Incoming:
        """The other form."""
        kept = super().with_particulars(row, package)
        return replace(kept, due_date=None) if kept.priority else kept


class InventsDueDate(Dms):
    """Counts a deadline from the day of issue, whatever the packet says."""

    mutant = Mutant(
        "invents-due-date",
        Text("makes a due date up", "tự đặt hạn xử lý"),
        source="derived from HD-22",
        caught_by=("stored-due-date-kept",),
    )

    def with_particulars(self, row: Incoming, package: Package) -> Incoming:
        """The day of issue itself."""
        return replace(super().with_particulars(row, package), due_date=row.issued)


class StoresTheClerkAsSigner(Dms):
    """Takes the officer who sent the packet for the one who signed the document."""

    mutant = Mutant(
        "stores-the-clerk-as-signer",
        Text("stores the sending officer as the signer", "lưu văn thư gửi thành người ký"),
        source="derived from HD-21",
        caught_by=("stored-signer-kept",),
    )

    def with_particulars(self, row: Incoming, package: Package) -> Incoming:
        """StaffInfo in place of SignerInfo."""
        staff = package.business.staff if package.business else ()
        name = staff[0].staff if staff else ""
        return replace(super().with_particulars(row, package), signer=("", "", name))


class DropsContent(Dms):
    """Has no column for the content."""

    mutant = Mutant(
        "drops-content",
        Text("stores no content", "không lưu nội dung"),
        source="derived from HD-18",
        caught_by=("stored-content-kept",),
    )

    def shown_incoming(self, row: Incoming) -> dict[str, Any]:
        """An empty field on the screen."""
        line: Mapping[str, Any] = super().shown_incoming(row)
        return {**line, "content": ""}


MUTANTS: tuple[type[Dms], ...] = (
    FlattensType, FlattensUrgency, LosesDueDate, InventsDueDate, StoresTheClerkAsSigner, DropsContent,
)  # fmt: skip
