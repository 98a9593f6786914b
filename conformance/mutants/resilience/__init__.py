"""Wrong systems for the chapter *resilience*: they lose, double, give up or stop when the axis misbehaves."""

from conformance.mutants.resilience import mortal, pages, receivers, senders
from simulator.agency.dms import Dms

__all__ = ["MUTANTS"]

MUTANTS: tuple[type[Dms], ...] = (*senders.MUTANTS, *receivers.MUTANTS, *pages.MUTANTS, *mortal.MUTANTS)
