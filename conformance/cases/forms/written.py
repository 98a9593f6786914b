"""A packet's bytes in an unusual form: our encoder's own text as a tree, changed, and written again. Pure and seeded.

Not a parser: it reads only what ``codec.encode`` wrote a moment before, line by line.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from random import Random
from xml.sax.saxutils import escape, unescape

from conformance.cases.forms.deviations import Combination, length_of
from simulator.protocol import codec, names
from simulator.protocol.package import Package, Packet, StatusPacket

__all__ = ["letters", "written"]

_LINE = re.compile(r"<(/?)((?:edXML:)?)([\w.-]+)([^>]*)>(?:(.*)</[\w:.-]+>)?", re.DOTALL)
_XMLNS = re.compile(r'\s+xmlns(?::\w+)?="[^"]*"')
_CODES = (
    ("From", "OrganId"),
    ("To", "OrganId"),
    (names.MESSAGE_HEADER, names.STATUS_CODE),
    (names.MESSAGE_HEADER, "Timestamp"),
)
"""What the SDK's own reader trims (wire.md C.2)."""
_PROSE = ("Subject", "Content", "Description", "BussinessDocReason", "OrganName", "FullName", "Position", "Staff")
_DECLARATIONS = {
    "": '<?xml version="1.0" encoding="UTF-8"?>',
    "single-quotes": "<?xml version='1.0' encoding='utf-8' standalone='yes'?>",
    "no-declaration": "",
}
_LAYOUTS = {"": ("\r\n", "  "), "lf": ("\n", "  "), "one-line": ("", ""), "tabs": ("\n", "\t")}
_COMMENT = "<!-- ghi chú kiểm thử -->"
_INSTRUCTION = "<?kiem-thu buoc='1'?>"
_SYLLABLES = (
    "về", "việc", "triển", "khai", "kế", "hoạch", "cải", "cách", "hành", "chính", "tại", "địa", "phương", "theo",
    "quyết", "định", "của", "cấp", "có", "thẩm", "quyền",
)  # fmt: skip
_NBSP = "\u00a0"


@dataclass
class _Node:
    """One element: its local name, attributes as they stand, its text, or its children."""

    name: str
    prefixed: bool
    attributes: str = ""
    text: str | None = None
    children: list["_Node"] = field(default_factory=list)

    def find(self, path: Sequence[str]) -> Iterator[tuple["_Node", "_Node"]]:
        """Parent and node of everything at ``path``, whose first name may stand at any depth."""
        for child in self.children:
            if child.name == path[0]:
                if len(path) == 1:
                    yield self, child
                else:
                    yield from child.below(path[1:])
            else:
                yield from child.find(path)

    def below(self, path: Sequence[str]) -> Iterator[tuple["_Node", "_Node"]]:
        """The same, for a path that begins with a child."""
        for child in self.children:
            if child.name == path[0]:
                if len(path) == 1:
                    yield self, child
                else:
                    yield from child.below(path[1:])

    def leaves(self) -> Iterator["_Node"]:
        """Every element with a text."""
        if self.text is not None:
            yield self
        for child in self.children:
            yield from child.leaves()


def letters(draw: Random, count: int) -> str:
    """A Vietnamese text of exactly so many letters, without line ends or blanks at its ends."""
    parts: list[str] = []
    length = 0
    while length <= count:
        parts.append(draw.choice(_SYLLABLES))
        length += len(parts[-1]) + 1
    text = " ".join(parts)[:count]
    return text if not text or text[-1] != " " else text[:-1] + "a"


def written(packet: Packet, combination: Combination, draw: Random) -> bytes:
    """The packet with these deviations. () gives exactly what the encoder writes."""
    root = _tree(codec.encode(packet).decode())
    if (length := length_of(combination)) is not None:
        _set_text(root, packet, letters(draw, length))
    for key in combination:
        kind, _, place = key.partition(":")
        if place:
            _PLACED[kind](root, place.split("/"))
    _reorder(root, combination, draw)
    return _Form(combination, draw).bytes(root)


