"""What a finished run looks like over time and per system: the rows behind the plots and tables of its report. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from math import ceil, log10
from typing import Any

from loadtests.histograms import INTERVAL_SECONDS, Histogram, Interval, merge
from loadtests.oracle import Reckoning
from loadtests.plan import Plan
from loadtests.sends import Try

__all__ = ["latency_series", "system_rows", "throughput"]

_BINS_PER_DECADE = 10
_MOST_POINTS = 240
"""Points of a plot: what is longer is put together."""


def _step(longest: float, finest: float) -> float:
    """A whole multiple of ``finest`` that cuts ``longest`` into at most _MOST_POINTS."""
    return finest * max(1, -(-int(longest / finest + 1) // _MOST_POINTS))


def latency_series(intervals: Iterable[Interval]) -> dict[str, Any]:
    """Per operation (its intended latencies, or service ones where it has no others): ``over_time`` [t, count, p50,
    p99, max] and ``bins`` [upper seconds, count] for a picture with a logarithmic axis."""
    every = tuple(intervals)
    kinds: dict[str, set[str]] = defaultdict(set)
    for each in every:
        kinds[each.key.op].add(each.key.what)
    step = _step(max((each.end for each in every), default=0.0), INTERVAL_SECONDS)
    found: dict[str, dict[float, list[Histogram]]] = defaultdict(lambda: defaultdict(list))
    for each in every:
        if each.key.what == ("intended" if "intended" in kinds[each.key.op] else each.key.what):
            found[each.key.op][each.start // step * step].append(each.histogram)
    return {
        op: {
            "what": "intended" if "intended" in kinds[op] else "service",
            "over_time": [_point(at, merge(group)) for at, group in sorted(groups.items())],
            "bins": _bins(merge(each for group in groups.values() for each in group)),
        }
        for op, groups in sorted(found.items())
    }


def _point(at: float, histogram: Histogram) -> list[float]:
    p50, p99 = histogram.quantiles((0.5, 0.99))
    return [at, histogram.count, p50, p99, histogram.maximum]


def _bins(histogram: Histogram) -> list[list[float]]:
    """[upper edge in seconds, count], a tenth of a decade each, from 10 µs on."""
    counts: Counter[int] = Counter()
    for seconds, count in histogram.items():
        counts[ceil(log10(max(seconds, 1e-5)) * _BINS_PER_DECADE - 1e-9)] += count
    return [[10 ** (index / _BINS_PER_DECADE), counts[index]] for index in sorted(counts)]


def throughput(plan: Plan, due: frozenset[int], tried: Iterable[Try], arrived: Iterable[float]) -> list[list[float]]:
    """[t, planned, accepted, delivered] a second, by interval: arrivals and completions apart (pitfall 156)."""
    planned = [each.at for each in plan.arrivals if each.number in due]
    accepted = [each.done for each in tried if each.ok]
    columns = (planned, accepted, list(arrived))
    longest = max((at for column in columns for at in column), default=0.0)
    step = _step(longest, min(INTERVAL_SECONDS, max(1.0, plan.seconds / 60)))
    counted = [Counter(int(at // step) for at in column) for column in columns]
    return [[slot * step, *(column[slot] / step for column in counted)] for slot in range(int(longest // step) + 1)]


def system_rows(plan: Plan, tried: Iterable[Try], reckoning: Reckoning) -> list[dict[str, Any]]:
    """One row per system that sent or was owed anything: counts, and p99 of sending and of what it waited for."""
    sends: dict[str, list[Try]] = defaultdict(list)
    for each in tried:
        sends[each.system].append(each)
    at = {each.document_id: each.at for each in plan.arrivals}
    owed: dict[str, Counter[str]] = defaultdict(Counter)
    waits: dict[str, list[float]] = defaultdict(list)
    for journey in reckoning.documents:
        owed[journey.unit][journey.fate] += 1
        if journey.arrived is not None:
            waits[journey.unit].append(journey.arrived - at.get(journey.label, journey.begun))
    systems = (*plan.systems, *((plan.sut,) if plan.sut else ()))
    rows = []
    for each in systems:
        tries, fates = sends.get(each.system_id, []), owed.get(each.unit, Counter())
        if not tries and not fates:
            continue
        took = [send.done - send.intended for send in tries if send.ok]
        rows.append({
            "system": each.system_id,
            "unit": each.unit,
            "offline": each.system_id in plan.polls.offline,
            "sent": len(tries),
            "accepted": sum(send.ok for send in tries),
            "owed": fates.total(),
            **{fate: fates[fate] for fate in ("delivered", "waiting", "given_back", "lost")},
            "send_p99": Histogram.of(took).quantile(0.99) if took else None,
            "deliver_p99": Histogram.of(waits[each.unit]).quantile(0.99) if waits[each.unit] else None,
        })  # fmt: skip
    return rows
