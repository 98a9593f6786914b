"""One line of the bench: ours, what it is held against, the ratio, the goal, and whether it was kept. Pure."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from simulator.words import Lang, Text

__all__ = ["Goal", "Row", "absent", "compared", "measured", "quantile", "table"]

_KEPT = Text(en="kept", vi="đạt")
_MISSED = Text(en="MISSED", vi="KHÔNG ĐẠT")
_NOTHING = Text(en="", vi="")
_ABSENT = Text(en="absent", vi="không có")
_COLUMNS = (
    Text(en="comparison", vi="phép so sánh"),
    Text(en="ours", vi="của ta"),
    Text(en="against", vi="đối chứng"),
    Text(en="ratio", vi="tỉ lệ"),
    Text(en="goal", vi="mục tiêu"),
    Text(en="", vi=""),
)
_SIGNS = {"<=": "≤", ">=": "≥"}


@dataclass(frozen=True, slots=True)
class Goal:
    """What the issue asks of the ratio; of ``ours`` itself in a row that has nothing beside it.

    ``within``: no further than ``value`` from 1.
    """

    op: Literal["<=", ">=", "within"]
    value: float

    def kept(self, value: float) -> bool:
        """Whether ``value`` keeps it."""
        match self.op:
            case "<=":
                return value <= self.value
            case ">=":
                return value >= self.value
            case "within":
                return abs(value - 1) <= self.value

    def __str__(self) -> str:
        return f"1 ± {self.value:g}" if self.op == "within" else f"{_SIGNS[self.op]} {self.value:g}"


@dataclass(frozen=True, slots=True)
class Row:
    """One line. ``key`` names it over all runs ("a.8k.parts"); ``unit`` is of ``ours`` and ``against`` ("us" = µs).

    ``ratio`` is the median of the ratios of the rounds, so it need not be ours/against to the last digit. ``note`` says
    what the numbers are made of. ``absent``: why there are none.
    """

    key: str
    title: Text
    unit: str = ""
    ours: float | None = None
    against: float | None = None
    ratio: float | None = None
    goal: Goal | None = None
    note: Text = _NOTHING
    absent: Text | None = None

    @property
    def kept(self) -> bool | None:
        """Whether the goal was kept; None where there is none, or nothing was measured."""
        value = self.ours if self.ratio is None else self.ratio
        return None if self.goal is None or value is None else self.goal.kept(value)

    def record(self) -> dict[str, Any]:
        """The row for the history: JSON members, English."""
        return {
            "key": self.key,
            "title": self.title.en,
            "unit": self.unit,
            "ours": self.ours,
            "against": self.against,
            "ratio": self.ratio,
            "goal": None if self.goal is None else str(self.goal),
            "kept": self.kept,
            "note": self.note.en,
            "absent": self.absent.en if self.absent else None,
        }


def compared(
    key: str,
    title: Text,
    unit: str,
    *,
    ours: Sequence[float],
    against: Sequence[float],
    goal: Goal | None = None,
    note: Text = _NOTHING,
) -> Row:
    """A row of two columns of rounds, measured in turn: medians of both, and the median of the rounds' ratios."""
    ratios = [mine / theirs for mine, theirs in zip(ours, against, strict=True) if theirs]
    return Row(
        key,
        title,
        unit,
        ours=statistics.median(ours),
        against=statistics.median(against),
        ratio=statistics.median(ratios) if ratios else None,
        goal=goal,
        note=note,
    )


def measured(
    key: str, title: Text, unit: str, values: Sequence[float], *, goal: Goal | None = None, note: Text = _NOTHING
) -> Row:
    """A row of one column: the median of the rounds, held against the goal itself."""
    return Row(key, title, unit, ours=statistics.median(values), goal=goal, note=note)


def absent(key: str, title: Text, because: Text, goal: Goal | None = None) -> Row:
    """A row of something that this machine does not have."""
    return Row(key, title, goal=goal, absent=because)


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least ``share`` of ``values`` do not exceed. Raises ValueError for no values."""
    if not values:
        raise ValueError("a quantile of nothing")
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def table(rows: Sequence[Row], lang: Lang) -> str:
    """The rows as text, each followed by its note."""
    titles = [column.in_(lang) for column in _COLUMNS]
    lines = [_cells(row, lang) for row in rows]
    widths = [max(len(line[n]) for line in [titles, *lines]) for n in range(len(titles))]
    text = ["  ".join(_aligned(titles, widths)).rstrip()]
    for row, line in zip(rows, lines, strict=True):
        text.append("  ".join(_aligned(line, widths)).rstrip())
        if row.absent:
            text.append(f"      {row.absent.in_(lang)}")
        elif row.note.en:
            text.append(f"      {row.note.in_(lang)}")
    return "\n".join(text)


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> list[str]:
    first, *rest = cells
    return [first.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True))]


def _cells(row: Row, lang: Lang) -> list[str]:
    word = _ABSENT if row.absent else {None: _NOTHING, True: _KEPT, False: _MISSED}[row.kept]
    return [
        f"{row.key:<18} {row.title.in_(lang)}",
        _number(row.ours, row.unit),
        _number(row.against, row.unit),
        "" if row.ratio is None else f"{row.ratio:.2f}",
        "" if row.goal is None else str(row.goal),
        word.in_(lang),
    ]


def _number(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 3
    return f"{value:,.{digits}f} {unit}".rstrip()
