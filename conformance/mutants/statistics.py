"""Wrong figures: counted twice, counted too much, counted on the wrong days; and books that lose what they held."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms
from simulator.agency.kit.inspection import Examined
from simulator.agency.kit.store import Incoming, Outgoing, Receiver
from simulator.words import Text

__all__ = ["MUTANTS"]


class CountsTwice(Dms):
    """Counts a document again when it enters the incoming book."""

    mutant = Mutant(
        "counts-twice",
        Text("counts a document on arrival and on registration", "đếm văn bản cả khi đến lẫn khi vào sổ"),
        source="pitfalls 61",
        caught_by=("stats-received-difference-zero",),
    )

    def count(self, rows: Sequence[Incoming] | Sequence[Outgoing]) -> int:
        """Two lists, added."""
        return len(rows) + sum(1 for row in rows if isinstance(row, Incoming) and row.status not in ("", "01"))


class CountsEveryStatus(Dms):
    """Counts every status that was ever sent, not the present one."""

    mutant = Mutant(
        "counts-every-status",
        Text("counts every status ever sent", "đếm mọi trạng thái từng gửi"),
        source="pitfalls 61",
        caught_by=("stats-by-present-state",),
    )

    def statistics(self, first: date, last: date) -> dict[str, Any]:
        """A sum over the outbox."""
        found = super().statistics(first, last)
        rows = self.store.incoming() if found["received"] else ()
        codes = Counter(code for row in rows for code in self.store.codes_queued(row.document_id))
        return found | {"by_status": dict(codes)}


class CountsCopies(Dms):
    """Makes a record of every package, known or not."""

    mutant = Mutant(
        "counts-copies",
        Text("counts a copy of a package as a document", "đếm bản sao gói tin như văn bản mới"),
        source="pitfalls 61",
        caught_by=("stats-copy-counted-once",),
    )

    def copy_of(self, found: Examined) -> Incoming | None:
        """Everything is new."""
        return None


class CountsReceivers(Dms):
    """Counts a document once for each of its receivers."""

    mutant = Mutant(
        "counts-receivers",
        Text("counts receivers instead of documents", "đếm theo nơi nhận thay vì theo văn bản"),
        source="requirement LG-02",
        caught_by=("stats-sent-difference-zero",),
    )

    def count(self, rows: Sequence[Incoming] | Sequence[Outgoing]) -> int:
        """Rows of the join."""
        return sum(len(self.store.receivers(row.seq)) if isinstance(row, Outgoing) else 1 for row in rows)


class CountsAnswers(Dms):
    """Counts the statuses that come in as received documents."""

    mutant = Mutant(
        "counts-answers",
        Text("counts incoming statuses as documents", "đếm trạng thái nhận về như văn bản đến"),
        source="pitfalls 61",
        caught_by=("stats-answers-not-received",),
    )

    def statistics(self, first: date, last: date) -> dict[str, Any]:
        """Whatever came in."""
        found = super().statistics(first, last)
        answers = sum(bool(each.progress) for row in self.store.outgoing() for each in self.store.receivers(row.seq))
        return found | {"received": found["received"] + answers}


class CountsRefusedOrders(Dms):
    """Counts what was written, whether it left or not."""

    mutant = Mutant(
        "counts-refused-orders",
        Text("counts documents that the axis refused as sent", "tính cả văn bản bị trục từ chối vào số gửi"),
        source="requirement LG-02",
        caught_by=("stats-refused-not-sent",),
    )

    def statistics(self, first: date, last: date) -> dict[str, Any]:
        """Failed ones are in the book too."""
        found = super().statistics(first, last)
        return found | {"sent": found["sent"] + sum(row.state == "failed" for row in self.store.outgoing())}


class LeavesLastDayOut(Dms):
    """Reads "to" as midnight of that day."""

    mutant = Mutant(
        "leaves-last-day-out",
        Text("leaves the last day of a range out", "bỏ sót ngày cuối của khoảng thống kê"),
        source="requirement LG-02",
        caught_by=("stats-single-day-counted", "stats-last-day-included"),
    )

    def statistics(self, first: date, last: date) -> dict[str, Any]:
        """Smaller than."""
        return super().statistics(first, last - timedelta(days=1))


class LeavesFirstDayOut(Dms):
    """Counts what came after the first day."""

    mutant = Mutant(
        "leaves-first-day-out",
        Text("leaves the first day of a range out", "bỏ sót ngày đầu của khoảng thống kê"),
        source="requirement LG-02",
        caught_by=("stats-single-day-counted", "stats-first-day-included"),
    )

    def statistics(self, first: date, last: date) -> dict[str, Any]:
        """Greater than."""
        return super().statistics(first + timedelta(days=1), last)


class IgnoresTheRange(Dms):
    """Gives the figures of all days, whatever was asked."""

    mutant = Mutant(
        "ignores-the-range",
        Text("ignores the range of days", "không lọc theo khoảng ngày"),
        source="requirement LG-02",
        caught_by=("stats-empty-days-zero",),
    )

    def statistics(self, first: date, last: date) -> dict[str, Any]:
        """From the beginning of time."""
        return super().statistics(date.min, date.max)


class CountsNewOnly(Dms):
    """Takes only type 0 for a document."""

    mutant = Mutant(
        "counts-new-only",
        Text("counts neither updates nor replacements", "không tính văn bản cập nhật và thay thế"),
        source="requirement LG-02",
        caught_by=(
            "stats-update-received-counted",
            "stats-replacement-received-counted",
            "stats-update-sent-counted",
            "stats-replacement-sent-counted",
        ),
    )

    def count(self, rows: Sequence[Incoming] | Sequence[Outgoing]) -> int:
        """The kind 'new'."""
        return sum(row.kind == "new" for row in rows)


class CountsRecalls(Dms):
    """Counts every package that is no status."""

    mutant = Mutant(
        "counts-recalls",
        Text("counts recalls as documents", "tính cả yêu cầu thu hồi là văn bản"),
        source="requirement LG-02",
        caught_by=("stats-recall-received-not-counted", "stats-recall-sent-not-counted"),
    )

    def statistics(self, first: date, last: date) -> dict[str, Any]:
        """Rows of the two books."""
        found = super().statistics(first, last)
        sent = sum(row.kind == "recall" for row in self.store.outgoing() if row.sent_at)
        received = sum(row.kind == "recall" for row in self.store.incoming())
        return found | {"sent": found["sent"] + sent, "received": found["received"] + received}


class ArchivesAway(Dms):
    """Clears a document out of the sender's book once a receiver has finished it."""

    mutant = Mutant(
        "archives-away",
        Text("drops finished documents from the out-box", "xóa văn bản đã hoàn thành khỏi hộp đi"),
        source="requirement LG-04",
        caught_by=("stats-original-listed",),
    )

    def documents(self, box: str) -> list[dict[str, Any]]:
        """Only what still moves."""
        return [
            row
            for row in super().documents(box)
            if not any(receiver["status"] == "06" for receiver in row["receivers"])
        ]


