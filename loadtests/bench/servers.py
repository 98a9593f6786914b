"""Servers that do nothing but answer, for the bench: ``python -m loadtests.bench.servers KIND`` prints its port.

asgi      the axis's own uvicorn stack (httptools), validation, signature check and store switched off: it reads the
          body and answers a constant
raw       an asyncio protocol with httptools: the least that HTTP costs in this language
freezing  ``raw`` that does nothing at all for 1 s every 10 s, and writes when to its second argument
"""

import asyncio
import contextlib
import json
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any

import httptools
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from simulator.hub.serve import event_loop

__all__ = ["CONSTANT", "FREEZE_EVERY", "FREEZE_SECONDS"]

CONSTANT = json.dumps(
    {"status": "OK", "ErrorCode": "0", "ErrorDesc": "Thanh cong", "DocId": "0" * 24, "data": [], "count": 0},
    separators=(",", ":"),
).encode("ascii")
FREEZE_EVERY = 10.0
FREEZE_SECONDS = 1.0
_BACKLOG = 2048  # asyncio listens anew, with 100 where it is not told: who connects in a freeze would be turned away
_TYPE = b"application/json;charset=UTF-8"
_WHOLE = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s" % (_TYPE, len(CONSTANT), CONSTANT)
_HEADERS = [(b"Content-Type", _TYPE), (b"Content-Length", str(len(CONSTANT)).encode())]


async def _constant(scope: Any, receive: Any, send: Any) -> None:
    parts = []
    more = True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    b"".join(parts)
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    await send({"type": "http.response.body", "body": CONSTANT})


class _Raw(asyncio.Protocol):
    """Answers the constant to every whole request."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport
        self._parser: Any = httptools.HttpRequestParser(self)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        """The parser says: a request is whole."""
        self._transport.write(_WHOLE)


class _Freezes:
    """Blocks the loop for a second every ten, by the machine's monotonic clock, and keeps a record."""

    def __init__(self, record: Path) -> None:
        self._record = record
        self._first = time.monotonic() + FREEZE_EVERY / 2
        self._count = 0

    def begin(self) -> None:
        """Plan the next freeze."""
        due = self._first + self._count * FREEZE_EVERY
        asyncio.get_running_loop().call_later(max(0.0, due - time.monotonic()), self._freeze)

    def _freeze(self) -> None:
        begin = time.monotonic()
        time.sleep(FREEZE_SECONDS)
        with self._record.open("a", encoding="ascii") as file:
            file.write(f"{begin:.6f} {time.monotonic():.6f}\n")
        self._count += 1
        self.begin()


async def _serve(kind: str, record: str) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, stopped.set)
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", 0))
    listener.listen(_BACKLOG)
    listener.setblocking(False)
    port = listener.getsockname()[1]
    if kind == "asgi":
        await _serve_asgi(listener, port, stopped)
        return
    server = await loop.create_server(_Raw, sock=listener, backlog=_BACKLOG)
    if kind == "freezing":
        _Freezes(Path(record)).begin()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    await stopped.wait()
    server.close()


async def _serve_asgi(listener: socket.socket, port: int, stopped: asyncio.Event) -> None:
    config = uvicorn.Config(
        _constant, http=HttpToolsProtocol, ws="none", interface="asgi3", lifespan="off", log_config=None,
        log_level="critical", access_log=False, proxy_headers=False, server_header=False, timeout_graceful_shutdown=1,
    )  # fmt: skip
    server = uvicorn.Server(config)
    server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign,assignment]  # _serve has them
    task = asyncio.create_task(server.serve(sockets=[listener]))
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    await stopped.wait()
    server.should_exit = True
    await task


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=event_loop) as runner:
        runner.run(_serve(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else ""))
