"""Wrong systems for the chapter *recall*: BussinessDocType 1: recalls sent and received."""

from conformance.mutants.recall import aimed, applied, ordered, shown
from simulator.agency.dms import Dms

__all__ = ["MUTANTS"]

MUTANTS: tuple[type[Dms], ...] = (*applied.MUTANTS, *aimed.MUTANTS, *ordered.MUTANTS, *shown.MUTANTS)
