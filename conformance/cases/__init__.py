"""Every case of the suite, chapter by chapter. A new case is one class and one line in its file's tuple."""

from conformance.case import Case
from conformance.cases import (
    addressing,
    attachments,
    directory,
    forms,
    identifiers,
    late,
    ordering,
    poison,
    recall,
    receiving,
    refusal,
    replace,
    resilience,
    secrecy,
    sending,
    sharing,
    signatures,
    statistics,
    status,
    takeback,
    text,
    transport,
    update,
    urgency,
)

__all__ = ["CASES", "chapters", "named"]

CASES: tuple[Case, ...] = (
    *sending.CASES,
    *receiving.CASES,
    *forms.CASES,
    *status.CASES,
    *urgency.CASES,
    *update.CASES,
    *replace.CASES,
    *recall.CASES,
    *takeback.CASES,
    *ordering.CASES,
    *attachments.CASES,
    *sharing.CASES,
    *late.CASES,
    *addressing.CASES,
    *text.CASES,
    *identifiers.CASES,
    *directory.CASES,
    *refusal.CASES,
    *resilience.CASES,
    *poison.CASES,
    *secrecy.CASES,
    *signatures.CASES,
    *transport.CASES,
    *statistics.CASES,
)
"""All of them, in the order in which reports print them."""


def chapters() -> tuple[str, ...]:
    """The chapters, in order."""
    return tuple(dict.fromkeys(case.chapter for case in CASES))


def named(word: str) -> tuple[Case, ...]:
    """The case of that id, or all cases of that chapter; () where there is neither."""
    return tuple(case for case in CASES if word in (case.id, case.chapter))
