"""Wrong systems for the chapter *update*: BussinessDocType 2: updates sent and received."""

from conformance.mutants.update import applied, ordered
from simulator.agency.dms import Dms

__all__ = ["MUTANTS"]

MUTANTS: tuple[type[Dms], ...] = (*applied.MUTANTS, *ordered.MUTANTS)
