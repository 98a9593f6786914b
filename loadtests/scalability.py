"""The universal scalability law (Gunther), fitted by least squares in plain Python. Pure.

``carried(n) = n·rate / (1 + contention·(n−1) + coherency·n·(n−1))`` for load n in units of the scenario. Its reciprocal
``n / carried`` is linear in (1/rate, contention/rate, coherency/rate), so no iteration is needed; none of the three may
be negative, so every choice of terms is tried and the best allowed one wins. Errors count relatively.
"""

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

__all__ = ["Law", "fitted", "interval"]

Point = tuple[float, float]
"""(load n, what was carried)."""


@dataclass(frozen=True, slots=True)
class Law:
    """``rate``: carried at load 1; ``contention``: the share that must queue; ``coherency``: what it costs to agree."""

    rate: float
    contention: float
    coherency: float

    def carried(self, load: float) -> float:
        """What comes through at ``load``."""
        return load * self.rate / (1 + self.contention * (load - 1) + self.coherency * load * (load - 1))

    @property
    def peak(self) -> float | None:
        """The most that ever comes through; None: the law shows no limit."""
        if self.coherency > 0:
            return self.carried(math.sqrt(max(1.0, (1 - self.contention) / self.coherency)))
        return self.rate / self.contention if self.contention > 0 else None


def fitted(points: Sequence[Point]) -> Law | None:
    """The law nearest to ``points``; None for fewer than four, through which anything fits."""
    usable = [(load, carried) for load, carried in points if load > 0 and carried > 0]
    if len(usable) < 4:
        return None
    rows = [
        (carried / load, carried / load * (load - 1), carried / load * load * (load - 1)) for load, carried in usable
    ]
    best, best_error = (1.0, 0.0, 0.0), math.inf
    for chosen in ((0, *more) for size in range(3) for more in combinations((1, 2), size)):
        solved = _solve([[row[index] for index in chosen] for row in rows])
        if solved is None or solved[0] <= 0 or min(solved) < 0:
            continue
        full = [0.0, 0.0, 0.0]
        for index, value in zip(chosen, solved, strict=True):
            full[index] = value
        error = sum((sum(f * x for f, x in zip(full, row, strict=True)) - 1.0) ** 2 for row in rows)
        if error < best_error:
            best, best_error = (full[0], full[1], full[2]), error
    return None if best_error is math.inf else Law(1 / best[0], best[1] / best[0], best[2] / best[0])


def interval(
    points: Sequence[Point], value: Callable[[Law], float | None], chance: random.Random, rounds: int = 300
) -> tuple[float, float] | None:
    """The 95 % bootstrap interval of ``value`` of the law: its relative residuals, drawn again and put back."""
    law = fitted(points)
    if law is None:
        return None
    scatter = [carried / law.carried(load) for load, carried in points]
    spread = math.sqrt(len(points) / max(1, len(points) - 3))  # three numbers were fitted: residuals are too small
    found = []
    for _ in range(rounds):
        drawn = [(load, law.carried(load) * (1 + (chance.choice(scatter) - 1) * spread)) for load, _ in points]
        again = fitted(drawn)
        if again is not None and (seen := value(again)) is not None:
            found.append(seen)
    found.sort()
    return (
        (found[int(0.025 * len(found))], found[math.ceil(0.975 * len(found)) - 1]) if len(found) > rounds / 2 else None
    )


def _solve(rows: Sequence[Sequence[float]]) -> list[float] | None:
    """The least-squares solution of ``rows · x = 1``; None where the rows do not determine one."""
    size = len(rows[0])
    matrix = [
        [sum(row[i] * row[j] for row in rows) for j in range(size)] + [sum(row[i] for row in rows)] for i in range(size)
    ]
    for column in range(size):
        pivot = max(range(column, size), key=lambda index: abs(matrix[index][column]))
        matrix[column], matrix[pivot] = matrix[pivot], matrix[column]
        if abs(matrix[column][column]) < 1e-12:
            return None
        for other in range(size):
            if other != column:
                factor = matrix[other][column] / matrix[column][column]
                matrix[other] = [a - factor * b for a, b in zip(matrix[other], matrix[column], strict=True)]
    return [matrix[index][size] / matrix[index][index] for index in range(size)]
