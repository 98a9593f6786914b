"""Sign and verify an envelope: enveloped XML-DSig over the whole packet, in the layout of the vendor's sample.

One Reference with URI="", enveloped-signature and exc-c14n, rsa-sha256 (or rsa-sha1, as in the sample), X509Data; the
block stands last in the header. Verifying takes clock and trust anchors from outside and allows only what is listed
here: no second block or Reference, no XSLT or XPath, no key but a certificate's (pitfalls 93 to 95). A block that the
axis moved to another namespace (wire.md C.6) is no XML-DSig any more and cannot be verified. Certificates come again
and again: what was read of some hundred is kept, what they are worth at the moment never is.
"""

import base64
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

import pybase64
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from lxml import etree

from simulator.protocol import names
from simulator.protocol.chains import chain_flaw
from simulator.protocol.tree import local_name, namespace_of
from simulator.protocol.xmldsig import (
    CANONICAL,
    DIGESTS,
    ENVELOPED,
    METHODS,
    TRANSFORMS,
    WRITTEN,
    alone,
    blocks,
    canonical,
    cut_out,
    digested,
    dsig,
    new_block,
    strict_tree,
)
from simulator.words import Text

__all__ = ["NotSignable", "Step", "Verification", "sign", "verify"]

_MOST_CERTIFICATES = 8
_MOST_BYTES = 16 * 1024  # of one certificate; real ones have one or two thousand


class NotSignable(ValueError):
    """Bytes that hold no header for a signature, or one already; a key that does not fit."""


class Step(StrEnum):
    """Where a verification ended: the block itself, its key, the content, or the chain of its certificate."""

    BLOCK = "block"
    KEY = "key"
    CONTENT = "content"
    CHAIN = "chain"


@dataclass(frozen=True, slots=True)
class Verification:
    """What became of a packet's signature.

    ``present``: there is a block with something in it. ``flaw``: why it does not hold, found in ``step``; None where
    it does: then ``content`` are the canonical bytes that it covers, ``signer`` whose it is, ``weak``: by SHA-1.
    ``named``: the certificate whose key made the value, also where content or chain do not hold: it claims, no more.
    """

    present: bool
    flaw: Text | None = None
    step: Step | None = None
    content: bytes = b""
    signer: x509.Certificate | None = None
    weak: bool = False
    named: x509.Certificate | None = None

    @property
    def valid(self) -> bool:
        """Whether a signature is there and holds."""
        return self.present and self.flaw is None


class _Flawed(Exception):
    def __init__(self, because: Text, step: Step = Step.BLOCK, named: x509.Certificate | None = None) -> None:
        super().__init__(because.en)
        self.because = because
        self.step = step
        self.named = named


def sign(data: bytes, *, key: PrivateKeyTypes, certificate: x509.Certificate, digest: str = "sha256") -> bytes:
    """The packet ``data`` with a signature block, last in its header; CRLF line ends. ``digest``: sha256 or sha1.

    Raises NotSignable, also for a key that is not RSA.
    """
    if not isinstance(key, rsa.RSAPrivateKey):
        raise NotSignable("the sample's algorithms want an RSA key")
    root = strict_tree(data)
    header = None if root is None else next(root.iter("{*}" + names.HEADER), None)
    if root is None or header is None or blocks(root):
        raise NotSignable("not well-formed, without a header, or with a signature block already")
    method, digest_method = WRITTEN[digest]
    before, after = "\n      ", "\n    "  # where the sample's block stands; the digest covers what is around it
    _set_space(header, before + after)
    value = digested(canonical(root.getroottree(), exclusive=True), digest_method)
    _set_space(header, before)
    der = certificate.public_bytes(serialization.Encoding.DER)
    block = new_block(
        method=method,
        digest_method=digest_method,
        digest=base64.b64encode(value).decode(),
        subject=certificate.subject.rfc4514_string(),
        certificate=base64.b64encode(der).decode(),
    )
    block.tail = after
    header.append(block)
    signed_info = alone(block.find(dsig("SignedInfo")))
    signature = key.sign(canonical(signed_info, exclusive=False), padding.PKCS1v15(), METHODS[method]())
    block.find(dsig("SignatureValue")).text = base64.b64encode(signature).decode()
    text = etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=False)
    return b'<?xml version="1.0" encoding="UTF-8"?>\r\n' + bytes(text).replace(b"\n", b"\r\n") + b"\r\n"


