"""Faults of who is who: secrets, senders and receivers."""

import base64
from typing import Any

from simulator.faults.answers import refusal
from simulator.faults.fault import LISTS, Fault, Kind, Strike, delivery_id, edited, members_of, replaced
from simulator.wire import Outcome
from simulator.words import Text

__all__ = ["FAULTS"]


async def _refused_package(strike: Strike) -> Outcome:
    return refusal("sendEdoc", str(strike.options["error"]))


async def _refused_credentials(strike: Strike) -> Outcome:
    return refusal(strike.request.operation, "bad-credentials")


def _wrong_sender(members: dict[str, Any], strike: Strike) -> bool:
    lines = [line for line in members.get("data") or () if strike.whom.means(line)]
    for line in lines:
        line["from"] = strike.options["shown"]
    return bool(lines)


async def _to_a_stranger(strike: Strike) -> Outcome:
    """What one system fetched last is listed for the next one that asks, and given to it."""
    kept: dict[str, Any] = strike.memory
    request = strike.request
    asking = (request.first("XroadVnpt-systemid") or b"").decode("utf-8", "replace")
    named = delivery_id(request)
    if kept and asking != kept["owner"] and request.operation == "getEdoc" and named == kept["delivery"]:
        return replaced({"status": "OK", "ErrorCode": "0", "ErrorDesc": "Thanh cong", "data": kept["data"]})
    outcome = await strike.answer(request)
    members = members_of(outcome)
    strike.hit = False
    if members is None or members.get("status") != "OK":
        return outcome
    if request.operation == "getEdoc" and base64.b64decode(str(members.get("data") or "")):
        kept.update(owner=asking, delivery=named, data=members["data"])
    elif request.operation in LISTS and kept and asking != kept["owner"] and kept["delivery"] not in str(members):
        line = {"docId": kept["delivery"], "serviceType": "eDoc", "messageType": "edoc", "status": "initial"}
        strike.hit = True
        return replaced({**members, "data": [*(members.get("data") or ()), line]})
    return outcome


FAULTS: tuple[Fault, ...] = (
    Fault(
        "refuses-package",
        Text("the axis refuses a good package", "trục từ chối một gói tin đúng"),
        Kind.IDENTITY,
        _refused_package,
        operations=frozenset({"sendEdoc"}),
        options={"error": "wrong-sender"},
    ),
    Fault(
        "refuses-credentials",
        Text("the secret is changed: the old one is refused", "khóa bí mật đã đổi: khóa cũ bị từ chối"),
        Kind.IDENTITY,
        _refused_credentials,
        exclusive=True,
    ),
    Fault(
        "wrong-sender-shown",
        Text("the list names another sender than the package", "danh sách ghi bên gửi khác với gói tin"),
        Kind.IDENTITY,
        edited(_wrong_sender),
        operations=LISTS,
        options={"shown": "000.00.00.Z99"},
    ),
    Fault(
        "delivers-to-a-stranger",
        Text("what one system fetched is also given to another", "gói tin của hệ thống này bị giao cho hệ thống khác"),
        Kind.IDENTITY,
        _to_a_stranger,
        operations=LISTS | {"getEdoc"},
        exclusive=True,
    ),
)
