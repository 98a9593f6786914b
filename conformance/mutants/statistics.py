"""Wrong systems for the chapter *statistics*: the SUT's own figures against the hub's truth."""

from simulator.agency.dms import Dms

__all__ = ["MUTANTS"]

MUTANTS: tuple[type[Dms], ...] = ()
