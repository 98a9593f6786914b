"""What a system under test owes for each package that it fetched, beside having it: to confirm it; of a document to
report that it arrived (01, or 02 where it is refused); 03 where its clerk accepted it; and each report once. Pure.

The axis hands a package out again until it is confirmed, and a sender who hears nothing sends again: a system that only
fetches would look fast (pitfall 162).
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from loadtests.account import Account, listed

__all__ = ["DUTIES", "EVENTS", "with_duties"]

DUTIES = ("unconfirmed", "unreported", "unaccepted", "repeated")
"""The lines of the account that this file writes."""
EVENTS = ("fetched", "confirmed", "answered", "act")
"""The events of a ledger that it reads."""
_TAKEN = ("done", "fail")
_ARRIVED, _REFUSED, _ACCEPTED = "01", "02", "03"


def with_duties(account: Account, events: Iterable[Mapping[str, Any]], system: str) -> Account:
    """``account`` with what ``system`` left undone, as an axis without fault saw it: one that forgets a confirmation,
    or loses an answer, must not hold that against anybody."""
    documents: dict[str, str] = {}
    statuses: dict[str, str] = {}
    words: dict[str, str] = {}
    reports: dict[tuple[str, str], set[str]] = {}
    accepted: set[str] = set()
    for event in events:
        if event["system"] != system or not event["ok"]:
            continue
        match event["e"]:
            case "fetched" if event["type"] == "status":
                statuses[str(event["delivery_id"])] = f"{event['about']} · {event['status_code']}"
            case "fetched":
                documents[str(event["delivery_id"])] = str(event["document_id"])
            case "confirmed" if event["word"] in _TAKEN:
                words[str(event["delivery_id"])] = str(event["word"])
            case "answered":
                reports.setdefault((str(event["about"]), str(event["status"])), set()).add(str(event["doc_id"]))
            case "act":
                accepted.add(str(event["document_id"]))
            case _:
                continue
    held = sorted({document for delivery, document in documents.items() if words.get(delivery) != "fail"})
    told = {about for about, code in reports if code in (_ARRIVED, _REFUSED)}
    finished = {about for about, code in reports if code == _ACCEPTED}
    again = (f"{about} · {code}" for (about, code), ids in sorted(reports.items()) for _ in range(len(ids) - 1))
    return replace(
        account,
        unconfirmed=listed(sorted(what for delivery, what in (documents | statuses).items() if delivery not in words)),
        unreported=listed(each for each in held if each not in told),
        unaccepted=listed(sorted(accepted - finished)),
        repeated=listed(again),
    )
