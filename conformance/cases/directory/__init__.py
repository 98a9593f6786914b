"""Chapter *directory*: the unit catalogue, how it changes, and what a system makes of dirt and outages."""

from conformance.case import Case
from conformance.cases.directory import long, odd, units

__all__ = ["CASES"]

CASES: tuple[Case, ...] = (*units.CASES, *odd.CASES, *long.CASES)
