"""Dates ``yyyy/MM/dd`` and time stamps ``yyyy/MM/dd HH:mm:ss`` (regulation.md 5; HD-13, HD-22, HD-33, ST-14).

A text is judged once: it is *right*, *another form* of a real date, or *impossible*. Nothing here asks what day it is
today: lint says the same of the same bytes for ever.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from enum import Enum, auto

from simulator.protocol.codec import Reading, date_text, read_date, read_timestamp
from simulator.protocol.package import Package
from simulator.protocol.rules.rule import Basis, Breach, Level, Rule, filled, of_package, rule, shown
from simulator.words import Text

__all__ = ["RULES", "Written", "timestamp_written"]

_DATES = (
    "MessageHeader/PromulgationInfo/PromulgationDate",
    "MessageHeader/DueDate",
    "MessageHeader/ResponseFor/PromulgationDate",
)
_STAMPS = ("MessageHeader/Timestamp", "TraceHeaderList/TraceHeader/Timestamp")
_NO_DATES = frozenset({(1, 1, 1), (1900, 1, 1), (1970, 1, 1), (9999, 12, 31)})
_TIME = r"(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(?:Z|[+-]\d{2}:?\d{2})?)?\Z"
_YEAR_FIRST = re.compile(r"(\d{4})[/.-]?(\d{1,2})[/.-]?(\d{1,2})" + _TIME)
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})" + _TIME)


class Written(Enum):
    """How a date is written."""

    RIGHT = auto()
    OTHER_FORM = auto()
    IMPOSSIBLE = auto()


def _exists(text: str) -> bool:
    """True where ``text`` is a day of the calendar in some usual form, perhaps with a time."""
    if match := _YEAR_FIRST.match(text):
        year, month, day = match[1], match[2], match[3]
    elif match := _DAY_FIRST.match(text):
        year, month, day = match[3], match[2], match[1]
    else:
        return False
    try:
        hour, minute, second = (int(part or 0) for part in match.groups()[3:6])
        datetime(int(year), int(month), int(day), hour, minute, second)
    except ValueError:
        return False
    return True


def _date_written(text: str) -> Written:
    if read_date(text):
        return Written.RIGHT
    return Written.OTHER_FORM if _exists(text) else Written.IMPOSSIBLE


def timestamp_written(text: str) -> Written:
    """How a time stamp is written."""
    if read_timestamp(text):
        return Written.RIGHT
    return Written.OTHER_FORM if _exists(text) else Written.IMPOSSIBLE


@rule(
    "date-impossible",
    "HD-13",
    level=Level.ERROR,
    basis=Basis.SDK,
    title=Text("A date is a day of the calendar", "Ngày phải có trong lịch"),
    unprocessable=Text(en="no day is meant by it", vi="không chỉ ra ngày nào"),
)
def date_impossible(reading: Reading) -> Iterator[Breach]:
    """2014/02/30, or no date at all."""
    for leaf, text in filled(reading, *_DATES):
        if _date_written(text) is Written.IMPOSSIBLE:
            yield Breach(
                leaf.path,
                Text(en=f"'{shown(text)}' is no day of the calendar", vi=f"'{shown(text)}' không phải ngày có thật"),
            )


@rule(
    "date-of-another-form",
    "HD-13",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text("A date is written yyyy/MM/dd", "Ngày viết theo dạng yyyy/MM/dd"),
)
def date_of_another_form(reading: Reading) -> Iterator[Breach]:
    """ISO 8601 and dd/MM/yyyy are read as no date by the vendor's library (pitfall 24)."""
    for leaf, text in filled(reading, *_DATES):
        if _date_written(text) is Written.OTHER_FORM:
            yield Breach(
                leaf.path,
                Text(en=f"'{shown(text)}' is not yyyy/MM/dd", vi=f"'{shown(text)}' không theo dạng yyyy/MM/dd"),
            )


