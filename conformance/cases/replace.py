"""Chapter *replace*: BussinessDocType 3: replacements sent and received."""

from conformance.case import Case

__all__ = ["CASES"]

CASES: tuple[Case, ...] = ()
