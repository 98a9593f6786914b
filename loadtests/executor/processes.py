"""The processes of a load run, as the one that started them sees them: begun, listened to, ended."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from simulator.words import Text

__all__ = ["Child", "NotStarted"]

_SECONDS_TO_END = 20.0
_ROOT = Path(__file__).resolve().parents[2]
_NOT_READY = Text(
    en="{name} did not start ({why}); its own words are in {log}",
    vi="{name} không khởi động được ({why}); xem {log}",
)


class NotStarted(Exception):
    """A process that the run needs did not come up; ``because`` says which and where its words are."""

    def __init__(self, because: Text) -> None:
        super().__init__(because.en)
        self.because = because


class Child:
    """One of our own processes, in a session of its own: Ctrl+C on the terminal is for us alone. It ends when told to,
    and by itself when we are gone (its stdin ends). ``log``: where its stderr goes, and its stdout unless heard."""

    def __init__(
        self, name: str, module: str, arguments: Sequence[str], *, log: Path, heard: bool = False,
        environment: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        self.name = name
        self.log = log
        self._file = log.open("ab")
        self.process = subprocess.Popen(  # noqa: S603  # our own interpreter, our own module
            [sys.executable, "-m", *((module,) if heard else ("loadtests.executor.guard", module)), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE if heard else self._file,
            stderr=self._file,
            start_new_session=True,
            env={**os.environ, **_apart(), **(environment or {})},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self.process.pid

    def ready(self, path: Path, seconds: float) -> dict[str, Any]:
        """What it wrote to its ready file. Raises NotStarted where it ends, or says nothing in time."""
        deadline = time.monotonic() + seconds
        while not path.exists():
            code = self.process.poll()
            if code is not None or time.monotonic() > deadline:
                why = f"exit {code}" if code is not None else f"{seconds:g} s"
                raise NotStarted(_NOT_READY.filled(name=self.name, why=why, log=self.log))
            time.sleep(0.02)
        members: dict[str, Any] = json.loads(path.read_text("utf-8"))
        return members

    def said(self) -> Iterator[dict[str, Any]]:
        """Each JSON object of its stdout as it comes, until it has ended."""
        assert self.process.stdout is not None  # noqa: S101  # only asked of a child that is heard
        for line in self.process.stdout:
            with contextlib.suppress(ValueError):
                yield json.loads(line)

    def interrupt(self) -> None:
        """Ask it to stop and to write down what it has."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)

    def end(self) -> None:
        """End it: politely, then not."""
        if self.process.poll() is None:
            self.interrupt()
            try:
                self.process.wait(_SECONDS_TO_END)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self._file):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()


def _apart() -> Mapping[str, str]:
    """``-m`` looks for modules in the working folder first: a caller's ``cmd.py`` there is not for us to import. Where
    that folder is our own source tree, it must be looked at."""
    return {} if Path.cwd() == _ROOT else {"PYTHONSAFEPATH": "1"}
