"""Draws the documents of a whole run: when, from whom, to whom, how large, how urgent. Pure; seeded."""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from loadtests.scenario import Backlog, Broadcast, Closed, Scenario
from loadtests.traffic import curves, draws
from loadtests.traffic.national import national

__all__ = ["Author", "Draft"]


@dataclass(frozen=True, slots=True)
class Draft:
    """One document before it has a number. ``sender``: index of its unit; ``receivers``: unit codes."""

    at: float
    sender: int
    receivers: tuple[str, ...]
    urgency: int
    size: int
    burst: str | None = None
    user: int | None = None


class Author:
    """Writes the drafts of a run. ``silent``: units that send nothing. ``sut_unit``: receives every document."""

    def __init__(
        self, scenario: Scenario, *, units: Sequence[str], silent: frozenset[int], sut_unit: str | None, seed: int
    ) -> None:
        self._scenario = scenario
        self._units = tuple(units)
        self._sut_unit = sut_unit
        self._seed = seed
        self._cast = draws.cast_of(
            units, senders=scenario.senders, model=national(), chance=self._chance("ranks"), silent=silent
        )

    def drafts(self) -> Iterator[Draft]:
        """All documents of the run, in no order. ``at`` is inside [0, seconds)."""
        if self._scenario.closed is not None:
            yield from self._closed(self._scenario.closed)
        else:
            yield from self._open()
            if self._scenario.backlog is not None:
                yield from self._backlog(self._scenario.backlog)
        yield from self._circulars()

    def _open(self) -> Iterator[Draft]:
        """Thinning: candidates at the peak rate, each kept with the ratio of the rate at its moment to the peak."""
        scenario, times, letters = self._scenario, self._chance("times"), self._chance("letters")
        offset = times.uniform(0.0, scenario.burst.every_seconds) if scenario.burst else 0.0
        intensity = curves.Intensity(scenario.mean_rate, scenario.seconds, scenario.curve, scenario.burst, offset)
        peak = intensity.peak
        moment = 0.0
        while peak > 0:
            moment += times.expovariate(peak)
            if moment >= scenario.seconds:
                return
            if times.random() * peak < intensity.at(moment):
                yield self._letter(letters, moment)

    def _backlog(self, backlog: Backlog) -> Iterator[Draft]:
        times, letters = self._chance("backlog times"), self._chance("backlog letters")
        rate = self._scenario.mean_rate * backlog.seconds / backlog.within_seconds
        moment = 0.0
        while rate > 0:
            moment += times.expovariate(rate)
            if moment >= min(backlog.within_seconds, self._scenario.seconds):
                return
            yield self._letter(letters, moment, burst="backlog")

    def _closed(self, closed: Closed) -> Iterator[Draft]:
        """Each user's documents at the soonest times there could be: as if every answer took no time."""
        for user in range(closed.users):
            chance = self._chance(f"user {user}")
            sender = self._cast.sender(chance)
            moment = chance.uniform(0.0, closed.think_seconds)
            while moment < self._scenario.seconds:
                yield self._letter(chance, moment, sender=sender, user=user)
                moment += chance.expovariate(1 / closed.think_seconds)

    def _circulars(self) -> Iterator[Draft]:
        for number, circular in enumerate(self._scenario.broadcasts):
            chance = self._chance(f"circular {number}")
            moment = circular.at_share * self._scenario.seconds
            while moment < self._scenario.seconds:
                yield self._circular(circular, moment, chance)
                moment += circular.every_seconds or math.inf

    def _circular(self, circular: Broadcast, moment: float, chance: random.Random) -> Draft:
        known = circular.sender in self._units
        sender = self._units.index(circular.sender) if known else self._cast.sender(chance)
        return Draft(
            at=moment,
            sender=sender,
            receivers=self._receivers(chance, sender, circular.receivers),
            urgency=circular.urgency,
            size=circular.size_bytes,
            burst="circular",
        )

    def _letter(
        self,
        chance: random.Random,
        moment: float,
        *,
        sender: int | None = None,
        burst: str | None = None,
        user: int | None = None,
    ) -> Draft:
        scenario = self._scenario
        author = self._cast.sender(chance) if sender is None else sender
        return Draft(
            at=moment,
            sender=author,
            receivers=self._receivers(chance, author, draws.fan_out(scenario.fan_out, chance)),
            urgency=draws.urgency(scenario.urgencies, chance),
            size=draws.size(scenario.sizes, chance),
            burst=burst,
            user=user,
        )

    def _receivers(self, chance: random.Random, sender: int, wanted: int) -> tuple[str, ...]:
        """The receivers' codes; the system under test comes first, in the place of one of the others."""
        if self._sut_unit is None:
            return tuple(self._units[index] for index in self._cast.receivers(chance, sender, wanted))
        if wanted == 1:
            return (self._sut_unit,)
        others = self._cast.receivers(chance, sender, max(0, wanted - 1))
        return (self._sut_unit, *(self._units[index] for index in others))

    def _chance(self, part: str) -> random.Random:
        return random.Random(f"{self._seed}/{part}")  # noqa: S311  # a play, no secret
