"""Chapter *text*: Unicode forms, special characters, marks that cannot be seen."""

from conformance.case import Case

__all__ = ["CASES"]

CASES: tuple[Case, ...] = ()
