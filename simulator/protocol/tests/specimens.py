"""The hand-made packets, read by path: the simulator knows nothing of the room that keeps them."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509

from simulator.protocol.lint import LintResult, lint
from simulator.protocol.profile import Limits
from simulator.trust import authorities_in

FOLDER = Path(__file__).parents[3] / "fixtures" / "specimens"
AUTHORITIES = authorities_in(FOLDER / "trust")


@dataclass(frozen=True)
class Specimen:
    group: str
    file: str
    kind: str
    why: str
    trips: tuple[str, ...]
    limits: Limits
    trust: bool

    @property
    def authorities(self) -> tuple[x509.Certificate, ...] | None:
        """Whom to trust: nobody was named, or those beside the specimens."""
        return AUTHORITIES if self.trust else None

    @property
    def data(self) -> bytes:
        return (FOLDER / self.group / self.file).read_bytes()


def _index() -> tuple[Specimen, ...]:
    index = tomllib.loads((FOLDER / "index.toml").read_text(encoding="utf-8"))
    return tuple(
        Specimen(
            group,
            row["file"],
            row["kind"],
            row["why"],
            tuple(row["trips"]),
            Limits(**row.get("limits", {})),
            row.get("trust", False),
        )
        for group in ("good", "bad")
        for row in index[group]
    )


SPECIMENS = _index()


def linted(item: Specimen) -> LintResult:
    """What lint says of it, with the limits and the trust that the index names."""
    return lint(item.data, item.limits, authorities=item.authorities)


def specimen(group: str, file: str) -> Specimen:
    return next(each for each in SPECIMENS if (each.group, each.file) == (group, file))
