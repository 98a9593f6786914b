"""Chapter *receiving*: what arrives at the SUT, in which form, and what it does with it."""

from conformance.case import Case
from conformance.cases.receiving import arrival, attachments, broken, content, duplicates, forms, stored

__all__ = ["CASES"]

CASES: tuple[Case, ...] = (
    *arrival.CASES,
    *attachments.CASES,
    *forms.CASES,
    *content.CASES,
    *broken.CASES,
    *duplicates.CASES,
    *stored.CASES,
)
