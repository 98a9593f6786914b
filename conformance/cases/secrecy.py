"""Chapter *secrecy*: what must never leave, and dates that must not be bent."""

from conformance.case import Case

__all__ = ["CASES"]

CASES: tuple[Case, ...] = ()
