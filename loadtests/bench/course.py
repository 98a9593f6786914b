"""What a comparison is told, and how much of everything it measures."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from loadtests.bench.processes import cores

__all__ = ["Course"]


@dataclass(frozen=True, slots=True)
class Course:
    """One run of the bench. ``folder``: for data, emptied before each comparison. ``say``: progress, for people."""

    folder: Path
    quick: bool
    say: Callable[[str], None]

    @property
    def rounds(self) -> int:
        """How often everything is measured in turn."""
        return 2 if self.quick else 5

    @property
    def server_core(self) -> int:
        """Where the servers run."""
        return cores()[0]

    @property
    def load_core(self) -> int:
        """Where this process runs while it measures."""
        return cores()[1]

    def pick(self, full: int, quick: int) -> int:
        """``full``, or ``quick`` in a quick run."""
        return quick if self.quick else full
