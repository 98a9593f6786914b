"""What a packet's Signature element is: absent, empty, XML-DSig, or XML-DSig moved to another namespace.

Looking only; nothing is verified here. The vendor's library and the axis write the block back in the packet's own
namespace (wire.md C.6), which breaks it through no fault of the sender; .NET builders write an empty
``DigitalSignature``. Matching is therefore by local names.
"""

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from simulator.protocol import names
from simulator.protocol.package import Element
from simulator.words import Text

__all__ = ["Flaw", "Inspection", "SignatureForm", "inspect"]


class SignatureForm(StrEnum):
    """What stands where a signature may stand."""

    ABSENT = "absent"
    EMPTY = "empty"
    XMLDSIG = "xmldsig"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that keeps the block from being a signature, and where (path from Signature down)."""

    at: str
    because: Text


@dataclass(frozen=True, slots=True)
class Inspection:
    """The block as it stands. Algorithms are the URIs written; ``certificates`` the DER bytes that could be read."""

    form: SignatureForm
    namespace: str = ""
    canonicalization: str = ""
    signature_method: str = ""
    digest_methods: tuple[str, ...] = ()
    transforms: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    certificates: tuple[bytes, ...] = ()
    flaws: tuple[Flaw, ...] = ()

    @property
    def weak_algorithms(self) -> tuple[str, ...]:
        """The algorithms that rest on SHA-1 or MD5."""
        every = (self.signature_method, *self.digest_methods)
        return tuple(dict.fromkeys(uri for uri in every if _is_weak(uri)))


def inspect(element: Element | None) -> Inspection:
    """Look at ``packet.signature``: the Signature element, a DigitalSignature around one, or None."""
    if element is None:
        return Inspection(SignatureForm.ABSENT)
    block = element
    if element.name == names.DIGITAL_SIGNATURE:
        block = next((child for child in element.children if child.name == names.SIGNATURE), element)
    if not block.children and not block.text:
        return Inspection(SignatureForm.EMPTY, namespace=block.namespace)
    form = SignatureForm.XMLDSIG if block.namespace == names.XMLDSIG else SignatureForm.MOVED
    signed = _child(block, "SignedInfo")
    references = tuple(child for child in signed.children if child.name == "Reference") if signed else ()
    certificates, certificate_flaws = _certificates(block)
    return Inspection(
        form=form,
        namespace=block.namespace,
        canonicalization=_algorithm(signed, "CanonicalizationMethod"),
        signature_method=_algorithm(signed, "SignatureMethod"),
        digest_methods=tuple(_algorithm(reference, "DigestMethod") for reference in references),
        transforms=tuple(
            _attribute(transform, "Algorithm")
            for reference in references
            for transform in _descendants(reference, "Transform")
        ),
        references=tuple(_attribute(reference, "URI") for reference in references),
        certificates=certificates,
        flaws=(*_flaws(block, signed, references), *certificate_flaws),
    )


_DIGEST_BYTES = {"sha1": 20, "sha224": 28, "sha256": 32, "sha384": 48, "sha512": 64}


def _flaws(block: Element, signed: Element | None, references: tuple[Element, ...]) -> Iterator[Flaw]:
    if signed is None:
        yield Flaw("SignedInfo", Text(en="SignedInfo is missing", vi="thiếu SignedInfo"))
    elif not references:
        yield Flaw("SignedInfo/Reference", Text(en="nothing is referenced", vi="không tham chiếu nội dung nào"))
    for name in ("CanonicalizationMethod", "SignatureMethod"):
        if signed and not _algorithm(signed, name):
            yield Flaw(f"SignedInfo/{name}", Text(en=f"{name} names no algorithm", vi=f"{name} không nêu thuật toán"))
    for reference in references:
        yield from _digest_flaws(reference)
    value = _child(block, "SignatureValue")
    if value is None or not value.text:
        yield Flaw("SignatureValue", Text(en="SignatureValue is missing or empty", vi="thiếu SignatureValue"))
    elif _decoded(value.text) is None:
        yield Flaw("SignatureValue", Text(en="SignatureValue is no base64", vi="SignatureValue không phải base64"))


def _digest_flaws(reference: Element) -> Iterator[Flaw]:
    at = "SignedInfo/Reference/DigestValue"
    value = _child(reference, "DigestValue")
    decoded = _decoded(value.text) if value else None
    if not decoded:
        yield Flaw(at, Text(en="DigestValue is missing or no base64", vi="DigestValue thiếu hoặc không phải base64"))
        return
    expected = _DIGEST_BYTES.get(_algorithm(reference, "DigestMethod").rsplit("#", 1)[-1].lower())
    if expected is not None and len(decoded) != expected:
        yield Flaw(
            at,
            Text(
                en=f"DigestValue has {len(decoded)} bytes, its algorithm gives {expected}",
                vi=f"DigestValue có {len(decoded)} byte, thuật toán cho ra {expected}",
            ),
        )


def _certificates(block: Element) -> tuple[tuple[bytes, ...], tuple[Flaw, ...]]:
    at = "KeyInfo/X509Data/X509Certificate"
    found: list[bytes] = []
    flaws: list[Flaw] = []
    elements = tuple(_descendants(block, "X509Certificate"))
    for element in elements:
        der = _decoded(element.text)
        if not der:
            flaws.append(Flaw(at, Text(en="the certificate is no base64", vi="chứng thư không phải base64")))
        elif not _is_whole_der(der):
            flaws.append(
                Flaw(at, Text(en="the certificate is cut short or no DER", vi="chứng thư bị cắt cụt hoặc sai"))
            )
        else:
            found.append(der)
    if not elements:
        flaws.append(Flaw(at, Text(en="there is no certificate", vi="không có chứng thư số")))
    return tuple(found), tuple(flaws)


def _is_whole_der(der: bytes) -> bool:
    """True where ``der`` is one ASN.1 SEQUENCE whose length is that of the bytes."""
    if len(der) < 2 or der[0] != 0x30:
        return False
    if der[1] < 0x80:
        return len(der) == 2 + der[1]
    size = der[1] & 0x7F
    return 0 < size <= 4 and len(der) == 2 + size + int.from_bytes(der[2 : 2 + size], "big")


def _is_weak(uri: str) -> bool:
    name = uri.rsplit("#", 1)[-1].lower()
    return name.endswith(("sha1", "md5"))


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def _child(element: Element, name: str) -> Element | None:
    return next((child for child in element.children if child.name == name), None)


def _descendants(element: Element, name: str) -> Iterator[Element]:
    for child in element.children:
        if child.name == name:
            yield child
        yield from _descendants(child, name)


def _attribute(element: Element, name: str) -> str:
    return next((value for key, value in element.attributes if key == name), "")


def _algorithm(parent: Element | None, name: str) -> str:
    child = _child(parent, name) if parent else None
    return _attribute(child, "Algorithm") if child else ""
