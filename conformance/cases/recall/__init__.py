"""Chapter *recall*: BussinessDocType 1: recalls sent and received."""

from conformance.case import Case
from conformance.cases.recall import applied, linked, ordered, refused

__all__ = ["CASES"]

CASES: tuple[Case, ...] = (*applied.CASES, *linked.CASES, *refused.CASES, *ordered.CASES)
