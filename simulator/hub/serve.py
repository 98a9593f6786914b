"""The hub on real sockets. The only file that knows which HTTP server carries it.

The wire runs as a bare ASGI function on uvicorn with httptools; the control API is a starlette application on a port
of its own. Sockets are bound here, so a busy port is known before anything starts, and signals are never touched:
whoever runs the process decides when it ends.
"""

import asyncio
import contextlib
import functools
import logging
import re
import secrets
import socket
import time
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, Self

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from simulator.hub import control
from simulator.hub.accepting import SMALL
from simulator.hub.answers import compressed
from simulator.hub.arriving import WHOLE, Arriving, HungUp
from simulator.hub.bodies import LargeResponse
from simulator.hub.events import Exchange
from simulator.hub.hub import Hub
from simulator.hub.sockets import BACKLOG, bound, no_more_accepts, reserved_again, url_of
from simulator.hub.trouble import CannotListen
from simulator.hub.web import GONE, UNREADABLE, Web
from simulator.wire import Cut, Headers, Line, Request, Response

__all__ = ["HubServer", "event_loop"]

_LOG = logging.getLogger("axisproof.hub")
_HEAD_BYTES = 1024 * 1024
_RAW = "axisproof.headers"
_TRANSPORT = "axisproof.transport"
_UPGRADE = re.compile(rb"\r\n(upgrade):", re.IGNORECASE)
_HIDDEN = b"x-offer"
_READ_HERE = frozenset(map(len, (b"expect", b"connection", b"upgrade")))


def event_loop() -> asyncio.AbstractEventLoop:
    """A new event loop of the fastest kind at hand, for ``asyncio.Runner(loop_factory=event_loop)``."""
    try:
        import uvloop  # absent on Windows
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


class HubServer:
    """The hub's wire, and its control API where ``control_port`` is not None; both drain on exit.

    ``token`` guards the control API (made up where empty). ``idle_seconds``: how long a connection may say nothing,
    before, within or after a request. ``line``: what the answers pass on their way out; None: nothing. ``listener``: a
    socket that listens already, instead of a port. ``hands_over``: only listen; others accept from ``listener``, and
    the control API alone is served here. Entering raises CannotListen.
    """

    def __init__(
        self,
        hub: Hub,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        control_port: int | None = None,
        token: str = "",
        idle_seconds: float = 75.0,
        drain_seconds: float = 10.0,
        line: Line | None = None,
        listener: socket.socket | None = None,
        hands_over: bool = False,
    ) -> None:
        self.hub = hub
        self.listener = listener
        self.token = token or secrets.token_urlsafe(24)
        self.url = ""
        self.address = ("", 0)
        self.control_url = ""
        self._host = host
        self._ports = (port, control_port)
        self._idle_seconds = idle_seconds
        self._drain_seconds = drain_seconds
        self._line = line
        self._running: list[tuple[_Server, asyncio.Task[None]]] = []
        self._wire: tuple[_Server, asyncio.Task[None]] | None = None
        self._kept: socket.socket | None = None
        self._hands_over = hands_over

    async def __aenter__(self) -> Self:
        port, control_port = self._ports
        wire = self.listener or bound(self._host, port)
        self.address = wire.getsockname()[:2]
        try:
            controls = None if control_port is None else bound(self._host, control_port)
        except CannotListen:
            wire.close()
            raise
        if self._hands_over:
            self.listener, self._kept = wire, wire
            self.url = url_of(wire)
        else:
            await self._open(wire)
        if controls is not None:
            self.control_url = await self._start(controls, control.app(self.hub, self.token), HttpToolsProtocol)
        return self

    async def go_down(self) -> None:
        """Break every connection of the wire and refuse new ones, until ``come_up``. The port stays ours: bound, but
        nobody listens. The hub itself and its control API go on."""
        if self._wire is None:
            return
        (server, task), self._wire = self._wire, None
        host, port = server.address
        self._running.remove((server, task))
        await no_more_accepts(listener for each in server.servers for listener in each.sockets)
        server.stop()
        for connection in list(server.server_state.connections):
            connection.transport.abort()
        await task
        self._kept = await reserved_again(host, port)

    async def come_up(self) -> None:
        """Listen again, at the same address."""
        if self._kept is not None:
            listener, self._kept = self._kept, None
            listener.listen(BACKLOG)
            await self._open(listener)

    async def _open(self, listener: socket.socket) -> None:
        self.url = await self._start(listener, _Wire(self.hub, self._idle_seconds, self._line), _AxisProtocol)
        self._wire = self._running[-1]

    async def _start(self, listener: socket.socket, app: Any, protocol: type[HttpToolsProtocol]) -> str:
        config = uvicorn.Config(
            app,
            http=protocol,
            ws="none",
            interface="asgi3",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_keep_alive=self._idle_seconds,  # type: ignore[arg-type]  # only ever given to call_later
            timeout_graceful_shutdown=self._drain_seconds,  # type: ignore[arg-type]  # only ever given to wait_for
        )
        server = _Server(config, listener.getsockname()[:2])
        task = asyncio.create_task(server.serve(sockets=[listener]))
        self._running.append((server, task))
        await server.up.wait()
        return url_of(listener)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server, _ in self._running:
            server.stop()
        await asyncio.gather(*(task for _, task in self._running))
        self._running.clear()
        if self._kept is not None:
            self._kept.close()


