"""Chapter *ordering*: duplicates, order, and what arrives twice or too early."""

from conformance.case import Case

__all__ = ["CASES"]

CASES: tuple[Case, ...] = ()
