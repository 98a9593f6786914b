"""Chapter *statistics*: the SUT's own figures against the hub's truth."""

from conformance.case import Case

__all__ = ["CASES"]

CASES: tuple[Case, ...] = ()
