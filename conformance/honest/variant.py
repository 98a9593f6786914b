"""What an honest variant says of itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from simulator.words import Text

__all__ = ["Honest", "Known"]

Told = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Known:
    """A warning that the variant draws by right: which check, and which sentence asks for it."""

    check: str
    because: Text


@dataclass(frozen=True, slots=True)
class Honest:
    """``id``: slug; ``title``: what it does otherwise than the reference; ``lawful``: why that is right; ``source``:
    where that stands, ``contract`` or the id of a requirement; ``known``: the warnings that it draws by right;
    ``told``: the tables and keys of its SUT file that differ from those of the reference."""

    id: str
    title: Text
    lawful: Text
    source: str
    known: tuple[Known, ...] = ()
    told: Told = field(default_factory=lambda: MappingProxyType({}))
