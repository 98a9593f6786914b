"""The reference document-management system: the smallest one that behaves well, as a sender and as a receiver.

How it works, in the order in which things happen:
    a poll      lists what waits; each package is fetched, stored, and only then confirmed (``done``; ``fail`` for what
                cannot be read). 01, or a refusal by 02 or 16, is put into the outbox in the same transaction.
    an act      of a clerk moves a document along status.TRANSITIONS and puts the status into the outbox.
    the outbox  is durable and in order for each document; a letter that did not get through is sent again, the same
                bytes, until the axis takes it or refuses it for good.

Here: polling, the clerk's desk, the books as they are shown. Each neighbour holds one thing: dms_office.py who we are,
dms_inspection.py looking at packages, dms_pdf.py the signatures in files, dms_writing.py making packages, dms_outbox.py
the queue, dms_receiving.py and dms_sending.py the two books, dms_signing.py signing what is sent, dms_store.py the
memory, dms_web.py the control API. Every step is a method, so that a
wrong system is a subclass with one method of its own.
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
from simulator.agency.dms_inspection import Examined
from simulator.agency.dms_office import DmsConfig
from simulator.agency.dms_orders import REFUSALS, Refused
from simulator.agency.dms_receiving import DOCUMENTS, Receiving
from simulator.agency.dms_sending import NotNow, UnknownDocument
from simulator.agency.dms_signing import Signing
from simulator.agency.dms_store import FileRecord, Incoming, Outgoing
from simulator.clock import Clock, SystemClock
from simulator.protocol.business import BusinessType
from simulator.protocol.package import Kind, Package, StatusPacket
from simulator.protocol.status import Direction, State, known, step
from simulator.words import Text

__all__ = ["Dms", "DmsConfig", "NotNow", "Refused", "UnknownDocument"]

_LOG = logging.getLogger(__name__)
_T = TypeVar("_T")
_ACTS = {"accept": "03", "refuse": "02", "assign": "04", "start": "05", "finish": "06"}
_NEEDS_REASON = ("refuse", "decline", "take-back")
_COUNTED = ("new", "update", "replace")
_THREADED = 256 * 1024


class Dms(Receiving, Signing):
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
            self.polls += 1
            self.trouble = trouble
            return trouble

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

    # ---------------------------------------------------------------- statuses that arrive

    def receive_status(self, packet: StatusPacket) -> None:
        """A status about a document of ours, or a 13; what fits nothing is written down and ignored (ST-01, ST-03)."""
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
