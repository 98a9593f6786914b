"""What became of everything that was posted: the account of a run, each line a count and the documents.

``deliveries_expected = delivered + waiting + given_back + lost`` holds by construction, for documents and, in
``statuses``, for status packets. Counts are exact; at most ``MOST_LISTED`` documents are named a line.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from simulator.words import Text

__all__ = ["LINES", "MOST_LISTED", "Account", "Listed", "listed"]

MOST_LISTED = 1_000


@dataclass(frozen=True, slots=True)
class Listed:
    """How many, and which (the first ``MOST_LISTED``)."""

    count: int = 0
    documents: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """``{"count", "documents"}``."""
        return {"count": self.count, "documents": list(self.documents)}


def listed(documents: Iterable[str]) -> Listed:
    """All of them counted, the first named."""
    every = tuple(documents)
    return Listed(len(every), every[:MOST_LISTED])


NONE = Listed()


@dataclass(frozen=True, slots=True)
class Account:
    """One run's books. ``accepted``: documents that the axis took; the other lines count deliveries (document × unit),
    except refused, dropped and unanswered, which count documents. LINES says what each means."""

    accepted: int = 0
    deliveries_expected: int = 0
    delivered: int = 0
    waiting: Listed = NONE
    given_back: Listed = NONE
    lost: Listed = NONE
    doubled: Listed = NONE
    strangers: Listed = NONE
    altered: Listed = NONE
    late: Listed = NONE
    out_of_order: Listed = NONE
    refused: Listed = NONE
    dropped: Listed = NONE
    unanswered: Listed = NONE
    unconfirmed: Listed = NONE
    unreported: Listed = NONE
    unaccepted: Listed = NONE
    repeated: Listed = NONE
    statuses: "Account | None" = None

    def total(self, line: str) -> int:
        """The count of one of LINES, documents and statuses together."""
        value = getattr(self, line)
        own: int = value.count if isinstance(value, Listed) else value
        return own + (self.statuses.total(line) if self.statuses else 0)

    def to_json(self) -> dict[str, Any]:
        """Every line by name; ``statuses`` is an account of its own, or missing."""
        said: dict[str, Any] = {}
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, Listed | Account):
                value = value.to_json()
            if value is not None:
                said[each.name] = value
        return said


LINES: dict[str, Text] = {
    "accepted": Text("accepted by the axis", "trục đã tiếp nhận"),
    "deliveries_expected": Text("deliveries owed", "lượt phải chuyển đến"),
    "delivered": Text("delivered", "đã đến nơi nhận"),
    "waiting": Text("still waiting for their receiver", "còn chờ bên nhận lấy"),
    "given_back": Text("given back by their receiver (confirmed as fail)", "bên nhận trả lại (xác nhận fail)"),
    "lost": Text("lost: accepted, and nowhere any more", "mất: đã tiếp nhận nhưng không còn ở đâu"),
    "doubled": Text("delivered more than once", "chuyển đến quá một lần"),
    "strangers": Text("delivered to someone they were not sent to", "chuyển đến nơi không được gửi"),
    "altered": Text("altered on the way", "bị thay đổi trên đường đi"),
    "late": Text("late: more than two polls after acceptance", "đến muộn: hơn hai lần hỏi sau khi tiếp nhận"),
    "out_of_order": Text("overtaken by a later one of the same pair", "bị văn bản sau của cùng cặp vượt lên trước"),
    "refused": Text("refused by the axis", "bị trục từ chối"),
    "dropped": Text("planned and never sent", "có trong kế hoạch nhưng không gửi được"),
    "unanswered": Text("sent, and no usable answer came", "đã gửi nhưng không có trả lời dùng được"),
    "unconfirmed": Text("fetched by the system, never confirmed", "hệ thống đã lấy nhưng không xác nhận"),
    "unreported": Text("taken by the system, neither 01 nor 02 reported", "hệ thống đã nhận nhưng không báo 01 hay 02"),
    "unaccepted": Text("accepted by its clerk, 03 never reported", "văn thư đã tiếp nhận nhưng không báo 03"),
    "repeated": Text("reports that the system sent again", "báo cáo hệ thống gửi lặp lại"),
}
"""Line of the account -> what it says to people."""
