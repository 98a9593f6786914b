"""Wrong receivers: what they do to packages that arrive. One module beside each module of the chapter's cases."""

from conformance.mutants.receiving import arrival, attachments, broken, content, duplicates, forms, stored
from simulator.agency.dms import Dms

__all__ = ["MUTANTS"]

MUTANTS: tuple[type[Dms], ...] = (
    *arrival.MUTANTS,
    *attachments.MUTANTS,
    *forms.MUTANTS,
    *content.MUTANTS,
    *broken.MUTANTS,
    *duplicates.MUTANTS,
    *stored.MUTANTS,
)
