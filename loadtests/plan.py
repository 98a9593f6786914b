"""The plan of a load run: who sends what to whom and when, drawn from a seed before anything starts. Pure.

The same scenario, nodes and seed give the same plan, byte for byte (``digest``). Arrivals of the open model are an
inhomogeneous Poisson process by thinning (Lewis and Shedler 1979). Times in seconds from the start of the plan's clock.
"""

import hashlib
import itertools
import json
import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from loadtests.author import Author
from loadtests.scenario import MOST_DOCUMENTS, TOO_MANY, Scenario, ScenarioError, Statuses, StatusStep
from loadtests.traffic import draws
from loadtests.traffic.values import TakeBack
from simulator.protocol.identifiers import document_id

__all__ = ["SCHEMA", "Arrival", "Plan", "PlannedSystem", "PollPlan", "make"]

SCHEMA = "axisproof/load-plan/1"


@dataclass(frozen=True, slots=True)
class Arrival:
    """One document. ``at``: intended time of its send. ``size``: bytes of its attachment.

    ``burst``: "circular", "backlog" or None. ``user``: in the closed model the loop that sends it; the differences of
    ``at`` within a user are its thinking times.
    """

    at: float
    number: int
    sender: str
    sender_unit: str
    receivers: tuple[str, ...]
    urgency: int
    size: int
    document_id: str
    code_number: str
    burst: str | None = None
    user: int | None = None


@dataclass(frozen=True, slots=True)
class PlannedSystem:
    """One node: the system that connects and the unit that it answers for."""

    system_id: str
    unit: str


