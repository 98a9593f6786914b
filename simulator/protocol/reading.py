"""What the reader gives: the packet, every leaf's raw text, what was unusual, what was damaged."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING

from simulator.protocol.errors import Malformed
from simulator.protocol.package import Kind, Packet

if TYPE_CHECKING:
    from simulator.protocol.sealing import Sealed

__all__ = ["Leaf", "Reading", "Traits", "bare"]

_NUMBER = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class Leaf:
    """One element without children: its path (``MessageHeader/To[2]/OrganId``), raw text, line."""

    path: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Traits:
    """What was unusual about the form. Paths as in ``Leaf``. ``manifest``: there is one, be it empty."""

    bom: bool = False
    encoding: str = ""
    root: str = ""
    root_namespace: str = ""
    envelope_namespace: str | None = None
    unprefixed: tuple[str, ...] = ()
    foreign_namespaces: tuple[tuple[str, str], ...] = ()
    unbound_prefixes: tuple[str, ...] = ()
    signature_namespaces: tuple[str, ...] = ()
    manifest: bool = True


@dataclass(frozen=True, slots=True)
class Reading:
    """What the bytes said. ``packet`` is None only where no MessageHeader was found or damage went too deep.

    ``sealed``: what the packet's signature is worth, where somebody asked (lint.py); the reader itself never does.
    """

    kind: Kind
    packet: Packet | None
    leaves: tuple[Leaf, ...]
    traits: Traits
    damage: tuple[Malformed, ...] = ()
    sealed: "Sealed | None" = None
    _index: dict[str, list[tuple[int, Leaf]]] | None = field(default=None, init=False, repr=False, compare=False)

    def text(self, path: str) -> str | None:
        """The raw text of the first leaf at ``path``, or None."""
        return next((leaf.text for leaf in self.leaves if leaf.path == path), None)

    def texts(self, *patterns: str) -> Iterator[Leaf]:
        """Every leaf whose path, with the numbers taken out, is one of ``patterns``; in the order of the packet."""
        index = self._index
        if index is None:  # some forty rules ask, most of them more than once
            index = {}
            for number, leaf in enumerate(self.leaves):
                index.setdefault(bare(leaf.path), []).append((number, leaf))
            object.__setattr__(self, "_index", index)
        if len(patterns) == 1:
            return (leaf for _, leaf in index.get(patterns[0], ()))
        found = [each for pattern in {*patterns} for each in index.get(pattern, ())]
        return (leaf for _, leaf in sorted(found, key=itemgetter(0)))


def bare(path: str) -> str:
    """``path`` without its numbers: ``MessageHeader/To[2]/OrganId`` → ``MessageHeader/To/OrganId``."""
    return _NUMBER.sub("", path) if "[" in path else path
