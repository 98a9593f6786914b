"""A tiny model of an axis that does everything right, and the ledger of its day; then faults are planted in it.

Independent of the oracle: it knows what it planted, the oracle has to find it.
"""

import hashlib
import random
from dataclasses import dataclass, field
from typing import Any

from loadtests.oracle import Planned

POLL = 10.0


def digest(*parts: object) -> str:
    return hashlib.sha256("/".join(map(str, parts)).encode()).hexdigest()


def next_poll(opened: float) -> float:
    """When what waits since ``opened`` is fetched: at the next poll, in the order in which it came."""
    return (opened // POLL + 1) * POLL + 0.01 * (opened % POLL)


@dataclass
class Parcel:
    """One delivery as the model makes it."""

    type: str
    subject: str
    document_id: str
    system: str
    unit: str
    id: str
    opened: float
    begun: float
    sha256: str
    files: tuple[str, ...] = ()
    about: str | None = None
    code: str | None = None
    sender_unit: str = ""
    word: str = "done"
    fetched: bool = True
    again: bool = False

    @property
    def done(self) -> float:
        return self.begun + 0.002


@dataclass
class Day:
    """The model's day. ``units``: system -> units; ``online``: systems that poll."""

    random: random.Random
    units: dict[str, frozenset[str]]
    offline: frozenset[str]
    planned: list[Planned] = field(default_factory=list)
    sends: list[dict[str, Any]] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(default_factory=list)
    parcels: list[Parcel] = field(default_factory=list)
    unknown_lists: bool = False
    spare: int = 0

    def events(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = [*self.sends, *self.answers]
        waiting: dict[tuple[str, str], list[Parcel]] = {
            (system, kind): [] for system in self.units for kind in ("edoc", "status")
        }
        for each in self.parcels:
            if not each.fetched:
                waiting[each.system, each.type].append(each)
                continue
            fetch = {
                "e": "fetched", "system": each.system, "unit": each.unit, "delivery_id": each.id, "doc_id": "",
                "type": each.type, "begun": each.begun, "done": each.done, "ok": True, "document_id": each.document_id,
                "sha256": each.sha256, "files": list(each.files), "status_code": each.code, "about": each.about,
                "from": each.sender_unit,
            }  # fmt: skip
            found.append(fetch)
            if each.again:  # fetched a second time before it is confirmed: no double
                found.append(fetch | {"begun": each.done, "done": each.done + 0.001})
            found.append({"e": "confirmed", "system": each.system, "delivery_id": each.id, "word": each.word,
                          "begun": each.done + 0.001, "done": each.done + 0.0015, "ok": True})  # fmt: skip
        for (system, kind), parcels in waiting.items():
            known = {} if self.unknown_lists else {"documents": [each.subject for each in parcels]}
            ids = [each.id for each in parcels]
            found.append({"e": "waiting", "system": system, "type": kind, "delivery_ids": ids, "at": 1e6, **known})
        self.random.shuffle(found)
        return found

    def new_id(self) -> str:
        self.spare += 1
        return f"spare-{self.spare}"


def day(seed: int, *, documents: int = 30, systems: int = 6, offline: int = 1, unknown_lists: bool = False) -> Day:
    """A day with re-sent documents, refusals, silence, offline receivers, given-back packages and statuses."""
    chance = random.Random(seed)
    names = [f"node.{index}" for index in range(systems)]
    units = {name: frozenset((f"U{index}",)) for index, name in enumerate(names)}
    made = Day(chance, units, frozenset(names[:offline]), unknown_lists=unknown_lists)
    for number in range(documents):
        _document(made, number, names, offline)
    made.parcels.sort(key=lambda each: (each.unit, each.opened))
    return made


def _document(made: Day, number: int, names: list[str], offline: int) -> None:
    chance = made.random
    sender = chance.randrange(offline, len(names))
    receivers = chance.sample([index for index in range(len(names)) if index != sender], chance.randint(1, 4))
    document_id, at = f"U{sender},2026/11/20,{number}/VB", number * 1.0
    files = (digest(number, "a"), digest(number, "b"))
    planned = Planned(number, document_id, names[sender], f"U{sender}", tuple(f"U{each}" for each in receivers),
                      chance.randrange(2), digest(number), files)  # fmt: skip
    made.planned.append(planned)
    fate = chance.choices(("ok", "repeated", "refused", "silent", "swallowed", "unsent"), (20, 2, 1, 1, 1, 1))[0]
    if fate == "unsent":
        return

    def send(begun: float, ok: bool, code: str = "", error: str | None = None) -> None:
        made.sends.append({
            "e": "sent", "n": number, "system": names[sender], "intended": at, "begun": begun, "done": begun + 0.01,
            "ok": ok, "code": code, "doc_id": digest(number)[:24] if ok else "", "error": error, "bytes": 8000,
            "urgency": planned.urgency, "size_class": "<=64K",
        })  # fmt: skip

    if fate in ("repeated", "silent", "swallowed"):
        send(at, ok=False, error="timed out")
    if fate == "refused":
        send(at, ok=False, code="22")
    if fate in ("ok", "repeated"):
        send(at + (0.2 if fate == "repeated" else 0.0), ok=True)
    if fate not in ("ok", "repeated", "swallowed"):
        return
    for receiver in receivers:
        _deliver(made, planned, names[receiver], f"U{receiver}", at + 0.25)


def _deliver(made: Day, planned: Planned, system: str, unit: str, opened: float) -> None:
    begun = next_poll(opened)
    parcel = Parcel("edoc", planned.document_id, planned.document_id, system, unit, f"id-{planned.number}-{unit}",
                    opened, begun, planned.sha256, planned.files, sender_unit=planned.sender_unit)  # fmt: skip
    parcel.fetched = system not in made.offline
    parcel.again = made.random.random() < 0.1
    made.parcels.append(parcel)
    if not parcel.fetched:
        return
    if made.random.random() < 0.05:
        parcel.word = "fail"
        return
    for index, code in enumerate(("01", "03", "05")[: made.random.randint(0, 3)]):
        at = begun + 1.0 + index
        made.answers.append({
            "e": "answered", "system": system, "about": planned.document_id, "status": code, "begun": at,
            "done": at + 0.01, "ok": True, "doc_id": f"{unit}{code}{planned.number}",
        })  # fmt: skip
        label = f"{planned.document_id} · {code} · {unit}"
        made.parcels.append(Parcel(
            "status", label, f"{unit},{planned.number},{code}", planned.sender, planned.sender_unit,
            f"st-{planned.number}-{unit}-{code}", at + 0.01, next_poll(at), digest(label),
            about=planned.document_id, code=code, sender_unit=unit,
        ))  # fmt: skip


def plant(made: Day, kind: str, wanted: int, type_: str = "edoc") -> list[str]:
    """Plant up to ``wanted`` faults of ``kind`` into different deliveries; the labels that must be found."""
    fit = [each for each in made.parcels if each.type == type_ and each.fetched]
    if kind == "out_of_order":
        fit = _first_of_pairs(made, fit)
    chosen: list[Parcel] = []
    for parcel in made.random.sample(fit, len(fit)):
        if len(chosen) == wanted:
            break
        if kind == "strangers" and not _elsewhere(made, parcel):
            continue  # everybody else is a receiver, or was planted as a stranger already
        _FAULTS[kind](made, parcel)
        chosen.append(parcel)
    return sorted(each.subject for each in chosen)


def _first_of_pairs(made: Day, fit: list[Parcel]) -> list[Parcel]:
    """One delivery of each pair and urgency that was sent before another of the same (and acknowledged by then)."""
    accepted = {event["n"] for event in made.sends if event["ok"]}
    by_id = {each.document_id: each for each in made.planned}
    pairs: dict[tuple[Any, ...], list[Parcel]] = {}
    for each in fit:
        planned = by_id[each.document_id]
        if planned.number in accepted:
            pairs.setdefault((planned.sender, each.unit, planned.urgency), []).append(each)
    ordered = (sorted(group, key=lambda each: each.opened) for group in pairs.values())
    return [group[0] for group in ordered if len(group) > 1]


def _elsewhere(made: Day, parcel: Parcel) -> list[str]:
    owed = {(each.subject, each.unit) for each in made.parcels}
    receivers = {each.document_id: each.receivers for each in made.planned}.get(parcel.document_id, ())
    return [
        system
        for system, units in sorted(made.units.items())
        for unit in units
        if (parcel.subject, unit) not in owed and unit not in receivers and system not in made.offline
    ]


def _lose(made: Day, parcel: Parcel) -> None:
    made.parcels.remove(parcel)


def _double(made: Day, parcel: Parcel) -> None:
    made.parcels.append(Parcel(**{name: getattr(parcel, name) for name in Parcel.__dataclass_fields__} | {
        "id": made.new_id(), "begun": parcel.begun + 0.5, "again": False}))  # fmt: skip


def _misdirect(made: Day, parcel: Parcel) -> None:
    system = made.random.choice(_elsewhere(made, parcel))
    made.parcels.append(Parcel(**{name: getattr(parcel, name) for name in Parcel.__dataclass_fields__} | {
        "id": made.new_id(), "system": system, "unit": min(made.units[system])}))  # fmt: skip


def _alter(made: Day, parcel: Parcel) -> None:
    parcel.sha256 = digest("altered", parcel.id)
    if parcel.files:
        parcel.files = (parcel.files[1], parcel.files[0])


def _hold_back(made: Day, parcel: Parcel) -> None:
    parcel.begun += 5_000.0


_FAULTS = {
    "lost": _lose, "doubled": _double, "strangers": _misdirect, "altered": _alter, "out_of_order": _hold_back,
}  # fmt: skip
