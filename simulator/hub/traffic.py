"""What has passed since a hub began, for people who watch it."""

import asyncio
import contextlib
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from simulator.hub import events
from simulator.hub.hub import Hub
from simulator.hub.trouble import StoreTrouble

__all__ = ["Follower", "Traffic"]

_SECONDS_BETWEEN_LOOKS = 1.0
_AT_ONCE = 2_000
_COUNTED = {"accepted": "documents", "opened": "deliveries", "confirmed": "confirmed", "refused": "refused"}


@dataclass(slots=True)
class Traffic:
    """Counters. A witness of the hub."""

    documents: int = 0
    statuses: int = 0
    deliveries: int = 0
    confirmed: int = 0
    refused: int = 0

    def fact(self, fact: events.Fact) -> None:
        """Count one fact."""
        self.count(fact.NAME, getattr(fact, "message_type", "edoc"))

    def count(self, name: str, message_type: Any = "edoc") -> None:
        """Count one fact by its name; of accepted ones the type of the package matters."""
        member = _COUNTED.get(name)
        if member == "documents" and message_type != "edoc":
            member = "statuses"
        if member:
            setattr(self, member, getattr(self, member) + 1)

    def exchange(self, exchange: events.Exchange) -> None:
        """Exchanges are not counted."""


class Follower:
    """Counts what other processes did, from the facts in the store that they share with ``hub``.

    Enter it to begin; leaving it, it looks a last time.
    """

    def __init__(self, hub: Hub, traffic: Traffic) -> None:
        self._hub, self._traffic = hub, traffic
        self._after = 0
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._after = self._hub.last_fact()
        self._hub.witnesses.add(self)
        self._task = asyncio.create_task(self._follow())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hub.witnesses.remove(self)
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._look()

    def fact(self, fact: events.Fact) -> None:
        """A reset numbers the facts anew."""
        if isinstance(fact, events.WasReset):
            self._after = 0

    def exchange(self, exchange: events.Exchange) -> None:
        """Exchanges are not counted."""

    async def _follow(self) -> None:
        while True:
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
            await self._look()

    async def _look(self) -> None:
        with contextlib.suppress(StoreTrouble):  # the database is away: nothing happens meanwhile
            while rows := self._hub.facts(self._after, _AT_ONCE):
                for row in rows:
                    self._traffic.count(str(row["fact"]), row.get("message_type", "edoc"))
                self._after = int(str(rows[-1]["n"]))
                await asyncio.sleep(0)
