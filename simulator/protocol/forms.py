"""How the text of a leaf is read and written: numbers, yes and no, dates, time stamps (wire.md C.1).

Reading never raises: what has not the wire's form is None, and its text stays in the reading's leaves.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from simulator.clock import VIETNAM
from simulator.protocol.layout import Form

__all__ = ["READ", "WRITE", "date_text", "read_date", "read_timestamp", "timestamp_text"]

_INT = re.compile(r"-?[0-9]{1,9}\Z")
_DATE = re.compile(r"([0-9]{4})/([0-9]{2})/([0-9]{2})\Z")
_TIMESTAMP = re.compile(r"([0-9]{4})/([0-9]{2})/([0-9]{2}) ([0-9]{2}):([0-9]{2}):([0-9]{2})\Z")


def read_date(text: str) -> date | None:
    """``yyyy/MM/dd`` as a real calendar date, else None."""
    if match := _DATE.match(text):
        try:
            return date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            return None
    return None


def read_timestamp(text: str) -> datetime | None:
    """``yyyy/MM/dd HH:mm:ss``, read as +07:00 (QĐ 28/2018 art. 14.4), else None."""
    if match := _TIMESTAMP.match(text):
        try:
            return datetime(*(int(group) for group in match.groups()), tzinfo=VIETNAM)  # type: ignore[misc,arg-type]  # six groups
        except ValueError:
            return None
    return None


def date_text(value: date) -> str:
    """``yyyy/MM/dd``."""
    return f"{value.year:04}/{value.month:02}/{value.day:02}"


def timestamp_text(value: datetime) -> str:
    """``yyyy/MM/dd HH:mm:ss`` in Vietnamese time."""
    local = value.astimezone(VIETNAM)
    return f"{date_text(local)} {local.hour:02}:{local.minute:02}:{local.second:02}"


READ: dict[Form, Callable[[str], Any]] = {
    Form.TEXT: lambda text: text,
    Form.INT: lambda text: int(text) if _INT.match(text) else None,
    Form.BOOL: lambda text: {"true": True, "false": False}.get(text.lower()),
    Form.DATE: read_date,
    Form.TIMESTAMP: read_timestamp,
}
WRITE: dict[Form, Callable[[Any], str]] = {
    Form.TEXT: str,
    Form.INT: str,
    Form.BOOL: lambda value: "true" if value else "false",
    Form.DATE: date_text,
    Form.TIMESTAMP: timestamp_text,
}
