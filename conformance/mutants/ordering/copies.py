"""Wrong with copies: registered again, left in the list, written over the first, refused for ever."""

from dataclasses import replace

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms
from simulator.agency.kit.inspection import Examined
from simulator.agency.kit.store import Incoming
from simulator.protocol.package import Package
from simulator.words import Text

__all__ = ["MUTANTS"]


class RegistersEveryDelivery(Dms):
    """Compares a delivery with nothing: each one becomes a document and is reported as arrived."""

    mutant = Mutant(
        "not-idempotent",
        Text("registers the same packet twice", "vào sổ hai lần cùng một gói tin"),
        source="pitfalls 51",
        caught_by=("order-copy-one-record", "order-copy-one-arrival"),
    )

    def receive_document(self, package: Package, found: Examined) -> None:
        """No look into the book."""
        row = replace(self.new_row(package, found), warnings=())
        self.announce(row, self.codes_on_arrival(), "")


class LeavesCopiesListed(Dms):
    """Throws an error at a packet that it knows, and never confirms it: it comes again at every poll."""

    mutant = Mutant(
        "leaves-copies-listed",
        Text("never confirms a second delivery of one packet", "không xác nhận lần giao thứ hai của cùng gói tin"),
        source="pitfalls 64",
        caught_by=("order-copy-confirmed",),
    )

    def copy_of(self, found: Examined) -> Incoming | None:
        """UNIQUE constraint failed."""
        if super().copy_of(found) is not None:
            raise RuntimeError("UNIQUE constraint failed: incoming.fingerprint")
        return None


class MergesSilently(Dms):
    """Writes another content over the document of the same id, and warns nobody."""

    mutant = Mutant(
        "merges-silently",
        Text(
            "replaces a registered document by what comes under its id",
            "lặng lẽ thay văn bản đã vào sổ bằng bản cùng mã",
        ),
        source="pitfalls 51",
        caught_by=("order-changed-copy-flagged", "order-first-copy-untouched"),
    )

    def new_row(self, package: Package, found: Examined) -> Incoming:
        """In the old row's place."""
        row = super().new_row(package, found)
        rows = self.store.incoming(row.document_id)
        return replace(row, seq=rows[0].seq, warnings=()) if rows else row


class KeepsNewestCopy(Dms):
    """Warns of a second copy, and keeps only the newest."""

    mutant = Mutant(
        "keeps-newest-copy",
        Text("warns, but overwrites the first copy", "có cảnh báo nhưng ghi đè bản đầu"),
        source="pitfalls 51",
        caught_by=("order-first-copy-untouched",),
    )

    def new_row(self, package: Package, found: Examined) -> Incoming:
        """The warning stands on the wrong content."""
        row = super().new_row(package, found)
        rows = self.store.incoming(row.document_id)
        return replace(row, seq=rows[0].seq) if rows else row


class WarnsByNumberAlone(Dms):
    """Warns whenever a number and notation come up again, whoever gave them, in whatever year."""

    mutant = Mutant(
        "warns-by-number-alone",
        Text("warns of a duplicate without looking at organ and year", "báo trùng mà không xét cơ quan và năm"),
        source="pitfalls 10",
        caught_by=("order-other-organ-no-twin", "order-last-year-no-twin"),
    )

    def looks_like_another(self, row: Incoming) -> bool:
        """Every province has its own 812/VP-TH."""
        near = self.store.incoming_near(row.document_id, row.number)
        return any((each.number, each.notation) == (row.number, row.notation) for each in near)


class NeverComparesNumbers(Dms):
    """Knows a document by its id alone."""

    mutant = Mutant(
        "never-compares-numbers",
        Text("overlooks the same number under another id", "bỏ sót văn bản trùng số mang mã khác"),
        source="pitfalls 26",
        caught_by=("order-true-twin-warned",),
    )

    def looks_like_another(self, row: Incoming) -> bool:
        """``WHERE document_id = ?``."""
        return bool(self.store.incoming(row.document_id))


class RemembersRefusals(Dms):
    """Refuses for ever what was refused once."""

    mutant = Mutant(
        "remembers-refusals",
        Text("refuses a corrected document because of its first refusal", "từ chối bản đã sửa vì bản trước bị từ chối"),
        source="pitfalls 20",
        caught_by=("order-corrected-copy-listed",),
    )

    def receive_document(self, package: Package, found: Examined) -> None:
        """By id."""
        if any(row.state == "refused" for row in self.store.incoming(package.document_id)):
            because = "Văn bản này đã bị từ chối trước đó"
            row = replace(self.new_row(package, found), state="refused", reason=because)
            self.announce(row, ("02",), because)
            return
        super().receive_document(package, found)


class KnowsFirstRowOnly(Dms):
    """Finds by DocumentId whatever came first, so that the clerk cannot touch a second copy."""

    mutant = Mutant(
        "knows-first-row-only",
        Text("lists a corrected copy that nobody can accept", "liệt kê bản đã sửa nhưng không tiếp nhận được"),
        source="pitfalls 20",
        caught_by=("order-corrected-copy-accepted",),
    )

    def rows_of(self, document_id: str, organ: str) -> tuple[Incoming, ...]:
        """``LIMIT 1``."""
        return super().rows_of(document_id, organ)[:1]


MUTANTS: tuple[type[Dms], ...] = (
    RegistersEveryDelivery, LeavesCopiesListed, MergesSilently, KeepsNewestCopy, WarnsByNumberAlone,
    NeverComparesNumbers, RemembersRefusals, KnowsFirstRowOnly,
)  # fmt: skip
