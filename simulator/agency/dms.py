"""The reference document-management system: the smallest one that behaves well, as a sender and as a receiver.

How it works, in the order in which things happen and in which this file tells them:
    a poll      lists what waits; each package is fetched, stored, and only then confirmed (``done``; ``fail`` for what
                cannot be read).
    a document  becomes a row of the incoming book; 01, or a refusal by 02, is put into the outbox in the same
                transaction. A recall or an update is carried out on the document that it speaks of, and answered by 15,
                or by 16 with the reason; a replacement marks the old one; a 13 may have to wait for a clerk.
    a status    about a document of ours moves the line of that receiver in the outgoing book.
    an act      of a clerk moves a document along status.TRANSITIONS and puts the status into the outbox.
    the books   are shown as they stand, to the control API.
All that leaves goes through one outbox (kit/outbox.py), durable and in order for each document: what did not get
through is sent again, the same bytes, until the axis takes it or refuses it for good.

What any such system needs stands in kit/, one thing in each file: office.py who we are and whom we know, store.py the
memory, inspection.py looking at packages, signatures.py and pdf.py the signatures on them, orders.py what a clerk
orders, writing.py making packages, outbox.py the queue, sending.py the outgoing book, signing.py and stamping.py
signing what is sent. Above stand dms_web.py, the control API, and dms_serve.py, the socket. Every step is a method, so
that a wrong system is a subclass with one method of its own.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext, suppress
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from simulator.agency.client import AxisUnreachable, Refusal
from simulator.agency.kit.inspection import Examined, Inspection
from simulator.agency.kit.office import DmsConfig
from simulator.agency.kit.orders import REFUSALS, Refused
from simulator.agency.kit.sending import NotNow, UnknownDocument
from simulator.agency.kit.signing import Signing
from simulator.agency.kit.store import FileRecord, Incoming, Outgoing
from simulator.clock import Clock, SystemClock
from simulator.protocol.business import KINDS, BusinessType, target_document_id
from simulator.protocol.package import Kind, Package, ResponseFor, StatusPacket
from simulator.protocol.status import Direction, State, known, step
from simulator.words import Text

__all__ = ["DOCUMENTS", "Dms", "DmsConfig", "NotNow", "NotOffered", "Refused", "UnknownDocument"]

_LOG = logging.getLogger(__name__)
_T = TypeVar("_T")
_ACTS = {"accept": "03", "refuse": "02", "assign": "04", "start": "05", "finish": "06"}
_NEEDS_REASON = ("refuse", "decline", "take-back")
_COUNTED = ("new", "update", "replace")
_THREADED = 256 * 1024

DOCUMENTS = ("new", "replace")
"""The kinds that are documents of their own; a recall and an update only speak of one."""


class NotOffered(Exception):
    """The control API of this system has no such call (501)."""


class Dms(Inspection, Signing):
    """One running system. ``start`` begins to poll, ``stop`` ends it; what it knows stays in ``config.data``."""

    def __init__(self, config: DmsConfig, clock: Clock | None = None) -> None:
        super().__init__(config, clock or SystemClock())
        self.trouble: Text | None = None
        self.polls = 0
        self._polling = asyncio.Lock()
        self._poller: asyncio.Task[None] | None = None
        self._misses = 0

    async def start(self) -> None:
        """Send what waits from before, and begin to poll where the configuration says so."""
        self.kick()
        self.sign_soon()
        if self.config.poll_seconds is not None:
            self._poller = asyncio.create_task(self.poll_forever())

    async def stop(self) -> None:
        """Stop polling and sending, close connection and memory. What waits leaves at the next start."""
        for task in (self._poller, self._signing, self._sending):
            if task is not None:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
        await self.client.aclose()
        self.store.close()

    def desk(self) -> AbstractAsyncContextManager[Any]:
        """What a clerk's call must wait for: nothing, least of all for the axis (wire.md A.0.5: a hub may hang)."""
        return nullcontext()

    # ---------------------------------------------------------------- polling

    async def poll_forever(self) -> None:
        """Poll, rest, poll; no answer of the axis and no package ends this loop."""
        while True:
            try:
                await self.poll_once()
            except Exception:  # the loop outlives every defect of ours; the log has the traceback
                _LOG.exception("a poll failed")
            await self.clock.sleep(self.config.poll_seconds or 1.0)

    async def poll_on_request(self) -> Text | None:
        """``POST /control/poll``: one round. Raises NotOffered in a system that polls only by itself."""
        return await self.poll_once()

    async def poll_once(self) -> Text | None:
        """One round: directory, documents, statuses, outbox. Says what was wrong with the axis, or None."""
        async with self._polling:
            trouble: Text | None = None
            if self.directory_is_stale():
                await self.synchronise()
            for message_type in (Kind.EDOC, Kind.STATUS):
                try:
                    await self.take_all(message_type)
                except AxisUnreachable as error:
                    trouble = error.because
                except Refusal as error:
                    trouble = _FAIL.filled(code=error.code, desc=error.desc)
            self.sign_soon()
            await asyncio.wait({self.kick()})
            self.polls, self.trouble = self.polls + 1, trouble
            return trouble

    async def read_directory(self) -> bool:
        """What a clerk's button does: the directory as the axis has it now. False where the axis gave none."""
        return await self.synchronise()

    async def listed(self, message_type: str) -> tuple[str, ...]:
        """The ids that wait. Raises Refusal for FAIL, AxisUnreachable for no answer: neither is an empty inbox."""
        answer = await self.client.received(message_type)
        if not answer.ok:
            raise Refusal(answer.code, answer.desc)
        return tuple(str(item["docId"]) for item in answer.items if item.get("docId"))

    async def take_all(self, message_type: str) -> None:
        """Take everything listed: documents at once, what refers to other documents after them (pitfall 53)."""
        self._misses = 0
        later: list[tuple[str, Examined]] = []
        for delivery_id in await self.listed(message_type):
            found = await self.guarded(self.collect(delivery_id))
            if found and self.can_wait(found):
                later.append((delivery_id, found))
            elif found:
                await self.guarded(self.take_in(delivery_id, found))
        for delivery_id, found in sorted(later, key=lambda each: self.order_of(each[1])):
            await self.guarded(self.take_in(delivery_id, found))

    async def guarded(self, step_: Awaitable[_T]) -> _T | None:
        """One delivery's step: whatever is wrong with it, its neighbours are handled. Raises when the axis is gone."""
        try:
            result = await step_
        except AxisUnreachable:
            self._misses += 1
            if self._misses > 1:  # twice in a row is no longer this one delivery's trouble
                raise
            return None
        except Refusal as error:
            self.note("", f"getEdoc: {error}")
            return None
        except Exception:
            _LOG.exception("a delivery could not be handled; it stays listed")
            return None
        self._misses = 0
        return result

    async def collect(self, delivery_id: str) -> Examined | None:
        """Fetch and look at one delivery; one that is stored already is only confirmed again."""
        if (taken := self.store.taken(delivery_id)) is not None:
            await self.confirm(delivery_id, *taken)
            return None
        data = await self.client.fetch(delivery_id)
        return self.examine(data) if len(data) < _THREADED else await asyncio.to_thread(self.examine, data)

    def can_wait(self, found: Examined) -> bool:
        """Whether a package speaks of another one, which may stand behind it on the list."""
        packet = found.packet
        return isinstance(packet, StatusPacket) or (isinstance(packet, Package) and bool(packet.business_type))

    def order_of(self, found: Examined) -> str:
        """When it was sent, as far as it says so: the order in which it is applied."""
        packet = found.packet
        if isinstance(packet, StatusPacket):
            moment = packet.timestamp
        else:
            headers = packet.trace.headers if packet and packet.trace else ()
            moment = headers[0].timestamp if headers else None
        return moment.isoformat() if moment else ""

    async def take_in(self, delivery_id: str, found: Examined) -> None:
        """Store, then confirm: a kill between the two costs a second confirmation and nothing else (ST-13)."""
        with self.store.transaction():
            word, description = self.receive(found)
            self.store.note_delivery(delivery_id, word, description)
        self.kick()
        await self.confirm(delivery_id, word, description)

    async def confirm(self, delivery_id: str, word: str, description: str) -> None:
        """The transport word to the axis: ``done`` or ``fail``, never a status code."""
        answer = await self.client.confirm(delivery_id, word, description)
        if not answer.ok:
            self.note("", f"updateStatus {delivery_id}: {answer.code} {answer.desc}")

    # ---------------------------------------------------------------- receiving

    def receive(self, found: Examined) -> tuple[str, str]:
        """Write down one delivery; says the word and description with which it is confirmed."""
        packet = found.packet
        if packet is None:
            because = found.unreadable.en if found.unreadable else ""
            self.note("", f"unreadable ({found.digest[:12]}): {because}")
            return "fail", because
        if isinstance(packet, StatusPacket):
            self.receive_status(packet)
        elif not self.answerable(packet):
            self.note(packet.document_id, "neither a sender nor a DocumentId to answer to")
            return "fail", "From/OrganId or DocumentId is missing"
        elif packet.business_type in (BusinessType.RECALL, BusinessType.UPDATE):
            self.receive_order(packet, found)
        else:
            self.receive_document(packet, found)
        return "done", ""

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
        row = self.with_particulars(row, package)
        doubt = ("duplicate",) if row.kind in DOCUMENTS and self.looks_like_another(row) else ()
        return replace(row, warnings=doubt + self.warnings_about(package))

    def with_particulars(self, row: Incoming, package: Package) -> Incoming:
        """What else the packet says of the document, as it says it; a due date only where it names one (HD-22)."""
        kind, other, signer = package.document_type, package.other, package.signer
        return replace(
            row,
            type_name=kind.name if kind else None,
            priority=other.priority if other else None,
            due_date=package.due_date.isoformat() if package.due_date else None,
            signer=(signer.competence, signer.position, signer.full_name) if signer else (),
            content=package.content,
        )

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
        empty = replace(empty, type_name=None, priority=None, due_date=None, signer=(), content=None)
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
        changed = replace(changed, signature=update.signature, type_name=update.type_name, priority=update.priority)
        changed = replace(changed, due_date=update.due_date, signer=update.signer, content=update.content)
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

    # ---------------------------------------------------------------- statuses that arrive

    def receive_status(self, packet: StatusPacket) -> None:
        """A status about a document of ours, or a 13; what fits nothing is written down and ignored (ST-01, ST-03)."""
        packet = self.trimmed(packet)
        line, about = known(packet.code), packet.response_for
        sender = self.unit_code(packet.sender.organ_id if packet.sender else "")
        if line is None or about is None or not sender:
            self.note(about.document_id if about else "", f"status '{packet.code}' from '{sender}': not understood")
        elif not self.is_us(self.unit_code(about.organ_id)):
            self.note(about.document_id, f"status {packet.code} from {sender}: meant for {about.organ_id}")
        elif line.direction is Direction.BY_SENDER:
            self.asked_back(about, sender, packet.description)
        elif not self.hear(about.document_id, sender, packet):
            self.note(about.document_id, f"status {packet.code} from {sender}, which did not receive it: ignored")

    def trimmed(self, packet: StatusPacket) -> StatusPacket:
        """Its code and the id that it names, without white space that XML does not take off (U+00A0)."""
        about = packet.response_for
        about = about and replace(about, document_id=about.document_id.strip())
        return replace(packet, code=packet.code.strip(), response_for=about)

    # ---------------------------------------------------------------- the clerk's desk

    def act(self, document_id: str, action: str, *, reason: str = "", organ: str = "") -> None:
        """One act of a clerk on the newest row that can take it. Raises NotNow, UnknownDocument."""
        if action in _NEEDS_REASON and not reason.strip():
            raise NotNow(REFUSALS["reason"])
        try:
            if action == "take-back":
                self.take_back(document_id, reason, organ)
            elif action in ("agree", "decline"):
                self.answer_request(self.rows_of(document_id, organ), agreed=action == "agree", reason=reason)
            else:
                self.move(self.rows_of(document_id, organ), action, reason)
        except ValueError as error:  # a reason that XML cannot carry
            raise NotNow(REFUSALS["letters"].filled(detail=error)) from error
        self.kick()

    def rows_of(self, document_id: str, organ: str) -> tuple[Incoming, ...]:
        """The incoming rows of one DocumentId, only those from ``organ`` where it is given. Raises UnknownDocument."""
        rows = self.store.incoming(document_id)
        if found := tuple(row for row in rows if not organ or self.same_unit(row.sender, organ)):
            return found
        raise UnknownDocument(_UNKNOWN.filled(document_id=document_id))

    def move(self, rows: Sequence[Incoming], action: str, reason: str) -> None:
        """Accept, refuse, assign, start, finish: the status leaves by itself, with the act (ST-04). Raises NotNow."""
        for row in reversed(rows):
            if row.kind in DOCUMENTS and (after := self.state_after(row, action)) is not None:
                self.announce(replace(row, state=after, reason=reason or row.reason), self.codes_of(action), reason)
                return
        raise NotNow(_NOT_NOW.filled(action=action, state=rows[-1].state))

    def state_after(self, row: Incoming, action: str) -> str | None:
        """The state that an act leads to, by the table of status.py; None where it may not be done now."""
        known_as = {"refused": "rejected"}.get(row.state, row.state)
        if known_as not in tuple(State) or action not in _ACTS:
            return None
        after = step(State(known_as), _ACTS[action])
        return {None: None, State.REJECTED: "refused"}.get(after, after and str(after))

    def codes_of(self, action: str) -> tuple[str, ...]:
        """What the sender is told of an act: its one code, nothing before its time (ST-12)."""
        return (_ACTS[action],)

    def answer_request(self, rows: Sequence[Incoming], *, agreed: bool, reason: str) -> None:
        """15 or 16 to a 13 that waits; what was done at once can only be agreed to. Raises NotNow: nothing waits."""
        waiting = next((row for row in reversed(rows) if row.asked is not None), None)
        if waiting is None:
            if not (agreed and self.done_at_once(rows)):
                raise NotNow(_NOBODY_ASKED)
        elif agreed:
            self.announce(self.recall_document(waiting, waiting.asked or ""), ("15",), "")
        else:
            row = replace(waiting, asked=None)
            self.announce(row, ("16",), reason)
            self.store.put(row)  # 16 moves nothing: the status before it stays

    def done_at_once(self, rows: Sequence[Incoming]) -> bool:
        """Whether a recall or an update of one of these documents was carried out without a clerk."""
        ids = {row.document_id for row in rows}
        return any(row.state == "recalled" for row in rows) or any(
            row.kind not in DOCUMENTS and row.state == "finished" and ids & {row.document_id, row.refers_to}
            for row in self.store.incoming()
        )

    # ---------------------------------------------------------------- the books, as they are shown

    def documents(self, box: str) -> list[dict[str, Any]]:
        """The incoming (``in``) or the outgoing book, in the form of the control API."""
        if box == "in":
            return [self.shown_incoming(row) for row in self.store.incoming()]
        return [self.shown_outgoing(row) for row in self.store.outgoing()]

    def shown_incoming(self, row: Incoming) -> dict[str, Any]:
        """One line of the incoming book."""
        return _line(row, row.sender, row.signature) | {
            "arrived_at": row.arrived_at,
            "asked_back": row.asked,
            "receivers": [],
            "type_name": row.type_name,
            "priority": row.priority,
            "due_date": row.due_date,
            "signer": dict(zip(("competence", "position", "full_name"), row.signer, strict=False)) or None,
            "content": row.content,
        }

    def shown_outgoing(self, row: Outgoing) -> dict[str, Any]:
        """One line of the outgoing book, with the status of every receiver (ST-08)."""
        receivers = [
            {"organ": each.organ, "status": self.shown_status(each), "reason": each.reason}
            for each in self.store.receivers(row.seq)
        ]
        return _line(row, self.config.organ, "absent") | {"sent_at": row.sent_at, "receivers": receivers}

    def statistics(self, first: date, last: date) -> dict[str, Any]:
        """Documents sent and received from ``first`` to ``last``, both included (LG-02)."""

        def inside(moment: str | None) -> bool:
            return moment is not None and first.isoformat() <= moment[:10] <= last.isoformat()

        sent = [row for row in self.store.outgoing() if row.kind in _COUNTED and inside(row.sent_at)]
        received = [row for row in self.store.incoming() if row.kind in _COUNTED and inside(row.arrived_at)]
        by_status = Counter(row.status for row in received if row.status)
        return {
            "sent": self.count(sent),
            "received": self.count(received),
            "by_status": dict(sorted(by_status.items())),
        }

    def count(self, rows: Sequence[Incoming] | Sequence[Outgoing]) -> int:
        """How many documents these rows are: each row is one, whatever copies came of it."""
        return len(rows)

    def reset(self) -> None:
        """Forget every document; the directory stays."""
        self.store.forget_documents()


