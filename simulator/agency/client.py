"""The SDK's verbs over HTTP: what a document-management system says to the axis (wire.md A.0 to A.3).

Each call carries the headers and the body bytes that the vendor's SDK sends for the same arguments, with the two
habits left out that only hurt: arguments of earlier calls do not leak into later ones, and every call has a time-out.

    AxisUnreachable   the axis gave no usable answer: refused or dropped connection, silence, HTML, an empty body,
                      text that is no JSON object with a status. Never to be taken for an empty inbox (wire.md A.3)
    Refusal           the axis answered FAIL to a call that must give bytes (fetch, download)

Every other FAIL is an ``Answer`` whose ``ok`` is False.
"""

import asyncio
import base64
import binascii
import functools
import json
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import httpx

from simulator.clock import Clock
from simulator.protocol.request_signing import file_hash, header_timestamp, sign
from simulator.words import Text

__all__ = ["Answer", "AxisClient", "AxisUnreachable", "Refusal"]

_JSON = "application/json"
_OCTETS = "application/octet-stream"
_SERVICE = {"servicetype": "eDoc"}
_HTTP_CLIENT_HABITS = (("Connection", b"Keep-Alive"), ("Accept-Encoding", b"gzip,deflate"))
_URL_CONNECTION_HABITS = (
    ("Cache-Control", b"no-cache"),
    ("Pragma", b"no-cache"),
    ("Accept", b"text/html, image/gif, image/jpeg, */*; q=0.2"),
    ("Connection", b"keep-alive"),
)
_LIMITS = httpx.Limits(max_connections=None, max_keepalive_connections=20, keepalive_expiry=3.0)
_DROPPED = (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError)


class AxisUnreachable(Exception):
    """No usable answer. ``because`` says to people what came instead."""

    def __init__(self, because: Text) -> None:
        super().__init__(because.en)
        self.because = because


class Refusal(Exception):
    """The axis said no: its ErrorCode and its ErrorDesc, as they came."""

    def __init__(self, code: str, desc: str) -> None:
        super().__init__(f"{code}: {desc}")
        self.code = code
        self.desc = desc


@dataclass(frozen=True, slots=True)
class Answer:
    """One JSON answer. ``items``: the objects of its ``data`` where that is a list (``listed``); ``data``: a text."""

    ok: bool
    code: str
    desc: str
    doc_id: str = ""
    items: tuple[dict[str, Any], ...] = ()
    listed: bool = False
    data: str = ""
    count: int = 0


