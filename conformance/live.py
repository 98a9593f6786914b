"""The stage of one running case, over a real world and a real SUT. What a case may do stands in stage.py."""

import asyncio
import hashlib
import random
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, Protocol

from conformance.evidence import CaseEvidence, Lane, Order, Sent, Sut, Unseen
from conformance.faulty import Disturbable, Faulty
from conformance.progress import Progress
from conformance.pulse import Pulse
from conformance.recorder import Recorder
from conformance.secured import Securable, Secured
from conformance.stage import Condition, Reply, StageEnd, TimeStamps, Trouble
from conformance.stamping import Stamping
from conformance.sut.driver import Driver
from conformance.syncing import Syncing, Teachable
from conformance.trust import Vault
from simulator.agency.client import Answer, AxisClient, AxisUnreachable
from simulator.clock import Clock
from simulator.pki.authorities import Pki
from simulator.protocol import codec
from simulator.protocol.errors import Malformed
from simulator.protocol.package import Package, Packet, StatusPacket
from simulator.words import Text

__all__ = ["LiveStage", "Plant", "Surroundings"]

Plant = Callable[[bytes, str, str, Sequence[str]], Awaitable[str]]
"""(bytes, sender system, message type, receivers) -> DocId: into the queue, past admission."""

_TICK = 0.25
_TIMES_AS_LONG = 3
"""A SUT that polls on request polls faster than it works: what it usually needs for a step passes so often, too."""
_POLL_OVER = Text(en="the SUT to end its poll", vi="SUT kết thúc lần hỏi trục")
_UNCHANGED = Text(en="the axis would not change its directory: {why}", vi="trục không sửa danh bạ: {why}")


class Surroundings(Disturbable, Securable, Teachable, Protocol):
    """What all stages of a run share; bench.py is one."""

    recorder: Recorder
    driver: Driver
    pulse: Pulse
    progress: Progress
    clock: Clock
    floor: float
    vault: Vault
    stamping: Stamping

    def client(self, system_id: str) -> AxisClient:
        """The axis client of that agency."""

    async def plant(self, data: bytes, system_id: str, message_type: str, to: Sequence[str]) -> str:
        """Queue bytes past the axis's admission."""

    def subscribe(self, case: str, event: asyncio.Event) -> None:
        """From now on ``event`` is set with each new record of ``case`` and each poll."""

    def unsubscribe(self, case: str, event: asyncio.Event) -> None:
        """No longer."""

    def overdue(self, started: float) -> bool:
        """Whether a case that began then has used up its time."""


