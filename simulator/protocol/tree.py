"""Bytes to a tree that is safe to walk: no DTD, no entity, no network, within the limits (pitfalls 91, 92).

Private to codec.py: it is the part of the one XML parser that touches lxml's parser.
"""

import codecs
import re
import threading
from functools import lru_cache

from lxml import etree

from simulator.protocol import names
from simulator.protocol.errors import Damage, Malformed
from simulator.protocol.package import Kind
from simulator.protocol.profile import Limits
from simulator.protocol.reading import Reading, Traits
from simulator.words import Text

__all__ = [
    "Survey",
    "from_utf16",
    "local_name",
    "malformed",
    "namespace_of",
    "recovered",
    "unread",
    "well_formed",
    "without_leading_bytes",
]

_FIRST_TAG = re.compile(rb"<\?xml[ \t\r\n]|<(?:[A-Za-z_][\w.-]*:)?edXML[\s>/]")
_LXML_TEXT_LIMIT = 10_000_000
_OF_THREAD = threading.local()


def from_utf16(data: bytes) -> bytes:
    """UTF-16 bytes with a byte order mark as UTF-8 without an encoding declaration; other bytes unchanged."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            decoded = data.decode("utf-16")
        except UnicodeDecodeError:
            return data
        return re.sub(r"(<\?xml[^>]*?)\s+encoding\s*=\s*[\"'][^\"']*[\"']", r"\1", decoded, count=1).encode()
    return data


def without_leading_bytes(data: bytes, damage: list[Malformed]) -> bytes:
    """The bytes from the XML on; junk before it is noted as damage (the vendor's sample begins with ``1212``)."""
    first = _FIRST_TAG.search(data[:65536])
    if first is None or first.start() == 0:
        return data
    leading = data[: first.start()]
    if not leading.strip(b" \t\r\n") and not first[0].startswith(b"<?"):
        return data
    if b"<" in leading:  # comments or instructions before the root: no junk
        return data
    damage.append(malformed(Damage.LEADING_BYTES, "byte 0", count=len(leading)))
    return data[first.start() :]


def unread(data: bytes, traits: Traits, damage: list[Malformed]) -> Reading:
    """Damage before which no tree may be built: only the kind is told, from the bytes."""
    if b"MessageHeader" not in data and b"edXML" not in data:
        raise malformed(Damage.NOT_EDXML, "byte 0")
    kind = Kind.UNKNOWN
    if b"MessageHeader" in data:
        kind = Kind.STATUS if b"StatusCode>" in data else Kind.EDOC
    return Reading(kind, None, (), traits, tuple(damage))


def well_formed(data: bytes) -> etree._Element | None:
    """The tree of well-formed bytes, None for any others."""
    try:
        return etree.fromstring(data, _parser(huge=len(data) > _LXML_TEXT_LIMIT))
    except etree.XMLSyntaxError:
        return None


def recovered(data: bytes, damage: list[Malformed]) -> etree._Element:
    """What can be had of a tree that is not well-formed; damage is noted. Raises Malformed(NOT_EDXML) for nothing."""
    parser = _new_parser(huge=len(data) > _LXML_TEXT_LIMIT, recover=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        root = None
    if root is None:
        raise malformed(Damage.NOT_EDXML, "byte 0")
    for entry in parser.error_log:
        # An undeclared prefix is no damage: the vendor's own sample has one (wire.md C.2).
        if entry.type_name != "NS_ERR_UNDEFINED_NAMESPACE":
            at = f"line {entry.line}, column {entry.column}"
            damage.append(malformed(Damage.NOT_WELL_FORMED, at, detail=entry.message.strip()))
            break
    return root


def _parser(*, huge: bool) -> etree.XMLParser:
    """This thread's own strict parser: making one costs more than reading a small packet."""
    if huge:
        return _new_parser(huge=True)
    parser: etree.XMLParser | None = getattr(_OF_THREAD, "parser", None)
    if parser is None:
        parser = _OF_THREAD.parser = _new_parser(huge=False)
    return parser


def _new_parser(*, huge: bool, recover: bool = False) -> etree.XMLParser:
    """No DTD, no entity, no network; ``huge`` lifts lxml's own limit of a text, ours having been checked before."""
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        strip_cdata=True,
        huge_tree=huge,
        recover=recover,
    )


_DAMAGE_TEXTS = {
    Damage.EMPTY: Text(en="the file is empty", vi="tệp rỗng"),
    Damage.NOT_EDXML: Text(en="this is no edXML at all", vi="đây hoàn toàn không phải edXML"),
    Damage.LEADING_BYTES: Text(
        en="{count} bytes stand before the XML begins", vi="có {count} byte đứng trước phần XML"
    ),
    Damage.DOCTYPE: Text(
        en="a document type declaration (DTD) is never accepted", vi="không bao giờ chấp nhận khai báo DTD (DOCTYPE)"
    ),
    Damage.NOT_WELL_FORMED: Text(en="not well-formed XML: {detail}", vi="XML sai cú pháp: {detail}"),
    Damage.OTHER_ENCODING: Text(
        en="declared as {declared}, but written in {written}", vi="khai là {declared} nhưng được ghi bằng {written}"
    ),
    Damage.TOO_LARGE: Text(en="{size} bytes, the limit is {limit}", vi="{size} byte, giới hạn là {limit}"),
    Damage.TOO_DEEP: Text(en="elements nested deeper than {limit}", vi="phần tử lồng nhau sâu hơn {limit} cấp"),
    Damage.TOO_MANY_ELEMENTS: Text(
        en="about {count} elements, the limit is {limit}", vi="khoảng {count} phần tử, giới hạn là {limit}"
    ),
    Damage.TOO_MANY_ATTRIBUTES: Text(
        en="{count} attributes on one element, the limit is {limit}",
        vi="{count} thuộc tính trên một phần tử, giới hạn là {limit}",
    ),
    Damage.TOO_MANY_ATTACHMENTS: Text(
        en="{count} attachments, the limit is {limit}", vi="{count} tệp đính kèm, giới hạn là {limit}"
    ),
}


def malformed(damage: Damage, at: str, **values: object) -> Malformed:
    """One damage with its sentence filled in."""
    return Malformed(damage, _DAMAGE_TEXTS[damage].filled(**values), at)


@lru_cache(512)
def local_name(tag: str) -> str:
    """The name without namespace or prefix, also for a prefix that nobody declared."""
    return tag.rsplit("}", 1)[-1].rsplit(":", 1)[-1]


@lru_cache(512)
def namespace_of(tag: str) -> str:
    """The namespace of a tag, "" where it has none."""
    return tag[1:].split("}", 1)[0] if tag.startswith("{") else ""


class Survey:
    """One pass over the whole tree: the budget of the limits, and what is unusual about the form."""

    def __init__(self) -> None:
        self.locals: set[str] = set()
        self._unprefixed: list[str] = []
        self._foreign: list[tuple[str, str]] = []
        self._unbound: list[str] = []
        self._signatures: list[str] = []
        self._envelope: str | None = None

    def walk(self, root: etree._Element, limits: Limits) -> Malformed | None:
        """Look at every element; the first limit that is exceeded, or None."""
        count = 0
        waiting = [(root, "", 1, False, False)]
        while waiting:
            element, parent, depth, in_envelope, in_signature = waiting.pop()
            count += 1
            attributes = element.keys()
            if depth > limits.depth or len(attributes) > limits.attributes or count > limits.elements:
                return _exceeded(element, depth, count, limits)
            local = local_name(element.tag)
            self.locals.add(local)
            in_envelope = in_envelope or local == names.ENVELOPE
            if not in_signature and local in (names.SIGNATURE, names.DIGITAL_SIGNATURE):
                self._signatures.append(namespace_of(element.tag))
                in_signature = local == names.SIGNATURE
            if not in_signature:
                self._note_form(element, local, parent, in_envelope)
            if attributes:
                self._unbound.extend(name for name in attributes if ":" in name and not name.startswith("{"))
            if len(element):
                children = [(child, local, depth + 1, in_envelope, in_signature) for child in element.iterchildren("*")]
                waiting += reversed(children)
        return None

    def _note_form(self, element: etree._Element, local: str, parent: str, in_envelope: bool) -> None:
        namespace = namespace_of(element.tag)
        if local == names.ENVELOPE and self._envelope is None:
            self._envelope = namespace
        if not namespace and ":" in element.tag:
            self._unbound.append(element.tag)
        elif namespace != names.NAMESPACE:
            self._foreign.append((f"{parent}/{local}" if parent else local, namespace))
        elif in_envelope and element.prefix is None:
            self._unprefixed.append(f"{parent}/{local}" if parent else local)

    def traits(self, root: etree._Element, form: Traits) -> Traits:
        """What was seen, together with what the bytes before the tree said."""
        return Traits(
            bom=form.bom,
            encoding=form.encoding,
            root=local_name(root.tag),
            root_namespace=namespace_of(root.tag),
            envelope_namespace=self._envelope,
            unprefixed=tuple(self._unprefixed),
            foreign_namespaces=tuple(self._foreign),
            unbound_prefixes=tuple(self._unbound),
            signature_namespaces=tuple(self._signatures),
            manifest=not self.locals.isdisjoint((names.MANIFEST, names.MANIFEST_SHORT)),
        )


def _exceeded(element: etree._Element, depth: int, count: int, limits: Limits) -> Malformed:
    at = f"line {element.sourceline}"
    attributes = len(element.attrib)
    if depth > limits.depth:
        return malformed(Damage.TOO_DEEP, at, limit=limits.depth)
    if attributes > limits.attributes:
        return malformed(Damage.TOO_MANY_ATTRIBUTES, at, count=attributes, limit=limits.attributes)
    return malformed(Damage.TOO_MANY_ELEMENTS, at, count=count, limit=limits.elements)
