"""Units, systems and their secrets: who may send, who can be reached, under which spelling. One frozen value.

Every spelling of a unit (its code after QĐ 20/2020, its code after QCVN 102, its aliases) leads to one entry; no
pattern decides (wire.md C.7). Units registered by ``registerAgency`` stand beside those of the topology.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from simulator.protocol.identifiers import OrganIdForm, mapped_code, organ_form
from simulator.protocol.profile import CodeForm
from simulator.topology import Topology, Unit

__all__ = ["Credentials", "Directory", "Entry", "System", "level", "of_topology"]


class Credentials(NamedTuple):
    """What a system needs to act: its secret, and every spelling of the units that it answers for."""

    secret: str
    organs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class System:
    """What connects and has the secret. ``passive``: nobody acts for it. ``added``: not from the topology."""

    system_id: str
    secret: str = field(repr=False)
    passive: bool = False
    added: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One unit in the directory and the system that acts for it. ``parent``: the text given on registration."""

    unit: Unit
    system_id: str
    parent: str = ""
    mail: str = ""
    registered: bool = False
    deleted: bool = False
    version: int = 1
    modified: datetime | None = None

    @property
    def open(self) -> bool:
        """Whether the unit takes packages."""
        return not (self.deleted or self.unit.closed)

    def given_to(self, system_id: str, code: str) -> "Entry":
        """The same unit, acted for by that system, which was registered for it with ``code``."""
        return replace(self, system_id=system_id, unit=replace(self.unit, registered_as=code))

    def spelled(self, code: str, form: CodeForm) -> str:
        """The code that answers bear for this unit where somebody wrote ``code``; a system's id spells no unit."""
        if form is CodeForm.CANONICAL:
            return self.unit.code
        code = code.strip()
        return code if code in self.unit.codes else self.unit.own_code


@dataclass(frozen=True)
class Directory:
    """The whole directory. "Changing" it makes a new one."""

    systems: Mapping[str, System] = field(default_factory=dict)
    entries: Mapping[str, Entry] = field(default_factory=dict)
    spellings: Mapping[str, str] = field(default_factory=dict)

    def resolve(self, code: str) -> Entry | None:
        """The one unit that ``code`` spells, or None; a system's own id means its first unit."""
        code = code.strip()
        known = self.spellings.get(code)
        if known is not None:
            return self.entries[known]
        return next(iter(self.units(code)), None) if code in self.systems else None

    def units(self, system_id: str, *, with_registered: bool = True) -> tuple[Entry, ...]:
        """The units that a system answers for, those of the topology first."""
        owned = self._owned.get(system_id, ())
        return owned if with_registered else tuple(entry for entry in owned if not entry.registered)

    def belongs(self, code: str, system_id: str) -> bool:
        """Whether ``code`` is the system's id or spells one of its units."""
        if code.strip() == system_id:
            return True
        entry = self.resolve(code)
        return entry is not None and entry.system_id == system_id

    def credentials(self) -> dict[str, Credentials]:
        """Secret and spellings of every system."""
        return {
            name: Credentials(system.secret, tuple(code for entry in self.units(name) for code in entry.unit.codes))
            for name, system in self.systems.items()
        }

    def with_system(self, system: System, units: Iterable[Unit]) -> "Directory":
        """A system more, or other; units that are already known move to it, with all their spellings, and are its by
        the code that it was given now."""
        grown = replace(self, systems={**self.systems, system.system_id: system})
        for unit in units:
            known = next(filter(None, (grown._known(code) for code in unit.codes)), None)
            entry = known.given_to(system.system_id, unit.own_code) if known else Entry(unit, system.system_id)
            grown = grown._with(entry)
        return grown

    def with_registered(
        self, code: str, *, system_id: str, parent: str, name: str, mail: str, at: datetime
    ) -> "Directory":
        """A unit more under ``system_id``, or a known one of it changed (the same call does both)."""
        known = self._known(code)
        if known is None:
            entry = Entry(Unit(code=code, name=name), system_id, parent=parent, mail=mail, registered=True, modified=at)
        else:
            entry = replace(
                known,
                unit=replace(known.unit, name=name or known.unit.name, registered_as=code),
                parent=parent,
                mail=mail,
                deleted=False,
                version=known.version + 1,
                modified=at,
            )
        return self._with(entry)

    def with_closed(self, code: str, *, at: datetime) -> "Directory":
        """A registered unit taken out: it stays known, and deleted."""
        known = self.entries[self.spellings[code]]
        return self._with(replace(known, deleted=True, version=known.version + 1, modified=at))

    @cached_property
    def _owned(self) -> dict[str, tuple[Entry, ...]]:
        owned: dict[str, list[Entry]] = {}
        for entry in self.entries.values():
            owned.setdefault(entry.system_id, []).append(entry)
        return {system_id: tuple(entries) for system_id, entries in owned.items()}

    def _known(self, code: str) -> Entry | None:
        known = self.spellings.get(code)
        return None if known is None else self.entries[known]

    def _with(self, entry: Entry) -> "Directory":
        return replace(
            self,
            entries={**self.entries, entry.unit.code: entry},
            spellings={**self.spellings, **dict.fromkeys(entry.unit.codes, entry.unit.code)},
        )


def of_topology(topology: Topology, secrets: Mapping[str, str]) -> Directory:
    """The directory of a fresh axis. ``secrets`` has one for every system of the topology."""
    systems: dict[str, System] = {}
    entries: dict[str, Entry] = {}
    spellings: dict[str, str] = {}
    for node in topology.nodes:
        systems[node.system_id] = System(node.system_id, secrets[node.system_id], passive=node.passive)
        for unit in node.units:
            entries[unit.code] = Entry(unit, node.system_id)
            spellings.update(dict.fromkeys(unit.codes, unit.code))
    return Directory(systems, entries, spellings)


def level(code: str) -> int:
    """The level of government that a code shows: its groups, from level 1 down; 1 for free texts."""
    match organ_form(code):
        case OrganIdForm.QCVN102:
            return (mapped_code(code) or code).count(".") + 1
        case OrganIdForm.QD20:
            return code.count(".") + 1
        case _:
            return 1
