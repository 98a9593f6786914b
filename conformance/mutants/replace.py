"""Wrong systems for the chapter *replace*: BussinessDocType 3: replacements sent and received."""

from simulator.agency.dms import Dms

__all__ = ["MUTANTS"]

MUTANTS: tuple[type[Dms], ...] = ()
