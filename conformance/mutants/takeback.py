"""Wrong systems for the chapter *takeback*: statuses 13, 15, 16: taking a document back."""

from simulator.agency.dms import Dms

__all__ = ["MUTANTS"]

MUTANTS: tuple[type[Dms], ...] = ()
