"""What every way to a SUT can do: start, one call of the control API (contract, section 4), stop.

A call never raises for what the SUT does: 501 is 'not offered', status 0 is 'no usable answer' with the reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from conformance.stage import Reply

__all__ = ["NOT_OFFERED", "Connection", "Driver", "DriverFailed", "Silent"]

NOT_OFFERED = Reply(501, {"error": "not offered"})


class DriverFailed(Exception):
    """The SUT could not be started at all."""


@dataclass(frozen=True, slots=True)
class Connection:
    """What a SUT must know to reach the axis; ``tsa``: the address of the time-stamp authority, "" where none runs."""

    endpoint: str
    system_id: str
    secret: str = field(repr=False)
    organ: str
    organ_name: str
    tsa: str = ""


class Driver(Protocol):
    """One way to the SUT."""

    async def start(self, connection: Connection) -> None:
        """Make it ready. Raises DriverFailed."""

    async def call(self, method: str, path: str, body: Mapping[str, Any]) -> Reply:
        """One call; ``body`` is the JSON of a POST or the query of a GET."""

    async def stop(self) -> None:
        """Let go; never raises for a SUT that is gone."""


class Silent:
    """Nobody is there to ask: every call is 'not offered' (``manual`` with ``--no-input``)."""

    async def start(self, connection: Connection) -> None:
        """Nothing to start."""

    async def call(self, method: str, path: str, body: Mapping[str, Any]) -> Reply:
        """Not offered."""
        return NOT_OFFERED

    async def stop(self) -> None:
        """Nothing to stop."""
