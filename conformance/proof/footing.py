"""What an outcome rests on: the digest of the sources that its run used, so that only what changed is run again.

Everything counts but tests, reports, registries, what null systems have earned, and the chapters (of cases, mutants
and honest variants) that the run did not use.
"""

import functools
import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from conformance import honest
from conformance.cases import CASES
from conformance.mutants import MUTANTS, facts_of

__all__ = ["digest"]

_ROOT = Path(__file__).resolve().parents[2]
_HONEST = ("honest/flying", "honest/variant")
_BESIDE = ("tests", "proof", "__pycache__", "specimens", "earned.toml")


def digest(kind: str, name: str, cases: Sequence[str]) -> str:
    """Of one trial, hexadecimal. The cases themselves are part of it."""
    used = {f"cases/{module}" for module in _modules(cases)}
    if kind == "mutant":
        used |= {f"mutants/{_room(each.__module__)}" for each in MUTANTS if facts_of(each).id == name}
    if kind == "honest":
        used |= {f"honest/{_room(honest.by_id(name).__module__)}", *_HONEST}
    total = hashlib.sha256("\n".join(cases).encode())
    for path, chapter, own in _sources():
        if not chapter or chapter in used:
            total.update(f"{path}\0{own}\n".encode())
    return total.hexdigest()[:32]


def _modules(cases: Iterable[str]) -> set[str]:
    wanted = set(cases)
    return {_room(type(case).__module__) for case in CASES if case.id in wanted}


def _room(module: str) -> str:
    """``conformance.cases.status.chain``: ``status``."""
    return module.split(".")[2]


@functools.cache
def _sources() -> tuple[tuple[str, str, str], ...]:
    """(path, chapter that it belongs to or "", digest of its bytes), sorted."""
    chapters = {f"cases/{_room(type(case).__module__)}" for case in CASES}
    chapters |= {f"mutants/{_room(each.__module__)}" for each in MUTANTS}
    chapters |= {f"honest/{_room(each.__module__)}" for each in honest.HONEST} | {*_HONEST, "honest/__main__"}
    found = []
    for room in ("simulator", "fixtures", "conformance"):
        for path in sorted((_ROOT / room).rglob("*")):
            parts = path.relative_to(_ROOT).parts
            if path.suffix not in (".py", ".toml") or set(parts) & set(_BESIDE):
                continue
            chapter = "/".join((parts[1], parts[2].removesuffix(".py"))) if len(parts) > 2 else ""
            if parts[:1] == ("conformance",) and parts[-1] == "__init__.py" and len(parts) == 3:
                continue  # a registry: what it lists is counted by itself
            own = hashlib.sha256(path.read_bytes()).hexdigest()
            found.append(("/".join(parts), chapter if chapter in chapters else "", own))
    return tuple(found)
