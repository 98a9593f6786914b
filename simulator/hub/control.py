"""The control API of the hub, on a port of its own: what a bench or a person does to a running axis. JSON both ways.

    GET  /health                    no token needed
    POST /reset                     forget everything that happened
    GET  /facts?after=N&limit=M     what happened, in order
    GET  /documents/{document_id}   every packet that bears this DocumentId, its deliveries, the statuses seen
    GET  /packages/{sha256}         the bytes of a package     GET /attachments/{sha256}  of an attached file
    POST /packages                  queue a package: JSON (package_base64, sender_system, message_type, to, admit)
                                    or the raw bytes, with the rest in the query
    GET  /nodes                     systems and their units, without secrets
    POST /systems                   add a system with its own units (and secret)
    GET  /seed, POST /seed          the seed of the world

Every call but /health carries ``Authorization: Bearer <token>``; errors are ``{"error": "…"}``.
"""

import base64
import binascii
import hmac
import json
from collections.abc import Awaitable, Callable
from dataclasses import fields
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator.hub.hub import Hub
from simulator.hub.trouble import HubError, StoreTrouble
from simulator.topology import Unit

__all__ = ["app"]

_MOST_FACTS = 10_000
_UNIT_KEYS = {item.name for item in fields(Unit)}

_Endpoint = Callable[[Request], Awaitable[Response]]


def app(hub: Hub, token: str) -> Starlette:
    """The control API of ``hub`` as an ASGI application."""
    controls = _Controls(hub)

    def guarded(endpoint: _Endpoint) -> _Endpoint:
        async def checked(request: Request) -> Response:
            given = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
            if not hmac.compare_digest(given.encode(), token.encode()):
                raise HTTPException(401, "the header 'Authorization: Bearer <token>' is missing or wrong")
            return await endpoint(request)

        return checked

    routes = [Route("/health", controls.health, methods=["GET"])]
    routes += [
        Route(path, guarded(endpoint), methods=[method])
        for method, path, endpoint in (
            ("POST", "/reset", controls.reset),
            ("GET", "/facts", controls.facts),
            ("GET", "/documents/{document_id:path}", controls.document),
            ("GET", "/packages/{sha}", controls.package),
            ("GET", "/attachments/{sha}", controls.attachment),
            ("POST", "/packages", controls.queue),
            ("GET", "/nodes", controls.nodes),
            ("POST", "/systems", controls.add_system),
            ("GET", "/seed", controls.seed),
            ("POST", "/seed", controls.reseed),
        )
    ]
    return Starlette(
        routes=routes,
        exception_handlers={HTTPException: _http_error, HubError: _hub_error, 404: _no_route, 405: _no_route},
    )


