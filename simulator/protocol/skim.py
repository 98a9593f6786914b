"""The thin walk: only what routes and lists a packet (``codec.skim``). Private to codec.py.

It speaks of packets without any damage or oddity of form, which is nearly all of them; of others it says nothing, and
the whole reader speaks. The tests hold what it says against the whole reader.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from lxml import etree

from simulator.protocol import names
from simulator.protocol.forms import READ
from simulator.protocol.layout import Form
from simulator.protocol.outline import Contents, Outline
from simulator.protocol.package import Kind, code_text
from simulator.protocol.profile import Limits
from simulator.protocol.tree import local_name, namespace_of, well_formed
from simulator.protocol.walk import clean, kind_of

__all__ = ["skimmed"]

_START = re.compile(rb"""<(?:\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']|[^\0])""")
_LEAVES = frozenset({"DocumentId", "Subject", names.STATUS_CODE})
_SIGNATURES = frozenset({names.SIGNATURE, names.DIGITAL_SIGNATURE})
_INT = READ[Form.INT]
_NEW = 0  # BussinessDocType where there is no Bussiness (wire.md C.4)

Text = Callable[[etree._Element], str | None]


def skimmed(bones: bytes, limits: Limits, *, text: Text) -> Outline | None:
    """The outline of a packet that may have been carved; None: read it as a whole.

    ``text``: the text of a leaf as it stood in the whole; None where it is empty.
    """
    start = _START.match(bones)
    if start is None or (start[1] or b"utf-8").lower() != b"utf-8":
        return None
    if b"!" in bones and b"<!DOCTYPE" in bones:  # one byte is looked for much faster than nine
        return None
    root = well_formed(bones)
    if root is None or local_name(root.tag) != names.ROOT or _too_much(root, bones, limits):
        return None
    envelope = next(iter(root), None)
    if envelope is None or local_name(envelope.tag) != names.ENVELOPE:
        return None
    form = names.ROOT, namespace_of(root.tag), namespace_of(envelope.tag)
    header = _child(envelope, names.HEADER)
    message = None if header is None else _child(header, names.MESSAGE_HEADER)
    if header is None or message is None:
        return Outline(Kind.UNKNOWN, *form)
    attached = _child(root, names.ATTACHMENTS)
    if attached is not None and len(attached) > limits.attachments:
        return None
    signed, trace = False, None
    for child in header:
        name = local_name(child.tag)
        if name in _SIGNATURES:
            signed = True
        elif name == names.TRACE_LIST and trace is None:
            trace = child
    kind, contents = _read(message, trace, text)
    return Outline(kind, *form, signed, contents)


def _read(message: etree._Element, trace: etree._Element | None, text: Text) -> tuple[Kind, Contents]:
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
        elif name not in found and (name not in _LEAVES or len(child) == 0):
            found[name] = child
    kind = kind_of(seen)
    sender = _organ(found.get("From"), text)
    if kind is Kind.STATUS:
        original = answers[0] if answers else None
        organ = _organ(original, text)
        return kind, Contents(
            document_id=_value(original, "DocumentId", text),
            sender=sender,
            receivers=(organ,) if organ else (),
            status_code=_text(found.get(names.STATUS_CODE), text),
            response_for_organ=_first_organ(answers[:1], text),
            notation=_value(original, "Code", text),
        )
    code = found.get("Code")
    return kind, Contents(
        document_id=_text(found.get("DocumentId"), text),
        sender=sender,
        receivers=tuple([_organ(each, text) for each in receivers]),
        business_type=_NEW if trace is None else _business_type(trace, text),
        response_for_organ=_first_organ(answers, text) if answers else None,
        title=_text(found.get("Subject"), text),
        notation=""
        if code is None
        else code_text(_value(code, "CodeNumber", text), _value(code, "CodeNotation", text)),
    )


def _child(parent: etree._Element, wanted: str) -> etree._Element | None:
    for child in parent:
        if local_name(child.tag) == wanted:
            return child
    return None


def _leaf(parent: etree._Element, wanted: str) -> etree._Element | None:
    for child in parent:
        if local_name(child.tag) == wanted and len(child) == 0:
            return child
    return None


def _text(leaf: etree._Element | None, text: Text) -> str:
    return "" if leaf is None else clean(text(leaf) or "")


def _value(parent: etree._Element | None, wanted: str, text: Text) -> str:
    return "" if parent is None else _text(_leaf(parent, wanted), text)


def _organ(party: etree._Element | None, text: Text) -> str:
    return _value(party, "OrganId", text)


def _first_organ(answers: Iterable[etree._Element], text: Text) -> str | None:
    for each in answers:
        leaf = _leaf(each, "OrganId")
        if leaf is not None:
            return text(leaf) or ""
    return None


def _business_type(trace: etree._Element, text: Text) -> int | None:
    business = _child(trace, names.BUSINESS)
    if business is None:
        return _NEW
    number: int | None = _INT(_value(business, "BussinessDocType", text))
    return number


def _too_much(root: etree._Element, bones: bytes, limits: Limits) -> bool:
    """Whether a limit of form may be passed, told from how often ``<`` and ``=`` stand in the bytes, or from the tree.

    Elements nested ``n`` deep have ``2 n - 1`` tags at least; no element has more attributes than there are ``=``.
    """
    opened = bones.count(b"<")
    return (
        opened > limits.elements
        or (opened > 2 * limits.depth and _deeper_than(limits.depth)(root))
        or (bones.count(b"=") > limits.attributes and _more_attributes_than(limits.attributes)(root))
    )


@lru_cache(8)
def _deeper_than(depth: int) -> etree.XPath:
    return etree.XPath(f"boolean({'/*' * (depth + 1)})")


@lru_cache(8)
def _more_attributes_than(count: int) -> etree.XPath:
    return etree.XPath(f"boolean(//*[count(@*) > {count}])")
