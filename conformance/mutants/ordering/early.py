"""Wrong with what comes too early: no answer, or one that is not true."""

from dataclasses import replace

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms
from simulator.agency.kit.inspection import Examined
from simulator.agency.kit.store import Outgoing, Receiver
from simulator.protocol.package import Package, ResponseFor, StatusPacket
from simulator.words import Text

__all__ = ["MUTANTS"]


class IgnoresEarlyOrders(Dms):
    """Throws away an update or a recall whose document it does not have (yet)."""

    mutant = Mutant(
        "ignores-early-orders",
        Text(
            "never answers an update or recall of an unknown document",
            "không trả lời cập nhật, thu hồi khi chưa có văn bản",
        ),
        source="pitfalls 1",
        caught_by=("order-early-update-answered", "order-early-recall-answered"),
    )

    def receive_order(self, package: Package, found: Examined) -> None:
        """Its sender waits for ever."""
        if self.targets_of(package):
            super().receive_order(package, found)


class AgreesToEarlyOrders(Dms):
    """Says 15 to every update and recall, and does nothing where the document is not there."""

    mutant = Mutant(
        "agrees-to-early-orders",
        Text("agrees to an update or recall that it does not carry out", "đồng ý cập nhật, thu hồi mà không thực hiện"),
        source="pitfalls 2",
        caught_by=("order-early-update-true", "order-early-recall-true"),
    )

    def receive_order(self, package: Package, found: Examined) -> None:
        """A form letter."""
        if self.targets_of(package):
            super().receive_order(package, found)
        else:
            self.announce(replace(self.new_row(package, found), state="finished"), ("15",), "")


class IgnoresEarlyRequests(Dms):
    """Throws away a 13 whose document it does not have."""

    mutant = Mutant(
        "ignores-early-requests",
        Text("never answers a 13 for an unknown document", "không trả lời 13 khi chưa có văn bản"),
        source="pitfalls 15",
        caught_by=("order-early-13-answered",),
    )

    def refuse_stranger(self, about: ResponseFor, sender: str) -> None:
        """Silence."""


class AgreesToEarlyRequests(Dms):
    """Says 15 to a 13 whose document it does not have, and keeps the document when it comes."""

    mutant = Mutant(
        "agrees-to-early-requests",
        Text("gives back what it has not got, then keeps it", "đồng ý trả văn bản chưa có rồi vẫn giữ khi đến"),
        source="pitfalls 2",
        caught_by=("order-early-13-true",),
    )

    def refuse_stranger(self, about: ResponseFor, sender: str) -> None:
        """What is not there is easily given back."""
        answer = ResponseFor(sender, about.code, about.document_id, about.promulgation_date)
        self.queue_status(about.document_id, self.status_packet("15", answer, self.stamp_for(about.document_id), ""))


class StumblesOnUnknownStatuses(Dms):
    """Throws an error at a status of a document that it did not send, and never confirms it."""

    mutant = Mutant(
        "stumbles-on-unknown-statuses",
        Text("never confirms a status of an unknown document", "không xác nhận trạng thái của văn bản lạ"),
        source="pitfalls 16",
        caught_by=("order-unknown-status-confirmed",),
    )

    def receive_status(self, packet: StatusPacket) -> None:
        """KeyError."""
        document_id = packet.response_for.document_id if packet.response_for else ""
        if packet.code != "13" and not self.store.outgoing(document_id):
            raise LookupError(document_id)
        super().receive_status(packet)


class InventsSentDocuments(Dms):
    """Makes a row in the outgoing book for every status that finds none."""

    mutant = Mutant(
        "invents-sent-documents",
        Text("lists a document that it never sent", "liệt kê văn bản chưa từng gửi"),
        source="pitfalls 17",
        caught_by=("order-unknown-status-no-row",),
    )

    def hear(self, document_id: str, sender: str, packet: StatusPacket) -> bool:
        """INSERT OR UPDATE."""
        if not self.store.outgoing(document_id):
            now, seq = self.now().isoformat(timespec="seconds"), self.store.next_seq(Outgoing)
            self.store.put(Outgoing(seq, document_id, "", "", "", "", "new", "sent", now, now))
            self.store.put(Receiver(seq, sender))
        return super().hear(document_id, sender, packet)


MUTANTS: tuple[type[Dms], ...] = (
    IgnoresEarlyOrders, AgreesToEarlyOrders, IgnoresEarlyRequests, AgreesToEarlyRequests, StumblesOnUnknownStatuses,
    InventsSentDocuments,
)  # fmt: skip
