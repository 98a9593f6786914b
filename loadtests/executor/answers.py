"""The axis's JSON answers, read as cheaply as they allow and as strictly as the real client does (wire.md A.0.8, A.2).

Unusable   no client of the field could go on with it: never to be taken for a success, or for an empty list (A.3)
"""

import json
from typing import Any

import pybase64

__all__ = ["Unusable", "doc_id_of", "listed_in", "package_of", "told"]

_MANDATORY = ("status", "ErrorCode", "ErrorDesc")
_GOOD = (b'"status":"OK"', b'"ErrorCode":"0"', b'"ErrorDesc":"')
_DATA = b'"data":"'
_SHORT = 256
_LINE = frozenset(
    ("docId", "serviceType", "messageType", "created_time", "updated_time", "from", "to", "status", "status_desc")
)
"""The members of a list's line that the SDK reads: a null in one of them, and it hands out no list at all."""


class Unusable(Exception):
    """Not what an axis may answer."""


def told(body: bytes | bytearray) -> tuple[bool, str, dict[str, Any]]:
    """(OK or not, ErrorCode, all members). Raises Unusable.

    The SDK tells success by ErrorCode, integrators tell it by status: an answer on which they disagree is unusable.
    """
    try:
        members = json.loads(body)
    except (ValueError, RecursionError):
        members = None
    if not isinstance(members, dict):
        raise Unusable(f"no JSON object ({len(body)} bytes)")
    for name in _MANDATORY:
        if not isinstance(members.get(name), str | int | float):
            raise Unusable(f"an answer without {name}")
    status, code = str(members["status"]), str(members["ErrorCode"])
    good = status == "OK"
    if good is not (code == "0"):
        raise Unusable(f"status {status[:20]} with ErrorCode {code[:20]}")
    return good, code, members


def doc_id_of(members: dict[str, Any]) -> str:
    """The DocId in a good answer to sendEdoc. Raises Unusable where there is none: the SDK would hand out nothing."""
    doc_id = members.get("DocId")
    if not isinstance(doc_id, str | int) or str(doc_id) in ("", "0"):
        raise Unusable("OK without a DocId")
    return str(doc_id)


def listed_in(members: dict[str, Any]) -> list[str]:
    """The ids in a good answer to getReceivedEdocList. Raises Unusable where the SDK would hand out no list."""
    rows = members.get("data")
    if not isinstance(rows, list):
        raise Unusable("OK without a list")
    for row in rows:
        if not isinstance(row, dict) or any(row[name] is None for name in _LINE & row.keys()):
            raise Unusable("a list with a null in it, which the SDK takes for none")
    return [str(row["docId"]) for row in rows if row.get("docId")]


def package_of(body: bytes | bytearray) -> tuple[bytes | None, str]:
    """The package in an answer to getEdoc, or None and the ErrorCode. Raises Unusable.

    A long answer is not made into a text first: its base64 is cut out of the bytes where nothing in it is escaped.
    """
    start = body.find(_DATA, 0, _SHORT)
    if start >= 0 and all(member in body[:start] for member in _GOOD):
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
