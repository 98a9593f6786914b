"""Who is on an axis: units, the nodes (systems) that connect for them, as one frozen value.

The data lives in ``fixtures/topologies/*.toml``; a user's own file has the same form. What is assumed about a
unit stays marked in ``certainty`` (confirmed, likely, assumed).
"""

import tomllib
from dataclasses import dataclass
from typing import Any

from simulator.words import Text

__all__ = ["BadTopology", "Node", "Topology", "Unit", "parse"]


class BadTopology(ValueError):
    """A topology file that cannot be used; the message says what and where."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit (organ): its code after QĐ 20/2020, its code after QCVN 102 ("" where it has none), its names.

    ``aliases``: further spellings that reach the same mailbox. ``closed``: known, but takes nothing any more.
    ``registered_as``: the code with which its system was registered, "" where that is ``code``.
    """

    code: str
    code102: str = ""
    name: str = ""
    name_en: str = ""
    kind: str = ""
    aliases: tuple[str, ...] = ()
    closed: bool = False
    certainty: str = "assumed"
    registered_as: str = ""

    @property
    def codes(self) -> tuple[str, ...]:
        """Every spelling, the newer form first, without repeats."""
        spellings = (self.code, self.code102, *self.aliases, self.registered_as)
        return tuple(dict.fromkeys(code for code in spellings if code))

    @property
    def own_code(self) -> str:
        """The code by which its own system knows it."""
        return self.registered_as or self.code


@dataclass(frozen=True, slots=True)
class Node:
    """One system and the units that it answers for. ``passive``: nobody acts for it; a person or a case does."""

    system_id: str
    units: tuple[Unit, ...]
    weight: float = 1.0
    passive: bool = False


@dataclass(frozen=True, slots=True)
class Topology:
    """Everyone on one axis. ``nodes`` counts the living ones, without the passive test systems."""

    name: str
    title: Text
    nodes: tuple[Node, ...]

    @property
    def living(self) -> tuple[Node, ...]:
        """The nodes that a fake agency acts for."""
        return tuple(node for node in self.nodes if not node.passive)


def parse(text: str, *, origin: str) -> Topology:
    """Read a topology file (TOML). Raises BadTopology naming ``origin``, the node and the key."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadTopology(f"{origin}: {error}") from error
    title = data.get("title", {})
    rows = data.get("node", [])
    if not isinstance(rows, list) or not rows:
        raise BadTopology(f"{origin}: no [[node]] at all")
    nodes = tuple(_node(row, f"{origin}: node {number}") for number, row in enumerate(rows, 1))
    _check_unique(nodes, origin)
    return Topology(
        name=str(data.get("name", origin)),
        title=Text(en=str(title.get("en", "")), vi=str(title.get("vi", ""))),
        nodes=nodes,
    )


_UNIT_KEYS = {"code", "code102", "name", "name_en", "kind", "aliases", "closed", "certainty", "registered_as"}
_NODE_KEYS = {"system_id", "weight", "passive", "unit"}


def _node(row: Any, place: str) -> Node:
    _check_keys(row, _NODE_KEYS, {"system_id", "unit"}, place)
    units = tuple(_unit(unit, f"{place}, unit {number}") for number, unit in enumerate(row["unit"], 1))
    if not units:
        raise BadTopology(f"{place}: no unit")
    return Node(
        system_id=str(row["system_id"]),
        units=units,
        weight=float(row.get("weight", 1.0)),
        passive=bool(row.get("passive", False)),
    )


def _unit(row: Any, place: str) -> Unit:
    _check_keys(row, _UNIT_KEYS, {"code"}, place)
    return Unit(**{**row, "aliases": tuple(row.get("aliases", ()))})


def _check_keys(row: Any, known: set[str], needed: set[str], place: str) -> None:
    if not isinstance(row, dict):
        raise BadTopology(f"{place}: not a table")
    for key in sorted(set(row) - known):
        raise BadTopology(f"{place}: unknown key {key!r}; known are {', '.join(sorted(known))}")
    for key in sorted(needed - set(row)):
        raise BadTopology(f"{place}: {key!r} is missing")


def _check_unique(nodes: tuple[Node, ...], origin: str) -> None:
    systems: set[str] = set()
    codes: dict[str, str] = {}
    for node in nodes:
        if node.system_id in systems:
            raise BadTopology(f"{origin}: the system {node.system_id!r} stands twice")
        systems.add(node.system_id)
        for unit in node.units:
            for code in unit.codes:
                if code in codes:
                    raise BadTopology(f"{origin}: the code {code!r} belongs to {codes[code]!r} and {node.system_id!r}")
                codes[code] = node.system_id
