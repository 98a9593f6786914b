"""From a leaf to a root: does a certificate lead to one of the installed authorities at a given moment? Pure.

Real signed files carry the leaf only, so the authorities between come from what is installed (scenarios KS-01). A
root's own signature says nothing about trust and is never looked at: the old Government root is sha1WithRSA (KS-03).
"""

from collections.abc import Sequence
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from simulator.words import Text

__all__ = ["chain_flaw", "is_root"]

_LONGEST = 8


def chain_flaw(
    leaf: x509.Certificate,
    anchors: Sequence[x509.Certificate],
    at: datetime,
    *,
    carried: Sequence[x509.Certificate] = (),
) -> Text | None:
    """What keeps ``leaf`` from leading to a root among ``anchors`` at the aware moment ``at``; None where nothing does.

    ``carried``: certificates that came with the message. They may be links of the chain, never its end.
    """
    step, named = leaf, _NO_ISSUER
    for _ in range(_LONGEST):
        if not step.not_valid_before_utc <= at <= step.not_valid_after_utc:
            return _OUT_OF_TIME.filled(name=_name(step), first=step.not_valid_before_utc.date(),
                                       last=step.not_valid_after_utc.date())  # fmt: skip
        if is_root(step):
            return None if step in anchors else _UNKNOWN_ROOT.filled(name=_name(step))
        issuer = next((each for each in (*anchors, *carried) if _issued(each, step)), None)
        if issuer is None:
            return named.filled(name=_name(step), issuer=step.issuer.rfc4514_string())
        step = issuer
    return _TOO_LONG.filled(name=_name(leaf))


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
