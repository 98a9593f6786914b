"""Recalls and updates that are not carried out, not answered, or leave no trace."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms
from simulator.agency.kit.inspection import Examined
from simulator.agency.kit.store import Incoming
from simulator.protocol import codec
from simulator.protocol.package import Package, Packet, StatusPacket
from simulator.words import Text

__all__ = ["MUTANTS"]


class DropsOtherThanNew(Dms):
    """Confirms every packet of type 1, 2 or 3 and throws it away."""

    mutant = Mutant(
        "drops-other-than-new",
        Text("throws recalls, updates and replacements away", "bỏ mọi gói thu hồi, cập nhật, thay thế"),
        source="pitfalls 1",
        caught_by=(
            "updated-then-recalled", "two-history-entries", "recalled-out-of-reach", "replacement-arrives",
            "replacement-listed", "unlisted-replacement-arrives",
        ),
    )  # fmt: skip

    def receive(self, found: Examined) -> tuple[str, str]:
        """Only type 0 counts."""
        packet = found.packet
        return ("done", "") if isinstance(packet, Package) and packet.business_type else super().receive(found)


class LabelsOnly(Dms):
    """Answers 15 and shows a row, but changes nothing."""

    mutant = Mutant(
        "labels-only",
        Text("shows recalls and updates as a label and changes nothing", "chỉ gắn nhãn thu hồi, cập nhật"),
        source="pitfalls 2",
        caught_by=(
            "recalled-out-of-reach", "assigned-recall-applied", "finished-recall-answer-true",
            "reasonless-recall-answer-true", "recalled-by-header-id", "updated-then-recalled", "recall-found-by-id",
            "updated-subject-shown", "updated-file-shown", "update-found-by-id", "second-update-applied",
            "reasonless-update-answer-true", "both-flags-content-applied", "update-in-work-applied",
        ),
    )  # fmt: skip

    def carry_out(self, order: Incoming, targets: Sequence[Incoming], data: bytes, reason: str) -> None:
        """Nothing is done."""


class AnswersNoChange(Dms):
    """Carries recalls, updates and take-backs out and never says so."""

    mutant = Mutant(
        "answers-no-change",
        Text("carries out recalls and updates without an answer", "thu hồi, cập nhật xong nhưng không trả lời"),
        source="pitfalls 8",
        caught_by=(
            "recall-answered-with-15", "assigned-recall-answered", "finished-recall-answered",
            "reasonless-recall-answered", "owner-recall-answered", "update-answered-with-15", "second-update-answered",
            "receivers-update-answered", "both-flags-answered", "reasonless-update-answered", "owner-update-answered",
            "owner-take-back-answered",
        ),
    )  # fmt: skip

    def codes_for_done(self) -> tuple[str, ...]:
        """No code."""
        return ()


class RecallsWithoutTrace(Dms):
    """Deletes the recalled document and the recall itself, without a trace."""

    mutant = Mutant(
        "forgets-recall",
        Text("deletes a recalled document without a trace", "xóa văn bản bị thu hồi không để lại vết"),
        source="pitfalls 8",
        caught_by=("recall-record-kept", "two-history-entries"),
    )

    def documents(self, box: str) -> list[dict[str, Any]]:
        """Neither the one nor the other."""
        rows = super().documents(box)
        return [row for row in rows if box == "out" or not (row["state"] == "recalled" or row["kind"] == "recall")]


class KeepsNoHistory(Dms):
    """Applies recalls and updates and shows no row for them."""

    mutant = Mutant(
        "keeps-no-history",
        Text("keeps no history of recalls and updates", "không lưu lịch sử thu hồi, cập nhật"),
        source="BZ-09",
        caught_by=("two-history-entries", "update-in-history", "both-updates-in-history"),
    )

    def documents(self, box: str) -> list[dict[str, Any]]:
        """Documents only."""
        rows = super().documents(box)
        return [row for row in rows if box == "out" or row["kind"] not in ("recall", "update")]


class AnswersUnderInternalId(Dms):
    """Names its own record number in the answer to a recall or update."""

    mutant = Mutant(
        "answers-under-internal-id",
        Text("names an internal number instead of the DocumentId", "trả lời bằng mã nội bộ thay cho DocumentId"),
        source="pitfalls 26",
        caught_by=("recall-answer-names-the-document", "update-answer-names-the-packet"),
    )

    def receiver_status(self, row: Incoming, code: str, stamp: datetime, reason: str) -> StatusPacket:
        """Its sequence number."""
        change = row.kind in ("recall", "update")
        return super().receiver_status(
            replace(row, document_id=f"{row.seq:08}") if change else row, code, stamp, reason
        )


class AnswersWithIsoTime(Dms):
    """Writes the time of 15 and 16 in ISO 8601."""

    mutant = Mutant(
        "answers-with-iso-time",
        Text("writes the time of 15 and 16 in ISO 8601", "ghi thời gian của 15, 16 theo ISO 8601"),
        source="pitfalls 24",
        caught_by=("recall-answer-lint-clean", "update-answer-lint-clean"),
    )

    def encode(self, packet: Packet) -> bytes:
        """A T between date and time, a zone behind."""
        data = super().encode(packet)
        if not isinstance(packet, StatusPacket) or packet.code not in ("15", "16") or not packet.timestamp:
            return data
        return data.replace(codec.timestamp_text(packet.timestamp).encode(), packet.timestamp.isoformat().encode())


class WorksOnRecalled(Dms):
    """Lets its officers go on with a document that was recalled."""

    mutant = Mutant(
        "works-on-recalled",
        Text("goes on working with a recalled document", "vẫn xử lý văn bản đã bị thu hồi"),
        source="BZ-05",
        caught_by=("recalled-not-workable", "taken-back-not-workable", "no-status-after-giving-back"),
    )

    def state_after(self, row: Incoming, action: str) -> str | None:
        """Recalled is as good as accepted."""
        return super().state_after(replace(row, state="accepted") if row.state == "recalled" else row, action)


class RecallsOnlyUnread(Dms):
    """Refuses a recall once somebody works with the document."""

    mutant = Mutant(
        "recalls-only-unread",
        Text("refuses to recall what was accepted", "từ chối thu hồi văn bản đã tiếp nhận"),
        source="BZ-05",
        caught_by=("assigned-recall-answered", "assigned-recall-applied"),
    )

    def objection(self, found: Examined, targets: Sequence[Incoming], *, is_recall: bool) -> Text | None:
        """Too late."""
        if is_recall and targets and targets[-1].state not in ("arrived", "recalled"):
            return Text("somebody works on it", "văn bản đang được xử lý")
        return super().objection(found, targets, is_recall=is_recall)


MUTANTS: tuple[type[Dms], ...] = (
    DropsOtherThanNew, LabelsOnly, AnswersNoChange, RecallsWithoutTrace, KeepsNoHistory, AnswersUnderInternalId,
    AnswersWithIsoTime, WorksOnRecalled, RecallsOnlyUnread,
)  # fmt: skip
