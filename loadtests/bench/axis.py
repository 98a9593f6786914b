"""The axis as everybody runs it, ``axisproof serve``, in a process of its own on one core."""

import asyncio
import contextlib
import json
import sys
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from loadtests.bench.messages import System, systems_of
from loadtests.bench.processes import Child, DidNotStart, started

__all__ = ["Axis", "an_axis"]

_SECONDS_TO_SERVE = 120.0
_SECONDS_BETWEEN_LOOKS = 0.002


@dataclass(frozen=True, slots=True)
class Axis:
    """A serving axis. ``ready_seconds``: from the start of its process until it could serve."""

    child: Child
    port: int
    systems: dict[str, System]
    ready_seconds: float


@contextlib.asynccontextmanager
async def an_axis(
    data: Path, *, core: int | None, topology: str = "2020", living: bool = False, options: Sequence[str] = ()
) -> AsyncIterator[Axis]:
    """An axis on the data folder ``data`` for as long as the block runs. Raises DidNotStart."""
    ready_file = data.parent / f"{data.name}.ready.json"
    ready_file.unlink(missing_ok=True)
    words = [
        sys.executable, "-m", "axisproof", "serve", "--port", "0", "--control-port", "0", "--data", str(data),
        "--topology", topology, "--ready-file", str(ready_file), "--quiet", *options,
    ]  # fmt: skip
    begin = time.perf_counter()
    async with started(words if living else [*words, "--no-nodes"], core=core) as child:
        ready = await _ready(child, ready_file)
        seconds = time.perf_counter() - begin
        port = int(ready["url"].rpartition(":")[2])
        yield Axis(child, port, systems_of(Path(ready["credentials_file"])), seconds)


async def _ready(child: Child, ready_file: Path) -> dict[str, str]:
    deadline = time.perf_counter() + _SECONDS_TO_SERVE
    while (read := _read(ready_file)) is None:
        if child.process.returncode is not None:
            raise DidNotStart(f"axisproof serve ended: {child.complaint()}")
        if time.perf_counter() > deadline:
            raise DidNotStart("axisproof serve was not ready in time")
        await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
    return read


def _read(ready_file: Path) -> dict[str, str] | None:
    """What it says; None while it is not there (it appears whole)."""
    try:
        read: dict[str, str] = json.loads(ready_file.read_text("utf-8"))
    except FileNotFoundError:
        return None
    return read
