"""The mechanics of XML-DSig on a packet: what is accepted, how a tree is read, canonicalised and digested. Pure.

Private to packet_signing.py.
"""

import copy
import threading
from collections.abc import Callable, Mapping
from types import MappingProxyType

from cryptography.hazmat.primitives import hashes
from lxml import etree

from simulator.protocol import names
from simulator.protocol.tree import from_utf16, local_name, namespace_of

__all__ = [
    "CANONICAL",
    "DIGESTS",
    "ENVELOPED",
    "METHODS",
    "TRANSFORMS",
    "WRITTEN",
    "alone",
    "blocks",
    "canonical",
    "cut_out",
    "digested",
    "dsig",
    "new_block",
    "strict_tree",
]

_C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
_EXC_C14N = "http://www.w3.org/2001/10/xml-exc-c14n#"
ENVELOPED = names.XMLDSIG + "enveloped-signature"
_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
_ENC = "http://www.w3.org/2001/04/xmlenc#"
METHODS: Mapping[str, Callable[[], hashes.HashAlgorithm]] = MappingProxyType(
    {
        names.XMLDSIG + "rsa-sha1": hashes.SHA1,
        _MORE + "rsa-sha256": hashes.SHA256,
        _MORE + "rsa-sha384": hashes.SHA384,
        _MORE + "rsa-sha512": hashes.SHA512,
    }
)
DIGESTS: Mapping[str, Callable[[], hashes.HashAlgorithm]] = MappingProxyType(
    {
        names.XMLDSIG + "sha1": hashes.SHA1,
        _ENC + "sha256": hashes.SHA256,
        _MORE + "sha384": hashes.SHA384,
        _ENC + "sha512": hashes.SHA512,
    }
)
CANONICAL = MappingProxyType({_C14N: False, _EXC_C14N: True})
WRITTEN = MappingProxyType(
    {
        "sha256": (_MORE + "rsa-sha256", _ENC + "sha256"),
        "sha1": (names.XMLDSIG + "rsa-sha1", names.XMLDSIG + "sha1"),
    }
)
"""How the bundled signer writes its signature and its digest."""
TRANSFORMS = (*CANONICAL, ENVELOPED)
_XML = "http://www.w3.org/XML/1998/namespace"
_LXML_TEXT_LIMIT = 10_000_000
_OF_THREAD = threading.local()


def strict_tree(data: bytes) -> etree._Element | None:
    """The whole tree, comments and instructions kept; None for what is not well-formed or declares anything."""
    data = from_utf16(data)
    if b"<!DOCTYPE" in data:
        return None
    try:
        return etree.fromstring(data, _parser(huge=len(data) > _LXML_TEXT_LIMIT))
    except (etree.XMLSyntaxError, ValueError):
        return None


def _parser(*, huge: bool) -> etree.XMLParser:
    """This thread's own parser; one for huge texts is made anew."""
    parser: etree.XMLParser | None = None if huge else getattr(_OF_THREAD, "parser", None)
    if parser is None:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=huge)
        if not huge:
            _OF_THREAD.parser = parser
    return parser


def blocks(root: etree._Element) -> list[etree._Element]:
    """The outermost signature blocks that hold anything at all, of whichever namespace."""
    found: list[etree._Element] = []
    for each in root.iter("{*}" + names.SIGNATURE, "{*}" + names.DIGITAL_SIGNATURE):
        inside = bool(found) and any(above in found for above in each.iterancestors())
        around = local_name(each.tag) == names.DIGITAL_SIGNATURE and each.find("{*}" + names.SIGNATURE) is not None
        if not inside and not around and any(text.strip() for text in each.itertext()):
            found.append(each)
    return found


def alone(element: etree._Element, *, moved: bool = False) -> etree._Element:
    """A copy with every namespace and xml: attribute that it inherits, as inclusive c14n wants them on its apex.

    ``moved``: what is inside leaves its place for it, which is cheaper.
    """
    inherited: dict[str, str] = {}
    for above in reversed([*element.iterancestors()]):
        inherited |= {name: value for name, value in above.items() if namespace_of(name) == _XML}
    whole = etree.Element(element.tag, inherited | dict(element.items()), nsmap=element.nsmap)
    whole.text = element.text
    whole.extend([*element] if moved else copy.deepcopy(element))
    return whole


def canonical(node: etree._Element | etree._ElementTree, *, exclusive: bool) -> bytes:
    """Canonical XML 1.0, or exclusive, without comments: of a whole tree, or of an element that stands ``alone``."""
    return bytes(etree.tostring(node, method="c14n", exclusive=exclusive, with_comments=False))


def digested(content: bytes, method: str) -> bytes:
    """The digest of ``content`` by the URI of its method."""
    digest = hashes.Hash(DIGESTS[method]())
    digest.update(content)
    return digest.finalize()


def dsig(name: str) -> str:
    """A name of the XML-DSig namespace, as lxml writes it."""
    return f"{{{names.XMLDSIG}}}{name}"


def cut_out(block: etree._Element) -> None:
    """Take the block out; the white space behind it is content and stays."""
    parent, before = block.getparent(), block.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + (block.tail or "")
    else:
        parent.text = (parent.text or "") + (block.tail or "")
    parent.remove(block)


def new_block(*, method: str, digest_method: str, digest: str, subject: str, certificate: str) -> etree._Element:
    """A signature block in the layout of the vendor's sample; only its SignatureValue is still empty."""

    def under(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
        child = etree.SubElement(parent, dsig(name), attributes)
        child.text = text
        return child

    block = etree.Element(dsig(names.SIGNATURE), nsmap={None: names.XMLDSIG})
    signed = under(block, "SignedInfo")
    under(signed, "CanonicalizationMethod", Algorithm=_C14N)
    under(signed, "SignatureMethod", Algorithm=method)
    reference = under(signed, "Reference", URI="")
    transforms = under(reference, "Transforms")
    under(transforms, "Transform", Algorithm=ENVELOPED)
    under(transforms, "Transform", Algorithm=_EXC_C14N)
    under(reference, "DigestMethod", Algorithm=digest_method)
    under(reference, "DigestValue", digest)
    under(block, "SignatureValue")
    data = under(under(block, "KeyInfo"), "X509Data")
    under(data, "X509SubjectName", subject)
    under(data, "X509Certificate", certificate)
    return block
