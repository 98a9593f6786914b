"""Bytes to packets and back: a tolerant reader, a strict writer. It parses, it does not judge.

The only XML parser of the product. It never reads a DTD or an entity and never touches the network; limits
come from the profile, and each is a named ``Damage`` with its place. Matching is by local name, so any
prefix, any order, and undeclared prefixes (the vendor's own sample has one) are read; what was unusual is
kept in ``Reading.traits`` for the rules, and what is unknown is kept as unknown.

Readers: ``decode`` (one packet or Malformed) and ``examine`` (as far as damaged bytes go, for lint).
Writer: ``encode``, in the form strict .NET readers accept: prefix ``edXML`` throughout the envelope,
UTF-8, CRLF line ends, two blanks of indent, the builder's order (wire.md C.1).
"""

import codecs
import re
from functools import partial
from mmap import mmap
from operator import attrgetter

from simulator.protocol.carving import Carved, carve, let_go
from simulator.protocol.errors import Damage, Malformed
from simulator.protocol.forms import date_text, read_date, read_timestamp, timestamp_text
from simulator.protocol.outline import Contents, Outline, outlined
from simulator.protocol.package import Packet
from simulator.protocol.profile import Limits
from simulator.protocol.reading import Leaf, Reading, Traits
from simulator.protocol.skim import skimmed
from simulator.protocol.tree import from_utf16, malformed, recovered, unread, well_formed, without_leading_bytes
from simulator.protocol.walk import Reader
from simulator.protocol.writer import Writer

__all__ = [
    "Contents",
    "Leaf",
    "Outline",
    "Reading",
    "Traits",
    "date_text",
    "decode",
    "encode",
    "examine",
    "outlined",
    "read_date",
    "read_timestamp",
    "skim",
    "skim_mapped",
    "timestamp_text",
]

_DECLARED = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)""")
_WIDE = re.compile(rb"(?i)(?:utf-?(?:16|32)|ucs-?[24]|iso-10646-ucs-[24]|unicode)")
"""Encodings of two or four bytes a letter: a declaration that could be read byte by byte is not written in one."""
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, b"<\x00", b"\x00<")
_NOTHING = b" \t\r\n\x00"
_TEXT = attrgetter("text")


def decode(data: bytes, limits: Limits = Limits()) -> Reading:
    """Read one packet. Raises Malformed at the first damage; the reading's packet may still be None (no header)."""
    reading = examine(data, limits)
    if reading.damage:
        raise reading.damage[0]
    return reading


def examine(data: bytes, limits: Limits = Limits()) -> Reading:
    """Read as far as the bytes allow: damage is collected, not raised.

    Raises Malformed only where nothing recognisable as edXML is left (damage EMPTY, NOT_EDXML) or the bytes
    exceed the size limit.
    """
    if len(data) > limits.package_bytes:
        raise malformed(Damage.TOO_LARGE, f"byte {limits.package_bytes}", size=len(data), limit=limits.package_bytes)
    if not data[:64].strip(_NOTHING) and not data.strip(_NOTHING):
        raise malformed(Damage.EMPTY, "byte 0")
    return _examined(data, limits, carve(data))


def _examined(data: bytes, limits: Limits, carved: Carved) -> Reading:
    bones = carved.bones
    bom = bones.startswith(codecs.BOM_UTF8)
    text = bones[len(codecs.BOM_UTF8) :] if bom else from_utf16(bones)
    damage: list[Malformed] = []
    text = without_leading_bytes(text, damage)
    declared = _DECLARED.match(text)
    encoding = "UTF-16" if bones.startswith(_UTF16) else ""
    if declared and _WIDE.match(declared[1]):  # a parser would believe it, and read nothing
        at = f"byte {declared.start(1)}"
        damage.append(malformed(Damage.OTHER_ENCODING, at, declared=declared[1].decode(), written="UTF-8"))
        end = declared.end(1) + 1  # behind the quotation mark; blanks there keep every place where it was
        text = text[: declared.start(1)] + b"UTF-8" + text[end - 1 : end].ljust(len(declared[1]) - 4) + text[end:]
    traits = Traits(bom=bom, encoding=declared[1].decode() if declared else encoding)
    doctype = text.find(b"<!DOCTYPE")
    if doctype >= 0 and not carved.cuts:
        return unread(text, traits, [*damage, malformed(Damage.DOCTYPE, f"byte {doctype}")])
    opened = text.count(b"<")
    if opened > 2 * limits.elements:
        damage.append(malformed(Damage.TOO_MANY_ELEMENTS, "byte 0", count=opened // 2, limit=limits.elements))
        return unread(text, traits, damage)
    root = None if doctype >= 0 else well_formed(text)
    if root is None and carved.cuts:  # damage is told by its line and column in the whole
        return _examined(data, limits, Carved(data))
    if root is None:
        root = recovered(text, damage)
    if root.getroottree().docinfo.internalDTD is not None:  # an encoding that hid it from the byte scan
        return unread(text, traits, [*damage, malformed(Damage.DOCTYPE, "byte 0")])
    return Reader(limits, traits, damage, data=data, carved=carved).read(root)


def skim(data: bytes, limits: Limits = Limits()) -> Outline:
    """Read what routes and lists a packet, and nothing else: for an axis, which reads no more.

    Raises Malformed exactly where ``decode`` does; what it gives is the outline of ``decode``'s reading.
    """
    if len(data) <= limits.package_bytes:
        carved = carve(data)
        outline = skimmed(carved.bones, limits, text=partial(carved.text, data=data) if carved.cuts else _TEXT)
        if outline is not None:
            return outline
    return outlined(decode(data, limits))


def skim_mapped(data: mmap, limits: Limits = Limits()) -> Outline | None:
    """``skim`` of a mapped file, in little memory; None where only the whole can tell."""
    carved = carve(data, partial(let_go, data))
    return skimmed(carved.bones, limits, text=partial(carved.text, data=data)) if carved.cuts else None


def encode(packet: Packet) -> bytes:
    """Write a packet in the strict form. ``decode(encode(p)).packet == p`` for every packet."""
    writer = Writer(packet)
    return writer.bytes()
