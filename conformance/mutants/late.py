"""Systems with a short memory: what is older than a quarter, or of last year, is not looked at any more."""

from dataclasses import replace
from datetime import date, timedelta

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms
from simulator.agency.kit.inspection import Examined
from simulator.protocol.package import Package, StatusPacket
from simulator.words import Text

__all__ = ["MUTANTS"]

_SOURCE = "requirement ST-08"


class ForgetsAfterAQuarter(Dms):
    """Ignores statuses for documents that were issued more than 90 days ago."""

    mutant = Mutant(
        "forgets-after-a-quarter",
        Text("ignores statuses for documents older than 90 days", "bỏ qua trạng thái của văn bản quá 90 ngày"),
        source=_SOURCE,
        caught_by=("late-status-91-days-shown", "late-status-181-days-shown"),
    )

    def hear(self, document_id: str, sender: str, packet: StatusPacket) -> bool:
        """Closed long ago."""
        first = (self.now().date() - timedelta(days=90)).isoformat()
        if any(row.issued < first for row in self.store.outgoing(document_id)):
            return False
        return super().hear(document_id, sender, packet)


class ThisYearsRegister(Dms):
    """Looks for the document of a status in the register of this year."""

    mutant = Mutant(
        "this-years-register",
        Text("looks for a document in this year's register only", "chỉ tìm văn bản trong sổ năm nay"),
        source=_SOURCE,
        caught_by=("late-status-last-year-shown",),
    )

    def hear(self, document_id: str, sender: str, packet: StatusPacket) -> bool:
        """A new book each January."""
        year = f"{self.now().year:04}"
        if any(row.issued[:4] != year for row in self.store.outgoing(document_id)):
            return False
        return super().hear(document_id, sender, packet)


class PurgesHalfAYear(Dms):
    """Tidies its outgoing book: what is older than half a year is no longer there."""

    mutant = Mutant(
        "purges-half-a-year",
        Text("removes documents older than half a year from the book", "xóa khỏi sổ văn bản quá nửa năm"),
        source=_SOURCE,
        caught_by=("late-status-181-days-shown",),
    )

    def documents(self, box: str) -> list[dict[str, object]]:
        """As after the nightly job."""
        first = (self.now().date() - timedelta(days=180)).isoformat()
        return [row for row in super().documents(box) if box == "in" or str(row["promulgation_date"]) >= first]


class DropsOldStatuses(Dms):
    """Ignores a status whose own time is more than a month past."""

    mutant = Mutant(
        "drops-old-statuses",
        Text("ignores statuses that were written a month ago", "bỏ qua trạng thái ghi giờ quá một tháng"),
        source=_SOURCE,
        caught_by=("late-status-old-stamp-shown",),
    )

    def hear(self, document_id: str, sender: str, packet: StatusPacket) -> bool:
        """Stale."""
        if packet.timestamp and packet.timestamp < self.now() - timedelta(days=30):
            return True
        return super().hear(document_id, sender, packet)


class LosesOldDocuments(Dms):
    """Confirms a document of last year, and finds no book to write it into."""

    mutant = Mutant(
        "loses-old-documents",
        Text("loses documents that were issued last year", "làm mất văn bản ban hành năm trước"),
        source="requirement LG-08",
        caught_by=("late-documents-not-lost",),
    )

    def receive_document(self, package: Package, found: Examined) -> None:
        """Not this year's."""
        issued = package.promulgation.issued if package.promulgation else None
        if issued is None or issued.year == self.now().year:
            super().receive_document(package, found)


class RefusesOldDocuments(Dms):
    """Refuses whatever was issued more than 90 days ago."""

    mutant = Mutant(
        "refuses-old-documents",
        Text("refuses documents older than 90 days", "từ chối văn bản quá 90 ngày"),
        source="requirement LG-08",
        caught_by=("late-documents-not-refused",),
    )

    def receive_document(self, package: Package, found: Examined) -> None:
        """Too late."""
        issued: date | None = package.promulgation.issued if package.promulgation else None
        if issued and issued < self.now().date() - timedelta(days=90):
            found = replace(found, defect=Text("the document is out of date", "văn bản đã quá hạn tiếp nhận"))
        super().receive_document(package, found)


MUTANTS: tuple[type[Dms], ...] = (
    ForgetsAfterAQuarter, ThisYearsRegister, PurgesHalfAYear, DropsOldStatuses, LosesOldDocuments, RefusesOldDocuments,
)  # fmt: skip
