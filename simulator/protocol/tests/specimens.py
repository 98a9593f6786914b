"""The hand-made packets, read by path: the simulator knows nothing of the room that keeps them."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from simulator.protocol.profile import Limits

FOLDER = Path(__file__).parents[3] / "fixtures" / "specimens"


@dataclass(frozen=True)
class Specimen:
    group: str
    file: str
    kind: str
    why: str
    trips: tuple[str, ...]
    limits: Limits

    @property
    def data(self) -> bytes:
        return (FOLDER / self.group / self.file).read_bytes()


def _index() -> tuple[Specimen, ...]:
    index = tomllib.loads((FOLDER / "index.toml").read_text(encoding="utf-8"))
    return tuple(
        Specimen(group, row["file"], row["kind"], row["why"], tuple(row["trips"]), Limits(**row.get("limits", {})))
        for group in ("good", "bad")
        for row in index[group]
    )


SPECIMENS = _index()


def specimen(group: str, file: str) -> Specimen:
    return next(each for each in SPECIMENS if (each.group, each.file) == (group, file))
