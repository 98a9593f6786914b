"""HTTP as the SDK's users meet it. With serve.py the only file that knows which HTTP server carries the wire (uvicorn).

A request that came whole with one reading of the socket, as nearly all do, is answered at once; any other (large, in
pieces, pipelined, with ``Expect``) goes uvicorn's way, as a bare ASGI function. The answers are the same.
"""

import asyncio
import functools
import logging
import re
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, Self

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from simulator.hub.accepting import SMALL
from simulator.hub.answers import compressed
from simulator.hub.arriving import Arriving, HungUp
from simulator.hub.bodies import LARGE, LargeResponse
from simulator.hub.events import Exchange
from simulator.hub.hub import Hub
from simulator.hub.web import GONE, UNREADABLE, Web
from simulator.wire import Cut, Headers, Line, Outcome, Request, Response

__all__ = ["AxisProtocol", "Wire"]

_LOG = logging.getLogger("axisproof.hub")
_HEAD_BYTES = 1024 * 1024
_HEADERS = "axisproof.headers"
_TRANSPORT = "axisproof.transport"
_UPGRADE = re.compile(rb"\r\n(upgrade):", re.IGNORECASE)
_HIDDEN = b"x-offer"
_READ_THERE = frozenset(map(len, (b"expect", b"connection", b"upgrade")))
_AT_ONCE = (b"GET", b"POST")
_LAST = b"connection: close\r\n"


