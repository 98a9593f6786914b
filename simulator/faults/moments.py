"""Faults of time: the axis's clock, the order of its list, and when something is listed."""

from datetime import datetime, timedelta
from typing import Any

from simulator.faults.fault import LISTS, Fault, Kind, Strike, edited
from simulator.words import Text

__all__ = ["FAULTS"]

_FORM = "%Y/%m/%d %H:%M:%S"


def _shifted(members: dict[str, Any], strike: Strike) -> bool:
    lines = [line for line in members.get("data") or () if strike.whom.means(line)]
    for line in lines:
        for name in ("created_time", "updated_time"):
            line[name] = _moved(str(line.get(name) or ""), timedelta(hours=float(strike.options["hours"])))
    return bool(lines)


def _moved(text: str, by: timedelta) -> str:
    try:
        return (datetime.strptime(text, _FORM) + by).strftime(_FORM)
    except ValueError:
        return text


def _shuffled(members: dict[str, Any], strike: Strike) -> bool:
    lines = list(members.get("data") or ())
    if len(lines) < 2:
        return False
    members["data"] = lines[::-1] if len(lines) == 2 else strike.random.sample(lines, len(lines))
    return True


def _held_back(members: dict[str, Any], strike: Strike) -> bool:
    lines = list(members.get("data") or ())
    members["data"] = [line for line in lines if not strike.whom.means(line)]
    return len(members["data"]) < len(lines)


FAULTS: tuple[Fault, ...] = (
    Fault(
        "clock-shift",
        Text("the clock of the axis is wrong by hours", "đồng hồ của trục sai nhiều giờ"),
        Kind.TIME,
        edited(_shifted),
        operations=LISTS,
        options={"hours": 36.0},
    ),
    Fault(
        "shuffled-list",
        Text("the list comes in another order each time", "danh sách mỗi lần một thứ tự khác"),
        Kind.TIME,
        edited(_shuffled),
        operations=LISTS,
    ),
    Fault(
        "list-held-back",
        Text("what has come is listed only later, all at once", "gói đã đến nhưng sau mới liệt kê, tất cả một lượt"),
        Kind.TIME,
        edited(_held_back),
        operations=LISTS,
    ),
)
