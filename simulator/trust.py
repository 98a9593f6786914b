"""The authorities that somebody has installed: PEM files in a folder, ``root-*.pem`` and ``sub-ca-*.pem``."""

from collections.abc import Iterable
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

__all__ = ["authorities_in", "packed", "unpacked"]

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


def packed(authorities: Iterable[x509.Certificate]) -> tuple[bytes, ...]:
    """The same in a form that another process can be told."""
    return tuple(each.public_bytes(Encoding.DER) for each in authorities)


def unpacked(told: Iterable[bytes]) -> tuple[x509.Certificate, ...]:
    """What ``packed`` was given."""
    return tuple(map(x509.load_der_x509_certificate, told))
