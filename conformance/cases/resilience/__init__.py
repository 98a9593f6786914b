"""Chapter *resilience*: an axis that is slow, down or answers nonsense. Nothing is lost, nothing comes twice."""

from conformance.case import Case
from conformance.cases.resilience import confirming, fetching, lists, outages, sending

__all__ = ["CASES"]

CASES: tuple[Case, ...] = (*sending.CASES, *fetching.CASES, *confirming.CASES, *lists.CASES, *outages.CASES)
