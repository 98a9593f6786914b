"""The control API over HTTP (contract, section 4)."""

from collections.abc import Mapping
from typing import Any

import httpx

from conformance.stage import Reply
from conformance.sut import shape
from conformance.sut.driver import Connection

__all__ = ["HttpDriver"]


class HttpDriver:
    """Calls ``<url>/control/…``. ``timeout`` in seconds bounds each call."""

    def __init__(self, url: str, *, timeout: float) -> None:
        self._url = url.rstrip("/")
        self._timeout = timeout
        self._client: httpx.AsyncClient | None = None

    async def start(self, connection: Connection) -> None:
        """Open the client; the SUT itself runs already."""
        # No connection is kept: one that the SUT closes while it idles would swallow a call that cannot be repeated.
        limits = httpx.Limits(max_connections=32, max_keepalive_connections=0)
        self._client = httpx.AsyncClient(timeout=self._timeout, limits=limits, trust_env=False)

    async def call(self, method: str, path: str, body: Mapping[str, Any]) -> Reply:
        """One call. Whatever is no JSON object becomes status 0 with the reason."""
        if self._client is None:
            return Reply(0, {"error": "not started"})
        try:
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

    async def stop(self) -> None:
        """Close the client."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None
