"""Chapter *update*: BussinessDocType 2: updates sent and received."""

from conformance.case import Case

__all__ = ["CASES"]

CASES: tuple[Case, ...] = ()
