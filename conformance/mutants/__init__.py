"""Deliberately wrong systems: each overrides one method of the reference DMS, and names the checks that catch it.

A mutant is evidence for our checks: a check that no mutant breaks has never been seen to fail (pitfall 110).
"""

from conformance.mutants import (
    addressing,
    attachments,
    directory,
    forms,
    identifiers,
    late,
    ordering,
    poison,
    recall,
    receiving,
    refusal,
    replace,
    resilience,
    run,
    secrecy,
    sending,
    sharing,
    signatures_packet,
    signatures_pdf,
    statistics,
    status,
    takeback,
    text,
    transport,
    update,
    urgency,
)
from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms

__all__ = ["MUTANTS", "Mutant", "UnknownMutant", "by_id"]

MUTANTS: tuple[type[Dms], ...] = (
    *sending.MUTANTS,
    *receiving.MUTANTS,
    *status.MUTANTS,
    *urgency.MUTANTS,
    *update.MUTANTS,
    *replace.MUTANTS,
    *recall.MUTANTS,
    *takeback.MUTANTS,
    *ordering.MUTANTS,
    *attachments.MUTANTS,
    *sharing.MUTANTS,
    *late.MUTANTS,
    *addressing.MUTANTS,
    *text.MUTANTS,
    *identifiers.MUTANTS,
    *directory.MUTANTS,
    *refusal.MUTANTS,
    *resilience.MUTANTS,
    *poison.MUTANTS,
    *secrecy.MUTANTS,
    *signatures_packet.MUTANTS,
    *signatures_pdf.MUTANTS,
    *transport.MUTANTS,
    *statistics.MUTANTS,
    *forms.MUTANTS,
    *run.MUTANTS,
)
"""All of them; each class has an attribute ``mutant``."""


class UnknownMutant(LookupError):
    """There is no mutant of that id."""


def facts_of(kind: type[Dms]) -> Mutant:
    """The ``mutant`` attribute of the class. Raises TypeError where a class in the tuple has none."""
    mutant = getattr(kind, "mutant", None)
    if not isinstance(mutant, Mutant):
        raise TypeError(f"{kind.__name__} has no attribute 'mutant'")
    return mutant


def by_id(mutant_id: str) -> type[Dms]:
    """The mutant of that id; of ``a+b``: one system with both defects. Raises UnknownMutant."""
    known = {facts_of(kind).id: kind for kind in MUTANTS}
    try:
        first, *others = [known[each] for each in mutant_id.split("+")]
    except KeyError as unknown:
        raise UnknownMutant(mutant_id) from unknown
    return type("Several", (first, *others), {}) if others else first
