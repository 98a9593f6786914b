"""What a case may do while it drives. Knows nothing concrete: bench.py builds it over a world and a SUT.

A drive is written straight down. Where the SUT does not play along (a call is not offered, the adapter is away, an
action is not allowed) the stage raises ``StageEnd``: the drive is over, and the judge says what stayed unseen.
"""

import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from conformance.evidence import CaseEvidence, Lane, Sent, Sut
from simulator.pki.authorities import Pki
from simulator.protocol.package import Packet
from simulator.words import Text

__all__ = ["DIRECTORY", "Condition", "Reply", "Showing", "Stage", "StageEnd", "TimeStamps", "Trouble"]

DIRECTORY = ("getAgenciesList", "getAgenciesListQD20", "getSynchronizeUnit")
"""The three operations that give the directory."""

Condition = Callable[[CaseEvidence], object]
"""Asked of the records so far; true ends a wait."""


Showing = Callable[..., Awaitable[None]]
"""``await show("expired", "self-made")``: these in turn, one a connection; ``await show()``: the good one."""


class StageEnd(Exception):
    """The SUT does not play along; the drive ends here, and that is an ordinary outcome."""


class Trouble(Exception):
    """A mistake of ours (the axis refused our own good package): the case ends as ``error``, not blamed on the SUT."""

    def __init__(self, because: Text) -> None:
        super().__init__(because.en)
        self.because = because


@dataclass(frozen=True, slots=True)
class Reply:
    """What the SUT's control API answered. Status 0: it could not be reached; ``answer["error"]`` says why."""

    status: int
    answer: Mapping[str, Any] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether it was done."""
        return 200 <= self.status < 300


class TimeStamps(Protocol):
    """The time-stamp authority that the SUT was given, in the hands of one case."""

    def be(self, mood: str) -> None:
        """Treat queries so from now on: ``right``, ``held`` (answered when the mood changes), ``refusing`` (HTTP 403),
        ``wrong-nonce`` (a stamp that answers another query)."""


class Stage(Protocol):
    """The tools of one running case."""

    random: random.Random
    """Seeded by the run's seed and the case's id; the only randomness a case may use."""
    sut: Sut
    lanes: tuple[Lane, ...]

    @property
    def lane(self) -> Lane:
        """The first lane."""

    @property
    def seen(self) -> CaseEvidence:
        """What was recorded of this case so far, in the judge's own words."""

    def now(self) -> datetime:
        """The time of the axis."""

    @property
    def pki(self) -> Pki:
        """The test PKI whose ``trust`` folder the SUT has installed; made at the first use. Issues signers."""

    def time_stamps(self) -> AbstractAsyncContextManager[TimeStamps]:
        """The time-stamp authority, for this case alone, right until told otherwise; cases wait for their turn.

        Each query is a note ``time-stamp-asked`` (mood), each stamp that left is a note ``time-stamp-stamped`` (mood,
        nonce), and ``time-stamping`` names the authority's certificate (by: its SHA-256).
        """

    def note(self, name: str, /, **values: Any) -> None:
        """Remember what the case planned or drew; the judge reads it with ``evidence.notes(name)``."""

    async def send(
        self,
        packet: Packet | bytes,
        *,
        label: str = "document",
        lane: Lane | None = None,
        to: Sequence[str] | None = None,
        refused: bool = False,
    ) -> Sent:
        """Send a packet (or raw bytes) from the lane to the axis, as a real system does.

        Raises Trouble where the axis refuses it although ``refused`` is not set.
        """

    async def plant(self, data: bytes, *, like: Packet, label: str = "document", lane: Lane | None = None) -> Sent:
        """Put bytes that the axis itself would refuse into the SUT's queue (poison), past the axis's admission.

        ``like``: the packet that they were made from; it names the ids for the evidence.
        """

    async def act(self, action: str, document: Any, *, reason: str | None = None, organ: str | None = None) -> Reply:
        """Have the SUT's clerk act on a document (a Sent or a document_id). Raises StageEnd unless it was done."""

    async def order(self, *, label: str = "document", **request: Any) -> str:
        """Have the SUT send something (members of ``POST /control/send``); its document_id. Raises StageEnd."""

    async def look(self, box: str = "in", *, label: str = "") -> Reply:
        """Read the SUT's box into the evidence; never ends the drive."""

    async def statistics(self, *, first: str, last: str) -> Reply:
        """Read the SUT's figures into the evidence; never ends the drive."""

    async def collect(self, *, lane: Lane | None = None) -> None:
        """Let the lane do what an agency does: fetch and confirm all that waits for it."""

    async def register_unit(self, code: str, name: str) -> Lane:
        """Have the lane's system register a unit on the axis; the same lane, speaking as that unit. Raises Trouble."""

    async def close_unit(self, code: str) -> None:
        """Have the lane's system take a unit out again. Raises Trouble."""

    @property
    def has_read_directory(self) -> bool:
        """Whether the SUT was seen reading the axis's directory in this run; before that it knows no agency of it."""

    async def sync(self, read: Condition) -> bool:
        """Have the SUT read the axis's directory now (``POST /control/sync``); where it does not offer that, wait for
        as long as its file says (``[timing] directory_seconds``), and not at all where it says nothing.

        ``read``: what shows in the evidence that it was read. A note ``sync`` says how it was had, and whether the
        SUT owed it by then. Never ends the drive.
        """

    async def until(self, condition: Condition, *, for_: Text, polls: int = 3) -> bool:
        """Wait until the records satisfy ``condition``; False once the SUT polled ``polls`` times without it.

        Never a fixed time-out: counted in observed polls, with a floor (a slow answer is no silence) and a ceiling
        (a SUT that stopped polling does not hold the run).
        """

    async def quiet(self, polls: int = 2) -> None:
        """Let the SUT poll ``polls`` times, so that what should *not* happen had its chance."""

    async def pause(self, seconds: float, *, for_: Text) -> None:
        """Let time pass where the meaning of a check needs two different times; never to wait for something."""

    # ------------------------------------------------------------ an axis that misbehaves (faulty.py)

    def fault(
        self,
        fault: str,
        *,
        label: str = "",
        times: int | None = None,
        lane: Lane | None = None,
        operations: Sequence[str] = (),
        message_type: str = "",
        **options: Any,
    ) -> AbstractAsyncContextManager[None]:
        """Switch a fault of the axis on (an id of simulator/faults) until the block is left; only the SUT feels it.

        ``times``: for so many hits; ``lane``: only for packages from or to that lane, so that cases beside this one
        are left alone; ``operations``, ``message_type``: only for these; ``options``: those of the fault. The whole
        axis is hit by ``axis-down`` and ``axis-restart``: a case with one of those flies alone (``Wave.ALONE``).
        """

    def certificates(self) -> AbstractAsyncContextManager[Showing]:
        """Watch the https side of the axis, and choose there what certificates the SUT is shown (``Showing``), until
        the block is left; the case flies alone. Notes ``tls``: see ``conformance.secured``. Raises Trouble where the
        axis offers no https."""

    async def outage(self, polls: float = 3) -> None:
        """Let so many of the SUT's polls go to an axis that cannot see them (it is down)."""

    async def poll(self, *, label: str = "") -> Reply:
        """Have the SUT poll once, and keep what it says of it; never ends the drive."""

    def canary(self) -> AbstractAsyncContextManager[str]:
        """A URL on this machine that nobody has a reason to fetch; each visit is a note ``canary``."""
