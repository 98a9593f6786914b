"""Rows in which every pair of values of two factors stands at least once (a covering array). Pure and seeded.

Greedy: each row begins with a pair that no row has yet, and takes for every other factor the value that brings the most
pairs that are still missing. A few such rows are made and the best is kept; no attempt is made at the fewest rows.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product
from random import Random

__all__ = ["covering", "groups"]

_CANDIDATES = 8

Group = frozenset[tuple[str, str]]
"""``strength`` factors, each with one of its values."""


def covering(factors: Mapping[str, Sequence[str]], draw: Random, *, strength: int = 2) -> tuple[Mapping[str, str], ...]:
    """Rows (factor → value) in which every combination of values of ``strength`` factors stands."""
    missing = dict.fromkeys(groups(factors, strength))  # a dict: the order of a set differs from run to run
    rows: list[Mapping[str, str]] = []
    while missing:
        candidates = [_row(factors, missing, draw, strength) for _ in range(_CANDIDATES)]
        best = max(candidates, key=lambda row: sum(group in missing for group in _of(row, strength)))
        for group in _of(best, strength):
            missing.pop(group, None)
        rows.append({name: best[name] for name in factors})
    return tuple(rows)


def groups(factors: Mapping[str, Sequence[str]], strength: int) -> Iterator[Group]:
    """Every combination of values of ``strength`` factors."""
    for names in combinations(factors, strength):
        for values in product(*(factors[name] for name in names)):
            yield frozenset(zip(names, values, strict=True))


def _of(row: Mapping[str, str], strength: int) -> Iterator[Group]:
    return map(frozenset, combinations(row.items(), strength))


def _row(
    factors: Mapping[str, Sequence[str]], missing: Mapping[Group, None], draw: Random, strength: int
) -> Mapping[str, str]:
    row = dict(draw.choice(tuple(missing)))
    rest = [name for name in factors if name not in row]
    for name in draw.sample(rest, len(rest)):

        def gain(value: str, name: str = name) -> int:
            others = combinations(row.items(), strength - 1)
            return sum(frozenset((*chosen, (name, value))) in missing for chosen in others)

        values = draw.sample(list(factors[name]), len(factors[name]))
        row[name] = max(values, key=gain)
    return row