def verify(data: bytes, *, anchors: Sequence[x509.Certificate], at: datetime) -> Verification:
    """What the signature of the packet ``data`` is worth at the aware moment ``at``, to whom trusts ``anchors``.

    Never raises for what stands in ``data``.
    """
    root = strict_tree(data)
    if root is None:
        return Verification(b"SignatureValue" in data, _UNREADABLE, Step.BLOCK)
    found = blocks(root)
    if not found:
        return Verification(False)
    try:
        return _verified(root, found, anchors, at)
    except _Flawed as flawed:
        return Verification(True, flawed.because, flawed.step, named=flawed.named)
    except (ValueError, UnsupportedAlgorithm):  # certificates are read bit by bit, where they are asked
        return Verification(True, _CERTIFICATE, Step.BLOCK)


def _verified(
    root: etree._Element, found: list[etree._Element], anchors: Sequence[x509.Certificate], at: datetime
) -> Verification:
    block = found[0]
    if len(found) > 1:
        raise _Flawed(_TWICE.filled(count=len(found)))
    if namespace_of(block.tag) != names.XMLDSIG:
        raise _Flawed(_MOVED.filled(namespace=namespace_of(block.tag) or "-"))
    above = [local_name(each.tag) for each in block.iterancestors() if local_name(each.tag) != names.DIGITAL_SIGNATURE]
    if above != [names.HEADER, names.ENVELOPE, names.ROOT]:
        raise _Flawed(_ELSEWHERE)
    signed = _one(block, "SignedInfo")
    method = _allowed(_one(signed, "SignatureMethod"), METHODS)
    inclusive = not CANONICAL[_allowed(_one(signed, "CanonicalizationMethod"), CANONICAL)]
    reference = _one(signed, "Reference")
    if reference.get("URI") != "":
        raise _Flawed(_PARTIAL.filled(uri=reference.get("URI", "-")))
    exclusive = _transformed(reference)
    digest_method = _allowed(_one(reference, "DigestMethod"), DIGESTS)
    certificates = _certificates(block)
    value = _bytes(_one(block, "SignatureValue"))
    written = _one(reference, "DigestValue")
    info = canonical(alone(signed, moved=True), exclusive=not inclusive)
    signer = next((each for each in certificates if _made_by(each, value, info, method)), None)
    if signer is None:
        raise _Flawed(_NOT_MADE, Step.KEY)
    claimed = _bytes(written)
    cut_out(block)
    content = canonical(root.getroottree(), exclusive=exclusive)
    if digested(content, digest_method) != claimed:
        raise _Flawed(_CHANGED, Step.CONTENT, signer)
    others = [each for each in certificates if each is not signer]
    if (flaw := chain_flaw(signer, anchors, at, carried=others)) is not None:
        raise _Flawed(flaw, Step.CHAIN, signer)
    weak = hashes.SHA1 in (METHODS[method], DIGESTS[digest_method])
    return Verification(True, content=content, signer=signer, weak=weak, named=signer)


# ---------------------------------------------------------------- the tree


def _one(parent: etree._Element, name: str) -> etree._Element:
    children = [*parent.iterchildren(dsig(name))]
    if len(children) != 1:
        raise _Flawed(_COUNT.filled(name=name, count=len(children)))
    return children[0]


def _allowed(element: etree._Element, allowed: Collection[str]) -> str:
    """Its algorithm, where it is one of those listed here, without parameters."""
    algorithm = element.get("Algorithm", "")
    if algorithm not in allowed or len(element):
        raise _Flawed(_ALGORITHM.filled(uri=algorithm[:200]))
    return str(algorithm)


