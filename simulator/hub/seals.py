"""What the axis says of a packet's signature when it takes the packet in: one of four words, and why not.

Whatever needs certificates is loaded with the first signed packet: an axis that sees none starts and lives without it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from simulator.words import Text

if TYPE_CHECKING:
    from cryptography import x509

__all__ = ["ABSENT", "UNCHECKED", "Seal", "sealed"]


class Seal(NamedTuple):
    """``word``: valid, invalid, absent or unchecked. ``flaw``: why it is invalid."""

    word: str
    flaw: Text | None = None


VALID = Seal("valid")
ABSENT = Seal("absent")
"""No block, or an empty one."""
UNCHECKED = Seal("unchecked")
"""Not looked at; or it holds, and nobody here can tell whose it is."""


def sealed(data: bytes, *, authorities: Sequence["x509.Certificate"], at: datetime) -> Seal:
    """What the signature of the packet ``data`` is worth at ``at``. A broken one is invalid whoever is trusted."""
    from simulator.protocol.packet_signing import Step, verify

    found = verify(data, anchors=authorities, at=at)
    if not found.present:
        return ABSENT
    if found.flaw is None:
        return VALID
    return UNCHECKED if found.step is Step.CHAIN and not authorities else Seal("invalid", found.flaw)
