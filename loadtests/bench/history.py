"""The history of the bench: one line of JSON per full run, with the machine, the versions, the commit and the rows."""

import json
import os
import platform
import shutil
import subprocess
from collections.abc import Iterable
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from loadtests.bench.processes import cores
from loadtests.bench.row import Row
from simulator.clock import VIETNAM

__all__ = ["HISTORY", "line_of", "machine", "remember"]

HISTORY = Path("reports/bench/history.jsonl")
SCHEMA = "axisproof/bench/1"
_LIBRARIES = (
    "cryptography",
    "httptools",
    "lxml",
    "psycopg",
    "pybase64",
    "uvicorn",
    "uvloop",
    "locust",
    "geventhttpclient",
)


def machine() -> dict[str, Any]:
    """What this machine is: processor, cores, memory, kernel, and how busy it was before the run."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    return {
        "cpu": _processor() or platform.processor() or platform.machine(),
        "architecture": platform.machine(),
        "cores": os.cpu_count(),
        "server_core": cores()[0],
        "load_core": cores()[1],
        "memory_mb": _memory_mb(),
        "system": f"{platform.system()} {platform.release()}",
        "load_average": None if load is None else round(load, 2),
    }


def versions() -> dict[str, str]:
    """The interpreter's, ours, and those of the libraries that the numbers depend on."""
    found = {"python": platform.python_version(), "axisproof": metadata.version("axisproof")}
    for name in _LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def commit() -> str:
    """The commit of the sources, "+" behind it where they were changed since; "" outside of git."""
    git = shutil.which("git")
    if git is None:
        return ""
    said = subprocess.run(  # noqa: S603  # git itself, no word from outside
        [git, "describe", "--always", "--dirty=+", "--abbrev=12", "--exclude=*"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return said.stdout.strip()


def line_of(
    rows: Iterable[Row], *, at: datetime, machine: dict[str, Any], versions: dict[str, str], commit: str
) -> str:
    """One run as one line. Pure."""
    members = {
        "schema": SCHEMA,
        "at": at.astimezone(VIETNAM).isoformat(timespec="seconds"),
        "commit": commit,
        "machine": machine,
        "versions": versions,
        "rows": [row.record() for row in rows],
    }
    return json.dumps(members, ensure_ascii=False, separators=(",", ":")) + "\n"


def remember(path: Path, rows: Iterable[Row], *, at: datetime, machine: dict[str, Any]) -> None:
    """Add the run to the history."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(line_of(rows, at=at, machine=machine, versions=versions(), commit=commit()))


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


def _memory_mb() -> int | None:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") >> 20
    except (AttributeError, ValueError, OSError):
        return None
