"""The receiving half of the reference system: the incoming book, recalls, updates and replacements, requests by 13.

Nothing here waits for the network: a delivery is written down and its answers go into the outbox, in one transaction.
"""

from collections.abc import Sequence
from dataclasses import replace

from simulator.agency.dms_inspection import Examined, Inspection
from simulator.agency.dms_outbox import Outbox
from simulator.agency.dms_store import Incoming
from simulator.protocol.business import KINDS, BusinessType, target_document_id
from simulator.protocol.package import Package, ResponseFor
from simulator.words import Text

__all__ = ["DOCUMENTS", "Receiving"]

DOCUMENTS = ("new", "replace")
"""The kinds that are documents of their own; a recall and an update only speak of one."""


class Receiving(Inspection, Outbox):
    """What happens to a package that was fetched and could be read."""

    def receive_document(self, package: Package, found: Examined) -> None:
        """A new document or a replacement: one record, and 01; a defective one is refused by 02 with the reason."""
        if (twin := self.copy_of(found)) is not None:
            self.store.put(replace(twin, warnings=tuple(dict.fromkeys((*twin.warnings, "duplicate")))))
            self.note(twin.document_id, "the same package once more")
            return
        row = self.new_row(package, found)
        replaced = self.targets_of(package) if row.kind == "replace" else ()
        defect = found.defect or self.defect_of_replacement(package, replaced)
        if defect:
            self.announce(replace(row, state="refused", reason=defect.vi), ("02",), defect.vi)
            return
        row = replace(row, refers_to=replaced[0].document_id if replaced else None)
        self.announce(row, self.codes_on_arrival(), "")
        self.store.keep_package("in", row.seq, found.data)
        self.mark_replaced(row, replaced)

    def new_row(self, package: Package, found: Examined) -> Incoming:
        """The line of the incoming book; the clerk is warned of what may be a duplicate (DU-01)."""
        code, promulgation = package.code, package.promulgation
        row = Incoming(
            seq=self.store.next_seq(Incoming),
            document_id=package.document_id,
            sender=self.unit_code(package.sender.organ_id if package.sender else ""),
            number=code.number if code else "",
            notation=code.notation if code else "",
            issued=promulgation.issued.isoformat() if promulgation and promulgation.issued else "",
            subject=self.kept_text(package.subject),
            kind=next((kind.word for kind in KINDS if kind.type == package.business_type), "new"),
            state="arrived",
            status="",
            arrived_at=self.now().isoformat(timespec="seconds"),
            digest=found.digest,
            fingerprint=found.fingerprint,
            files=found.files,
            signature=self.signature_word(package, found),
        )
        doubt = ("duplicate",) if row.kind in DOCUMENTS and self.looks_like_another(row) else ()
        return replace(row, warnings=doubt + self.warnings_about(package))

    def copy_of(self, found: Examined) -> Incoming | None:
        """The record of a package that said exactly the same: a copy makes no second one (DU-02)."""
        return next((row for row in self.store.incoming_like(found.fingerprint) if row.kind in DOCUMENTS), None)

    def looks_like_another(self, row: Incoming) -> bool:
        """The same DocumentId, or number, notation, organ and year together, stand in the book already (DU-01)."""

        def number(each: Incoming) -> tuple[str, ...]:
            return self.comparable(each.number), self.comparable(each.notation), each.issued[:4]

        return any(
            self.same_unit(other.sender, row.sender)
            and (self.comparable(other.document_id) == self.comparable(row.document_id) or number(other) == number(row))
            for other in self.store.incoming_near(row.document_id, row.number)
            if other.kind in DOCUMENTS
        )

    def codes_on_arrival(self) -> tuple[str, ...]:
        """01 by itself, once; 03 is the clerk's (ST-06, ST-12)."""
        return ("01",)

    # ---------------------------------------------------------------- recall, update, replacement

    def targets_of(self, package: Package) -> tuple[Incoming, ...]:
        """The documents that a package speaks of: by DocumentId and sender, never by number (BZ-09, BZ-14, BZ-15).

        A replacement speaks of every document that it lists for our unit (BZ-11); others of the likeliest one.
        """
        sender = package.sender.organ_id if package.sender else ""
        found: list[Incoming] = []
        for document_id in self.named_targets(package):
            rows = [row for row in self.store.incoming(document_id) if self.same_unit(row.sender, sender)]
            origin = next((row.refers_to for row in rows if row.kind == "update" and row.refers_to), None)
            if origin:  # an update that was applied stands for the document that it changed
                rows = [row for row in self.store.incoming(origin) if self.same_unit(row.sender, sender)]
            found += [row for row in rows if row.kind in DOCUMENTS]
            if found and package.business_type != BusinessType.REPLACE:
                break
        return tuple(found)

    def named_targets(self, package: Package) -> tuple[str, ...]:
        """The DocumentIds that a package may mean; of a replacement only those listed for our unit (BZ-11)."""
        lists = package.business.replacements if package.business else ()
        items = [item for group in lists for item in group.items if item.document_id]
        if package.business_type != BusinessType.REPLACE or not items:
            return target_document_id(package)
        return tuple(item.document_id for item in items if not item.organ_ids or any(map(self.is_us, item.organ_ids)))

    def receive_order(self, package: Package, found: Examined) -> None:
        """A recall or an update: applied at once and answered by 15, or answered by 16 with the reason."""
        row, targets = self.new_row(package, found), self.targets_of(package)
        objection = self.objection(found, targets, is_recall=package.business_type == BusinessType.RECALL)
        if objection:
            self.announce(replace(row, state="refused", reason=objection.vi), ("16",), objection.vi)
            return
        reason = package.business.reason if package.business else ""
        self.carry_out(row, targets, found.data, reason)
        self.announce(
            replace(row, state="finished", refers_to=targets[0].document_id, reason=reason), self.codes_for_done(), ""
        )

    def codes_for_done(self) -> tuple[str, ...]:
        """The answer to a recall or update that was carried out."""
        return ("15",)

    def objection(self, found: Examined, targets: Sequence[Incoming], *, is_recall: bool) -> Text | None:
        """Why a recall or update is not carried out; None where it is."""
        if found.defect:
            return found.defect
        if not targets:
            return _NO_TARGET
        if not is_recall and targets[-1].state in ("recalled", "refused"):
            return _NOT_STANDING
        return None

    def carry_out(self, order: Incoming, targets: Sequence[Incoming], data: bytes, reason: str) -> None:
        """Do what was asked to the documents themselves, not only to their label (BZ-13)."""
        if order.kind == "recall":
            for target in targets:
                self.recall_document(target, reason)
        else:
            self.update_document(targets[-1], order, data)

    def recall_document(self, row: Incoming, reason: str) -> Incoming:
        """Content and metadata are destroyed, the record of the recall stays (NĐ 30/2020 PL VI, BZ-07)."""
        empty = replace(row, subject="", files=(), asked=None, reason=reason)
        if row.state != "refused":  # that one was given back already
            empty = replace(empty, state="recalled", status="15")
        with self.store.transaction():
            self.store.destroy_package("in", row.seq)
            self.store.put(empty)
            self.note(row.document_id, f"recalled: {reason}")
        return empty

    def update_document(self, row: Incoming, update: Incoming, data: bytes) -> None:
        """The new content in the old record; the version before stays beside it (BZ-13, pitfall 10)."""
        changed = replace(row, number=update.number, notation=update.notation, subject=update.subject)
        changed = replace(changed, files=update.files or row.files, issued=update.issued or row.issued)
        changed = replace(changed, signature=update.signature)
        self.store.keep_package("in", row.seq, data)
        self.store.put(changed)
        self.note(row.document_id, f"updated by {update.document_id}: {row.number}/{row.notation} {row.subject}")

    def defect_of_replacement(self, package: Package, replaced: Sequence[Incoming]) -> Text | None:
        """A replacement of something that we should have and do not (BZ-14)."""
        lists = package.business.replacements if package.business else ()
        concerned = [item.organ_ids for group in lists for item in group.items]
        ours = not concerned or any(not organs or any(map(self.is_us, organs)) for organs in concerned)
        is_replacement = package.business_type == BusinessType.REPLACE
        return _NO_TARGET if is_replacement and ours and not replaced else None

    def mark_replaced(self, row: Incoming, replaced: Sequence[Incoming]) -> None:
        """The old document no longer stands; the new one names it (BZ-11)."""
        for old in replaced:
            if old.state not in ("recalled", "refused", "replaced"):
                self.store.put(replace(old, state="replaced", before=old.state))
                self.note(old.document_id, f"replaced by {row.document_id}")

    # ---------------------------------------------------------------- taking back

    def asked_back(self, about: ResponseFor, sender: str, reason: str) -> None:
        """A 13: agreed to by itself while nobody has accepted the document, else it waits for the clerk (BZ-08)."""
        rows = self.rows_from(about.document_id, sender)
        if not rows:
            self.refuse_stranger(about, sender)
            return
        waiting = [row for row in rows if self.needs_a_clerk(row)]
        for row in waiting:
            self.store.put(replace(row, asked=reason))
        gone = [self.recall_document(row, reason) for row in rows if row not in waiting]
        if not waiting:
            self.announce(gone[-1], self.codes_for_done(), "")

    def needs_a_clerk(self, row: Incoming) -> bool:
        """Whether somebody works with the document, so that only a person may give it back."""
        return row.state not in ("arrived", "refused", "recalled")

    def rows_from(self, document_id: str, sender: str) -> tuple[Incoming, ...]:
        """The documents of one id that came from one unit, whichever code it uses."""
        rows = self.store.incoming(document_id)
        return tuple(row for row in rows if row.kind in DOCUMENTS and self.same_unit(row.sender, sender))

    def refuse_stranger(self, about: ResponseFor, sender: str) -> None:
        """A 13 for a document that we do not have from that unit: 16; for one of our own sending: only noted."""
        self.note(about.document_id, f"13 from {sender}: we hold no document of that unit by this id")
        if not self.store.outgoing(about.document_id):
            answer = ResponseFor(sender, about.code, about.document_id, about.promulgation_date)
            packet = self.status_packet("16", answer, self.stamp_for(about.document_id), _NO_TARGET.vi)
            self.queue_status(about.document_id, packet)


_NO_TARGET = Text(
    "we hold no document of this unit by that DocumentId", "không có văn bản nào của đơn vị gửi mang mã này"
)
_NOT_STANDING = Text("the document was recalled or refused", "văn bản đã bị thu hồi hoặc từ chối")
