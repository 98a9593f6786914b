"""From a leaf to a root: does a certificate lead to one of the installed authorities at a given moment? Pure.

Real signed files carry the leaf only, so the authorities between come from what is installed (scenarios KS-01). A
root's own signature says nothing about trust and is never looked at: the old Government root is sha1WithRSA (KS-03).
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from simulator.words import Text

__all__ = ["chain_flaw", "is_root"]

_LONGEST = 8


class _Asked(NamedTuple):
    """Which way is looked for. Its hash is that of the leaf: that of every certificate costs more than the answer."""

    leaf: x509.Certificate
    anchors: tuple[x509.Certificate, ...]
    carried: tuple[x509.Certificate, ...]

    def __hash__(self) -> int:
        return hash(self.leaf)


class _Way(NamedTuple):
    """The certificates from a leaf upwards, each with the first and last moment of its validity, and what is wrong at
    the end; None: it is an installed root."""

    steps: tuple[tuple[x509.Certificate, datetime, datetime], ...]
    end: Text | None


def chain_flaw(
    leaf: x509.Certificate,
    anchors: Sequence[x509.Certificate],
    at: datetime,
    *,
    carried: Sequence[x509.Certificate] = (),
) -> Text | None:
    """What keeps ``leaf`` from leading to a root among ``anchors`` at the aware moment ``at``; None where nothing does.

    ``carried``: certificates that came with the message. They may be links of the chain, never its end. The way is
    found once for the same certificates; the dates on it are judged each time.
    """
    way = _way(_Asked(leaf, tuple(anchors), tuple(carried)))
    at = at.astimezone(UTC)  # moments of one zone are compared without a question to it
    for step, first, last in way.steps:
        if not first <= at <= last:
            return _OUT_OF_TIME.filled(name=_name(step), first=first.date(), last=last.date())
    return way.end


@lru_cache(256)
def _way(asked: _Asked) -> _Way:
    steps: list[tuple[x509.Certificate, datetime, datetime]] = []
    step = asked.leaf
    for _ in range(_LONGEST):
        steps.append((step, step.not_valid_before_utc, step.not_valid_after_utc))
        if is_root(step):
            return _Way(tuple(steps), None if step in asked.anchors else _UNKNOWN_ROOT.filled(name=_name(step)))
        issuer = next((each for each in (*asked.anchors, *asked.carried) if _issued(each, step)), None)
        if issuer is None:
            end = _NO_ISSUER.filled(name=_name(step), issuer=step.issuer.rfc4514_string())
            return _Way(tuple(steps), end)
        step = issuer
    return _Way(tuple(steps), _TOO_LONG.filled(name=_name(asked.leaf)))


def is_root(certificate: x509.Certificate) -> bool:
    """Whether it names itself as its issuer."""
    return certificate.subject == certificate.issuer


def _issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    """An authority of that name whose key made this certificate's signature, with whichever digest."""
    digest = certificate.signature_hash_algorithm
    if issuer.subject != certificate.issuer or not _is_authority(issuer) or digest is None:
        return False
    key = issuer.public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            padding = certificate.signature_algorithm_parameters
            if padding is None or isinstance(padding, ec.ECDSA):
                return False
            key.verify(certificate.signature, certificate.tbs_certificate_bytes, padding, digest)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(certificate.signature, certificate.tbs_certificate_bytes, ec.ECDSA(digest))
        else:
            return False
    except (InvalidSignature, UnsupportedAlgorithm, TypeError, ValueError):
        return False
    return True


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        if not certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca:
            return False
        return certificate.extensions.get_extension_for_class(x509.KeyUsage).value.key_cert_sign
    except x509.ExtensionNotFound as missing:
        return missing.oid == x509.KeyUsage.oid
    except ValueError:
        return False


def _name(certificate: x509.Certificate) -> str:
    return certificate.subject.rfc4514_string()


_OUT_OF_TIME = Text(
    en="the certificate of {name} is valid from {first} to {last} only",
    vi="chứng thư của {name} chỉ có hiệu lực từ {first} đến {last}",
)
_UNKNOWN_ROOT = Text(
    en="{name} is a root that is not trusted here", vi="{name} là chứng thư gốc không được tin cậy tại đây"
)
_NO_ISSUER = Text(
    en="the certificate of {name} was issued by {issuer}, which is not installed here or did not sign it",
    vi="chứng thư của {name} do {issuer} cấp; tổ chức này chưa được cài đặt tại đây hoặc không phải bên đã ký",
)
_TOO_LONG = Text(
    en="the chain of {name} does not end at a root", vi="chuỗi chứng thư của {name} không dẫn tới chứng thư gốc"
)
