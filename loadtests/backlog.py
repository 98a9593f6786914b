"""What waited, over time: the series, whether it grows, and how long it took to drain. Pure.

A steady backlog is no fault: every document waits for its receiver's next poll, and more do when more are sent. What
must not grow is the *overdue* part: deliveries that a receiver who does poll has not got two polls after they were
acknowledged. Its slope is fitted by least squares over the steady part of the run (pitfall 161).
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from loadtests.parcels import Journey

__all__ = ["Backlog", "backlog_of", "least_squares"]

_T95 = 2.2
"""Student's t for a 95 % interval with a dozen blocks, near enough."""
_BLOCKS = 12


@dataclass(frozen=True, slots=True)
class Backlog:
    """``slope``: overdue deliveries a second that noise does not explain (0: none shown). ``series``: (at, waiting).
    ``drain_seconds``: from the last planned send until every receiver that polls had all of it; None: never, and
    ``not_arrived`` deliveries were still missing. ``steady_from``: where the growth is looked at from on."""

    slope: float
    peak: int
    drain_seconds: float | None
    series: tuple[tuple[float, int], ...]
    not_arrived: int = 0
    steady_from: float = 0.0


def backlog_of(
    journeys: Iterable[Journey],
    *,
    never_online: frozenset[str] = frozenset(),
    at_times_offline: frozenset[str] = frozenset(),
    seconds: float,
    patience: float,
    warm_up: float,
    last_send: float,
) -> Backlog:
    """The backlog of a run whose plan is ``seconds`` long. ``patience``: seconds after which a delivery is overdue;
    ``never_online``: units whose receiver does not poll in this run, so that nothing of theirs can drain;
    ``at_times_offline``: units whose receiver is away for a while; ``last_send``: when the last document was due."""
    every = tuple(journeys)
    series = _waiting(every, seconds, 0.0)
    online = [each for each in every if each.unit not in never_online | at_times_offline]
    steady = [point for point in _waiting(online, seconds, patience) if point[0] >= warm_up]
    arrivals = [each.arrived for each in every if each.unit not in never_online and each.fate != "lost"]
    drained = (
        None
        if None in arrivals
        else max((max(0.0, each - last_send) for each in arrivals if each is not None), default=0.0)
    )
    peak = max((n for _, n in series), default=0)
    return Backlog(_growth(steady), peak, drained, tuple(series), arrivals.count(None), warm_up)


def _waiting(journeys: Sequence[Journey], seconds: float, age: float) -> list[tuple[float, int]]:
    """How many waited ``age`` seconds or longer, each second of the plan (at most 600 points)."""
    waited = [each for each in journeys if each.arrived is None or each.arrived > each.acknowledged + age]
    opened = sorted(each.acknowledged + age for each in waited)
    closed = sorted(each.arrived for each in waited if each.arrived is not None)
    step = max(1.0, seconds / 600)
    moments = [index * step for index in range(int(seconds / step) + 1)]
    return [(at, bisect_right(opened, at) - bisect_left(closed, at)) for at in moments]


def _growth(points: Sequence[tuple[float, int]]) -> float:
    """The slope of the points; where its 95 % interval, from means over blocks, reaches 0, no growth is shown."""
    if len(points) < 3:
        return 0.0
    size = max(1, math.ceil(len(points) / _BLOCKS))
    blocks = [points[index : index + size] for index in range(0, len(points), size)]
    means = [(sum(t for t, _ in block) / len(block), sum(n for _, n in block) / len(block)) for block in blocks]
    slope, error = least_squares(means)
    return slope if slope < 0 or slope - _T95 * error > 0 else 0.0


def least_squares(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """(slope, standard error of the slope) of the straight line through ``points``; zeros for fewer than three."""
    n = len(points)
    if n < 3:
        return 0.0, 0.0
    mean_x, mean_y = sum(x for x, _ in points) / n, sum(y for _, y in points) / n
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    if not spread:
        return 0.0, 0.0
    slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / spread
    left = sum((y - mean_y - slope * (x - mean_x)) ** 2 for x, y in points)
    return slope, math.sqrt(left / (n - 2) / spread)
