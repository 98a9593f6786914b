"""Whether an answer of the control API has the form that the contract gives it (section 4).

Checked once, at the edge: what lies behind it may then trust the types. An answer of another form is no usable
answer (status 0 with the place that is wrong), so the SUT is told so and no case of ours stumbles over it.
Members may be missing, null or more than the contract names.
"""

from collections.abc import Mapping
from typing import Any

from conformance.stage import Reply

__all__ = ["reply"]

_Shape = type | tuple[Any] | dict[str, Any]
_FILE: dict[str, _Shape] = {"name": str, "size": int, "sha256": str}
_RECEIVER: dict[str, _Shape] = {"organ": str, "status": str, "reason": str}
_SIGNER: dict[str, _Shape] = {"competence": str, "position": str, "full_name": str}
_DOCUMENT: dict[str, _Shape] = {
    "document_id": str,
    "from": str,
    "code_number": str,
    "code_notation": str,
    "subject": str,
    "kind": str,
    "state": str,
    "attachments": (_FILE,),
    "refers_to": str,
    "warnings": (str,),
    "signature": str,
    "receivers": (_RECEIVER,),
    # optional: what the receiver stored
    "type_name": str,
    "priority": int,
    "due_date": str,
    "signer": _SIGNER,
    "content": str,
}
_OTHER: dict[str, _Shape] = {"document_id": str}
_ANSWERS: dict[str, dict[str, _Shape]] = {
    "/control/documents": {"documents": (_DOCUMENT,)},
    "/control/statistics": {"sent": int, "received": int, "by_status": {"*": int}},
}
"""A tuple of one is a list of that; ``*`` stands for every member."""


def reply(path: str, status: int, answer: Mapping[str, Any]) -> Reply:
    """The reply, or status 0 where a successful answer to ``path`` is of another form."""
    wrong = _wrong(answer, _ANSWERS.get(path, _OTHER), "") if 200 <= status < 300 else ""
    return Reply(0, {"error": f"the answer is not of the contract's form: {wrong}"}) if wrong else Reply(status, answer)


def _wrong(value: Any, shape: _Shape, place: str) -> str:
    """The first place that is wrong, "" where none is."""
    if value is None:
        return ""
    if isinstance(shape, type):
        right = isinstance(value, shape) and not (shape is int and isinstance(value, bool))
        return "" if right else f"{place} is no {'text' if shape is str else 'number'}"
    if isinstance(shape, tuple):
        if not isinstance(value, list):
            return f"{place} is no list"
        for index, item in enumerate(value):
            if wrong := f"{place}[{index}] is null" if item is None else _wrong(item, shape[0], f"{place}[{index}]"):
                return wrong
        return ""
    if not isinstance(value, Mapping):
        return f"{place or 'it'} is no object"
    for name, inner in value.items():
        inside = shape.get(name) or shape.get("*")
        if inside is None or inner is None or (inside is str and type(inner) is str):  # nearly all of a long list
            continue
        if wrong := _wrong(inner, inside, f"{place}.{name}".lstrip(".")):
            return wrong
    return ""
