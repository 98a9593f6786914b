"""Faults of memory: an axis that says OK and forgets, or remembers twice."""

from typing import Any

from simulator.faults.answers import made_up_delivery, made_up_doc_id, refusal, success
from simulator.faults.fault import ALIASES, BY_ID, LISTS, Fault, Kind, Strike, delivery_id, members_of, replaced
from simulator.wire import Outcome
from simulator.words import Text

__all__ = ["FAULTS"]


async def _lost(strike: Strike) -> Outcome:
    strike.hit = strike.random.randrange(int(strike.options["n"])) == 0
    return success(DocId=made_up_doc_id(strike.random)) if strike.hit else await strike.answer(strike.request)


async def _lost_status(strike: Strike) -> Outcome:
    strike.hit = (strike.request.first("XroadVnpt-messagetype") or b"").lower() == b"status"
    return success(DocId=made_up_doc_id(strike.random)) if strike.hit else await strike.answer(strike.request)


async def _lost_confirm(strike: Strike) -> Outcome:
    return success()


async def _twice(strike: Strike) -> Outcome:
    """Each delivery (of one in ``n``) is listed once more under another id, until that one is confirmed, too."""
    if strike.request.operation not in BY_ID:
        return await _listed_twice(strike)
    twins: dict[str, str] = strike.memory.setdefault(ALIASES, {})
    named, operation = delivery_id(strike.request), strike.request.operation
    strike.hit = named in twins
    if not strike.hit:
        outcome = await strike.answer(strike.request)
        if made_up_delivery(named) in twins:  # what has no twin need not be kept
            strike.memory[f"{operation} {named}"] = outcome
        return outcome
    if operation == "updateStatus":
        strike.memory["waiting"].pop(named, None)
        return success()
    known: Outcome | None = strike.memory.get(f"{operation} {twins[named]}")
    return known or refusal(operation, "system-error")  # asked for before its original: later again


async def _listed_twice(strike: Strike) -> Outcome:
    twins: dict[str, str] = strike.memory.setdefault(ALIASES, {})
    waiting: dict[str, tuple[bytes, dict[str, Any]]] = strike.memory.setdefault("waiting", {})
    caller = strike.request.first("XroadVnpt-systemid") or b""
    outcome = await strike.answer(strike.request)
    members = members_of(outcome)
    strike.hit = False
    if members is None or members.get("status") != "OK":
        return outcome
    lines = list(members.get("data") or ())
    for line in lines:
        twin = made_up_delivery(str(line.get("docId")))
        if strike.whom.means(line) and twin not in twins and _drawn(strike, twin):
            twins[twin] = str(line["docId"])
            waiting[twin] = (caller, {**line, "docId": twin})
    asked = (strike.request.first("XroadVnpt-messagetype") or b"").decode("latin-1").lower()
    shown = [
        line
        for owner, line in waiting.values()
        if owner == caller and asked in ("", str(line.get("messageType", "")).lower())
    ]
    strike.hit = bool(shown)
    return replaced({**members, "data": [*lines, *shown]}) if shown else outcome


def _drawn(strike: Strike, twin: str) -> bool:
    """Whether this delivery is the one in ``n``: the same answer whenever it is listed, by the digits of its twin's id,
    which are as good as drawn."""
    return int(twin.replace("-", "")[-12:], 16) % int(strike.options.get("n", 1)) == 0


FAULTS: tuple[Fault, ...] = (
    Fault(
        "loses-one-in-n",
        Text("one package in N is accepted and never stored", "cứ N gói tin thì một gói được nhận nhưng không lưu"),
        Kind.STORAGE,
        _lost,
        operations=frozenset({"sendEdoc"}),
        options={"n": 10},
    ),
    Fault(
        "loses-a-status",
        Text("a status is accepted and never delivered", "trạng thái được nhận nhưng không bao giờ được chuyển"),
        Kind.STORAGE,
        _lost_status,
        operations=frozenset({"sendEdoc"}),
    ),
    Fault(
        "loses-a-confirm",
        Text("a confirm is answered OK and forgotten", "xác nhận được trả lời OK rồi bị quên"),
        Kind.STORAGE,
        _lost_confirm,
        operations=frozenset({"updateStatus"}),
    ),
    Fault(
        "delivers-twice",
        Text("each delivery comes once more under another id", "mỗi gói tin được giao thêm lần nữa với mã khác"),
        Kind.STORAGE,
        _twice,
        operations=LISTS | BY_ID,
    ),
    Fault(
        "delivers-one-in-n-twice",
        Text(
            "one delivery in N comes once more under another id",
            "cứ N gói tin thì một gói được giao thêm lần nữa với mã khác",
        ),
        Kind.STORAGE,
        _twice,
        operations=LISTS | BY_ID,
        options={"n": 10},
    ),
)
