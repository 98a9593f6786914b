"""Answers that faults give in the hub's place: refusals and made-up successes, with the members each call needs."""

import uuid
from random import Random
from typing import Any

from simulator.faults.fault import replaced
from simulator.protocol.errors import WIRE_ERRORS
from simulator.wire import Response

__all__ = ["made_up_delivery", "made_up_doc_id", "refusal", "success"]

_NEEDED: dict[str, dict[str, Any]] = {
    "sendEdoc": {"DocId": ""},
    "getEdoc": {"data": ""},
    "getReceivedEdocList": {"data": []},
    "getSentEdocList": {"data": []},
    "getAgenciesList": {"data": []},
    "getAgenciesListQD20": {"data": []},
    "getSynchronizeUnit": {"data": []},
}


def refusal(operation: str, error_id: str, *, bare: bool = False) -> Response:
    """FAIL with that line of the catalogue; ``bare``: only the three members that every answer has.

    Raises KeyError for a line that does not exist.
    """
    error = {each.id: each for each in WIRE_ERRORS}[error_id]
    if operation == "downloadEdoc":
        return Response(headers=(("Content-Type", b"application/octet-stream"),))
    more = {} if bare and operation != "sendEdoc" else _NEEDED.get(operation, {})
    return replaced({"status": "FAIL", "ErrorCode": error.code, "ErrorDesc": error.desc, **more})


def success(**members: object) -> Response:
    """OK, with further members."""
    return replaced({"status": "OK", "ErrorCode": "0", "ErrorDesc": "Thanh cong", **members})


def made_up_doc_id(random: Random) -> str:
    """24 hexadecimal digits, as the hub gives them."""
    return f"{random.getrandbits(96):024x}"


def made_up_delivery(delivery_id: str) -> str:
    """Another delivery id, always the same for the same one."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, delivery_id))
