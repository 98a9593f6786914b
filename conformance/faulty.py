"""The part of the stage that makes the axis misbehave: faults, outages, a canary, a poll on demand.

Every fault is a note ``fault`` of the case that asked for it: ``event`` begins, struck (with the operation), released
(an answer that was held back goes on) or ends, so that a judge can tell what the SUT had to bear, and when.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Protocol

from conformance.evidence import CaseEvidence, Lane, Sut
from conformance.pulse import Pulse
from conformance.recorder import Recorder
from conformance.stage import Reply
from conformance.sut.driver import Driver
from simulator.faults.board import FaultBoard
from simulator.faults.fault import LISTS, Whom
from simulator.wire import Request
from simulator.words import Text

__all__ = ["Disturbable", "Faulty"]

_LEAST_OUTAGE = 0.4
_CANARY = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 17\r\nConnection: close\r\n\r\nCANARY-WAS-EATEN\n"
)


class Disturbable(Protocol):
    """What a faulty stage needs of its surroundings."""

    recorder: Recorder
    driver: Driver
    pulse: Pulse
    faults: FaultBoard
    host: str

    def subscribe(self, case: str, event: asyncio.Event) -> None:
        """From now on ``event`` is set with each new record of ``case`` and each poll."""

    def unsubscribe(self, case: str, event: asyncio.Event) -> None:
        """No longer."""


class Faulty:
    """Mixed into the live stage; see ``conformance.stage.Stage`` for what each does."""

    case_id: str
    sut: Sut
    lanes: tuple[Lane, ...]
    _around: Disturbable
    faults_on: int = 0
    """How many faults this case has switched on and not yet off."""

    @asynccontextmanager
    async def fault(
        self,
        fault: str,
        *,
        label: str = "",
        times: int | None = None,
        lane: Lane | None = None,
        operations: Sequence[str] = (),
        message_type: str = "",
        **options: Any,
    ) -> AsyncIterator[None]:
        """Let the axis misbehave towards the SUT until the block is left."""
        recorder, called = self._around.recorder, label or fault
        whom = Whom(
            system_id=self.sut.system_id,
            operations=frozenset(operations),
            message_type=message_type,
            naming=lane.codes if lane else (),
            delivery=(lambda delivery: _came_from(recorder.view(self.case_id), delivery, lane)) if lane else None,
        )

        def note(event: str, operation: str = "") -> None:
            values = {"fault": fault, "label": called, "event": event}
            recorder.note(self.case_id, "fault", values | ({"operation": operation} if operation else {}))

        def struck(request: Request) -> None:
            note("struck", request.operation)
            if request.operation in LISTS:
                self._around.pulse.alive_at(time.monotonic(), asked=True)

        def released(request: Request) -> None:
            note("released", request.operation)

        note("begins")
        async with self._kept_polling():
            running = await self._around.faults.begin(
                fault, whom=whom, times=times, struck=struck, released=released, **options
            )
        self.faults_on += 1
        try:
            yield
        finally:
            self.faults_on -= 1
            await self._around.faults.lift(running)
            note("ends")

    async def outage(self, polls: float = 3) -> None:
        """Let so many of the SUT's polls go to an axis that nobody can see: by the clock, in its own period."""
        seconds = max(_LEAST_OUTAGE, polls * (self._around.pulse.period or 0.0))
        async with self._kept_polling():
            await asyncio.sleep(seconds)
        for_ = Text(en="polls that nobody can answer", vi="các lần hỏi trục không ai trả lời được")
        self._around.recorder.wait(self.case_id, for_, met=True, polls=0, seconds=seconds)

    @asynccontextmanager
    async def _kept_polling(self) -> AsyncIterator[None]:
        """Meanwhile the SUT is asked to poll, as in any wait."""
        event = asyncio.Event()
        self._around.subscribe(self.case_id, event)
        try:
            yield
        finally:
            self._around.unsubscribe(self.case_id, event)

    async def poll(self, *, label: str = "") -> Reply:
        """Have the SUT poll once; what it says of it goes into the evidence. Never ends the drive."""
        reply = await self._around.driver.call("POST", "/control/poll", {})
        self._around.recorder.act(self.case_id, "POST /control/poll", {"label": label}, reply.status, reply.answer)
        return reply

    @asynccontextmanager
    async def canary(self) -> AsyncIterator[str]:
        """An address that nobody has a reason to fetch; each visit is a note ``canary``."""

        async def visited(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            line = await reader.readline()
            self._around.recorder.note(self.case_id, "canary", {"request": line.decode("latin-1").strip()})
            writer.write(_CANARY)
            writer.close()

        server = await asyncio.start_server(visited, host=self._around.host, port=0)
        host, port = server.sockets[0].getsockname()[:2]
        try:
            yield f"http://[{host}]:{port}/canary" if ":" in host else f"http://{host}:{port}/canary"
        finally:
            server.close()


def _came_from(seen: CaseEvidence, delivery: str, lane: Lane) -> bool:
    """Whether the axis opened that delivery for a package of this lane."""
    opened = {record["doc_id"] for record in seen.facts("opened", delivery_id=delivery)}
    return any(record["doc_id"] in opened for record in seen.facts("accepted", system_id=lane.system_id))
