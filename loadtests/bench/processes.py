"""Processes of the bench: each server on one core, their CPU time by process, their memory; ended by their own id.

CPU time is the kernel's clock of the process (all threads, ended ones too, user and system), in seconds. Linux only.
"""

import asyncio
import contextlib
import os
import signal
import tempfile
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypeVar

__all__ = ["Child", "DidNotStart", "cores", "cpu_seconds", "interruptible", "pinned", "resident_bytes", "started"]

T = TypeVar("T")
_SECONDS_TO_END = 20.0
_SCHED = 2
"""CPUCLOCK_SCHED of the kernel: the process's clock in nanoseconds."""


class DidNotStart(Exception):
    """A process ended, or said nothing, instead of serving; the message is what it left on stderr."""


def cores() -> tuple[int, int]:
    """(core of the servers, core of the load): the same one where the machine has no other."""
    if not hasattr(os, "sched_getaffinity"):
        return 0, 0
    mine = sorted(os.sched_getaffinity(0))
    return mine[0], mine[-1]


@contextlib.contextmanager
def pinned(core: int) -> Iterator[None]:
    """This process on one core for a while, where the system can do that."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


async def interruptible(work: Awaitable[T]) -> T:
    """``work``; SIGTERM ends it like Ctrl+C, so that no process of ours is left behind: raises CancelledError then."""
    task = asyncio.current_task()
    if task is not None:
        with contextlib.suppress(NotImplementedError):  # Windows has no such signal
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await work


def cpu_seconds(pid: int) -> float:
    """The CPU time that the process has used so far. Raises OSError where there is no such process."""
    return time.clock_gettime((~pid << 3) | _SCHED)


def resident_bytes(pid: int) -> int:
    """The memory that the process holds in RAM."""
    pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


@dataclass(slots=True)
class Child:
    """A process of ours. ``said``: its first line on stdout, where one was asked for; "" else."""

    process: Process
    complaints: IO[bytes]
    said: str = ""

    @property
    def pid(self) -> int:
        """Its id."""
        return self.process.pid

    def cpu(self) -> float:
        """The CPU seconds that it has used so far."""
        return cpu_seconds(self.pid)

    def complaint(self) -> str:
        """What it wrote to stderr, in short: the first two lines and the last."""
        self.complaints.seek(0)
        text = self.complaints.read(100_000).decode("utf-8", "replace")
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        return " ".join(lines if len(lines) < 4 else [*lines[:2], "…", lines[-1]])[:500]


@contextlib.asynccontextmanager
async def started(
    words: Sequence[str],
    *,
    core: int | None = None,
    speaks: bool = False,
    seconds: float = 60.0,
    leader: bool = False,
) -> AsyncIterator[Child]:
    """A process for as long as the block runs, on ``core``; SIGTERM afterwards, SIGKILL where that does not help.

    ``speaks``: wait for one line on its stdout, at most ``seconds``. ``leader``: it leads a process group of its own,
    and whatever is left of that group ends with it. Raises DidNotStart.
    """

    def settle() -> None:
        if core is not None and hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, {core})

    with tempfile.TemporaryFile() as complaints:
        process = await asyncio.create_subprocess_exec(
            *words,
            stdin=DEVNULL,
            stdout=PIPE if speaks else DEVNULL,
            stderr=complaints,
            preexec_fn=settle,
            start_new_session=leader,
        )
        child = Child(process, complaints)
        try:
            if speaks:
                child.said = await _first_line(child, seconds)
            yield child
        finally:
            await _ended(process)
            if leader:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)


async def _first_line(child: Child, seconds: float) -> str:
    line = b""
    if child.process.stdout is not None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                line = await child.process.stdout.readline()
    if not line.strip():
        raise DidNotStart(child.complaint())
    return line.decode().strip()


async def _ended(process: Process) -> None:
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
    try:
        async with asyncio.timeout(_SECONDS_TO_END):
            await process.communicate()
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.communicate()
