"""Wrong systems for the chapter *urgency*: levels of urgency and time limits."""

from simulator.agency.dms import Dms

__all__ = ["MUTANTS"]

MUTANTS: tuple[type[Dms], ...] = ()
