"""The body of one request on its way in: within the limit, within the patience, and within little memory."""

import asyncio
from collections.abc import Callable
from typing import Any

from simulator.hub.bodies import LARGE, LargeRequest, Upload
from simulator.hub.hub import Hub
from simulator.wire import Request

__all__ = ["Arriving", "HungUp"]

_DRAIN_BYTES = 1024 * 1024 * 1024


class HungUp(Exception):  # not an error: the client went away
    """The client closed before its request was whole."""


class Arriving:
    """The body of one request on its way in: in memory, or, of a large sendEdoc, in a file of the store.

    ``oversized``: its size, where it is too large to be taken in. ``close``: whether the connection ends afterwards.
    """

    def __init__(self, hub: Hub, request: Request, limit: int) -> None:
        self.oversized: int | None = None
        self.close = False
        self._hub = hub
        self._request = request
        self._limit = limit
        self._parts: list[bytes] = []
        self._upload: Upload | None = None

    async def read(self, receive: Callable[..., Any], idle_seconds: float) -> None:
        """Read until its end. Raises HungUp, TimeoutError."""
        announced = self._request.first("Content-Length") or b""
        length = int(announced) if announced.isdigit() else 0
        if length > self._limit and self._request.first("Expect"):
            self.oversized, self.close = length, True  # it has not been sent yet, and need not be
            return
        size, more = 0, True
        while more:
            async with asyncio.timeout(idle_seconds):
                message = await receive()
            if message["type"] == "http.disconnect":
                raise HungUp
            part, more = message["body"], message["more_body"]
            size += len(part)
            if max(size, length) <= self._limit:
                self._take(part, size)
                continue
            # Read on and throw away: clients that write first can read the answer only afterwards.
            self.discard()
            self.oversized = max(size, length)
            if size > _DRAIN_BYTES:
                self.close = True
                return

    def _take(self, part: bytes, size: int) -> None:
        if self._upload is not None:
            self._upload.write(part)
            return
        self._parts.append(part)
        if size > LARGE and self._request.operation == "sendEdoc":
            self._upload = self._hub.arriving()
            for each in self._parts:
                self._upload.write(each)
            self._parts.clear()

    def request(self) -> Request:
        """The whole request."""
        asked = self._request
        if self._upload is not None:
            return LargeRequest(asked.method, asked.path, asked.headers, self._upload)
        return asked.with_body(b"".join(self._parts))

    def discard(self) -> None:
        """Keep nothing of it that nobody else keeps."""
        self._parts.clear()
        if self._upload is not None:
            self._upload.discard()
            self._upload = None
