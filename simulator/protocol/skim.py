"""The thin walk: only what routes and lists a packet (``codec.skim``). Private to codec.py.

It speaks of packets without any damage or oddity of form, which is nearly all of them; of others it says nothing, and
the whole reader speaks. The tests hold what it says against the whole reader.
"""

import re
from collections.abc import Callable
from functools import lru_cache

from lxml import etree

from simulator.protocol import names
from simulator.protocol import package as p
from simulator.protocol.forms import READ
from simulator.protocol.layout import Form
from simulator.protocol.profile import Limits
from simulator.protocol.reading import Leaf, Reading, Traits
from simulator.protocol.tree import local_name, namespace_of, well_formed
from simulator.protocol.walk import clean, kind_of

__all__ = ["skimmed"]

_START = re.compile(rb"""<(?:\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']|[^\0])""")
_ANSWER = "MessageHeader/ResponseFor[{}]/OrganId"
_LEAVES = frozenset({"DocumentId", "Subject", names.STATUS_CODE})
_GROUPS = frozenset({"From", "Code"})
_LONG = 64  # letters of a unit code that nobody has
_SIGNATURE = p.Element(names.SIGNATURE)

Text = Callable[[etree._Element], str]


def skimmed(bones: bytes, limits: Limits, *, text: Text) -> Reading | None:
    """The thin reading of a packet that may have been carved; None: read it as a whole.

    ``text``: the text of a leaf as it stood in the whole.
    """
    start = _START.match(bones)
    opened = bones.count(b"<")
    if start is None or (start[1] or b"utf-8").lower() != b"utf-8" or b"<!DOCTYPE" in bones:
        return None
    root = well_formed(bones)
    if root is None or local_name(root.tag) != names.ROOT or _too_much(root, opened, bones.count(b"="), limits):
        return None
    envelope = next(iter(root), None)
    if envelope is None or local_name(envelope.tag) != names.ENVELOPE:
        return None
    traits = _traits(start[1].decode() if start[1] else "", root.tag, envelope.tag)
    header = _child(envelope, names.HEADER)
    message = None if header is None else _child(header, names.MESSAGE_HEADER)
    if header is None or message is None:
        return Reading(p.Kind.UNKNOWN, None, (), traits)
    attached = _child(root, names.ATTACHMENTS)
    if attached is not None and len(attached) > limits.attachments:
        return None
    return _Skim(text).reading(header, message, traits)


class _Skim:
    """One thin walk."""

    def __init__(self, text: Text) -> None:
        self._text = text

    def reading(self, header: etree._Element, message: etree._Element, traits: Traits) -> Reading:
        """What the message header says, and whom it answers."""
        found: dict[str, etree._Element] = {}
        receivers: list[etree._Element] = []
        answers: list[etree._Element] = []
        seen = {names.MESSAGE_HEADER}
        for child in message:
            name = local_name(child.tag)
            seen.add(name)
            if name == "To":
                receivers.append(child)
            elif name == "ResponseFor":
                answers.append(child)
            elif name not in found and (name in _GROUPS or (name in _LEAVES and len(child) == 0)):
                found[name] = child
        kind = kind_of(seen)
        sender = self._party(found["From"]) if "From" in found else None
        signature, trace = None, None
        for child in header:
            name = local_name(child.tag)
            if name in (names.SIGNATURE, names.DIGITAL_SIGNATURE):
                signature = _SIGNATURE
            elif name == names.TRACE_LIST and trace is None:
                trace = child
        if kind is p.Kind.STATUS:
            del answers[1:]
        leaves = tuple(self._answered(answers)) if answers else ()
        packet: p.Packet
        if kind is p.Kind.STATUS:
            packet = p.StatusPacket(
                sender=sender,
                response_for=self._response_for(answers[0]) if answers else None,
                code=self._found(found, names.STATUS_CODE),
                signature=signature,
            )
        else:
            packet = p.Package(
                sender=sender,
                receivers=tuple(self._party(each) for each in receivers),
                document_id=self._found(found, "DocumentId"),
                code=self._code(found["Code"]) if "Code" in found else None,
                subject=self._found(found, "Subject"),
                trace=self._trace(trace),
                signature=signature,
            )
        return Reading(kind, packet, leaves, traits)

    def _found(self, found: dict[str, etree._Element], name: str) -> str:
        return clean(self._text(found[name])) if name in found else ""

    def _leaf(self, parent: etree._Element, wanted: str) -> etree._Element | None:
        for child in parent:
            if local_name(child.tag) == wanted and len(child) == 0:
                return child
        return None

    def _value(self, parent: etree._Element, wanted: str) -> str:
        leaf = self._leaf(parent, wanted)
        return "" if leaf is None else clean(self._text(leaf))

    def _party(self, element: etree._Element) -> p.Party:
        code = self._value(element, "OrganId")
        return _party(code) if len(code) < _LONG else p.Party(organ_id=code)

    def _code(self, element: etree._Element) -> p.Code:
        return p.Code(self._value(element, "CodeNumber"), self._value(element, "CodeNotation"))

    def _response_for(self, element: etree._Element) -> p.ResponseFor:
        return p.ResponseFor(
            organ_id=self._value(element, "OrganId"),
            code=self._value(element, "Code"),
            document_id=self._value(element, "DocumentId"),
        )

    def _answered(self, answers: list[etree._Element]) -> list[Leaf]:
        found = [(number, self._leaf(each, "OrganId")) for number, each in enumerate(answers, 1)]
        return [
            Leaf(_ANSWER.format(number), self._text(leaf), leaf.sourceline or 0)
            for number, leaf in found
            if leaf is not None
        ]

    def _trace(self, element: etree._Element | None) -> p.TraceHeaderList | None:
        business = None if element is None else _child(element, names.BUSINESS)
        if business is None:
            return None
        doc_type = self._leaf(business, "BussinessDocType")
        number = None if doc_type is None else READ[Form.INT](clean(self._text(doc_type)))
        return _of_type(number)


def _child(parent: etree._Element, wanted: str) -> etree._Element | None:
    for child in parent:
        if local_name(child.tag) == wanted:
            return child
    return None


def _too_much(root: etree._Element, opened: int, equals: int, limits: Limits) -> bool:
    """Whether a limit of form may be passed, told from how often ``<`` and ``=`` stand in the bytes, or from the tree.

    Elements nested ``n`` deep have ``2 n - 1`` tags at least; no element has more attributes than there are ``=``.
    """
    return (
        opened > limits.elements
        or (opened > 2 * limits.depth and _deeper_than(limits.depth)(root))
        or (equals > limits.attributes and _more_attributes_than(limits.attributes)(root))
    )


@lru_cache(8)
def _deeper_than(depth: int) -> etree.XPath:
    return etree.XPath(f"boolean({'/*' * (depth + 1)})")


@lru_cache(8)
def _more_attributes_than(count: int) -> etree.XPath:
    return etree.XPath(f"boolean(//*[count(@*) > {count}])")


# Values that come again and again; they are frozen, so they may be shared.


@lru_cache(64)
def _traits(encoding: str, root: str, envelope: str) -> Traits:
    return Traits(
        encoding=encoding,
        root=names.ROOT,
        root_namespace=namespace_of(root),
        envelope_namespace=namespace_of(envelope),
    )


@lru_cache(1024)
def _party(organ_id: str) -> p.Party:
    return p.Party(organ_id=organ_id)


@lru_cache(16)
def _of_type(number: int | None) -> p.TraceHeaderList:
    return p.TraceHeaderList(business=p.Business(doc_type=number))
