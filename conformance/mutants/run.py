"""Systems whose fault is seen in the whole run and in no single case (overall.py)."""

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms
from simulator.agency.kit.inspection import Examined
from simulator.protocol import codec
from simulator.protocol.package import Package, Packet, ResponseFor, StatusPacket
from simulator.words import Text

__all__ = ["MUTANTS"]


class DashedTimes(Dms):
    """Writes the date of a status with dashes, in every message."""

    mutant = Mutant(
        "dashed-times",
        Text("writes status times as 2026-11-21 08:00:00", "ghi thời gian trạng thái dạng 2026-11-21 08:00:00"),
        source="pitfalls 24",
        caught_by=("sut-messages-pass-lint",),
    )

    def encode(self, packet: Packet) -> bytes:
        """As its database prints it."""
        data = super().encode(packet)
        if not isinstance(packet, StatusPacket) or packet.timestamp is None:
            return data
        return data.replace(codec.timestamp_text(packet.timestamp).encode(), f"{packet.timestamp:%Y-%m-%d %X}".encode())


class TellsThirdParties(Dms):
    """Reports each arrival to a unit that has nothing to do with the document as well."""

    mutant = Mutant(
        "tells-third-parties",
        Text("reports each arrival to an uninvolved unit too", "báo văn bản đến cho cả đơn vị không liên quan"),
        source="DU-03",
        caught_by=("no-unasked-traffic",),
    )

    def receive_document(self, package: Package, found: Examined) -> None:
        """A monitoring centre wants to know everything, under an id of its own."""
        super().receive_document(package, found)
        sender = package.sender.organ_id if package.sender else ""
        strangers = [row.code for row in self.store.units() if not self.same_unit(row.code, sender)]
        centre = next((code for code in strangers if not self.is_us(code)), "")
        about = ResponseFor(centre, "1/GS", f"GS-{package.document_id}", None)
        self.queue_status(about.document_id, self.status_packet("01", about, self.stamp_for(about.document_id), ""))


MUTANTS: tuple[type[Dms], ...] = (DashedTimes, TellsThirdParties)
