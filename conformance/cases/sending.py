"""Chapter *sending*: what leaves the SUT: envelope, fields, receivers, and what it refuses to send."""

from conformance.case import Case

__all__ = ["CASES"]

CASES: tuple[Case, ...] = ()
