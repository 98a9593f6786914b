"""Faults of the content: answers that are JSON and still not what the SDK expects (wire.md A.0.8, A.3)."""

import base64
import re
from typing import Any

from simulator.faults.answers import refusal
from simulator.faults.fault import LISTS, Fault, Kind, Strike, edited, members_of, replaced
from simulator.wire import Cut, Outcome, Response
from simulator.words import Text

__all__ = ["FAULTS"]

_TEXT = re.compile(rb">[^<>]*[0-9][^<>]*<")
_NULLS = ("docId", "serviceType", "messageType", "created_time", "updated_time", "from", "to", "status", "status_desc")


async def _fail(strike: Strike) -> Outcome:
    return refusal(strike.request.operation, str(strike.options["error"]), bare=True)


def _nulls(members: dict[str, Any], strike: Strike) -> bool:
    members["data"] = [dict.fromkeys(_NULLS), None, *(members.get("data") or ())]
    return True


def _no_data(members: dict[str, Any], strike: Strike) -> bool:
    return members.pop("data", None) is not None


def _long_directory(members: dict[str, Any], strike: Strike) -> bool:
    """Made-up units of the made-up province H95 stand before the axis's own."""
    made_up = [
        {"code": f"H95.{1 + at // 9801:02}.{1 + at // 99 % 99:02}.{1 + at % 99:02}", "name": f"Đơn vị giả lập {at + 1}"}
        for at in range(int(strike.options["rows"]))
    ]
    members["data"] = [*made_up, *(members.get("data") or ())]
    return bool(made_up)


def _no_doc_id(members: dict[str, Any], strike: Strike) -> bool:
    return members.pop("DocId", None) is not None


def _broken_base64(members: dict[str, Any], strike: Strike) -> bool:
    text = str(members.get("data") or "")
    members["data"] = text[: len(text) // 2] + "@" + text[len(text) // 2 + 2 :]
    return bool(text)


async def _altered(strike: Strike) -> Outcome:
    """One digit of one text becomes another, in what getEdoc or downloadEdoc gives."""
    outcome = await strike.answer(strike.request)
    if isinstance(outcome, Cut):
        strike.hit = False
        return outcome
    members = members_of(outcome)
    package = base64.b64decode(str(members.get("data") or "")) if members else outcome.body
    changed = _one_digit_else(package, strike)
    strike.hit = changed != package
    if members:
        return replaced({**members, "data": base64.b64encode(changed).decode()})
    return Response(outcome.status, outcome.headers, changed)


def _one_digit_else(package: bytes, strike: Strike) -> bytes:
    texts = list(_TEXT.finditer(package))
    if not texts:
        return package
    place = strike.random.choice(texts)
    digits = [at for at in range(place.start(), place.end()) if 0x30 <= package[at] <= 0x39]
    at = strike.random.choice(digits)
    other = strike.random.choice([digit for digit in b"0123456789" if digit != package[at]])
    return package[:at] + bytes((other,)) + package[at + 1 :]


FAULTS: tuple[Fault, ...] = (
    Fault(
        "fail-answer",
        Text("FAIL without any further member", "FAIL, không kèm phần tử nào khác"),
        Kind.CONTENT,
        _fail,
        options={"error": "system-error"},
    ),
    Fault(
        "null-members",
        Text("the list begins with lines of nulls", "danh sách có các dòng toàn null"),
        Kind.CONTENT,
        edited(_nulls),
        operations=LISTS,
        exclusive=True,
    ),
    Fault(
        "no-data",
        Text("OK, but the list is missing", "OK nhưng không có danh sách"),
        Kind.CONTENT,
        edited(_no_data),
        operations=LISTS,
        exclusive=True,
    ),
    Fault(
        "long-directory",
        Text("the directory lists many more units", "danh bạ liệt kê thêm rất nhiều đơn vị"),
        Kind.CONTENT,
        edited(_long_directory),
        operations=frozenset({"getAgenciesList", "getAgenciesListQD20"}),
        options={"rows": 123_265},
    ),
    Fault(
        "no-doc-id",
        Text("the package is stored, but the answer lacks its DocId", "gói tin đã lưu nhưng câu trả lời thiếu DocId"),
        Kind.CONTENT,
        edited(_no_doc_id),
        operations=frozenset({"sendEdoc"}),
    ),
    Fault(
        "broken-base64",
        Text("the package in the answer is no base64", "gói tin trong câu trả lời không phải base64"),
        Kind.CONTENT,
        edited(_broken_base64),
        operations=frozenset({"getEdoc"}),
    ),
    Fault(
        "alters-bytes",
        Text("one digit of the package becomes another", "một chữ số trong gói tin bị đổi thành số khác"),
        Kind.CONTENT,
        _altered,
        operations=frozenset({"getEdoc", "downloadEdoc"}),
    ),
)
