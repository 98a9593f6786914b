"""The chapter *urgency*: levels of urgency and time limits, both ways. UR-01 to UR-03, TM-04 to TM-06, ST-07."""

from conformance.case import Case
from conformance.cases.urgency import leaving, receiving

__all__ = ["CASES"]

CASES: tuple[Case, ...] = (*leaving.CASES, *receiving.CASES)
