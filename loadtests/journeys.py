"""From the journeys of documents and statuses to latencies: what a receiver waits, which no single request shows. Pure.

``delivered``: from the planned time of a send until its receiver has it; ``answered``: until its sender sees that
receiver's 01; ``reported``: from the moment a receiver reports any status until the sender has the report;
``accepted``: from the moment the clerk of a system under test accepts until its 03 is on the axis. Units that do not
poll are left out: their wait is no latency.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from loadtests.histograms import INTERVAL_SECONDS, Histogram, Interval, Key, merge
from loadtests.parcels import Journey

__all__ = ["Letter", "merged_by_time", "of_acceptances", "of_documents", "of_statuses"]

_CALLED = {"answer": "status"}
"""What a worker calls an operation -> what thresholds and reports call it: the call that sends a status packet."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What a latency of a document is filed under: planned time, urgency, size class."""

    at: float
    urgency: int
    size_class: str


def of_documents(
    journeys: Iterable[Journey], letters: Mapping[str, Letter], without: frozenset[str]
) -> Iterator[Interval]:
    """``delivered`` latencies, intended and service, by interval. ``without``: units to leave out."""
    found: dict[tuple[int, Key], list[float]] = defaultdict(list)
    for each in journeys:
        letter = letters.get(each.label)
        if each.arrived is None or letter is None or each.unit in without:
            continue
        slot = int(each.arrived // INTERVAL_SECONDS)
        for what, since in (("intended", letter.at), ("service", each.begun)):
            found[slot, Key("delivered", letter.urgency, letter.size_class, what)].append(each.arrived - since)
    yield from _intervals(found)


def of_statuses(
    journeys: Iterable[Journey], letters: Mapping[str, Letter], without: frozenset[str]
) -> Iterator[Interval]:
    """``reported`` and ``answered`` latencies by interval. A status is labelled "document · code · reporting unit"."""
    found: dict[tuple[int, Key], list[float]] = defaultdict(list)
    for each in journeys:
        if each.arrived is None or each.unit in without:
            continue
        slot = int(each.arrived // INTERVAL_SECONDS)
        found[slot, Key("reported", 0, "", "intended")].append(each.arrived - each.begun)
        about, code, _ = each.subject if isinstance(each.subject, tuple) else each.subject.rsplit(" · ", 2)
        letter = letters.get(about)
        if code == "01" and letter is not None:
            found[slot, Key("answered", letter.urgency, letter.size_class, "intended")].append(each.arrived - letter.at)
    yield from _intervals(found)


def of_acceptances(events: Iterable[Mapping[str, Any]], system: str) -> Iterator[Interval]:
    """``accepted`` latencies of the system under test by interval; ``events``: act and answered."""
    asked: dict[str, float] = {}
    told: dict[str, float] = {}
    for event in events:
        if event["system"] == system and event["e"] == "act":
            asked[str(event["document_id"])] = float(event["begun"])
        elif event["system"] == system and event["status"] == "03":
            told.setdefault(str(event["about"]), float(event["done"]))
    found: dict[tuple[int, Key], list[float]] = defaultdict(list)
    for document in asked.keys() & told.keys():
        at = told[document]
        found[int(at // INTERVAL_SECONDS), Key("accepted", 0, "", "service")].append(max(0.0, at - asked[document]))
    yield from _intervals(found)


def _intervals(found: Mapping[tuple[int, Key], list[float]]) -> Iterator[Interval]:
    for (slot, key), latencies in sorted(found.items()):
        start = slot * INTERVAL_SECONDS
        yield Interval(start, start + INTERVAL_SECONDS, key, Histogram.of(latencies))


def merged_by_time(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """The intervals of all workers put together, one per key and slot of time."""
    groups: dict[tuple[int, Key], list[Histogram]] = defaultdict(list)
    for each in intervals:
        key = replace(each.key, op=_CALLED.get(each.key.op, each.key.op))
        groups[int((each.start + each.end) / 2 // INTERVAL_SECONDS), key].append(each.histogram)
    return tuple(
        Interval(slot * INTERVAL_SECONDS, (slot + 1) * INTERVAL_SECONDS, key, merge(found))
        for (slot, key), found in sorted(groups.items())
    )
