"""Wrong with copies: registered twice, swallowed without a word, refused, or seen where there are none."""

from dataclasses import replace

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms
from simulator.agency.kit.inspection import Examined
from simulator.agency.kit.store import Incoming
from simulator.protocol.package import Package
from simulator.words import Text

__all__ = ["MUTANTS"]


class FailsSecondCopy(Dms):
    """Its key of DocumentId throws at a second copy, and it tells the axis 'fail'."""

    mutant = Mutant(
        "fails-second-copy",
        Text("confirms 'fail' for the second copy of a document", "xác nhận 'fail' cho bản thứ hai của một văn bản"),
        source="pitfalls 51",
        caught_by=("second-copy-confirmed",),
    )

    def receive(self, found: Examined) -> tuple[str, str]:
        """A duplicate is a failure to it."""
        packet = found.packet
        if isinstance(packet, Package) and self.store.incoming(packet.document_id):
            return "fail", "duplicate key value violates unique constraint"
        return super().receive(found)


class OverwritesSameId(Dms):
    """Writes a second copy over the first, and nobody is told that there were two."""

    mutant = Mutant(
        "overwrites-same-id",
        Text("overwrites a document when its copy arrives", "ghi đè văn bản cũ khi bản trùng đến"),
        source="derived from DU-01",
        caught_by=("duplicate-warned",),
    )

    def new_row(self, package: Package, found: Examined) -> Incoming:
        """The old row's number, without a warning."""
        row = super().new_row(package, found)
        old = self.store.incoming(row.document_id)
        return replace(row, seq=old[0].seq, warnings=()) if old else row


class NeverWarns(Dms):
    """Registers every package as a document of its own and compares it with nothing."""

    mutant = Mutant(
        "never-warns",
        Text("never notices a duplicate", "không bao giờ nhận ra văn bản trùng"),
        source="pitfalls 51",
        caught_by=("duplicate-warned", "duplicate-not-registered-twice", "same-number-warned"),
    )

    def looks_like_another(self, row: Incoming) -> bool:
        """Every one is new."""
        return False


class ComparesIdsOnly(Dms):
    """Knows a duplicate by its DocumentId alone, so a document that got a new id passes."""

    mutant = Mutant(
        "compares-ids-only",
        Text("overlooks a duplicate under another DocumentId", "bỏ sót văn bản trùng mang mã khác"),
        source="pitfalls 26",
        caught_by=("same-number-warned",),
    )

    def looks_like_another(self, row: Incoming) -> bool:
        """Number, notation and unit do not count."""
        return any(self.same_unit(other.sender, row.sender) for other in self.store.incoming(row.document_id))


class ComparesNotationsOnly(Dms):
    """Takes two documents of one unit for the same when their notation is the same."""

    mutant = Mutant(
        "compares-notations-only",
        Text("warns of a duplicate when only the notation is the same", "báo trùng khi chỉ giống ký hiệu"),
        source="pitfalls 25",
        caught_by=("other-number-not-warned",),
    )

    def looks_like_another(self, row: Incoming) -> bool:
        """The number is left out."""
        same = super().looks_like_another(row)
        others = self.store.incoming()
        return same or any((each.sender, each.notation) == (row.sender, row.notation) for each in others)


MUTANTS: tuple[type[Dms], ...] = (
    FailsSecondCopy, OverwritesSameId, NeverWarns, ComparesIdsOnly, ComparesNotationsOnly,
)  # fmt: skip
