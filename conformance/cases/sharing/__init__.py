"""The chapter *sharing*: one file in two documents, one name for two files; what befalls one spares the other."""

from conformance.case import Case
from conformance.cases.sharing import both_ways, refused, together

__all__ = ["CASES"]

CASES: tuple[Case, ...] = (*together.CASES, *refused.CASES, *both_ways.CASES)
