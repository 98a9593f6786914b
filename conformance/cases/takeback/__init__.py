"""Chapter *takeback*: status 13 and its answers, beyond what chapter *status* looks at."""

from conformance.case import Case
from conformance.cases.takeback import asked, asking

__all__ = ["CASES"]

CASES: tuple[Case, ...] = (*asked.CASES, *asking.CASES)
