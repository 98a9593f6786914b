"""What became of sending each planned document: try by try, and at last. Pure but for reading the ledgers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from loadtests.run_folder import LoadRun

__all__ = ["Sends", "sends_of"]


@dataclass(frozen=True, slots=True)
class Sends:
    """``outcomes``: number -> accepted, refused, unanswered or unsent; ``lags``: seconds from the planned to the real
    start of each first try; ``due``: the numbers that had to be sent (all; in the closed model those it came to)."""

    outcomes: Mapping[int, str]
    lags: tuple[float, ...]
    size_classes: Mapping[int, str]
    tried: tuple[Mapping[str, Any], ...]
    due: frozenset[int]


def sends_of(run: LoadRun) -> Sends:
    """Read the ledgers of ``run``. Raises RunIncomplete."""
    told = tuple(event for event in run.events() if event["e"] in ("sent", "dropped"))
    tried = tuple(event for event in told if event["e"] == "sent")
    dropped = {int(event["n"]) for event in told if event["e"] == "dropped"}
    open_model = run.plan.model != "closed"
    due = frozenset(each.number for each in run.plan.arrivals) if open_model else frozenset(
        {int(each["n"]) for each in tried} | dropped
    )  # fmt: skip
    outcomes = dict.fromkeys(sorted(due), "unsent")
    for event in tried:
        number = int(event["n"])
        if outcomes.get(number) != "accepted":
            outcomes[number] = "accepted" if event["ok"] else "refused" if event.get("code") else "unanswered"
    first: dict[int, Mapping[str, Any]] = {}
    for event in tried:
        first.setdefault(int(event["n"]), event)
    return Sends(
        outcomes={number: outcome for number, outcome in outcomes.items() if number in due},
        lags=tuple(float(each["begun"]) - float(each["intended"]) for each in first.values()),
        size_classes={number: str(event.get("size_class", "")) for number, event in first.items()},
        tried=tried,
        due=due,
    )
