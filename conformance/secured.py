"""The part of the stage that watches the https side of the axis, and chooses what certificates it shows the SUT.

Everything there is a note ``tls`` of the case: ``event`` so-far (how often what happened since the run began) and
switched (``shown``: the certificates from now on, () the good one), and those of ``simulator.hub.tls_line.TlsEvent``:
shaken, refused, sent, left, plain. Never what was sent, only how much.
"""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import Any, Protocol

from conformance.pulse import Pulse
from conformance.recorder import Recorder
from conformance.stage import Showing, Trouble
from simulator.hub.tls_front import TlsEvent, TlsFront
from simulator.words import Text

__all__ = ["Securable", "Secured"]

_NO_HTTPS = Text("the axis offers no https in this run", "trong lần chạy này trục không dùng https")


class Securable(Protocol):
    """What it needs of its surroundings."""

    recorder: Recorder
    pulse: Pulse
    front: TlsFront | None


class Secured:
    """Mixed into the live stage; see ``conformance.stage.Stage``."""

    case_id: str
    _around: Any

    @asynccontextmanager
    async def certificates(self) -> AsyncIterator[Showing]:
        """Watch, switch, and leave the good certificate behind."""
        around: Securable = self._around
        front = around.front
        if front is None:
            raise Trouble(_NO_HTTPS)

        def note(event: str, **values: Any) -> None:
            around.recorder.note(self.case_id, "tls", {"event": event, **values})

        def told(event: TlsEvent) -> None:
            around.pulse.alive_at(time.monotonic())
            note(**asdict(event))

        async def show(*names: str) -> None:
            await front.show(*names)
            around.pulse.alive_at(time.monotonic())
            note("switched", shown=list(names))

        note("so-far", shaken=front.counts["shaken"], plain=front.counts["plain"])
        front.watchers.append(told)
        try:
            yield show
        finally:
            await front.show()
            front.watchers.remove(told)
