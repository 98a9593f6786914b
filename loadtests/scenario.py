"""A load scenario: every number of a run, frozen, read from one TOML file that fits on a screen.

``load`` takes the name of a bundled scenario or the path of a user's own file. What is wrong in a file is said in one
sentence that names the file, the member and what may stand there (``ScenarioError``).
"""

import math
import tomllib
from dataclasses import dataclass, replace
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Literal, cast

from loadtests.members import MemberError, Members
from loadtests.traffic import curves, parts, promises
from loadtests.traffic.national import national
from loadtests.traffic.values import (
    Backlog,
    Broadcast,
    Burst,
    Closed,
    FanOut,
    Polls,
    Provenance,
    Sizes,
    Statuses,
    StatusStep,
    Threshold,
)
from simulator.words import Text

__all__ = [
    "LONGEST_SECONDS",
    "MOST_DOCUMENTS",
    "SCENARIOS",
    "TOO_MANY",
    "Backlog",
    "Broadcast",
    "Burst",
    "Closed",
    "FanOut",
    "Polls",
    "Provenance",
    "Scenario",
    "ScenarioError",
    "Sizes",
    "StatusStep",
    "Statuses",
    "Threshold",
    "load",
    "scaled",
]

SCENARIOS = (
    "smoke",
    "launch-day",
    "month-10",
    "spring-2020",
    "morning-peak",
    "broadcast",
    "after-outage",
    "big-attachments",
    "whole-country",
    "soak",
    "spike",
)
"""The bundled scenarios, from the shortest to the longest thought."""


LONGEST_SECONDS = 7 * 24 * 3600.0
"""Every run ends by itself."""

_NO_SUCH = Text(
    en="there is no scenario {name!r}: bundled are {known}; a file of that name does not exist either",
    vi="không có kịch bản {name!r}: có sẵn {known}; cũng không có tệp nào tên như vậy",
)
_UNREADABLE = Text(en="the scenario {path} cannot be read: {error}", vi="không đọc được kịch bản {path}: {error}")
_NO_TOML = Text(en="{file} is no TOML: {error}", vi="{file} không phải TOML: {error}")
_BAD_SCALE = Text(en="the scale must be above 0, not {scale}", vi="hệ số quy mô phải lớn hơn 0, không phải {scale}")
_BAD_LENGTH = Text(
    en="the duration must be above 0 and at most {most:g} seconds, not {seconds}",
    vi="thời lượng phải lớn hơn 0 và nhiều nhất {most:g} giây, không phải {seconds}",
)
_REAL_TIME = Text(
    en="Played in real time: {seconds} s, about {documents} documents.",
    vi="Chạy đúng thời gian thực: {seconds} giây, khoảng {documents} văn bản.",
)
_COMPRESSED = Text(
    en="Compressed: {hours} hours of life are played in {seconds} s, {times} times faster; about {documents} documents",
    vi="Nén thời gian: {hours} giờ thực chạy trong {seconds} giây, nhanh gấp {times} lần; khoảng {documents} văn bản",
)
_OF_LIFE = Text(en=" ({share} × those of life).", vi=" ({share} × số văn bản thực).")
TOO_MANY = Text(
    en="about {documents:.0f} documents are more than one run may have ({most}): lower the scale or the duration",
    vi="khoảng {documents:.0f} văn bản là quá nhiều cho một lần chạy ({most}): hãy giảm quy mô hoặc thời lượng",
)
_STAYS_IN_THE_RUN = Text(en="must be shorter than the run", vi="phải ngắn hơn thời lượng của lần chạy")


MOST_DOCUMENTS = 2_000_000
"""Every run is bounded: a plan is drawn, and its packages are prepared, as a whole."""


class ScenarioError(ValueError):
    """A scenario that cannot be used. ``because`` says to people which file, which member and what is wrong."""

    def __init__(self, because: Text) -> None:
        super().__init__(because.en)
        self.because = because


@dataclass(frozen=True, slots=True)
class Scenario:
    """All numbers of one load scenario, at scale 1 unless ``scaled`` made it another.

    ``docs_per_second``: mean of the open model over the run. ``curve``: (share of the run, factor) points joined by
    straight lines; only its form counts, its mean is made 1. ``stands_for_seconds``: how much time of life the run
    plays (43,200 for a working day from 7 to 19); equal to ``seconds`` where nothing is compressed.
    ``day``: a date of the calendar whose weekday, month and season change the rate. ``documents_of_life``: the
    documents of that stretch of life at scale 1, where it is compressed. ``drain_limit_seconds``: how long after the
    last arrival the run waits for what is still under way.
    """

    id: str
    title: Text
    about: Text
    provenance: Provenance
    target: Literal["hub", "sut", "either"]
    model: Literal["open", "closed"]
    nodes: int
    seconds: float
    stands_for_seconds: float
    drain_limit_seconds: float
    docs_per_second: float
    curve: tuple[tuple[float, float], ...]
    burst: Burst | None
    senders: tuple[tuple[str, float], ...]
    fan_out: tuple[FanOut, ...]
    sizes: Sizes
    urgencies: tuple[float, ...]
    statuses: Statuses
    polls: Polls
    broadcasts: tuple[Broadcast, ...]
    closed: Closed | None
    backlog: Backlog | None
    thresholds: tuple[Threshold, ...]
    day: date | None = None
    documents_of_life: float | None = None
    scale: float = 1.0

    @property
    def mean_rate(self) -> float:
        """Documents a second on average, with what kind of day it is."""
        return self.docs_per_second * (curves.day_factor(self.day, national()) if self.day else 1.0)

    @property
    def expected_documents(self) -> float:
        """The mean number of documents; of the closed model the most that there can be, as if no answer took time."""
        every = [each.every_seconds for each in self.broadcasts]
        circulars = sum(1 + self.seconds / period if period else 1 for period in every)
        if self.closed:
            return circulars + self.closed.users * self.seconds / self.closed.think_seconds
        return circulars + self.mean_rate * (self.seconds + (self.backlog.seconds if self.backlog else 0.0))

    @property
    def pace(self) -> Text:
        """What the run stands for, said plainly: a compressed run is never passed off as the real time."""
        if math.isclose(self.compression, 1.0):
            return _REAL_TIME.filled(seconds=f"{self.seconds:g}", documents=f"{self.expected_documents:.0f}")
        said = _COMPRESSED.filled(
            seconds=f"{self.seconds:g}",
            hours=f"{self.stands_for_seconds / 3600:.3g}",
            times=f"{self.compression:.3g}",
            documents=f"{self.expected_documents:.0f}",
        )
        if not self.documents_of_life:
            return said
        of_life = _OF_LIFE.filled(share=f"{self.expected_documents / self.documents_of_life:.3g}")
        return Text(en=f"{said.en}{of_life.en}", vi=f"{said.vi}{of_life.vi}")

    @property
    def compression(self) -> float:
        """Seconds of life played in one second of the run; 1 where nothing is compressed."""
        return self.stands_for_seconds / self.seconds


