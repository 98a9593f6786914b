"""The nodes of a run: those of a topology, fewer of them, or made-up test units beside them. Pure.

Made-up units bear codes of provinces that do not exist (H64 to H97; real ones end at H63, H98 and H99 are the systems
for people), say so in their names, and never stand for a real body.
"""

import json
from dataclasses import replace

from simulator.topology import Node, Topology, Unit

__all__ = ["MOST_NODES", "extended", "nodes_of", "topology_toml"]

_PROVINCES = range(64, 98)
_LEVEL_2, _LEVEL_3 = 99, 100
MOST_NODES = len(_PROVINCES) * _LEVEL_2 * _LEVEL_3
"""As many made-up units as there are codes for them."""


def nodes_of(topology: Topology) -> tuple[tuple[str, str], ...]:
    """(system id, unit code) of every living node: what a plan is made for."""
    return tuple((node.system_id, node.units[0].code) for node in topology.living)


def extended(topology: Topology, count: int) -> Topology:
    """The topology with exactly ``count`` living nodes: the first ones, or all and made-up units behind them.

    Where nodes are left out, the Office of the Government (G22) stays, because the traffic model needs it. Test
    systems stay. Raises ValueError for fewer than two nodes or more than there are codes for.
    """
    if not 2 <= count <= MOST_NODES:
        raise ValueError(f"from 2 to {MOST_NODES} nodes, not {count}")
    living = topology.living
    passive = tuple(node for node in topology.nodes if node.passive)
    if count == len(living):
        return topology
    if count < len(living):
        office = [node for node in living if any(unit.code == "G22" for unit in node.units)][:1]
        rest = [node for node in living if node not in office]
        kept = {node.system_id for node in (*office, *rest[: count - len(office)])}
        nodes = tuple(node for node in living if node.system_id in kept)
    else:
        taken = {node.system_id for node in topology.nodes}
        nodes = (*living, *(_made_up(number, taken) for number in range(count - len(living))))
    return replace(topology, name=f"{topology.name}+{count}", nodes=(*nodes, *passive))


def _made_up(number: int, taken: set[str]) -> Node:
    rest, province = divmod(number, len(_PROVINCES))
    level_3, level_2 = divmod(rest, _LEVEL_2)
    level_1 = f"H{_PROVINCES[province]}"
    code = f"{level_1}.{level_2 + 1:02}" + (f".{level_3:02}" if level_3 else "")
    system_id = f"load.{number + 1:06}"
    if system_id in taken:
        raise ValueError(f"the system {system_id!r} is in the topology already")
    unit = Unit(
        code=code,
        code102=f"000.{level_3:02}.{level_2 + 1:02}.{level_1}",
        name=f"Đơn vị thử tải {number + 1} (không có thật)",
        name_en=f"Load test unit {number + 1} (made up)",
        kind="test",
        certainty="assumed",
    )
    return Node(system_id=system_id, units=(unit,), weight=1.0)


def topology_toml(topology: Topology) -> str:
    """The topology as a file that ``axisproof serve --topology FILE`` reads (form: simulator/topology.py)."""
    lines = [f"name = {_quoted(topology.name)}", "[title]"]
    lines += [f"en = {_quoted(topology.title.en)}", f"vi = {_quoted(topology.title.vi)}"]
    for node in topology.nodes:
        lines += ["[[node]]", f"system_id = {_quoted(node.system_id)}", f"weight = {float(node.weight)!r}"]
        lines += ["passive = true"] if node.passive else []
        for unit in node.units:
            lines.append("[[node.unit]]")
            for name in ("code", "code102", "name", "name_en", "kind", "certainty", "registered_as"):
                lines.append(f"{name} = {_quoted(getattr(unit, name))}")
            lines.append(f"aliases = [{', '.join(_quoted(alias) for alias in unit.aliases)}]")
            lines += ["closed = true"] if unit.closed else []
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
