"""Chapter *refusal*: the axis refuses what the SUT sends. The clerk sees it, with the reason, and nothing loops."""

from conformance.case import Case
from conformance.cases.refusal import for_good, for_now

__all__ = ["CASES"]

CASES: tuple[Case, ...] = (*for_good.CASES, *for_now.CASES)
