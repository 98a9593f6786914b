"""A vendor's own cases, from packages that name them under the entry point group ``axisproof.cases``.

They run after the certified suite and are reported apart, in the chapter ``vendor``: neither the certified set nor its
counts nor its conclusion changes by them. An entry point is a tuple of cases, or a function that gives one. A case may
carry its own register rows in the attribute ``own_requirements``.
"""

import copy
from collections.abc import Iterable
from dataclasses import dataclass, replace
from importlib import metadata

from conformance.case import Case
from conformance.config import BadConfig
from conformance.evidence import Record
from conformance.requirement import Register, Requirement, register
from conformance.runfolder import RunEvidence
from simulator.words import Text

__all__ = ["GROUP", "PREFIX", "Vendor", "load_vendor", "without_vendor"]

GROUP = "axisproof.cases"
PREFIX = "vendor/"

_CANNOT = Text(
    en="the entry point {name} ({value}) of {package} cannot be used: {why}",
    vi="không dùng được entry point {name} ({value}) của {package}: {why}",
)
_NO_CASES = Text(
    en="no installed package has an entry point in the group {group}",
    vi="không có gói nào đã cài có entry point trong nhóm {group}",
)


@dataclass(frozen=True, slots=True)
class Vendor:
    """Vendor cases, their ids prefixed; ``rows``: their own register rows; ``packages``: where they come from."""

    cases: tuple[Case, ...]
    rows: tuple[Requirement, ...] = ()
    packages: tuple[str, ...] = ()

    @property
    def register(self) -> Register:
        """The register with the vendor's rows: only for judging the vendor's cases."""
        own = register()
        return replace(own, rows=(*own.rows, *self.rows))


def load_vendor(points: Iterable[metadata.EntryPoint] | None = None) -> Vendor:
    """Everything under the entry point group. Raises BadConfig: none there, not importable, not cases, ids twice."""
    cases: dict[str, Case] = {}
    rows: dict[str, Requirement] = {}
    packages: list[str] = []
    for point in metadata.entry_points(group=GROUP) if points is None else points:
        package = f"{point.dist.name} {point.dist.version}" if point.dist else "?"
        packages.append(package)
        for case in _cases(point, package):
            if case.id in cases:
                raise _cannot(point, package, f"{case.id} stands twice")
            cases[case.id] = case
            for row in getattr(case, "own_requirements", ()):
                if row.id in register():
                    raise _cannot(point, package, f"requirement {row.id} is one of the certified set")
                rows[row.id] = row
            known = set(rows)
            for check in case.checks:
                for each in check.requirements:
                    if each not in known and each not in register():
                        raise _cannot(point, package, f"{case.id}, {check.id}: there is no requirement {each}")
    if not cases:
        raise BadConfig(_NO_CASES.filled(group=GROUP))
    return Vendor(tuple(cases.values()), tuple(rows.values()), tuple(dict.fromkeys(packages)))


def _cases(point: metadata.EntryPoint, package: str) -> tuple[Case, ...]:
    try:
        found = point.load()
        found = found() if callable(found) else found
        cases = tuple(found)
    except Exception as error:
        raise _cannot(point, package, f"{type(error).__name__}: {error}") from error
    for case in cases:
        if not isinstance(case, Case) or not getattr(case, "checks", ()):
            raise _cannot(point, package, f"{case!r} is no case with checks")
    return tuple(_prefixed(case) for case in cases)


def _prefixed(case: Case) -> Case:
    own = copy.copy(case)
    slug = case.id.removeprefix(PREFIX).replace("/", "-")
    own.id = f"{PREFIX}{slug}"  # type: ignore[misc]  # an instance that shadows the class's id
    return own


def _cannot(point: metadata.EntryPoint, package: str, why: str) -> BadConfig:
    return BadConfig(_CANNOT.filled(name=point.name, value=point.value, package=package, why=why))


def without_vendor(run: RunEvidence) -> RunEvidence:
    """The evidence of the certified suite alone: vendor cases run last, so it ends where they begin."""
    begin = next((record.n for record in run.records if _of_vendor(record)), None)
    if begin is None:
        return run
    return replace(run, records=tuple(record for record in run.records if record.n < begin))


def _of_vendor(record: Record) -> bool:
    return bool(record.case) and str(record.case).startswith(PREFIX)
