"""01 … 06, 13, 15, 16: what each code means, who may say it, what may precede it. One table.

Sources: SDK samples (codes, names, directions; wire.md C.5); the order is derived (regulation.md 6, ST-10):
07-12 and 14 were seen nowhere. A document at one receiver is in one ``State``; a status moves it or does not.
"""

from dataclasses import dataclass
from enum import StrEnum

from simulator.words import Text

__all__ = ["CODES", "TRANSITIONS", "Direction", "State", "StatusCode", "known", "step"]


class Direction(StrEnum):
    """Who says it to whom. ResponseFor/OrganId is always the addressee."""

    BY_RECEIVER = "receiver to sender"
    BY_SENDER = "sender to receiver"


class State(StrEnum):
    """Where a document stands at one receiver, as the sender may know it."""

    SENT = "sent"
    ARRIVED = "arrived"
    REJECTED = "rejected"
    ACCEPTED = "accepted"
    ASSIGNED = "assigned"
    PROCESSING = "processing"
    FINISHED = "finished"
    RECALLED = "recalled"


@dataclass(frozen=True, slots=True)
class StatusCode:
    """One code. ``word`` is the vendor sample's name; ``needs_reason``: Description must not be empty."""

    code: str
    word: str
    meaning: Text
    direction: Direction
    needs_reason: bool = False


CODES: tuple[StatusCode, ...] = (
    StatusCode("01", "inbox", Text("arrived in the system, the clerk has not handled it", "đã đến, văn thư chưa xử lý"),
               Direction.BY_RECEIVER),
    StatusCode("02", "rejection", Text("the clerk refuses the document", "từ chối tiếp nhận"),
               Direction.BY_RECEIVER, needs_reason=True),
    StatusCode("03", "acceptance", Text("received and registered", "đã tiếp nhận, vào sổ đến"), Direction.BY_RECEIVER),
    StatusCode("04", "assignment", Text("assigned by the leader", "phân công xử lý"), Direction.BY_RECEIVER),
    StatusCode("05", "processing", Text("being processed", "đang xử lý"), Direction.BY_RECEIVER),
    StatusCode("06", "finish", Text("processing finished", "hoàn thành"), Direction.BY_RECEIVER),
    StatusCode("13", "cancellation", Text("asks to take the document back", "yêu cầu lấy lại"),
               Direction.BY_SENDER, needs_reason=True),
    StatusCode("15", "change-acceptance", Text("agrees to the update or recall", "đồng ý cập nhật, lấy lại"),
               Direction.BY_RECEIVER),
    StatusCode("16", "change-rejection", Text("refuses the update or recall", "từ chối cập nhật, lấy lại"),
               Direction.BY_RECEIVER, needs_reason=True),
)  # fmt: skip

TRANSITIONS: dict[tuple[State, str], State] = {
    (State.SENT, "01"): State.ARRIVED,
    (State.SENT, "02"): State.REJECTED,  # 01 may be left out before a refusal (contract, section 4)
    (State.ARRIVED, "02"): State.REJECTED,
    (State.ARRIVED, "03"): State.ACCEPTED,
    (State.ACCEPTED, "04"): State.ASSIGNED,
    (State.ACCEPTED, "05"): State.PROCESSING,  # 04 may be skipped
    (State.ASSIGNED, "05"): State.PROCESSING,
    (State.PROCESSING, "06"): State.FINISHED,
} | {(state, "15"): State.RECALLED for state in State if state not in (State.REJECTED, State.RECALLED)}
"""Moves forward only. 13 and 16 move nothing; 15 takes the document back where one was asked for."""


def known(code: str) -> StatusCode | None:
    """The line of that code, or None for a code that was never seen."""
    return next((line for line in CODES if line.code == code), None)


def step(state: State, code: str) -> State | None:
    """The state after ``code``, or None where the table allows no such move from ``state``."""
    return TRANSITIONS.get((state, code))