class AxisClient:
    """One system's connection to the axis at ``endpoint`` (any prefix; the operation is appended to it).

    Like the SDK's service object it makes its header timestamp once and uses it for ever (wire.md A.0.3).
    ``timeout``: seconds without a byte before a call gives up; a whole call may take four times that.
    ``limits``: how many connections it opens, and how long it keeps them.
    """

    def __init__(
        self,
        endpoint: str,
        system_id: str,
        secret: str,
        *,
        clock: Clock,
        timeout: float = 30.0,
        verify: ssl.SSLContext | None = None,
        limits: httpx.Limits = _LIMITS,
    ) -> None:
        self.endpoint = endpoint
        self.system_id = system_id
        self._secret = secret
        self._timestamp = header_timestamp(clock.now())
        self._timeout = timeout
        trust: ssl.SSLContext | bool = verify or (_trust() if endpoint.lower().startswith("https:") else False)
        self._http = httpx.AsyncClient(
            verify=trust,
            timeout=timeout,
            follow_redirects=False,
            trust_env=False,
            limits=limits,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close every connection."""
        await self._http.aclose()

    # ---------------------------------------------------------------- packages

    async def send(self, data: bytes, *, sender: str, message_type: str, to: Sequence[str] | None = None) -> Answer:
        """SendEdoc: the package and CRLF as the body, its unpadded digest in ``hash-file``.

        ``to`` None: the receivers are those that the package names. ``doc_id`` of the answer is the axis's own id.
        """
        arguments = {**_SERVICE, "messagetype": message_type, "hash-file": file_hash(data), "from": sender}
        if to is not None:
            arguments["to"] = json.dumps(list(to), ensure_ascii=False, separators=(",", ":"))
        return await self._ask("sendEdoc", arguments, body=data + b"\r\n", content_type=_OCTETS)

    async def received(self, message_type: str) -> Answer:
        """GetReceivedEdocList: what waits for this system. An OK without a list is no answer: AxisUnreachable."""
        return _listed(await self._ask("getReceivedEdocList", {**_SERVICE, "messagetype": message_type}))

    async def fetch(self, delivery_id: str, *, file_path: str = "") -> bytes:
        """GetEdoc: the bytes of one package. Raises Refusal where the axis will not give it, or gives no base64.

        ``file_path`` is the SDK's local folder; the axis has no use for it.
        """
        answer = await self._ask("getEdoc", {"docId": delivery_id, "filePath": file_path}, body=b"{}")
        if not answer.ok:
            raise Refusal(answer.code, answer.desc)
        try:
            return base64.b64decode("".join(answer.data.split()), validate=True)
        except (binascii.Error, ValueError) as error:
            raise Refusal("", "the answer to getEdoc holds no base64") from error

    async def download(self, delivery_id: str, *, file_path: str = "") -> bytes:
        """DownloadEdoc: the raw bytes. An empty body is the only refusal that the axis can give here (Refusal 100)."""
        arguments = {"docId": delivery_id, "filePath": file_path}
        response = await self._exchange("GET", "downloadEdoc", arguments, None, _JSON)
        if not response.content:
            raise Refusal("100", "downloadEdoc answered an empty body")
        return response.content

    async def confirm(self, delivery_id: str, word: str, description: str = "") -> Answer:
        """UpdateStatus: ``done``, ``fail`` or ``processing``; ``description`` is for people, ASCII on the wire."""
        arguments = {"docId": delivery_id, "status": word}
        if description:
            arguments["description"] = description.encode("ascii", "replace").decode()
        return await self._ask("updateStatus", arguments, body=b"{}")

    async def sent(self, doc_id: str, message_type: str = "edoc") -> Answer:
        """GetSentEdocList: what became of one sent package, a line per receiver."""
        arguments = {**_SERVICE, "messagetype": message_type, "docId": doc_id}
        return _listed(await self._ask("getSentEdocList", arguments))

    async def count_documents(self) -> Answer:
        """CountReceiveEdoc: how many documents wait."""
        return await self._ask("countReceiveEdoc", {}, body=b"{}")

    async def count_statuses(self) -> Answer:
        """CountReceiveStatus: how many statuses wait."""
        return await self._ask("countReceiveStatus", {}, body=b"{}")

    # ---------------------------------------------------------------- directory

    async def agencies(self) -> Answer:
        """GetAgenciesList: id, pid, code, name, mail, oldCode of every unit."""
        return _listed(await self._ask("getAgenciesList", {}))

    async def agencies_qd20(self, level: str = "1") -> Answer:
        """GetAgenciesListQD20: id, code, name, mail, code102: the pairs of new and old codes; "" asks for no level."""
        return _listed(await self._ask("getAgenciesListQD20", {"level": level} if level else {}))

    async def units(self) -> Answer:
        """GetSynchronizeUnit: every unit with its version and whether it is deleted."""
        return _listed(await self._ask("getSynchronizeUnit", {}))

    async def register(self, unit: Mapping[str, str]) -> Answer:
        """RegisterAgency: register or change a unit (id, pcode, code, name, mail, mobile, fax)."""
        body = json.dumps(dict(unit), ensure_ascii=False, separators=(",", ":")).encode()
        return await self._ask("registerAgency", {}, body=body)

    async def remove(self, code: str) -> Answer:
        """DeleteAgency: close a unit of one's own."""
        return await self._ask("deleteAgency", {"AgencyCode": code}, body=b"{}")

    # ---------------------------------------------------------------- the wire

    async def _ask(
        self, operation: str, arguments: Mapping[str, str], *, body: bytes = b"", content_type: str = _JSON
    ) -> Answer:
        response = await self._exchange("POST", operation, arguments, body, content_type)
        return _answer(operation, response)

    async def _exchange(
        self, method: str, operation: str, arguments: Mapping[str, str], body: bytes | None, content_type: str
    ) -> httpx.Response:
        """One call, sent again once where the connection broke before an answer, as both stacks of the SDK do."""
        headers = [
            (name.encode(), value)
            for name, value in (
                *sign(
                    arguments,
                    system_id=self.system_id,
                    secret=self._secret,
                    timestamp=self._timestamp,
                    content_type=content_type,
                ),
                *(_URL_CONNECTION_HABITS if content_type == _OCTETS else _HTTP_CLIENT_HABITS),
                *((("Expect", b"100-continue"),) if body and content_type == _JSON else ()),
            )
        ]
        request = functools.partial(
            httpx.Request,
            method,
            f"{self.endpoint}/{operation}",
            headers=headers,
            content=body or None,
            extensions={"timeout": httpx.Timeout(self._timeout).as_dict()},
        )
        try:
            async with asyncio.timeout(4 * self._timeout):
                try:
                    return await self._http.send(request())
                except _DROPPED:
                    return await self._http.send(request())
        except (httpx.TimeoutException, TimeoutError) as error:
            raise AxisUnreachable(_SILENT.filled(operation=operation)) from error
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, ValueError) as error:
            detail = str(error) or type(error).__name__
            raise AxisUnreachable(_NO_CONNECTION.filled(operation=operation, detail=detail)) from error


