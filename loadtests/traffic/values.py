"""The frozen values that a load scenario is made of. Times in seconds of the run, sizes in bytes, shares of 1.

Nothing here is real traffic: every scenario carries its provenance (traffic.md), and prints it.
"""

from dataclasses import dataclass
from typing import Literal

from simulator.words import Text

__all__ = [
    "Backlog",
    "Broadcast",
    "Burst",
    "Closed",
    "FanOut",
    "Mark",
    "Polls",
    "Provenance",
    "Sizes",
    "StatusStep",
    "Statuses",
    "TakeBack",
    "Threshold",
]

Mark = Literal["published", "likely", "derived", "assumed"]
"""How well a figure is attested; a scenario bears the mark of its weakest figure that matters."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """One promise: ``metric op value``, in every window of ``window_seconds``, or over the whole run (None)."""

    metric: str
    op: Literal["<=", ">=", "=="]
    value: float
    window_seconds: float | None = None

    def __str__(self) -> str:
        window = f" in every {self.window_seconds:g} s" if self.window_seconds else ""
        return f"{self.metric} {self.op} {self.value:g}{window}"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the figures of a scenario come from, to be printed with every result."""

    mark: Mark
    text: Text


@dataclass(frozen=True, slots=True)
class Burst:
    """Within every ``every_seconds`` one burst: ``factor`` times the mean for ``lasts_seconds``, less for the rest.

    The mean over a period stays what it was (traffic.md 4: 3 to 5 times the peak-hour mean within a minute, assumed).
    """

    every_seconds: float
    lasts_seconds: float
    factor: float


@dataclass(frozen=True, slots=True)
class FanOut:
    """With this ``share`` a document has from ``low`` to ``high`` receivers (all of them, where there are fewer)."""

    low: int
    high: int
    share: float


@dataclass(frozen=True, slots=True)
class Broadcast:
    """A circular: at ``at_share`` of the run and, where ``every_seconds`` is set, again that long after each.

    ``receivers``: how many units; 0 = all others. ``sender``: a unit code, "" = drawn as for any document.
    """

    at_share: float
    receivers: int = 0
    urgency: int = 3
    size_bytes: int = 20_000
    sender: str = ""
    every_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Polls:
    """How the nodes ask for their lists, documents and statuses in turn at once.

    ``synchronised``: all in the same moment, but for up to ``jitter_seconds``; else spread over the period.
    ``share_offline`` of the nodes do not ask (nor send) until ``back_at_share`` of the run; None: never in this run.
    """

    period_seconds: float
    synchronised: bool = True
    jitter_seconds: float = 0.0
    share_offline: float = 0.0
    back_at_share: float | None = None


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes of the one attached file: log-normal with a cap and a floor, or ``fixed`` sizes with their shares."""

    median_bytes: int = 0
    sigma: float = 0.0
    cap_bytes: int = 0
    fixed: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True, slots=True)
class StatusStep:
    """One status of the chain: the share of deliveries that it comes for, and its median delay after the one before."""

    code: str
    share: float
    delay_seconds: float


@dataclass(frozen=True, slots=True)
class TakeBack:
    """The sender asks a receiver for the document back (13): for this ``share`` of the deliveries, ``after_seconds``
    (median) after it saw the receiver's 01. The share ``agreed`` of the requests is answered by 15, the rest by 16."""

    share: float
    after_seconds: float
    agreed: float


@dataclass(frozen=True, slots=True)
class Statuses:
    """What a receiver reports about one document. ``steps`` in order; 02 ends the chain, 06 needs 05.
    ``take_back`` None: nobody asks for anything back.

    ``sigma``: spread of the (log-normal) delays, which are in run time. ``cap_seconds``: a chain that would take longer
    is pressed into so many seconds, so that the statuses of earlier days are not missing from the load.
    """

    steps: tuple[StatusStep, ...]
    sigma: float
    cap_seconds: float
    take_back: TakeBack | None = None

    @property
    def mean(self) -> float:
        """Statuses per delivery."""
        return sum(step.share for step in self.steps) + (2 * self.take_back.share if self.take_back else 0.0)


@dataclass(frozen=True, slots=True)
class Closed:
    """The closed model: so many users send, wait for the answer, think, and send again."""

    users: int
    think_seconds: float


@dataclass(frozen=True, slots=True)
class Backlog:
    """The documents of so many seconds arrive within ``within_seconds`` from the start, before the ordinary flow."""

    seconds: float
    within_seconds: float