class DropsSentFiles(Dms):
    """Frees the space of files that have left."""

    mutant = Mutant(
        "drops-sent-files",
        Text("keeps no file of what was sent", "không giữ tệp của văn bản đã gửi"),
        source="requirement LG-04",
        caught_by=("stats-original-files-kept",),
    )

    def shown_outgoing(self, row: Outgoing) -> dict[str, Any]:
        """Only those that still wait have files."""
        return super().shown_outgoing(replace(row, files=()) if row.sent_at else row)


class LatestStateForAll(Dms):
    """Shows at every receiver what the last one reported."""

    mutant = Mutant(
        "latest-state-for-all",
        Text("shows one receiver's state at all of them", "hiển thị trạng thái một nơi cho mọi nơi nhận"),
        source="requirement ST-08",
        caught_by=("stats-states-as-reported",),
    )

    def shown_status(self, receiver: Receiver) -> str | None:
        """A state of the document, not of the receiver."""
        lines = [each for each in self.store.receivers(receiver.outgoing) if each.progress]
        return max(lines, key=lambda each: each.progress).progress if lines else None


class QueuedIsReceived(Dms):
    """Shows a document as received as soon as the axis has queued it."""

    mutant = Mutant(
        "queued-is-received",
        Text("shows what is only queued as received", "hiển thị đã nhận khi văn bản mới nằm trên trục"),
        source="pitfalls 18",
        caught_by=("stats-silent-receiver-open",),
    )

    def shown_status(self, receiver: Receiver) -> str | None:
        """The acknowledgement of the axis passes for the receiver's."""
        return super().shown_status(receiver) or "01"


class ShowsArrivedForEver(Dms):
    """The list shows the state of the first day."""

    mutant = Mutant(
        "shows-arrived-for-ever",
        Text("never renews the state in its list", "không cập nhật trạng thái trong danh sách"),
        source="requirement HD-36",
        caught_by=("stats-state-follows-acts",),
    )

    def shown_incoming(self, row: Incoming) -> dict[str, Any]:
        """A column that nobody writes."""
        return super().shown_incoming(row) | {"state": "arrived"}


class ShortensFinished(Dms):
    """Shows finished documents without number and files."""

    mutant = Mutant(
        "shortens-finished",
        Text("shows finished documents without their items", "văn bản hoàn thành chỉ còn thông tin rút gọn"),
        source="requirement HD-36",
        caught_by=("stats-items-complete",),
    )

    def shown_incoming(self, row: Incoming) -> dict[str, Any]:
        """The archive's short form."""
        return super().shown_incoming(replace(row, number="", files=()) if row.state == "finished" else row)


MUTANTS: tuple[type[Dms], ...] = (
    CountsTwice,
    CountsEveryStatus,
    CountsCopies,
    CountsReceivers,
    CountsAnswers,
    CountsRefusedOrders,
    LeavesLastDayOut,
    LeavesFirstDayOut,
    IgnoresTheRange,
    CountsNewOnly,
    CountsRecalls,
    ArchivesAway,
    DropsSentFiles,
    LatestStateForAll,
    QueuedIsReceived,
    ShowsArrivedForEver,
    ShortensFinished,
)
