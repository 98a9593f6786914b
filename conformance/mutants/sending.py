"""Wrong systems for the chapter *sending*: what leaves the SUT: envelope, fields, receivers, and what it refuses to send."""

from simulator.agency.dms import Dms

__all__ = ["MUTANTS"]

MUTANTS: tuple[type[Dms], ...] = ()