class _Controls:
    """The endpoints."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    async def health(self, request: Request) -> Response:
        """Whether the hub lives, and as what."""
        hub = self._hub
        members = {"status": "ok", "profile": hub.profile.name, "topology": hub.topology.name}
        return JSONResponse(members | {"nodes": len(hub.topology.living), "seed": hub.seed})

    async def reset(self, request: Request) -> Response:
        """Forget everything that happened."""
        await self._hub.reset()
        return JSONResponse({})

    async def facts(self, request: Request) -> Response:
        """The facts after a number."""
        after, limit = _number(request, "after", 0), _number(request, "limit", 1000)
        found = self._hub.facts(after, min(max(limit, 1), _MOST_FACTS))
        return JSONResponse({"facts": found, "last": found[-1]["n"] if found else after})

    async def document(self, request: Request) -> Response:
        """The state of a document."""
        document_id = request.path_params["document_id"]
        found = self._hub.documents(document_id)
        if not found:
            raise HTTPException(404, f"no packet with DocumentId {document_id!r}")
        keys = ("at", "doc_id", "from", "status_code", "deliveries")
        statuses = [{key: row[key] for key in keys} for row in found if row["message_type"] == "status"]
        sendings = [row for row in found if row["message_type"] != "status"]
        return JSONResponse({"document_id": document_id, "documents": sendings, "statuses": statuses})

    async def package(self, request: Request) -> Response:
        """The bytes of a package."""
        return _body(await self._hub.package(request.path_params["sha"]))

    async def attachment(self, request: Request) -> Response:
        """The bytes of an attached file."""
        return _body(await self._hub.attachment(request.path_params["sha"]))

    async def queue(self, request: Request) -> Response:
        """Queue a package."""
        if request.headers.get("content-type", "").partition(";")[0].strip() == "application/json":
            options = await _object(request)
            try:
                data = base64.b64decode(_text(options, "package_base64"), validate=True)
            except (binascii.Error, ValueError):
                raise HTTPException(400, "package_base64 is no base64") from None
        else:
            data = await request.body()
            query = request.query_params
            options = {**query, "to": query.getlist("to") or None, "admit": query.get("admit") in ("1", "true")}
        to = options.get("to")
        if to is not None and (not isinstance(to, list) or not all(isinstance(code, str) for code in to)):
            raise HTTPException(400, "to must be a list of unit codes")
        message_type = options.get("message_type", "edoc")
        if message_type not in ("edoc", "status"):
            raise HTTPException(400, "message_type must be edoc or status")
        doc_id = await self._hub.queue(
            data,
            sender_system=_text(options, "sender_system"),
            message_type=message_type,
            to=to,
            admit=bool(options.get("admit", False)),
        )
        return JSONResponse({"doc_id": doc_id}, status_code=201)

    async def nodes(self, request: Request) -> Response:
        """Systems and units."""
        directory = self._hub.directory
        rows = [
            {
                "system_id": system.system_id,
                "passive": system.passive,
                "added": system.added,
                "units": [
                    {
                        "code": entry.unit.code,
                        "codes": list(entry.unit.codes),
                        "name": entry.unit.name,
                        "registered": entry.registered,
                        "open": entry.open,
                    }
                    for entry in directory.units(system.system_id)
                ],
            }
            for system in directory.systems.values()
        ]
        return JSONResponse({"nodes": rows})

    async def add_system(self, request: Request) -> Response:
        """Add a system, or change one."""
        options = await _object(request)
        rows = options.get("units", [])
        if not isinstance(rows, list) or not rows:
            raise HTTPException(400, "units must be a list with at least one unit")
        units = [_unit(row) for row in rows]
        secret = _text(options, "secret") if options.get("secret") is not None else None
        system_id = _text(options, "system_id")
        made = await self._hub.add_system(system_id, units, secret, bool(options.get("passive", True)))
        members = {"system_id": system_id, "secret": made.secret, "organs": list(made.organs)}
        return JSONResponse(members, status_code=201)

    async def seed(self, request: Request) -> Response:
        """The seed."""
        return JSONResponse({"seed": self._hub.seed})

    async def reseed(self, request: Request) -> Response:
        """Another seed."""
        seed = (await _object(request)).get("seed")
        if not isinstance(seed, int) or isinstance(seed, bool):
            raise HTTPException(400, "seed must be an integer")
        await self._hub.reseed(seed)
        return JSONResponse({"seed": seed})


def _unit(row: object) -> Unit:
    if isinstance(row, str) and row.strip():
        return Unit(code=row.strip())
    if not isinstance(row, dict) or not isinstance(row.get("code"), str) or not row["code"].strip():
        raise HTTPException(400, "each unit is a code, or an object with at least 'code'")
    if unknown := sorted(set(row) - _UNIT_KEYS):
        raise HTTPException(400, f"unknown member of a unit: {', '.join(unknown)}")
    return Unit(**{**row, "aliases": tuple(row.get("aliases", ()))})


def _number(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name, str(default))
    try:
        return int(text)
    except ValueError:
        raise HTTPException(400, f"{name} must be a number") from None


async def _object(request: Request) -> dict[str, Any]:
    try:
        value = json.loads(await request.body())
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise HTTPException(400, "the body must be a JSON object")
    return value


def _text(options: dict[str, Any], name: str) -> str:
    value = options.get(name)
    if not isinstance(value, str) or not value:
        raise HTTPException(400, f"{name} must be a text that is not empty")
    return value


def _body(data: bytes | None) -> Response:
    if data is None:
        raise HTTPException(404, "nothing with that digest")
    return Response(data, media_type="application/octet-stream")


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101  # registered for nothing else
    return JSONResponse({"error": error.detail}, status_code=error.status_code)


async def _hub_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HubError)  # noqa: S101  # registered for nothing else
    code = 503 if isinstance(error, StoreTrouble) else 422
    return JSONResponse({"error": error.because.en, "error_vi": error.because.vi}, code)


async def _no_route(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101  # starlette raises nothing else for these
    return JSONResponse({"error": f"{error.detail}: {request.method} {request.url.path}"}, error.status_code)
