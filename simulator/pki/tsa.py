"""A time-stamp authority (RFC 3161) on this machine, whose mood a case can change.

It answers ``application/timestamp-query`` by POST and nothing else (GET 403, anything else 400), as the one observed in
production does; that one takes 2 to 131 seconds for a stamp, and sometimes refuses. pyHanko is imported with the first
query.
"""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Self

from simulator.clock import Clock
from simulator.pki.certificates import Identity
from simulator.pki.pdf import stamper

__all__ = ["Asked", "Mood", "Tsa"]

_QUERY, _REPLY = "application/timestamp-query", "application/timestamp-reply"
_LONGEST = 64 * 1024
_SECONDS = 30.0


class Mood(StrEnum):
    """How it treats a query. HELD: it is answered, rightly, when the mood changes, or when patience is at its end."""

    RIGHT = "right"
    HELD = "held"
    REFUSING = "refusing"
    WRONG_NONCE = "wrong-nonce"


@dataclass(frozen=True, slots=True)
class Asked:
    """One query: the mood in which it met the TSA, and the nonce that stands in the stamp (None: no stamp)."""

    mood: Mood
    nonce: int | None = None


class Tsa:
    """Listens while it is entered, on ``host`` and ``port`` (0: any free one); ``url`` is what a system is given.

    ``heard``: called with each query when it comes in, and once more when its stamp leaves. ``patience``: after so many
    seconds a held answer leaves all the same.
    """

    def __init__(
        self,
        identity: Identity,
        clock: Clock,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        patience: Callable[[], float] = lambda: 60.0,
    ) -> None:
        self.identity = identity
        self.url = ""
        self.heard: Callable[[str, Asked], None] = lambda word, asked: None
        self._clock = clock
        self._address = (host, port)
        self._patience = patience
        self._mood = Mood.RIGHT
        self._changed = asyncio.Event()
        self._server: asyncio.Server | None = None

    @property
    def mood(self) -> Mood:
        """How the next query is treated; setting it lets go of what was held."""
        return self._mood

    @mood.setter
    def mood(self, mood: Mood) -> None:
        self._mood = mood
        self._changed.set()
        self._changed = asyncio.Event()

    async def __aenter__(self) -> Self:
        host, port = self._address
        self._server = await asyncio.start_server(self._talk, host, port, limit=_LONGEST)
        self.url = f"http://{host}:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.mood = Mood.RIGHT
        if self._server is not None:
            self._server.close()
            with contextlib.suppress(TimeoutError):  # a caller that sends nothing must not keep the run
                await asyncio.wait_for(self._server.wait_closed(), 2.0)

    # ---------------------------------------------------------------- one query

    async def answer(self, method: str, content_type: str, body: bytes) -> tuple[int, str, bytes]:
        """(HTTP status, content type, body) for one request."""
        if method == "GET":
            return 403, "text/plain", b""
        if method != "POST" or content_type.partition(";")[0].strip().lower() != _QUERY:
            return 400, "text/plain", b""
        mood = self._mood
        self.heard("asked", Asked(mood))
        if mood is Mood.REFUSING:
            return 403, "text/plain", b""
        if mood is Mood.HELD:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), self._patience())
        try:
            reply, nonce = await asyncio.to_thread(self.stamp, body, wrong=mood is Mood.WRONG_NONCE)
        except (ValueError, TypeError, KeyError):
            return 400, "text/plain", b""
        self.heard("stamped", Asked(mood, nonce))
        return 200, _REPLY, reply

    def stamp(self, query: bytes, *, wrong: bool = False) -> tuple[bytes, int | None]:
        """The reply to one encoded query and the nonce in it, another one than was asked for where it is to be wrong.

        Raises ValueError, TypeError or KeyError for what is no query.
        """
        from asn1crypto import core, tsp

        asked = tsp.TimeStampReq.load(query, strict=True)
        asked["message_imprint"]["hashed_message"].native  # noqa: B018  # read now: a damaged one raises here
        nonce = asked["nonce"].native
        if wrong:
            nonce = (nonce or 0) ^ 0xFF
            asked["nonce"] = core.Integer(nonce)
        reply = stamper(self.identity, self._clock.now()).request_tsa_response(asked)  # type: ignore[attr-defined]
        return bytes(reply.dump(force=True)), nonce

    # ---------------------------------------------------------------- the wire

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            method, content_type, body = await asyncio.wait_for(_request(reader), _SECONDS)
            status, kind, answer = await self.answer(method, content_type, body)
            head = f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {len(answer)}\r\n"
            writer.write(f"{head}Connection: close\r\n\r\n".encode("ascii") + answer)
            await writer.drain()
        writer.close()


async def _request(reader: asyncio.StreamReader) -> tuple[str, str, bytes]:
    """Method, content type and body. Raises ValueError for what is no HTTP, or too long."""
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").splitlines()
    method = lines[0].split(" ", 1)[0]
    fields = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    length = int(fields.get("content-length", "0"))
    if not 0 <= length <= _LONGEST:
        raise ValueError("too long")
    return method, fields.get("content-type", ""), await reader.readexactly(length)
