"""Chapter *urgency*: levels of urgency and time limits."""

from conformance.case import Case

__all__ = ["CASES"]

CASES: tuple[Case, ...] = ()