def _transformed(reference: etree._Element) -> bool:
    """Whether the content is canonicalised exclusively; enveloped-signature must come first."""
    steps = _one(reference, "Transforms").iterchildren(dsig("Transform"))
    first, *rest = [_allowed(each, TRANSFORMS) for each in steps] or [""]
    if first != ENVELOPED or len(rest) > 1 or ENVELOPED in rest:
        raise _Flawed(_TRANSFORM)
    return CANONICAL[rest[0]] if rest else False


def _certificates(block: etree._Element) -> list[x509.Certificate]:
    texts = [
        text
        for info in block.iterchildren(dsig("KeyInfo"))
        for data in info.iterchildren(dsig("X509Data"))
        for text in data.iterchildren(dsig("X509Certificate"))
    ]
    try:
        found = [_certificate(_bytes(each)) for each in texts[:_MOST_CERTIFICATES]]
    except ValueError as error:
        raise _Flawed(_CERTIFICATE) from error
    if not found:
        raise _Flawed(_NO_CERTIFICATE)
    return found


@lru_cache(256)
def _certificate(der: bytes) -> x509.Certificate:
    if len(der) > _MOST_BYTES:
        raise _Flawed(_CERTIFICATE)
    return x509.load_der_x509_certificate(der)


def _bytes(element: etree._Element) -> bytes:
    if len(element):  # a comment would hide a part of the text
        raise _Flawed(_NO_BASE64.filled(name=local_name(element.tag)))
    try:
        return pybase64.b64decode("".join((element.text or "").split()), validate=True)
    except ValueError as error:
        raise _Flawed(_NO_BASE64.filled(name=local_name(element.tag))) from error


def _made_by(certificate: x509.Certificate, value: bytes, info: bytes, method: str) -> bool:
    key = certificate.public_key()
    if not isinstance(key, rsa.RSAPublicKey):
        return False
    try:
        key.verify(value, info, padding.PKCS1v15(), METHODS[method]())
    except (InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _set_space(header: etree._Element, space: str) -> None:
    """The white space before the header's end."""
    if len(header):
        header[-1].tail = space
    else:
        header.text = space


_UNREADABLE = Text(
    "the packet cannot be read strictly, so no signature can be checked",
    "không đọc được gói tin theo đúng cú pháp nên không kiểm tra được chữ ký",
)
_TWICE = Text("there are {count} signature blocks", "có {count} khối chữ ký")
_MOVED = Text(
    "the block stands in the namespace {namespace}, not in that of XML-DSig",
    "khối chữ ký thuộc namespace {namespace}, không phải namespace của XML-DSig",
)
_ELSEWHERE = Text("the block does not stand in the header", "khối chữ ký không nằm ở phần đầu gói tin")
_COUNT = Text("{name} stands there {count} times, not once", "{name} xuất hiện {count} lần, không phải một lần")
_PARTIAL = Text("it covers '{uri}', not the whole packet", "chữ ký chỉ phủ '{uri}', không phủ toàn bộ gói tin")
_ALGORITHM = Text("the algorithm '{uri}' is not accepted", "không chấp nhận thuật toán '{uri}'")
_TRANSFORM = Text(
    "the transforms are not enveloped-signature and one canonicalisation",
    "các phép biến đổi không phải enveloped-signature kèm một phép chuẩn hóa",
)
_CERTIFICATE = Text("its certificate cannot be read", "không đọc được chứng thư số trong chữ ký")
_NO_CERTIFICATE = Text("there is no certificate", "không có chứng thư số")
_NO_BASE64 = Text("{name} is no base64", "{name} không phải base64")
_NOT_MADE = Text(
    "the signature value was not made with the key of its certificate",
    "giá trị chữ ký không do khóa của chứng thư đi kèm tạo ra",
)
_CHANGED = Text("the content was changed after signing", "nội dung đã bị thay đổi sau khi ký")
