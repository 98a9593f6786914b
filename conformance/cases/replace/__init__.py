"""Chapter *replace*: BussinessDocType 3: replacements sent and received."""

from conformance.case import Case
from conformance.cases.replace import applied, ordered, refused

__all__ = ["CASES"]

CASES: tuple[Case, ...] = (*applied.CASES, *refused.CASES, *ordered.CASES)
