"""The control API of a system under test (contract, section 4) over a ``Dms``: JSON in, JSON out, UTF-8.

Added to what the contract asks: ``GET /control/state`` says whether the axis answers and what waits to leave, because
an outage must not look like an empty inbox; ``GET /control/history`` shows what happened to a document and why.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.agency.dms import Dms, NotNow, NotOffered, Refused, UnknownDocument
from simulator.words import Text

__all__ = ["control_app"]

_LARGEST_BODY = 400 * 1024 * 1024
_Endpoint = Callable[[Request], Awaitable[Response]]


def control_app(dms: Dms) -> Starlette:
    """The ASGI application; the caller starts and stops ``dms``."""
    desk = _ControlDesk(dms)
    calls: tuple[tuple[str, str, _Endpoint], ...] = (
        ("POST", "/control/reset", desk.reset),
        ("POST", "/control/poll", desk.poll),
        ("POST", "/control/sync", desk.sync),
        ("POST", "/control/send", desk.send),
        ("POST", "/control/act", desk.act),
        ("GET", "/control/documents", desk.documents),
        ("GET", "/control/statistics", desk.statistics),
        ("GET", "/control/state", desk.state),
        ("GET", "/control/history", desk.history),
    )
    return Starlette(
        routes=[Route(path, endpoint, methods=[method]) for method, path, endpoint in calls],
        exception_handlers={
            Refused: desk.refused,
            UnknownDocument: desk.unknown,
            NotNow: desk.not_now,
            NotOffered: desk.not_offered,
            HTTPException: _http_error,
        },
    )


class _ControlDesk:
    def __init__(self, dms: Dms) -> None:
        self._dms = dms

    async def reset(self, request: Request) -> Response:
        """Forget all documents."""
        self._dms.reset()
        return _json({})

    async def poll(self, request: Request) -> Response:
        """One poll, finished when this answers; no usable answer of the axis is told, never an error status."""
        trouble = await self._dms.poll_on_request()
        return _json({} if trouble is None else self._error(trouble))

    async def sync(self, request: Request) -> Response:
        """The directory, read when this answers; what kept the axis from giving it is told, never an error status."""
        read = await self._dms.read_directory()
        return _json({} if read else self._error(_NO_DIRECTORY))

    async def send(self, request: Request) -> Response:
        """An order to send."""
        order = await _members(request)
        async with self._dms.desk():
            return _json({"document_id": await self._dms.send(order)})

    async def act(self, request: Request) -> Response:
        """One act of a clerk."""
        members = await _members(request)
        document_id, action, reason, organ = (
            str(members.get(name) or "") for name in ("document_id", "action", "reason", "organ")
        )
        async with self._dms.desk():
            self._dms.act(document_id, action, reason=reason, organ=organ)
        return _json({})

    async def documents(self, request: Request) -> Response:
        """One of the two books."""
        box = request.query_params.get("box", "in")
        if box not in ("in", "out"):
            raise HTTPException(400, "box is 'in' or 'out'")
        async with self._dms.desk():
            return _json({"documents": self._dms.documents(box)})

    async def statistics(self, request: Request) -> Response:
        """Counts between two days."""
        try:
            first = date.fromisoformat(request.query_params.get("from", "0001-01-01"))
            last = date.fromisoformat(request.query_params.get("to", "9999-12-31"))
        except ValueError as error:
            raise HTTPException(400, "from and to are yyyy-MM-dd") from error
        async with self._dms.desk():
            return _json(self._dms.statistics(first, last))

    async def state(self, request: Request) -> Response:
        """How the connection stands."""
        trouble = self._dms.trouble
        members = {"polls": self._dms.polls, "waiting": self._dms.store.waiting()}
        return _json(members | ({"error": None} if trouble is None else self._error(trouble)))

    async def history(self, request: Request) -> Response:
        """What happened, all of it or to one document."""
        lines = self._dms.store.history(request.query_params.get("document_id"))
        return _json({"history": [{"at": at, "document_id": about, "text": text} for at, about, text in lines]})

    async def refused(self, request: Request, error: Exception) -> Response:
        """422: the system itself will not do it."""
        assert isinstance(error, Refused)  # noqa: S101  # starlette's handlers are typed for any exception
        return _json(self._error(error.because), 422)

    async def not_now(self, request: Request, error: Exception) -> Response:
        """409: not in this state."""
        assert isinstance(error, NotNow)  # noqa: S101
        return _json(self._error(error.because), 409)

    async def unknown(self, request: Request, error: Exception) -> Response:
        """404: no such document."""
        assert isinstance(error, UnknownDocument)  # noqa: S101
        return _json(self._error(error.because), 404)

    async def not_offered(self, request: Request, error: Exception) -> Response:
        """501: this system has no such call."""
        return _json({"error": "not offered"}, 501)

    def _error(self, because: Text) -> dict[str, str]:
        return {"error": because.in_(self._dms.config.lang)}


_NO_DIRECTORY = Text("the axis gave no directory", "trục không trả danh bạ")


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    return _json({"error": error.detail}, error.status_code)


async def _members(request: Request) -> Mapping[str, Any]:
    """The JSON object of the body. Raises HTTPException 400, or 422 before anything is read."""
    length = request.headers.get("content-length", "0")
    if length.isdigit() and int(length) > _LARGEST_BODY:
        raise HTTPException(422, f"at most {_LARGEST_BODY} bytes")
    body = await request.body()
    try:
        members = await asyncio.to_thread(json.loads, body)
    except (ValueError, RecursionError) as error:
        raise HTTPException(400, "the body is no JSON") from error
    if not isinstance(members, dict):
        raise HTTPException(400, "the body is no JSON object")
    return members


def _json(members: Mapping[str, Any], status: int = 200) -> Response:
    body = json.dumps(members, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return Response(body, status, media_type="application/json")
