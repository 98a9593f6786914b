"""Service levels: what a scenario promises, kept or broken, from merged intervals and the account. Pure.

Metrics: lost, doubled, strangers, altered, out_of_order, late, given_back, refused, unanswered (counts, documents and
statuses together) · of a system under test: unconfirmed, unreported, unaccepted, repeated (duties.py) · dropped_share,
failed_share (of the planned documents; work not sent counts as failed) · failed_calls_share (of everything else that
the nodes asked for: lists, fetches, confirmations, statuses) ·
p50, p95, p99, p99_9 and max with an operation, such as ``p99.send`` or ``p95.delivered`` (seconds, from the intended
time; ``p99.send.service``: from the moment it was sent) · backlog_slope (deliveries a second) ·
drain_seconds · capacity (documents accepted a second: one run shows that at least so much is carried).
With ``window_seconds`` latencies and shares must hold in every window of that length; the worst one is shown.
What each was judged over is said in words (spans.py).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf

from loadtests.account import Account
from loadtests.backlog import Backlog
from loadtests.calls import Calls
from loadtests.duties import DUTIES
from loadtests.histograms import QUANTILES, Histogram, Interval, merge
from loadtests.spans import span, windows
from simulator.words import Text

__all__ = ["ALWAYS", "COUNTS", "Kept", "Limit", "Measured", "judge", "latency_metric"]

COUNTS = (
    "lost", "doubled", "strangers", "altered", "out_of_order", "late", "given_back", "refused", "unanswered", *DUTIES,
)  # fmt: skip
"""The metrics that count documents and statuses together; the last are those of a system under test."""
ALWAYS = ("lost", "doubled", "strangers", "altered")
"""No scenario may allow these: each is 0 or the run is broken, whatever the latencies."""
_HOLDS: dict[str, Callable[[float, float], bool]] = {
    "<=": lambda seen, value: seen <= value,
    ">=": lambda seen, value: seen >= value,
    "==": lambda seen, value: seen == value,
}


@dataclass(frozen=True, slots=True)
class Limit:
    """One promise as the run folder keeps it: ``metric op value``, in every window of that length or over all."""

    metric: str
    op: str
    value: float
    window_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """What a run measured. ``outcomes``: of every planned document (intended time, accepted, refused, unanswered or
    unsent); ``calls``: what else was asked; ``missing``: deliveries to receivers that poll that never arrived, each of
    which took longer than any that did. Windows start at ``warm_up`` and end at ``seconds``."""

    account: Account
    intervals: tuple[Interval, ...]
    outcomes: tuple[tuple[float, str], ...]
    backlog: Backlog
    seconds: float
    warm_up: float = 0.0
    calls: Calls = field(default_factory=Calls)
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """One threshold judged. ``seen`` None and ``kept`` None: nothing was there to be measured, which is never green.
    ``over``: the part of the run that it was judged over, in words."""

    metric: str
    op: str
    value: float
    seen: float | None
    kept: bool | None
    window: float | None
    over: Text


def judge(measured: Measured, promises: Iterable[Limit], *, sut: bool = False) -> tuple[Kept, ...]:
    """Every threshold, with those of ALWAYS that the scenario leaves out, and for a system under test what it owes.

    Raises ValueError for an unknown metric.
    """
    given = [(each.metric, each.op, each.value, each.window_seconds) for each in promises]
    named = {metric for metric, *_ in given}
    missing = [(name, "==", 0.0, None) for name in (*ALWAYS, *(DUTIES if sut else ())) if name not in named]
    return tuple(_kept(measured, *each) for each in [*missing, *given])


def latency_metric(metric: str) -> tuple[float, str, str | None] | None:
    """(share, operation, kind or None) of a latency metric; None for any other."""
    name, _, rest = metric.partition(".")
    op, _, what = rest.partition(".")
    return (QUANTILES[name], op, what or None) if name in QUANTILES and op else None


def _kept(measured: Measured, metric: str, op: str, value: float, window: float | None) -> Kept:
    if op not in _HOLDS:
        raise ValueError(f"unknown comparison {op!r}")
    worst = min if op == ">=" else max
    seen = _seen(measured, metric, window, worst)
    over = span(
        metric, window, seconds=measured.seconds, warm_up=measured.warm_up, steady_from=measured.backlog.steady_from
    )
    if seen == inf or (metric == "drain_seconds" and seen is None):
        return Kept(metric, op, value, None, False, window, over)  # it never came, it never drained: that is an answer
    return Kept(metric, op, value, seen, None if seen is None else _HOLDS[op](seen, value), window, over)


def _seen(
    measured: Measured, metric: str, window: float | None, worst: Callable[[Sequence[float]], float]
) -> float | None:
    if metric in COUNTS:
        return float(measured.account.total(metric))
    if metric == "backlog_slope":
        return measured.backlog.slope
    if metric == "drain_seconds":
        return measured.backlog.drain_seconds
    if metric == "failed_calls_share":
        return measured.calls.failed_share
    if metric == "capacity":
        accepted = sum(outcome == "accepted" for _, outcome in measured.outcomes)
        return accepted / measured.seconds if measured.outcomes else None
    if metric in _BAD_OUTCOMES:
        return _worst_share(measured, _BAD_OUTCOMES[metric], window, worst)
    latency = latency_metric(metric)
    if latency is None:
        raise ValueError(f"unknown metric {metric!r}")
    return _worst_latency(measured, *latency, window, worst)


_BAD_OUTCOMES: Mapping[str, tuple[str, ...]] = {
    "dropped_share": ("unsent",),
    "failed_share": ("unsent", "refused", "unanswered"),
}


def _worst_share(
    measured: Measured, bad: tuple[str, ...], window: float | None, worst: Callable[[Sequence[float]], float]
) -> float | None:
    groups: dict[int, list[bool]] = defaultdict(list)
    for at, outcome in measured.outcomes:
        groups[_window_of(at, measured, window)].append(outcome in bad)
    groups.pop(-1, None)
    shares = [sum(group) / len(group) for group in groups.values()]
    return worst(shares) if shares else None


def _worst_latency(
    measured: Measured,
    share: float,
    op: str,
    what: str | None,
    window: float | None,
    worst: Callable[[Sequence[float]], float],
) -> float | None:
    mine = [each for each in measured.intervals if each.key.op == op]
    kinds = {each.key.what for each in mine}
    kind = what or ("intended" if "intended" in kinds else "service")
    groups: dict[int, list[Histogram]] = defaultdict(list)
    for each in mine:
        if each.key.what == kind:
            groups[_window_of((each.start + each.end) / 2, measured, window)].append(each.histogram)
    groups.pop(-1, None)
    missing = measured.missing if op == "delivered" else 0
    if missing and not groups:
        return inf
    last = max(groups, default=0)
    every = (_quantile(merge(each), share, missing if number == last else 0) for number, each in groups.items())
    found = [each for each in every if each is not None]
    return worst(found) if found else None


def _quantile(merged: Histogram, share: float, missing: int) -> float | None:
    """The latency that ``share`` of what arrived, and of what never did, do not exceed; None for nothing at all."""
    wanted = share * (merged.count + missing)
    if wanted > merged.count:
        return inf
    return merged.quantile(wanted / merged.count) if merged.count else None


def _window_of(at: float, measured: Measured, window: float | None) -> int:
    """The number of the window that holds ``at``; -1 for none. A last window shorter than half belongs to the one
    before, and what is late itself (an answer after the end of the plan) to the last."""
    if window is None:
        return 0
    if at < measured.warm_up:
        return -1
    last = windows(window, seconds=measured.seconds, warm_up=measured.warm_up) - 1
    return min(int((at - measured.warm_up) / window), last)