class LiveStage(Faulty, Secured, Syncing):
    """One case's tools; see ``conformance.stage.Stage`` for what each does."""

    def __init__(self, case: str, *, around: Surroundings, sut: Sut, lanes: tuple[Lane, ...], seed: int | str) -> None:
        self.case_id = case
        self.sut = sut
        self.lanes = lanes
        self.random = random.Random(f"{seed}/{case}")  # noqa: S311  # repeatable on purpose
        self._around: Surroundings = around
        self._started = time.monotonic()

    @property
    def lane(self) -> Lane:
        """The first lane."""
        return self.lanes[0]

    @property
    def seen(self) -> CaseEvidence:
        """What was recorded so far."""
        return self._around.recorder.view(self.case_id)

    def now(self) -> datetime:
        """The time of the axis."""
        return self._around.clock.now()

    @property
    def pki(self) -> Pki:
        """The test PKI of the run."""
        return self._around.vault.pki

    def time_stamps(self) -> AbstractAsyncContextManager[TimeStamps]:
        """The run's time-stamp authority, in turn."""
        return self._around.stamping.lent(self.note)

    def note(self, name: str, /, **values: Any) -> None:
        """Remember what the case planned or drew."""
        self._around.recorder.note(self.case_id, name, values)

    # ------------------------------------------------------------ towards the SUT

    async def send(
        self,
        packet: Packet | bytes,
        *,
        label: str = "document",
        lane: Lane | None = None,
        to: Sequence[str] | None = None,
        refused: bool = False,
    ) -> Sent:
        """Send over the wire, as a real system does."""
        own = lane or self.lane
        data = packet if isinstance(packet, bytes) else codec.encode(packet)
        like = _read(data) if isinstance(packet, bytes) else packet
        self._know(like, data)
        kind = "status" if isinstance(like, StatusPacket) else "edoc"
        try:
            answer = await self._around.client(own.system_id).send(data, sender=own.unit, message_type=kind, to=to)
        except AxisUnreachable as unreachable:
            raise Trouble(unreachable.because) from unreachable
        if not answer.ok and not refused:
            why = f"{answer.code} {answer.desc}"
            raise Trouble(Text(en=f"the axis refused our '{label}': {why}", vi=f"trục từ chối '{label}' của ta: {why}"))
        members = {"code": answer.code, "desc": answer.desc}
        return self._sent(label, own, like, data, answer.doc_id, ok=answer.ok, answer=members)

    async def plant(self, data: bytes, *, like: Packet, label: str = "document", lane: Lane | None = None) -> Sent:
        """Past the axis's admission, into the SUT's queue."""
        own = lane or self.lane
        self._know(like, data)
        kind = "status" if isinstance(like, StatusPacket) else "edoc"
        doc_id = await self._around.plant(data, own.system_id, kind, [self.sut.organ])
        return self._sent(label, own, like, data, doc_id, ok=True, answer={"planted": True})

    def _know(self, like: Packet | None, data: bytes) -> None:
        self._around.recorder.knows(self._around.recorder.keep(data), self.case_id)
        if document_id := _ids(like)[0]:
            self._around.recorder.knows(document_id, self.case_id)

    def _sent(
        self,
        label: str,
        own: Lane,
        like: Packet | None,
        data: bytes,
        doc_id: str,
        *,
        ok: bool,
        answer: Mapping[str, Any],
    ) -> Sent:
        document_id, code, issued = _ids(like)
        sent = Sent(
            n=0,
            at="",
            label=label,
            system_id=own.system_id,
            organ=_organ(like) or own.unit,
            doc_id=doc_id,
            document_id=document_id,
            code=code,
            issued=issued,
            sha256=hashlib.sha256(data).hexdigest(),
            ok=ok,
            answer=answer,
        )
        values = asdict(sent)
        del values["n"], values["at"]
        record = self._around.recorder.note(self.case_id, "sent", values)
        return Sent(n=record.n, at=record.at, **values)

    async def collect(self, *, lane: Lane | None = None) -> None:
        """Fetch and confirm all that waits for the lane."""
        client = self._around.client((lane or self.lane).system_id)
        try:
            for kind in ("edoc", "status"):
                for item in (await client.received(kind)).items:
                    await client.fetch(str(item["docId"]))
                    await client.confirm(str(item["docId"]), "done")
        except AxisUnreachable as unreachable:
            raise Trouble(unreachable.because) from unreachable

    async def register_unit(self, code: str, name: str) -> Lane:
        """registerAgency."""
        unit = {"code": code, "name": name, "pcode": self.lane.unit}
        self._changed(await self._around.client(self.lane.system_id).register(unit), code)
        self.note("registered", code=code, name=name)
        return replace(self.lane, unit=code, codes=(code,), name=name)

    async def close_unit(self, code: str) -> None:
        """deleteAgency."""
        self._changed(await self._around.client(self.lane.system_id).remove(code), code)
        self.note("closed", code=code)

    @staticmethod
    def _changed(answer: Answer, code: str) -> None:
        if not answer.ok:
            raise Trouble(_UNCHANGED.filled(why=f"{code}: {answer.code} {answer.desc}"))

    # ------------------------------------------------------------ the clerk of the SUT

    async def act(
        self, action: str, document: Sent | Order | str, *, reason: str | None = None, organ: str | None = None
    ) -> Reply:
        """Have the clerk act; the drive ends where it was not done."""
        document_id = document if isinstance(document, str) else document.document_id
        request = {"document_id": document_id, "action": action, "reason": reason, "organ": organ}
        reply = await self._call("POST", "/control/act", request)
        if not reply.ok:
            raise StageEnd(action)
        return reply

    async def order(self, *, label: str = "document", **request: Any) -> str:
        """Have the SUT send; the drive ends where it would not."""
        reply = await self._call("POST", "/control/send", request, label=label)
        document_id = str(reply.answer.get("document_id") or "")
        if not reply.ok or not document_id:
            raise StageEnd("send")
        self._around.recorder.knows(document_id, self.case_id)
        return document_id

    async def look(self, box: str = "in", *, label: str = "") -> Reply:
        """Read a box into the evidence, narrowed to the rows that touch this case."""
        return await self._call("GET", "/control/documents", {"box": box}, label=label, narrow=self._narrowed)

    async def statistics(self, *, first: str, last: str) -> Reply:
        """Read the figures into the evidence."""
        return await self._call("GET", "/control/statistics", {"from": first, "to": last})

    async def _call(
        self,
        method: str,
        path: str,
        request: Mapping[str, Any],
        *,
        label: str | None = None,
        narrow: Callable[[Mapping[str, Any]], Mapping[str, Any]] = lambda answer: answer,
    ) -> Reply:
        """One call; not while a poll is under way in which the SUT took something of this case: a system may enter what
        it took into its books when the poll ends."""
        if not self.faults_on and not self.seen.handled:
            await self._wait(lambda seen: seen.handled, for_=_POLL_OVER, polls=2, floor=0.0)
        reply = await self._around.driver.call(method, path, request)
        shown = request if label is None else {**request, "label": label}
        answer = narrow(reply.answer) if reply.ok else reply.answer
        self._around.recorder.act(self.case_id, f"{method} {path}", shown, reply.status, answer)
        return reply

    def _narrowed(self, answer: Mapping[str, Any]) -> Mapping[str, Any]:
        rows = [row for row in answer.get("documents") or () if isinstance(row, Mapping)]
        codes = {code for lane in self.lanes for code in lane.codes}
        records = self._around.recorder.view(self.case_id).records
        ids = {
            record["values"]["document_id"] for record in records if record.kind == "note" and record["name"] == "sent"
        }
        ids |= {record["answer"].get("document_id") for record in records if record.kind == "act"}
        ids -= {"", None}
        kept = [
            row
            for row in rows
            if row.get("from") in codes
            or row.get("document_id") in ids
            or row.get("refers_to") in ids
            or any(receiver.get("organ") in codes for receiver in row.get("receivers") or ())
        ]
        return {**answer, "documents": kept, "of": len(rows)}

    # ------------------------------------------------------------ waiting

    async def until(self, condition: Condition, *, for_: Text, polls: int = 3) -> bool:
        """Wait, counted in observed polls of the SUT."""
        return await self._wait(condition, for_=for_, polls=polls, floor=self._around.floor)

    async def quiet(self, polls: int = 2) -> None:
        """Let the SUT poll so often."""
        for_ = Text(en=f"{polls} polls to pass", vi=f"qua {polls} lần hỏi trục")
        await self._wait(lambda seen: False, for_=for_, polls=polls, floor=0.0, hush=True)

    async def _wait(self, condition: Condition, *, for_: Text, polls: int, floor: float, hush: bool = False) -> bool:
        """``hush``: nothing is to happen; the wait is met once its polls have passed."""
        around, start, began = self._around, self._around.recorder.count, time.monotonic()
        backlog = around.recorder.backlog
        before, counted, total, mark, ended = dict(backlog.polls), 0, 0, start, "met"
        event = asyncio.Event()
        key = f"{self.case_id}#{start}"
        around.subscribe(self.case_id, event)
        around.progress.waiting(key, self.case_id, for_)
        try:
            while not (met := _true(condition, self.seen)):
                now = time.monotonic()
                if (made := backlog.rounds(before)) > total:
                    upto = around.recorder.count
                    if not backlog.working(self.case_id, mark, upto):
                        counted += made - total
                    total, mark = made, upto
                least = 0.0 if hush else max(floor, _TIMES_AS_LONG * backlog.slowness)
                if counted >= polls + backlog.lag and now - began >= least:
                    ended = "polls"
                elif not around.pulse.alive(now):
                    ended = "silence"
                elif around.overdue(self._started):
                    ended = "time"
                if ended != "met":
                    break
                event.clear()
                try:
                    async with asyncio.timeout(_TICK):
                        await event.wait()
                except TimeoutError:
                    continue
        finally:
            around.unsubscribe(self.case_id, event)
            around.progress.going_on(key)
        met = met or (hush and ended == "polls")
        around.recorder.wait(
            self.case_id, for_, met=met, polls=backlog.rounds(before) if met else counted,
            seconds=time.monotonic() - began, asked=polls, ended=ended, hush=hush,
        )  # fmt: skip
        return met

    async def pause(self, seconds: float, *, for_: Text) -> None:
        """Let time pass."""
        await self._around.clock.sleep(seconds)
        self._around.recorder.wait(self.case_id, for_, met=True, polls=0, seconds=seconds)


def _true(condition: Condition, seen: CaseEvidence) -> bool:
    try:
        return bool(condition(seen))
    except Unseen:
        return False


def _read(data: bytes) -> Packet | None:
    try:
        return codec.examine(data).packet
    except Malformed:
        return None


def _organ(packet: Packet | None) -> str:
    return packet.sender.organ_id if packet and packet.sender else ""


def _ids(packet: Packet | None) -> tuple[str, str, str]:
    """(DocumentId, code, date of issue) that a packet names."""
    if isinstance(packet, Package):
        issued = packet.promulgation.issued if packet.promulgation else None
        code = packet.code.text if packet.code else ""
        return packet.document_id, code, codec.date_text(issued) if issued else ""
    if packet and packet.response_for:
        answered = packet.response_for
        issued = answered.promulgation_date
        return answered.document_id, answered.code, codec.date_text(issued) if issued else ""
    return "", "", ""
