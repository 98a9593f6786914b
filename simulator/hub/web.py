"""The wire: one plain request in, one plain response out, for all operations of wire.md A.2.

Routes on the last segment of the path; takes arguments only from the signed JSON, in their exact case (``docId`` and
``docid`` are two arguments, and a long-lived SDK object sends both); ignores every header that it does not know.
Always HTTP 200: the SDK looks at the JSON alone (wire.md A.0.6).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pybase64

from simulator.hub import answers
from simulator.hub.accepting import SMALL
from simulator.hub.admission import Refusal, refuse
from simulator.hub.arguments import (
    Call,
    Refuses,
    check_age,
    claimed_system,
    file_of,
    fits,
    json_object,
    message_type,
    moment,
    not_the_file,
    recipients,
    text_member,
)
from simulator.hub.bodies import LargeRequest, LargeResponse, Upload
from simulator.hub.directory import Directory
from simulator.hub.hub import Hub
from simulator.hub.trouble import StoreTrouble
from simulator.protocol import request_signing
from simulator.protocol.errors import Unsigned
from simulator.wire import Request, Response

__all__ = ["GONE", "UNREADABLE", "Web"]

_LOG = logging.getLogger("axisproof.hub")
_FEW_UNITS = 1_000
_OCTETS = (("Content-Type", b"application/octet-stream"),)
_HOME = Response(
    headers=(("Content-Type", b"text/plain; charset=utf-8"),),
    body=(
        "This is a simulated document exchange axis (axisproof). Give this address to the SDK as its endpoint.\n"
        "Đây là trục liên thông văn bản mô phỏng (axisproof). Hãy dùng địa chỉ này làm endpoint cho SDK.\n"
    ).encode(),
)
UNREADABLE = answers.fail(refuse("system-error", "this is no HTTP request that can be read"), DocId="", data="")
"""The answer to bytes that are no HTTP request: still one that the SDK can read, whatever it had called."""

GONE = answers.fail(refuse("system-error", "the package has just been removed"), data="")
"""The answer where a package went while it was being answered with."""


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
            await self._remember(refusal, name, claimed_system(request))
            return answers.fail(refusal, DocId="", data="")
        try:
            call = self._signed(request)
            if oversized is not None:
                limit = self._hub.profile.limits.package_bytes
                raise Refuses(refuse("file-processing", f"{oversized} bytes, the limit is {limit}"))
            return await operation.run(self, call)
        except Refuses as no:
            await self._remember(no.refusal, name, claimed_system(request), no.sender)
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

    def _signed(self, request: Request) -> Call:
        try:
            system_id = request_signing.system_id(request)
            system = self._hub.directory.systems.get(system_id)
            if system is None:
                raise Refuses(refuse("bad-credentials", f"no system {system_id}"))
            arguments = request_signing.verify(
                request, system.secret, headers_must_match=self._hub.profile.headers_must_match
            )
        except Unsigned as error:
            raise Refuses(refuse("bad-credentials", error.because.en)) from error
        if self._hub.profile.timestamp_age_checked:
            check_age(arguments.get("timestamp") or "", self._hub.clock.now())
        return Call(system_id, arguments, request)

    # ---------------------------------------------------------------- sending

    async def send(self, call: Call) -> Response:
        """sendEdoc."""
        sender = call.get("from")
        proved = await self._proved(call)
        if isinstance(proved, Refusal):
            raise Refuses(proved, sender)
        data, digest = proved
        result = await self._hub.submit(
            data,
            digest=digest,
            system_id=call.system_id,
            sender=sender,
            message_type=call.get("messagetype").strip().lower(),
            to=recipients(call.arguments.get("to")),
        )
        return answers.fail(result, DocId="") if isinstance(result, Refusal) else answers.ok(DocId=result.doc_id)

    async def _proved(self, call: Call) -> tuple[bytes | Upload, str] | Refusal:
        """The file in the body and its digest, which is the claimed one."""
        claimed, request = call.get("hash-file"), call.request
        if isinstance(request, LargeRequest) and request.upload.starts_like_xml():
            candidates = tuple(request.upload.digests())
            for digest, size in candidates:
                if fits(digest, claimed):
                    request.upload.cut(size)
                    return request.upload, digest
            return not_the_file(candidates[0][1]) if claimed.strip() else file_of(b"", claimed)
        body = request.body
        work = partial(file_of, body, claimed)
        return work() if len(body) <= SMALL else await asyncio.to_thread(work)

    async def sent(self, call: Call) -> Response:
        """getSentEdocList."""
        lines = self._hub.sent(call.system_id, id_=call.get("docId", "docid") or None, message_type=message_type(call))
        return answers.ok(data=answers.sent(lines, self._hub.profile))

    # ---------------------------------------------------------------- receiving

    async def received(self, call: Call) -> Response:
        """getReceivedEdocList."""
        lines = await self._hub.received(
            call.system_id,
            message_type=message_type(call),
            since=moment("fromDate", call.get("fromDate")),
            until=moment("toDate", call.get("toDate")),
        )
        return answers.ok(data=answers.received(lines, self._hub.profile))

    async def get(self, call: Call) -> Response:
        """getEdoc."""
        data = await self._hub.fetch_file(call.system_id, call.get("docId", "docid"))
        if isinstance(data, Refusal):
            return answers.fail(data, data="")
        if isinstance(data, Path):
            return answers.stored(data)
        if len(data) <= SMALL:
            return answers.ok(data=pybase64.b64encode_as_string(data))
        return await asyncio.to_thread(lambda: answers.ok(data=pybase64.b64encode_as_string(data)))

    async def download(self, call: Call) -> Response:
        """downloadEdoc: the bytes themselves; an empty body is the only failure that the SDK sees."""
        data = await self._hub.fetch_file(call.system_id, call.get("docId", "docid"), operation="downloadEdoc")
        if isinstance(data, Path):
            return LargeResponse(_OCTETS, data)
        return _bytes(b"" if isinstance(data, Refusal) else data)

    async def confirm(self, call: Call) -> Response:
        """updateStatus."""
        ids = (call.get("docId"), call.get("docid"))
        refusal = await self._hub.confirm(call.system_id, ids, call.get("status"), call.get("description"))
        return answers.fail(refusal) if refusal else answers.ok()

    async def count_documents(self, call: Call) -> Response:
        """countReceiveEdoc."""
        return answers.ok(count=self._hub.count(call.system_id, "edoc"))

    async def count_statuses(self, call: Call) -> Response:
        """countReceiveStatus."""
        return answers.ok(count=self._hub.count(call.system_id, "status"))

    # ---------------------------------------------------------------- the directory

    async def agencies(self, call: Call) -> Response:
        """getAgenciesList."""
        return await self._list(partial(answers.agencies, form=self._hub.profile.code_form))

    async def agencies_qd20(self, call: Call) -> Response:
        """getAgenciesListQD20; a ``level`` that is no number asks for all."""
        text = call.get("level").strip()
        level = int(text) if text.isdecimal() and len(text) < 4 else None
        return await self._list(partial(answers.agencies_qd20, wanted_level=level))

    async def synchronize(self, call: Call) -> Response:
        """getSynchronizeUnit."""
        return await self._list(partial(answers.synchronized, form=self._hub.profile.code_form))

    async def _list(self, rows: Callable[[Directory], list[dict[str, object]]]) -> Response:
        directory = self._hub.directory
        if len(directory.entries) <= _FEW_UNITS:
            return answers.ok(data=rows(directory))
        # The real axis lists 111,339 agencies in one answer (wire.md A.2): others go on meanwhile.
        return await asyncio.to_thread(lambda: answers.ok(data=rows(directory)))

    async def register(self, call: Call) -> Response:
        """registerAgency. The vendor's own sample body is no JSON (wire.md A.2): a refusal, not a crash."""
        body = json_object(call.request.body)
        refusal = await self._hub.register(
            call.system_id,
            code=text_member(body, "code"),
            parent=text_member(body, "pcode"),
            name=text_member(body, "name"),
            mail=text_member(body, "mail"),
        )
        return answers.fail(refusal) if refusal else answers.ok()

    async def delete(self, call: Call) -> Response:
        """deleteAgency."""
        refusal = await self._hub.remove(call.system_id, call.get("AgencyCode"))
        return answers.fail(refusal) if refusal else answers.ok()


@dataclass(frozen=True, slots=True)
class _Operation:
    """One operation: how it runs, and how a refusal of it must look."""

    run: Callable[[Web, Call], Awaitable[Response]]
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
    return Response(headers=_OCTETS, body=data)


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