def _tree(text: str) -> _Node:
    stack: list[_Node] = []
    root = _Node("", prefixed=False)
    for line in text.split("\r\n")[1:]:
        match = _LINE.fullmatch(line.strip())
        if match is None:
            if line.strip():
                raise ValueError("the writer's form has changed; this must follow it")
            continue
        closing, prefix, name, attributes, body = match.groups()
        if closing:
            stack.pop()
            continue
        node = _Node(name, bool(prefix), _XMLNS.sub("", attributes), None if body is None else unescape(body))
        (stack[-1] if stack else root).children.append(node)
        if body is None:
            stack.append(node)
    return root.children[0]


# ---------------------------------------------------------------- what it says


def _set_text(root: _Node, packet: Packet, text: str) -> None:
    """The text that has a length: Description of a status, reason of a recall or an update, else Content."""
    if isinstance(packet, StatusPacket):
        path = (names.MESSAGE_HEADER, "Description")
    elif isinstance(packet, Package) and packet.business_type in (1, 2):
        path = (names.BUSINESS, "BussinessDocReason")
    else:
        path = (names.MESSAGE_HEADER, "Content")
    for _, node in root.find(path):
        node.text = text


def _without(root: _Node, path: Sequence[str]) -> None:
    for parent, node in list(root.find(path)):
        parent.children.remove(node)


def _twice(root: _Node, path: Sequence[str]) -> None:
    parent, node = next(root.find(path))
    other = deepcopy(node)
    for leaf in other.leaves():
        if leaf.name not in ("OrganId", "ContentId"):
            leaf.text = _otherwise(leaf.text or "")
            break
    parent.children.insert(parent.children.index(node) + 1, other)


def _otherwise(text: str) -> str:
    """Another value of the same kind: the next code, the next digit at the end, or more words."""
    if re.fullmatch("[0-9]{1,2}", text):
        return {"03": "05", "13": "05", "15": "16"}.get(text, f"{int(text) + 1:0{len(text)}}")
    return text[:-1] + ("1" if text[-1] == "2" else "2") if text[-1:].isdigit() else f"{text} khác"


def _round(mark: str) -> Callable[[_Node, Sequence[str]], None]:
    def change(root: _Node, path: Sequence[str]) -> None:
        for _, node in root.find(path):
            node.text = f"{mark}{node.text}{mark}"

    return change


_PLACED: dict[str, Callable[[_Node, Sequence[str]], None]] = {
    "without": _without,
    "twice": _twice,
    "nbsp": _round(_NBSP),
    "spaced": _round("  "),
}


# ---------------------------------------------------------------- in which order


def _reorder(root: _Node, combination: Combination, draw: Random) -> None:
    if "shuffled-outside" in combination:
        for parent in (root, *(node for _, node in root.find((names.HEADER,)))):
            parent.children.reverse()
    if "shuffled" in combination:
        for _, node in (*root.find((names.MESSAGE_HEADER,)), *root.find((names.TRACE_LIST,))):
            _shuffle(node, draw)
    if "shuffled-inside" in combination:
        for name in (names.MESSAGE_HEADER, names.TRACE_LIST, names.MANIFEST, names.ATTACHMENTS):
            for _, node in root.find((name,)):
                for child in node.children:
                    _shuffle_all(child, draw)


def _shuffle_all(node: _Node, draw: Random) -> None:
    _shuffle(node, draw)
    for child in node.children:
        _shuffle_all(child, draw)


def _shuffle(node: _Node, draw: Random) -> None:
    """Other places for the names; what bears one name keeps its order, for it has a meaning."""
    order = list(dict.fromkeys(child.name for child in node.children))
    before = list(order)
    while len(order) > 1 and order == before:
        draw.shuffle(order)
    node.children.sort(key=lambda child: order.index(child.name))


# ---------------------------------------------------------------- how it is written


