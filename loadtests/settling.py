"""Settles what was posted against what arrived: one side of the books (documents, or statuses). Pure.

The rules are said in oracle.py; here they are carried out, per posting and per delivery id.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from loadtests.account import Account, listed

__all__ = ["Delivery", "Journey", "Posting", "Rules", "Side", "settle"]

PostingKey = tuple[str, str]
"""(what was posted, the unit it was posted to)."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What the judge must know of the run. ``late_after``: seconds from acceptance to arrival; ``verbatim``: the axis
    may not change a byte of a package (else only its attached files are compared); ``offline``: systems that do not
    poll, which are never late."""

    late_after: float = 65.0
    verbatim: bool = True
    offline: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Posting:
    """One thing posted to one unit. ``state``: accepted, refused, unanswered or unsent; ``begun`` and ``done``: when it
    was sent, and when it was acknowledged. ``allowed``: how many deliveries of it are right."""

    label: str
    sender: str
    unit: str
    urgency: int
    state: str
    begun: float
    done: float
    sha256: str = ""
    files: tuple[str, ...] = ()
    allowed: int = 1


@dataclass(frozen=True, slots=True)
class Delivery:
    """One fetch by ``system`` of the delivery ``id``, addressed to ``unit``, holding ``subject``."""

    system: str
    id: str
    unit: str
    subject: str
    begun: float
    done: float
    ok: bool
    sha256: str = ""
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Journey:
    """One owed delivery in time: sent, acknowledged, and fetched by ``system`` (None: it never arrived)."""

    label: str
    sender: str
    unit: str
    begun: float
    acknowledged: float
    arrived: float | None
    fate: str
    system: str = ""


@dataclass(slots=True)
class Side:
    """What was posted and what came, collected while the ledgers are read."""

    states: Counter[str] = field(default_factory=Counter)
    by_state: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    postings: dict[PostingKey, Posting] = field(default_factory=dict)
    fetches: dict[tuple[str, str], list[Delivery]] = field(default_factory=lambda: defaultdict(list))
    words: dict[tuple[str, str], list[tuple[str, bool, float]]] = field(default_factory=lambda: defaultdict(list))
    lists: dict[str, tuple[tuple[str, str | None], ...]] = field(default_factory=dict)

    def count_document(self, label: str, state: str) -> None:
        """Note what became of sending one document or status."""
        self.states[state] += 1
        self.by_state[state].append(label)

    def post(self, key: PostingKey, posting: Posting) -> None:
        """Note one posting."""
        self.postings[key] = posting

    def fetch(self, delivery: Delivery) -> None:
        """Note one fetch; fetches come in the order of time."""
        self.fetches[delivery.system, delivery.id].append(delivery)

    def confirm(self, system: str, delivery_id: str, word: str, ok: bool, at: float) -> None:
        """Note a transport word for one delivery; a side that never saw the delivery does not mind."""
        self.words[system, delivery_id].append((word, ok, float(at)))


@dataclass(slots=True)
class _Books:
    """The lines while they are being written, as labels."""

    arrived: dict[PostingKey, list[Delivery]] = field(default_factory=lambda: defaultdict(list))
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
    fates: dict[str, list[str]] = defaultdict(list)
    for journey in journeys:
        fates[journey.fate].append(journey.label)
    taken_silently = {side.postings[key].label for key in expected if side.postings[key].state == "unanswered"}
    account = Account(
        accepted=side.states["accepted"] + len(taken_silently),
        deliveries_expected=len(expected),
        delivered=len(fates["delivered"]),
        waiting=listed(fates["waiting"]),
        given_back=listed(fates["given_back"]),
        lost=listed(fates["lost"]),
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
    first = min(deliveries, key=lambda each: each.done, default=None)
    fate = "lost"
    if key in books.given_back:
        fate = "given_back"
    elif first:
        fate = "delivered"
    elif books.waiting[key]:
        fate = "waiting"
    return Journey(
        posting.label, posting.sender, posting.unit, posting.begun, posting.done,
        first.done if first else None, fate, first.system if first else "",
    )  # fmt: skip


def _is_expected(key: PostingKey, posting: Posting, books: _Books) -> bool:
    """Acknowledged postings are owed; an unanswered one only where the axis shows that it took it."""
    if posting.state == "accepted":
        return True
    return posting.state == "unanswered" and (key in books.arrived or books.waiting[key] > 0)


def _arrivals(side: Side, units: Mapping[str, frozenset[str]], rules: Rules, books: _Books) -> None:
    """Sort every delivery that was fetched to its posting; what has none is a stranger."""
    for (system, delivery_id), fetches in side.fetches.items():
        good = [each for each in fetches if each.ok]
        if not good:
            continue
        first = good[0]
        key = (first.subject, first.unit)
        posting = side.postings.get(key)
        at_home = first.unit in units.get(system, frozenset((first.unit,)))
        if posting is None or not at_home or posting.state in ("refused", "unsent"):
            books.strangers.append(first.subject or delivery_id)
            continue
        words = side.words.get((system, delivery_id), [])
        before = books.arrived[key]
        if len(before) >= posting.allowed:
            books.doubled.append(posting.label)
        before.append(first)
        final = [(word, at) for word, ok, at in words if ok]
        if final and final[-1][0] == "fail":
            books.given_back.add(key)
        taken = min((at for word, at in final if word in ("done", "fail")), default=None)
        if taken is not None and any(each.begun > taken for each in good):
            books.doubled.append(posting.label)
        if any(_differs(posting, each, rules) for each in good):
            books.altered.append(posting.label)


def _differs(posting: Posting, delivery: Delivery, rules: Rules) -> bool:
    if posting.files and delivery.files != posting.files:
        return True
    return bool(rules.verbatim and posting.sha256 and delivery.sha256 and delivery.sha256 != posting.sha256)


def _still_listed(side: Side, units: Mapping[str, frozenset[str]], books: _Books) -> None:
    """What the last lists hold and nobody fetched. The wire's list names no document, so an id without one is given to
    the newest postings that are missing there (lists are handed out oldest first); an id too many is a double."""
    missing: dict[str, list[PostingKey]] = defaultdict(list)
    for key, posting in sorted(side.postings.items(), key=lambda item: (item[1].state != "accepted", -item[1].done)):
        if key not in books.arrived and posting.state in ("accepted", "unanswered"):
            missing[posting.unit].append(key)
    for system, entries in sorted(side.lists.items()):
        fresh = [entry for entry in entries if not any(each.ok for each in side.fetches.get((system, entry[0]), ()))]
        here = sorted(units.get(system, ()))
        nameless = []
        for delivery_id, subject in fresh:
            if subject is None:
                nameless.append(delivery_id)
                continue
            known = [(subject, unit) for unit in here if (subject, unit) in side.postings]
            if not known:
                books.strangers.append(subject)
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
        posting, first = side.postings[key], min(deliveries, key=lambda each: each.done)
        if (
            posting.state == "accepted"
            and first.system not in rules.offline
            and first.done - posting.done > rules.late_after
        ):
            yield posting.label


def _overtaken(side: Side, books: _Books) -> Iterator[str]:
    """Postings that were acknowledged before another of the same pair and urgency was begun, and yet were fetched after
    that one was there. The first try of a fetch counts: a failed one is not the axis's order."""
    pairs: dict[tuple[str, str, int], list[tuple[Posting, float, float]]] = defaultdict(list)
    for key, deliveries in books.arrived.items():
        posting = side.postings[key]
        if posting.state == "accepted":
            tries = [side.fetches[each.system, each.id][0].begun for each in deliveries]
            pairs[posting.sender, posting.unit, posting.urgency].append(
                (posting, min(tries), min(each.done for each in deliveries))
            )
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
