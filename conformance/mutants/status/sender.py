"""Wrong senders: what never leaves, and what their clerk does not see."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms
from simulator.agency.kit.store import Letter, Outgoing, Receiver
from simulator.protocol.package import Kind, Package, Party, StatusPacket
from simulator.words import Text

__all__ = ["MUTANTS"]


class KeepsInOutbox(Dms):
    """Tells the clerk that the document was sent, and leaves it to an outside program that nobody owns."""

    mutant = Mutant(
        "keeps-in-outbox",
        Text("queues documents and never sends them", "xếp hàng văn bản nhưng không bao giờ gửi"),
        source="pitfalls 11",
        caught_by=("sent-document-leaves",),
    )

    def may_try(self, letter: Letter) -> bool:
        """Statuses only."""
        return letter.message_type != Kind.EDOC


class AnotherIdOnTheWire(Dms):
    """Sends the document under a new random DocumentId, and shows its clerk another one."""

    mutant = Mutant(
        "another-id-on-the-wire",
        Text("sends another DocumentId than it tells its clerk", "mã gửi lên trục khác mã báo cho văn thư"),
        source="pitfalls 26",
        caught_by=("sent-id-is-the-one-told",),
    )

    def envelopes(self, package: Package) -> tuple[Package, ...]:
        """The library makes an id of its own."""
        return (replace(package, document_id=str(uuid.uuid5(uuid.NAMESPACE_OID, package.document_id))),)


class SendsToTheFirst(Dms):
    """Packs only the first of several receivers."""

    mutant = Mutant(
        "sends-to-the-first",
        Text("sends to the first of several receivers only", "chỉ gửi cho nơi nhận đầu tiên"),
        source="requirement HD-08",
        caught_by=("sent-to-every-receiver",),
    )

    def receiver_parties(self, codes: Sequence[str]) -> tuple[Party, ...]:
        """One To."""
        return super().receiver_parties(codes)[:1]


class SenderBlind(Dms):
    """Shows its clerk a table that nobody fills."""

    mutant = Mutant(
        "sender-blind",
        Text("shows no status of any receiver", "không hiển thị trạng thái của nơi nhận nào"),
        source="pitfalls 12",
        caught_by=(
            "sender-shows-arrival",
            "sender-shows-acceptance",
            "sender-shows-processing",
            "sender-shows-finish",
        ),
    )

    def shown_status(self, receiver: Receiver) -> str | None:
        """Nothing came, as it seems."""
        return None


class BlursAssigned(Dms):
    """Shows 04 as 05."""

    mutant = Mutant(
        "blurs-assigned",
        Text("shows 04 as 05", "hiển thị 04 thành 05"),
        source="pitfalls 6",
        caught_by=("sender-keeps-assignment",),
    )

    def shown_status(self, receiver: Receiver) -> str | None:
        """Assigned is 'in work'."""
        shown = super().shown_status(receiver)
        return "05" if shown == "04" else shown


class OneStatusPerDocument(Dms):
    """Keeps one status for the whole document and believes whoever reports."""

    mutant = Mutant(
        "one-status-per-document",
        Text("keeps one status for all receivers", "chỉ giữ một trạng thái chung cho mọi nơi nhận"),
        source="pitfalls 17",
        caught_by=("status-kept-per-receiver", "stranger-status-ignored"),
    )

    def hear(self, document_id: str, sender: str, packet: StatusPacket) -> bool:
        """To all receivers, without asking who says it."""
        rows = self.store.outgoing(document_id)
        for receiver in (each for row in rows for each in self.store.receivers(row.seq)):
            self.store.put(replace(receiver, progress=packet.code, reason=packet.description or None))
        return bool(rows)


class HidesReasons(Dms):
    """Shows that a receiver refused, but not why."""

    mutant = Mutant(
        "hides-reasons",
        Text("shows a refusal without its reason", "hiển thị từ chối mà không có lý do"),
        source="pitfalls 20",
        caught_by=("refusal-shown-with-reason",),
    )

    def shown_outgoing(self, row: Outgoing) -> dict[str, Any]:
        """The reason stays in the packet."""
        line = super().shown_outgoing(row)
        return line | {"receivers": [each | {"reason": None} for each in line["receivers"]]}


MUTANTS: tuple[type[Dms], ...] = (
    KeepsInOutbox, AnotherIdOnTheWire, SendsToTheFirst, SenderBlind, BlursAssigned, OneStatusPerDocument, HidesReasons,
)  # fmt: skip
