"""The reference system on a real socket: the only file of this room that knows which HTTP server carries it.

Signals are never touched: whoever runs the process decides when it ends.
"""

import asyncio
import contextlib
import os
import socket
from collections.abc import Iterator
from types import TracebackType
from typing import Self

import uvicorn

from simulator.agency.dms import Dms
from simulator.agency.dms_web import control_app
from simulator.words import Text

__all__ = ["DmsServer", "PortTaken"]

_CANNOT_LISTEN = Text(
    en="cannot listen on {host}:{port}: {why}. Choose another port, or 0 for any free one.",
    vi="không mở được cổng {host}:{port}: {why}. Hãy chọn cổng khác, hoặc 0 để lấy một cổng trống bất kỳ.",
)


class PortTaken(Exception):
    """The address cannot be listened on; ``because`` says why."""

    def __init__(self, because: Text) -> None:
        super().__init__(because.en)
        self.because = because


class DmsServer:
    """Starts the system and its control API, stops both on exit; port 0 is any free one. Entering raises PortTaken."""

    def __init__(self, dms: Dms, host: str = "127.0.0.1", port: int = 0) -> None:
        self.dms = dms
        self.url = ""
        self._host = host
        self._port = port
        self._server: _Server | None = None
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        listener = _bound(self._host, self._port)
        host, port = listener.getsockname()[:2]
        self.url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        config = uvicorn.Config(
            control_app(self.dms),
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=5,
        )
        self._server = _Server(config)
        self._task = asyncio.create_task(self._server.serve(sockets=[listener]))
        await self._server.up.wait()
        await self.dms.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None and self._task is not None:
            self._server.stop()
            await self._task
        await self.dms.stop()


class _Server(uvicorn.Server):
    """uvicorn without hands on signals, and without waiting for its next tick to stop."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
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


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, or asyncio leaves Nagle's algorithm on and each answer waits 40 ms for an acknowledgement.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name != "nt":  # there the option would let two servers share one port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(256)
    except OSError as error:
        listener.close()
        raise PortTaken(_CANNOT_LISTEN.filled(host=host, port=port, why=error.strerror or error)) from error
    listener.setblocking(False)
    return listener
