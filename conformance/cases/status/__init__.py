"""Chapter *status*: 01 … 06, 13, 15, 16: when they leave, what they carry, and what the sender sees of them."""

from conformance.case import Case
from conformance.cases.status import chain, disorder, packet, refusal, sender, take_back

__all__ = ["CASES"]

CASES: tuple[Case, ...] = (
    *chain.CASES,
    *refusal.CASES,
    *packet.CASES,
    *sender.CASES,
    *disorder.CASES,
    *take_back.CASES,
)
