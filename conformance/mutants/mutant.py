"""What a mutant says of itself."""

from dataclasses import dataclass

from simulator.words import Text

__all__ = ["Mutant"]


@dataclass(frozen=True, slots=True)
class Mutant:
    """``id``: slug; ``title``: what it does wrong; ``source``: where that was seen, e.g. ``pitfalls 16``;
    ``caught_by``: the checks that must break."""

    id: str
    title: Text
    source: str
    caught_by: tuple[str, ...]
