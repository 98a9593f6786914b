"""Chapter *recall*: BussinessDocType 1: recalls sent and received."""

from conformance.case import Case

__all__ = ["CASES"]

CASES: tuple[Case, ...] = ()
