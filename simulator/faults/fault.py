"""What a fault is: a row with an effect on one exchange, and whom it may hit. Values and functions, no sockets."""

import asyncio
import json
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from simulator.clock import Clock
from simulator.wire import Answering, Cut, Outcome, Request, Response
from simulator.words import Text

__all__ = [
    "ALIASES",
    "BY_ID",
    "LISTS",
    "Effect",
    "Fault",
    "Kind",
    "Strike",
    "Switch",
    "Whom",
    "delivery_id",
    "edited",
    "members_of",
    "replaced",
]

BY_ID = frozenset({"getEdoc", "downloadEdoc", "updateStatus"})
"""The operations that name one delivery."""
LISTS = frozenset({"getReceivedEdocList"})
ALIASES = "aliases"
"""In a running fault's memory: the delivery ids that it made up; calls that name them are always its own."""
_JSON = (("Content-Type", b"application/json;charset=UTF-8"),)


class Kind(StrEnum):
    """What is wrong: the way, the content of an answer, who is who, time, or memory."""

    TRANSPORT = "transport"
    CONTENT = "content"
    IDENTITY = "identity"
    TIME = "time"
    STORAGE = "storage"


class Switch(StrEnum):
    """Faults of the server as a whole, not of an exchange."""

    DOWN = "down"
    RESTART = "restart"


@dataclass(frozen=True, slots=True)
class Whom:
    """Which exchanges a running fault hits; a member that is empty does not narrow.

    ``delivery``: asked whether the delivery of that id is meant; narrows the calls that name one, and the lines of
    lists. ``naming``: unit codes, one of which the package in the body must name. ``message_type``: edoc or status.
    """

    system_id: str = ""
    operations: frozenset[str] = frozenset()
    message_type: str = ""
    naming: tuple[str, ...] = ()
    delivery: Callable[[str], bool] | None = None

    def concerns(self, request: Request) -> bool:
        """Whether an exchange with this request is meant."""
        return (
            self.system_id in ("", _text(request, "XroadVnpt-systemid"))
            and (not self.operations or request.operation in self.operations)
            and self.message_type in ("", _text(request, "XroadVnpt-messagetype").lower())
            and (not self.naming or request.operation != "sendEdoc" or self._names(request.body))
            and (self.delivery is None or request.operation not in BY_ID or self.delivery(delivery_id(request)))
        )

    def means(self, line: Mapping[str, Any]) -> bool:
        """Whether a line of a list is meant: by its delivery, else by its sender's code. A row is on the disk a moment
        before anybody is told whose it is, and a list made in that moment names the sender all the same."""
        if self.delivery is None or self.delivery(str(line.get("docId"))):
            return True
        return line.get("from") in self.naming

    def _names(self, body: bytes) -> bool:
        return any(b">" + code.encode() + b"<" in body for code in self.naming)


def delivery_id(request: Request) -> str:
    """The delivery that a call names: ``docId`` in its exact case first, as the hub reads it (wire.md A.0.4)."""
    values = dict(request.headers)
    exact = values.get("XroadVnpt-docId") or values.get("XroadVnpt-docid")
    return exact.decode("latin-1") if exact else _text(request, "XroadVnpt-docId")


def _text(request: Request, name: str) -> str:
    return (request.first(name) or b"").decode("utf-8", "replace")


@dataclass(slots=True)
class Strike:
    """One exchange in the hands of a fault. ``answer`` asks the hub; ``memory`` is the running fault's own;
    ``announce`` tells of the hit before it is over. Set ``hit`` to False where there was nothing to spoil: the exchange
    does not count then."""

    request: Request
    answer: Answering
    whom: Whom
    options: Mapping[str, Any]
    memory: dict[str, Any]
    random: random.Random
    clock: Clock
    lifted: asyncio.Event
    announce: Callable[[], None]
    hit: bool = True

    async def wait(self, seconds: float) -> None:
        """Let time pass, no longer than until the fault is lifted."""
        waits = [asyncio.ensure_future(self.clock.sleep(seconds)), asyncio.ensure_future(self.lifted.wait())]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waits:
                each.cancel()


Effect = Callable[[Strike], Awaitable[Outcome]]


@dataclass(frozen=True, slots=True)
class Fault:
    """One row of the catalogue.

    ``hazardous``: a system that does not bear it disturbs the cases beside it. ``exclusive``: it hits whatever the
    system does, so that a case with it must run alone. ``operations``: those it can hit, all where empty.
    ``options``: what may be set when it begins, with the defaults. ``switch`` instead of ``effect``: the whole server.
    """

    id: str
    title: Text
    kind: Kind
    effect: Effect | None = None
    switch: Switch | None = None
    operations: frozenset[str] = frozenset()
    hazardous: bool = True
    exclusive: bool = False
    options: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    def row(self) -> dict[str, Any]:
        """Its line in ``axisproof catalogue faults``."""
        return {
            "id": self.id,
            "title": self.title._asdict(),
            "kind": self.kind.value,
            "hazardous": self.hazardous,
            "exclusive": self.exclusive,
            "operations": sorted(self.operations),
            "options": dict(self.options),
        }


# ---------------------------------------------------------------- the JSON of an answer


def members_of(outcome: Outcome) -> dict[str, Any] | None:
    """The JSON object of an answer, or None where there is none."""
    if isinstance(outcome, Cut):
        return None
    try:
        members = json.loads(outcome.body)
    except ValueError:
        return None
    return members if isinstance(members, dict) else None


def replaced(members: Mapping[str, Any]) -> Response:
    """An answer of these members, in the form of the hub."""
    return Response(headers=_JSON, body=json.dumps(members, separators=(",", ":")).encode("ascii"))


def edited(edit: Callable[[dict[str, Any], Strike], bool]) -> Effect:
    """The effect that asks the hub and then changes its answer. ``edit``: whether it found something to change."""

    async def effect(strike: Strike) -> Outcome:
        outcome = await strike.answer(strike.request)
        members = members_of(outcome)
        strike.hit = members is not None and members.get("status") == "OK" and edit(members, strike)
        return replaced(members) if strike.hit and members is not None else outcome

    return effect
