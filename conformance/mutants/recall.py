"""Wrong systems for the chapter *recall*: BussinessDocType 1: recalls sent and received."""

from simulator.agency.dms import Dms

__all__ = ["MUTANTS"]

MUTANTS: tuple[type[Dms], ...] = ()
