"""Chapter *refusal*: what the hub refuses, and what the sender's clerk sees of it."""

from conformance.case import Case

__all__ = ["CASES"]

CASES: tuple[Case, ...] = ()
