"""The wire: one plain request in, one plain response out, for all operations of wire.md A.2.

Routes on the last segment of the path; takes arguments only from the signed JSON, in their exact case (``docId`` and
``docid`` are two arguments, and a long-lived SDK object sends both); ignores every header that it does not know.
Always HTTP 200: the SDK looks at the JSON alone (wire.md A.0.6).
"""

import asyncio
import base64
import binascii
import hashlib
import json
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from simulator.clock import VIETNAM
from simulator.hub import answers
from simulator.hub.admission import Refusal, refuse
from simulator.hub.hub import SMALL, Hub
from simulator.hub.trouble import StoreTrouble
from simulator.protocol import request_signing
from simulator.protocol.codec import read_date
from simulator.protocol.errors import Unsigned
from simulator.wire import Request, Response

__all__ = ["UNREADABLE", "Web"]

_LOG = logging.getLogger("axisproof.hub")
_TIMESTAMP_AGE = timedelta(hours=24)
_BASE64 = re.compile(rb"[A-Za-z0-9+/\r\n]+={0,2}[\r\n]*\Z")
_HOME = Response(
    headers=(("Content-Type", b"text/plain; charset=utf-8"),),
    body=(
        "This is a simulated document exchange axis (axisproof). Give this address to the SDK as its endpoint.\n"
        "Đây là trục liên thông văn bản mô phỏng (axisproof). Hãy dùng địa chỉ này làm endpoint cho SDK.\n"
    ).encode(),
)
UNREADABLE = answers.fail(refuse("system-error", "this is no HTTP request that can be read"), DocId="", data="")
"""The answer to bytes that are no HTTP request: still one that the SDK can read, whatever it had called."""


@dataclass(frozen=True, slots=True)
class _Call:
    """A request whose signature held."""

    system_id: str
    arguments: request_signing.SignedArguments
    body: bytes

    def get(self, *names: str) -> str:
        """The first of the named arguments that is there and not empty, else ""."""
        return next(filter(None, (self.arguments.get(name) for name in names)), "")


class _Refuses(Exception):  # control flow inside this module: an expected refusal, found deep in reading
    def __init__(self, refusal: Refusal, sender: str | None = None) -> None:
        super().__init__(refusal.desc)
        self.refusal = refusal
        self.sender = sender


