"""The figures of national.toml as one frozen value, each with the mark that says how well it is attested."""

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import Any

from loadtests.traffic.values import Burst, FanOut, Mark, Sizes, Statuses, StatusStep, TakeBack

__all__ = ["Case", "Figure", "National", "Tet", "figures", "national"]


@dataclass(frozen=True, slots=True)
class Figure:
    """What one figure of the model rests on."""

    id: str
    mark: Mark
    source: str


@dataclass(frozen=True, slots=True)
class Case:
    """One reading of the published totals: documents on a working day."""

    id: str
    mark: Mark
    docs_per_day: float
    source: str


@dataclass(frozen=True, slots=True)
class Tet:
    """The new year: factors of the working days before (first and last), during and after the break."""

    before_days: int
    before: tuple[float, float]
    during: float
    after_days: int
    after: float
    breaks: tuple[tuple[date, date], ...]


@dataclass(frozen=True, slots=True)
class National:
    """The model. ``hours``: 24 shares of a day (any unit); ``weekdays``, ``months``: factors, not normalised yet."""

    hours: tuple[float, ...]
    weekdays: tuple[float, ...]
    months: tuple[float, ...]
    month_end_days: int
    month_end_factor: float
    tet: Tet
    senders: tuple[tuple[str, float], ...]
    rank_exponent: float
    vpcp_receives: float
    vpcp_among_few: float
    fan_out: tuple[FanOut, ...]
    sizes: Sizes
    urgencies: tuple[float, ...]
    statuses: Statuses
    burst: Burst
    poll_seconds: float
    share_offline: float
    peak_hour_share: float
    cases: tuple[Case, ...]


@functools.cache
def national() -> National:
    """The model, read once."""
    data = _data()
    tet = data["tet"]
    statuses = data["statuses"]
    return National(
        hours=tuple(data["hours"]["values"]),
        weekdays=tuple(data["weekdays"]["values"]),
        months=tuple(data["months"]["values"]),
        month_end_days=data["month_end"]["days"],
        month_end_factor=data["month_end"]["factor"],
        tet=Tet(
            before_days=tet["before_days"],
            before=(tet["before"][0], tet["before"][1]),
            during=tet["during"],
            after_days=tet["after_days"],
            after=tet["after"],
            breaks=tuple((first, last) for first, last in tet["breaks"]),
        ),
        senders=tuple(data["senders"]["values"].items()),
        rank_exponent=data["rank_exponent"]["value"],
        vpcp_receives=data["vpcp_receives"]["value"],
        vpcp_among_few=data["vpcp_among_few"]["value"],
        fan_out=tuple(FanOut(*row) for row in data["fan_out"]["values"]),
        sizes=Sizes(**_bare(data["sizes"])),
        urgencies=tuple(data["urgencies"]["values"]),
        statuses=Statuses(
            steps=tuple(StatusStep(*step) for step in statuses["steps"]),
            sigma=statuses["sigma"],
            cap_seconds=sum(delay for _, _, delay in statuses["steps"]) * 10.0,
            take_back=TakeBack(**_bare(data["take_backs"])),
        ),
        burst=Burst(**_bare(data["burst"])),
        poll_seconds=data["polls"]["period_seconds"],
        share_offline=data["offline"]["share"],
        peak_hour_share=data["peak_hour"]["share"],
        cases=tuple(Case(**row) for row in data["case"]),
    )


def figures() -> tuple[Figure, ...]:
    """Every figure of the model with its mark and its source, for people who want to know what is assumed."""
    return tuple(
        Figure(id=name, mark=table["mark"], source=table["source"])
        for name, table in _data().items()
        if isinstance(table, dict)
    ) + tuple(Figure(id=f"case {case.id}", mark=case.mark, source=case.source) for case in national().cases)


def _bare(table: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in table.items() if name not in ("mark", "source")}


@functools.cache
def _data() -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("national.toml").read_text("utf-8"))
