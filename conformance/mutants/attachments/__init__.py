"""Wrong systems for the chapter *attachments*: names, sizes, forms and damage of attached files."""

from conformance.mutants.attachments import damaged, received, sent
from simulator.agency.dms import Dms

__all__ = ["MUTANTS"]

MUTANTS: tuple[type[Dms], ...] = (*received.MUTANTS, *damaged.MUTANTS, *sent.MUTANTS)
