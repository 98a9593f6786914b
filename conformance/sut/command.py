"""The control API over a program's stdin and stdout: one JSON object a line, one answer a line.

Request ``{"call": "POST /control/send", "request": {…}}``, answer ``{"status": 200, "answer": {…}}``. The program is
started once and asked one thing at a time; it ends when its stdin is closed.
"""

import asyncio
import contextlib
import json
import os
from collections.abc import Mapping, Sequence
from typing import Any

from conformance.stage import Reply
from conformance.sut import shape
from conformance.sut.driver import Connection, DriverFailed

__all__ = ["CommandDriver"]

_LINE_LIMIT = 64 * 1024 * 1024


class CommandDriver:
    """Runs ``command``; the connection is in its environment as ``AXIS_ENDPOINT``, ``AXIS_SYSTEM_ID``, ``AXIS_SECRET``,
    ``AXIS_ORGAN``. ``timeout`` in seconds bounds each call; after one that was missed the program is started anew."""

    def __init__(self, command: Sequence[str], *, timeout: float) -> None:
        self._command = tuple(command)
        self._timeout = timeout
        self._environment: dict[str, str] = {}
        self._process: asyncio.subprocess.Process | None = None
        self._one_at_a_time = asyncio.Lock()

    async def start(self, connection: Connection) -> None:
        """Start the program. Raises DriverFailed where it cannot be started."""
        self._environment = {
            "AXIS_ENDPOINT": connection.endpoint,
            "AXIS_SYSTEM_ID": connection.system_id,
            "AXIS_SECRET": connection.secret,
            "AXIS_ORGAN": connection.organ,
        }
        await self._spawn()

    async def _spawn(self) -> asyncio.subprocess.Process:
        try:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                env={**os.environ, **self._environment},
                limit=_LINE_LIMIT,
            )
        except OSError as error:
            raise DriverFailed(f"{self._command[0]}: {error.strerror}") from error
        return self._process

    async def call(self, method: str, path: str, body: Mapping[str, Any]) -> Reply:
        """One line out, one line in. No line, or none that fits, is status 0."""
        async with self._one_at_a_time:
            try:
                process = self._process or await self._spawn()
                line = await asyncio.wait_for(_ask(process, f"{method} {path}", body), self._timeout)
            except (TimeoutError, DriverFailed, OSError, ValueError) as error:
                await self.stop()
                return Reply(0, {"error": f"{type(error).__name__}: {error}".rstrip(": ")})
        return _reply(path, line)

    async def stop(self) -> None:
        """Close its stdin, then end it."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), 2.0)
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def _ask(process: asyncio.subprocess.Process, call: str, body: Mapping[str, Any]) -> bytes:
    if process.stdin is None or process.stdout is None:
        raise OSError("no pipe")
    process.stdin.write(json.dumps({"call": call, "request": dict(body)}, ensure_ascii=False).encode() + b"\n")
    await process.stdin.drain()
    line = await process.stdout.readline()
    if not line:
        raise OSError("the program ended")
    return line


def _reply(path: str, line: bytes) -> Reply:
    try:
        data = json.loads(line)
        return shape.reply(path, int(data["status"]), dict(data.get("answer") or {}))
    except (ValueError, KeyError, TypeError):
        return Reply(0, {"error": f"no answer line: {line[:120]!r}"})
