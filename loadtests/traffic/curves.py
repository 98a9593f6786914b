"""Intensity over time: the curve of a run, the bursts within it, and how busy a day of the year is. Pure.

A curve is a tuple of (share of the run, factor) points joined by straight lines, with mean 1. Factors of weekdays and
months are normalised before use, because the published tables do not average to exactly 1.
"""

import itertools
import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from loadtests.traffic.national import National, Tet
from loadtests.traffic.values import Burst

__all__ = ["FLAT", "Curve", "Intensity", "at", "day_factor", "mean", "normalised", "of_hours", "shape"]

Curve = tuple[tuple[float, float], ...]
FLAT: Curve = ((0.0, 1.0), (1.0, 1.0))


def normalised(factors: Sequence[float]) -> tuple[float, ...]:
    """The same proportions with mean 1. Raises ValueError where they sum to nothing."""
    total = math.fsum(factors)
    if total <= 0:
        raise ValueError("factors must sum to more than 0")
    return tuple(factor * len(factors) / total for factor in factors)


def mean(curve: Curve) -> float:
    """The area under the curve from 0 to 1."""
    return math.fsum((x2 - x1) * (y1 + y2) / 2 for (x1, y1), (x2, y2) in itertools.pairwise(curve))


def shape(points: Iterable[tuple[float, float]]) -> Curve:
    """A curve of mean 1 through those points; it begins at 0 and ends at 1 with the outermost factors.

    Raises ValueError for points outside the run or out of order, negative factors, or nothing but zeros.
    """
    given = tuple((float(x), float(y)) for x, y in points)
    if not given:
        raise ValueError("a curve needs at least one point")
    if any(not 0 <= x <= 1 for x, _ in given) or any(a[0] > b[0] for a, b in itertools.pairwise(given)):
        raise ValueError("points of a curve go from 0 to 1 in order")
    if any(not math.isfinite(y) or y < 0 for _, y in given):
        raise ValueError("a factor of a curve is a number of at least 0")
    whole = ((0.0, given[0][1]), *given, (1.0, given[-1][1]))
    area = mean(whole)
    if area <= 0:
        raise ValueError("a curve must be above 0 somewhere")
    return tuple((x, y / area) for x, y in whole)


def of_hours(hours: Sequence[float], first: int, last: int) -> Curve:
    """The day from ``first`` to ``last`` o'clock as a curve: each hour's share stands in the middle of the hour."""
    span = last - first
    return shape(((hour - first + 0.5) / span, hours[hour % 24]) for hour in range(first, last))


def at(curve: Curve, share: float) -> float:
    """The factor at ``share`` of the run."""
    index = bisect_right(curve, share, key=lambda point: point[0])
    if index == 0:
        return curve[0][1]
    if index == len(curve):
        return curve[-1][1]
    (x1, y1), (x2, y2) = curve[index - 1], curve[index]
    return y1 + (y2 - y1) * (share - x1) / (x2 - x1)


@dataclass(frozen=True, slots=True)
class Intensity:
    """Documents per second at any moment of a run of ``seconds``: mean rate × curve × bursts.

    ``burst_offset``: where in each period its burst begins, in seconds.
    """

    rate: float
    seconds: float
    curve: Curve = FLAT
    burst: Burst | None = None
    burst_offset: float = 0.0

    def at(self, moment: float) -> float:
        """The intensity at ``moment`` seconds."""
        return self.rate * at(self.curve, moment / self.seconds) * self._burst_factor(moment)

    @property
    def peak(self) -> float:
        """A bound that ``at`` never passes."""
        top = max(y for _, y in self.curve)
        return self.rate * top * (max(self.burst.factor, _quiet(self.burst)) if self.burst else 1.0)

    @property
    def expected(self) -> float:
        """The mean number of documents, but for the share of a burst that is cut off at the end of the run."""
        return self.rate * self.seconds * mean(self.curve)

    def _burst_factor(self, moment: float) -> float:
        burst = self.burst
        if burst is None:
            return 1.0
        inside = (moment - self.burst_offset) % burst.every_seconds < burst.lasts_seconds
        return burst.factor if inside else _quiet(burst)


def _quiet(burst: Burst) -> float:
    """The factor outside a burst, which keeps the mean at 1."""
    left = burst.every_seconds - burst.factor * burst.lasts_seconds
    return max(0.0, left / (burst.every_seconds - burst.lasts_seconds))


def day_factor(day: date, model: National) -> float:
    """How busy ``day`` is, of a mean working day: weekday × month × end of month × Tết (all assumed)."""
    working = normalised(model.weekdays[:5])
    weekend = tuple(factor / (math.fsum(model.weekdays[:5]) / 5) for factor in model.weekdays[5:])
    factor = (*working, *weekend)[day.weekday()] * normalised(model.months)[day.month - 1]
    tet = _tet_factor(day, model.tet)
    if tet is not None:
        return factor * tet
    return factor * (model.month_end_factor if _working_days_left(day) < model.month_end_days else 1.0)


def _tet_factor(day: date, tet: Tet) -> float | None:
    for first, last in tet.breaks:
        if first <= day <= last:
            return tet.during
        before = _working_days(day, first)
        if day < first and 1 <= before <= tet.before_days:
            high, low = tet.before
            return high + (low - high) * (tet.before_days - before) / (tet.before_days - 1)
        if day > last and _working_days(last + timedelta(days=1), day + timedelta(days=1)) <= tet.after_days:
            return tet.after
    return None


def _working_days(first: date, behind: date) -> int:
    """Working days from ``first`` up to but not including ``behind``; 99 where that is more than a month away."""
    days = (behind - first).days
    if not 0 <= days <= 31:
        return 99
    return sum((first + timedelta(days=each)).weekday() < 5 for each in range(days))


def _working_days_left(day: date) -> int:
    """Working days of the month after ``day``."""
    first_of_next = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return _working_days(day + timedelta(days=1), first_of_next)
