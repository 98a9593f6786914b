"""How a fake agency lives its day: polls both lists, fetches, confirms, answers with statuses, writes letters.

One node is one asyncio task that does one thing at a time. It never dies of an error: each kind is logged once, and
the node goes on. What it decides is in habits.py and desk.py, what it remembers in diary.py; what it writes comes
from a ``Letters`` (fixtures/factory.py in life). It answers whoever writes to it, also a test system; of its own
accord it writes only to the nodes of ``directory``.
"""

import asyncio
import logging
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol, TypeVar

from simulator.agency.client import AxisClient, AxisUnreachable, Refusal
from simulator.agency.desk import Desk, flaws
from simulator.agency.diary import Diary
from simulator.agency.habits import Habits, gap, stream
from simulator.clock import Clock
from simulator.protocol import codec
from simulator.protocol.errors import Malformed
from simulator.protocol.package import Package, Packet, StaffInfo
from simulator.topology import Node

__all__ = ["AgencyNode", "Letters"]

_LOG = logging.getLogger(__name__)
_REMEMBERED_LETTERS = 20
_LARGE = 1_000_000
_RETRY_SECONDS = 5.0
_T = TypeVar("_T")


class Letters(Protocol):
    """Who writes the letters of the fake agencies. The same (seed, author, index) gives the same letter."""

    def compose(
        self, author: Node, index: int, *, directory: Sequence[Node], at: datetime, earlier: Sequence[Package] = ()
    ) -> Package:
        """Letter number ``index`` (from 0) of ``author``, to nodes of ``directory`` other than itself, dated ``at``.

        It may recall, update or replace one of the author's ``earlier`` letters. Called from worker threads.
        """

    def officer(self, author: Node) -> StaffInfo:
        """The officer who answers for that node."""

    def reseed(self, seed: int) -> None:
        """Write other letters from now on."""