@dataclass(frozen=True, slots=True)
class PollPlan:
    """When the systems ask for their lists: at ``phase[i] + k * period``. ``offline`` ones not before ``back_at``.

    ``back_at`` None: the offline ones stay away for the whole run.
    """

    period: float
    phase: tuple[float, ...]
    synchronised: bool
    offline: frozenset[str]
    back_at: float | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole plan. ``seconds``: its length; no arrival lies at or behind it. ``sut_gives_back``: the system under
    test claims to answer requests by 13."""

    scenario_id: str
    seed: int
    scale: float
    seconds: float
    drain_limit_seconds: float
    model: str
    issued: date
    code_notation: str
    statuses: Statuses
    systems: tuple[PlannedSystem, ...]
    polls: PollPlan
    arrivals: tuple[Arrival, ...]
    sut: PlannedSystem | None = None
    sut_gives_back: bool = False

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the canonical JSON of the plan, whatever its documents are called."""
        return hashlib.sha256(self.to_json().replace(self.code_notation, "").encode()).hexdigest()

    def answers(self, number: int, receiver: str) -> tuple[tuple[str, float], ...]:
        """The statuses of ``receiver`` (unit) about document ``number``: (code, seconds after its fetch), in order."""
        return draws.answers(self.statuses, _chance(self.seed, f"answers/{number}/{receiver}"))

    def take_back(self, number: int, receiver: str) -> tuple[float, str, float] | None:
        """Whether the sender of document ``number`` asks ``receiver`` for it: (seconds from its 01 until the 13, the
        receiver's code, seconds until that); None where it does not."""
        if self.sut is not None and receiver == self.sut.unit and not self.sut_gives_back:
            return None
        return draws.take_back(self.statuses, _chance(self.seed, f"take back/{number}/{receiver}"))

    def turns(self, system: int, until: float) -> Iterator[float]:
        """The times at which system number ``system`` (index in ``systems``) polls, before ``until`` seconds."""
        polls = self.polls
        away = self.systems[system].system_id in polls.offline
        begin = (polls.back_at if polls.back_at is not None else until) if away else 0.0
        phase = polls.phase[system]
        for turn in itertools.count(max(0, math.ceil((begin - phase) / polls.period))):
            moment = phase + turn * polls.period
            if moment >= until:
                return
            yield moment

    def share(self, worker: int, workers: int) -> tuple[PlannedSystem, ...]:
        """The systems that worker ``worker`` (from 0) of ``workers`` plays: whole systems, each in one worker."""
        if not 0 <= worker < workers:
            raise ValueError(f"worker {worker} of {workers}")
        return self.systems[worker::workers]

    def to_json(self) -> str:
        """The plan as canonical JSON: sorted members, one line."""
        return json.dumps(_plain(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Plan":
        """The plan that ``to_json`` wrote. Raises ValueError for anything else."""
        data = json.loads(text)
        if not isinstance(data, dict) or data.pop("schema", None) != SCHEMA:
            raise ValueError(f"no {SCHEMA}")
        try:
            return _from_plain(data)
        except (KeyError, TypeError) as error:
            raise ValueError(f"no whole {SCHEMA}: {error!r}") from error


def make(
    scenario: Scenario,
    *,
    topology_nodes: Sequence[tuple[str, str]],
    seed: int,
    sut: tuple[str, str] | None = None,
    sut_gives_back: bool = False,
    issued: date = date(2026, 11, 20),
    mark: str = "",
) -> Plan:
    """Draw the plan of ``scenario`` for those nodes (system id, unit).

    Raises ValueError for fewer than two nodes, ScenarioError for more documents than a run may have.

    ``sut``: the system under test and its unit, for the target ``sut``: every document has it among its receivers, and
    it is none of ``systems`` (it polls and answers by itself). ``sut_gives_back``: it may be asked by 13. ``issued``:
    the date on all documents. ``mark``: sets the documents of this run apart from those of the same plan that an axis,
    or a system, has seen before: what comes again is no new document to them.
    """
    if len(topology_nodes) < 2:
        raise ValueError("a plan needs at least two nodes")
    if scenario.expected_documents > MOST_DOCUMENTS:
        raise ScenarioError(TOO_MANY.filled(documents=scenario.expected_documents, most=MOST_DOCUMENTS))
    systems = tuple(PlannedSystem(system, unit) for system, unit in topology_nodes if sut is None or system != sut[0])
    notation = _notation(scenario, seed, mark)
    offline = _offline(scenario, systems, _chance(seed, "offline"))
    author = Author(
        scenario,
        units=tuple(system.unit for system in systems),
        silent=frozenset(index for index, system in enumerate(systems) if system.system_id in offline),
        sut_unit=sut[1] if sut else None,
        seed=seed,
    )
    drafts = sorted(author.drafts(), key=lambda draft: draft.at)
    arrivals = []
    for number, draft in enumerate(drafts):
        system = systems[draft.sender]
        code_number = f"{number + 1:02}"
        arrivals.append(
            Arrival(
                at=draft.at,
                number=number,
                sender=system.system_id,
                sender_unit=system.unit,
                receivers=draft.receivers,
                urgency=draft.urgency,
                size=draft.size,
                document_id=document_id(system.unit, issued, f"{code_number}/{notation}"),
                code_number=code_number,
                burst=draft.burst,
                user=draft.user,
            )
        )
    return Plan(
        scenario_id=scenario.id,
        seed=seed,
        scale=scenario.scale,
        seconds=scenario.seconds,
        drain_limit_seconds=scenario.drain_limit_seconds,
        model=scenario.model,
        issued=issued,
        code_notation=notation,
        statuses=scenario.statuses,
        systems=systems,
        polls=_polls(scenario, len(systems), offline, _chance(seed, "polls")),
        arrivals=tuple(arrivals),
        sut=PlannedSystem(*sut) if sut else None,
        sut_gives_back=sut_gives_back,
    )


def _chance(seed: int, part: str) -> random.Random:
    return random.Random(f"{seed}/{part}")  # noqa: S311  # a play, no secret


def _notation(scenario: Scenario, seed: int, mark: str) -> str:
    """Part of every document's code: two different plans on one axis never share a DocumentId."""
    told = f"{scenario.id}/{seed}/{scenario.scale!r}/{scenario.seconds!r}" + (f"/{mark}" if mark else "")
    return f"TAI-{hashlib.sha256(told.encode()).hexdigest()[:8].upper()}"


def _offline(scenario: Scenario, systems: Sequence[PlannedSystem], chance: random.Random) -> frozenset[str]:
    """The Office of the Government, which every profile needs, and who sends a circular are never away."""
    needed = {broadcast.sender for broadcast in scenario.broadcasts}
    candidates = [each.system_id for each in systems if draws.group(each.unit) != "vpcp" and each.unit not in needed]
    wanted = min(round(scenario.polls.share_offline * len(systems)), len(candidates) - 1)
    return frozenset(chance.sample(candidates, max(0, wanted)))


def _polls(scenario: Scenario, systems: int, offline: frozenset[str], chance: random.Random) -> PollPlan:
    polls = scenario.polls
    spread = polls.jitter_seconds if polls.synchronised else polls.period_seconds
    return PollPlan(
        period=polls.period_seconds,
        phase=tuple(chance.uniform(0.0, spread) for _ in range(systems)),
        synchronised=polls.synchronised,
        offline=offline,
        back_at=None if polls.back_at_share is None else polls.back_at_share * scenario.seconds,
    )


def _plain(plan: Plan) -> dict[str, Any]:
    polls, statuses = plan.polls, plan.statuses
    asked = statuses.take_back
    return {
        "schema": SCHEMA,
        **{name: getattr(plan, name) for name in _SIMPLE},
        "issued": plan.issued.isoformat(),
        "statuses": {
            "steps": [[step.code, step.share, step.delay_seconds] for step in statuses.steps],
            "sigma": statuses.sigma,
            "cap_seconds": statuses.cap_seconds,
            "take_back": asked and [asked.share, asked.after_seconds, asked.agreed],
        },
        "systems": [[each.system_id, each.unit] for each in plan.systems],
        "polls": {
            "period": polls.period,
            "phase": polls.phase,
            "synchronised": polls.synchronised,
            "offline": sorted(polls.offline),
            "back_at": polls.back_at,
        },
        "arrivals": [[getattr(arrival, name) for name in Arrival.__slots__] for arrival in plan.arrivals],
        "sut": [plan.sut.system_id, plan.sut.unit] if plan.sut else None,
        "sut_gives_back": plan.sut_gives_back,
    }


_SIMPLE = ("scenario_id", "seed", "scale", "seconds", "drain_limit_seconds", "model", "code_notation")


def _from_plain(data: dict[str, Any]) -> Plan:
    statuses, polls = data["statuses"], data["polls"]
    return Plan(
        **{name: data[name] for name in _SIMPLE},
        issued=date.fromisoformat(data["issued"]),
        statuses=Statuses(
            tuple(StatusStep(*step) for step in statuses["steps"]),
            statuses["sigma"],
            statuses["cap_seconds"],
            TakeBack(*asked) if (asked := statuses.get("take_back")) else None,
        ),
        systems=tuple(PlannedSystem(*each) for each in data["systems"]),
        polls=PollPlan(**{**polls, "phase": tuple(polls["phase"]), "offline": frozenset(polls["offline"])}),
        arrivals=tuple(_arrival(row) for row in data["arrivals"]),
        sut=PlannedSystem(*data["sut"]) if data["sut"] else None,
        sut_gives_back=bool(data.get("sut_gives_back")),
    )


def _arrival(row: list[Any]) -> Arrival:
    members = dict(zip(Arrival.__slots__, row, strict=True))
    return Arrival(**{**members, "receivers": tuple(members["receivers"])})
