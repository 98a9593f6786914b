"""The axis behind https: ends TLS, and carries the bytes to the plain listener and back, unread.

Whatever the axis does to a connection (breaks it, gives half an answer, is down) is done to the client's as well. What
certificate it shows is switched while it runs, for new connections. Behind a certificate that a client must not accept
nothing is carried: what the client sends is counted, the connection is closed, and no content is kept.

Every handshake is a whole one (no tickets), so that each client sees the certificate each time.
"""

import asyncio
import itertools
import logging
import socket
import ssl
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import Self

from simulator.hub.sockets import BACKLOG, bound, no_more_accepts, reserved_again, url_of
from simulator.hub.tls_line import ClientLine, TlsEvent

__all__ = ["TlsEvent", "TlsFront"]

_LOG = logging.getLogger("axisproof.hub")
_SECONDS_TO_FINISH = 2.0
_TICK = 0.01


class TlsFront:
    """Listens at ``host:port`` (port 0: any free one) and carries to ``axis`` (host, port).

    ``contexts``: a server's context for each certificate, by name; ``honest``: the one that clients accept, shown at
    first. ``watch`` is told of each event; ``counts``: how often each event happened, since the start. Entering raises
    CannotListen.
    """

    def __init__(
        self, contexts: Mapping[str, ssl.SSLContext], *, honest: str, axis: tuple[str, int], host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:  # fmt: skip
        self.url = ""
        self.axis = axis
        self.honest = honest
        self.counts: Counter[str] = Counter()
        self.watchers: list[Callable[[TlsEvent], None]] = []
        self._contexts = contexts
        self._names: Iterator[str] = itertools.repeat(honest)
        self._address = (host, port)
        self._lines: set[ClientLine] = set()
        self._server: asyncio.Server | None = None
        self._kept: socket.socket | None = None

    async def __aenter__(self) -> Self:
        await self._open(bound(*self._address))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stop_accepting()
        await self._end(set(self._lines), seconds=_SECONDS_TO_FINISH)
        if self._kept is not None:
            self._kept.close()

    async def show(self, *names: str) -> None:
        """From now on show these certificates in turn, one for each new connection; none named: the honest one.

        Connections from before are closed, each when its answer is through (or after two seconds).
        """
        self._names = itertools.cycle(names or (self.honest,))
        await self._end({line for line in self._lines if line.chosen}, seconds=_SECONDS_TO_FINISH)

    async def go_down(self) -> None:
        """Break every connection and refuse new ones, until ``come_up``; the port stays ours."""
        if self._server is None:
            return
        await self._stop_accepting()
        for line in list(self._lines):
            line.dismiss(broken=True)
        self._kept = await reserved_again(*self._address)

    async def come_up(self) -> None:
        """Listen again, at the same address."""
        if self._kept is not None:
            listener, self._kept = self._kept, None
            listener.listen(BACKLOG)
            await self._open(listener)

    # ------------------------------------------------------------ for its lines

    def next_certificate(self) -> tuple[str, ssl.SSLContext]:
        """What the next connection is shown."""
        name = next(self._names)
        return name, self._contexts[name]

    def begun(self, line: ClientLine) -> None:
        """A client has connected."""
        self._lines.add(line)

    def ended(self, line: ClientLine) -> None:
        """It is gone."""
        self._lines.discard(line)

    def tell(self, event: TlsEvent) -> None:
        """Something happened on a line."""
        self.counts[event.event] += 1
        for watcher in self.watchers:
            try:
                watcher(event)
            except Exception:
                _LOG.exception("a watcher failed on a TLS event")

    # ------------------------------------------------------------ the listener

    async def _open(self, listener: socket.socket) -> None:
        self.url = url_of(listener, "https")
        self._address = listener.getsockname()[:2]
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: ClientLine(self), sock=listener, backlog=BACKLOG)

    async def _stop_accepting(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            await no_more_accepts(server.sockets)
            server.close()

    async def _end(self, lines: set[ClientLine], *, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        latest = loop.time() + seconds
        while lines := lines & self._lines:
            for line in lines:
                if loop.time() > latest:
                    line.dismiss(broken=True)
                elif line.idle():
                    line.dismiss()
            await asyncio.sleep(_TICK)
