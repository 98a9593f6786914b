"""Who writes to whom, how large and how urgent, drawn from a seeded generator. Pure.

Units are told apart by their code alone: G22 is the Office of the Government, G the ministries, H the provinces.
"""

import bisect
import itertools
import math
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from loadtests.traffic.national import National
from loadtests.traffic.values import FanOut, Sizes, Statuses

__all__ = ["Cast", "answers", "cast_of", "fan_out", "group", "size", "take_back", "urgency"]

_LEVEL_1 = re.compile(r"(?:[0-9A-Z]{3}\.[0-9A-Z]{2}\.[0-9A-Z]{2}\.)?(?P<family>[A-Z])(?P<number>[0-9]{2})(?:\..*)?\Z")
_SMALLEST_FILE = 1_000
_FAR = 30.0
_TO_MANY = 20
"""From so many receivers on a letter is a circular, and the provinces come first (63 of them, assumed)."""


def group(unit: str) -> str:
    """Which group of senders a unit belongs to: vpcp, ministries, provinces or rest."""
    match = _LEVEL_1.match(unit)
    if not match:
        return "rest"
    if match["family"] == "G" and match["number"] == "22":
        return "vpcp"
    return {"G": "ministries", "H": "provinces"}.get(match["family"], "rest")


@dataclass(frozen=True, slots=True)
class Cast:
    """The units of a run by index, ready to draw from. ``sends``, ``receives``: cumulated weights."""

    units: tuple[str, ...]
    sends: tuple[float, ...]
    receives: tuple[float, ...]
    provinces: tuple[int, ...]
    others: tuple[int, ...]

    def sender(self, chance: random.Random) -> int:
        """Who writes the next document."""
        return _drawn(self.sends, chance)

    def receivers(self, chance: random.Random, sender: int | None, wanted: int) -> tuple[int, ...]:
        """``wanted`` different units other than ``sender``, in the order drawn; 0, or too many: all the others."""
        everybody = len(self.units) - (sender is not None)
        if wanted == 0 or wanted >= everybody:
            return tuple(index for index in range(len(self.units)) if index != sender)
        if wanted >= _TO_MANY:
            return self._circular(chance, sender, wanted)
        found: dict[int, None] = {}
        while len(found) < wanted:
            # a few units that nearly everybody writes to could be drawn for ever: after a while all are alike
            patient = self.receives if len(found) * 2 < everybody else None
            index = _drawn(patient, chance) if patient else chance.randrange(len(self.units))
            if index != sender:
                found[index] = None
        return tuple(found)

    def _circular(self, chance: random.Random, sender: int | None, wanted: int) -> tuple[int, ...]:
        first = [index for index in self.provinces if index != sender]
        if len(first) >= wanted:
            return tuple(sorted(chance.sample(first, wanted)))
        rest = [index for index in self.others if index != sender]
        return tuple(sorted([*first, *chance.sample(rest, wanted - len(first))]))


def cast_of(
    units: Sequence[str],
    *,
    senders: Sequence[tuple[str, float]],
    model: National,
    chance: random.Random,
    silent: frozenset[int] = frozenset(),
) -> Cast:
    """The cast for those units. ``silent`` ones send nothing. A group that is absent leaves its share to the others."""
    groups: dict[str, list[int]] = {}
    for index, unit in enumerate(units):
        groups.setdefault(group(unit), []).append(index)
    weights = [0.0] * len(units)
    for name, share in senders:
        members = [index for index in groups.get(name, []) if index not in silent]
        chance.shuffle(members)
        ranks = [1 / rank**model.rank_exponent for rank in range(1, len(members) + 1)]
        for index, weight in zip(members, ranks, strict=True):
            weights[index] = share * weight / math.fsum(ranks)
    if not any(weights):
        weights = [0.0 if index in silent else 1.0 for index in range(len(units))]
    office = groups.get("vpcp", [])
    plain = (1 - model.vpcp_among_few) / max(1, len(units) - len(office)) if office else 1.0
    heavy = model.vpcp_among_few / len(office) if office else 0.0
    return Cast(
        units=tuple(units),
        sends=tuple(itertools.accumulate(weights)),
        receives=tuple(itertools.accumulate(heavy if index in office else plain for index in range(len(units)))),
        provinces=tuple(groups.get("provinces", [])),
        others=tuple(sorted(set(range(len(units))) - set(groups.get("provinces", [])))),
    )