class AxisProtocol(HttpToolsProtocol):
    """One connection: no request is so bad that it gets no JSON, no connection idles for ever."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The SDK's first stack puts the low byte of each letter into header values, control bytes among them.
        self.parser.set_dangerous_leniencies(lenient_headers=True)
        self._wire: Wire = self.config.loaded_app
        self._headers: list[tuple[str, bytes]] = []
        self._head_bytes = 0  # since the request's first one, while its head is not whole
        self._quiet_since = 0.0
        self._watch: asyncio.TimerHandle | None = None
        self._pieces: list[bytes] | None = None  # of the body of a request that may come whole
        self._latest = b""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        """Begin to listen, and to watch the time."""
        super().connection_made(transport)
        self._quiet_since = self.loop.time()
        self._look_again(self.timeout_keep_alive)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop watching."""
        super().connection_lost(exc)
        if self._watch is not None:
            self._watch.cancel()

    def data_received(self, data: bytes) -> None:
        """Feed the parser, which calls the methods below."""
        self._latest = data
        self._head_bytes += len(data)
        idle = self._idle
        super().data_received(_without_upgrade(data) if idle else data)
        if self._head_bytes > _HEAD_BYTES and self._idle and not self.transport.is_closing():
            self.send_400_response("the head is too large")
        self._latest = b""
        if self._pieces is not None and self.parser is not None:
            self._go_the_long_way()

    @property
    def _idle(self) -> bool:
        """Whether nothing is being answered."""
        return self.cycle is None or self.cycle.response_complete

    # ---------------------------------------------------------------- how long it says nothing

    # A timer for every request would cost as much as reading its head: one watches, and looks again if it was wrong.

    def _look_again(self, seconds: float) -> None:
        self._watch = self.loop.call_later(seconds, self._look)

    def _look(self) -> None:
        left = self._quiet_since + self.timeout_keep_alive - self.loop.time() if self._idle else self.timeout_keep_alive
        if left > 0:
            self._look_again(left)
        else:
            self.transport.close()

    def _unset_keepalive_if_required(self) -> None:
        """What came may be the beginning of a request, which must go on: the time runs anew."""
        self._quiet_since = self.loop.time()

    def on_response_complete(self) -> None:
        """Go on with what was sent meanwhile, or wait for more."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self._quiet_since = self.loop.time()
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())

    # ---------------------------------------------------------------- what the parser finds

    def on_message_begin(self) -> None:
        """A request begins."""
        self.url = b""
        self.expect_100_continue = False
        self.headers = []
        self._headers = []

    def on_header(self, name: bytes, value: bytes) -> None:
        """One line of its head."""
        self._headers.append((_name(name), value))
        if len(name) in _READ_THERE:  # uvicorn itself looks at no other
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Its head is whole."""
        parser = self.parser
        if (
            self._head_bytes > _HEAD_BYTES
            and sum(len(name) + len(value) for name, value in self._headers) > _HEAD_BYTES
        ):
            raise ValueError("the head is too large")  # the parser stops, and send_400_response follows
        self._head_bytes = 0
        if (
            self._idle
            and not self.expect_100_continue
            and parser.get_http_version() == "1.1"
            and parser.get_method() in _AT_ONCE
            and not parser.should_upgrade()
        ):
            self._pieces = []
        else:
            self._begin_the_long_way()

    def on_body(self, body: bytes) -> None:
        """A piece of its body."""
        if self._pieces is None:
            super().on_body(body)
        else:
            self._pieces.append(body)

    def on_message_complete(self) -> None:
        """It is whole."""
        self._head_bytes = 0
        pieces = self._pieces
        if pieces is not None and sum(map(len, pieces)) > self._wire.whole_bytes:
            self._go_the_long_way()
            pieces = None
        if pieces is None:
            super().on_message_complete()
            return
        self._pieces = None
        method = self.parser.get_method().decode("ascii")
        path = httptools.parse_url(self.url).path.decode("ascii")
        request = Request(method, path, tuple(self._headers), b"".join(pieces))
        turn = _Turn(self, keep_alive=self.parser.should_keep_alive())
        self.cycle = turn  # type: ignore[assignment]  # all that uvicorn looks at is there
        turn.task = self.loop.create_task(self._at_once(request, turn))
        self.tasks.add(turn.task)

    # ---------------------------------------------------------------- two ways to an answer

    async def _at_once(self, request: Request, turn: "_Turn") -> None:
        try:
            outcome = await self._wire.outcome(request)
            if isinstance(outcome, LargeResponse | Cut) or len(outcome.body) > SMALL:
                await _give(outcome, request, self.transport, turn.receive, turn.send)
            else:
                if self.flow.write_paused:
                    await self.flow.drain()
                turn.answer(compressed(request, outcome))
        except Exception:
            _LOG.exception("a request could not be answered")
            self.transport.close()
        finally:
            self.tasks.discard(turn.task)

    def _begin_the_long_way(self) -> None:
        """Make now what uvicorn makes when a request begins."""
        url, headers, expects = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()
        self.url, self.expect_100_continue = url, expects
        self.headers += headers
        self.scope[_HEADERS] = tuple(self._headers)  # type: ignore[literal-required]  # ours: names in their own case
        self.scope[_TRANSPORT] = self.transport  # type: ignore[literal-required]  # ours: for an answer that breaks off
        super().on_headers_complete()

    def _go_the_long_way(self) -> None:
        """The same for a request of which a part of the body is here."""
        pieces, self._pieces = self._pieces or [], None
        self._begin_the_long_way()
        for piece in pieces:
            super().on_body(piece)

    def usual_headers(self) -> bytes:
        """The lines that uvicorn puts before those of every answer: the date."""
        return _lines(tuple(self.server_state.default_headers))

    # ---------------------------------------------------------------- what is wrong

    def _unsupported_upgrade_warning(self) -> None:
        # An offer that was not hidden in time: the parser takes what follows for another protocol, so this answer is
        # the connection's last.
        if self.cycle is not None:
            self.cycle.keep_alive = False

    def send_400_response(self, msg: str) -> None:
        """The parser gave up."""
        if self.cycle is not None and not self.cycle.response_complete:
            # Rubbish behind a request that is still being answered: the answer first, then the end.
            self.cycle.keep_alive = False
            self.transport.pause_reading()
            return
        self._pieces = None
        self._wire.unreadable(self._latest)
        self.transport.write(_whole(UNREADABLE, self.usual_headers(), keep_alive=False))
        self.transport.close()


