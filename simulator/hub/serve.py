"""The hub on real sockets.

The wire runs on uvicorn with httptools (http_protocol.py); the control API is a starlette application on a port of its
own. Sockets are bound here, so a busy port is known before anything starts, and signals are never touched:
whoever runs the process decides when it ends.
"""

import asyncio
import contextlib
import gc
import secrets
import socket
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Self

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from simulator.hub import control
from simulator.hub.http_protocol import AxisProtocol, Wire
from simulator.hub.hub import Hub
from simulator.hub.sockets import BACKLOG, bound, no_more_accepts, reserved_again, url_of
from simulator.hub.trouble import CannotListen
from simulator.wire import Line

__all__ = ["HubServer", "event_loop", "settle"]


def event_loop() -> asyncio.AbstractEventLoop:
    """A new event loop of the fastest kind at hand, for ``asyncio.Runner(loop_factory=event_loop)``."""
    try:
        import uvloop  # absent on Windows
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


def settle() -> None:
    """For a process that has nothing to do but serve, once it has started: what is there stays, and is not looked
    through again and again. A request leaves no cycles behind, so the collector need not come after every few."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


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
        self.url = await self._start(listener, Wire(self.hub, self._idle_seconds, self._line), AxisProtocol)
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
