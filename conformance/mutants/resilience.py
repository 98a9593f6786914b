"""Wrong systems for the chapter *resilience*: an axis that is slow, down, garbled, restarted."""

from simulator.agency.dms import Dms

__all__ = ["MUTANTS"]

MUTANTS: tuple[type[Dms], ...] = ()
