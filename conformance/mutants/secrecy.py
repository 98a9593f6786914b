"""Wrong systems for the chapter *secrecy*: what must never leave, and dates that must not be bent."""

from simulator.agency.dms import Dms

__all__ = ["MUTANTS"]

MUTANTS: tuple[type[Dms], ...] = ()
