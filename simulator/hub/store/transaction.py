"""The right to add to the past: what a job of the writer gets to work with."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from simulator.hub.delivery import Delivery, Stage
from simulator.hub.events import Fact, UnitClosed, UnitRegistered
from simulator.hub.store.blobs import Blob, BlobFiles
from simulator.hub.store.link import Link
from simulator.hub.store.pending import Pending
from simulator.hub.store.reading import AttachmentPlace, Past, StoredSystem, marks
from simulator.hub.trouble import StoreTrouble
from simulator.words import Text

__all__ = ["Transaction", "write_failed"]

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

    def __init__(self, link: Link, *, packages: Collection[str] = (), deliveries: Collection[str] = ()) -> None:
        self.new_packages = frozenset(packages)
        self.deliveries: dict[str, Delivery | None] = dict.fromkeys(deliveries)
        self.digests: dict[str, str] = {}
        if packages:
            query = f"SELECT sha FROM blobs WHERE sha IN ({marks(packages)})"  # noqa: S608  # marks only
            self.new_packages -= {row[0] for row in link.rows(query, tuple(packages))}
        if deliveries:
            query = (
                "SELECT delivery_id, doc_id, unit, stage, delivered FROM deliveries JOIN documents USING (doc_id)"  # noqa: S608  # marks only
                f" WHERE delivery_id IN ({marks(deliveries)})"
            )
            rows = link.rows(query, tuple(deliveries))
            self.deliveries |= {row[0]: Delivery(row[0], row[1], row[2], Stage(row[3])) for row in rows}
            self.digests = {row[1]: row[4] for row in rows}


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
        if self._pending.touches((system_id, package)):
            self._pending.flush()
        elif package in self._foreseen.new_packages and not self._pending.wrote((system_id, package)):
            return None
        return Past(self._link).earlier(
            system_id=system_id, package=package, document_id=document_id, route=route, since=since
        )

    def delivered(self, doc_id: str) -> str:
        """The digest of the bytes that recipients of the document get."""
        if self._pending.touches(doc_id):
            self._pending.flush()
        elif doc_id in self._foreseen.digests and not self._pending.wrote(doc_id):
            return self._foreseen.digests[doc_id]
        return Past(self._link).delivered(doc_id)

    # -- adding to it

    def append(self, facts: Iterable[Fact]) -> None:
        """Write facts and what is seen of them."""
        for fact in facts:
            if fact.STORED:
                self._pending.write(fact)
            self.directory_changed |= isinstance(fact, UnitRegistered | UnitClosed)
            self.appended.append(fact)

    def keep(self, blob: Blob) -> None:
        """Keep a body under its digest; the same bytes are kept once. Raises StoreTrouble where its file is gone."""
        if blob.body is None and not self._files.path(blob.sha).exists():
            raise write_failed(f"{blob.sha} is not on the disk")
        self._pending.blob(blob.sha, blob.size, blob.body)

    def keep_attachments(self, places: Iterable[AttachmentPlace]) -> None:
        """Make attached files findable by their own digest; their bytes stay inside their package."""
        for place in places:
            self._pending.attachment(place.sha, place.package, place.position, place.name, place.size)

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
        self.put_meta("attachments", "0")
        for sha in large:
            self._run("INSERT INTO orphans VALUES (?)", sha)

    def drop_documents(self, documents: Mapping[int, str], uses: Mapping[str, int]) -> None:
        """Let documents (number: DocId) go, with everything that is theirs. ``uses``: how often they name a body."""
        seqs, names = tuple(documents), tuple(documents.values())
        self._run(f"DELETE FROM facts WHERE document IN ({marks(seqs)})", *seqs)  # noqa: S608  # marks only
        self._run(f"DELETE FROM deliveries WHERE doc_id IN ({marks(names)})", *names)  # noqa: S608  # marks only
        self._run(f"DELETE FROM documents WHERE seq IN ({marks(seqs)})", *seqs)  # noqa: S608  # marks only
        for sha, number in uses.items():
            self._run("UPDATE blobs SET uses = uses - ? WHERE sha = ?", number, sha)
        named = tuple(uses)
        unused = f"FROM blobs WHERE uses <= 0 AND sha IN ({marks(named)})"
        gone = tuple(row[0] for row in self._rows(f"SELECT sha {unused}", *named))
        if not gone:
            return
        self._run(
            f"INSERT INTO orphans SELECT sha {unused}"  # marks only
            " AND body IS NULL AND pack IS NULL ON CONFLICT DO NOTHING",
            *named,
        )
        self._run(f"DELETE FROM attachments WHERE package IN ({marks(gone)})", *gone)  # noqa: S608  # marks only
        self._run(f"DELETE {unused}", *named)
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
