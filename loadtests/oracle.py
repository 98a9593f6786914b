"""The oracle: every document accounted for, from what was planned and what the ledger says. Pure.

An axis may be fast and wrong (pitfall 162), so this comes before any latency. Documents and statuses are settled by the
same rules, as postings: one thing posted by one unit to another.

* A posting is *accepted* once one of its sends was answered OK; refused, or unanswered (then it may arrive, or not);
  sending it again after a lost answer posts nothing new.
* A delivery is one id in one receiver's list. Fetching it again before it was confirmed is no double; another id for
  the same posting is one, and so is an id that comes back after its confirmation was answered OK.
* Accepted, never fetched, and not in the receiver's last list: lost.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from loadtests.account import Account, listed
from loadtests.book import with_book
from loadtests.settling import Delivery, Journey, Posting, Rules, Side, settle

__all__ = ["Planned", "Reckoning", "Rules", "account", "reckon"]


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
    """The account, and the journeys of documents and of statuses that it was made from."""

    account: Account
    documents: tuple[Journey, ...]
    statuses: tuple[Journey, ...]


def account(
    planned: Iterable[Planned],
    units: Mapping[str, frozenset[str]],
    events: Iterable[Mapping[str, Any]],
    rules: Rules = Rules(),
) -> Account:
    """The account of a run. ``units``: system -> the units it answers for; ``events``: all ledgers, in any order."""
    return reckon(planned, units, events, rules).account


def reckon(
    planned: Iterable[Planned],
    units: Mapping[str, frozenset[str]],
    events: Iterable[Mapping[str, Any]],
    rules: Rules = Rules(),
) -> Reckoning:
    """The account of a run with the journey of every delivery."""
    plan = {each.number: each for each in planned}
    told: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for event in events:
        told[str(event["e"])].append(event)
    documents, statuses = Side(), Side()
    unsent = _post_documents(documents, plan, told)
    _post_statuses(statuses, plan, units, told)
    sides = {"edoc": documents, "status": statuses}
    for fetched in sorted(told["fetched"], key=lambda event: float(event["done"])):
        _take(sides.get(str(fetched["type"]), documents), fetched, units)
    for word in sorted(told["confirmed"], key=lambda event: float(event["done"])):
        for side in sides.values():
            side.confirm(
                str(word["system"]), str(word["delivery_id"]), str(word["word"]), bool(word["ok"]), word["done"]
            )
    for listing in sorted(told["waiting"], key=lambda event: float(event.get("at", 0.0))):
        ids = tuple(map(str, listing["delivery_ids"]))
        known = listing.get("documents") or (None,) * len(ids)
        sides.get(str(listing["type"]), documents).lists[str(listing["system"])] = tuple(zip(ids, known, strict=True))
    found, journeys = settle(documents, units, rules)
    settled = replace(found, dropped=listed(unsent))
    for book in told["book"]:
        taken = _taken(documents, str(book["system"]) if book.get("system") else None)
        settled = with_book(settled, book["documents"], taken, {each.document_id: each.files for each in plan.values()})
    answers, answer_journeys = settle(statuses, units, rules)
    return Reckoning(replace(settled, statuses=answers), journeys, answer_journeys)


def _taken(side: Side, system: str | None) -> set[str]:
    """The planned documents that ``system`` (None: anyone) fetched, and whose confirmation as done was answered OK."""
    known = {subject for subject, _ in side.postings}
    return {
        each.subject
        for (who, delivery_id), fetches in side.fetches.items()
        if system in (None, who)
        for each in fetches
        if each.ok and each.subject in known
        and [word for word, ok, _ in side.words.get((who, delivery_id), ()) if ok][-1:] == ["done"]
    }  # fmt: skip


def _post_documents(side: Side, plan: Mapping[int, Planned], told: Mapping[str, list[Mapping[str, Any]]]) -> list[str]:
    """Every planned document into ``side``; those that never left come back (pitfall 154: work does not disappear)."""
    sends: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for event in told.get("sent", ()):
        sends[int(event["n"])].append(event)
    unsent = []
    for number, document in sorted(plan.items()):
        tries = sends.get(number, [])
        if not tries:
            unsent.append(document.document_id)
        window = _outcome(tries)
        side.count_document(document.document_id, window[0])
        for unit in dict.fromkeys(document.receivers):
            side.post(
                (document.document_id, unit),
                Posting(
                    document.document_id, document.sender, unit, document.urgency, *window,
                    sha256=document.sha256, files=document.files,
                ),
            )  # fmt: skip
    return unsent


def _post_statuses(
    side: Side,
    plan: Mapping[int, Planned],
    units: Mapping[str, frozenset[str]],
    told: Mapping[str, list[Mapping[str, Any]]],
) -> None:
    """Every status that a receiver answered with, towards the unit whose document it is about."""
    owners = {document.document_id: document.sender_unit for document in plan.values()}
    answers: dict[tuple[str, str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for event in told.get("answered", ()):
        system = str(event["system"])
        unit = str(event.get("unit") or next(iter(sorted(units.get(system, ()))), system))
        answers[str(event["about"]), unit, str(event["status"])].append(event)
    for (about, unit, code), tries in answers.items():
        label = f"{about} · {code} · {unit}"
        window = _outcome(tries)
        side.count_document(label, window[0])
        allowed = len({str(each["doc_id"]) for each in tries if each["ok"] and each.get("doc_id")})
        owner = owners.get(about, str(tries[0].get("to", "")))
        sha = str(tries[0].get("sha256") or "")
        side.post((label, owner), Posting(label, unit, owner, 0, *window, sha256=sha, allowed=max(1, allowed)))


def _outcome(tries: list[Mapping[str, Any]]) -> tuple[str, float, float]:
    """What became of sending it: (accepted, refused, unanswered or unsent; when it began; when it was answered)."""
    if not tries:
        return "unsent", 0.0, 0.0
    good = [each for each in tries if each["ok"]]
    if good:
        first = min(good, key=lambda each: float(each["done"]))
        return "accepted", min(float(each["begun"]) for each in tries), float(first["done"])
    state = "refused" if all(each.get("code") for each in tries) else "unanswered"
    return state, min(float(each["begun"]) for each in tries), max(float(each["done"]) for each in tries)


def _take(side: Side, event: Mapping[str, Any], units: Mapping[str, frozenset[str]]) -> None:
    """One fetch into ``side``."""
    system, unit = str(event["system"]), str(event.get("unit") or "")
    if not unit:
        unit = next(iter(sorted(units.get(system, ()))), "")
    subject = str(event.get("document_id") or "")
    if event["type"] == "status":
        subject = f"{event.get('about')} · {event.get('status_code')} · {event.get('from')}"
    side.fetch(
        Delivery(
            system, str(event["delivery_id"]), unit, subject, float(event["begun"]), float(event["done"]),
            bool(event["ok"]), str(event.get("sha256") or ""), tuple(event.get("files") or ()),
        )
    )  # fmt: skip
