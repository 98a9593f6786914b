"""The chapter *signatures*: on packets, in PDF files, and time-stamps. SG-08, SG-11, SG-16, BD-02, BD-05."""

from conformance.case import Case
from conformance.cases.signatures import packet, pdf, stamp

__all__ = ["CASES"]

CASES: tuple[Case, ...] = (*packet.CASES, *pdf.CASES, *stamp.CASES)
