"""Listening sockets: bound before anything starts, so that a busy port is known at once."""

import asyncio
import contextlib
import os
import socket
from collections.abc import Iterable

from simulator.hub.trouble import CannotListen
from simulator.words import Text

__all__ = ["BACKLOG", "bound", "no_more_accepts", "reserved", "reserved_again", "url_of"]

BACKLOG = 2048
"""Connections that may wait to be accepted."""
_SECONDS_TO_REBIND = 5.0
_CANNOT_LISTEN = Text(
    en="Cannot listen on {host}:{port}: {why}. Choose another port, or 0 for any free one.",
    vi="Không mở được cổng {host}:{port}: {why}. Hãy chọn cổng khác, hoặc 0 để lấy một cổng trống bất kỳ.",
)


def bound(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0 is any free one. Raises CannotListen."""
    listener = reserved(host, port)
    listener.listen(BACKLOG)
    return listener


def reserved(host: str, port: int) -> socket.socket:
    """A bound socket that does not listen: connections to it are refused. Raises CannotListen."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named: asyncio switches Nagle's delay off only where it is.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name != "nt":  # there the option would let two servers share one port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise CannotListen(_CANNOT_LISTEN.filled(host=host, port=port, why=error.strerror or error)) from error
    listener.setblocking(False)
    return listener


async def reserved_again(host: str, port: int) -> socket.socket:
    """The same, right after the loop was told to close a listener there. Raises TimeoutError."""
    async with asyncio.timeout(_SECONDS_TO_REBIND):
        while True:
            try:
                return reserved(host, port)
            except CannotListen:  # the loop closes it a moment after it was told to
                await asyncio.sleep(0.005)


async def no_more_accepts(listeners: Iterable[socket.socket]) -> None:
    """Let go of the listening sockets, and let what was just accepted find its transport.

    asyncio (before 3.13) leaks a connection that it accepts in the very moment in which its server is closed.
    """
    loop = asyncio.get_running_loop()
    for listener in listeners:
        with contextlib.suppress(NotImplementedError):  # Windows accepts in another way
            loop.remove_reader(listener.fileno())
    for _ in range(3):
        await asyncio.sleep(0)


def url_of(listener: socket.socket, scheme: str = "http") -> str:
    """The base URL of what listens there."""
    host, port = listener.getsockname()[:2]
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"
