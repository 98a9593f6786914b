"""Systems that go by To of the packet alone, or by its first line, when the axis delivered by the request's list."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms, NotNow
from simulator.agency.kit.inspection import Examined
from simulator.agency.kit.store import Incoming
from simulator.protocol.package import Package
from simulator.words import Text

__all__ = ["MUTANTS"]

_SOURCE = "requirement RF-03"


class ReadsFirstReceiver(Dms):
    """Takes the first line of To for the receiver, and drops what is for somebody else."""

    mutant = Mutant(
        "reads-first-receiver",
        Text("drops what names another unit first", "bỏ văn bản có đơn vị khác đứng đầu nơi nhận"),
        source=_SOURCE,
        caught_by=("fewer-in-request-registered", "fewer-in-request-reported"),
    )

    def receive_document(self, package: Package, found: Examined) -> None:
        """``To[0]``."""
        if self.is_us(self.unit_code(package.receivers[0].organ_id)):
            super().receive_document(package, found)


class LosesUnnamed(Dms):
    """Confirms what does not name it in To, and drops it."""

    mutant = Mutant(
        "loses-unnamed",
        Text("loses what the packet does not address to it", "làm mất văn bản mà gói tin không nêu mình"),
        source=_SOURCE,
        caught_by=("unnamed-delivery-not-lost",),
    )

    def receive_document(self, package: Package, found: Examined) -> None:
        """Not ours, so nobody's."""
        if self.defect_of_address(package) is None:
            super().receive_document(package, found)


class ReportsToFirstReceiver(Dms):
    """Where it is not named in To it reports to the unit that is."""

    mutant = Mutant(
        "reports-to-first-receiver",
        Text("reports to a unit in To instead of the sender", "báo cho đơn vị trong To thay vì bên gửi"),
        source=_SOURCE,
        caught_by=("unnamed-delivery-reported-to-from",),
    )

    def new_row(self, package: Package, found: Examined) -> Incoming:
        """Passed on, as it believes."""
        row = super().new_row(package, found)
        return row if self.defect_of_address(package) is None else replace(row, sender=package.receivers[0].organ_id)


class CannotReturnUnnamed(Dms):
    """Keeps what does not name it in To, as a copy for information: nobody can refuse it."""

    mutant = Mutant(
        "cannot-return-unnamed",
        Text("gives the clerk no way to return a stray document", "văn thư không trả lại được văn bản gửi nhầm"),
        source=_SOURCE,
        caught_by=("unnamed-delivery-can-be-returned",),
    )

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.copies: set[str] = set()

    def defect_of_address(self, package: Package) -> Text | None:
        """It came here."""
        if super().defect_of_address(package):
            self.copies.add(package.document_id)
        return None

    def move(self, rows: Sequence[Incoming], action: str, reason: str) -> None:
        """Copies are read, no more."""
        if rows[-1].document_id in self.copies:
            raise NotNow(Text("a copy for information", "bản gửi để biết"))
        super().move(rows, action, reason)


MUTANTS: tuple[type[Dms], ...] = (ReadsFirstReceiver, LosesUnnamed, ReportsToFirstReceiver, CannotReturnUnnamed)
