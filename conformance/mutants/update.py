"""Wrong systems for the chapter *update*: BussinessDocType 2: updates sent and received."""

from simulator.agency.dms import Dms

__all__ = ["MUTANTS"]

MUTANTS: tuple[type[Dms], ...] = ()