@rule(
    "date-missing",
    "HD-13",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text("A document has a date of issue", "Văn bản có ngày ban hành"),
)
@of_package
def date_missing(_: Package, reading: Reading) -> Iterator[Breach]:
    """PromulgationInfo/PromulgationDate."""
    if not any(filled(reading, _DATES[0])):
        yield Breach(_DATES[0], Text(en="PromulgationDate is missing", vi="thiếu PromulgationDate"))


@rule(
    "date-is-a-placeholder",
    "HD-37",
    level=Level.WARN,
    basis=Basis.OBSERVED,
    title=Text("A date is not a program's zero", "Ngày không phải giá trị mặc định của phần mềm"),
)
def date_is_a_placeholder(reading: Reading) -> Iterator[Breach]:
    """0001/01/01, 1900/01/01, 1970/01/01, 9999/12/31: what programs write for 'none'."""
    for leaf, text in filled(reading, *_DATES, *_STAMPS):
        parts = _YEAR_FIRST.match(text)
        if parts and (int(parts[1]), int(parts[2]), int(parts[3])) in _NO_DATES:
            yield Breach(
                leaf.path,
                Text(en=f"{shown(text)} stands for no date", vi=f"{shown(text)} là ngày giả thay cho chỗ trống"),
            )


@rule(
    "due-before-issue",
    "HD-22",
    level=Level.WARN,
    basis=Basis.SDK,
    title=Text("A deadline is not before the date of issue", "Hạn trả lời không trước ngày ban hành"),
    good="many-receivers.edxml",
)
@of_package
def due_before_issue(package: Package, _: Reading) -> Iterator[Breach]:
    """DueDate earlier than PromulgationDate."""
    issued = package.promulgation.issued if package.promulgation else None
    if issued and package.due_date and package.due_date < issued:
        yield Breach(
            "MessageHeader/DueDate",
            Text(
                en=f"{date_text(package.due_date)} is before the date of issue, {date_text(issued)}",
                vi=f"{date_text(package.due_date)} trước ngày ban hành {date_text(issued)}",
            ),
        )


@rule(
    "issued-after-sending",
    "BD-04",
    level=Level.WARN,
    basis=Basis.OBSERVED,
    title=Text("A document is not dated after it was sent", "Ngày ban hành không sau lúc gửi"),
)
@of_package
def issued_after_sending(package: Package, _: Reading) -> Iterator[Breach]:
    """Compared with the latest hop in the packet, not with today."""
    issued = package.promulgation.issued if package.promulgation else None
    stamps = [hop.timestamp for hop in (package.trace.headers if package.trace else ()) if hop.timestamp]
    if issued and stamps and issued > max(stamps).date():
        last = date_text(max(stamps).date())
        yield Breach(
            _DATES[0],
            Text(
                en=f"dated {date_text(issued)}, but on its way by {last}",
                vi=f"ngày ban hành {date_text(issued)}, nhưng đã gửi từ {last}",
            ),
        )


@rule(
    "timestamp-impossible",
    "HD-33",
    "ST-14",
    level=Level.ERROR,
    basis=Basis.SDK,
    title=Text("A time stamp is a moment of the calendar", "Mốc thời gian phải có thật"),
    unprocessable=Text(en="no moment is meant by it", vi="không chỉ ra thời điểm nào"),
)
def timestamp_impossible(reading: Reading) -> Iterator[Breach]:
    """An impossible day or hour, or no time at all."""
    for leaf, text in filled(reading, *_STAMPS):
        if timestamp_written(text) is Written.IMPOSSIBLE:
            yield Breach(
                leaf.path,
                Text(en=f"'{shown(text)}' is no moment in time", vi=f"'{shown(text)}' không phải thời điểm có thật"),
            )


RULES: tuple[Rule, ...] = (
    date_impossible,
    date_of_another_form,
    date_missing,
    date_is_a_placeholder,
    due_before_issue,
    issued_after_sending,
    timestamp_impossible,
)
