"""Updates that leave the SUT wrong."""

from collections.abc import Sequence
from dataclasses import replace

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms
from simulator.agency.kit.orders import Order
from simulator.protocol.package import Attachment, Business, Package
from simulator.words import Text

__all__ = ["MUTANTS"]


class UpdateAsNew(Dms):
    """Sends an update as a new document."""

    mutant = Mutant(
        "update-as-new",
        Text("sends an update as a new document", "gửi gói cập nhật như văn bản mới"),
        source="BZ-01",
        caught_by=("update-leaves", "reasoned-update-leaves"),
    )

    def business_of(self, order: Order, earlier: Sequence[str]) -> Business:
        """Type 0."""
        return super().business_of(replace(order, kind="new") if order.kind == "update" else order, earlier)


class UpdateWithoutTarget(Dms):
    """Does not say which document is updated."""

    mutant = Mutant(
        "update-without-target",
        Text("names no document in Bussiness", "Bussiness không nêu văn bản được cập nhật"),
        source="BZ-09",
        caught_by=("update-names-the-original",),
    )

    def business_of(self, order: Order, earlier: Sequence[str]) -> Business:
        """No DocumentId."""
        return replace(super().business_of(order, earlier), document_id="")


class ChangesUnderOldId(Dms):
    """Sends updates and replacements under the DocumentId of the original."""

    mutant = Mutant(
        "changes-under-old-id",
        Text("gives an update the original's DocumentId", "gói cập nhật dùng lại DocumentId của văn bản gốc"),
        source="HD-32",
        caught_by=("update-has-own-id", "replacement-has-own-id"),
    )

    def new_document_id(self, order: Order, used: Sequence[str]) -> str:
        """The old one."""
        return order.refers_to or super().new_document_id(order, used)


class UpdateWithoutScope(Dms):
    """Does not say what the update changes."""

    mutant = Mutant(
        "update-without-scope",
        Text("does not say what changed", "không nêu nội dung thay đổi"),
        source="BZ-09",
        caught_by=("update-says-content-changed", "update-lists-added-receiver"),
    )

    def business_of(self, order: Order, earlier: Sequence[str]) -> Business:
        """No BussinessDocumentInfo."""
        return replace(super().business_of(order, earlier), document_infos=())


class ChangesWithoutFile(Dms):
    """Sends updates and replacements without their new file."""

    mutant = Mutant(
        "changes-without-file",
        Text("sends updates without the new file", "gửi gói cập nhật không kèm tệp mới"),
        source="BZ-12",
        caught_by=("update-carries-new-file", "replacement-carries-a-file"),
    )

    def pack_attachments(self, order: Order) -> tuple[Attachment, ...]:
        """Only new documents have files."""
        return super().pack_attachments(order) if order.kind == "new" else ()


class UpdateToOldReceivers(Dms):
    """Does not send the update to a receiver that it adds."""

    mutant = Mutant(
        "update-to-old-receivers",
        Text("does not reach an added receiver", "không gửi đến nơi nhận được thêm"),
        source="BZ-09",
        caught_by=("update-reaches-added-receiver",),
    )

    def document_package(self, order: Order, document_id: str, business: Business) -> Package:
        """The first one only."""
        package = super().document_package(order, document_id, business)
        return replace(package, receivers=package.receivers[:1]) if order.kind == "update" else package


MUTANTS: tuple[type[Dms], ...] = (
    UpdateAsNew, UpdateWithoutTarget, ChangesUnderOldId, UpdateWithoutScope, ChangesWithoutFile, UpdateToOldReceivers,
)  # fmt: skip