def _line(row: Incoming | Outgoing, sender: str, signature: str) -> dict[str, Any]:
    return {
        "document_id": row.document_id,
        "from": sender,
        "code_number": row.number,
        "code_notation": row.notation,
        "promulgation_date": row.issued,
        "subject": row.subject,
        "kind": row.kind,
        "state": row.state,
        "reason": row.reason,
        "attachments": [_file(each) for each in row.files],
        "refers_to": row.refers_to,
        "warnings": list(row.warnings),
        "signature": signature,
    }


def _file(file: FileRecord) -> dict[str, Any]:
    return {"name": file.name, "size": file.size, "sha256": file.sha256}


_FAIL = Text("the axis answered FAIL: {code} {desc}", "trục trả lời FAIL: {code} {desc}")
_UNKNOWN = Text("no document '{document_id}' came in", "không có văn bản đến '{document_id}'")
_NOT_NOW = Text("'{action}' is not possible: the document is {state}", "không thể '{action}': văn bản đang ở '{state}'")
_NOBODY_ASKED = Text("no request waits for an answer", "không có yêu cầu nào chờ trả lời")
_NO_TARGET = Text(
    "we hold no document of this unit by that DocumentId", "không có văn bản nào của đơn vị gửi mang mã này"
)
_NOT_STANDING = Text("the document was recalled or refused", "văn bản đã bị thu hồi hoặc từ chối")
