"""Where the parts of a plot stand on paper: numbers for plot.svg.j2, in its user units (about one pixel)."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from simulator.words import Text

__all__ = ["Curve", "Plot", "bars", "lines"]

WIDTH, HEIGHT = 960, 250
_LEFT, _RIGHT, _TOP, _BOTTOM = 76, 24, 14, 46

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Curve:
    """One thing drawn: its name, its class in the style sheet, and its path. ``closed``: an area."""

    name: Text
    style: str
    path: str
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Plot:
    """One plot. Ticks are (place, label)."""

    title: Text
    curves: tuple[Curve, ...]
    x_ticks: tuple[tuple[float, str], ...]
    y_ticks: tuple[tuple[float, str], ...]
    x_title: Text
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    right: int = WIDTH - _RIGHT
    top: int = _TOP
    bottom: int = HEIGHT - _BOTTOM


@dataclass(frozen=True, slots=True)
class _Axis:
    """A scale from values to places."""

    low: float
    high: float
    start: float
    end: float
    logarithmic: bool = False

    def __call__(self, value: float) -> float:
        low, high, at = self.low, self.high, min(max(value, self.low), self.high)
        if self.logarithmic:
            low, high, at = math.log10(low), math.log10(high), math.log10(at)
        return round(self.start + (at - low) / (high - low) * (self.end - self.start), 1)


def lines(
    title: Text,
    curves: Iterable[tuple[Text, str, Sequence[Point]]],
    *,
    x_title: Text,
    label: Callable[[float], str],
    logarithmic: bool = False,
    between: tuple[Text, str, Sequence[Point], Sequence[Point]] | None = None,
    filled: bool = False,
) -> Plot | None:
    """Curves over time; None where there is nothing to draw. ``between``: a band under the curves; ``filled``: the area
    under the first curve is coloured too."""
    every = [(name, style, points) for name, style, points in curves if points]
    values = [y for _, _, points in every for _, y in points if y > 0 or not logarithmic]
    if not values:
        return None
    first = min(x for _, _, points in every for x, _ in points)
    last = max(x for _, _, points in every for x, _ in points)
    x = _Axis(first, max(last, first + 1.0), _LEFT, WIDTH - _RIGHT)
    y, y_ticks = _vertical(values, logarithmic)
    drawn = []
    if between:
        name, style, lower, upper = between
        path = _path(x, y, lower) + _path(x, y, list(reversed(upper))).replace("M", "L", 1) + "Z"
        drawn.append(Curve(name, style, path, closed=True))
    if filled:
        name, style, points = every[0]
        area = [(points[0][0], y.low), *points, (points[-1][0], y.low)]
        drawn.append(Curve(name, f"{style} area", _path(x, y, area) + "Z", closed=True))
    drawn += [Curve(name, style, _path(x, y, points)) for name, style, points in every]
    times = _linear_ticks(x.low, x.high, 8)
    return Plot(title, tuple(drawn), tuple((x(at), f"{at:g} s") for at in times),
                tuple((y(at), label(at)) for at in y_ticks), x_title)  # fmt: skip


def bars(title: Text, bins: Sequence[Point], *, x_title: Text, label: Callable[[float], str]) -> Plot | None:
    """A histogram of [upper edge, count] with a logarithmic axis; each bin is a tenth of a decade wide."""
    if not bins:
        return None
    step = 10**0.1
    x = _Axis(bins[0][0] / step, bins[-1][0], _LEFT, WIDTH - _RIGHT, logarithmic=True)
    y, y_ticks = _vertical([count for _, count in bins], logarithmic=False)
    path = "".join(
        f"M{x(edge / step) + 0.5} {y(0)}V{y(count)}H{x(edge) - 0.5}V{y(0)}Z" for edge, count in bins if count
    )  # fmt: skip
    return Plot(title, (Curve(title, "bar", path, closed=True),),
                tuple((x(at), label(at)) for at in _log_ticks(x.low, x.high)),
                tuple((y(at), f"{at:g}") for at in y_ticks), x_title)  # fmt: skip


def _path(x: _Axis, y: _Axis, points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{x(at)} {y(value)}" for at, value in points)


def _vertical(values: Sequence[float], logarithmic: bool) -> tuple[_Axis, list[float]]:
    bottom, top = HEIGHT - _BOTTOM, _TOP
    if logarithmic:
        low, high = min(values) / 1.2, max(values) * 1.2
        ticks = _log_ticks(low, high)
        return _Axis(low, high, bottom, top, logarithmic=True), ticks
    high = max(max(values), 1e-9)
    ticks = _linear_ticks(0.0, high, 5)
    return _Axis(0.0, max(high * 1.05, ticks[-1]), bottom, top), ticks


def _linear_ticks(low: float, high: float, wanted: int) -> list[float]:
    raw = (high - low) / wanted
    magnitude = 10 ** math.floor(math.log10(raw))
    step = next(factor * magnitude for factor in (1, 2, 5, 10) if factor * magnitude >= raw - 1e-12)
    return [
        round(step * index, 10) for index in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)
    ]


def _log_ticks(low: float, high: float) -> list[float]:
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    factors = (1, 2, 5) if math.log10(high / low) < 2.5 else (1,)
    return [factor * 10.0**decade for decade in decades for factor in factors if low <= factor * 10.0**decade <= high]
