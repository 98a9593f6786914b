"""Wrong systems for the chapter *text*: Unicode forms, special characters, marks that cannot be seen."""

from conformance.mutants.text import received, sent
from simulator.agency.dms import Dms

__all__ = ["MUTANTS"]

MUTANTS: tuple[type[Dms], ...] = (*received.MUTANTS, *sent.MUTANTS)
