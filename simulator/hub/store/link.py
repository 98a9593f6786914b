"""The seam between what is asked and who answers: one connection to a database, spoken to in one kind of SQL.

All statements are written once, with ``?`` for a value, in the SQL that SQLite and PostgreSQL share. What differs is
small and stands here and in the two implementations: how a moment is kept, and what the database's own trouble is.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar, Protocol

__all__ = ["Link"]


class Link(Protocol):
    """One connection. ``EMPTYING``: statements that empty every table of traffic, and number from 1 again."""

    EMPTYING: ClassVar[tuple[str, ...]]

    def rows(self, query: str, values: Sequence[object] = ()) -> list[Any]:
        """Every row that ``query`` gives."""

    def run(self, statement: str, values: Sequence[object] = ()) -> None:
        """Run one statement whose rows, if any, nobody wants."""

    def moment(self, at: datetime) -> object:
        """The value under which a moment is kept and compared: to the millisecond."""

    def stamped(self, value: Any) -> Any:
        """A kept moment as RFC 3339 text; None stays None."""
