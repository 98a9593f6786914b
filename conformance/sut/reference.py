"""The bundled reference system, or one of its mutants, as a child process over real loopback HTTP."""

import asyncio
import contextlib
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from conformance.stage import Reply
from conformance.sut.driver import Connection, DriverFailed
from conformance.sut.http import HttpDriver

__all__ = ["ReferenceDriver"]

_START_SECONDS = 30.0


class ReferenceDriver:
    """Starts the child with its data under ``folder``, its stderr in ``log``; ``timeout`` bounds each call.

    ``trust``: the certificates that it checks signatures by, read when they are needed.

    The system polls only when it is told to, so a run is as fast as the machine.
    """

    def __init__(self, folder: Path, *, log: Path, mutant: str, timeout: float, trust: Path | None = None) -> None:
        self._folder = folder
        self._log = log
        self._mutant = mutant
        self._timeout = timeout
        self._trust = trust
        self._child: asyncio.subprocess.Process | None = None
        self._http: HttpDriver | None = None

    async def start(self, connection: Connection) -> None:
        """Start the child and wait for its address. Raises DriverFailed with the end of its log."""
        self._folder.mkdir(parents=True, exist_ok=True)
        settings = {
            "endpoint": connection.endpoint,
            "system_id": connection.system_id,
            "secret": connection.secret,
            "organ": connection.organ,
            "organ_name": connection.organ_name,
            "data": str(self._folder / "sut"),
            "poll_seconds": None,
            "trust": self._trust and str(self._trust),
            "signer": self._trust and str(self._trust.parent / "sut"),
            "tsa": connection.tsa,
            "mutant": self._mutant,
        }
        with self._log.open("wb") as stderr:
            child = self._child = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "conformance.sut.child",
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=stderr,
            )
        if child.stdin is None or child.stdout is None:
            raise DriverFailed("no pipe to the reference system")
        child.stdin.write(json.dumps(settings).encode() + b"\n")
        with contextlib.suppress(ConnectionError):
            await child.stdin.drain()
        try:
            line = await asyncio.wait_for(child.stdout.readline(), _START_SECONDS)
            url = json.loads(line)["url"]
        except (TimeoutError, ValueError, KeyError) as error:
            await self.stop()
            said = self._log.read_text(errors="replace").strip().splitlines()[-1:]
            raise DriverFailed(
                f"the reference system did not start: {' '.join(said) or type(error).__name__}"
            ) from error
        self._http = HttpDriver(url, timeout=self._timeout)
        await self._http.start(connection)

    async def call(self, method: str, path: str, body: Mapping[str, Any]) -> Reply:
        """One call of its control API."""
        if self._http is None:
            return Reply(0, {"error": "the reference system is not running"})
        return await self._http.call(method, path, body)

    async def stop(self) -> None:
        """Close its stdin; end it by its own id where it does not go."""
        if self._http is not None:
            await self._http.stop()
            self._http = None
        child, self._child = self._child, None
        if child is None:
            return
        if child.stdin is not None:
            child.stdin.close()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(child.wait(), 5.0)
        if child.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
            await child.wait()
