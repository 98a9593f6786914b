"""Wrong reporters: what they say of a document, to whom and when, and what they make of what others say."""

from conformance.mutants.status import chain, disorder, packet, refusal, sender, take_back
from simulator.agency.dms import Dms

__all__ = ["MUTANTS"]

MUTANTS: tuple[type[Dms], ...] = (
    *chain.MUTANTS,
    *refusal.MUTANTS,
    *packet.MUTANTS,
    *sender.MUTANTS,
    *disorder.MUTANTS,
    *take_back.MUTANTS,
)
