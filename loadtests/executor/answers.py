"""The axis's JSON answers, read as cheaply as they allow (wire.md A.2). Pure.

Unusable   no JSON object with a status: never to be taken for an empty list (wire.md A.3)
"""

import json
from typing import Any

import pybase64

__all__ = ["Unusable", "package_of", "told"]

_GOOD = b'"status":"OK"'
_DATA = b'"data":"'
_SHORT = 256


class Unusable(Exception):
    """Not what an axis may answer."""


def told(body: bytes | bytearray) -> tuple[bool, str, dict[str, Any]]:
    """(OK or not, ErrorCode, all members). Raises Unusable."""
    try:
        members = json.loads(body)
    except (ValueError, RecursionError):
        members = None
    if not isinstance(members, dict) or not isinstance(members.get("status"), str):
        raise Unusable(f"no JSON object with a status ({len(body)} bytes)")
    code = members.get("ErrorCode")
    return members["status"].upper() == "OK", "" if code is None else str(code), members


def package_of(body: bytes | bytearray) -> tuple[bytes | None, str]:
    """The package in an answer to getEdoc, or None and the ErrorCode. Raises Unusable.

    A long answer is not made into a text first: its base64 is cut out of the bytes where nothing in it is escaped.
    """
    start = body.find(_DATA, 0, _SHORT)
    if start >= 0 and _GOOD in body[:start]:
        start += len(_DATA)
        end = body.find(b'"', start)
        if end > 0 and body.find(b"\\", start, end) < 0:
            return _decoded(memoryview(body)[start:end]), "0"
    good, code, members = told(body)
    if not good:
        return None, code
    data = members.get("data")
    if not isinstance(data, str):
        raise Unusable("OK without data")
    return _decoded("".join(data.split()).encode("ascii", "replace")), code


def _decoded(text: bytes | memoryview) -> bytes:
    try:
        return pybase64.b64decode(text, validate=True)
    except ValueError as error:
        raise Unusable("the data is no base64") from error
