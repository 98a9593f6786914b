"""The oracle: every document accounted for, from what was planned and what the ledger says. Pure.

An axis may be fast and wrong (pitfall 162), so this comes before any latency. Documents and statuses are settled by the
same rules, as postings: one thing posted by one unit to another.

* A posting is *accepted* once one of its sends was answered OK; refused, or unanswered (then it may arrive, or not);
  sending it again after a lost answer posts nothing new.
* A delivery is one id in one receiver's list. Fetching it again before it was confirmed is no double; another id for
  the same posting is one, and so is an id that comes back after its confirmation was answered OK.
* Accepted, never fetched, and not in the receiver's last list: lost.

The ledgers are read twice, first for what was posted, then for what arrived, and no line is kept: a long run's ledgers
would not fit into memory.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import inf
from typing import Any

from loadtests.account import Account, listed
from loadtests.book import with_book
from loadtests.parcels import Content, Fetch, Journey, Posting, Subject
from loadtests.settling import Rules, Side, settle

__all__ = ["Planned", "Reckoning", "Rules", "account", "reckon"]


_ASKED_BACK = "13"
"""The one status that goes from the sender of a document to a receiver; all others go to its sender."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One document of the plan, with the digests of its package and of its attached files."""

    number: int
    document_id: str
    sender: str
    sender_unit: str
    receivers: tuple[str, ...]
    urgency: int = 0
    sha256: str = ""
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reckoning:
    """The account, and the journeys of documents and of statuses that it was made from. ``unheard``: systems whose
    last lists nobody could read, so that what waits for them counts as lost."""

    account: Account
    documents: tuple[Journey, ...]
    statuses: tuple[Journey, ...]
    unheard: tuple[str, ...] = ()


def account(
    planned: Iterable[Planned],
    units: Mapping[str, frozenset[str]],
    events: Iterable[Mapping[str, Any]],
    rules: Rules = Rules(),
) -> Account:
    """The account of a run. ``units``: system -> the units it answers for; ``events``: all ledgers, in any order, to be
    gone through twice."""
    return reckon(planned, units, events, rules).account


def reckon(
    planned: Iterable[Planned],
    units: Mapping[str, frozenset[str]],
    events: Iterable[Mapping[str, Any]],
    rules: Rules = Rules(),
) -> Reckoning:
    """The account of a run with the journey of every delivery."""
    if isinstance(events, Iterator):
        raise TypeError("the events are read twice: give something that can be iterated again")
    plan = {each.number: each for each in planned}
    names = {each.document_id: each.document_id for each in plan.values()}
    documents, statuses = Side(), Side()
    unsent = _post(documents, statuses, plan, names, units, events)
    arrived = _Arrived({"edoc": documents, "status": statuses}, names, units)
    for event in events:
        arrived.read(event)
    arrived.close()
    found, journeys = settle(documents, units, rules)
    settled = replace(found, dropped=listed(unsent))
    for book in arrived.books:
        taken = _taken(documents, str(book["system"]) if book.get("system") else None)
        settled = with_book(settled, book["documents"], taken, {each.document_id: each.files for each in plan.values()})
    answers, answer_journeys = settle(statuses, units, rules)
    unheard = tuple(sorted(system for system in units if system not in arrived.heard))
    return Reckoning(replace(settled, statuses=answers), journeys, answer_journeys, unheard)


def _taken(side: Side, system: str | None) -> set[str]:
    """The planned documents that ``system`` (None: anyone) fetched, and whose confirmation as done was answered OK."""
    known = {subject for subject, _ in side.postings}
    return {
        str(parcel.subject)
        for who, parcels in side.parcels.items()
        for parcel in parcels.values()
        if system in (None, who) and parcel.done < inf and parcel.subject in known and parcel.word == "done"
    }


class _Tries:
    """All tries of sending one thing, put together."""

    __slots__ = ("accepted", "begun", "coded", "digest", "doc_ids", "done")

    def __init__(self, event: Mapping[str, Any]) -> None:
        self.begun, self.done, self.accepted = inf, -inf, inf
        self.coded = True
        self.doc_ids: tuple[str, ...] = ()
        self.digest = _digest(event.get("sha256"))

    def add(self, event: Mapping[str, Any]) -> None:
        """One more."""
        done = float(event["done"])
        self.begun, self.done = min(self.begun, float(event["begun"])), max(self.done, done)
        self.coded = self.coded and bool(event.get("code"))
        if _digest(event.get("sha256")) != self.digest:
            self.digest = b""  # the same thing written twice: either is right
        if event["ok"]:
            self.accepted = min(self.accepted, done)
            doc_id = str(event.get("doc_id") or "")
            if doc_id and doc_id not in self.doc_ids:
                self.doc_ids = (*self.doc_ids, doc_id)

    @property
    def outcome(self) -> tuple[str, float, float]:
        """What became of it: (accepted, refused or unanswered; when it began; when it was answered)."""
        if self.accepted < inf:
            return "accepted", self.begun, self.accepted
        return "refused" if self.coded else "unanswered", self.begun, self.done


