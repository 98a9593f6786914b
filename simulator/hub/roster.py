"""Who is on the axis, as the store remembers it: secrets, added systems, registrations, put over the topology."""

import contextlib
import json
import secrets
from dataclasses import asdict

from simulator.hub.directory import Directory, System, of_topology
from simulator.hub.store.reading import Past, StoredSystem
from simulator.hub.store.transaction import Transaction
from simulator.topology import Topology, Unit

__all__ = ["give_secrets", "new_secret", "remembered", "stored"]


def new_secret() -> str:
    """A secret made at run time; nothing else is derived from it, and it from nothing."""
    return secrets.token_urlsafe(32)


def give_secrets(topology: Topology, transaction: Transaction) -> None:
    """A secret for every system of ``topology`` that has none yet; the others keep theirs."""
    known = {system.system_id for system in transaction.systems()}
    for node in topology.nodes:
        if node.system_id not in known:
            transaction.put_system(StoredSystem(node.system_id, new_secret(), node.passive, False, "[]"))


def stored(directory: Directory) -> list[StoredSystem]:
    """The rows of all added systems: each with the units that it answers for now, because units may move."""
    return [
        StoredSystem(
            system.system_id,
            system.secret,
            system.passive,
            True,
            json.dumps([asdict(entry.unit) for entry in directory.units(system.system_id, with_registered=False)]),
        )
        for system in directory.systems.values()
        if system.added
    ]


def remembered(topology: Topology, past: Past) -> Directory:
    """The directory that topology, added systems and registrations make, in that order."""
    systems = past.systems()
    directory = of_topology(topology, {each.system_id: each.secret for each in systems})
    for each in systems:
        if each.added:
            system = System(each.system_id, each.secret, passive=each.passive, added=True)
            directory = directory.with_system(system, [_unit(row) for row in json.loads(each.units)])
    for line in past.registrations():
        if line.deleted:
            with contextlib.suppress(KeyError):  # its system may be gone with another topology
                directory = directory.with_closed(line.unit, at=line.at)
        elif line.system_id in directory.systems:
            directory = directory.with_registered(
                line.unit,
                system_id=line.system_id,
                parent=line.parent,
                name=line.name,
                mail=line.mail,
                at=line.at,
            )
    return directory


def _unit(row: dict[str, object]) -> Unit:
    aliases = row.pop("aliases", ())
    return Unit(**row, aliases=tuple(aliases))  # type: ignore[arg-type]  # written by asdict(Unit)
