"""Wrong systems for the chapter *identifiers*: unit codes in both forms, renamed, merged, closed and unknown units."""

from simulator.agency.dms import Dms

__all__ = ["MUTANTS"]

MUTANTS: tuple[type[Dms], ...] = ()
