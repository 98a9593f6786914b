"""The wire carried by several processes on one store: ``serve --workers N``.

The parent listens and lets the workers accept from its socket; it keeps the control API, the credentials and the
living agencies for itself. A worker that dies is started again, up to a bound; a worker whose parent dies finishes what
it has in hand and ends. What a worker must know reaches it over its standard input, so no secret stands in its
arguments; that the pipe closes is how it learns of the parent's death.
"""

import asyncio
import base64
import contextlib
import json
import logging
import pickle
import signal
import socket
import sys
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from simulator.clock import SystemClock
from simulator.hub.far_line import FarLine, Steered, Trunk
from simulator.hub.hub import Hub
from simulator.hub.serve import HubServer, event_loop, settle
from simulator.hub.trouble import HubError, WorkersGone
from simulator.protocol.profile import Profile
from simulator.topology import Topology
from simulator.words import Text

if TYPE_CHECKING:
    from cryptography import x509

__all__ = ["Order", "Workers"]

_LOG = logging.getLogger("axisproof.hub")
_SECONDS_TO_START = 30.0
_SECONDS_TO_DRAIN = 15.0
_MOST_DEATHS, _WITHIN_SECONDS = 10, 60.0
_READY = "ready"
_NOT_STARTED = Text(
    en="A worker of the axis could not start: {why}", vi="Một tiến trình của trục không khởi động được: {why}"
)
_SILENT = Text(en="it said nothing within {seconds:.0f} s.", vi="không có phản hồi trong {seconds:.0f} giây.")
_ENDED = Text(en="it ended with code {code}.", vi="tiến trình kết thúc với mã {code}.")
_KEEP_DYING = Text(
    en="The workers of the axis keep dying ({deaths} times within {seconds:.0f} s); the axis has stopped.",
    vi="Các tiến trình của trục liên tục dừng ({deaths} lần trong {seconds:.0f} giây); trục đã ngừng.",
)


@dataclass(frozen=True, slots=True)
class Order:
    """What a worker is told: where everything lies, who is on the axis, by which rules, and whom it trusts."""

    data: Path
    address: str
    topology: Topology
    profile: Profile
    seed: int
    authorities: tuple[bytes, ...] = ()