class _Turn:
    """Stands where uvicorn has its cycle while a request that came whole is answered."""

    __slots__ = ("_protocol", "disconnected", "keep_alive", "response_complete", "task")

    task: "asyncio.Task[None]"

    def __init__(self, protocol: AxisProtocol, *, keep_alive: bool) -> None:
        self._protocol = protocol
        self.keep_alive = keep_alive
        self.response_complete = self.disconnected = False

    @property
    def message_event(self) -> Self:
        """What uvicorn sets when something happens."""
        return self

    def set(self) -> None:
        """Nobody waits: the request is here, and an answer that finds no connection is not written."""

    def answer(self, response: Response) -> None:
        """Write a whole answer."""
        self._write(_whole(response, self._protocol.usual_headers(), keep_alive=self.keep_alive), last=True)

    async def send(self, message: dict[str, Any]) -> None:
        """Write a part of an answer, as an ASGI server does."""
        if self._protocol.flow.write_paused:
            await self._protocol.flow.drain()
        if message["type"] == "http.response.start":
            usual = self._protocol.usual_headers()
            self._write(_start(message["status"], usual, message["headers"], keep_alive=self.keep_alive), last=False)
        else:
            self._write(message["body"], last=not message.get("more_body", False))

    async def receive(self) -> dict[str, Any]:
        """The request came whole, so all that may still come is the connection's end."""
        return {"type": "http.disconnect"}

    def _write(self, data: bytes, *, last: bool) -> None:
        transport = self._protocol.transport
        if transport.is_closing():
            return
        transport.write(data)
        if last:
            self.response_complete = True
            if not self.keep_alive:
                transport.close()
            self._protocol.on_response_complete()


class Wire:
    """What stands behind every connection: ask ``Web``, show the exchange to the witnesses, send.

    ``line``: what the answers pass on their way out; None: nothing. ``idle_seconds``: how long a body may say nothing.
    ``whole_bytes``: the largest body that is answered without being looked at on its way in.
    """

    def __init__(self, hub: Hub, idle_seconds: float, line: Line | None) -> None:
        self._hub = hub
        self._line = line
        self._web = Web(hub)
        self._idle_seconds = idle_seconds
        self._limit = hub.profile.limits.package_bytes + 2  # the line end that the SDK appends
        self.whole_bytes = min(self._limit, LARGE)

    async def __call__(self, scope: Any, receive: Callable[..., Any], send: Callable[..., Any]) -> None:
        """As a bare ASGI function: read the body first."""
        request = Request(scope["method"], scope["raw_path"].decode("ascii"), scope[_HEADERS])
        arriving = Arriving(self._hub, request, self._limit)
        started, at = time.perf_counter(), self._hub.clock.now()
        try:
            try:
                await arriving.read(receive, self._idle_seconds)
            except (HungUp, TimeoutError):
                # A body that never came whole was never taken in, and there is nobody to tell, or nothing to wait for.
                await _send(send, UNREADABLE, close=True)
                return
            request = arriving.request()
            outcome = await self._outcome(request, started, at, arriving.oversized)
        finally:
            arriving.discard()
        await _give(outcome, request, scope[_TRANSPORT], receive, send, close=arriving.close)

    async def outcome(self, request: Request) -> Outcome:
        """What comes of a request that is here as a whole."""
        return await self._outcome(request, time.perf_counter(), self._hub.clock.now(), None)

    async def _outcome(self, request: Request, started: float, at: datetime, oversized: int | None) -> Outcome:
        if self._line is None:
            outcome: Outcome = await self._web.answer(request, oversized=oversized)
        else:
            outcome = await self._line.carry(request, functools.partial(self._web.answer, oversized=oversized))
        if self._hub.witnesses:
            shown = _what_came_of(outcome) if isinstance(outcome, Cut) else outcome
            self._show(request, shown, at, time.perf_counter() - started)
        return outcome

    def unreadable(self, data: bytes) -> None:
        """Bytes came that are no HTTP request; the protocol answers by itself."""
        if self._hub.witnesses:
            self._show(Request("", "", (), data), UNREADABLE, self._hub.clock.now(), 0.0)

    def _show(self, request: Request, response: Response, at: datetime, seconds: float) -> None:
        claimed = (request.first("XroadVnpt-systemid") or b"").decode("utf-8", "replace")
        exchange = Exchange(request.operation, claimed, at, seconds, request, response)
        try:
            self._hub.witnesses.exchange(exchange)
        except Exception:
            _LOG.exception("a witness failed on an exchange")


