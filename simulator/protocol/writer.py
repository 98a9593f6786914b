"""A packet to bytes, line by line. Private to codec.py; the layouts decide what is written where."""

from typing import Any
from xml.sax.saxutils import escape, quoteattr

from simulator.protocol import layout as shape
from simulator.protocol import names
from simulator.protocol.forms import WRITE
from simulator.protocol.layout import Field, Layout
from simulator.protocol.package import Element, Package, Packet, StatusPacket

__all__ = ["Writer"]


class Writer:
    """Builds the text line by line: CRLF, two blanks a level."""

    def __init__(self, packet: Packet) -> None:
        self._packet = packet
        self._lines: list[str] = ['<?xml version="1.0" encoding="UTF-8"?>']
        self._unknown: dict[str, list[Element]] = {}
        for item in packet.unknown:
            self._unknown.setdefault(item.parent, []).append(item.element)

    def bytes(self) -> bytes:
        """The packet's bytes, closed by one line end."""
        packet = self._packet
        self._open(0, names.ROOT, f' xmlns="{names.NAMESPACE}"', prefixed=False)
        self._open(1, names.ENVELOPE, f' xmlns:{names.PREFIX}="{names.NAMESPACE}"')
        self._open(2, names.HEADER)
        layout = shape.STATUS if isinstance(packet, StatusPacket) else shape.MESSAGE
        self._group(3, names.MESSAGE_HEADER, packet, layout, names.MESSAGE_HEADER)
        if packet.trace:
            attributes = "".join(
                f" {name}={quoteattr(value, {chr(10): '&#10;', chr(9): '&#9;'})}"
                for name, value in (("id", packet.trace.id), ("version", packet.trace.version))
                if value
            )
            self._group(3, names.TRACE_LIST, packet.trace, shape.TRACE_LIST, names.TRACE_LIST, attributes)
        if packet.signature:
            self._element(3, packet.signature)
        self._rest(3, names.HEADER)
        self._close(2, names.HEADER)
        if isinstance(packet, Package):
            self._body(packet)
        self._rest(2, names.ENVELOPE)
        self._close(1, names.ENVELOPE)
        if isinstance(packet, Package):
            self._attachments(packet)
        self._rest(1, "")
        self._close(0, names.ROOT, prefixed=False)
        return ("\r\n".join(self._lines) + "\r\n").encode()

    def _open(self, level: int, name: str, attributes: str = "", *, prefixed: bool = True) -> None:
        self._lines.append(f"{'  ' * level}<{_tag(name, prefixed)}{attributes}>")

    def _close(self, level: int, name: str, *, prefixed: bool = True) -> None:
        self._lines.append(f"{'  ' * level}</{_tag(name, prefixed)}>")

    def _leaf(self, level: int, name: str, text: str, *, prefixed: bool = True) -> None:
        tag = _tag(name, prefixed)
        self._lines.append(f"{'  ' * level}<{tag}>{escape(text)}</{tag}>")

    def _rest(self, level: int, path: str) -> None:
        prefixed = path != "" and not path.startswith(names.ATTACHMENTS)
        for element in self._unknown.get(path, ()):
            self._element(level, element, prefixed=prefixed)

    def _group(
        self,
        level: int,
        name: str,
        value: Any,
        layout: Layout,
        path: str,
        attributes: str = "",
        *,
        prefixed: bool = True,
    ) -> None:
        self._open(level, name, attributes, prefixed=prefixed)
        for item in layout.fields:
            self._field(level + 1, getattr(value, item.attr), item, path, prefixed)
        self._rest(level + 1, path)
        self._close(level, name, prefixed=prefixed)

    def _field(self, level: int, value: Any, item: Field, path: str, prefixed: bool) -> None:
        if item.inside:
            inner = f"{path}/{item.inside}"
            if value or self._unknown.get(inner):
                self._open(level, item.inside, prefixed=prefixed)
                for number, each in enumerate(value, 1):
                    self._one(level + 1, each, item, f"{inner}/{item.wire}[{number}]", prefixed)
                self._rest(level + 1, inner)
                self._close(level, item.inside, prefixed=prefixed)
        elif item.many:
            for number, each in enumerate(value, 1):
                self._one(level, each, item, f"{path}/{item.wire}[{number}]", prefixed)
        elif item.wire == names.STATUS_CODE or (value is not None and value != ""):
            # An empty StatusCode is written all the same: without it the packet would read as a document.
            self._one(level, value, item, f"{path}/{item.wire}", prefixed)

    def _one(self, level: int, value: Any, item: Field, path: str, prefixed: bool) -> None:
        if isinstance(item.form, Layout):
            self._group(level, item.wire, value, item.form, path, prefixed=prefixed)
        else:
            self._leaf(level, item.wire, WRITE[item.form](value), prefixed=prefixed)

    def _body(self, package: Package) -> None:
        self._open(2, names.BODY)
        self._open(3, names.MANIFEST, ' version="1.0"')
        for number, reference in enumerate(package.manifest, 1):
            path = f"{names.MANIFEST}/{names.REFERENCE}[{number}]"
            self._group(4, names.REFERENCE, reference, shape.REFERENCE, path)
        self._rest(4, names.MANIFEST)
        self._close(3, names.MANIFEST)
        self._rest(3, names.BODY)
        self._close(2, names.BODY)

    def _attachments(self, package: Package) -> None:
        self._open(1, names.ATTACHMENTS, prefixed=False)
        for number, attachment in enumerate(package.attachments, 1):
            path = f"{names.ATTACHMENTS}/{names.ATTACHMENT}[{number}]"
            self._open(2, names.ATTACHMENT, prefixed=False)
            for item in shape.ATTACHMENT.fields:
                self._field(3, getattr(attachment, item.attr), item, path, prefixed=False)
            tag = _tag(names.CONTENT, True)
            declared = f' xmlns:{names.PREFIX}="{names.NAMESPACE}"'
            self._lines.append(f"      <{tag}{declared}>{escape(attachment.encoded.decode())}</{tag}>")
            self._rest(3, path)
            self._close(2, names.ATTACHMENT, prefixed=False)
        self._rest(2, names.ATTACHMENTS)
        self._close(1, names.ATTACHMENTS, prefixed=False)

    def _element(self, level: int, element: Element, *, prefixed: bool = False) -> None:
        """An element that we only carry: a foreign namespace is declared on itself, so it survives anywhere."""
        own = prefixed and element.namespace == names.NAMESPACE
        tag = _tag(element.name, own)
        attributes = [] if own else [f' xmlns="{escape(element.namespace)}"']
        for number, (name, value) in enumerate(element.attributes):
            quoted = quoteattr(value, {"\n": "&#10;", "\t": "&#9;"})
            if name.startswith("{"):
                foreign, plain = name[1:].split("}", 1)
                attributes.append(f' xmlns:a{number}="{escape(foreign)}" a{number}:{plain}={quoted}')
            else:
                attributes.append(f" {name}={quoted}")
        start = f"{'  ' * level}<{tag}{''.join(attributes)}>"
        if not element.children:
            self._lines.append(f"{start}{escape(element.text)}</{tag}>")
            return
        self._lines.append(start + escape(element.text))
        for child in element.children:
            self._element(level + 1, child, prefixed=prefixed)
        self._lines.append(f"{'  ' * level}</{tag}>")


def _tag(name: str, prefixed: bool) -> str:
    return f"{names.PREFIX}:{name}" if prefixed else name
