"""What the reference system makes of signatures: on the packet, in its PDFs, and both in one word for the clerk.

The certificates that it trusts are PEM files in a folder (``root-*.pem`` and ``sub-ca-*.pem``), read when they are
needed: an authority that is installed today counts today.
"""

from collections.abc import Iterable
from pathlib import Path

from cryptography import x509

from simulator.agency.kit.office import Office
from simulator.protocol.packet_signing import Verification, verify

__all__ = ["PacketSignatures", "authorities_in", "combined"]

_INSTALLED = ("root-*.pem", "sub-ca-*.pem")


def authorities_in(trust: Path | None) -> tuple[x509.Certificate, ...]:
    """The installed authorities; () where there are none. A file that is no certificate is left out."""
    found: list[x509.Certificate] = []
    for path in sorted(each for pattern in _INSTALLED for each in trust.glob(pattern)) if trust else ():
        try:
            found += x509.load_pem_x509_certificates(path.read_bytes())
        except (OSError, ValueError):
            continue
    return tuple(found)


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
