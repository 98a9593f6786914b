"""The axis as everybody runs it, ``axisproof serve``, in a process of its own on one core."""

import asyncio
import contextlib
import json
import sys
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from loadtests.bench.messages import System, systems_of
from loadtests.bench.processes import Child, DidNotStart, started
from simulator.world import CONTROL

__all__ = ["Axis", "an_axis"]

_SECONDS_TO_SERVE = 120.0
_SECONDS_BETWEEN_LOOKS = 0.002
_PAGE = 10_000


@dataclass(frozen=True, slots=True)
class Axis:
    """A serving axis. ``ready_seconds``: from the start of its process until it could serve; ``control``: the address
    of its control API and the token for that."""

    child: Child
    port: int
    systems: dict[str, System]
    ready_seconds: float
    control: tuple[str, str]

    async def facts(self, after: int = 0) -> list[dict[str, Any]]:
        """What happened on it after fact number ``after``."""
        url, token = self.control
        found: list[dict[str, Any]] = []
        async with httpx.AsyncClient(trust_env=False, timeout=60, headers={"Authorization": f"Bearer {token}"}) as http:
            while more := (await http.get(f"{url}/facts", params={"after": after, "limit": _PAGE})).json()["facts"]:
                found += more
                after = more[-1]["n"]
        return found


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
        credentials = Path(ready["credentials_file"])
        yield Axis(child, port, systems_of(credentials), seconds, (ready["control_url"], _token(credentials)))


async def _ready(child: Child, ready_file: Path) -> dict[str, str]:
    deadline = time.perf_counter() + _SECONDS_TO_SERVE
    while (read := _read(ready_file)) is None:
        if child.process.returncode is not None:
            raise DidNotStart(f"axisproof serve ended: {child.complaint()}")
        if time.perf_counter() > deadline:
            raise DidNotStart("axisproof serve was not ready in time")
        await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
    return read


def _token(credentials: Path) -> str:
    return str(json.loads(credentials.read_text("utf-8"))[CONTROL]["token"])


def _read(ready_file: Path) -> dict[str, str] | None:
    """What it says; None while it is not there (it appears whole)."""
    try:
        read: dict[str, str] = json.loads(ready_file.read_text("utf-8"))
    except FileNotFoundError:
        return None
    return read
