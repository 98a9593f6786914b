"""Wrong systems for the chapter *ordering*: duplicates, order, and what arrives twice or too early."""

from simulator.agency.dms import Dms

__all__ = ["MUTANTS"]

MUTANTS: tuple[type[Dms], ...] = ()
