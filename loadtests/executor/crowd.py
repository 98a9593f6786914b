"""Who is on the axis of a load run: the bundled topology where it is large enough, else that one and a made-up crowd.

The crowd are offices of the made-up province H98, below the test systems' own unit; nothing of it is real.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from fixtures.topologies import TopologyNotUsable, load
from simulator.topology import Topology
from simulator.words import Text

__all__ = ["Crowd", "gather"]

_BASE = "2020"
_MOST = 90_000
_TOO_MANY = Text(en="{nodes} nodes are too many: at most {most}", vi="{nodes} nút là quá nhiều: nhiều nhất {most}")


class Crowd:
    """``topology``: the name or path that `serve` takes; ``nodes``: (system, unit) of those that play, in order."""

    def __init__(self, topology: str, name: str, nodes: tuple[tuple[str, str], ...]) -> None:
        self.topology = topology
        self.name = name
        self.nodes = nodes


def gather(nodes: int, folder: Path, *, base: str = _BASE) -> Crowd:
    """A topology with at least ``nodes`` living ones; a larger one than ``base`` is written into ``folder``.

    Raises TopologyNotUsable, also for more than 90,000 made-up ones; OSError.
    """
    topology = load(base)
    if nodes <= len(topology.living):
        return Crowd(base, base, _living(topology)[:nodes])
    missing = nodes - len(topology.living)
    if missing > _MOST:
        raise TopologyNotUsable(_TOO_MANY.filled(nodes=nodes, most=_MOST + len(topology.living)))
    path = folder / f"crowd-{nodes}.toml"
    path.write_text("\n".join(_written(topology, missing)), "utf-8")
    return Crowd(str(path), f"{base}+{missing}", _living(load(str(path))))


def _living(topology: Topology) -> tuple[tuple[str, str], ...]:
    return tuple((node.system_id, node.units[0].code) for node in topology.living)


def _written(topology: Topology, missing: int) -> Iterator[str]:
    """The topology as a file again, and the crowd behind it."""
    yield f"name = {_quoted(f'{topology.name}+{missing}')}"
    yield "[title]"
    yield f"en = {_quoted(f'{topology.title.en}, and {missing} made-up offices')}"
    yield f"vi = {_quoted(f'{topology.title.vi}, cùng {missing} cơ quan tự đặt')}"
    for node in topology.nodes:
        yield f"[[node]]\nsystem_id = {_quoted(node.system_id)}\nweight = {node.weight}"
        yield f"passive = {str(node.passive).lower()}"
        for unit in node.units:
            yield "[[node.unit]]"
            for name in ("code", "code102", "name", "name_en", "kind", "certainty", "registered_as"):
                yield f"{name} = {_quoted(getattr(unit, name))}"
            yield f"closed = {str(unit.closed).lower()}"
            yield f"aliases = [{', '.join(map(_quoted, unit.aliases))}]"
    for number in range(1, missing + 1):
        high, low = divmod(number, 100)
        yield f'[[node]]\nsystem_id = "load.{number:05}"\n[[node.unit]]\ncode = "{high:03}.{low:02}.00.H98"'
        yield f'name = "Cơ quan giả định số {number}"\nname_en = "Made-up office {number}"\nkind = "test"'


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
