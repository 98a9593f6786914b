"""Chapter *directory*: the unit catalogue and how it changes."""

from conformance.case import Case

__all__ = ["CASES"]

CASES: tuple[Case, ...] = ()
