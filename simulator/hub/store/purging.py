"""Which documents are over, and how one goes: with its deliveries, its facts, and bodies that nobody else has."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from simulator.hub.delivery import Stage
from simulator.hub.events import stamp
from simulator.hub.store.reading import Past, marks
from simulator.hub.store.transaction import Transaction

__all__ = ["Looked", "Purge", "finished", "loose_facts"]

# Completed only with places for values.
_OPEN = "SELECT 1 FROM deliveries v WHERE v.doc_id = d.doc_id AND (v.stage NOT IN ({stages}) OR v.updated >= ?)"
_LOOK = """
SELECT seq, at < ?, NOT EXISTS ({open}), (SELECT count(*) FROM deliveries v WHERE v.doc_id = d.doc_id)
FROM documents d WHERE seq > ? ORDER BY seq LIMIT ?
"""
_GOING = "SELECT seq, doc_id FROM documents d WHERE seq IN ({seqs}) AND at < ? AND NOT EXISTS ({open})"


class Looked(NamedTuple):
    """One document that was looked at. ``old``: sent long enough ago; ``over``: nobody waits for it any more."""

    seq: int
    old: bool
    over: bool
    deliveries: int


def finished(past: Past, *, after: int, before: datetime, over: Sequence[Stage], limit: int) -> list[Looked]:
    """The next ``limit`` documents after number ``after``, in order of arrival."""
    moment = past.moment(before)
    query = _LOOK.format(open=_OPEN.format(stages=marks(over)))
    rows = past.ask(query, moment, *(stage.value for stage in over), moment, after, limit)
    return [Looked(seq, bool(old), bool(done), count) for seq, old, done, count in rows]


def loose_facts(past: Past, *, before: datetime, limit: int) -> list[int]:
    """The numbers of the oldest facts that belong to no document, as far as they are older than ``before``."""
    rows = past.ask("SELECT n, record FROM facts WHERE document IS NULL ORDER BY n LIMIT ?", limit)
    return [n for n, record in rows if json.loads(record)["at"] < stamp(before)]


@dataclass(frozen=True, slots=True)
class Purge:
    """The job that lets some documents go; it looks again at each, and gives the number of those that went."""

    documents: tuple[int, ...]
    before: datetime
    over: tuple[Stage, ...]

    def __call__(self, transaction: Transaction) -> int:
        """Do it."""
        moment = transaction.moment(self.before)
        query = _GOING.format(seqs=marks(self.documents), open=_OPEN.format(stages=marks(self.over)))
        stages = (stage.value for stage in self.over)
        rows = transaction.ask(query, *self.documents, moment, *stages, moment)
        if rows:
            transaction.drop_documents(dict(rows))
        return len(rows)
