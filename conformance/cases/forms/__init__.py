"""Chapter *forms*: every kind of packet in every lawful form, pairwise, and texts of every length, both ways."""

from conformance.case import Case
from conformance.cases.forms import documents, lengths, orders, statuses

__all__ = ["CASES"]

CASES: tuple[Case, ...] = (*documents.CASES, *orders.CASES, *statuses.CASES, *lengths.CASES)
