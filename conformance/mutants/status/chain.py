"""Wrong chains: statuses that leave too early, too late, twice, never, or for the wrong document."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms
from simulator.agency.kit.store import Incoming, Letter
from simulator.protocol import codec
from simulator.protocol.package import Kind
from simulator.words import Text

__all__ = ["MUTANTS"]


class StartsOnAccept(Dms):
    """Sends 03 and 05 in the same instant, when the clerk accepts."""

    mutant = Mutant(
        "starts-on-accept",
        Text("reports 05 together with 03", "gửi 05 cùng lúc với 03"),
        source="pitfalls 4",
        caught_by=("processing-not-before-start", "acceptance-and-processing-apart"),
    )

    def codes_of(self, action: str) -> tuple[str, ...]:
        """Two codes for one act."""
        return ("03", "05") if action == "accept" else super().codes_of(action)


class OneTimeForAll(Dms):
    """Gives every status of a document the time of its first one."""

    mutant = Mutant(
        "one-time-for-all",
        Text("stamps every status with the time of the first", "mọi trạng thái mang thời điểm của trạng thái đầu"),
        source="pitfalls 4",
        caught_by=("acceptance-and-processing-apart",),
    )

    def stamp_for(self, lane: str) -> datetime:
        """The last Timestamp once more."""
        return codec.read_timestamp(self.store.last_stamp(lane)) or super().stamp_for(lane)


class AcceptsOnOpen(Dms):
    """Reports 03 as soon as the document is there, before any clerk has registered it."""

    mutant = Mutant(
        "accepts-on-open",
        Text("reports 03 on arrival", "gửi 03 ngay khi văn bản đến"),
        source="pitfalls 5",
        caught_by=("acceptance-not-on-arrival", "only-arrival-before-accept"),
    )

    def codes_on_arrival(self) -> tuple[str, ...]:
        """01, and at once 03."""
        return ("01", "03")


class OnlyTransport(Dms):
    """Sends, receives and reports 01; what happens at the desk never reaches the axis."""

    mutant = Mutant(
        "only-transport",
        Text("reports nothing of what the clerks do", "không báo gì về thao tác của văn thư"),
        source="pitfalls 19",
        caught_by=(
            "acceptance-reported",
            "assignment-reported",
            "processing-reported",
            "action-reported-for-its-document",
        ),
    )

    def codes_of(self, action: str) -> tuple[str, ...]:
        """None."""
        return ()


class RelaySwallowsStatus(Dms):
    """Hands its statuses to a relay inside the house, which says yes and forwards nothing."""

    mutant = Mutant(
        "relay-swallows-status",
        Text("takes a status for sent that never reached the axis", "coi trạng thái đã gửi dù chưa hề đến trục"),
        source="pitfalls 14",
        caught_by=("acceptance-reported", "status-reaches-old-code"),
    )

    async def send_letter(self, letter: Letter) -> bool:
        """Documents leave, statuses are only marked as sent."""
        if letter.message_type != Kind.STATUS:
            return await super().send_letter(letter)
        self.letter_left(letter)
        return True


class NeverFinishes(Dms):
    """Closing the task sends no 06: that needs a second button, on another screen."""

    mutant = Mutant(
        "never-finishes",
        Text("does not report 06 when the work is finished", "hoàn thành xử lý nhưng không gửi 06"),
        source="pitfalls 3",
        caught_by=("finish-reported-by-itself", "short-chain-complete"),
    )

    def codes_of(self, action: str) -> tuple[str, ...]:
        """Everything but 06."""
        return () if action == "finish" else super().codes_of(action)


class AssignmentOvertaken(Dms):
    """Lets 05 overtake 04: the assignment leaves when the work has begun already."""

    mutant = Mutant(
        "assignment-overtaken",
        Text("sends 04 only after 05", "gửi 04 sau 05"),
        source="pitfalls 15",
        caught_by=("chain-in-order",),
    )

    def announce(self, row: Incoming, codes: tuple[str, ...], reason: str) -> Incoming:
        """Holds 04 back, and puts it behind the 05 of the same document."""
        before = [each.state for each in self.store.incoming(row.document_id) if each.seq == row.seq]
        if codes == ("04",):
            codes = ()
        elif codes == ("05",) and before == ["assigned"]:
            codes = ("05", "04")
        return super().announce(row, codes, reason)


class ReportsTwice(Dms):
    """Reports every status twice, a second apart."""

    mutant = Mutant(
        "reports-twice",
        Text("reports every status twice", "gửi mỗi trạng thái hai lần"),
        source="requirement ST-11",
        caught_by=("each-status-once",),
    )

    def announce(self, row: Incoming, codes: tuple[str, ...], reason: str) -> Incoming:
        """Once, and once more."""
        return super().announce(super().announce(row, codes, reason), codes, reason)


class InventsAssignment(Dms):
    """Fills the gap before 05 with a 04 that nobody made."""

    mutant = Mutant(
        "invents-assignment",
        Text("reports an assignment that never was", "tự sinh 04 dù không ai phân công"),
        source="pitfalls 23",
        caught_by=("assignment-not-invented",),
    )

    def codes_of(self, action: str) -> tuple[str, ...]:
        """Start implies an assignment."""
        return ("04", "05") if action == "start" else super().codes_of(action)


class RegistersAllWaiting(Dms):
    """Accepting one document registers everything that waits from that sender."""

    mutant = Mutant(
        "registers-all-waiting",
        Text("accepts the neighbours of an accepted document too", "tiếp nhận luôn các văn bản đang chờ cùng bên gửi"),
        source="requirement ST-12",
        caught_by=("neighbour-untouched",),
    )

    def move(self, rows: Sequence[Incoming], action: str, reason: str) -> None:
        """The act, and the same act for the others."""
        super().move(rows, action, reason)
        for other in self.store.incoming() if action == "accept" else ():
            if other.state == "arrived" and other.sender == rows[-1].sender:
                self.announce(replace(other, state="accepted"), self.codes_of(action), "")


MUTANTS: tuple[type[Dms], ...] = (
    StartsOnAccept, OneTimeForAll, AcceptsOnOpen, OnlyTransport, RelaySwallowsStatus, NeverFinishes,
    AssignmentOvertaken, ReportsTwice, InventsAssignment, RegistersAllWaiting,
)  # fmt: skip
