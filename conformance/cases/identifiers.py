"""Chapter *identifiers*: unit codes in both forms, renamed, merged, closed and unknown units."""

from conformance.case import Case

__all__ = ["CASES"]

CASES: tuple[Case, ...] = ()
