"""The chapter *text*: Unicode forms, special characters, marks that cannot be seen, both ways. EN-01 to EN-04."""

from conformance.case import Case
from conformance.cases.text import arriving, codes, comparing, leaving

__all__ = ["CASES"]

CASES: tuple[Case, ...] = (*arriving.CASES, *codes.CASES, *comparing.CASES, *leaving.CASES)
