"""Wrong senders: what leaves them, and what they do not refuse. One module for each concern of the cases."""

from conformance.mutants.sending import dates, envelope, fields, files, numbers, receivers, refusals
from simulator.agency.dms import Dms

__all__ = ["MUTANTS"]

MUTANTS: tuple[type[Dms], ...] = (
    *envelope.MUTANTS,
    *fields.MUTANTS,
    *dates.MUTANTS,
    *numbers.MUTANTS,
    *receivers.MUTANTS,
    *files.MUTANTS,
    *refusals.MUTANTS,
)
