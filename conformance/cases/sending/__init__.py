"""Chapter *sending*: what leaves the SUT: envelope, fields, receivers, and what it refuses to send."""

from conformance.case import Case
from conformance.cases.sending import envelope, fields, files, incomplete, numbers, receivers, types

__all__ = ["CASES"]

CASES: tuple[Case, ...] = (
    *envelope.CASES,
    *fields.CASES,
    *numbers.CASES,
    *types.CASES,
    *receivers.CASES,
    *files.CASES,
    *incomplete.CASES,
)
