"""Settles what was posted against what arrived: one side of the books (documents, or statuses). Pure.

The rules are said in oracle.py; here they are carried out, per posting and per delivery id (parcels.py).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import inf
from operator import itemgetter

from loadtests.account import Account, listed
from loadtests.parcels import Content, Fetch, Journey, Parcel, Posting, PostingKey, Subject, label_of

__all__ = ["Rules", "Side", "settle"]


@dataclass(frozen=True, slots=True)
class Rules:
    """What the judge must know of the run. ``late_after``: seconds from acceptance to arrival; ``verbatim``: the axis
    may not change a byte of a package (else only its attached files are compared); ``offline``: systems that do not
    poll, which are never late."""

    late_after: float = 65.0
    verbatim: bool = True
    offline: frozenset[str] = frozenset()


@dataclass(slots=True)
class Side:
    """What was posted and what came, collected while the ledgers are read. Postings come before fetches."""

    states: Counter[str] = field(default_factory=Counter)
    by_state: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    postings: dict[PostingKey, Posting] = field(default_factory=dict)
    parcels: dict[str, dict[str, Parcel]] = field(default_factory=lambda: defaultdict(dict))
    lists: dict[str, tuple[tuple[str, Subject | None], ...]] = field(default_factory=dict)

    def count_document(self, subject: Subject, state: str) -> None:
        """Note what became of sending one document or status."""
        self.states[state] += 1
        if state != "accepted":
            self.by_state[state].append(label_of(subject))

    def post(self, posting: Posting) -> None:
        """Note one posting."""
        self.postings[posting.subject, posting.unit] = posting

    def fetch(self, system: str, delivery_id: str, fetch: Fetch) -> None:
        """Note one fetch."""
        parcels = self.parcels[system]
        parcel = parcels.get(delivery_id)
        if parcel is None:
            parcel = parcels[delivery_id] = Parcel()
        parcel.fetched(fetch, self.postings.get((fetch.subject, fetch.unit)))

    def confirm(self, system: str, delivery_id: str, word: str, at: float) -> bool:
        """Note a transport word that was answered OK; False where this side never saw the delivery."""
        parcel = self.parcels[system].get(delivery_id)
        if parcel is None:
            return False
        parcel.heard(word, at)
        return True


@dataclass(slots=True)
class _Books:
    """The lines while they are being written, as labels; ``arrived``: (system, delivery) of each posting."""

    arrived: dict[PostingKey, tuple[tuple[str, Parcel], ...]] = field(default_factory=dict)
    waiting: Counter[PostingKey] = field(default_factory=Counter)
    given_back: set[PostingKey] = field(default_factory=set)
    doubled: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)


def settle(side: Side, units: Mapping[str, frozenset[str]], rules: Rules) -> tuple[Account, tuple[Journey, ...]]:
    """The account of one side, and the journey of every owed delivery (``fate``: delivered, waiting, given_back or
    lost). Documents that never left are the caller's to name."""
    books = _Books()
    _arrivals(side, units, rules, books)
    _still_listed(side, units, books)
    expected = [key for key, posting in side.postings.items() if _is_expected(key, posting, books)]
    journeys = tuple(_journey(key, side, books) for key in expected)
    fates = Counter(journey.fate for journey in journeys)
    waiting, given_back, lost = (listed(each.label for each in journeys if each.fate == fate) for fate in _NAMED)
    taken_silently = {side.postings[key].subject for key in expected if side.postings[key].state == "unanswered"}
    account = Account(
        accepted=side.states["accepted"] + len(taken_silently),
        deliveries_expected=len(expected),
        delivered=fates["delivered"],
        waiting=waiting,
        given_back=given_back,
        lost=lost,
        doubled=listed(books.doubled),
        strangers=listed(books.strangers),
        altered=listed(books.altered),
        late=listed(_late(side, rules, books)),
        out_of_order=listed(_overtaken(side, books)),
        refused=listed(side.by_state["refused"]),
        unanswered=listed(side.by_state["unanswered"]),
    )
    return account, journeys


def _journey(key: PostingKey, side: Side, books: _Books) -> Journey:
    posting, deliveries = side.postings[key], books.arrived.get(key, ())
    system, first = min(deliveries, key=lambda each: each[1].done, default=("", None))
    fate = "lost"
    if key in books.given_back:
        fate = "given_back"
    elif first:
        fate = "delivered"
    elif books.waiting[key]:
        fate = "waiting"
    return Journey(
        posting.subject, posting.sender, posting.unit, posting.begun, posting.done,
        first.done if first else None, fate, system,
    )  # fmt: skip


def _is_expected(key: PostingKey, posting: Posting, books: _Books) -> bool:
    """Acknowledged postings are owed; an unanswered one only where the axis shows that it took it."""
    if posting.state == "accepted":
        return True
    return posting.state == "unanswered" and (key in books.arrived or books.waiting[key] > 0)


