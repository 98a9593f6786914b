"""What became of sending each planned document: try by try, and at last. Pure but for reading the ledgers."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from loadtests.run_folder import LoadRun

__all__ = ["Sends", "Try", "sends_of"]


class Try(NamedTuple):
    """One send of one document. Times in seconds of the plan's clock."""

    system: str
    intended: float
    done: float
    ok: bool


@dataclass(frozen=True, slots=True)
class Sends:
    """``outcomes``: number -> accepted, refused, unanswered or unsent; ``lags``: seconds from the planned to the real
    start of each first try; ``due``: the numbers that had to be sent (all; in the closed model those it came to)."""

    outcomes: Mapping[int, str]
    lags: tuple[float, ...]
    size_classes: Mapping[int, str]
    tried: tuple[Try, ...]
    due: frozenset[int]


def sends_of(run: LoadRun) -> Sends:
    """Read the ledgers of ``run``. Raises RunIncomplete."""
    tried: list[Try] = []
    last: dict[int, str] = {}
    first: dict[int, tuple[float, str]] = {}
    dropped: set[int] = set()
    for event in run.events("sent", "dropped"):
        number = int(event["n"])
        if event["e"] == "dropped":
            dropped.add(number)
            continue
        tried.append(_try(event))
        if last.get(number) != "accepted":
            last[number] = "accepted" if event["ok"] else "refused" if event.get("code") else "unanswered"
        lag = float(event["begun"]) - float(event["intended"])
        first.setdefault(number, (lag, str(event.get("size_class", ""))))
    open_model = run.plan.model != "closed"
    due = frozenset(each.number for each in run.plan.arrivals) if open_model else frozenset(last.keys() | dropped)
    return Sends(
        outcomes={number: last.get(number, "unsent") for number in sorted(due)},
        lags=tuple(lag for lag, _ in first.values()),
        size_classes={number: size for number, (_, size) in first.items()},
        tried=tuple(tried),
        due=due,
    )


def _try(event: Mapping[str, Any]) -> Try:
    return Try(sys.intern(str(event["system"])), float(event["intended"]), float(event["done"]), bool(event["ok"]))
