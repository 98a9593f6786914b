"""Chapter *identifiers*: both forms of a unit's code, long ones, registration numbers, closed and unknown units."""

from conformance.case import Case
from conformance.cases.identifiers import forms, lengths, lifetime

__all__ = ["CASES"]

CASES: tuple[Case, ...] = (*forms.CASES, *lengths.CASES, *lifetime.CASES)
