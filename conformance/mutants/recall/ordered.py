"""Recalls, updates and replacements that leave wrong, or not at all."""

import re
from collections.abc import Sequence
from dataclasses import replace

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms
from simulator.agency.kit.orders import Order
from simulator.agency.kit.store import Letter, Outgoing, Receiver
from simulator.protocol.package import Package, Packet
from simulator.words import Text

__all__ = ["MUTANTS"]


class RecallsLocallyOnly(Dms):
    """Marks the document as recalled at home and tells nobody."""

    mutant = Mutant(
        "recalls-locally-only",
        Text("recalls at home and tells nobody", "chỉ thu hồi trong hệ thống của mình, không báo nơi nhận"),
        source="BZ-04",
        caught_by=("recall-leaves", "reasoned-recall-leaves"),
    )

    async def send_letter(self, letter: Letter) -> bool:
        """A recall is taken as sent."""
        row = self.store.outgoing_row(letter.outgoing) if letter.outgoing else None
        if row is None or row.kind != "recall":
            return await super().send_letter(letter)
        self.letter_left(letter)
        return True


class RecallsUnderNewId(Dms):
    """Gives the recall a DocumentId of its own and names the original nowhere."""

    mutant = Mutant(
        "recalls-under-new-id",
        Text("does not name the document that it recalls", "gói thu hồi không nêu văn bản bị thu hồi"),
        source="pitfalls 26",
        caught_by=("recall-names-the-original", "recall-has-response-for", "recall-response-for-each"),
    )

    def recall_package(self, original: Package, codes: Sequence[str], reason: str) -> Package:
        """A new id, no ResponseFor."""
        package = super().recall_package(original, codes, reason)
        return replace(package, document_id=f"TH-{original.document_id}", response_for=())


class ImpossibleDates(Dms):
    """Writes a date of issue that no calendar has into recalls, updates and replacements."""

    mutant = Mutant(
        "impossible-date-in-changes",
        Text("writes an impossible date of issue", "ghi ngày ban hành không có thật"),
        source="pitfalls 36",
        caught_by=("recall-packet-lint-clean", "update-packet-lint-clean", "replacement-lint-clean"),
    )

    def encode(self, packet: Packet) -> bytes:
        """The 30th of February."""
        data = super().encode(packet)
        if not isinstance(packet, Package) or not packet.business_type:
            return data
        return re.sub(rb"(PromulgationDate>\d{4})/\d\d/\d\d<", rb"\1/02/30<", data)


class DropsSingleReason(Dms):
    """Loses the clerk's reason when there is a single receiver."""

    mutant = Mutant(
        "drops-single-reason",
        Text("loses the reason towards a single receiver", "mất lý do khi chỉ có một nơi nhận"),
        source="pitfalls 7",
        caught_by=("recall-reason-for-one", "update-carries-reason", "reasoned-take-back-leaves"),
    )

    def reason_for(self, reason: str, receivers: Sequence[str]) -> str:
        """Kept for several only."""
        return "" if len(receivers) == 1 else super().reason_for(reason, receivers)


class DropsReasonForMany(Dms):
    """Loses the clerk's reason when there are several receivers."""

    mutant = Mutant(
        "drops-reason-for-many",
        Text("loses the reason towards several receivers", "mất lý do khi có nhiều nơi nhận"),
        source="pitfalls 7",
        caught_by=("recall-reason-for-many", "replacement-carries-reason", "take-back-reason-for-many"),
    )

    def reason_for(self, reason: str, receivers: Sequence[str]) -> str:
        """Kept for one only."""
        return "" if len(receivers) > 1 else super().reason_for(reason, receivers)


class RecallsFromFirstOnly(Dms):
    """Tells only the first of the receivers."""

    mutant = Mutant(
        "recalls-from-first-only",
        Text("recalls from the first receiver only", "chỉ thu hồi từ nơi nhận đầu tiên"),
        source="BZ-04",
        caught_by=("recall-reaches-all", "recall-response-for-each", "partial-recall-reaches-both"),
    )

    def named_receivers(self, row: Outgoing, codes: Sequence[str]) -> tuple[Receiver, ...]:
        """One."""
        return super().named_receivers(row, codes)[:1]


class RecallsFromEverybody(Dms):
    """Recalls from all receivers although the clerk named some."""

    mutant = Mutant(
        "recalls-from-everybody",
        Text("recalls from all instead of from those named", "thu hồi từ mọi nơi thay vì từ nơi được chọn"),
        source="BZ-03",
        caught_by=("partial-recall-spares-third",),
    )

    def named_receivers(self, row: Outgoing, codes: Sequence[str]) -> tuple[Receiver, ...]:
        """All."""
        return super().named_receivers(row, ())


class ChangesWithoutReason(Dms):
    """Lets recalls, updates and replacements leave without a reason."""

    mutant = Mutant(
        "changes-without-reason",
        Text("asks for no reason", "không yêu cầu nêu lý do"),
        source="BZ-02",
        caught_by=("reasonless-recall-stays", "reasonless-update-stays", "reasonless-replacement-stays"),
    )

    def standing(self, order: Order) -> Outgoing:
        """As if there were one."""
        return super().standing(replace(order, reason=order.reason or "-"))


class EditsRecalled(Dms):
    """Lets its clerk update what was recalled."""

    mutant = Mutant(
        "edits-recalled",
        Text("updates an outgoing document that was recalled", "cập nhật văn bản đi đã thu hồi"),
        source="BZ-07",
        caught_by=("recalled-outgoing-frozen",),
    )

    def standing(self, order: Order) -> Outgoing:
        """Whatever was sent once."""
        return self.store.outgoing(order.refers_to)[0]


MUTANTS: tuple[type[Dms], ...] = (
    RecallsLocallyOnly, RecallsUnderNewId, ImpossibleDates, DropsSingleReason, DropsReasonForMany,
    RecallsFromFirstOnly, RecallsFromEverybody, ChangesWithoutReason, EditsRecalled,
)  # fmt: skip
