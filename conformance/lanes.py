"""Which fake agencies a case talks through, and which cases are in flight together.

A lane is one agency of the topology with all its spellings; it belongs to one case for a whole wave, so traffic is
matched by agency, never by order of arrival (pitfall 118). The SUT's own units and the passive systems are no lanes.
"""

import random
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from conformance.case import Case, Wave
from conformance.evidence import Lane
from simulator.topology import Topology, Unit

__all__ = ["Flight", "NotEnoughLanes", "alone", "made_up", "plan", "usable"]


class NotEnoughLanes(ValueError):
    """One case alone needs more agencies than the topology has."""


@dataclass(frozen=True, slots=True)
class Flight:
    """Cases that run together, each with its own lanes. ``attempt``: "" or what marks a second try (again.py)."""

    wave: Wave
    cases: tuple[Case, ...]
    lanes: Mapping[str, tuple[Lane, ...]]
    attempt: str = ""

    def key(self, case: Case) -> str:
        """Under which name this flight's evidence of ``case`` is kept."""
        return case.id + self.attempt


def usable(topology: Topology, *, taken: Collection[str]) -> tuple[Lane, ...]:
    """Every living agency but those that answer for one of the ``taken`` codes or are that system."""
    return tuple(
        lane(node.system_id, node.units[0])
        for node in topology.living
        if node.system_id not in taken
        and not any(code in taken for unit in node.units for code in unit.codes)
        and not node.units[0].closed
    )


def lane(system_id: str, unit: Unit) -> Lane:
    """The lane of one agency."""
    return Lane(system_id, unit.code, unit.codes, unit.name)


def made_up(count: int) -> tuple[Lane, ...]:
    """So many lanes of made-up units below the made-up province H97, for runs with more cases than agencies."""
    return tuple(_made_up(*divmod(number, 99)) for number in range(count))


def _made_up(department: int, office: int) -> Lane:
    code = f"H97.{department + 1:02}.{office + 1:02}"
    old = f"000.{office + 1:02}.{department + 1:02}.H97"
    system = f"lane.{department + 1:02}.{office + 1:02}"
    return Lane(system, code, (code, old), f"Đơn vị giả lập {department + 1:02}.{office + 1:02}")


def plan(cases: Iterable[Case], agencies: Sequence[Lane], *, seed: int) -> tuple[Flight, ...]:
    """Flights in order of their waves, filled with as many cases as there are agencies; seeded, so it repeats.

    A case of the last wave flies alone. Raises NotEnoughLanes.
    """
    shuffled = list(agencies)
    random.Random(f"{seed}/lanes").shuffle(shuffled)  # noqa: S311  # a plan, not a secret
    flights: list[Flight] = []
    for wave in Wave:
        waiting = list(_of(cases, wave))
        while waiting:
            free = list(shuffled)
            boarded: dict[str, tuple[Lane, ...]] = {}
            while waiting and len(free) >= waiting[0].lanes and not (boarded and wave is Wave.ALONE):
                case = waiting.pop(0)
                boarded[case.id] = tuple(free.pop() for _ in range(case.lanes))
            if not boarded:
                raise NotEnoughLanes(f"{waiting[0].id} needs {waiting[0].lanes} agencies, there are {len(shuffled)}")
            flights.append(Flight(wave, tuple(each for each in cases if each.id in boarded), boarded))
    return tuple(flights)


def alone(
    cases: Iterable[Case], flown: Sequence[Flight], agencies: Sequence[Lane], *, attempt: str
) -> tuple[Flight, ...]:
    """A flight for each case by itself, on other agencies than it had where there are enough."""
    had = {case: lanes for flight in flown for case, lanes in flight.lanes.items()}
    flights = []
    for case in cases:
        fresh = [lane for lane in agencies if lane not in had.get(case.id, ())]
        lanes = tuple((fresh if len(fresh) >= case.lanes else list(agencies))[: case.lanes])
        flights.append(Flight(Wave.ALONE, (case,), {case.id: lanes}, attempt))
    return tuple(flights)


def _of(cases: Iterable[Case], wave: Wave) -> Iterable[Case]:
    """The cases of one wave, those with the most lanes first, so that they find room."""
    return sorted((case for case in cases if case.wave is wave), key=lambda case: -case.lanes)
