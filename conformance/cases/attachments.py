"""Chapter *attachments*: names, sizes, forms and damage of attached files."""

from conformance.case import Case

__all__ = ["CASES"]

CASES: tuple[Case, ...] = ()
