"""What a load run left behind, read back: files become values, nothing is judged here.

    plan.json               the plan (loadtests.plan)
    run.json                what only the executor knows (``write_run``): thresholds, target, machine, started_at …
    manifest.json           {"<number>": {"document_id", "sha256", "files", "receivers"}}: what was planned to leave
    ledger/<worker>.jsonl   what happened: one event a line
    health/<worker>.jsonl   how each load process felt; health/target*.jsonl: CPU of the target's processes, each
                            second ({"at", "process", "cpu", "rss"}), where it runs on this machine
    histograms/<worker>.jsonl   latencies, a line per key and interval

A process that was killed leaves half a line at the end of a file: that line alone is passed over.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from loadtests.histograms import Interval, read_line
from loadtests.plan import Plan
from simulator.words import Text

__all__ = ["LoadRun", "RunIncomplete", "read_load_run", "write_run"]

_MISSING = Text(
    "{path} cannot be read: this is no folder of a load run, or the run did not finish",
    "không đọc được {path}: đây không phải thư mục của một lần chạy tải, hoặc lần chạy chưa kết thúc",
)
_WRONG = Text("{path}: not what a load run writes ({why})", "{path}: không đúng dạng mà lần chạy tải ghi ra ({why})")
_EVENT = b'{"e":"'
_HERE = "target"
"""How the names of health files begin that belong to the target, not to the generator."""


class RunIncomplete(Exception):
    """The folder holds no load run that can be judged; ``text`` says why, to people."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


@dataclass(frozen=True, slots=True)
class LoadRun:
    """One run as it was left. ``health``: worker -> samples; ``target_health``: process -> samples."""

    folder: Path
    plan: Plan
    run: Mapping[str, Any]
    manifest: Mapping[int, Mapping[str, Any]]
    health: Mapping[str, tuple[Mapping[str, Any], ...]]
    target_health: Mapping[str, tuple[Mapping[str, Any], ...]]
    intervals: tuple[Interval, ...]

    def events(self, *names: str) -> "Events":
        """Every line of every ledger with one of these ``names`` (none: all), read anew each time: a long run's do not
        fit into memory."""
        return Events(tuple(sorted((self.folder / "ledger").glob("*.jsonl"))), frozenset(names))


@dataclass(frozen=True, slots=True)
class Events:
    """Lines of ledgers, as often as they are gone through."""

    paths: tuple[Path, ...]
    names: frozenset[str]

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        for path in self.paths:
            for event in _lines(path, self.names):
                if not self.names or event["e"] in self.names:
                    yield event


def write_run(
    folder: Path,
    *,
    scenario: str,
    titles: Mapping[str, str],
    provenance: Mapping[str, str],
    thresholds: Iterable[Mapping[str, Any]],
    seed: int,
    scale: float,
    plan_digest: str,
    target: str,
    topology: str,
    nodes: int,
    workers: int,
    machine: Mapping[str, Any],
    started_at: str,
    finished_at: str,
    seconds: float,
    **more: Any,
) -> None:
    """Write ``run.json``. ``titles``, ``provenance``: {"en", "vi"}; ``thresholds``: {"metric", "op", "value",
    "window_seconds"} each; times of day are RFC 3339; ``seconds``: how long the run took, its drain included.

    ``more``, all optional: ``transit`` ("verbatim", the default, or "rebuild": the axis may change a package's bytes,
    but no attached file), ``late_after_seconds`` (default: two polls and 5 s), ``warm_up_seconds`` (default: a fifth
    of the plan), ``mark`` (published, likely, derived, assumed), ``lang`` (vi or en), ``troubles`` (each
    {"en", "vi"}; any of them makes the run invalid), ``died`` (each {"en", "vi"}: a process of the target ended by
    itself, which breaks the run), ``incomplete`` (a ledger ends early: nothing is held against the target), ``faults``
    (names of those that our axis was given), ``cores`` ({"en", "vi"}: who shares which).
    """
    members = {
        "schema": "axisproof/load-run/1", "axisproof": metadata.version("axisproof"),
        "scenario": scenario, "titles": dict(titles), "provenance": dict(provenance),
        "thresholds": [dict(each) for each in thresholds], "seed": seed, "scale": scale, "plan_digest": plan_digest,
        "target": target, "topology": topology, "nodes": nodes, "workers": workers, "machine": dict(machine),
        "started_at": started_at, "finished_at": finished_at, "seconds": seconds, **more,
    }  # fmt: skip
    (folder / "run.json").write_text(json.dumps(members, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read_load_run(folder: Path) -> LoadRun:
    """The load run in ``folder``. Raises RunIncomplete."""
    run = _json(folder / "run.json")
    manifest = {int(number): each for number, each in _json(folder / "manifest.json").items()}
    plan_path = folder / "plan.json"
    try:
        plan = Plan.from_json(plan_path.read_text("utf-8"))
    except OSError as error:
        raise RunIncomplete(_MISSING.filled(path=plan_path)) from error
    except (ValueError, KeyError, TypeError) as error:
        raise RunIncomplete(_WRONG.filled(path=plan_path, why=error)) from error
    workers: dict[str, tuple[Mapping[str, Any], ...]] = {}
    target: dict[str, list[Mapping[str, Any]]] = {}
    for path in sorted((folder / "health").glob("*.jsonl")):
        if not path.name.startswith(_HERE):
            workers[path.stem] = tuple(_lines(path))
            continue
        for line in _lines(path):
            target.setdefault(str(line.get("process", path.stem)), []).append(line)
    return LoadRun(
        folder=folder,
        plan=plan,
        run=run,
        manifest=manifest,
        health=workers,
        target_health={name: tuple(samples) for name, samples in target.items()},
        intervals=tuple(_intervals(folder / "histograms")),
    )


def _json(path: Path) -> dict[str, Any]:
    try:
        read = json.loads(path.read_bytes())
    except OSError as error:
        raise RunIncomplete(_MISSING.filled(path=path)) from error
    except ValueError as error:
        raise RunIncomplete(_WRONG.filled(path=path, why=error)) from error
    if not isinstance(read, dict):
        raise RunIncomplete(_WRONG.filled(path=path, why="no JSON object"))
    return read


def _lines(path: Path, names: frozenset[str] = frozenset()) -> Iterator[Mapping[str, Any]]:
    """The lines of a file; those that say at their very begin that they are none of ``names`` are not even read."""
    starts = tuple(f'{name}"'.encode() for name in names)
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if starts and line.startswith(_EVENT) and not line.startswith(starts, len(_EVENT)) and line.endswith(b"\n"):
                continue
            try:
                yield json.loads(line)
            except ValueError as error:
                if line.endswith(b"\n"):
                    raise RunIncomplete(_WRONG.filled(path=f"{path}:{number}", why=error)) from error


def _intervals(folder: Path) -> Iterator[Interval]:
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(_lines(path), 1):
            try:
                yield read_line(line)
            except (KeyError, TypeError, ValueError) as error:
                raise RunIncomplete(_WRONG.filled(path=f"{path}:{number}", why=error)) from error
