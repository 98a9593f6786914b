"""The facts of the axis, past tense, and who watches them happen.

A fact is written once, durably, and never changes; lists, counts and answers are views of the facts. ``record()``
is the form in which facts leave the hub (control API, evidence). ``Polled`` and ``WasReset`` are witnessed only.
"""

import functools
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import datetime
from operator import attrgetter
from typing import Any, ClassVar, Protocol, get_origin

from simulator.clock import VIETNAM
from simulator.wire import Headers, Request, Response

__all__ = [
    "Accepted",
    "Confirmed",
    "Exchange",
    "Fact",
    "Fetched",
    "Opened",
    "Polled",
    "Refused",
    "Repeated",
    "UnitClosed",
    "UnitRegistered",
    "WasReset",
    "Witness",
    "stamp",
]


@functools.lru_cache(256)
def stamp(moment: datetime) -> str:
    """RFC 3339 with milliseconds and ``+07:00``: texts of equal length, so they sort like the moments."""
    return moment.astimezone(VIETNAM).isoformat(timespec="milliseconds")


def _named(name: str) -> Any:
    return field(metadata={"as": name})


def _unrecorded(default: Any) -> Any:
    """A field that the store needs and that does not leave the hub."""
    return field(default=default, metadata={"as": None})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that happened on the axis. ``NAME`` stands in the record; ``STORED``: kept, not only witnessed."""

    NAME: ClassVar[str] = ""
    STORED: ClassVar[bool] = True

    at: datetime

    def record(self) -> dict[str, object]:
        """The fact as JSON members; tuples become lists, times RFC 3339."""
        names, values, lists = _RECORDED.get(type(self)) or _recorded(type(self))
        members: dict[str, Any] = dict(zip(names, (self.NAME, stamp(self.at), *values(self)), strict=True))
        for name in lists:
            members[name] = list(members[name])
        return members


_Recorded = tuple[tuple[str, ...], Callable[[Fact], tuple[Any, ...]], tuple[str, ...]]
_RECORDED: dict[type[Fact], _Recorded] = {}


def _recorded(kind: type[Fact]) -> _Recorded:
    """What of a kind leaves the hub: the names in the record, how to get their values, and which of them are lists."""
    items = [item for item in fields(kind) if item.name != "at" and item.metadata.get("as", "") is not None]
    names = [item.metadata.get("as", item.name) for item in items]
    lists = tuple(name for name, item in zip(names, items, strict=True) if get_origin(item.type) is tuple)
    _RECORDED[kind] = ("fact", "at", *names), _getter(*(item.name for item in items)), lists
    return _RECORDED[kind]


def _getter(*names: str) -> Callable[[Fact], tuple[Any, ...]]:
    if len(names) > 1:
        return attrgetter(*names)
    return lambda fact: tuple(getattr(fact, name) for name in names)  # attrgetter gives no tuple of one


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted(Fact):
    """A package was taken in. ``package``: SHA-256 of the bytes sent; ``delivered``: of the bytes handed out.

    ``signature``: what the packet's own was worth on arrival, ``valid``, ``invalid``, ``absent`` or ``unchecked``;
    ``signature_flaw``: why it is invalid, as ASCII text. ``from`` and ``to`` name the units; ``from_code`` is the
    sender's code as lists show it.
    """

    NAME: ClassVar[str] = "accepted"

    doc_id: str
    system_id: str
    sender: str = _named("from")
    to: tuple[str, ...]
    message_type: str
    document_id: str
    business_type: int | None
    status_code: str | None
    response_for_organ: str | None
    package: str
    delivered: str
    size: int
    queued: bool
    sender_code: str = field(default="", metadata={"as": "from_code"})
    signature: str = "unchecked"
    signature_flaw: str | None = None
    title: str = _unrecorded("")
    notation: str = _unrecorded("")
    route: str = _unrecorded("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened(Fact):
    """A delivery towards one recipient began. ``code``: the unit's code as lists show it."""

    NAME: ClassVar[str] = "opened"

    doc_id: str
    delivery_id: str
    unit: str
    system_id: str
    message_type: str = _unrecorded("")
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled(Fact):
    """A system asked for its list; ``listed`` are the delivery ids that it was shown."""

    NAME: ClassVar[str] = "polled"
    STORED: ClassVar[bool] = False

    system_id: str
    message_type: str | None
    listed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched(Fact):
    """A recipient was given the bytes; ``stage`` is where the delivery stands since."""

    NAME: ClassVar[str] = "fetched"

    doc_id: str
    delivery_id: str
    unit: str
    system_id: str
    stage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed(Fact):
    """A recipient said done, fail or processing (``updateStatus``); ``stage`` is where the delivery stands since."""

    NAME: ClassVar[str] = "confirmed"

    doc_id: str
    delivery_id: str
    unit: str
    system_id: str
    word: str
    description: str
    stage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused(Fact):
    """The hub said no. ``error``: id in the catalogue of replies; ``because``: the ASCII text that went out."""

    NAME: ClassVar[str] = "refused"

    operation: str
    system_id: str
    code: str
    error: str
    because: str
    package: str | None = None
    sender: str | None = field(default=None, metadata={"as": "from"})
    document_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated(Fact):
    """A repeated sendEdoc was answered with the first DocId; nothing was delivered again."""

    NAME: ClassVar[str] = "repeated"

    doc_id: str
    system_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRegistered(Fact):
    """A system registered a unit under itself, or changed one (``registerAgency``). ``code``: as it wrote it."""

    NAME: ClassVar[str] = "unit-registered"

    system_id: str
    unit: str
    parent: str
    name: str
    mail: str
    code: str = _unrecorded("")


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitClosed(Fact):
    """A registered unit was taken out (``deleteAgency``): it stays known and takes nothing any more."""

    NAME: ClassVar[str] = "unit-closed"

    system_id: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WasReset(Fact):
    """Everything that ever happened was forgotten."""

    NAME: ClassVar[str] = "reset"
    STORED: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class Exchange:
    """One HTTP exchange on the wire port, bodies whole and before any compression, nothing redacted.

    ``seconds``: from the request's head to the answer being ready. A request that could not be parsed has an empty
    method and path, and its raw bytes (as far as they came) as body.
    """

    operation: str
    system_id: str
    at: datetime
    seconds: float
    request: Request
    response: Response

    @property
    def request_body(self) -> bytes:
        """The body as it came, with the line end that the SDK appends."""
        return self.request.body

    @property
    def response_body(self) -> bytes:
        """The body of the answer."""
        return self.response.body

    def record(self) -> dict[str, object]:
        """The exchange as JSON members; bodies by digest, header values as Latin-1 (every byte survives)."""
        return {
            "operation": self.operation,
            "system_id": self.system_id,
            "at": stamp(self.at),
            "seconds": round(self.seconds, 6),
            "request": {"method": self.request.method, "path": self.request.path}
            | _message(self.request.headers, self.request.body),
            "response": {"status": self.response.status} | _message(self.response.headers, self.response.body),
        }


def _message(headers: Headers, body: bytes) -> dict[str, object]:
    return {
        "headers": [[name, value.decode("latin-1")] for name, value in headers],
        "body_sha256": hashlib.sha256(body).hexdigest(),
        "size": len(body),
    }


class Witness(Protocol):
    """Who watches the hub; called on its event loop, in order, and must not block."""

    def fact(self, fact: Fact) -> None:
        """A fact, after it is durable and before the answer that it led to leaves."""

    def exchange(self, exchange: Exchange) -> None:
        """An exchange on the wire port, before the answer's first byte leaves."""
