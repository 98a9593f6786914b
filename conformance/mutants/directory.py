"""Wrong systems for the chapter *directory*: the unit catalogue and how it changes."""

from simulator.agency.dms import Dms

__all__ = ["MUTANTS"]

MUTANTS: tuple[type[Dms], ...] = ()
