"""What the reader gives: the packet, every leaf's raw text, what was unusual, what was damaged."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from simulator.protocol.errors import Malformed
from simulator.protocol.package import Kind, Packet

__all__ = ["Leaf", "Reading", "Traits"]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One element without children: its path (``MessageHeader/To[2]/OrganId``), raw text, line."""

    path: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Traits:
    """What was unusual about the form. Paths as in ``Leaf``."""

    bom: bool = False
    encoding: str = ""
    root: str = ""
    root_namespace: str = ""
    envelope_namespace: str | None = None
    unprefixed: tuple[str, ...] = ()
    foreign_namespaces: tuple[tuple[str, str], ...] = ()
    unbound_prefixes: tuple[str, ...] = ()
    signature_namespaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What the bytes said. ``packet`` is None only where no MessageHeader was found or damage went too deep."""

    kind: Kind
    packet: Packet | None
    leaves: tuple[Leaf, ...]
    traits: Traits
    damage: tuple[Malformed, ...] = ()

    def text(self, path: str) -> str | None:
        """The raw text of the first leaf at ``path``, or None."""
        return next((leaf.text for leaf in self.leaves if leaf.path == path), None)

    def texts(self, pattern: str) -> Iterator[Leaf]:
        """Every leaf whose path, with the numbers taken out, is ``pattern``."""
        return (leaf for leaf in self.leaves if re.sub(r"\[\d+\]", "", leaf.path) == pattern)
