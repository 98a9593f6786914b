"""Every system that comes with the suite, by name: the reference, its mutants and honest variants, the nulls.

    ""              the reference system          "null:<id>"      a null system (conformance/nulls.py)
    "<mutant>"      one of its mutants            "delays:<seed>"  the reference, slower at random at every step
    "<honest>"      one of its honest variants

Runs in the child process only (child.py).
"""

import asyncio
import json
import random
import socket
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from urllib.parse import parse_qsl, urlsplit

from conformance import honest
from conformance.mutants import by_id
from conformance.nulls import NullSystem, null_named
from simulator.agency.dms import Dms, DmsConfig
from simulator.agency.dms_serve import DmsServer
from simulator.agency.kit.inspection import Examined
from simulator.clock import Clock, SystemClock

__all__ = ["bundled"]

_LONGEST = 0.05
_BODY_LIMIT = 400 * 1024 * 1024


@asynccontextmanager
async def bundled(name: str, config: DmsConfig) -> AsyncIterator[str]:
    """Run the system of that name; its control address. Raises UnknownMutant, UnknownNull."""
    kind, _, word = name.partition(":")
    clock = SystemClock()
    async with _null(null_named(word)(config, clock)) if kind == "null" else _dms(_system(name), config, clock) as url:
        yield url


def _system(name: str) -> type[Dms]:
    kind, _, word = name.partition(":")
    if kind == "delays":
        return _delayed(int(word))
    if name in {honest.facts_of(each).id for each in honest.HONEST}:
        return honest.by_id(name)
    return by_id(name) if name else Dms


def _dms(kind: type[Dms], config: DmsConfig, clock: Clock) -> AbstractAsyncContextManager[str]:
    @asynccontextmanager
    async def serve() -> AsyncIterator[str]:
        async with DmsServer(kind(config, clock), host="127.0.0.1", port=0) as server:
            yield server.url

    return serve()


def _delayed(seed: int) -> type[Dms]:
    draw = random.Random(f"delays/{seed}")  # noqa: S311  # repeatable on purpose

    class Delayed(Dms):
        """The reference that takes its time: right, and never twice at the same speed."""

        async def collect(self, delivery_id: str) -> Examined | None:
            await asyncio.sleep(draw.uniform(0, _LONGEST))
            return await super().collect(delivery_id)

        async def confirm(self, delivery_id: str, word: str, description: str) -> None:
            await asyncio.sleep(draw.uniform(0, _LONGEST))
            await super().confirm(delivery_id, word, description)

        def desk(self) -> AbstractAsyncContextManager[None]:
            @asynccontextmanager
            async def wait() -> AsyncIterator[None]:
                await asyncio.sleep(draw.uniform(0, _LONGEST))
                yield

            return wait()

    return Delayed


# ---------------------------------------------------------------- a null system's bare HTTP


@asynccontextmanager
async def _null(system: NullSystem) -> AsyncIterator[str]:
    """Its control API, as plain as can be; for one that is not reachable, an address where nobody answers."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        if not system.reachable:
            yield url  # bound, so that nobody else is met there; never listened on
            return

        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                await _talk(system, reader, writer)
            except (OSError, ValueError, asyncio.IncompleteReadError):
                pass  # a caller that went away is not this system's trouble
            finally:
                writer.close()

        async with await asyncio.start_server(talk, sock=listener):
            await system.start()
            try:
                yield url
            finally:
                await system.stop()


async def _talk(system: NullSystem, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One request, one answer. Raises ValueError for what is no HTTP."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").splitlines()
    method, target, _ = head[0].split(" ", 2)
    fields = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
    length = int(fields.get("content-length", "0"))
    if length > _BODY_LIMIT:
        raise ValueError("too long")
    body = await reader.readexactly(length)
    url = urlsplit(target)
    request = json.loads(body) if body else dict(parse_qsl(url.query))
    status, answer = await system.answer(f"{method} {url.path}", request)
    writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: {len(answer)}\r\nConnection: close\r\n\r\n".encode() + answer)
    await writer.drain()
