"""A PostgreSQL server of our own, made to be killed: durable as in life (fsync on), on this machine alone.

It refuses to run as root, so root lends it to the user postgres, as Debian's package makes one.
"""

import asyncio
import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import psycopg

from loadtests.bench.processes import Child, DidNotStart, started

__all__ = ["Database", "binaries", "database"]

_SECONDS_TO_START = 60.0
_OPTIONS = ("-c", "listen_addresses=127.0.0.1", "-c", "fsync=on", "-c", "shared_buffers=64MB")


def binaries() -> Path | None:
    """Where Debian keeps the newest server, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: float(path.parts[4]))
    return found[-1].parent if found else None


class Database:
    """One cluster in ``folder``; ``start`` and ``kill`` as often as wanted."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs = programs
        self._folder = folder
        self._stack = contextlib.AsyncExitStack()
        self._child: Child | None = None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]

    @property
    def address(self) -> str:
        """For ``--store``."""
        return f"postgresql://axis@127.0.0.1:{self._port}/postgres"

    def make(self) -> None:
        """Make the cluster. Raises DidNotStart."""
        self._folder.mkdir(parents=True)
        if _root():
            shutil.chown(self._folder, "postgres", "postgres")
        words = [
            str(self._programs / "initdb"), "-D", str(self._folder / "data"), "-U", "axis", "-A", "trust",
            "-E", "UTF8", "--locale=C", "--no-sync",
        ]  # fmt: skip
        said = subprocess.run(  # noqa: S603  # Debian's own program
            [*_lent(), *words], cwd="/", check=False, capture_output=True, stdin=subprocess.DEVNULL, timeout=60
        )
        if said.returncode:
            raise DidNotStart(f"initdb: {said.stderr.decode('utf-8', 'replace').strip()[-300:]}")

    async def start(self) -> None:
        """Start the server, or again after a kill; returns when it answers. Raises DidNotStart."""
        deadline = time.monotonic() + _SECONDS_TO_START
        words = [
            *_lent(), str(self._programs / "postgres"), "-D", str(self._folder / "data"), "-p", str(self._port),
            "-k", str(self._folder), *_OPTIONS,
        ]  # fmt: skip
        while True:  # right after a kill its orphans still hold its memory, and it refuses to start beside them
            child = await self._stack.enter_async_context(started(words))
            while child.process.returncode is None:
                if await asyncio.to_thread(self._answers):
                    self._child = child
                    return
                await asyncio.sleep(0.02)
            if time.monotonic() > deadline:
                raise DidNotStart(f"postgres: {child.complaint()}")
            await asyncio.sleep(0.05)

    async def kill(self) -> None:
        """SIGKILL; returns when the server's first process is gone."""
        if self._child is not None:
            self._child.process.kill()
            await self._child.process.wait()

    async def end(self) -> None:
        """Whatever still runs ends."""
        await self._stack.aclose()

    def _answers(self) -> bool:
        try:
            with psycopg.connect(self.address, connect_timeout=2) as connection:
                connection.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True


@contextlib.asynccontextmanager
async def database(programs: Path, folder: Path) -> AsyncIterator[Database]:
    """A running server for as long as the block runs. Raises DidNotStart."""
    server = Database(programs, folder)
    await asyncio.to_thread(server.make)
    try:
        await server.start()
        yield server
    finally:
        await server.end()


def _root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _lent() -> Sequence[str]:
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if _root() else []
