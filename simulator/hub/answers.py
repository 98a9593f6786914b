"""The JSON that the SDK accepts, member by member (wire.md A.2). Pure.

Always HTTP 200 and always ``status``, ``ErrorCode``, ``ErrorDesc``; pure ASCII, because sendEdoc's answer is decoded
as US-ASCII; a member without a value is left out, never null: one null empties the whole list.
"""

import gzip
import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

import orjson

from simulator.hub.admission import Refusal
from simulator.hub.bodies import LargeResponse
from simulator.hub.delivery import Stage
from simulator.hub.directory import Directory, Entry, level
from simulator.hub.store.reading import Listed, Sent
from simulator.protocol.codec import timestamp_text
from simulator.protocol.profile import CodeForm, Profile
from simulator.wire import Request, Response

__all__ = ["agencies", "agencies_qd20", "compressed", "fail", "ok", "received", "sent", "stored", "synchronized"]

JSON = (("Content-Type", b"application/json;charset=UTF-8"),)
_GZIP_FROM = 1024
_COMPACT = json.JSONEncoder(separators=(",", ":")).encode
_WORDS = {Stage.PROCESSING: "processing", Stage.DONE: "done", Stage.FAILED: "fail"}
_WORD_TEXTS = {"processing": "Dang xu ly", "done": "Da nhan", "fail": "Nhan loi"}


def ok(**members: object) -> Response:
    """Success, with further members."""
    return _json({"status": "OK", "ErrorCode": "0", "ErrorDesc": "Thanh cong", **members})


def stored(file: Path) -> LargeResponse:
    """Success, with a file as base64 in the member ``data``. Raises OSError."""
    before, after = ok(data="").body[:-2], ok(data="").body[-2:]
    return LargeResponse(JSON, file, encoded=True, before=before, after=after)


def fail(refusal: Refusal, **members: object) -> Response:
    """A refusal, with the members that this operation's answer must have even then."""
    return _json({"status": "FAIL", "ErrorCode": refusal.error.code, "ErrorDesc": refusal.desc, **members})


def _json(members: dict[str, object]) -> Response:
    body = orjson.dumps(members)
    return Response(headers=JSON, body=body if body.isascii() else _COMPACT(members).encode("ascii"))


def compressed(request: Request, response: Response) -> Response:
    """The same answer in gzip, where the caller asked for it and it is worth it; large files travel as they are."""
    if isinstance(response, LargeResponse) or len(response.body) <= _GZIP_FROM or not _accepts_gzip(request):
        return response
    body = gzip.compress(response.body, compresslevel=1, mtime=0)
    return Response(response.status, (*response.headers, ("Content-Encoding", b"gzip")), body)


def _accepts_gzip(request: Request) -> bool:
    offers = b",".join(request.all("Accept-Encoding")).lower().split(b",")
    for offer in offers:
        coding, _, weight = offer.partition(b";")
        if coding.strip() == b"gzip":
            return weight.replace(b" ", b"") not in (b"q=0", b"q=0.0", b"q=0.00", b"q=0.000")
    return False


# ---------------------------------------------------------------- lists of packages


def received(lines: Iterable[Listed], profile: Profile) -> list[dict[str, object]]:
    """getReceivedEdocList: ``docId`` is the delivery's UUID."""
    return [
        {
            "docId": line.delivery_id,
            "serviceType": "eDoc",
            "messageType": line.message_type,
            "created_time": _time(line.created),
            "updated_time": _time(line.updated),
            "from": line.sender,
            "to": line.unit,
            "status": _WORDS.get(line.stage, profile.new_status),
            "status_desc": _word_text(line.stage, line.description),
        }
        for line in lines
    ]


def sent(lines: Iterable[Sent], profile: Profile) -> list[dict[str, object]]:
    """getSentEdocList: one line per receiver. The vocabularies are not proved (wire.md A.3)."""
    return [
        {
            "serviceType": "eDoc",
            "messageType": line.message_type,
            "senderDocId": line.doc_id,
            "receiverDocId": line.delivery_id,
            "fromCode": line.sender,
            "toCode": line.unit,
            "sendStatus": "done",
            "sendStatusDesc": "Da gui",
            "receiveStatus": _WORDS.get(line.stage, profile.new_status),
            "receiveStatusDesc": _word_text(line.stage, line.description),
            "title": line.title,
            "notation": line.notation,
            "sentTime": _time(line.sent),
            **({"receivedTime": _time(line.fetched)} if line.fetched else {}),
        }
        for line in lines
    ]


def _word_text(stage: Stage, description: str) -> str:
    return description or _WORD_TEXTS.get(_WORDS.get(stage, ""), "Cho nhan")


def _time(stamped: str) -> str:
    """``yyyy/MM/dd HH:mm:ss`` out of a text of ``events.stamp`` (always +07:00); lists may be long, so by slices."""
    return f"{stamped[:10].replace('-', '/')} {stamped[11:19]}"


# ---------------------------------------------------------------- lists of units


def agencies(directory: Directory, form: CodeForm) -> list[dict[str, object]]:
    """getAgenciesList: every unit that takes packages, as its system was registered; ``oldCode`` is its code after
    QCVN 102."""
    return [
        {
            "id": _id(entry.unit.code),
            "pid": _parent_id(entry, directory),
            "code": _own_code(entry, form),
            "name": entry.unit.name,
            "mail": entry.mail,
            "oldCode": entry.unit.code102,
        }
        for entry in directory.entries.values()
        if entry.open
    ]


def agencies_qd20(directory: Directory, wanted_level: int | None) -> list[dict[str, object]]:
    """getAgenciesListQD20: the same by QĐ 20/2020, of one level of government or of all."""
    return [
        {
            "id": _id(entry.unit.code),
            "code": entry.unit.code,
            "name": entry.unit.name,
            "mail": entry.mail,
            "code102": entry.unit.code102,
        }
        for entry in directory.entries.values()
        if entry.open and wanted_level in (None, level(entry.unit.code))
    ]


def synchronized(directory: Directory, form: CodeForm) -> list[dict[str, object]]:
    """getSynchronizeUnit: every unit that was ever known; closed ones are marked ``deleted``.

    ``code`` is the one that its system was registered with; both forms stand beside it, in members that the SDK skips.
    """
    return [
        {
            "id": _id(entry.unit.code),
            "pid": _parent_id(entry, directory),
            "code": _own_code(entry, form),
            "codeQD20": entry.unit.code,
            "code102": entry.unit.code102,
            "name": entry.unit.name,
            "mail": entry.mail,
            "version": entry.version,
            "centerCode": entry.system_id,
            "deleted": not entry.open,
            **({"modifyDate": timestamp_text(entry.modified)} if entry.modified else {}),
            "isAgency": True,
        }
        for entry in directory.entries.values()
    ]


def _own_code(entry: Entry, form: CodeForm) -> str:
    return entry.spelled("", form)


def _id(code: str) -> str:
    """24 hexadecimal digits that stay the same for the same unit."""
    return hashlib.sha256(code.encode()).hexdigest()[:24]


def _parent_id(entry: Entry, directory: Directory) -> str:
    parent = directory.resolve(entry.parent) if entry.parent else None
    return _id(parent.unit.code) if parent else ""