_NAMED = ("waiting", "given_back", "lost")


def _arrivals(side: Side, units: Mapping[str, frozenset[str]], rules: Rules, books: _Books) -> None:
    """Sort every delivery that was fetched to its posting; what has none is a stranger."""
    every = [
        (parcel.tried_done, system, delivery_id, parcel)
        for system, parcels in side.parcels.items()
        for delivery_id, parcel in parcels.items()
        if parcel.done < inf
    ]
    for _, system, delivery_id, parcel in sorted(every, key=itemgetter(0)):
        posting = parcel.posting
        at_home = parcel.unit in units.get(system, frozenset((parcel.unit,)))
        if posting is None or not at_home or posting.state in ("refused", "unsent"):
            books.strangers.append(label_of(parcel.subject) or delivery_id)
            continue
        key = (posting.subject, posting.unit)
        before = books.arrived.get(key, ())
        if len(before) >= posting.allowed:
            books.doubled.append(posting.label)
        books.arrived[key] = (*before, (system, parcel))
        if parcel.word == "fail":
            books.given_back.add(key)
        if parcel.latest > parcel.taken:
            books.doubled.append(posting.label)
        if any(_differs(posting, content, rules) for content in parcel.odd):
            books.altered.append(posting.label)


def _differs(posting: Posting, content: Content, rules: Rules) -> bool:
    digest, files = content
    if posting.files and files != posting.files:
        return True
    return bool(rules.verbatim and posting.digest and digest and digest != posting.digest)


def _still_listed(side: Side, units: Mapping[str, frozenset[str]], books: _Books) -> None:
    """What the last lists hold and nobody fetched. The wire's list names no document, so an id without one is given to
    the newest postings that are missing there (lists are handed out oldest first); an id too many is a double."""
    missing: dict[str, list[PostingKey]] = defaultdict(list)
    for key, posting in sorted(side.postings.items(), key=lambda item: (item[1].state != "accepted", -item[1].done)):
        if key not in books.arrived and posting.state in ("accepted", "unanswered"):
            missing[posting.unit].append(key)
    for system, entries in sorted(side.lists.items()):
        parcels = side.parcels.get(system, {})
        fresh = [entry for entry in entries if entry[0] not in parcels or parcels[entry[0]].done == inf]
        here = sorted(units.get(system, ()))
        nameless = []
        for delivery_id, subject in fresh:
            if subject is None:
                nameless.append(delivery_id)
                continue
            known = [(subject, unit) for unit in here if (subject, unit) in side.postings]
            if not known:
                books.strangers.append(label_of(subject))
                continue
            if books.waiting[known[0]] or known[0] in books.arrived:
                books.doubled.append(side.postings[known[0]].label)
            books.waiting[known[0]] += 1
        candidates = [key for unit in here for key in missing[unit] if not books.waiting[key]]
        for key in candidates[: len(nameless)]:
            books.waiting[key] += 1
        books.doubled.extend(nameless[len(candidates) :])


def _late(side: Side, rules: Rules, books: _Books) -> Iterator[str]:
    for key, deliveries in books.arrived.items():
        posting, (system, first) = side.postings[key], min(deliveries, key=lambda each: each[1].done)
        if posting.state == "accepted" and system not in rules.offline and first.done - posting.done > rules.late_after:
            yield posting.label


def _overtaken(side: Side, books: _Books) -> Iterator[str]:
    """Postings that were acknowledged before another of the same pair and urgency was begun, and yet were fetched after
    that one was there. The first try of a fetch counts: a failed one is not the axis's order."""
    pairs: dict[tuple[str, str, int], list[tuple[Posting, float, float]]] = defaultdict(list)
    for key, deliveries in books.arrived.items():
        posting = side.postings[key]
        if posting.state == "accepted":
            tried, came = (min(getattr(each, when) for _, each in deliveries) for when in ("tried", "done"))
            pairs[posting.sender, posting.unit, posting.urgency].append((posting, tried, came))
    for found in pairs.values():
        yield from _overtaken_of(found)


def _overtaken_of(found: Iterable[tuple[Posting, float, float]]) -> Iterator[str]:
    """From the last sent to the first, with the earliest arrival of all that were begun later."""
    by_begin = sorted(found, key=lambda each: each[0].begun, reverse=True)
    earliest, behind = float("inf"), 0
    for posting, fetch_begun, _ in sorted(found, key=lambda each: each[0].done, reverse=True):
        while behind < len(by_begin) and by_begin[behind][0].begun >= posting.done:
            earliest = min(earliest, by_begin[behind][2])
            behind += 1
        if earliest <= fetch_begun:
            yield posting.label