class _Server(uvicorn.Server):
    """uvicorn without hands on signals, and without waiting for its next tick to stop."""

    def __init__(self, config: uvicorn.Config, address: tuple[str, int]) -> None:
        super().__init__(config)
        self.address = address
        self.up = asyncio.Event()
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Take no more connections, and finish what is under way."""
        self.should_exit = True
        self._stopping.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()

    async def main_loop(self) -> None:
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), 1.0)


class _AxisProtocol(HttpToolsProtocol):
    """HTTP as the SDK's users meet it: no request is so bad that it gets no JSON, no connection idles for ever."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The SDK's first stack puts the low byte of each letter into header values, control bytes among them.
        self.parser.set_dangerous_leniencies(lenient_headers=True)
        self._raw: list[tuple[bytes, bytes]] = []
        self._head_bytes = 0
        self._latest = b""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        super().connection_made(transport)
        self._wait_for_head()

    def data_received(self, data: bytes) -> None:
        self._latest = data
        between = self.cycle is None or self.cycle.response_complete
        super().data_received(_without_upgrade(data) if between else data)
        self._latest = b""
        if self.cycle is None or self.cycle.response_complete:
            self._wait_for_head()

    def _wait_for_head(self) -> None:
        if self.timeout_keep_alive_task is None and not self.transport.is_closing():
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._raw, self._head_bytes = [], 0
        self.scope[_RAW] = self._raw  # type: ignore[literal-required]  # ours: the names in their own case
        self.scope[_TRANSPORT] = self.transport  # type: ignore[literal-required]  # ours: for an answer that breaks off

    def on_header(self, name: bytes, value: bytes) -> None:
        self._head_bytes += len(name) + len(value)
        if self._head_bytes > _HEAD_BYTES:
            raise ValueError("the head is too large")  # the parser stops, and send_400_response follows
        self._raw.append((name, value))
        if len(name) in _READ_HERE:  # uvicorn itself looks at no other
            super().on_header(name, value)

    def on_message_complete(self) -> None:
        self.scope[WHOLE] = True  # type: ignore[literal-required]  # ours: the whole body is here
        super().on_message_complete()

    def _unsupported_upgrade_warning(self) -> None:
        # An offer that was not hidden in time: the parser takes what follows for another protocol, so this answer is
        # the connection's last.
        if self.cycle is not None:
            self.cycle.keep_alive = False

    def send_400_response(self, msg: str) -> None:
        if self.cycle is not None and not self.cycle.response_complete:
            # Rubbish behind a request that is still being answered: the answer first, then the end.
            self.cycle.keep_alive = False
            self.transport.pause_reading()
            return
        self.config.loaded_app.unreadable(self._latest)
        head = b"HTTP/1.1 200 OK\r\n" + b"".join(
            name.encode() + b": " + value + b"\r\n" for name, value in UNREADABLE.headers
        )
        length = b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(UNREADABLE.body)
        self.transport.write(head + length + UNREADABLE.body)
        self.transport.close()


def _without_upgrade(data: bytes) -> bytes:
    """The same bytes, with an offer to change the protocol hidden from the parser.

    Java's own HttpClient offers h2c beside every POST, and a server may go on in HTTP/1.1 (RFC 9110 7.8); the parser
    would drop the body.
    """
    head = data.find(b"\r\n\r\n")
    offer = _UPGRADE.search(data, 0, head if head >= 0 else len(data))
    if offer is None:
        return data
    return data[: offer.start(1)] + _HIDDEN + data[offer.end(1) :]


