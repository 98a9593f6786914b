"""Updates that are applied in part, too often, or to what no longer stands."""

from collections.abc import Sequence
from dataclasses import replace

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import DOCUMENTS, Dms
from simulator.agency.kit.inspection import Examined
from simulator.agency.kit.store import Incoming
from simulator.protocol import codec
from simulator.protocol.package import Package
from simulator.words import Text

__all__ = ["MUTANTS"]


class UpdatesTextOnly(Dms):
    """Takes the new subject over and keeps the old files."""

    mutant = Mutant(
        "updates-text-only",
        Text("keeps the old files after an update", "vẫn giữ tệp cũ sau khi cập nhật"),
        source="pitfalls 2",
        caught_by=("updated-file-shown",),
    )

    def update_document(self, row: Incoming, update: Incoming, data: bytes) -> None:
        """The files of before."""
        super().update_document(row, replace(update, files=row.files), data)


class KeepsFirstParticulars(Dms):
    """Takes subject, number and files over, and keeps type, urgency, due date and signer of the first version."""

    mutant = Mutant(
        "keeps-first-particulars",
        Text("keeps the old type, urgency and signer after an update", "vẫn giữ loại, độ khẩn, người ký cũ"),
        source="pitfalls 10",
        caught_by=("updated-particulars-shown",),
    )

    def update_document(self, row: Incoming, update: Incoming, data: bytes) -> None:
        """Those of before."""
        kept = replace(update, type_name=row.type_name, priority=row.priority, due_date=row.due_date)
        super().update_document(row, replace(kept, signer=row.signer, content=row.content), data)


class KeepsFirstNumber(Dms):
    """Takes everything over but the number."""

    mutant = Mutant(
        "keeps-first-number",
        Text("goes on showing the old number", "vẫn hiển thị số cũ"),
        source="pitfalls 10",
        caught_by=("changed-number-shown",),
    )

    def update_document(self, row: Incoming, update: Incoming, data: bytes) -> None:
        """The number of before."""
        super().update_document(row, replace(update, number=row.number, notation=row.notation), data)


class UpdatesOnceOnly(Dms):
    """Applies the first update of a document and no other."""

    mutant = Mutant(
        "updates-once-only",
        Text("applies only the first update", "chỉ áp dụng lần cập nhật đầu tiên"),
        source="BZ-13",
        caught_by=("second-update-applied",),
    )

    def update_document(self, row: Incoming, update: Incoming, data: bytes) -> None:
        """Nothing the second time."""
        if not any(each.kind == "update" and each.refers_to == row.document_id for each in self.store.incoming()):
            super().update_document(row, update, data)


class UpdateEmptiesFiles(Dms):
    """An update without files takes the files away, also where it only changes the receivers."""

    mutant = Mutant(
        "update-empties-files",
        Text("loses the files when only the receivers change", "mất tệp khi chỉ thay đổi nơi nhận"),
        source="BZ-09",
        caught_by=("receivers-update-keeps-files",),
    )

    def update_document(self, row: Incoming, update: Incoming, data: bytes) -> None:
        """Whatever the packet carried, also nothing."""
        super().update_document(replace(row, files=()), update, data)


class ReceiversHideContent(Dms):
    """Ignores new content where the receivers changed too."""

    mutant = Mutant(
        "receivers-hide-content",
        Text("ignores new content where receivers changed too", "bỏ qua nội dung mới khi nơi nhận cũng thay đổi"),
        source="BZ-09",
        caught_by=("both-flags-content-applied",),
    )

    def carry_out(self, order: Incoming, targets: Sequence[Incoming], data: bytes, reason: str) -> None:
        """One flag hides the other."""
        packet = codec.decode(data).packet
        business = packet.business if isinstance(packet, Package) else None
        if not any(info.document_receiver for info in (business.document_infos if business else ())):
            super().carry_out(order, targets, data, reason)


class UpdateStartsOver(Dms):
    """Puts an updated document back to the beginning."""

    mutant = Mutant(
        "update-starts-over",
        Text("puts an updated document back to arrived", "đưa văn bản đã cập nhật về trạng thái mới đến"),
        source="ST-10",
        caught_by=("update-in-work-keeps-state",),
    )

    def update_document(self, row: Incoming, update: Incoming, data: bytes) -> None:
        """Arrived once more."""
        super().update_document(replace(row, state="arrived"), update, data)


class SilentAfterUpdate(Dms):
    """Reports nothing more about a document that was updated."""

    mutant = Mutant(
        "silent-after-update",
        Text("reports no status after an update", "không báo trạng thái sau khi cập nhật"),
        source="ST-09",
        caught_by=("finish-after-update",),
    )

    def announce(self, row: Incoming, codes: tuple[str, ...], reason: str) -> Incoming:
        """Its statuses lose their document."""
        rows = self.store.incoming()
        updated = row.kind in DOCUMENTS and any(
            each.kind == "update" and each.refers_to == row.document_id for each in rows
        )
        return super().announce(row, () if updated else codes, reason)


class RevivesRecalled(Dms):
    """Applies an update also to a recalled document."""

    mutant = Mutant(
        "revives-recalled",
        Text("brings a recalled document back by an update", "cập nhật làm văn bản đã thu hồi xuất hiện lại"),
        source="ST-10",
        caught_by=("update-of-recalled-refused", "recalled-not-revived"),
    )

    def objection(self, found: Examined, targets: Sequence[Incoming], *, is_recall: bool) -> Text | None:
        """As generous as for a recall."""
        return super().objection(found, targets, is_recall=True)


MUTANTS: tuple[type[Dms], ...] = (
    UpdatesTextOnly, KeepsFirstParticulars, KeepsFirstNumber, UpdatesOnceOnly, UpdateEmptiesFiles, ReceiversHideContent,
    UpdateStartsOver, SilentAfterUpdate, RevivesRecalled,
)  # fmt: skip
