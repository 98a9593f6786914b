"""One certificate: what stands in it, and its signature, also with SHA-1, which today's libraries no longer make.

Look-alikes of what is known of the Government's PKI (RSA-2048, SHA-256 and, for the old root, sha1WithRSA); the rest of
a leaf's profile is not published and chosen here.
"""

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

__all__ = ["PURPOSES", "Identity", "Key", "certified", "new_key", "subject_of"]

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

PURPOSES = ("authority", "tls-authority", "sign", "tls-server", "time-stamp")
"""What a certificate may be for."""

_SHA256_WITH_RSA = bytes.fromhex("06092a864886f70d01010b0500")
_SHA1_WITH_RSA = bytes.fromhex("06092a864886f70d0101050500")


@dataclass(frozen=True, slots=True)
class Identity:
    """A certificate and its private key. The key never goes into evidence."""

    certificate: x509.Certificate
    key: Key

    @property
    def certificate_pem(self) -> bytes:
        """The certificate, as PEM."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        """The private key, as PEM (PKCS #8, not encrypted)."""
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    def __repr__(self) -> str:
        return f"Identity({self.certificate.subject.rfc4514_string()})"


def new_key(purpose: str) -> Key:
    """A fresh key: EC P-256 where it serves TLS, RSA-2048 where it signs documents."""
    if purpose.startswith("tls-"):
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def subject_of(common_name: str, organ: str) -> x509.Name:
    """``C=VN, O=organ, CN=common_name``, cut to the 64 letters that X.520 allows."""
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organ[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name[:64]),
        ]
    )


def certified(
    subject: x509.Name,
    issuer: Identity | None,
    *,
    purpose: str,
    validity: tuple[datetime, datetime],
    hosts: tuple[str, ...] = (),
    digest: str = "sha256",
    key: Key | None = None,
) -> Identity:
    """A new certificate for ``purpose``, by ``issuer`` (None: self-signed), valid in ``validity`` (aware moments).

    ``hosts``: names and addresses of a server. ``digest``: sha256 or sha1 of the issuer's signature; sha1 wants an RSA
    issuer, and becomes sha256 where this machine's OpenSSL refuses to make it.
    """
    own = key or new_key(purpose)
    signer = issuer.key if issuer else own
    public, signer_public = own.public_key(), signer.public_key()
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(validity[0].astimezone(UTC))
        .not_valid_after(validity[1].astimezone(UTC))
        .add_extension(x509.BasicConstraints(ca="authority" in purpose, path_length=None), critical=True)
        .add_extension(_usage(purpose), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer_public), critical=False)
    )
    if purpose == "tls-server":
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    elif purpose == "time-stamp":  # RFC 3161, 2.3: alone, and critical
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    if hosts:
        builder = builder.add_extension(x509.SubjectAlternativeName([_host(each) for each in hosts]), critical=False)
    certificate = builder.sign(signer, hashes.SHA256())
    if digest == "sha1" and isinstance(signer, rsa.RSAPrivateKey):
        certificate = _with_sha1(certificate, signer)
    return Identity(certificate, own)


def _usage(purpose: str) -> x509.KeyUsage:
    authority = "authority" in purpose
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=purpose in ("sign", "time-stamp"),
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _host(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _with_sha1(certificate: x509.Certificate, signer: rsa.RSAPrivateKey) -> x509.Certificate:
    """The same certificate signed anew with sha1WithRSA: both names of the algorithm have one length."""
    body = certificate.tbs_certificate_bytes.replace(_SHA256_WITH_RSA, _SHA1_WITH_RSA, 1)
    try:
        signature = signer.sign(body, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303  # old chains are like that
    except UnsupportedAlgorithm:
        return certificate
    bits = b"\x00" + signature
    whole = body + b"\x30" + bytes((len(_SHA1_WITH_RSA),)) + _SHA1_WITH_RSA + _tagged(0x03, bits)
    return x509.load_der_x509_certificate(_tagged(0x30, whole))


def _tagged(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


YEAR = timedelta(days=365)
"""A year, as far as validities go."""
