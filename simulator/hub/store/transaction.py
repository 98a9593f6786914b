"""The right to add to the past: what a job of the writer gets to work with."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from simulator.hub.delivery import Delivery, Stage
from simulator.hub.events import Accepted, Fact, UnitClosed, UnitRegistered
from simulator.hub.store.blobs import Blob, BlobFiles
from simulator.hub.store.link import Link
from simulator.hub.store.pending import Pending
from simulator.hub.store.reading import AttachmentPlace, Past, StoredSystem, marks
from simulator.hub.trouble import StoreTrouble
from simulator.words import Text

__all__ = ["ATTACHMENTS", "DIGESTS", "LOOKED_AT", "Foresight", "Transaction", "write_failed"]

ATTACHMENTS, DIGESTS = LOOKED_AT = ("attachments", "digests")
"""Keys of ``meta``: up to which body attached files, and digests, are known."""

_WRITE_FAILED = Text(
    en="The store could not write: {why}. Nothing of this was acknowledged.",
    vi="Kho dữ liệu không ghi được: {why}. Chưa có gì trong số này được xác nhận.",
)


def write_failed(why: object) -> StoreTrouble:
    """The trouble of a write that did not happen, or of which nobody knows whether it did."""
    return StoreTrouble(_WRITE_FAILED.filled(why=str(why).strip()))


class Foresight:
    """What the database says about things that the jobs of a group have said they will ask for: one question each,
    instead of one a job."""

    def __init__(
        self, link: Link, *, sendings: Collection[tuple[str, str]] = (), deliveries: Collection[str] = ()
    ) -> None:
        self.new = frozenset(sendings)
        self.deliveries: dict[str, Delivery | None] = dict.fromkeys(deliveries)
        self.bodies: dict[str, int] = {}
        if sendings:
            query = (
                f"SELECT document_id, package FROM (VALUES {','.join(['(?, ?)'] * len(sendings))}) AS v"  # noqa: S608  # marks only
                " JOIN documents ON document_id = v.column1 AND package = v.column2"
            )
            self.new -= set(link.rows(query, [value for sending in sendings for value in sending]))
        if deliveries:
            query = (
                "SELECT delivery_id, doc_id, unit, stage, delivered_blob FROM deliveries JOIN documents USING (doc_id)"  # noqa: S608  # marks only
                f" WHERE delivery_id IN ({marks(deliveries)})"
            )
            rows = link.rows(query, tuple(deliveries))
            self.deliveries |= {row[0]: Delivery(row[0], row[1], row[2], Stage(row[3])) for row in rows}
            self.bodies = {row[1]: row[4] for row in rows}


class Transaction(Past):
    """The past, and the right to add to it. Facts are announced after the commit, in order.

    ``directory_changed``: systems or registrations changed. ``orphaned``: files may have lost their last row.
    """

    def __init__(self, link: Link, files: BlobFiles, pending: Pending, foreseen: Foresight | None = None) -> None:
        super().__init__(link)
        self._foreseen = foreseen or Foresight(link)
        self._files = files
        self._pending = pending
        self.appended: list[Fact] = []
        self.after_commit: list[Callable[[], None]] = []
        self.directory_changed = False
        self.orphaned = False

    # -- the past, with what this group has added to it

    def _rows(self, query: str, *values: object) -> list[Any]:
        self._pending.flush()
        return super()._rows(query, *values)

    def delivery(self, delivery_id: str) -> Delivery | None:
        """The delivery of that id, or None."""
        if self._pending.touches(delivery_id):
            self._pending.flush()
        elif delivery_id in self._foreseen.deliveries and not self._pending.wrote(delivery_id):
            return self._foreseen.deliveries[delivery_id]
        return Past(self._link).delivery(delivery_id)

    def earlier(self, *, system_id: str, package: str, document_id: str, route: str, since: datetime) -> str | None:
        """The DocId of the first sending of the same bytes on the same route at or after ``since``, or None."""
        sending = document_id, package
        if self._pending.touches(sending):
            self._pending.flush()
        elif sending in self._foreseen.new and not self._pending.wrote(sending):
            return None
        return Past(self._link).earlier(
            system_id=system_id, package=package, document_id=document_id, route=route, since=since
        )

    def delivered(self, doc_id: str) -> int:
        """The number of the body that recipients of the document get."""
        if self._pending.touches(doc_id):
            self._pending.flush()
        elif doc_id in self._foreseen.bodies and not self._pending.wrote(doc_id):
            return self._foreseen.bodies[doc_id]
        return Past(self._link).delivered(doc_id)

    # -- adding to it

    def append(self, facts: Iterable[Fact], bodies: tuple[int, int] | None = None) -> None:
        """Write facts and what is seen of them. ``bodies``: the numbers of an accepted document's bodies, as it came
        and as it is handed out."""
        for fact in facts:
            if fact.STORED:
                self._pending.write(fact, bodies if isinstance(fact, Accepted) else None)
            self.directory_changed |= isinstance(fact, UnitRegistered | UnitClosed)
            self.appended.append(fact)

    def keep(self, blob: Blob) -> int:
        """Keep a body; gives its number. Raises StoreTrouble where its file is gone."""
        if blob.body is None and not self._files.path(blob.sha).exists():
            raise write_failed(f"{blob.sha} is not on the disk")
        return self._pending.blob(blob.sha, blob.size, blob.body)

    def keep_attachments(self, places: Iterable[AttachmentPlace]) -> None:
        """Make attached files findable by their own digest; their bytes stay inside their package."""
        for place in places:
            self._pending.attachment(place.sha, place.blob, place.position, place.name, place.size)

    def know_digests(self, since: int, until: int) -> None:
        """Make bodies findable by their digest: those after one number, up to another."""
        self._run(
            "INSERT INTO digests SELECT sha, n FROM blobs WHERE n > ? AND n <= ? ON CONFLICT DO NOTHING", since, until
        )

    def put_system(self, system: StoredSystem) -> None:
        """Add a system, or change it."""
        self.directory_changed = True
        self._run(
            "INSERT INTO systems (system_id, secret, passive, added, units) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (system_id) DO UPDATE SET secret = excluded.secret,"
            " passive = excluded.passive, added = excluded.added, units = excluded.units",
            system.system_id, system.secret, system.passive, system.added, system.units,
        )  # fmt: skip

    def put_meta(self, key: str, value: str) -> None:
        """Set a value of the table ``meta``."""
        self._run("INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", key, value)

    def forget(self) -> None:
        """Empty every table of traffic, and start numbering facts at 1 again."""
        self.directory_changed = self.orphaned = True
        large = self.large_bodies()
        for statement in self._link.EMPTYING:
            self._run(statement)
        for key in LOOKED_AT:
            self.put_meta(key, "0")
        for sha in large:
            self._run("INSERT INTO orphans VALUES (?)", sha)

    def drop_documents(self, documents: Mapping[int, str]) -> None:
        """Let documents (number: DocId) go, with everything that is theirs."""
        seqs, names = tuple(documents), tuple(documents.values())
        self._run(f"DELETE FROM facts WHERE document IN ({marks(seqs)})", *seqs)  # noqa: S608  # marks only
        self._run(f"DELETE FROM deliveries WHERE doc_id IN ({marks(names)})", *names)  # noqa: S608  # marks only
        named = f"FROM documents WHERE seq IN ({marks(seqs)})"
        bodies = tuple({n for row in self._rows(f"SELECT blob, delivered_blob {named}", *seqs) for n in row if n})
        self._run(f"DELETE {named}", *seqs)
        self._drop_bodies(bodies)

    def _drop_bodies(self, numbers: Sequence[int]) -> None:
        if not numbers:
            return
        gone = f"FROM blobs WHERE n IN ({marks(numbers)})"
        self._run(
            f"INSERT INTO orphans SELECT sha {gone} AND body IS NULL AND pack IS NULL ON CONFLICT DO NOTHING", *numbers
        )
        self._run(f"DELETE FROM digests WHERE (sha, blob) IN (SELECT sha, n {gone})", *numbers)  # noqa: S608  # marks only
        self._run(f"DELETE FROM attachments WHERE blob IN ({marks(numbers)})", *numbers)  # noqa: S608  # marks only
        self._run(f"DELETE {gone}", *numbers)
        last = self.last_body()
        for key in LOOKED_AT:  # the numbers of the newest bodies may be given again
            if int(self.meta(key) or 0) > last:
                self.put_meta(key, str(last))
        self.orphaned = True

    def move_body(self, number: int, body: bytes) -> None:
        """Put a body, by the number of its row, into the pack of this group."""
        pack, start = self._pending.packs.add(body)
        self._run("UPDATE blobs SET pack = ?, start = ? WHERE n = ?", pack, start, number)

    def drop_loose_facts(self, last: int) -> None:
        """Let the facts of no document go, up to a number."""
        self._run("DELETE FROM facts WHERE document IS NULL AND n <= ?", last)

    def _run(self, statement: str, *values: object) -> None:
        self._pending.run(statement, values)
