"""Wrong systems for the chapter *replace*: BussinessDocType 3: replacements sent and received."""

import dataclasses
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms
from simulator.agency.kit.inspection import Examined
from simulator.agency.kit.orders import Order
from simulator.agency.kit.store import Incoming, Letter
from simulator.protocol.package import Business, Package, Replacement, ReplacementList, StatusPacket
from simulator.words import Text

__all__ = ["MUTANTS"]


class OldStands(Dms):
    """Takes the new document in and leaves the old one standing."""

    mutant = Mutant(
        "old-stands",
        Text("does not mark the replaced document", "không đánh dấu văn bản bị thay thế"),
        source="pitfalls 2",
        caught_by=(
            "old-marked-replaced", "first-of-two-replaced", "second-of-two-replaced", "owner-replacement-applied",
        ),
    )  # fmt: skip

    def mark_replaced(self, row: Incoming, replaced: Sequence[Incoming]) -> None:
        """Nothing is marked."""


class ReplacesFirstOnly(Dms):
    """Marks the first of several replaced documents."""

    mutant = Mutant(
        "replaces-first-only",
        Text("marks only the first replaced document", "chỉ đánh dấu văn bản bị thay thế đầu tiên"),
        source="BZ-11",
        caught_by=("second-of-two-replaced",),
    )

    def mark_replaced(self, row: Incoming, replaced: Sequence[Incoming]) -> None:
        """One."""
        super().mark_replaced(row, replaced[:1])


class ReplacementUnlinked(Dms):
    """Shows no link between the old document and the new one."""

    mutant = Mutant(
        "replacement-unlinked",
        Text("shows no link between old and new", "không hiển thị liên kết giữa văn bản cũ và mới"),
        source="VD-08",
        caught_by=("replacement-linked",),
    )

    def shown_incoming(self, row: Incoming) -> dict[str, Any]:
        """No refers_to."""
        return super().shown_incoming(row) | {"refers_to": None}


class ReplacesEverywhere(Dms):
    """Marks the old document also where OrganIdList names other units only."""

    mutant = Mutant(
        "replaces-everywhere",
        Text("ignores OrganIdList of a replacement", "bỏ qua OrganIdList của gói thay thế"),
        source="BZ-11",
        caught_by=("old-stands-where-unlisted",),
    )

    def receive_document(self, package: Package, found: Examined) -> None:
        """As if nobody were listed, which means everybody."""
        trace, business = package.trace, package.business
        if trace is not None and business is not None and business.replacements:
            items = [Replacement(item.document_id) for group in business.replacements for item in group.items]
            listless = dataclasses.replace(business, replacements=(ReplacementList(items=tuple(items)),))
            package = dataclasses.replace(package, trace=dataclasses.replace(trace, business=listless))
        super().receive_document(package, found)


class StatusesForTheOld(Dms):
    """Reports on the replacement under the DocumentId of the document that it replaces."""

    mutant = Mutant(
        "statuses-for-the-old",
        Text("reports under the replaced document's id", "báo trạng thái dưới mã của văn bản bị thay thế"),
        source="pitfalls 26",
        caught_by=("replacement-statuses-name-it", "old-one-not-reported"),
    )

    def receiver_status(self, row: Incoming, code: str, stamp: datetime, reason: str) -> StatusPacket:
        """The old id."""
        old = dataclasses.replace(row, document_id=row.refers_to or row.document_id)
        return super().receiver_status(old if row.kind == "replace" else row, code, stamp, reason)


class AcceptsAnyReplacement(Dms):
    """Takes in a replacement of what it never had."""

    mutant = Mutant(
        "accepts-any-replacement",
        Text("takes in a replacement of an unknown document", "nhận văn bản thay thế cho văn bản không có"),
        source="BZ-14",
        caught_by=("unknown-replacement-refused", "stranger-replacement-refused"),
    )

    def defect_of_replacement(self, package: Package, replaced: Sequence[Incoming]) -> Text | None:
        """None."""
        return None


class ReplacementAsNew(Dms):
    """Sends a replacement as a new document."""

    mutant = Mutant(
        "replacement-as-new",
        Text("sends a replacement as a new document", "gửi văn bản thay thế như văn bản mới"),
        source="BZ-01",
        caught_by=("replacement-leaves", "reasoned-replacement-leaves"),
    )

    def business_of(self, order: Order, earlier: Sequence[str]) -> Business:
        """Type 0."""
        is_one = order.kind == "replace"
        return super().business_of(dataclasses.replace(order, kind="new") if is_one else order, earlier)


class ReplacementWithoutList(Dms):
    """Does not say what is replaced."""

    mutant = Mutant(
        "replacement-without-list",
        Text("does not list what it replaces", "không nêu văn bản bị thay thế"),
        source="BZ-11",
        caught_by=("replacement-lists-the-original",),
    )

    def business_of(self, order: Order, earlier: Sequence[str]) -> Business:
        """No ReplacementInfoList."""
        return dataclasses.replace(super().business_of(order, earlier), replacements=())


class ReplacementWithoutUnits(Dms):
    """Does not say where it is replaced."""

    mutant = Mutant(
        "replacement-without-units",
        Text("does not list the units concerned", "không nêu các đơn vị liên quan"),
        source="BZ-11",
        caught_by=("replacement-lists-the-units",),
    )

    def business_of(self, order: Order, earlier: Sequence[str]) -> Business:
        """An empty OrganIdList."""
        return super().business_of(order, () if order.kind == "replace" else earlier)


class OutgoingOldStands(Dms):
    """Goes on showing its own replaced document as sent."""

    mutant = Mutant(
        "outgoing-old-stands",
        Text("shows its replaced document as sent", "vẫn hiển thị văn bản đi đã bị thay thế là đã gửi"),
        source="VD-08",
        caught_by=("outgoing-old-replaced",),
    )

    def letter_left(self, letter: Letter) -> None:
        """The mark is taken back."""
        super().letter_left(letter)
        self.store.put(
            *(dataclasses.replace(row, state="sent") for row in self.store.outgoing() if row.state == "replaced")
        )


class StatusesShownAtTheOld(Dms):
    """Shows the receivers' statuses at the replaced document."""

    mutant = Mutant(
        "statuses-shown-at-the-old",
        Text("shows the statuses at the replaced document", "hiển thị trạng thái ở văn bản bị thay thế"),
        source="pitfalls 12",
        caught_by=("replacement-status-shown",),
    )

    def hear(self, document_id: str, sender: str, packet: StatusPacket) -> bool:
        """The document before it."""
        rows = self.store.outgoing(document_id)
        old = next((row.refers_to for row in rows if row.kind == "replace" and row.refers_to), document_id)
        return super().hear(old, sender, packet)


MUTANTS: tuple[type[Dms], ...] = (
    OldStands, ReplacesFirstOnly, ReplacementUnlinked, ReplacesEverywhere, StatusesForTheOld, AcceptsAnyReplacement,
    ReplacementAsNew, ReplacementWithoutList, ReplacementWithoutUnits, OutgoingOldStands, StatusesShownAtTheOld,
)  # fmt: skip