def _post(
    documents: Side,
    statuses: Side,
    plan: Mapping[int, Planned],
    names: Mapping[str, str],
    units: Mapping[str, frozenset[str]],
    events: Iterable[Mapping[str, Any]],
) -> list[str]:
    """Every planned document, and every status that a receiver answered with, into its side; the documents that never
    left come back (pitfall 154: work does not disappear)."""
    sends: dict[int, _Tries] = {}
    answers: dict[tuple[tuple[str, str, str], str], _Tries] = {}
    owners = {document.document_id: document.sender_unit for document in plan.values()}
    for event in events:
        if event["e"] == "sent":
            _noted(sends, int(event["n"]), event)
        elif event["e"] == "answered":
            about = str(event["about"])
            unit = str(event.get("unit") or _home(str(event["system"]), units) or event["system"])
            subject = (names.get(about, about), sys.intern(str(event["status"])), sys.intern(unit))
            told = str(event.get("to") or "")
            owner = told if subject[1] == _ASKED_BACK else owners.get(about, told)
            _noted(answers, (subject, sys.intern(owner)), event)
    unsent = []
    for number, document in sorted(plan.items()):
        tries = sends.get(number)
        window = tries.outcome if tries else ("unsent", 0.0, 0.0)
        if not tries:
            unsent.append(document.document_id)
        documents.count_document(document.document_id, window[0])
        for unit in dict.fromkeys(document.receivers):
            documents.post(
                Posting(
                    document.document_id, document.sender, unit, document.urgency, *window,
                    digest=_digest(document.sha256), files=document.files,
                )
            )  # fmt: skip
    for subject, owner in tuple(answers):
        tries = answers.pop((subject, owner))
        statuses.count_document(subject, tries.outcome[0])
        statuses.post(
            Posting(
                subject, subject[2], owner, 0, *tries.outcome,
                digest=tries.digest, allowed=max(1, len(tries.doc_ids)),
            )
        )  # fmt: skip
    return unsent


def _noted(tries: dict[Any, _Tries], key: Any, event: Mapping[str, Any]) -> None:
    if key not in tries:
        tries[key] = _Tries(event)
    tries[key].add(event)


class _Arrived:
    """Reads what arrived into its side."""

    def __init__(
        self, sides: Mapping[str, Side], names: Mapping[str, str], units: Mapping[str, frozenset[str]]
    ) -> None:
        self.books: list[Mapping[str, Any]] = []
        self.heard: set[str] = set()
        self._sides, self._names, self._units = sides, names, units
        self._listed: dict[tuple[str, str], float] = {}
        self._early: list[tuple[str, str, str, float]] = []

    def read(self, event: Mapping[str, Any]) -> None:
        """One line of a ledger."""
        match event["e"]:
            case "fetched":
                self._fetched(event)
            case "confirmed" if event["ok"]:
                self._confirmed(
                    str(event["system"]), str(event["delivery_id"]), str(event["word"]), float(event["done"])
                )
            case "waiting":
                self._waiting(event)
            case "book":
                self.books.append(event)
            case _:
                return

    def close(self) -> None:
        """Confirmations that were read before what they confirm."""
        early, self._early = self._early, []
        for each in early:
            self._confirmed(*each)

    def _fetched(self, event: Mapping[str, Any]) -> None:
        system = sys.intern(str(event["system"]))
        unit = str(event.get("unit") or "") or _home(system, self._units)
        fetch = Fetch(
            sys.intern(unit), self._subject(event), float(event["begun"]), float(event["done"]), bool(event["ok"]),
            _content(event),
        )  # fmt: skip
        self._sides.get(str(event["type"]), self._sides["edoc"]).fetch(system, str(event["delivery_id"]), fetch)

    def _subject(self, event: Mapping[str, Any]) -> Subject:
        if event["type"] != "status":
            return str(event.get("document_id") or "")
        about, code, unit = (str(event.get(name)) for name in ("about", "status_code", "from"))
        return self._names.get(about, about), sys.intern(code), sys.intern(unit)

    def _confirmed(self, system: str, delivery_id: str, word: str, at: float) -> None:
        seen = [side.confirm(system, delivery_id, sys.intern(word), at) for side in self._sides.values()]
        if not any(seen):
            self._early.append((system, delivery_id, word, at))

    def _waiting(self, event: Mapping[str, Any]) -> None:
        system, kind, at = str(event["system"]), str(event["type"]), float(event.get("at", 0.0))
        self.heard.add(system)
        if at < self._listed.get((system, kind), -inf):
            return
        self._listed[system, kind] = at
        ids = tuple(map(str, event["delivery_ids"]))
        known = [_listed_as(each, kind) for each in event.get("documents") or (None,) * len(ids)]
        self._sides.get(kind, self._sides["edoc"]).lists[system] = tuple(zip(ids, known, strict=True))


def _listed_as(label: str | None, kind: str) -> Subject | None:
    """What a line of a list names, where it names anything."""
    if label is None or kind != "status":
        return label
    about, code, unit = str(label).rsplit(" · ", 2)
    return about, code, unit


def _home(system: str, units: Mapping[str, frozenset[str]]) -> str:
    return next(iter(sorted(units.get(system, ()))), "")


def _content(event: Mapping[str, Any]) -> Content:
    return _digest(event.get("sha256")), tuple(event.get("files") or ())


def _digest(text: Any) -> bytes:
    """A digest in half the room of its digits; what is none stays as it is."""
    said = str(text or "")
    try:
        return bytes.fromhex(said)
    except ValueError:
        return said.encode()