def load(name_or_path: str) -> Scenario:
    """The bundled scenario of that name, else the file at that path. Raises ScenarioError."""
    if name_or_path in SCENARIOS:
        return _read(_bundled(name_or_path), name_or_path, name_or_path)
    path = Path(name_or_path)
    if not path.is_file():
        known = ", ".join(SCENARIOS)
        raise ScenarioError(_NO_SUCH.filled(name=name_or_path, known=known))
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioError(_UNREADABLE.filled(path=path, error=error)) from error
    return _read(text, str(path), path.stem)


def scaled(scenario: Scenario, *, scale: float = 1.0, seconds: float | None = None) -> Scenario:
    """The scenario with ``scale`` times the arrivals (or users) and another length. Raises ScenarioError.

    Rates stay rates: a longer run has more documents. Circulars keep their share of the run and are not multiplied,
    nodes and polls stay as they are; in a shorter run chains of statuses take half of it at most. A compressed run
    still plays the same stretch of life, at another speed.
    """
    if not (math.isfinite(scale) and scale > 0):
        raise ScenarioError(_BAD_SCALE.filled(scale=scale))
    length = scenario.seconds if seconds is None else seconds
    if not (math.isfinite(length) and 0 < length <= LONGEST_SECONDS):
        raise ScenarioError(_BAD_LENGTH.filled(seconds=length, most=LONGEST_SECONDS))
    closed = scenario.closed
    statuses = scenario.statuses
    if length < scenario.seconds:  # or the statuses of a short run would fall behind its end, and not be sent at all
        statuses = replace(statuses, cap_seconds=min(statuses.cap_seconds, max(1.0, length / 2)))
    return replace(
        scenario,
        scale=scenario.scale * scale,
        docs_per_second=scenario.docs_per_second * scale,
        seconds=length,
        stands_for_seconds=length if math.isclose(scenario.compression, 1.0) else scenario.stands_for_seconds,
        statuses=statuses,
        closed=closed and replace(closed, users=max(1, round(closed.users * scale))),
    )


def _read(text: str, origin: str, name: str) -> Scenario:
    try:
        return _scenario(Members(tomllib.loads(text)), name)
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(_NO_TOML.filled(file=origin, error=error)) from error
    except MemberError as error:
        raise ScenarioError(Text(en=f"{origin}: {error.because.en}", vi=f"{origin}: {error.because.vi}")) from error


def _scenario(members: Members, name: str) -> Scenario:
    model = national()
    seconds = members.number("seconds", above=0, most=LONGEST_SECONDS)
    stands_for = members.number("stands_for_seconds", seconds, least=seconds)
    rate = members.number("docs_per_second", least=0, most=100_000)
    kind = members.choice("model", ("open", "closed"), "open")
    found = Scenario(
        id=name,
        title=parts.title(members, "title"),
        about=parts.title(members, "about") if "about" in members else Text(en="", vi=""),
        provenance=parts.provenance(members),
        target=cast(Literal["hub", "sut", "either"], members.choice("target", ("hub", "sut", "either"), "either")),
        model=cast(Literal["open", "closed"], kind),
        nodes=members.whole("nodes", 95, least=2, most=100_000),
        seconds=seconds,
        stands_for_seconds=stands_for,
        drain_limit_seconds=members.number("drain_limit_seconds", 60.0, least=0, most=LONGEST_SECONDS),
        docs_per_second=rate,
        curve=parts.curve(members, model),
        burst=parts.burst(members),
        senders=parts.senders(members, model),
        fan_out=parts.fan_out(members, model),
        sizes=parts.sizes(members, model),
        urgencies=parts.urgencies(members, model),
        statuses=parts.statuses(members, model, compression=stands_for / seconds, seconds=seconds),
        polls=parts.polls(members, model),
        broadcasts=parts.broadcasts(members),
        closed=parts.closed(members) if kind == "closed" else None,
        backlog=parts.backlog(members),
        thresholds=promises.thresholds(members),
        day=members.day("day"),
        documents_of_life=rate * seconds if stands_for > seconds else None,
    )
    members.done()
    if found.backlog and found.backlog.within_seconds >= seconds:
        raise members.wrong("backlog.within_seconds", _STAYS_IN_THE_RUN)
    return found


def _bundled(name: str) -> str:
    return resources.files(__package__).joinpath("scenarios", f"{name}.toml").read_text("utf-8")
