"""Chapter *resilience*: an axis that is slow, down, garbled, restarted."""

from conformance.case import Case

__all__ = ["CASES"]

CASES: tuple[Case, ...] = ()
