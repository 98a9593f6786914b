"""Wrong with long texts: dropped, cut, never sent."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms
from simulator.agency.kit.inspection import Examined
from simulator.agency.kit.orders import Order
from simulator.agency.kit.store import Incoming
from simulator.protocol.package import Business, Package, StatusPacket
from simulator.words import Text

__all__ = ["MUTANTS"]


class DropsLongReasons(Dms):
    """A reason that does not fit into its column ends the whole status."""

    mutant = Mutant(
        "drops-long-reasons",
        Text("drops a status whose reason is longer than 500 letters", "bỏ gói trạng thái có lý do dài hơn 500 ký tự"),
        source="issue 12, section 4",
        caught_by=("refusals-shown-at-every-length",),
    )

    def receive_status(self, packet: StatusPacket) -> None:
        """Data too long."""
        if len(packet.description) <= 500:
            super().receive_status(packet)


class DropsHugeReasons(Dms):
    """The same, with a larger column."""

    mutant = Mutant(
        "drops-huge-reasons",
        Text(
            "drops a status whose reason is longer than 32,767 letters",
            "bỏ gói trạng thái có lý do dài hơn 32.767 ký tự",
        ),
        source="issue 12, section 4 (kin)",
        caught_by=("refusals-shown-without-and-with-huge-reason", "status-forms-read"),
    )

    def receive_status(self, packet: StatusPacket) -> None:
        """Data too long."""
        if len(packet.description) <= 32_767:
            super().receive_status(packet)


class CutsReasonsAt255(Dms):
    """Keeps as much of a reason as its column holds."""

    mutant = Mutant(
        "cuts-reasons-at-255",
        Text("cuts the reasons that it hears at 255 letters", "cắt lý do nhận được ở 255 ký tự"),
        source="issue 12, section 4 (kin)",
        caught_by=("reasons-heard-whole",),
    )

    def receive_status(self, packet: StatusPacket) -> None:
        """VARCHAR(255)."""
        super().receive_status(replace(packet, description=packet.description[:255].strip()))


class CutsReasonsAt500(Dms):
    """The same, with a larger column."""

    mutant = Mutant(
        "cuts-reasons-at-500",
        Text("cuts the reasons that it hears at 500 letters", "cắt lý do nhận được ở 500 ký tự"),
        source="issue 12, section 4 (kin)",
        caught_by=("reasons-heard-whole",),
    )

    def receive_status(self, packet: StatusPacket) -> None:
        """NVARCHAR(500)."""
        super().receive_status(replace(packet, description=packet.description[:500].strip()))


class CutsReasonsAt4000(Dms):
    """The same, with the largest column of a well-known database."""

    mutant = Mutant(
        "cuts-reasons-at-4000",
        Text("cuts the reasons that it hears at 4,000 letters", "cắt lý do nhận được ở 4.000 ký tự"),
        source="issue 12, section 4 (kin)",
        caught_by=("reasons-heard-whole",),
    )

    def receive_status(self, packet: StatusPacket) -> None:
        """NVARCHAR2(4000)."""
        super().receive_status(replace(packet, description=packet.description[:4_000].strip()))


class CutsReasonsSaid(Dms):
    """Cuts what its own clerk says."""

    mutant = Mutant(
        "cuts-reasons-said",
        Text("sends reasons of refusal cut at 255 letters", "gửi lý do từ chối bị cắt ở 255 ký tự"),
        source="issue 12, section 4 (both ways)",
        caught_by=("reasons-said-whole",),
    )

    def receiver_status(self, row: Incoming, code: str, stamp: datetime, reason: str) -> StatusPacket:
        """Half a sentence."""
        return super().receiver_status(row, code, stamp, reason[:255])


class SwallowsLongRefusals(Dms):
    """The refusal is done, and its status does not fit into the outbox."""

    mutant = Mutant(
        "swallows-long-refusals",
        Text("never sends a 02 whose reason is longer than 500 letters", "không gửi 02 khi lý do dài hơn 500 ký tự"),
        source="issue 12, section 4 (both ways)",
        caught_by=("refusals-leave-at-every-length",),
    )

    def announce(self, row: Incoming, codes: tuple[str, ...], reason: str) -> Incoming:
        """Nobody hears of it."""
        return super().announce(row, codes if len(reason) <= 500 else (), reason)


class LosesLongContents(Dms):
    """A content that does not fit into its column ends the whole document."""

    mutant = Mutant(
        "loses-long-contents",
        Text("loses documents whose content is longer than 500 letters", "mất văn bản có nội dung dài hơn 500 ký tự"),
        source="issue 12, section 4 (kin)",
        caught_by=("document-forms-read", "replacement-forms-read"),
    )

    def receive(self, found: Examined) -> tuple[str, str]:
        """Confirmed before it was stored."""
        if isinstance(found.packet, Package) and len(found.packet.content) > 500:
            return "done", ""
        return super().receive(found)


class CutsSubjectsSent(Dms):
    """Sends as much of a subject as its column holds."""

    mutant = Mutant(
        "cuts-subjects-sent",
        Text("sends subjects cut at 255 letters", "gửi trích yếu bị cắt ở 255 ký tự"),
        source="issue 12, section 4 (both ways)",
        caught_by=("sent-subjects-whole",),
    )

    def document_package(self, order: Order, document_id: str, business: Business) -> Package:
        """VARCHAR(255)."""
        package = super().document_package(order, document_id, business)
        return replace(package, subject=package.subject[:255].strip())


class CutsContentsSent(Dms):
    """Sends as much of a content as its column holds."""

    mutant = Mutant(
        "cuts-contents-sent",
        Text("sends contents cut at 500 letters", "gửi nội dung bị cắt ở 500 ký tự"),
        source="issue 12, section 4 (both ways)",
        caught_by=("sent-contents-whole",),
    )

    def document_package(self, order: Order, document_id: str, business: Business) -> Package:
        """NVARCHAR(500)."""
        package = super().document_package(order, document_id, business)
        return replace(package, content=package.content[:500].strip())


class CutsRecallReasons(Dms):
    """Sends as much of a reason as its column holds."""

    mutant = Mutant(
        "cuts-recall-reasons",
        Text("sends reasons of recalls cut at 255 letters", "gửi lý do thu hồi bị cắt ở 255 ký tự"),
        source="issue 12, section 4 (both ways)",
        caught_by=("recall-reasons-whole",),
    )

    def reason_for(self, reason: str, receivers: Sequence[str]) -> str:
        """VARCHAR(255)."""
        return super().reason_for(reason, receivers)[:255].strip()


MUTANTS: tuple[type[Dms], ...] = (
    DropsLongReasons, DropsHugeReasons, CutsReasonsAt255, CutsReasonsAt500, CutsReasonsAt4000, CutsReasonsSaid,
    SwallowsLongRefusals, LosesLongContents, CutsSubjectsSent, CutsContentsSent, CutsRecallReasons,
)  # fmt: skip
