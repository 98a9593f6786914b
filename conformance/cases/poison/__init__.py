"""Chapter *poison*: hostile and broken packages between good ones. The good ones arrive, the poison is refused."""

from conformance.case import Case
from conformance.cases.poison import content, xml

__all__ = ["CASES"]

CASES: tuple[Case, ...] = (*xml.CASES, *content.CASES)
