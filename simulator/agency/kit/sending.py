"""The sending half of the reference system: the outgoing book, orders to send, and what the receivers say of them."""

import asyncio
import functools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from simulator.agency.kit.orders import REFUSALS, Order, Refused
from simulator.agency.kit.outbox import Outbox
from simulator.agency.kit.store import Letter, Outgoing, Receiver
from simulator.protocol import codec
from simulator.protocol.business import KINDS
from simulator.protocol.package import Code, Kind, Package, ResponseFor, StatusPacket
from simulator.words import Text

__all__ = ["NotNow", "Sending", "UnknownDocument"]

_RANK = {"": 0, "01": 1, "03": 3, "04": 4, "05": 5, "06": 6}
_THREADED = 256 * 1024


class NotNow(Exception):
    """A clerk may not do this now (409). ``because`` says why."""

    def __init__(self, because: Text) -> None:
        super().__init__(because.en)
        self.because = because


class UnknownDocument(NotNow):
    """There is no such document (404)."""


class Sending(Outbox):
    """Orders in, letters out, statuses back."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._book = asyncio.Lock()
        self._awaited: dict[int, asyncio.Event] = {}

    # ---------------------------------------------------------------- an order to send

    async def send(self, members: Mapping[str, Any]) -> str:
        """Carry out one order of the control API; gives the DocumentId. Raises Refused: it will not leave.

        Where the axis does not answer within ``config.answer_seconds`` the document stays queued.
        """
        order = self.complete(Order.parse(members))
        try:
            async with self._book:  # numbers are given one after the other
                if order.kind == "recall":
                    row, letter = self.write_recall(order)
                else:
                    row, letter = await self.write_document(order)
        except ValueError as error:  # a text that XML cannot carry
            raise Refused(REFUSALS["letters"].filled(detail=error)) from error
        if self.must_be_signed(order):
            self.sign_soon()  # a clerk never waits for the TSA
        else:
            await self.attempt(letter)
        row = self.store.outgoing_row(row.seq) or row
        if row.state == "failed":
            raise Refused(Text(row.reason or "", row.reason or ""))
        return row.document_id

    def check_signing(self, order: Order) -> None:
        """Whether what is to be signed can be (signing.py). Raises Refused."""

    def sign_soon(self) -> object:
        """Sign in the background what waits for it (signing.py)."""
        return None

    async def attempt(self, letter: int) -> None:
        """Wait until a letter was tried, but not for ever."""
        event = self._awaited.setdefault(letter, asyncio.Event())
        self.kick()
        try:
            async with asyncio.timeout(self.config.answer_seconds):
                await event.wait()
        except TimeoutError:
            pass  # it stays queued
        finally:
            self._awaited.pop(letter, None)

    def attempted(self, letter: Letter | None) -> None:
        """Tell the one who waits for this letter; at the end of a round, everybody."""
        for seq, event in self._awaited.items():
            if letter is None or letter.seq == seq:
                event.set()

    async def write_document(self, order: Order) -> tuple[Outgoing, int]:
        """Check the order, write the document into the book and its package into the outbox. Raises Refused."""
        if order.kind not in {kind.word for kind in KINDS}:
            raise Refused(REFUSALS["kind"].filled(kind=order.kind))
        target = None if order.kind == "new" else self.standing(order)
        self.check_secrecy(order)
        self.check_missing(order)
        self.check_dates(order)
        self.check_type(order)
        self.check_lengths(order)
        self.check_signing(order)
        self.check_number(order, target)
        await self.check_receivers(order)
        earlier = [each.organ for each in self.store.receivers(target.seq)] if target else []
        used = [row.document_id for row in self.store.outgoing() if row.state != "failed"]
        document_id = self.new_document_id(order, used)
        weight = sum(len(text) for _, text in order.attachments)
        build = functools.partial(self.document_package, order, document_id, self.business_of(order, earlier))
        package = await asyncio.to_thread(build) if weight > _THREADED else build()
        return self.write_out(package, order, target)

    def write_out(self, package: Package, order: Order, target: Outgoing | None) -> tuple[Outgoing, int]:
        """The outgoing row, its receivers and its letters, in one transaction. Raises Refused: too large."""
        letters = [self.encode(each) for each in self.envelopes(package)]
        if (size := max(map(len, letters))) > self.config.limits.package_bytes:
            raise Refused(REFUSALS["package"].filled(size=size, limit=self.config.limits.package_bytes))
        code = package.code or Code()
        issued = package.promulgation.issued if package.promulgation else None
        row = Outgoing(
            seq=self.store.next_seq(Outgoing),
            document_id=package.document_id,
            number=code.number,
            notation=code.notation,
            issued=issued.isoformat() if issued else "",
            subject=package.subject,
            kind=order.kind,
            state="queued",
            written_at=self.now().isoformat(timespec="seconds"),
            files=tuple(self.file_record(each.name, each.file(self.config.limits)) for each in package.attachments),
            refers_to=target.document_id if target else None,
            reason=order.reason or None,
        )
        organs = [party.organ_id for party in package.receivers]
        asked = order.kind in ("recall", "update")
        lane = target.document_id if target else row.document_id
        with self.store.transaction():
            self.store.put(row)
            self.store.put(*(Receiver(row.seq, organ, asked=asked, place=at) for at, organ in enumerate(organs)))
            self.store.keep_package("out", row.seq, letters[0])
            numbers = [
                self.queue_letter(lane, Kind.EDOC, data, urgent=order.priority, outgoing=row.seq) for data in letters
            ]
            if self.must_be_signed(order):
                self.store.hold_unsigned(*numbers)
        return row, numbers[-1]

    def must_be_signed(self, order: Order) -> bool:
        """Whether the document may not leave before it is signed: the clerk said so. A recall has no files."""
        return order.sign and order.kind != "recall"

    def envelopes(self, package: Package) -> tuple[Package, ...]:
        """The packages that carry one document: one, for all its receivers together (VD-01)."""
        return (package,)

    def standing(self, order: Order) -> Outgoing:
        """The document that an order refers to: ours, on its way or sent, not frozen. Raises Refused."""
        if not order.reason:
            raise Refused(REFUSALS["reason"])
        rows = [row for row in self.store.outgoing(order.refers_to) if row.kind != "recall"]
        if not rows or rows[-1].state not in ("queued", "sent"):
            raise Refused(REFUSALS["target"].filled(document_id=order.refers_to))
        return rows[-1]

    def check_number(self, order: Order, target: Outgoing | None) -> None:
        """Number and notation are given once a year; a corrected document keeps its own (DI-03). Raises Refused."""
        code, year = self.code_of(order), order.issued.year
        for row in self.store.outgoing():
            same = (row.number, row.notation, row.issued[:4]) == (code.number, code.notation, f"{year:04}")
            own = target is not None and row.document_id in (target.document_id, target.refers_to)
            if same and row.kind != "recall" and not own and not self.number_is_free_again(row):
                raise Refused(REFUSALS["taken"].filled(code=code.text))

    def number_is_free_again(self, row: Outgoing) -> bool:
        """A document that never left, or that every receiver refused, may be corrected and sent anew (RF-04)."""
        receivers = self.store.receivers(row.seq)
        return row.state == "failed" or all(each.progress == "02" for each in receivers)

    async def check_receivers(self, order: Order) -> None:
        """Every receiver is known, open, and not ourselves; without a directory the axis decides. Raises Refused."""
        if any(not self.unit_named(code) for code in order.to):
            try:
                async with asyncio.timeout(self.config.answer_seconds):
                    fresh = await self.synchronise()
            except TimeoutError:
                fresh = False
        else:
            fresh = True
        for code in order.to:
            unit = self.unit_named(code)
            if self.is_us(code):
                raise Refused(REFUSALS["self"])
            if unit is None and fresh:
                raise Refused(REFUSALS["unknown-unit"].filled(code=code))
            if unit is not None and unit.closed:
                raise Refused(REFUSALS["closed-unit"].filled(code=code))

    # ---------------------------------------------------------------- recall, take back

    def write_recall(self, order: Order) -> tuple[Outgoing, int]:
        """Type 1 for a document of ours, to all its receivers or to those named. Raises Refused."""
        target = self.standing(order)
        receivers = self.named_receivers(target, order.to)
        original = codec.decode(self.store.package("out", target.seq) or b"").packet
        if not isinstance(original, Package):
            raise Refused(REFUSALS["target"].filled(document_id=order.refers_to))
        package = self.recall_package(original, [each.organ for each in receivers], order.reason)
        with self.store.transaction():
            written = self.write_out(package, order, target)
            self.store.put(*(replace(each, asked=True, answer="") for each in receivers))
        return written

    def named_receivers(self, row: Outgoing, codes: Sequence[str]) -> tuple[Receiver, ...]:
        """The receivers of a document that ``codes`` name, all where it names none. Raises Refused for a stranger."""
        receivers = self.store.receivers(row.seq)
        for code in codes:
            if not any(self.same_unit(each.organ, code) for each in receivers):
                raise Refused(REFUSALS["no-receiver-of-it"].filled(code=code))
        return tuple(each for each in receivers if not codes or any(self.same_unit(each.organ, code) for code in codes))

    def take_back(self, document_id: str, reason: str, organ: str) -> None:
        """13 to every receiver that still has the document, or to the one named; again after a 16. Raises NotNow."""
        rows = [row for row in self.store.outgoing(document_id) if row.kind != "recall"]
        if not rows:
            raise UnknownDocument(_NO_DOCUMENT.filled(document_id=document_id))
        row = rows[-1]
        holders = [
            each
            for each in self.store.receivers(row.seq)
            if each.answer != "15" and each.progress != "02" and (not organ or self.same_unit(each.organ, organ))
        ]
        if not holders or row.state == "failed":
            raise NotNow(_NOBODY_HOLDS_IT)
        text = self.reason_for(reason, [each.organ for each in holders])
        issued = date.fromisoformat(row.issued) if row.issued else None
        with self.store.transaction():
            stamp = self.stamp_for(document_id)
            for each in holders:
                about = ResponseFor(each.organ, Code(row.number, row.notation).text, document_id, issued)
                self.queue_status(document_id, self.status_packet("13", about, stamp, text))
                self.store.put(replace(each, asked=True, answer=""))

    # ---------------------------------------------------------------- what the receivers say

    def hear(self, document_id: str, sender: str, packet: StatusPacket) -> bool:
        """Write a status to the receivers that it comes from; False where that unit received nothing of the kind."""
        heard = False
        for row in self.store.outgoing(document_id):
            if row.kind == "recall" and packet.code not in ("02", "15", "16"):
                continue  # that is news of the document, not of its recall
            for receiver in self.store.receivers(row.seq):
                if self.same_unit(receiver.organ, sender):
                    heard = True
                    self.store.put(self.moved(receiver, packet, self.status_moment(packet)))
            self.settle_recall(row)
        return heard

    def status_moment(self, packet: StatusPacket) -> datetime:
        """The Timestamp of a status; ours where it has none, and never later than now: clocks go wrong."""
        now = self.now().replace(microsecond=0)
        return min(packet.timestamp, now) if packet.timestamp else now

    def moved(self, receiver: Receiver, packet: StatusPacket, moment: datetime) -> Receiver:
        """The receiver's line after a status: forward only, the latest Timestamp wins, finals stay (ST-10, ST-11)."""
        code, stamp = packet.code, moment.isoformat()
        if receiver.answer == "15":
            return receiver
        if code in ("15", "16"):
            if not receiver.asked:
                return receiver
            return replace(
                receiver, answer=code, asked=False, stamp=max(stamp, receiver.stamp), reason=packet.description
            )
        if not self.moves_forward(receiver.progress, code) or stamp < receiver.stamp:
            return receiver
        return replace(receiver, progress=code, answer="", stamp=stamp, reason=packet.description or None)

    def moves_forward(self, old: str, new: str) -> bool:
        """Whether ``new`` lies ahead of ``old``; 02 only before anybody accepted, and nothing after it (ST-10)."""
        if old == "02":
            return False
        return _RANK[old] <= 1 if new == "02" else _RANK[new] > _RANK[old]

    def settle_recall(self, row: Outgoing) -> None:
        """An outgoing document that every receiver gave back is recalled, and frozen (BZ-07)."""
        receivers = self.store.receivers(row.seq)
        back = [each for each in receivers if each.answer == "15"]
        if (
            row.kind != "recall"
            and row.kind != "update"
            and back
            and all(each.answer == "15" or each.progress == "02" for each in receivers)
        ):
            self.store.put(replace(row, state="recalled"))

    def shown_status(self, receiver: Receiver) -> str | None:
        """The code that the clerk sees for one receiver: its own, never another one's (ST-08, HD-36)."""
        return receiver.answer or receiver.progress or None


_NO_DOCUMENT = Text("no document '{document_id}'", "không có văn bản '{document_id}'")
_NOBODY_HOLDS_IT = Text("nobody holds this document any more", "không còn đơn vị nào giữ văn bản này")
