"""Where the parts of a timeline stand on paper: numbers for the SVG template, in its user units (about one pixel)."""

from dataclasses import dataclass

from reports.timeline import Event, Lane, Style, Timeline
from simulator.words import Text

__all__ = ["Column", "Picture", "Row", "picture"]

WIDTH = 960
_LEFT, _RIGHT, _TOP, _HALF_HEAD = 72, 8, 58, 82
_ROW, _ROW_WITH_DETAIL = 30, 42
_CHARACTER, _SMALL_CHARACTER = 6.4, 5.7
"""Width of one character of a label and of a detail, on the safe side."""


@dataclass(frozen=True, slots=True)
class Column:
    """One lane: where its line stands and what its head says."""

    x: float
    name: Text
    who: str


@dataclass(frozen=True, slots=True)
class Row:
    """One event: ``y`` of its arrow. ``x1 == x2`` never; a row that spans has ``band`` true."""

    event: Event
    y: float
    x1: float
    x2: float
    label: Text
    detail: str
    time: str
    band: bool

    @property
    def middle(self) -> float:
        """Where its label is centred."""
        return (self.x1 + self.x2) / 2

    @property
    def head(self) -> str:
        """The arrow head as a path."""
        back = -9 if self.x2 > self.x1 else 9
        return f"M{self.x2:.0f} {self.y:.0f}l{back} -4.5v9z"


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole drawing."""

    width: int
    height: float
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    top: int
    start: str
    left_out: int
    styles: tuple[Style, ...]


def picture(timeline: Timeline) -> Picture:
    """Lay out ``timeline``, top down."""
    places = _places(timeline.lanes)
    rows: list[Row] = []
    y = float(_TOP)
    for event in timeline.events:
        row = _row(event, places, y)
        y += _ROW_WITH_DETAIL if row.detail else _ROW
        rows.append(row)
    return Picture(
        width=WIDTH,
        height=y + 8,
        columns=tuple(Column(places[lane.key], lane.name, _cut(lane.who, 26)) for lane in timeline.lanes),
        rows=tuple(rows),
        top=_TOP - 22,
        start=timeline.start,
        left_out=timeline.left_out,
        styles=tuple(dict.fromkeys(event.style for event in timeline.events)),
    )


def _places(lanes: tuple[Lane, ...]) -> dict[str, float]:
    """Lanes stand evenly, as far apart as the texts at their heads allow. There are two at least."""
    space = (WIDTH - _LEFT - _RIGHT - 2 * _HALF_HEAD) / (len(lanes) - 1)
    return {lane.key: _LEFT + _HALF_HEAD + space * index for index, lane in enumerate(lanes)}


def _row(event: Event, places: dict[str, float], y: float) -> Row:
    band = event.source is None or event.target is None
    x1 = _LEFT + 8 if band else places[event.source or ""]
    x2 = WIDTH - _RIGHT - 8 if band else places[event.target or ""]
    width = abs(x2 - x1) - (26 if band or abs(x2 - x1) > 300 else 0)  # a short arrow's label may lean over its ends
    room, small_room = int(width / _CHARACTER), int(width / _SMALL_CHARACTER)
    count = f" ×{event.times}" if event.times > 1 else ""
    label = Text(
        en=_cut(event.label.en, room - len(count)) + count,
        vi=_cut(event.label.vi, room - len(count)) + count,
    )
    time = "" if event.seconds is None else f"{event.seconds:+.2f} s"
    return Row(event, y, x1, x2, label, _cut(event.detail, small_room), time, band)


def _cut(text: str, room: int) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= room else flat[: max(1, room - 1)] + "…"