_SILENT = Text(en="{operation}: the axis did not answer in time", vi="{operation}: trục không trả lời kịp thời hạn")
_NO_CONNECTION = Text(
    en="{operation}: no connection to the axis ({detail})", vi="{operation}: không kết nối được tới trục ({detail})"
)
_NOT_JSON = Text(
    en="{operation}: the axis answered something that is no JSON object with a status (HTTP {status}, {size} bytes)",
    vi="{operation}: trục trả lời không phải đối tượng JSON có status (HTTP {status}, {size} byte)",
)
_NO_LIST = Text(en="the axis answered OK but gave no list", vi="trục trả lời OK nhưng không có danh sách")


@functools.cache
def _trust() -> ssl.SSLContext:
    """The machine's trusted certificates, loaded once for all clients: it costs tens of milliseconds."""
    return ssl.create_default_context()


def _answer(operation: str, response: httpx.Response) -> Answer:
    """Read the JSON; the HTTP status says nothing on this axis (wire.md A.0.6)."""
    try:
        members = json.loads(response.content)
    except (ValueError, RecursionError):
        members = None
    if not isinstance(members, dict) or not isinstance(members.get("status"), str):
        size = len(response.content)
        raise AxisUnreachable(_NOT_JSON.filled(operation=operation, status=response.status_code, size=size))
    data = members.get("data")
    count = members.get("count")
    return Answer(
        ok=members["status"].upper() == "OK",
        code=_text(members.get("ErrorCode")),
        desc=_text(members.get("ErrorDesc")),
        doc_id=_text(members.get("DocId")),
        items=tuple(item for item in data if isinstance(item, dict)) if isinstance(data, list) else (),
        listed=isinstance(data, list),
        data=data if isinstance(data, str) else "",
        count=count if isinstance(count, int) else 0,
    )


def _listed(answer: Answer) -> Answer:
    if answer.ok and not answer.listed:
        raise AxisUnreachable(_NO_LIST)
    return answer


def _text(value: object) -> str:
    return "" if value is None else str(value)
