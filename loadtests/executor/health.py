"""How the generator itself feels, each second: a run whose generator struggled proves nothing (pitfall 157).

``cpu``: share of one core; ``send_lag_p99``: begun - intended of the sends of that second; ``pause_max``: the longest
time for which nothing but one greenlet ran; ``fds`` and ``rss`` (bytes) of this process.
"""

import contextlib
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import gevent
import psutil  # type: ignore[import-untyped]  # locust brings it, without stubs

from loadtests.executor.ledger import Lined

__all__ = ["Health", "TargetHealth", "percentile"]

_TICK = 0.01
_DEAR_FDS = 2_000


class Health:
    """Collects between two ``reading`` calls. ``clock`` gives the plan's time."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._process = psutil.Process()
        self._lags: list[float] = []
        self._pause = 0.0
        self._spent = time.process_time()
        self._at = time.monotonic()
        self._fds = 0
        self._readings = 0

    def sent(self, lag: float) -> None:
        """One send began ``lag`` seconds after its intended time."""
        self._lags.append(lag)

    def watch(self) -> None:
        """Sleep and wake, and note how late; never returns."""
        while True:
            before = time.monotonic()
            gevent.sleep(_TICK)
            late = time.monotonic() - before - _TICK
            self._pause = max(self._pause, late)

    def reading(self) -> dict[str, Any]:
        """The line for the time since the last one."""
        now, spent = time.monotonic(), time.process_time()
        share = (spent - self._spent) / max(now - self._at, 1e-6)
        lags, self._lags = sorted(self._lags), []
        pause, self._pause = self._pause, 0.0
        self._spent, self._at = spent, now
        if self._fds < _DEAR_FDS or self._readings % 10 == 0:  # counting ten thousand of them is a pause of its own
            self._fds = self._process.num_fds() if hasattr(self._process, "num_fds") else 0
        self._readings += 1
        return {
            "at": round(self._clock(), 3),
            "cpu": round(share, 4),
            "send_lag_p99": round(percentile(lags, 0.99), 6),
            "pause_max": round(pause, 6),
            "fds": self._fds,
            "rss": self._process.memory_info().rss,
            "sends": len(lags),
        }


def percentile(ordered: list[float], share: float) -> float:
    """The value that ``share`` of the ordered ones do not exceed; 0 for none."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


class TargetHealth:
    """CPU (share of one core) and memory of the target's processes on this machine, their children included, into
    ``health/target.jsonl``. ``processes``: name -> process id."""

    def __init__(self, processes: Mapping[str, int], folder: Path) -> None:
        self._file = Lined(folder / "health" / "target.jsonl") if processes else None
        self._processes: dict[str, psutil.Process] = {}
        for name, pid in processes.items():
            with contextlib.suppress(psutil.Error):
                self._processes[name] = psutil.Process(pid)
        self._spent: dict[tuple[str, int], float] = {}
        self._at = time.monotonic()

    def note(self, at: float) -> None:
        """One line a process, for the time since the last ones."""
        if self._file is None:
            return
        now = time.monotonic()
        elapsed, self._at = max(now - self._at, 1e-6), now
        for name, parent in self._processes.items():
            with contextlib.suppress(psutil.Error):
                self._note(self._file, name, parent, at, elapsed)
        self._file.flush()

    def _note(self, file: Lined, name: str, parent: psutil.Process, at: float, elapsed: float) -> None:
        children = parent.children(recursive=True)
        for number, process in enumerate((parent, *children)):
            with contextlib.suppress(psutil.Error):
                times = process.cpu_times()
                spent = times.user + times.system
                before = self._spent.get((name, process.pid))
                self._spent[name, process.pid] = spent
                if before is not None:
                    label = name if number == 0 else f"{name}-{number}"
                    cpu = round((spent - before) / elapsed, 4)
                    rss = process.memory_info().rss
                    file.write({"at": round(at, 3), "process": label, "cpu": cpu, "rss": rss})

    def gone(self) -> list[str]:
        """The names of those that have ended."""
        return [name for name, process in self._processes.items() if not _lives(process)]

    def close(self) -> None:
        """Write the rest."""
        if self._file is not None:
            self._file.close()


def _lives(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False
