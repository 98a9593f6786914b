"""Wrong systems for the chapter *forms*: readers of one form, and those for whom a text may not be long."""

from conformance.mutants.forms import lengths, packets, statuses
from simulator.agency.dms import Dms

__all__ = ["MUTANTS"]

MUTANTS: tuple[type[Dms], ...] = (*packets.MUTANTS, *statuses.MUTANTS, *lengths.MUTANTS)