# ---------------------------------------------------------------- reading


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


@functools.lru_cache(1024)  # the same names come with every request
def _name(raw: bytes) -> str:
    return raw.decode("latin-1")


# ---------------------------------------------------------------- writing


def _whole(response: Response, usual: bytes, *, keep_alive: bool) -> bytes:
    body = response.body
    last = b"" if keep_alive else _LAST
    head = STATUS_LINE[response.status], usual, _own(response.headers)
    return b"%s%s%scontent-length: %d\r\n%s\r\n%s" % (*head, len(body), last, body)


def _start(status: int, usual: bytes, headers: list[tuple[bytes, bytes]], *, keep_alive: bool) -> bytes:
    last = b"" if keep_alive else _LAST
    return b"%s%s%s%s\r\n" % (STATUS_LINE[status], usual, _lines(tuple(headers)), last)


@functools.lru_cache(64)  # nearly all answers have the same ones
def _own(headers: Headers) -> bytes:
    return _lines(tuple((name.encode("latin-1"), value) for name, value in headers))


@functools.lru_cache(64)  # the same for all answers of a second
def _lines(headers: tuple[tuple[bytes, bytes], ...]) -> bytes:
    return b"".join(b"%s: %s\r\n" % (name.lower(), value) for name, value in headers)


async def _give(
    outcome: Outcome,
    request: Request,
    transport: asyncio.Transport,
    receive: Callable[..., Any],
    send: Callable[..., Any],
    *,
    close: bool = False,
) -> None:
    """Send whatever came of a request."""
    if isinstance(outcome, Cut):
        await _break_off(transport, receive, send, outcome)
    elif isinstance(outcome, LargeResponse):
        await _send_large(send, outcome, close=close)
    elif len(outcome.body) <= SMALL:
        await _send(send, compressed(request, outcome), close=close)
    else:
        await _send(send, await asyncio.to_thread(compressed, request, outcome), close=close)


async def _send(send: Callable[..., Any], response: Response, *, close: bool) -> None:
    await send(_beginning(response, len(response.body), close=close))
    await send({"type": "http.response.body", "body": response.body})


def _beginning(response: Response, length: int, *, close: bool = False) -> dict[str, object]:
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
    await send(_beginning(response, response.length, close=close))
    while piece is not None:
        await send({"type": "http.response.body", "body": piece, "more_body": True})
        piece = await asyncio.to_thread(next, pieces, None)
    await send({"type": "http.response.body", "body": b""})


def _what_came_of(cut: Cut) -> Response:
    """The part of the answer that left; status 0 where nothing did."""
    if cut.response is None:
        return Response(status=0)
    return Response(cut.response.status, cut.response.headers, cut.response.body[: cut.after])


async def _break_off(
    transport: asyncio.Transport, receive: Callable[..., Any], send: Callable[..., Any], cut: Cut
) -> None:
    """Send what is to be sent, then end the connection; returns when whoever reads it says that it is gone."""
    if cut.response is None:
        transport.abort()
    else:
        body = cut.response.body
        await send(_beginning(cut.response, len(body)))
        await send({"type": "http.response.body", "body": body[: cut.after], "more_body": True})
        transport.close()
    while (await receive())["type"] != "http.disconnect":
        pass
