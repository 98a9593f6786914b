"""A line that lies in another process: what the parent's line does to an exchange, done to an exchange of a worker.

Faults remember (which delivery has a twin, who fetched last), so there is one board, in the parent, and not a copy in
each worker. A worker asks it only about operations that something may happen to; whatever else it carries itself. Both
ends speak over a socket of their own, in frames: four bytes of length, then a pickled tuple; nobody else holds an end.

    worker -> parent   ("carry", n, request) · ("answered", n, outcome) · ("heard", version)
    parent -> worker   ("touches", version, operations or None) · ("answer", n) · ("outcome", n, outcome or None)
"""

import asyncio
import contextlib
import itertools
import logging
import pickle
import socket
from collections.abc import Callable
from typing import Any, Protocol, Self

from simulator.wire import Answering, Cut, Line, Outcome, Request, Response

__all__ = ["FarLine", "Steered", "Trunk"]

_LOG = logging.getLogger("axisproof.hub")
_LENGTH = 4


class Steered(Line, Protocol):
    """A line that is at work in some operations only, and says so when that changes."""

    followers: list[Any]
    """Coroutine functions, each awaited after every change."""

    def touches(self) -> frozenset[str] | None:
        """The operations that something may happen to; None: any of them."""


class _Frames:
    """One end of the socket. ``closed``: called once, when nothing comes any more."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, heard: Callable[..., None],
        closed: Callable[[], None],
    ) -> None:  # fmt: skip
        self._reader, self._writer = reader, writer
        self._heard, self._closed = heard, closed
        self._task = asyncio.create_task(self._listen())

    @classmethod
    async def over(cls, end: socket.socket, heard: Callable[..., None], closed: Callable[[], None]) -> Self:
        end.setblocking(False)
        return cls(*await asyncio.open_connection(sock=end), heard, closed)

    def say(self, *words: Any) -> None:
        frame = pickle.dumps(words)
        with contextlib.suppress(OSError, RuntimeError):  # nobody is there any more: ``closed`` says so
            self._writer.write(len(frame).to_bytes(_LENGTH, "big") + frame)

    async def close(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self._writer.close()

    async def _listen(self) -> None:
        try:
            while True:
                length = int.from_bytes(await self._reader.readexactly(_LENGTH), "big")
                self._heard(*pickle.loads(await self._reader.readexactly(length)))  # noqa: S301  # our own other end
        except (asyncio.IncompleteReadError, OSError):
            return
        finally:
            self._closed()


class Trunk:
    """The parent's end of one worker: has ``line`` carry what the worker asks about."""

    def __init__(self, line: Steered) -> None:
        self._line = line
        self._frames: _Frames | None = None
        self._versions = itertools.count(1)
        self._unheard: dict[int, asyncio.Future[None]] = {}
        self._answers: dict[int, asyncio.Future[Outcome]] = {}
        self._carried: set[asyncio.Task[None]] = set()
        self._gone = False

    async def open(self, end: socket.socket) -> None:
        """Speak over ``end``, and say what the line touches now; what changes later is to be told by ``tell``."""
        self._frames = await _Frames.over(end, self._hear, self._closed)
        self._said(next(self._versions))

    async def tell(self) -> None:
        """Say what the line touches now. Returns when the worker knows, or is no more."""
        if self._frames is None or self._gone:
            return
        version = next(self._versions)
        self._unheard[version] = asyncio.get_running_loop().create_future()
        self._said(version)
        await self._unheard[version]

    async def close(self) -> None:
        """The worker is gone, or need not ask any more."""
        self._closed()
        if self._frames is not None:
            await self._frames.close()
        await asyncio.gather(*self._carried, return_exceptions=True)

    def _said(self, version: int) -> None:
        assert self._frames is not None  # noqa: S101  # opened
        self._frames.say("touches", version, self._line.touches())

    def _hear(self, word: str, number: int, value: Any = None) -> None:
        match word:
            case "carry":
                task = asyncio.create_task(self._carry(number, value))
                self._carried.add(task)
                task.add_done_callback(self._carried.discard)
            case "answered":
                if (answer := self._answers.pop(number, None)) is not None and not answer.done():
                    answer.set_result(value)
            case "heard":
                if (unheard := self._unheard.pop(number, None)) is not None and not unheard.done():
                    unheard.set_result(None)
            case _:
                raise ValueError(word)

    async def _carry(self, number: int, request: Request) -> None:
        frames, latest = self._frames, None
        assert frames is not None  # noqa: S101  # opened

        async def answer(_: Request) -> Outcome:
            nonlocal latest
            self._answers[number] = asyncio.get_running_loop().create_future()
            frames.say("answer", number)
            latest = await self._answers[number]
            return latest

        try:
            outcome: Outcome = await self._line.carry(request, answer)
        except Exception:
            _LOG.exception("a fault broke on an exchange of a worker")
            outcome = Cut()
        frames.say("outcome", number, None if outcome is latest else outcome)

    def _closed(self) -> None:
        self._gone = True
        for unheard in self._unheard.values():
            if not unheard.done():
                unheard.set_result(None)
        self._unheard.clear()
        for task in self._carried:
            task.cancel()


class FarLine:
    """The worker's end; a ``Line`` of its server. ``known``: set as soon as the parent has said what it touches."""

    def __init__(self) -> None:
        self.known = asyncio.Event()
        self._touches: frozenset[str] | None = frozenset()
        self._frames: _Frames | None = None
        self._numbers = itertools.count(1)
        self._asked: dict[int, asyncio.Queue[tuple[str, Any]]] = {}

    async def open(self, end: socket.socket) -> None:
        """Speak over ``end``. Returns when the parent has said what its line touches."""
        self._frames = await _Frames.over(end, self._hear, self._closed)
        await self.known.wait()

    async def close(self) -> None:
        """Ask no more."""
        if self._frames is not None:
            await self._frames.close()

    async def carry(self, request: Request, answer: Answering) -> Outcome:
        """One exchange, through the parent's line where that may do something to it."""
        if self._frames is None or (self._touches is not None and request.operation not in self._touches):
            return await answer(request)
        number = next(self._numbers)
        words = self._asked[number] = asyncio.Queue()
        # A large body lies in a file of ours: the other end gets the bytes, and we answer what we have.
        self._frames.say("carry", number, Request(request.method, request.path, request.headers, request.body))
        latest: Outcome = Cut()
        try:
            while True:
                word, outcome = await words.get()
                if word == "outcome":
                    return latest if outcome is None else outcome
                latest = await answer(request)
                self._frames.say("answered", number, _plain(latest))
        finally:
            del self._asked[number]

    def _hear(self, word: str, number: int, value: Any = None) -> None:
        if word == "touches":
            self._touches = value
            self.known.set()
            assert self._frames is not None  # noqa: S101  # it was heard over them
            self._frames.say("heard", number)
        elif number in self._asked:
            self._asked[number].put_nowait((word, value))

    def _closed(self) -> None:
        for words in self._asked.values():
            words.put_nowait(("outcome", Cut()))  # the parent is gone, and so are we in a moment
        self._touches = frozenset()
        self.known.set()


def _plain(outcome: Outcome) -> Outcome:
    """The same with its whole body in memory."""
    if isinstance(outcome, Cut):
        return Cut(outcome.response and Response(*_parts(outcome.response)), outcome.after)
    return Response(*_parts(outcome))


def _parts(response: Response) -> tuple[int, Any, bytes]:
    return response.status, response.headers, response.body
