"""Wrong systems for the chapter *poison*: hostile and broken packages between good ones."""

from simulator.agency.dms import Dms

__all__ = ["MUTANTS"]

MUTANTS: tuple[type[Dms], ...] = ()
