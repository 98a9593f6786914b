"""The leanest client that speaks keep-alive HTTP/1.1: prepared request bytes in, whole answers out; a few µs a request.

    drive    closed model: each connection sends the next request as soon as its last one was answered
    Line     one connection, one question at a time
    poll     many connections, each asking in its own turn of a period (polling nodes)

It reads what our servers and the stubs beside them send: a Content-Length, or chunks; nothing else of HTTP.
"""

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

__all__ = ["Answer", "Driven", "Line", "NoAnswer", "Polls", "body_of", "drive", "poll", "whole"]

_CONNECT_SECONDS = 30.0


class NoAnswer(ConnectionError):
    """The connection ended, or could not be made, before an answer was whole."""


def whole(data: bytes) -> int | None:
    """The length of the first answer in ``data``, head and body; None while it is not all there."""
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = data[:end].lower()
    at = head.find(b"\r\ncontent-length:")
    if at >= 0:
        stop = head.find(b"\r\n", at + 2)
        length = int(head[at + 17 : stop if stop >= 0 else end])
        total = end + 4 + length
        return total if len(data) >= total else None
    if b"\r\ntransfer-encoding: chunked" in head:
        last = data.find(b"0\r\n\r\n", end + 4)
        while last >= 0 and data[last - 2 : last] != b"\r\n":  # "…10\r\n\r\n" is a chunk of 16 bytes
            last = data.find(b"0\r\n\r\n", last + 1)
        return last + 5 if last >= 0 else None
    return end + 4


def body_of(answer: bytes) -> bytes:
    """The body of an answer that came with a Content-Length."""
    return answer.partition(b"\r\n\r\n")[2]


@dataclass(slots=True)
class Answer:
    """One whole answer, or none: ``data`` is b"" where the connection ended before it."""

    data: bytes

    @property
    def body(self) -> bytes:
        """Its body."""
        return body_of(self.data)


class _Connection(asyncio.Protocol):
    """One connection; ``answered`` is called with each whole answer, ``lost`` once, when it ends."""

    def __init__(self, answered: Callable[["_Connection", bytes], None], lost: Callable[["_Connection"], None]) -> None:
        self._answered = answered
        self._lost = lost
        self._parts: list[bytes] = []
        self._need = 0
        self._have = 0
        self._head = b"\0"
        self._length = 0
        self.asked = 0.0
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]  # a stream's transport

    def send(self, request: bytes) -> None:
        """Write one request."""
        if self.transport is not None:
            self.transport.write(request)

    def close(self) -> None:
        """Hang up."""
        if self.transport is not None:
            self.transport.close()

    def data_received(self, data: bytes) -> None:
        if not self._have and len(data) == self._length and data.startswith(self._head):
            self._answered(self, data)  # the same head as last time, so the same length
            return
        # A long answer comes in many parts: they are joined once, not at each of them.
        self._parts.append(data)
        self._have += len(data)
        if self._have < self._need:
            return
        joined = data if len(self._parts) == 1 else b"".join(self._parts)
        total = whole(joined)
        if total is None:
            self._parts = [joined]
            self._need = _announced(joined)
            return
        self._parts, self._have, self._need = [], 0, 0
        self._remember(joined, total)
        self._answered(self, joined[:total])

    def _remember(self, answer: bytes, total: int) -> None:
        end = answer.find(b"\r\n\r\n") + 4
        chunked = b"content-length" not in answer[:end].lower()
        self._head, self._length = (b"\0", 0) if chunked else (answer[:end], total)

    def connection_lost(self, error: Exception | None) -> None:
        self.transport = None
        self._lost(self)


def _announced(data: bytes) -> int:
    """How many bytes there must be before it is worth looking again."""
    end = data.find(b"\r\n\r\n")
    head = data[:end].lower() if end >= 0 else b""
    at = head.find(b"\r\ncontent-length:")
    if at < 0:
        return 0
    stop = head.find(b"\r\n", at + 2)
    return end + 4 + int(head[at + 17 : stop if stop >= 0 else end])


@dataclass(slots=True)
class Driven:
    """What came of a drive. ``seconds``: first request to last answer; ``latencies``: each answer's, in seconds."""

    wrong: int = 0
    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    sample: bytes = b""

    @property
    def answered(self) -> int:
        """How many answers came, wrong ones too."""
        return len(self.latencies)

    @property
    def per_second(self) -> float:
        """Answers in a second."""
        return self.answered / self.seconds if self.seconds else 0.0


