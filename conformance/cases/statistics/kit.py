"""Readings of ``GET /control/statistics`` and what lies between two of them.

Other cases work with the same SUT, so exact differences are only taken in cases that run alone (``Wave.ALONE``), over
a range with a day to spare on both sides: a run may pass midnight.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from conformance.case import Case, Wave
from conformance.evidence import CaseEvidence, Record, Unseen
from conformance.finding import Check, Cited, Finding
from conformance.stage import Stage
from simulator.words import Text

__all__ = ["Counted", "Reading", "counted", "read", "reading", "zeros"]

_CALL = "GET /control/statistics"
_NONE = Text("the SUT gave no figures for '{label}' ({status})", "SUT không cho số liệu '{label}' ({status})")
_OFFER = Text(
    "offer GET /control/statistics in the control API (contract, section 4)",
    "cung cấp GET /control/statistics trong API điều khiển (mục 4 của hợp đồng)",
)


class Counted(Case):
    """A case that compares figures exactly: alone, so that whatever changes is its own."""

    capability = "statistics"
    wave = Wave.ALONE


@dataclass(frozen=True, slots=True)
class Reading:
    """One answer. None where a member is no whole number; ``by_status`` without its zeros."""

    record: Record
    sent: int | None
    received: int | None
    by_status: Counter[str]

    @property
    def n(self) -> int:
        """The number of its record."""
        return self.record.n

    def of(self, box: str) -> int | None:
        """``sent`` or ``received``."""
        return self.sent if box == "sent" else self.received


async def read(stage: Stage, label: str, *, before: int = 1, after: int = 1) -> None:
    """Read the figures of today, with so many days before and after it, under ``label``."""
    today = stage.now().date()
    first, last = today - timedelta(days=before), today + timedelta(days=after)
    await stage.statistics(first=first.isoformat(), last=last.isoformat())
    stage.note("reading", label=label)


def reading(evidence: CaseEvidence, label: str) -> Reading:
    """The figures that were read under ``label``. Raises Unseen where there are none."""
    note = evidence.noted("reading", label=label)
    record = [act for act in evidence.acts(_CALL) if act.n < note.n][-1]
    if not 200 <= record["status"] < 300:
        raise Unseen(_NONE.filled(label=label, status=record["status"]), record, remedy=_OFFER)
    answer: Mapping[str, Any] = record["answer"]
    by_status = answer.get("by_status")
    rows = by_status.items() if isinstance(by_status, Mapping) else ()
    numbers = Counter({str(code): _whole(number) or 0 for code, number in rows})
    return Reading(record, _whole(answer.get("sent")), _whole(answer.get("received")), +numbers)


def zeros(found: Reading) -> bool:
    """Whether it says that there was nothing."""
    return (found.sent, found.received, found.by_status) == (0, 0, Counter())


def counted(
    check: Check, evidence: CaseEvidence, box: str, *, between: tuple[str, str], wanted: int, cites: tuple[Cited, ...]
) -> Finding:
    """``box`` (sent, received) had to grow by exactly ``wanted`` between the two readings."""
    one, two = (reading(evidence, label) for label in between)
    before, after = one.of(box), two.of(box)
    grown = None if before is None or after is None else after - before
    word = {"sent": "gửi đi", "received": "nhận"}[box]
    return check.decide(
        grown == wanted,
        *cites,
        one,
        two,
        held=Text(f"{box}: {before} → {after}, difference 0", f"số văn bản {word}: {before} → {after}, chênh lệch 0"),
        broken=Text(
            f"{box}: {before} → {after}; the axis saw {wanted} more",
            f"số văn bản {word}: {before} → {after}; trục ghi nhận tăng {wanted}",
        ),
    )


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
