"""What the reference system makes of signatures: on the packet, in its PDFs, and both in one word for the clerk.

The certificates that it trusts (simulator/trust.py) are read when they are needed: an authority that is installed today
counts today.
"""

from collections.abc import Iterable

from cryptography import x509

from simulator.agency.kit.office import Office
from simulator.protocol.packet_signing import Verification, verify
from simulator.trust import authorities_in

__all__ = ["PacketSignatures", "combined"]


def combined(words: Iterable[str]) -> str:
    """One word for all: the first of invalid, unchecked, valid, absent that was said of any (SG-08)."""
    said = {*words}
    return next((word for word in ("invalid", "unchecked", "valid") if word in said), "absent")


class PacketSignatures(Office):
    """Verifying the packet's own signature; every step can be replaced alone."""

    def packet_signature(self, data: bytes) -> str:
        """``valid``, ``invalid`` or ``absent``; ``unchecked`` where no certificates are installed here.

        An empty element is ``absent`` (pitfall 41). SHA-1 is accepted: no cut-off date is published (KS-04).
        """
        found = self.packet_verification(data)
        if not found.present:
            return "absent"
        if not self.authorities():
            return "unchecked"
        return "valid" if found.valid else "invalid"

    def packet_verification(self, data: bytes) -> Verification:
        """What the block is worth by the certificates installed here, at the moment of arrival."""
        if b"Signature" not in data:
            return Verification(False)
        return verify(data, anchors=self.authorities(), at=self.now())

    def authorities(self) -> tuple[x509.Certificate, ...]:
        """The roots and the authorities below them that are installed here."""
        return authorities_in(self.config.trust)