class _Form:
    def __init__(self, combination: Combination, draw: Random) -> None:
        self._keys = frozenset(combination)
        self._draw = draw
        self._end, self._indent = _LAYOUTS[self._one_of(_LAYOUTS)]
        self._prefix = "ns0" if "other-prefix" in self._keys else names.PREFIX
        self._everywhere = "prefix-everywhere" in self._keys
        self._wrap = next((key for key in self._keys if key.startswith("base64-")), "")

    def _one_of(self, known: Iterable[str]) -> str:
        return next((key for key in known if key in self._keys), "")

    def bytes(self, root: _Node) -> bytes:
        """The whole file."""
        head = [_DECLARATIONS[self._one_of(_DECLARATIONS)], *self._beside()]
        body = "".join(self._element(root, 0, ""))
        text = "".join(f"{line}{self._end}" for line in head if line) + body
        return (b"\xef\xbb\xbf" if "bom" in self._keys else b"") + (text + "".join(self._beside())).encode()

    def _beside(self) -> list[str]:
        """What may stand between two elements."""
        return [text for key, text in (("comments", _COMMENT), ("instructions", _INSTRUCTION)) if key in self._keys]

    def _tag(self, node: _Node) -> str:
        prefixed = self._everywhere or (node.prefixed and "no-prefix" not in self._keys)
        return f"{self._prefix}:{node.name}" if prefixed else node.name

    def _declared(self, node: _Node) -> str:
        own = f' xmlns:{self._prefix}="{names.NAMESPACE}"'
        if self._everywhere:
            return own if node.name == names.ROOT else ""
        if node.name == names.ROOT:
            return f' xmlns="{names.NAMESPACE}"'
        return own if node.name in (names.ENVELOPE, names.CONTENT) and "no-prefix" not in self._keys else ""

    def _element(self, node: _Node, level: int, parent: str) -> Iterator[str]:
        tag, pad = self._tag(node), self._indent * level
        attributes = self._declared(node) + node.attributes
        if node.name == names.REFERENCE and "unbound-prefix" in self._keys:
            attributes += ' xlink:href=""'
        if node.text is not None:
            yield f"{pad}<{tag}{attributes}>{self._text(node, level, parent)}</{tag}>{self._end}"
            return
        yield f"{pad}<{tag}{attributes}>{self._end}"
        for child in node.children:
            if self._draw.random() < 0.3:
                yield from (f"{pad}{self._indent}{each}{self._end}" for each in self._beside())
            yield from self._element(child, level + 1, node.name)
        yield f"{pad}</{tag}>{self._end}"

    def _text(self, node: _Node, level: int, parent: str) -> str:
        text = node.text or ""
        if node.name == names.CONTENT:
            return self._base64(text, level)
        if node.name in _PROSE and "comment-in-text" in self._keys and len(text) > 1:
            middle = len(text) // 2
            written_ = self._letters(text[:middle]) + "<!-- -->" + self._letters(text[middle:])
        else:
            written_ = self._letters(text)
        if (parent, node.name) in _CODES:
            if "blanks" in self._keys:
                return f"  {written_} "
            if "lines" in self._keys:
                end = self._end or "\n"
                return f"{end}{self._indent * (level + 1)}{written_}{end}{self._indent * level}"
        return written_

    def _letters(self, text: str) -> str:
        if "cdata" in self._keys and text:
            return f"<![CDATA[{text}]]>"
        form = "&#{};" if "decimal" in self._keys else "&#x{:X};" if "hexadecimal" in self._keys else ""
        if not form:
            return escape(text)
        return "".join(
            form.format(ord(each)) if place == 0 or not each.isascii() or each in "&<>" else each
            for place, each in enumerate(text)
        )

    def _base64(self, text: str, level: int) -> str:
        if not self._wrap:
            return text
        width = 64 if "-64-" in self._wrap else 76
        end = "\r\n" if self._wrap.endswith("-crlf") else "\n"
        pad = "  " * (level + 1) if self._wrap == "base64-indented" else ""
        lines = [text[at : at + width] for at in range(0, len(text), width)]
        return end + "".join(f"{pad}{line}{end}" for line in lines) + pad[:-2]
