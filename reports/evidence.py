"""The evidence of a run: records in order, blobs by their digest. Read as they stand, also when incomplete.

A folder may come from anybody's machine: a digest is a name only after it was seen to be one, and a line that is no
record is counted, not trusted.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["Evidence", "Record", "read_evidence"]

_SHA256 = re.compile(r"[0-9a-f]{64}\Z")


@dataclass(frozen=True, slots=True)
class Record:
    """One numbered line: what was seen at ``at``. ``case`` is None where no case's lane was touched."""

    n: int
    at: str
    case: str | None
    kind: str
    members: Mapping[str, Any] = field(repr=False)

    def text(self, name: str) -> str:
        """The member ``name`` as text, "" where it is absent or null."""
        value = self.members.get(name)
        return "" if value is None else str(value)


@dataclass(frozen=True)
class Evidence:
    """All records of a run. ``complete``: the footer is there, says so, and its count agrees."""

    folder: Path
    header: Mapping[str, Any]
    records: tuple[Record, ...]
    complete: bool
    unreadable_lines: int = 0
    digest: str = ""

    def blob(self, sha256: str | None) -> bytes | None:
        """The bytes of that digest; None where they were not kept, were changed, or the digest is none."""
        if not sha256 or not _SHA256.match(sha256):
            return None
        return _read_blob(self.folder / "blobs" / sha256, sha256)


def _read_blob(path: Path, sha256: str) -> bytes | None:
    try:
        data = path.read_bytes()
    except OSError:
        return None
    return data if hashlib.sha256(data).hexdigest() == sha256 else None


def read_evidence(folder: Path) -> Evidence:
    """The evidence in ``folder``; an absent ``records.jsonl`` gives an empty, incomplete one."""
    header: Mapping[str, Any] = {}
    footer: Mapping[str, Any] | None = None
    records: list[Record] = []
    unreadable = 0
    try:
        content = (folder / "records.jsonl").read_bytes()
    except OSError:
        return Evidence(folder=folder, header={}, records=(), complete=False)
    for line in content.splitlines():
        raw = _line(line)
        if raw is None:
            unreadable += bool(line.strip())
        elif raw.get("record") == "header":
            header = raw
        elif raw.get("record") == "footer":
            footer = raw
        elif isinstance(raw.get("n"), int):
            records.append(_record(raw))
        else:
            unreadable += 1
    complete = bool(footer and footer.get("complete") and footer.get("records") in (None, len(records)))
    return Evidence(
        folder=folder,
        header=header,
        records=tuple(records),
        complete=complete and not unreadable,
        unreadable_lines=unreadable,
        digest=hashlib.sha256(content).hexdigest(),
    )


def _line(line: bytes) -> Mapping[str, Any] | None:
    try:
        raw = json.loads(line)
    except ValueError:
        return None
    return raw if isinstance(raw, dict) else None


def _record(raw: Mapping[str, Any]) -> Record:
    members = {key: value for key, value in raw.items() if key not in ("n", "at", "case", "kind")}
    case = raw.get("case")
    return Record(
        n=raw["n"],
        at=str(raw.get("at") or ""),
        case=None if case is None else str(case),
        kind=str(raw.get("kind") or ""),
        members=members,
    )
