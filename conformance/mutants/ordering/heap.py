"""Wrong with heaps and with what is late: a page of ten, a watermark, another one's subject, the last one wins."""

from dataclasses import replace
from datetime import datetime

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms
from simulator.agency.kit.inspection import Examined
from simulator.agency.kit.store import Incoming, Receiver
from simulator.protocol.package import Package, StatusPacket
from simulator.words import Text

__all__ = ["MUTANTS"]


class ReadsTenLines(Dms):
    """Confirms the whole list, and works through the first ten lines of it."""

    mutant = Mutant(
        "reads-ten-lines",
        Text("loses what stands behind the tenth line of a list", "mất văn bản từ dòng thứ mười một của danh sách"),
        source="pitfalls 54",
        caught_by=("order-heap-all-arrive",),
    )

    async def listed(self, message_type: str) -> tuple[str, ...]:
        """A page is a page."""
        ids = await super().listed(message_type)
        for each in ids[10:]:
            await self.confirm(each, "done", "")
        return ids[:10]


class ReadsFirstLines(Dms):
    """Believes that the list is in order: confirms all of it and keeps the first three lines."""

    mutant = Mutant(
        "reads-first-lines",
        Text("keeps three documents of each list", "mỗi lần hỏi chỉ giữ ba văn bản"),
        source="pitfalls 53",
        caught_by=("order-shuffled-all-arrive", "order-heap-all-arrive"),
    )

    async def listed(self, message_type: str) -> tuple[str, ...]:
        """The rest is confirmed unread."""
        ids = await super().listed(message_type)
        for each in ids[3:]:
            await self.confirm(each, "done", "")
        return ids[:3]


class ReportsEachTwice(Dms):
    """Has two workers, and each reports what the other has reported."""

    mutant = Mutant(
        "reports-each-twice",
        Text("reports 01 twice for each document", "báo 01 hai lần cho mỗi văn bản"),
        source="pitfalls 51",
        caught_by=("order-heap-each-once", "order-shuffled-each-once"),
    )

    def receive_document(self, package: Package, found: Examined) -> None:
        """A second worker does it once more."""
        super().receive_document(package, found)
        for row in self.store.incoming(package.document_id)[-1:]:
            self.announce(row, self.codes_on_arrival(), "")


class SharesABuffer(Dms):
    """Keeps the text of one document while it reads the next."""

    mutant = Mutant(
        "shares-a-buffer",
        Text("shows the subject of the document before", "hiển thị trích yếu của văn bản trước"),
        source="pitfalls 74",
        caught_by=("order-heap-not-mixed-up",),
    )

    def new_row(self, package: Package, found: Examined) -> Incoming:
        """What the last row says."""
        row, rows = super().new_row(package, found), self.store.incoming()
        return replace(row, subject=rows[-1].subject) if rows else row


class KeepsAWatermark(Dms):
    """Skips what is older than the newest that it has from that agency."""

    mutant = Mutant(
        "keeps-a-watermark",
        Text("skips documents that are older than what it has", "bỏ qua văn bản cũ hơn văn bản mới nhất đã có"),
        source="pitfalls 54",
        caught_by=("order-older-ones-arrive",),
    )

    def receive_document(self, package: Package, found: Examined) -> None:
        """By date of issue."""
        row = self.new_row(package, found)
        if any(each.issued > row.issued for each in self.store.incoming() if self.same_unit(each.sender, row.sender)):
            return
        super().receive_document(package, found)


class OrderDependent(Dms):
    """Works through the list line by line: what stands before the document that it changes comes too early."""

    mutant = Mutant(
        "order-dependent",
        Text("refuses a change that is listed before its document", "từ chối thay đổi đứng trước văn bản của nó"),
        source="pitfalls 53",
        caught_by=("order-one-list-updated", "order-one-list-recalled"),
    )

    def can_wait(self, found: Examined) -> bool:
        """First come, first served."""
        return False


class LastHeardWins(Dms):
    """Shows whatever status came last."""

    mutant = Mutant(
        "last-heard-wins",
        Text("a late status moves the document back", "trạng thái đến muộn kéo lùi văn bản"),
        source="pitfalls 53",
        caught_by=("order-late-statuses-move-nothing", "order-repeated-status-changes-nothing"),
    )

    def moved(self, receiver: Receiver, packet: StatusPacket, moment: datetime) -> Receiver:
        """An assignment."""
        return replace(receiver, progress=packet.code, reason=packet.description)


class FirstHeardStays(Dms):
    """Takes the first status of a receiver and no other."""

    mutant = Mutant(
        "first-heard-stays",
        Text("shows the first status for ever", "chỉ hiển thị trạng thái đầu tiên"),
        source="pitfalls 15",
        caught_by=("order-status-heap-ends-at-last",),
    )

    def moves_forward(self, old: str, new: str) -> bool:
        """UNIQUE (document, receiver)."""
        return not old


class StumblesOnRepeats(Dms):
    """Throws an error at a status that it has already, and never confirms it."""

    mutant = Mutant(
        "stumbles-on-repeats",
        Text("never confirms a repeated status", "không xác nhận trạng thái lặp lại"),
        source="pitfalls 15",
        caught_by=("order-repeated-status-confirmed",),
    )

    def hear(self, document_id: str, sender: str, packet: StatusPacket) -> bool:
        """UNIQUE (document, receiver, status)."""
        for row in self.store.outgoing(document_id):
            for each in self.store.receivers(row.seq):
                if self.same_unit(each.organ, sender) and packet.code == "03" and each.progress >= "03":
                    raise RuntimeError("UNIQUE constraint failed")
        return super().hear(document_id, sender, packet)


MUTANTS: tuple[type[Dms], ...] = (
    ReadsTenLines, ReadsFirstLines, ReportsEachTwice, SharesABuffer, KeepsAWatermark, OrderDependent, LastHeardWins,
    FirstHeardStays, StumblesOnRepeats,
)  # fmt: skip