def fan_out(rows: Sequence[FanOut], chance: random.Random) -> int:
    """How many receivers the next document has."""
    row = rows[_drawn(tuple(itertools.accumulate(row.share for row in rows)), chance)]
    return chance.randint(row.low, row.high)


def size(sizes: Sizes, chance: random.Random) -> int:
    """Bytes of the next attached file."""
    if sizes.fixed:
        return sizes.fixed[_drawn(tuple(itertools.accumulate(share for _, share in sizes.fixed)), chance)][0]
    drawn = sizes.median_bytes * math.exp(min(_FAR, chance.gauss(0.0, sizes.sigma)))
    return min(sizes.cap_bytes, max(min(_SMALLEST_FILE, sizes.cap_bytes), round(drawn)))


def urgency(shares: Sequence[float], chance: random.Random) -> int:
    """The priority of the next document, 0 to 3."""
    return _drawn(tuple(itertools.accumulate(shares)), chance)


def answers(statuses: Statuses, chance: random.Random) -> tuple[tuple[str, float], ...]:
    """The statuses of one delivery: (code, seconds after the fetch), in order; each code with its share.

    02 ends the chain; 04 and 05 need 03, 06 needs 05 (simulator/protocol/status.py). Shares hold for all deliveries.
    """
    wanted = {step.code: step.share for step in statuses.steps}
    rejected = chance.random() < wanted.get("02", 0.0)
    given: dict[str, float] = {"01": 1.0, "02": 1.0, "03": 1 - wanted.get("02", 0.0)}
    given |= {"04": wanted.get("03", 0.0), "05": wanted.get("03", 0.0), "06": wanted.get("05", 0.0)}
    said: dict[str, bool] = {"02": rejected}
    moment, found = 0.0, []
    for step in statuses.steps:
        if step.code != "02":
            drawn = given[step.code] > 0 and chance.random() < step.share / given[step.code]
            said[step.code] = drawn and _may_follow(step.code, said)
        if said[step.code]:
            moment += step.delay_seconds * math.exp(min(_FAR, chance.gauss(0.0, statuses.sigma)))
            found.append((step.code, moment))
    if moment > statuses.cap_seconds:
        pressed = statuses.cap_seconds * chance.uniform(0.5, 1.0) / moment
        found = [(code, at * pressed) for code, at in found]
    return tuple(found)


def take_back(statuses: Statuses, chance: random.Random) -> tuple[float, str, float] | None:
    """Whether the sender asks for one delivery back: (seconds until its 13, the code of the answer, seconds until
    that); None where it does not."""
    asked = statuses.take_back
    if asked is None or chance.random() >= asked.share:
        return None
    until, after = (
        min(statuses.cap_seconds / 2, asked.after_seconds * math.exp(min(_FAR, chance.gauss(0.0, statuses.sigma))))
        for _ in range(2)
    )
    return until, "15" if chance.random() < asked.agreed else "16", after


def _may_follow(code: str, said: dict[str, bool]) -> bool:
    match code:
        case "03":
            return not said.get("02", False)
        case "04" | "05":
            return said.get("03", False)
        case "06":
            return said.get("05", False)
        case _:
            return True


def _drawn(cumulated: Sequence[float], chance: random.Random) -> int:
    return min(bisect.bisect_right(cumulated, chance.random() * cumulated[-1]), len(cumulated) - 1)
