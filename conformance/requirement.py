"""The register: every sentence that a case or a rule may cite, with how binding it is and where it rests.

The data lies in ``requirements/*.toml``, one file for each source document, and is frozen as edition ``2026.1``:
rows added later carry ``since`` and do not fail old results.
"""

import hashlib
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

from simulator.words import Text

__all__ = ["EDITION", "BadRegister", "Basis", "Level", "Register", "Requirement", "register"]

EDITION = "2026.1"
"""The name of the set that results are measured against."""


class BadRegister(ValueError):
    """A register file that cannot be used; the message says which file, row and key."""


class Level(StrEnum):
    """How binding the sentence is."""

    MUST = "MUST"
    SHOULD = "SHOULD"
    MAY = "MAY"


class Basis(StrEnum):
    """How sure the sentence is (regulation.md section 0); ``profile`` is a choice of this simulator."""

    LAW = "law"
    LAW_SECONDARY = "law-secondary"
    SDK = "sdk"
    OBSERVED = "observed"
    DERIVED = "derived"
    PROFILE = "profile"

    @property
    def firm(self) -> bool:
        """Whether a broken MUST on this basis fails (contract, section 3)."""
        return self in (Basis.LAW, Basis.LAW_SECONDARY, Basis.SDK)


@dataclass(frozen=True, slots=True)
class Requirement:
    """One row. ``role``: sender, receiver, both or hub. ``excluded``: why nothing here can test it, or None."""

    id: str
    source: str
    clause: str
    level: Level
    role: str
    basis: Basis
    text: Text
    test_idea: str = ""
    excluded: Text | None = None
    since: str = EDITION


@dataclass(frozen=True, slots=True)
class Register:
    """All rows of one edition, in order of their files."""

    edition: str
    rows: tuple[Requirement, ...]

    def __iter__(self) -> Iterator[Requirement]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __contains__(self, requirement_id: object) -> bool:
        return any(row.id == requirement_id for row in self.rows)

    def __getitem__(self, requirement_id: str) -> Requirement:
        """The row of that id. Raises KeyError where there is none."""
        for row in self.rows:
            if row.id == requirement_id:
                return row
        raise KeyError(requirement_id)

    @property
    def digest(self) -> str:
        """SHA-256 of the frozen set, as ``requirements/edition.toml`` defines it: rows added later stand outside."""
        lines = sorted(
            (row.id, f"{row.id}|{row.level}|{row.role}|{row.basis}|{row.source}|{row.clause}|{row.text.en}\n")
            for row in self.rows
            if row.since == self.edition
        )
        return hashlib.sha256("".join(line for _, line in lines).encode()).hexdigest()


@cache
def register() -> Register:
    """The bundled register, read once. Raises BadRegister."""
    folder = resources.files("conformance") / "requirements"
    files = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".toml")), key=lambda entry: entry.name)
    return parse((entry.name, entry.read_text(encoding="utf-8")) for entry in files)


def parse(files: Iterable[tuple[str, str]]) -> Register:
    """The register in ``files`` (name, TOML text). Raises BadRegister for unknown keys, words or a repeated id."""
    rows: dict[str, Requirement] = {}
    for name, text in files:
        try:
            tables = tomllib.loads(text).get("requirement", [])
        except tomllib.TOMLDecodeError as error:
            raise BadRegister(f"{name}: {error}") from error
        for number, table in enumerate(tables, 1):
            row = _row(table, f"{name}: requirement {number}")
            if row.id in rows:
                raise BadRegister(f"{name}: {row.id} stands twice")
            rows[row.id] = row
    return Register(EDITION, tuple(rows.values()))


_NEEDED = {"id", "source", "clause", "level", "role", "basis", "text"}
_KNOWN = _NEEDED | {"test_idea", "excluded", "since"}
_ROLES = ("sender", "receiver", "both", "hub")


def _row(table: Mapping[str, Any], place: str) -> Requirement:
    if missing := _NEEDED - set(table):
        raise BadRegister(f"{place}: {', '.join(sorted(missing))} missing")
    if unknown := set(table) - _KNOWN:
        raise BadRegister(f"{place}: unknown key {', '.join(sorted(unknown))}")
    if table["role"] not in _ROLES:
        raise BadRegister(f"{place}: role {table['role']!r} is none of {', '.join(_ROLES)}")
    try:
        level, basis = Level(table["level"]), Basis(table["basis"])
    except ValueError as error:
        raise BadRegister(f"{place}: {error}") from error
    return Requirement(
        id=str(table["id"]),
        source=str(table["source"]),
        clause=str(table["clause"]),
        level=level,
        role=str(table["role"]),
        basis=basis,
        text=_text(table["text"], f"{place}, text"),
        test_idea=str(table.get("test_idea", "")),
        excluded=_text(table["excluded"], f"{place}, excluded") if "excluded" in table else None,
        since=str(table.get("since", EDITION)),
    )


def _text(table: Any, place: str) -> Text:
    if not isinstance(table, Mapping) or not table.get("en") or not table.get("vi"):
        raise BadRegister(f"{place}: needs en and vi")
    return Text(en=str(table["en"]), vi=str(table["vi"]))
