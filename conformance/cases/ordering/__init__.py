"""The chapter *ordering*: what arrives twice, too early, too late, or all at once. DU-01 to DU-03, ST-10, ST-11."""

from conformance.case import Case
from conformance.cases.ordering import copies, early, heap, one_list, resend, statuses

__all__ = ["CASES"]

CASES: tuple[Case, ...] = (
    *copies.CASES, *early.CASES, *heap.CASES, *one_list.CASES, *statuses.CASES, *resend.CASES,
)  # fmt: skip
