"""One walk over one tree: elements become values by the tables of layout.py. Private to codec.py.

Matching is by local name; what a table does not know is kept as unknown, every leaf's raw text is kept for the rules.
"""

import re
from collections import Counter
from typing import Any

from lxml import etree

from simulator.protocol import layout as shape
from simulator.protocol import names
from simulator.protocol.carving import Carved
from simulator.protocol.errors import Damage, Malformed
from simulator.protocol.forms import READ
from simulator.protocol.layout import Field, Layout
from simulator.protocol.package import (
    Attachment,
    Element,
    Kind,
    Package,
    Packet,
    Reference,
    StatusPacket,
    TraceHeaderList,
    Unknown,
)
from simulator.protocol.profile import Limits
from simulator.protocol.reading import Leaf, Reading, Traits
from simulator.protocol.tree import Survey, local_name, malformed, namespace_of

__all__ = ["Reader", "clean", "kind_of"]

_BLANK = " \t\r\n"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that only a repaired tree can hold; damage was noted where they stood."""


class Reader:
    """One walk over the tree of ``data``, out of which ``carved`` may have taken the large attachments."""

    def __init__(self, limits: Limits, traits: Traits, damage: list[Malformed], *, data: bytes, carved: Carved) -> None:
        self._data = data
        self._carved = carved
        self._limits = limits
        self._form = traits
        self._damage = damage
        self._leaves: list[Leaf] = []
        self._unknown: list[Unknown] = []

    def read(self, root: etree._Element) -> Reading:
        """The reading of ``root``. Raises Malformed(NOT_EDXML) where nothing of a packet is in it."""
        survey = Survey()
        exceeded = survey.walk(root, self._limits)
        if exceeded is not None:
            self._damage.append(exceeded)
        named = {names.ENVELOPE, names.MESSAGE_HEADER} & survey.locals
        if local_name(root.tag).lower() != names.ROOT.lower() and not named:
            raise malformed(Damage.NOT_EDXML, "byte 0")
        traits = survey.traits(root, self._form)
        if exceeded is not None:
            return Reading(kind_of(survey.locals), None, (), traits, tuple(self._damage))
        packet, kind = self._packet(root)
        return Reading(kind, packet, tuple(self._leaves), traits, tuple(self._damage))

    def _add(self, damage: Damage, element: etree._Element, **values: object) -> None:
        self._damage.append(malformed(damage, f"line {element.sourceline}", **values))

    # -- content

    def _packet(self, root: etree._Element) -> tuple[Packet | None, Kind]:
        envelope = self._single(root, names.ENVELOPE, "", keep=(names.ATTACHMENTS,))
        if local_name(root.tag) == names.ENVELOPE:
            envelope = root
        header = self._single(envelope, names.HEADER, names.ENVELOPE, keep=(names.BODY,))
        known = (names.TRACE_LIST, names.SIGNATURE, names.DIGITAL_SIGNATURE)
        message = self._single(header, names.MESSAGE_HEADER, names.HEADER, keep=known)
        if message is None:
            return None, Kind.UNKNOWN
        claimed = kind_of({names.MESSAGE_HEADER, *(local_name(child.tag) for child in message.iterchildren("*"))})
        trace = self._trace_list(self._child(header, names.TRACE_LIST))
        signature = self._child(header, names.SIGNATURE)
        if signature is None:
            signature = self._child(header, names.DIGITAL_SIGNATURE)
        common: dict[str, Any] = {"trace": trace, "signature": None if signature is None else self._element(signature)}
        if claimed is Kind.STATUS:
            values = self._values(message, shape.STATUS, names.MESSAGE_HEADER)
            self._rest(envelope, (names.BODY,), names.ENVELOPE)
            self._rest(root, (names.ATTACHMENTS,), "")
            return StatusPacket(**values, **common, unknown=tuple(self._unknown)), Kind.STATUS
        values = self._values(message, shape.MESSAGE, names.MESSAGE_HEADER)
        manifest = self._manifest(self._child(envelope, names.BODY))
        attachments = self._attachments(self._child(root, names.ATTACHMENTS))
        packet = Package(**values, **common, manifest=manifest, attachments=attachments, unknown=tuple(self._unknown))
        return packet, Kind.EDOC

    def _child(self, parent: etree._Element | None, local: str) -> etree._Element | None:
        if parent is None:
            return None
        return next((child for child in parent.iterchildren("*") if local_name(child.tag) == local), None)

    def _rest(self, parent: etree._Element | None, locals_: tuple[str, ...], path: str) -> None:
        """Keep as unknown what a status packet should not have."""
        for local in locals_:
            child = self._child(parent, local)
            if child is not None:
                self._unknown.append(Unknown(path, self._element(child)))

    def _single(
        self, parent: etree._Element | None, local: str, path: str, keep: tuple[str, ...]
    ) -> etree._Element | None:
        """The first child of that name; other children, but the first of each in ``keep``, are kept as unknown."""
        if parent is None:
            return None
        seen: Counter[str] = Counter()
        found = None
        for child in parent.iterchildren("*"):
            name = local_name(child.tag)
            seen[name] += 1
            if name == local and found is None:
                found = child
            elif name not in keep or seen[name] > 1:
                self._unknown.append(Unknown(path, self._element(child)))
        return found

    def _values(self, element: etree._Element, layout: Layout, path: str) -> dict[str, Any]:
        """Read the children of ``element`` by ``layout``; leaves and unknown elements are noted on the way."""
        values: dict[str, Any] = dict.fromkeys(layout.many, ())
        counts: dict[str, int] = {}
        for child in element.iterchildren("*"):
            name = local_name(child.tag)
            counts[name] = counts.get(name, 0) + 1
            place = f"{path}/{name}[{counts[name]}]" if name in names.REPEATABLE else f"{path}/{name}"
            item = layout.by_wire.get(name)
            if (
                item is None
                or not _fits(child, item)
                or (item.attr in values and not (item.many and not item.inside) and counts[name] > 1)
            ):
                self._note(child, place)
                self._unknown.append(Unknown(path, self._element(child)))
            elif item.inside:
                values[item.attr] = self._items(child, item, place)
            elif item.many:
                values[item.attr] = (*values[item.attr], self._value(child, item, place))
            else:
                values[item.attr] = self._value(child, item, place)
        return values

    def _items(self, container: etree._Element, item: Field, path: str) -> tuple[Any, ...]:
        found: list[Any] = []
        counts: Counter[str] = Counter()
        for child in container.iterchildren("*"):
            name = local_name(child.tag)
            counts[name] += 1
            place = f"{path}/{name}[{counts[name]}]"
            if name == item.wire and _fits(child, item):
                value = self._value(child, item, place)
                if value != "":
                    found.append(value)
            else:
                self._note(child, place)
                self._unknown.append(Unknown(path, self._element(child)))
        return tuple(found)

    def _value(self, element: etree._Element, item: Field, path: str) -> Any:
        if isinstance(item.form, Layout):
            return item.form.type(**self._values(element, item.form, path))
        raw = self._text(element)
        self._leaves.append(Leaf(path, raw, element.sourceline or 0))
        return READ[item.form](clean(raw))

    def _text(self, element: etree._Element) -> str:
        return self._carved.text(element, self._data)

    def _note(self, element: etree._Element, path: str) -> None:
        if len(element) == 0:
            self._leaves.append(Leaf(path, self._text(element), element.sourceline or 0))

    def _trace_list(self, element: etree._Element | None) -> TraceHeaderList | None:
        if element is None:
            return None
        values = self._values(element, shape.TRACE_LIST, names.TRACE_LIST)
        attributes = {local_name(name): clean(value) for name, value in element.attrib.items()}
        return TraceHeaderList(id=attributes.get("id", ""), version=attributes.get("version", ""), **values)

    def _manifest(self, body: etree._Element | None) -> tuple[Reference, ...]:
        if body is None:
            return ()
        manifest = self._child(body, names.MANIFEST)
        if manifest is None:
            manifest = self._child(body, names.MANIFEST_SHORT)
        for child in body.iterchildren("*"):
            if child is not manifest:
                self._unknown.append(Unknown(names.BODY, self._element(child)))
        if manifest is None:
            return ()
        references: list[Reference] = []
        for child in manifest.iterchildren("*"):
            if local_name(child.tag) == names.REFERENCE:
                place = f"{names.MANIFEST}/{names.REFERENCE}[{len(references) + 1}]"
                references.append(Reference(**self._values(child, shape.REFERENCE, place)))
            else:
                self._unknown.append(Unknown(names.MANIFEST, self._element(child)))
        return tuple(references)

    def _attachments(self, element: etree._Element | None) -> tuple[Attachment, ...]:
        found: list[Attachment] = []
        for child in () if element is None else element.iterchildren("*"):
            if local_name(child.tag) != names.ATTACHMENT:
                self._unknown.append(Unknown(names.ATTACHMENTS, self._element(child)))
                continue
            place = f"{names.ATTACHMENTS}/{names.ATTACHMENT}[{len(found) + 1}]"
            content = self._child(child, names.CONTENT)
            text = b""
            if content is not None:
                text = self._carved.content(content, self._data)
                child.remove(content)  # what is left is small, and read like everything else
            found.append(Attachment(**self._values(child, shape.ATTACHMENT, place), encoded=text))
        if len(found) > self._limits.attachments:
            self._add(
                Damage.TOO_MANY_ATTACHMENTS,
                element,
                count=len(found),
                limit=self._limits.attachments,
            )
        return tuple(found)

    def _element(self, element: etree._Element) -> Element:
        return Element(
            name=_xml_name(element.tag),
            namespace=clean(namespace_of(element.tag)),
            text=clean(self._text(element)),
            attributes=tuple((_attribute_name(name), clean(text)) for name, text in element.attrib.items()),
            children=tuple(self._element(child) for child in element.iterchildren("*")),
        )


def kind_of(found: set[str]) -> Kind:
    """What a packet with these elements claims to be. A status that lacks its code still answers and is dated."""
    if names.MESSAGE_HEADER not in found:
        return Kind.UNKNOWN
    if names.STATUS_CODE in found or ({"ResponseFor", "Timestamp"} <= found and "To" not in found):
        return Kind.STATUS
    return Kind.EDOC


def _fits(element: etree._Element, item: Field) -> bool:
    """A leaf field with element children is not that field (kept whole, as unknown)."""
    return isinstance(item.form, Layout) or bool(item.inside) or len(element) == 0


def clean(text: str) -> str:
    """A text without what XML cannot hold, without white space around it, its line ends ``\\n``."""
    if text.isprintable():  # nearly always
        return text.strip(" ")
    return _NOT_XML.sub("", text).strip(_BLANK).replace("\r\n", "\n").replace("\r", "\n")


def _xml_name(tag: str) -> str:
    """The local name; a repaired tree may hold names that no writer could write."""
    name = re.sub(r"[^\w.-]", "_", local_name(tag))
    return name if re.match(r"[^\W\d]", name) else f"_{name}"


def _attribute_name(name: str) -> str:
    namespace = re.sub(r"[{}]", "", clean(namespace_of(name)))
    return f"{{{namespace}}}{_xml_name(name)}" if namespace else _xml_name(name)
