"""Chapter *update*: BussinessDocType 2: updates sent and received."""

from conformance.case import Case
from conformance.cases.update import applied, flags, life, ordered, refused, stored

__all__ = ["CASES"]

CASES: tuple[Case, ...] = (*applied.CASES, *stored.CASES, *flags.CASES, *life.CASES, *refused.CASES, *ordered.CASES)
