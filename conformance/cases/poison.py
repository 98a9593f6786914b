"""Chapter *poison*: hostile and broken packages between good ones."""

from conformance.case import Case

__all__ = ["CASES"]

CASES: tuple[Case, ...] = ()
