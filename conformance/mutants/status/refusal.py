"""Wrong refusals: not told, without the reason, or not meant."""

from datetime import datetime
from typing import Any

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms
from simulator.agency.kit.store import Incoming
from simulator.protocol.package import StatusPacket
from simulator.words import Text

__all__ = ["MUTANTS"]


class HidesRejection(Dms):
    """Refuses in its own book only: the sender is not told."""

    mutant = Mutant(
        "hides-rejection",
        Text("refuses without sending 02", "từ chối mà không gửi 02"),
        source="pitfalls 20",
        caught_by=("refusal-reported",),
    )

    def codes_of(self, action: str) -> tuple[str, ...]:
        """Everything but 02."""
        return () if action == "refuse" else super().codes_of(action)


class CannedDescriptions(Dms):
    """Describes every status by the fixed words of its code; what the clerk wrote is lost."""

    mutant = Mutant(
        "canned-descriptions",
        Text("sends fixed words instead of the clerk's reason", "gửi câu mẫu thay cho lý do của văn thư"),
        source="pitfalls 7",
        caught_by=("refusal-carries-the-reason", "declined-with-reason"),
    )

    def receiver_status(self, row: Incoming, code: str, stamp: datetime, reason: str) -> StatusPacket:
        """Without the reason the Description is the code's meaning."""
        return super().receiver_status(row, code, stamp, "")


class AcceptsRefused(Dms):
    """Lets a clerk accept what was refused already."""

    mutant = Mutant(
        "accepts-refused",
        Text("accepts a document after it was refused", "tiếp nhận văn bản đã bị từ chối"),
        source="requirement ST-10",
        caught_by=("nothing-after-refusal",),
    )

    def state_after(self, row: Incoming, action: str) -> str | None:
        """A refusal is no end."""
        return "accepted" if (row.state, action) == ("refused", "accept") else super().state_after(row, action)


class ShowsRefusedAsWaiting(Dms):
    """Keeps showing a refused document among those that wait for the clerk."""

    mutant = Mutant(
        "shows-refused-as-waiting",
        Text("still shows a refused document as just arrived", "vẫn hiển thị văn bản đã từ chối là mới đến"),
        source="requirement ST-05",
        caught_by=("refused-shown-as-refused",),
    )

    def shown_incoming(self, row: Incoming) -> dict[str, Any]:
        """The line of a refused document is that of a new one."""
        line = super().shown_incoming(row)
        return line | {"state": "arrived"} if row.state == "refused" else line


MUTANTS: tuple[type[Dms], ...] = (HidesRejection, CannedDescriptions, AcceptsRefused, ShowsRefusedAsWaiting)