class Web:
    """The operations of one hub."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    async def answer(self, request: Request, *, oversized: int | None = None) -> Response:
        """The answer to a request; ``oversized`` is the size of a body that was too large to be read."""
        name = request.operation
        if not name and request.method == "GET":
            return _HOME
        operation = _OPERATIONS.get(name)
        if operation is None or request.method not in ("GET", "POST"):
            refusal = refuse("system-error", f"no operation {request.method} {name!r}")
            await self._remember(refusal, name, _claimed_system(request))
            return answers.fail(refusal, DocId="", data="")
        try:
            call = self._signed(request)
            if oversized is not None:
                limit = self._hub.profile.limits.package_bytes
                raise _Refuses(refuse("file-processing", f"{oversized} bytes, the limit is {limit}"))
            return await operation.run(self, call)
        except _Refuses as no:
            await self._remember(no.refusal, name, _claimed_system(request), no.sender)
            return operation.refused(no.refusal)
        except StoreTrouble as trouble:
            return operation.refused(refuse("system-error", str(trouble)))
        except Exception:
            _LOG.exception("operation %s failed", name)
            return operation.refused(refuse("system-error", "internal error of the simulator"))

    async def _remember(self, refusal: Refusal, operation: str, system_id: str, sender: str | None = None) -> None:
        try:
            await self._hub.refused(refusal, operation=operation, system_id=system_id, sender=sender)
        except StoreTrouble:
            _LOG.error("a refusal could not be remembered: %s", refusal.desc)

    # ---------------------------------------------------------------- who is calling

    def _signed(self, request: Request) -> _Call:
        try:
            system_id = request_signing.system_id(request)
            system = self._hub.directory.systems.get(system_id)
            if system is None:
                raise _Refuses(refuse("bad-credentials", f"no system {system_id}"))
            arguments = request_signing.verify(
                request, system.secret, headers_must_match=self._hub.profile.headers_must_match
            )
        except Unsigned as error:
            raise _Refuses(refuse("bad-credentials", error.because.en)) from error
        if self._hub.profile.timestamp_age_checked:
            _check_age(arguments.get("timestamp") or "", self._hub.clock.now())
        return _Call(system_id, arguments, request.body)

    # ---------------------------------------------------------------- sending

    async def send(self, call: _Call) -> Response:
        """sendEdoc."""
        sender = call.get("from")
        work = partial(_file_of, call.body, call.get("hash-file"))
        data = work() if len(call.body) <= SMALL else await asyncio.to_thread(work)
        if isinstance(data, Refusal):
            raise _Refuses(data, sender)
        message_type = call.get("messagetype").strip().lower()
        to = _recipients(call.arguments.get("to"))
        result = await self._hub.submit(data, system_id=call.system_id, sender=sender, message_type=message_type, to=to)
        return answers.fail(result, DocId="") if isinstance(result, Refusal) else answers.ok(DocId=result.doc_id)

    async def sent(self, call: _Call) -> Response:
        """getSentEdocList."""
        lines = self._hub.sent(call.system_id, id_=call.get("docId", "docid") or None, message_type=_message_type(call))
        return answers.ok(data=answers.sent(lines, self._hub.profile))

    # ---------------------------------------------------------------- receiving

    async def received(self, call: _Call) -> Response:
        """getReceivedEdocList."""
        lines = await self._hub.received(
            call.system_id,
            message_type=_message_type(call),
            since=_moment("fromDate", call.get("fromDate")),
            until=_moment("toDate", call.get("toDate")),
        )
        return answers.ok(data=answers.received(lines, self._hub.profile))

    async def get(self, call: _Call) -> Response:
        """getEdoc."""
        data = await self._hub.fetch(call.system_id, call.get("docId", "docid"))
        if isinstance(data, Refusal):
            return answers.fail(data, data="")
        if len(data) <= SMALL:
            return answers.ok(data=base64.b64encode(data).decode())
        return await asyncio.to_thread(lambda: answers.ok(data=base64.b64encode(data).decode()))

    async def download(self, call: _Call) -> Response:
        """downloadEdoc: the bytes themselves; an empty body is the only failure that the SDK sees."""
        data = await self._hub.fetch(call.system_id, call.get("docId", "docid"), operation="downloadEdoc")
        return _bytes(b"" if isinstance(data, Refusal) else data)

    async def confirm(self, call: _Call) -> Response:
        """updateStatus."""
        ids = (call.get("docId"), call.get("docid"))
        refusal = await self._hub.confirm(call.system_id, ids, call.get("status"), call.get("description"))
        return answers.fail(refusal) if refusal else answers.ok()

    async def count_documents(self, call: _Call) -> Response:
        """countReceiveEdoc."""
        return answers.ok(count=self._hub.count(call.system_id, "edoc"))

    async def count_statuses(self, call: _Call) -> Response:
        """countReceiveStatus."""
        return answers.ok(count=self._hub.count(call.system_id, "status"))

    # ---------------------------------------------------------------- the directory

    async def agencies(self, call: _Call) -> Response:
        """getAgenciesList."""
        return answers.ok(data=answers.agencies(self._hub.directory))

    async def agencies_qd20(self, call: _Call) -> Response:
        """getAgenciesListQD20; a ``level`` that is no number asks for all."""
        text = call.get("level").strip()
        level = int(text) if text.isdecimal() and len(text) < 4 else None
        return answers.ok(data=answers.agencies_qd20(self._hub.directory, level))

    async def synchronize(self, call: _Call) -> Response:
        """getSynchronizeUnit."""
        return answers.ok(data=answers.synchronized(self._hub.directory))

    async def register(self, call: _Call) -> Response:
        """registerAgency. The vendor's own sample body is no JSON (wire.md A.2): a refusal, not a crash."""
        body = _json_object(call.body)
        refusal = await self._hub.register(
            call.system_id,
            code=_text(body, "code"),
            parent=_text(body, "pcode"),
            name=_text(body, "name"),
            mail=_text(body, "mail"),
        )
        return answers.fail(refusal) if refusal else answers.ok()

    async def delete(self, call: _Call) -> Response:
        """deleteAgency."""
        refusal = await self._hub.remove(call.system_id, call.get("AgencyCode"))
        return answers.fail(refusal) if refusal else answers.ok()


@dataclass(frozen=True, slots=True)
class _Operation:
    """One operation: how it runs, and how a refusal of it must look."""

    run: Callable[[Web, _Call], Awaitable[Response]]
    refused: Callable[[Refusal], Response]


def _plain(refusal: Refusal) -> Response:
    return answers.fail(refusal)


def _with_doc_id(refusal: Refusal) -> Response:
    return answers.fail(refusal, DocId="")


def _with_data(refusal: Refusal) -> Response:
    return answers.fail(refusal, data="")


def _with_list(refusal: Refusal) -> Response:
    return answers.fail(refusal, data=[])


def _bytes(data: bytes) -> Response:
    return Response(headers=(("Content-Type", b"application/octet-stream"),), body=data)


def _nothing(refusal: Refusal) -> Response:
    return _bytes(b"")


