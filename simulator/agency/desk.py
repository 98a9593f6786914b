"""The clerk's desk of a fake agency: takes what came, decides by its habits, and writes down what it owes. No network.

What a sender is told, and in which order, follows status.py; recalls and updates are answered by 15 or 16 under the
packet's own DocumentId (contract, section 4), status 13 likewise.
"""

from collections.abc import Sequence

from simulator.agency.diary import Diary, Held, Owed
from simulator.agency.habits import Habits, Step, answer_to_change, answer_to_take_back, plan, stream
from simulator.clock import VIETNAM, Clock
from simulator.protocol.business import BusinessType, target_document_id
from simulator.protocol.errors import DamagedAttachment
from simulator.protocol.package import Package, Packet, Party, ResponseFor, StaffInfo, StatusPacket
from simulator.protocol.status import State, step
from simulator.topology import Node, Unit

__all__ = ["Desk", "flaws"]


class Desk:
    """The desk of one node."""

    def __init__(self, node: Node, *, diary: Diary, clock: Clock, seed: int, habits: Habits) -> None:
        self._node = node
        self._diary = diary
        self._clock = clock
        self._seed = seed
        self._habits = habits

    def take(self, packet: Packet, *, listed: str, found: Sequence[str] = ()) -> None:
        """Handle one packet. ``listed``: the receiver as the axis lists it; ``found``: flaws of its attachments."""
        unit = self._addressed(listed, packet)
        if isinstance(packet, StatusPacket):
            self._take_status(packet, unit)
            return
        sender = packet.sender.organ_id if packet.sender else ""
        if not sender or not packet.document_id:
            return  # nobody to answer, or nothing to answer about
        if packet.business_type in (BusinessType.RECALL, BusinessType.UPDATE):
            self._take_change(packet, sender, unit)
        else:
            self._take_document(packet, sender, unit, found)

    def next_owed(self) -> Owed | None:
        """The status that is due first, or None."""
        return self._diary.next_owed(self._node.system_id)

    def held(self, owed: Owed) -> Held | None:
        """The document that a status is owed for."""
        return self._diary.held(owed.held)

    def packet(self, held: Held, owed: Owed, *, staff: StaffInfo) -> StatusPacket:
        """The status packet that pays ``owed``."""
        return StatusPacket(
            sender=Party(organ_id=held.unit, name=self._unit(held.unit).name),
            response_for=ResponseFor(
                organ_id=held.sender, code=held.code, document_id=held.document_id, promulgation_date=held.issued
            ),
            staff=staff,
            code=owed.code,
            description=owed.description,
            timestamp=self._clock.now().astimezone(VIETNAM).replace(microsecond=0),
        )

    def paid(self, owed: Owed, held: Held | None) -> None:
        """The status has left; the document stands where the table says. The next one waits for another second."""
        self._diary.paid(owed.n)
        self._diary.put_off(owed.held, until=self._clock.now().timestamp() + 1.0)
        moved = step(held.state, owed.code) if held else None
        if held and moved and owed.code != "15":  # a recalled document has moved already; an update moves nothing
            self._diary.moved(held.n, moved)

    # -- what comes in

    def _take_document(self, package: Package, sender: str, unit: str, found: Sequence[str]) -> None:
        before = self._find(sender, package.document_id)
        if before and before.state not in (State.REJECTED, State.RECALLED):
            return  # a second copy: no second answer
        held = before or self._hold(package, sender, unit)
        self._diary.moved(held.n, State.ARRIVED)
        again = ("again",) if before else ()  # a corrected copy gets a fresh look
        chance = stream(self._seed, self._node.system_id, sender, package.document_id, *again)
        self._owe(held, plan(self._habits, chance, found))

    def _take_change(self, package: Package, sender: str, unit: str) -> None:
        known = (self._find(sender, each) for each in target_document_id(package))
        target = next((each for each in known if each and each.state is not State.RECALLED), None)
        chance = stream(self._seed, self._node.system_id, sender, package.document_id, package.business_type)
        finished = bool(target and target.state is State.FINISHED)
        answer = answer_to_change(self._habits, chance, target_known=target is not None, finished=finished)
        if target and answer.code == "15" and package.business_type == BusinessType.RECALL:
            self._recalled(target)
        self._owe(self._find(sender, package.document_id) or self._hold(package, sender, unit), (answer,))

    def _take_status(self, status: StatusPacket, unit: str) -> None:
        if status.code != "13" or not status.response_for or not status.sender:
            return  # an answer to a letter of ours: the axis keeps it, we need not
        sender, about = status.sender.organ_id, status.response_for
        target = self._find(sender, about.document_id)
        chance = stream(self._seed, self._node.system_id, sender, about.document_id, "13")
        finished = bool(target and target.state is State.FINISHED)
        answer = answer_to_take_back(self._habits, chance, target_known=target is not None, finished=finished)
        if target is None:
            target = self._diary.hold(
                self._node.system_id,
                sender=sender,
                document_id=about.document_id,
                code=about.code,
                issued=about.promulgation_date,
                unit=unit,
            )
        if answer.code == "15":
            self._recalled(target)
        self._owe(target, (answer,))

    # -- the diary

    def _recalled(self, held: Held) -> None:
        self._diary.forgive(held.n)
        self._diary.moved(held.n, State.RECALLED)

    def _owe(self, held: Held, steps: Sequence[Step]) -> None:
        at = self._clock.now().timestamp()
        for each in steps:
            at += each.after
            self._diary.owe(self._node.system_id, held.n, at=at, code=each.code, description=each.description)

    def _hold(self, package: Package, sender: str, unit: str) -> Held:
        return self._diary.hold(
            self._node.system_id,
            sender=sender,
            document_id=package.document_id,
            code=package.code.text if package.code else "",
            issued=package.promulgation.issued if package.promulgation else None,
            unit=unit,
        )

    def _find(self, sender: str, document_id: str) -> Held | None:
        return self._diary.find(self._node.system_id, sender=sender, document_id=document_id)

    # -- the directory

    def _addressed(self, listed: str, packet: Packet) -> str:
        """Our unit as the sender spelled it, so that it knows the answer again."""
        ours = {code for unit in self._node.units for code in unit.codes}
        written = [party.organ_id for party in packet.receivers] if isinstance(packet, Package) else []
        if isinstance(packet, StatusPacket) and packet.response_for:
            written = [packet.response_for.organ_id]
        return next((code for code in (*written, listed) if code in ours), self._node.units[0].code)

    def _unit(self, code: str) -> Unit:
        return next((unit for unit in self._node.units if code in unit.codes), self._node.units[0])


def flaws(package: Package) -> tuple[str, ...]:
    """What keeps an honest clerk from accepting the document, in words for the sender."""
    found = []
    for each in package.attachments:
        try:
            each.file()
        except DamagedAttachment as error:
            found.append(f"Tệp đính kèm {each.name}: {error.because.vi}")
    return tuple(found)
