"""Wrong systems for the chapter *ordering*: duplicates, order, and what arrives twice or too early."""

from conformance.mutants.ordering import copies, early, heap, resend
from simulator.agency.dms import Dms

__all__ = ["MUTANTS"]

MUTANTS: tuple[type[Dms], ...] = (*copies.MUTANTS, *early.MUTANTS, *heap.MUTANTS, *resend.MUTANTS)
