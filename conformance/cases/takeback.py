"""Chapter *takeback*: statuses 13, 15, 16: taking a document back."""

from conformance.case import Case

__all__ = ["CASES"]

CASES: tuple[Case, ...] = ()
