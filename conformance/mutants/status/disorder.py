"""Wrong listeners: statuses that come early, late, twice, unknown or from a stranger lead them astray."""

from dataclasses import replace
from datetime import datetime

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms
from simulator.agency.kit.store import Receiver
from simulator.protocol.package import StatusPacket
from simulator.protocol.status import known
from simulator.words import Text

__all__ = ["MUTANTS"]

_CHAIN = ("", "01", "03", "04", "05", "06")


class WantsEveryStep(Dms):
    """Drops a status whose predecessor it has not seen."""

    mutant = Mutant(
        "wants-every-step",
        Text("drops 05 while it has not seen 03", "bỏ qua 05 khi chưa thấy 03"),
        source="pitfalls 53",
        caught_by=("early-status-taken",),
    )

    def moves_forward(self, old: str, new: str) -> bool:
        """One step at a time."""
        if old in _CHAIN and new in _CHAIN:
            return _CHAIN.index(new) == _CHAIN.index(old) + 1
        return super().moves_forward(old, new)


class LastArrivedWins(Dms):
    """Shows whatever came last, however old it is."""

    mutant = Mutant(
        "last-arrived-wins",
        Text("lets a late status overwrite a further one", "trạng thái đến muộn ghi đè trạng thái đã tiến xa hơn"),
        source="pitfalls 53",
        caught_by=("out-of-order-not-back", "late-arrival-not-back"),
    )

    def moved(self, receiver: Receiver, packet: StatusPacket, moment: datetime) -> Receiver:
        """No order, no Timestamp."""
        if packet.code not in _CHAIN:
            return super().moved(receiver, packet, moment)
        return replace(receiver, progress=packet.code, stamp=moment.isoformat(), reason=packet.description or None)


class LinePerRepeat(Dms):
    """Writes a second line for a receiver that reports the same status again."""

    mutant = Mutant(
        "line-per-repeat",
        Text("lists a receiver twice after a repeated status", "liệt kê nơi nhận hai lần khi trạng thái lặp lại"),
        source="requirement ST-11",
        caught_by=("repeated-status-counted-once",),
    )

    def moved(self, receiver: Receiver, packet: StatusPacket, moment: datetime) -> Receiver:
        """The second line stands under the unit's other code."""
        unit = self.unit_named(receiver.organ)
        if unit and packet.code == receiver.progress:
            self.store.put(replace(receiver, organ=unit.code102 if receiver.organ == unit.code else unit.code))
        return super().moved(receiver, packet, moment)


class UnknownIsFinished(Dms):
    """Takes every code that it does not know for the last one that it does."""

    mutant = Mutant(
        "unknown-is-finished",
        Text("takes unknown status codes for 06", "hiểu mã trạng thái lạ là 06"),
        source="requirement ST-01",
        caught_by=("unknown-code-not-taken-for-another", "known-status-after-unknown"),
    )

    def receive_status(self, packet: StatusPacket) -> None:
        """The default branch of a switch."""
        super().receive_status(packet if known(packet.code) else replace(packet, code="06"))


class ListsStrangers(Dms):
    """Makes a receiver of any unit that reports on the document."""

    mutant = Mutant(
        "lists-strangers",
        Text("lists a unit that never got the document", "liệt kê cả đơn vị không nhận văn bản"),
        source="pitfalls 17",
        caught_by=("stranger-not-listed",),
    )

    def hear(self, document_id: str, sender: str, packet: StatusPacket) -> bool:
        """Who is not there is added."""
        if not super().hear(document_id, sender, packet):
            for row in self.store.outgoing(document_id):
                self.store.put(Receiver(row.seq, sender, progress=packet.code, reason=packet.description, place=99))
        return True


class DiesOnUnknownCode(Dms):
    """A code that stands in no table ends its polling: ``valueOf`` throws, and nobody catches it."""

    mutant = Mutant(
        "dies-on-unknown-code",
        Text("a status with an unknown code ends the polling", "trạng thái có mã lạ làm ngừng hỏi trục"),
        source="pitfalls 50",
        caught_by=("polling-survives-unknown-code", "polling-lasts"),
    )
    dead = False

    async def take_all(self, message_type: str) -> None:
        """After it no list is asked for again."""
        for delivery_id in () if self.dead else await self.listed(message_type):
            found = await self.collect(delivery_id)
            if found and isinstance(found.packet, StatusPacket) and known(found.packet.code) is None:
                self.dead = True
                return
            if found:
                await self.guarded(self.take_in(delivery_id, found))


MUTANTS: tuple[type[Dms], ...] = (
    WantsEveryStep, LastArrivedWins, LinePerRepeat, UnknownIsFinished, ListsStrangers, DiesOnUnknownCode,
)  # fmt: skip
