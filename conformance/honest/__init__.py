"""Right systems of other lawful habits: each overrides as little of the reference DMS as its habit needs.

An honest variant is evidence for our judge: a right system that is accused has found a wrong verdict. It is accused
where its run ends ``not-conformant``, or where a check fails, or warns and is not among those that it names as known.
"""

from conformance.honest import connecting, desk, lists, sending, tempo
from conformance.honest.variant import Honest, Known
from simulator.agency.dms import Dms

__all__ = ["HONEST", "Honest", "Known", "UnknownHonest", "by_id", "facts_of"]

HONEST: tuple[type[Dms], ...] = (
    *tempo.HONEST,
    *lists.HONEST,
    *desk.HONEST,
    *sending.HONEST,
    *connecting.HONEST,
)
"""All of them; each class has an attribute ``honest``."""


class UnknownHonest(LookupError):
    """There is no honest variant of that id."""


def facts_of(kind: type[Dms]) -> Honest:
    """The ``honest`` attribute of the class. Raises TypeError where a class in the tuple has none."""
    honest = getattr(kind, "honest", None)
    if not isinstance(honest, Honest):
        raise TypeError(f"{kind.__name__} has no attribute 'honest'")
    return honest


def by_id(honest_id: str) -> type[Dms]:
    """The variant of that id. Raises UnknownHonest."""
    for kind in HONEST:
        if facts_of(kind).id == honest_id:
            return kind
    raise UnknownHonest(honest_id)