class AgencyNode:
    """One living node. ``client`` is its own and is closed by whoever made it; the diary is shared by all nodes."""

    def __init__(
        self,
        node: Node,
        *,
        client: AxisClient,
        letters: Letters,
        directory: Sequence[Node],
        diary: Diary,
        clock: Clock,
        seed: int,
        habits: Habits,
    ) -> None:
        self.node = node
        self._client = client
        self._letters = letters
        self._directory = directory
        self._diary = diary
        self._clock = clock
        self._seed = seed
        self._habits = habits
        self._desk = Desk(node, diary=diary, clock=clock, seed=seed, habits=habits)
        self._turn = asyncio.Lock()
        self._borrowers = 0
        self._free = asyncio.Event()
        self._free.set()
        self._written: list[Package] = []
        self._outgoing: tuple[Package, bytes] | None = None
        self._complaints: set[str] = set()
        self._next_poll = 0.0
        self._next_letter = math.inf
        self._answers_after = 0.0

    async def stand_aside(self) -> None:
        """Let somebody else act for this node; returns when what it was doing is done. Counts, as ``resume`` does."""
        self._borrowers += 1
        self._free.clear()
        async with self._turn:
            pass

    def resume(self) -> None:
        """Go on, once everybody who asked the node to stand aside has called this."""
        self._borrowers = max(0, self._borrowers - 1)
        if not self._borrowers:
            self._free.set()

    async def live(self, *, first_poll_after: float = 0.0) -> None:
        """Live until cancelled. ``first_poll_after``: seconds, so that the nodes of a world do not poll in step."""
        self._next_poll = self._now() + first_poll_after
        self._next_letter = self._now() + self._gap()
        while True:
            await self._free.wait()
            remaining = min(self._next_poll, self._next_letter, self._next_answer()) - self._now()
            if remaining > 0:
                await self._clock.sleep(remaining)
            async with self._turn:
                if not self._borrowers:
                    await self._one_thing()

    def start_over(self, seed: int) -> None:
        """Forget the letters written so far, as after a reset of the axis; the diary is cleared by its owner."""
        self._seed = seed
        self._desk = Desk(self.node, diary=self._diary, clock=self._clock, seed=seed, habits=self._habits)
        self._written.clear()
        self._outgoing = None
        self._answers_after = 0.0
        self._next_letter = self._now() + self._gap()

    async def poll(self) -> None:
        """Look at both lists once and handle all that waits."""
        for message_type in ("edoc", "status"):
            answer = await self._client.received(message_type)
            for item in answer.items:
                delivery = str(item.get("docId", ""))
                try:
                    await self._handle(delivery, listed=str(item.get("to", "")))
                except Refusal as error:  # one package that cannot be had must not starve the others
                    self._complain(error)
                except AxisUnreachable:
                    raise
                except Exception as error:
                    self._complain(error)
                    await self._client.confirm(delivery, "fail", "Loi khi xu ly goi tin")

    async def write(self) -> None:
        """Write the next letter and send it; after an error, the very same bytes again."""
        if self._outgoing is None:
            letter = await asyncio.to_thread(self._composed, self._diary.letters(self.node.system_id))
            self._outgoing = (letter, await asyncio.to_thread(codec.encode, letter))
        outgoing = letter, data = self._outgoing
        sender = letter.sender.organ_id if letter.sender else ""
        answer = await self._client.send(data, sender=sender, message_type="edoc")
        if self._outgoing is not outgoing:
            return  # the axis was reset meanwhile: this letter never was
        self._outgoing = None
        self._diary.wrote(self.node.system_id)
        if not answer.ok:
            self._complain(Refusal(answer.code, answer.desc))
            return
        light = replace(letter, attachments=(), manifest=())
        self._written = [*self._written, light][-_REMEMBERED_LETTERS:]

    def _composed(self, index: int) -> Package:
        return self._letters.compose(
            self.node, index, directory=self._directory, at=self._clock.now(), earlier=tuple(self._written)
        )

    # -- one thing at a time

    async def _one_thing(self) -> None:
        """What has been due for longest, so that no kind of work starves another."""
        due, do = min(
            ((self._next_answer(), self._answer), (self._next_poll, self._look), (self._next_letter, self._post)),
            key=lambda pair: pair[0],
        )
        if due > self._now():
            return
        try:
            await do()
        except Exception as error:  # a node never dies of an error
            self._answers_after = self._now() + _RETRY_SECONDS
            self._complain(error)

    async def _look(self) -> None:
        try:
            await self.poll()
        finally:
            self._next_poll = self._now() + self._habits.poll_seconds

    async def _post(self) -> None:
        self._next_letter = self._now() + _RETRY_SECONDS
        await self.write()
        self._next_letter = self._now() + self._gap()

    async def _handle(self, delivery: str, *, listed: str) -> None:
        data = await self._client.fetch(delivery)
        try:
            reading = await _aside(len(data), lambda: codec.decode(data))
        except Malformed as error:
            await self._client.confirm(delivery, "fail", f"Khong doc duoc goi tin: {error.damage}")
            return
        packet: Packet | None = reading.packet
        if packet is None:
            await self._client.confirm(delivery, "fail", "Khong doc duoc goi tin: thieu MessageHeader")
            return
        found: tuple[str, ...] = ()
        if isinstance(packet, Package):
            document = packet
            found = await _aside(len(data), lambda: flaws(document))
        self._desk.take(packet, listed=listed, found=found)
        await self._client.confirm(delivery, "done")

    async def _answer(self) -> None:
        owed = self._desk.next_owed()
        if owed is None:
            return
        held = self._desk.held(owed)
        if held is not None:
            packet = self._desk.packet(held, owed, staff=self._letters.officer(self.node))
            answer = await self._client.send(codec.encode(packet), sender=held.unit, message_type="status")
            if not answer.ok:
                self._complain(Refusal(answer.code, answer.desc))
        self._desk.paid(owed, held)

    # -- small things

    def _gap(self) -> float:
        index = self._diary.letters(self.node.system_id)
        return gap(self._habits, stream(self._seed, self.node.system_id, "gap", index))

    def _next_answer(self) -> float:
        owed = self._desk.next_owed()
        return max(owed.at, self._answers_after) if owed else math.inf

    def _now(self) -> float:
        return self._clock.now().timestamp()

    def _complain(self, error: Exception) -> None:
        kind = type(error).__name__
        if kind not in self._complaints:
            self._complaints.add(kind)
            foreseen = isinstance(error, AxisUnreachable | Refusal)
            _LOG.warning("%s: %s: %s", self.node.system_id, kind, error, exc_info=None if foreseen else error)


async def _aside(size: int, work: Callable[[], _T]) -> _T:
    """Do heavy work in a thread, light work here."""
    return await asyncio.to_thread(work) if size > _LARGE else work()
