"""From the combinations that failed to the smallest that fails: what to try next, and what was found. Pure.

A combination that held acquits everything in it, and one that failed condemns whatever contains it: only what neither
says is tried. First every single deviation of the failing ones that no holding one acquits; where none of them fails
alone, each failing one with one deviation less, and then only those without which it held.
"""

from collections import Counter
from collections.abc import Mapping

from conformance.cases.forms.deviations import Combination

__all__ = ["Outcomes", "next_tries", "smallest"]

Outcomes = Mapping[Combination, bool]
"""Of each combination that was seen to the end: whether it failed."""


def next_tries(outcomes: Outcomes, *, most: int) -> tuple[Combination, ...]:
    """The combinations to send next, at most so many; () where nothing more is to be learned."""
    failed = [combination for combination, failing in outcomes.items() if failing]
    cores = dict.fromkeys(core for each in failed if (core := _core(each, outcomes)))
    if cores:
        return tuple(sorted(cores, key=len))[:most]
    found = Counter(each for combination in smallest(outcomes) for each in _less(combination, outcomes))
    return tuple(each for each, _ in found.most_common(most))  # what occurs in most of them first


def smallest(outcomes: Outcomes) -> tuple[Combination, ...]:
    """Those that failed and contain no other that failed: the smallest first."""
    failed = [combination for combination, failing in outcomes.items() if failing]
    minimal = [each for each in failed if not any(set(other) < set(each) for other in failed)]
    return tuple(sorted(minimal, key=len))


def _less(combination: Combination, outcomes: Outcomes) -> list[Combination]:
    """Single deviations of it; where all of them are known, it with one deviation less."""
    if len(combination) < 2:
        return []
    singles: list[Combination] = [(key,) for key in combination]
    unknown = [each for each in singles if _known(each, outcomes) is None]
    return unknown or [each for each in _with_one_less(combination) if _known(each, outcomes) is None]


def _core(combination: Combination, outcomes: Outcomes) -> Combination:
    """What it cannot fail without, where that is known of each deviation, and was not yet tried by itself; else ()."""
    known = [_known(each, outcomes) for each in _with_one_less(combination)]
    if None in known or True not in known:
        return ()
    core = tuple(key for key, failing in zip(combination, known, strict=True) if not failing)
    return core if core and _known(core, outcomes) is None else ()


def _with_one_less(combination: Combination) -> list[Combination]:
    return [tuple(each for each in combination if each != key) for key in combination]


def _known(combination: Combination, outcomes: Outcomes) -> bool | None:
    """Whether it fails, as far as others say so; None where nobody does."""
    mine = set(combination)
    if any(failing and set(other) <= mine for other, failing in outcomes.items()):
        return True
    if any(not failing and set(other) >= mine for other, failing in outcomes.items()):
        return False
    return None
