"""Wrong systems for the chapter *refusal*: what the hub refuses, and what the sender's clerk sees of it."""

from simulator.agency.dms import Dms

__all__ = ["MUTANTS"]

MUTANTS: tuple[type[Dms], ...] = ()
