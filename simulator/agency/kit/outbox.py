"""The outbox of the reference system: durable, in order for each document, patient with an axis that is away.

A letter is repeated with the same bytes, so that the axis knows a repetition (contract, section 6). It is given up only
when the axis refuses it for good; then the document says so.
"""

import asyncio
import logging
from dataclasses import replace

from simulator.agency.client import Answer, AxisUnreachable
from simulator.agency.kit.orders import REFUSALS
from simulator.agency.kit.store import Incoming, Letter
from simulator.agency.kit.writing import Writing
from simulator.protocol import codec
from simulator.protocol.package import Kind, StatusPacket

__all__ = ["Outbox"]

_LOG = logging.getLogger(__name__)
_FOR_GOOD = frozenset({"10", "18", "19", "21", "22", "23"})


class Outbox(Writing):
    """Queueing, sending, sending again."""

    _sending: asyncio.Task[None] | None = None
    _send_again = False

    # ---------------------------------------------------------------- queueing

    def announce(self, row: Incoming, codes: tuple[str, ...], reason: str) -> Incoming:
        """Write an incoming row and queue its statuses: one act, one Timestamp. Gives the row as it was written."""
        written = replace(row, status=codes[-1] if codes else row.status)
        with self.store.transaction():
            self.store.put(written)
            stamp = self.stamp_for(row.document_id)
            for code in codes:
                self.queue_status(row.document_id, self.receiver_status(row, code, stamp, reason))
        return written

    def queue_status(self, lane: str, packet: StatusPacket) -> None:
        """Into the outbox, behind what the document's lane holds; the same code may leave again later (BZ-08)."""
        stamp = codec.timestamp_text(packet.timestamp) if packet.timestamp else ""
        self.queue_letter(lane, Kind.STATUS, self.encode(packet), code=packet.code, stamp=stamp)

    def queue_letter(
        self,
        lane: str,
        message_type: str,
        data: bytes,
        *,
        urgent: int = 0,
        outgoing: int | None = None,
        code: str = "",
        stamp: str = "",
    ) -> int:
        """One package into the outbox; gives its number there."""
        letter = Letter(
            seq=self.store.next_seq(Letter),
            lane=lane,
            message_type=str(message_type),
            data=data,
            urgent=urgent,
            outgoing=outgoing,
            code=code,
            stamp=stamp,
        )
        self.store.put(letter)
        return letter.seq

    # ---------------------------------------------------------------- sending

    def kick(self) -> asyncio.Task[None]:
        """Send what waits, now; one round runs at a time, and a kick in the middle of one adds another."""
        self._send_again = True
        if self._sending is None or self._sending.done():
            self._sending = asyncio.create_task(self.flush())
        return self._sending

    async def flush(self) -> None:
        """Send letter after letter until none is left, or the axis is away."""
        while self._send_again:
            self._send_again = False
            blocked: list[str] = []
            misses = 0
            while misses < 2 and (letter := self.store.next_letter(blocked)) is not None:
                try:
                    settled = await self.send_letter(letter)
                    misses = 0
                except AxisUnreachable as error:
                    self.note(letter.lane, f"not sent yet: {error}")
                    settled, misses = False, misses + 1
                except Exception:  # one letter's defect must not keep the others back
                    _LOG.exception("letter %s could not be sent", letter.seq)
                    settled = False
                if not settled:
                    self.store.letter_tried(letter.seq)
                    blocked.append(letter.lane)
                self.attempted(letter)
        self.attempted(None)

    def attempted(self, letter: Letter | None) -> None:
        """A letter was tried (None: the round is over). For those who wait for it."""

    async def send_letter(self, letter: Letter) -> bool:
        """One attempt. True: it has left, or never will; False: later again. Raises AxisUnreachable."""
        if not self.may_try(letter):
            return False
        data = self.bytes_to_send(letter)
        sender = self.sender_party().organ_id
        answer = await self.client.send(data, sender=sender, message_type=letter.message_type)
        if answer.ok and answer.doc_id not in ("", "0"):
            self.letter_left(letter)
        elif not answer.ok and self.refused_for_good(answer):
            self.letter_refused(letter, answer)
        else:
            self.note(letter.lane, f"not sent yet: {answer.code} {answer.desc}")
            return False
        return True

    def may_try(self, letter: Letter) -> bool:
        """Whether to try (again): always. No letter is given up because of a number of attempts (TR-06)."""
        return True

    def bytes_to_send(self, letter: Letter) -> bytes:
        """What goes on the wire: the bytes that were written once, on every attempt (DU-03)."""
        return letter.data

    def refused_for_good(self, answer: Answer) -> bool:
        """Whether the refusal is about the package itself, so that a repetition is useless (TR-07)."""
        return answer.code in _FOR_GOOD

    def letter_left(self, letter: Letter) -> None:
        """The axis has it."""
        with self.store.transaction():
            self.store.letter_settled(letter.seq, "sent")
            row = self.store.outgoing_row(letter.outgoing) if letter.outgoing else None
            if row is None:
                return
            now = self.now().isoformat(timespec="seconds")
            self.store.put(replace(row, state="sent" if row.state == "queued" else row.state, sent_at=now))
            if row.kind == "replace":
                for old in self.store.outgoing(row.refers_to):
                    if old.state == "sent":
                        self.store.put(replace(old, state="replaced"))

    def letter_refused(self, letter: Letter, answer: Answer) -> None:
        """The axis will never take it: the clerk sees why, and nothing is tried again (VD-02)."""
        because = REFUSALS["axis"].filled(code=answer.code, desc=answer.desc)
        with self.store.transaction():
            self.store.letter_settled(letter.seq, "refused")
            self.note(letter.lane, because.en)
            row = self.store.outgoing_row(letter.outgoing) if letter.outgoing else None
            if row is not None:
                self.store.put(replace(row, state="failed", reason=because.vi))
