"""Chapter *statistics*: the SUT's own figures against what the axis saw, and what its books show of each document."""

from conformance.case import Case
from conformance.cases.statistics import kinds, numbers, shown

__all__ = ["CASES"]

CASES: tuple[Case, ...] = (*numbers.CASES, *kinds.CASES, *shown.CASES)