_OPERATIONS: dict[str, _Operation] = {
    "getAgenciesList": _Operation(Web.agencies, _with_list),
    "getAgenciesListQD20": _Operation(Web.agencies_qd20, _with_list),
    "getSynchronizeUnit": _Operation(Web.synchronize, _with_list),
    "registerAgency": _Operation(Web.register, _plain),
    "deleteAgency": _Operation(Web.delete, _plain),
    "sendEdoc": _Operation(Web.send, _with_doc_id),
    "getReceivedEdocList": _Operation(Web.received, _with_list),
    "getSentEdocList": _Operation(Web.sent, _with_list),
    "getEdoc": _Operation(Web.get, _with_data),
    "downloadEdoc": _Operation(Web.download, _nothing),
    "updateStatus": _Operation(Web.confirm, _plain),
    "countReceiveEdoc": _Operation(Web.count_documents, _plain),
    "countReceiveStatus": _Operation(Web.count_statuses, _plain),
}


# ---------------------------------------------------------------- reading arguments and bodies


def _claimed_system(request: Request) -> str:
    claimed = request.first(request_signing.PREFIX + "systemid") or b""
    return claimed.decode("utf-8", "replace")


def _check_age(timestamp: str, now: datetime) -> None:
    match = re.match(r"(\d{8}T\d{6})", timestamp)
    try:
        sent = datetime.strptime(match[1] if match else "", "%d%m%YT%H%M%S").replace(tzinfo=VIETNAM)
    except ValueError:
        raise _Refuses(refuse("bad-credentials", f"timestamp {timestamp!r} cannot be read")) from None
    if abs(now - sent) > _TIMESTAMP_AGE:
        raise _Refuses(refuse("bad-credentials", f"timestamp {timestamp} is older than this profile allows"))


def _message_type(call: _Call) -> str | None:
    """The wanted type of a list, None = both."""
    text = call.get("messagetype").strip().lower()
    if text not in ("", "edoc", "status"):
        raise _Refuses(refuse("bad-format", f"messagetype is {text!r}, not 'edoc' or 'status'"))
    return text or None


def _moment(name: str, text: str) -> datetime | None:
    """A date filter: ``dd/MM/yyyy HH:mm:ss`` (wire.md A.2); ISO forms and dates alone are read too."""
    text = text.strip()
    if not text:
        return None
    for form in ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=VIETNAM)
        except ValueError:
            continue
    if day := read_date(text):
        return datetime(day.year, day.month, day.day, tzinfo=VIETNAM)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise _Refuses(refuse("bad-file", f"{name} is {text!r}, not dd/MM/yyyy HH:mm:ss")) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)


def _recipients(argument: str | None) -> tuple[str, ...]:
    """The argument ``to``: a JSON array of texts, a JSON text (with its quotes on the wire), or a bare code."""
    if argument is None or not argument.strip():
        return ()
    try:
        value = json.loads(argument)
    except (ValueError, RecursionError):
        value = argument
    if isinstance(value, list):
        if not all(isinstance(each, str) for each in value):
            raise _Refuses(refuse("bad-format", "to is no JSON array of unit codes"))
        return tuple(each for each in value if each.strip())
    # A bare code may look like another JSON value (020100107370): then its text is what was meant.
    text = value if isinstance(value, str) else argument
    return (text.strip(),) if text.strip() else ()


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise _Refuses(refuse("bad-file", "the body is no JSON object"))
    return value


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    return "" if value is None or isinstance(value, dict | list) else str(value).strip()


def _file_of(body: bytes, claimed: str) -> bytes | Refusal:
    """The file inside sendEdoc's body, proved by ``hash-file``.

    The SDK sends the file and one CRLF; the digest is over the file (wire.md A.1). Without that CRLF, or with a digest
    in the padded form, the file is taken as well, and so is a body that is the base64 text of the file.
    """
    wanted = claimed.strip().lower()
    if not wanted:
        return refuse("file-processing", "the signed argument hash-file is missing")
    stripped = body[:-2] if body.endswith(b"\r\n") else body
    if _fits(stripped, wanted):
        return _decoded(stripped) or stripped
    if stripped is not body and _fits(body, wanted):
        return _decoded(body) or body
    decoded = _decoded(stripped)
    if decoded is not None and _fits(decoded, wanted):
        return decoded
    return refuse("file-processing", f"hash-file is not the SHA-256 of the {len(stripped)} bytes received")


def _fits(data: bytes, wanted: str) -> bool:
    digest = hashlib.sha256(data)
    return wanted in ("".join(format(byte, "x") for byte in digest.digest()), digest.hexdigest())


def _decoded(text: bytes) -> bytes | None:
    """The XML that a base64 text stands for, or None where it is no such text."""
    if text[:1] == b"<" or not _BASE64.match(text):
        return None
    try:
        data = base64.b64decode(text)
    except (binascii.Error, ValueError):
        return None
    return data if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") else None