async def drive(port: int, requests: Iterable[bytes], *, connections: int = 64, expect: bytes = b"") -> Driven:
    """Send every request once over ``connections``, the next one of each as soon as its last is answered.

    An answer without ``expect`` in it is counted as wrong (``sample`` keeps the first such). Raises NoAnswer where a
    connection ends in the middle.
    """
    feed = iter(requests)
    driven = Driven()
    loop = asyncio.get_running_loop()
    finished = loop.create_future()
    open_ = connections
    latencies, clock = driven.latencies, time.perf_counter

    def go_on(connection: _Connection, now: float) -> None:
        nonlocal open_
        request = next(feed, None)
        if request is not None:
            connection.asked = now
            connection.send(request)
            return
        connection.asked = 0.0
        connection.close()
        open_ -= 1
        if not open_ and not finished.done():
            finished.set_result(None)

    def answered(connection: _Connection, data: bytes) -> None:
        now = clock()
        latencies.append(now - connection.asked)
        if expect not in data:
            driven.wrong += 1
            driven.sample = driven.sample or data[:400]
        go_on(connection, now)

    def lost(connection: _Connection) -> None:
        if connection.asked and not finished.done():
            finished.set_exception(NoAnswer("a connection ended before its answer"))

    lines = [await _connected(port, answered, lost) for _ in range(connections)]
    begin = time.perf_counter()
    for line in lines:
        go_on(line, clock())
    try:
        await finished
    finally:
        driven.seconds = time.perf_counter() - begin
        for line in lines:
            line.close()
    return driven


async def _connected(
    port: int, answered: Callable[[_Connection, bytes], None], lost: Callable[[_Connection], None]
) -> _Connection:
    try:
        async with asyncio.timeout(_CONNECT_SECONDS):
            _, connection = await asyncio.get_running_loop().create_connection(
                lambda: _Connection(answered, lost), "127.0.0.1", port
            )
    except (OSError, TimeoutError) as error:
        raise NoAnswer(f"no connection to port {port}: {error}") from error
    return connection


class Line:
    """One connection on which one question is asked at a time. Enter it to connect. Raises NoAnswer."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._connection: _Connection | None = None
        self._waiting: asyncio.Future[bytes] | None = None

    async def __aenter__(self) -> Self:
        self._connection = await _connected(self._port, self._on_answer, self._on_end)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._connection is not None:
            self._connection.close()

    async def ask(self, request: bytes) -> Answer:
        """The answer to one request. Raises NoAnswer where the connection ends before it is whole."""
        if self._connection is None or self._connection.transport is None:
            raise NoAnswer("the connection has ended")
        self._waiting = asyncio.get_running_loop().create_future()
        self._connection.send(request)
        return Answer(await self._waiting)

    def _on_answer(self, connection: _Connection, data: bytes) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(data)

    def _on_end(self, connection: _Connection) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(NoAnswer("the connection ended before the answer"))


@dataclass(slots=True)
class Polls:
    """What the pollers saw so far. ``lost``: connections that ended although nobody hung up."""

    all_connected: asyncio.Event = field(default_factory=asyncio.Event)
    asked: int = 0
    answered: int = 0
    wrong: int = 0
    lost: int = 0


async def poll(
    port: int, turns: Sequence[Sequence[bytes]], *, period: float, phases: Sequence[float], expect: bytes, polls: Polls
) -> None:
    """Play ``len(turns)`` polling nodes until cancelled: node k asks its requests one after the other, every ``period``
    seconds, first after ``phases[k]``. What happens is counted in ``polls``."""
    loop = asyncio.get_running_loop()
    nodes: dict[_Connection, Iterator[bytes]] = {}

    def next_question(connection: _Connection) -> None:
        request = next(nodes[connection], None)
        if request is not None:
            polls.asked += 1
            connection.send(request)

    def answered(connection: _Connection, data: bytes) -> None:
        polls.answered += 1
        if expect not in data:
            polls.wrong += 1
        next_question(connection)

    def lost(connection: _Connection) -> None:
        polls.lost += not over

    def turn(connection: _Connection, requests: Sequence[bytes], at: float) -> None:
        nodes[connection] = iter(requests)
        next_question(connection)
        handles[connection] = loop.call_at(at + period, turn, connection, requests, at + period)

    handles: dict[_Connection, asyncio.TimerHandle] = {}
    lines: list[_Connection] = []
    over = False
    try:
        for _ in turns:
            lines.append(await _connected(port, answered, lost))
        polls.all_connected.set()
        begin = loop.time()
        for line, requests, phase in zip(lines, turns, phases, strict=True):
            handles[line] = loop.call_at(begin + phase, turn, line, requests, begin + phase)
        await asyncio.Event().wait()
    finally:
        over = True
        for handle in handles.values():
            handle.cancel()
        for line in lines:
            line.close()
