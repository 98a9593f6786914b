"""The chapter *attachments*: names, sizes, forms and damage of attached files, in both directions. AT-01 to AT-08."""

from conformance.case import Case
from conformance.cases.attachments import amount, damaged, kinds, names, outgoing

__all__ = ["CASES"]

CASES: tuple[Case, ...] = (
    *names.CASES,
    *amount.CASES,
    *kinds.CASES,
    *damaged.CASES,
    *outgoing.CASES,
)
