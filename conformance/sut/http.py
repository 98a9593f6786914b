"""The control API over HTTP (contract, section 4).

However many cases call at once, only so many calls are out; the others wait on our side, and that wait is nobody's
time: what bounds a call begins when it goes out.
"""

import asyncio
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Any

import httpx

from conformance.stage import Reply
from conformance.sut import shape
from conformance.sut.driver import Connection

__all__ = ["AT_ONCE", "HttpDriver"]

AT_ONCE = 32
"""Most calls that are out at the same time: as many as a small test adapter can be expected to accept."""

_POLL = "/control/poll"


class HttpDriver:
    """Calls ``<url>/control/…``. ``timeout`` in seconds bounds each call, from the moment at which it goes out."""

    def __init__(self, url: str, *, timeout: float) -> None:
        self._url = url.rstrip("/")
        self._timeout = timeout
        self._client: httpx.AsyncClient | None = None
        self._places = asyncio.Semaphore(AT_ONCE)

    async def start(self, connection: Connection) -> None:
        """Open the client; the SUT itself runs already."""
        # No connection is kept: one that the SUT closes while it idles would swallow a call that cannot be repeated.
        # The pool has no bound of its own: it would count the wait for a place as the SUT's time (PoolTimeout).
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
        timeout = httpx.Timeout(self._timeout, pool=None)
        self._client = httpx.AsyncClient(timeout=timeout, limits=limits, trust_env=False)

    async def call(self, method: str, path: str, body: Mapping[str, Any]) -> Reply:
        """One call. Whatever is no JSON object becomes status 0 with the reason."""
        if self._client is None:
            return Reply(0, {"error": "not started"})
        try:
            async with self._place(path):
                if method == "GET":
                    answer = await self._client.get(self._url + path, params=dict(body))
                else:
                    answer = await self._client.request(method, self._url + path, json=dict(body))
        except httpx.HTTPError as error:
            return Reply(0, {"error": f"{type(error).__name__}: {error}".rstrip(": ")})
        try:
            data = answer.json()
        except ValueError:
            data = None
        if isinstance(data, dict):
            return shape.reply(path, answer.status_code, data)
        if answer.is_success and answer.content.strip():
            return Reply(0, {"error": f"HTTP {answer.status_code}, but the body is no JSON object"})
        return Reply(answer.status_code, {} if answer.is_success else {"error": answer.text[:200]})

    def _place(self, path: str) -> AbstractAsyncContextManager[Any]:
        """One of the places; a poll, of which there is one at a time, needs none: what others wait for comes by it."""
        return nullcontext() if path == _POLL else self._places

    async def stop(self) -> None:
        """Close the client."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None