class Workers:
    """``count`` processes that accept from ``listener``. Entering waits until all are ready and raises WorkersGone.

    ``on_failure`` is called once if they keep dying; nothing is started again after that. ``line``: what their answers
    pass on the way out, the same for all of them; None: nothing.
    """

    def __init__(
        self,
        order: Order,
        listener: socket.socket,
        count: int,
        *,
        on_failure: Callable[[WorkersGone], None] = lambda trouble: None,
        line: Steered | None = None,
    ) -> None:
        self._order = order
        self._listener = listener
        self._count = count
        self._on_failure = on_failure
        self._line = line
        self._trunks: dict[int, Trunk] = {}
        self._places: list[asyncio.Task[None]] = []
        self._processes: dict[int, asyncio.subprocess.Process] = {}
        self._deaths: deque[float] = deque(maxlen=_MOST_DEATHS)
        self._stopping = False

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes that are at work now, by their place."""
        return tuple(process.pid for _, process in sorted(self._processes.items()))

    async def __aenter__(self) -> Self:
        if self._line is not None:
            self._line.followers.append(self._tell)
        try:
            started = await asyncio.gather(*(self._start() for _ in range(self._count)), return_exceptions=True)
            for place, outcome in enumerate(started):
                if not isinstance(outcome, BaseException):
                    self._processes[place] = outcome
            for outcome in started:
                if isinstance(outcome, BaseException):
                    raise outcome
        except BaseException:
            await self._end()
            raise
        self._places = [asyncio.create_task(self._hold(place), name=f"worker {place}") for place in self._processes]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping = True
        if self._line is not None:
            self._line.followers.remove(self._tell)
        for place in self._places:  # first those who would start others
            place.cancel()
        await asyncio.gather(*self._places, return_exceptions=True)
        await self._end()

    async def _tell(self) -> None:
        """All workers know what the line touches now, when this returns."""
        await asyncio.gather(*(trunk.tell() for trunk in self._trunks.values()))

    async def _start(self) -> asyncio.subprocess.Process:
        """A worker that is ready. Raises WorkersGone."""
        ours, theirs = socket.socketpair()
        shared = (self._listener.fileno(), theirs.fileno())
        with theirs:  # the worker has its own copy
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "simulator.hub.workers", *map(str, shared),
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, pass_fds=shared,
            )  # fmt: skip
        await self._connect(process.pid, ours)
        assert process.stdin is not None  # noqa: S101  # both were asked for
        assert process.stdout is not None  # noqa: S101
        line = b""
        try:
            process.stdin.write(base64.b64encode(pickle.dumps(self._order)) + b"\n")
            async with asyncio.timeout(_SECONDS_TO_START):
                line = await process.stdout.readline()
            if line.strip() == _READY.encode():
                return process
            why = Text(**json.loads(line)) if line else _ENDED.filled(code=await process.wait())
        except TimeoutError:
            why = _SILENT.filled(seconds=_SECONDS_TO_START)
        except (OSError, ValueError, TypeError):
            why = Text(*(repr(line),) * 2)
        except asyncio.CancelledError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            raise
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        await self._let_go(process)
        raise WorkersGone(Text(en=_NOT_STARTED.en.format(why=why.en), vi=_NOT_STARTED.vi.format(why=why.vi)))

    async def _hold(self, place: int) -> None:
        """See to it that somebody works in that place."""
        while True:
            code = await self._processes[place].wait()
            await self._let_go(self._processes[place])
            while not self._stopping:
                _LOG.warning("a worker died (code %s); another one is started", code)
                if self._too_often():
                    return
                try:
                    self._processes[place] = await self._start()
                    break
                except WorkersGone as trouble:
                    _LOG.warning("%s", trouble.because.en)
                    await asyncio.sleep(0.2 * len(self._deaths))  # the database may be starting, too
            if self._stopping:
                return

    def _too_often(self) -> bool:
        now = time.monotonic()
        self._deaths.append(now)
        if len(self._deaths) < _MOST_DEATHS or now - self._deaths[0] > _WITHIN_SECONDS:
            return False
        if not self._stopping:
            self._stopping = True
            self._on_failure(WorkersGone(_KEEP_DYING.filled(deaths=_MOST_DEATHS, seconds=now - self._deaths[0])))
        return True

    async def _end(self) -> None:
        """Tell all to finish; whoever takes too long is stopped."""
        alive = [process for process in self._processes.values() if process.returncode is None]
        for process in alive:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_SECONDS_TO_DRAIN):
                await asyncio.gather(*(process.wait() for process in alive))
        for process in alive:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        for process in self._processes.values():
            await self._let_go(process)
        for trunk in self._trunks.values():  # of workers that never became ready
            await trunk.close()
        self._trunks.clear()

    async def _connect(self, pid: int, end: socket.socket) -> None:
        if self._line is None:
            end.close()
            return
        self._trunks[pid] = trunk = Trunk(self._line)
        await trunk.open(end)

    async def _let_go(self, process: asyncio.subprocess.Process) -> None:
        if process.stdin is not None:
            process.stdin.close()
        if (trunk := self._trunks.pop(process.pid, None)) is not None:
            await trunk.close()


# ---------------------------------------------------------------- the worker's side


async def _work(order: Order, listener: socket.socket, trunk: socket.socket) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stopped.set)
    loop.add_signal_handler(signal.SIGINT, lambda: None)  # Ctrl+C reaches the parent too, and it decides
    hub = Hub.open(
        order.data, order.topology, profile=order.profile, clock=SystemClock(), seed=order.seed,
        address=order.address, owner=False, authorities=_trusted(order),
    )  # fmt: skip
    line = FarLine()
    try:
        await line.open(trunk)
        async with HubServer(hub, listener=listener, line=line):
            reader = asyncio.StreamReader()
            await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
            settle()
            print(_READY, flush=True)  # noqa: T201  # the parent waits for it
            orphaned = asyncio.create_task(reader.read())
            told = asyncio.create_task(stopped.wait())
            await asyncio.wait((orphaned, told), return_when=asyncio.FIRST_COMPLETED)
            for task in (orphaned, told):
                task.cancel()
    finally:
        await line.close()
        await hub.close()


def _trusted(order: Order) -> "tuple[x509.Certificate, ...]":
    if not order.authorities:
        return ()
    from simulator.trust import unpacked  # certificates cost time that most axes need not pay

    return unpacked(order.authorities)


def _main() -> int:
    order = pickle.loads(base64.b64decode(sys.stdin.buffer.readline()))  # noqa: S301  # our parent's words
    listener = socket.socket(fileno=int(sys.argv[1]))
    listener.setblocking(False)
    trunk = socket.socket(fileno=int(sys.argv[2]))
    try:
        with asyncio.Runner(loop_factory=event_loop) as runner:
            runner.run(_work(order, listener, trunk))
    except HubError as trouble:
        print(json.dumps(trouble.because._asdict()), flush=True)  # noqa: T201  # the parent says it to people
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(_main())
