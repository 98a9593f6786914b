"""What happened, one JSON object a line (oracle.py reads it), and the latencies beside it, as the run goes on.

Lines are collected and written together: a system call for each of them would be felt.
"""

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from loadtests.histograms import Recorder

__all__ = ["Lined", "Notes"]

_ENCODE = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


class Lined:
    """A file of JSON lines. ``flush`` hands what was collected to the system; a killed run keeps all but the last."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("a", encoding="utf-8", buffering=1 << 20)

    def write(self, members: Mapping[str, Any]) -> None:
        """One line."""
        self._file.write(_ENCODE(members) + "\n")

    def flush(self) -> None:
        """Hand over what was collected."""
        self._file.flush()

    def close(self) -> None:
        """Write the rest, durably."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()


class Notes:
    """The three files of one worker: ``ledger``, ``health`` and ``histograms``; ``folder`` is the run's."""

    def __init__(self, folder: Path, worker: str) -> None:
        self.ledger = Lined(folder / "ledger" / f"{worker}.jsonl")
        self.health = Lined(folder / "health" / f"{worker}.jsonl")
        self._histograms = Lined(folder / "histograms" / f"{worker}.jsonl")
        self.recorder = Recorder()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for each in (self.ledger, self.health, self._histograms):
            each.close()

    def interval(self, now: float) -> Iterable[None]:
        """Write the latencies since the last interval; gives way after each line, whoever iterates decides how."""
        for line in self.recorder.flush(now):
            self._histograms.write(line)
            yield
        self._histograms.flush()

    def flush(self) -> None:
        """Hand over what was collected so far."""
        self.ledger.flush()
        self.health.flush()