class _Wire:
    """The wire as a bare ASGI function: read the body, ask ``Web``, show the exchange to the witnesses, send."""

    def __init__(self, hub: Hub, idle_seconds: float, line: Line | None) -> None:
        self._hub = hub
        self._line = line
        self._web = Web(hub)
        self._idle_seconds = idle_seconds
        self._limit = hub.profile.limits.package_bytes + 2  # the line end that the SDK appends

    async def __call__(self, scope: Any, receive: Callable[..., Any], send: Callable[..., Any]) -> None:
        started, at = time.perf_counter(), self._hub.clock.now()
        headers: Headers = tuple([(_name(name), value) for name, value in scope[_RAW]])
        request = Request(scope["method"], scope["raw_path"].decode("ascii"), headers)
        arriving = Arriving(self._hub, request, self._limit)
        try:
            try:
                await arriving.read(scope, receive, self._idle_seconds)
            except (HungUp, TimeoutError):
                # A body that never came whole was never taken in, and there is nobody to tell, or nothing to wait for.
                await _send(send, UNREADABLE, close=True)
                return
            request = arriving.request()
            answer = functools.partial(self._web.answer, oversized=arriving.oversized)
            response = await (self._line.carry(request, answer) if self._line else answer(request))
            if isinstance(response, Cut):
                self._show(request, _what_came_of(response), at, time.perf_counter() - started)
                await _break_off(scope, receive, send, response)
                return
            self._show(request, response, at, time.perf_counter() - started)
        finally:
            arriving.discard()
        if isinstance(response, LargeResponse):
            await _send_large(send, response, close=arriving.close)
            return
        if len(response.body) <= SMALL:
            response = compressed(request, response)
        else:
            response = await asyncio.to_thread(compressed, request, response)
        await _send(send, response, close=arriving.close)

    def unreadable(self, data: bytes) -> None:
        """Bytes came that are no HTTP request; the protocol answers by itself."""
        self._show(Request("", "", (), data), UNREADABLE, self._hub.clock.now(), 0.0)

    def _show(self, request: Request, response: Response, at: Any, seconds: float) -> None:
        if not self._hub.witnesses:
            return
        claimed = (request.first("XroadVnpt-systemid") or b"").decode("utf-8", "replace")
        exchange = Exchange(request.operation, claimed, at, seconds, request, response)
        try:
            self._hub.witnesses.exchange(exchange)
        except Exception:
            _LOG.exception("a witness failed on an exchange")


@functools.lru_cache(1024)  # the same names come with every request
def _name(raw: bytes) -> str:
    return raw.decode("latin-1")


async def _send(send: Callable[..., Any], response: Response, *, close: bool) -> None:
    await send(_head(response, len(response.body), close=close))
    await send({"type": "http.response.body", "body": response.body})


def _head(response: Response, length: int, *, close: bool = False) -> dict[str, object]:
    headers = [(name.encode("latin-1"), value) for name, value in response.headers]
    headers.append((b"Content-Length", b"%d" % length))
    if close:
        headers.append((b"Connection", b"close"))
    return {"type": "http.response.start", "status": response.status, "headers": headers}


async def _send_large(send: Callable[..., Any], response: LargeResponse, *, close: bool) -> None:
    pieces = response.pieces()
    try:
        piece = await asyncio.to_thread(next, pieces, None)
    except OSError:  # it was removed in this very moment
        await _send(send, GONE, close=close)
        return
    await send(_head(response, response.length, close=close))
    while piece is not None:
        await send({"type": "http.response.body", "body": piece, "more_body": True})
        piece = await asyncio.to_thread(next, pieces, None)
    await send({"type": "http.response.body", "body": b""})


def _what_came_of(cut: Cut) -> Response:
    """The part of the answer that left; status 0 where nothing did."""
    if cut.response is None:
        return Response(status=0)
    return Response(cut.response.status, cut.response.headers, cut.response.body[: cut.after])


async def _break_off(scope: Any, receive: Callable[..., Any], send: Callable[..., Any], cut: Cut) -> None:
    """Send what is to be sent, then end the connection; returns when it is gone."""
    transport: asyncio.Transport = scope[_TRANSPORT]
    if cut.response is None:
        transport.abort()
    else:
        body = cut.response.body
        await send(_head(cut.response, len(body)))
        await send({"type": "http.response.body", "body": body[: cut.after], "more_body": True})
        transport.close()
    while (await receive())["type"] != "http.disconnect":
        pass
