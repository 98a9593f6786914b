"""What the axis saw of the SUT, distilled for a diagnosis. A witness of the hub; keeps no bodies and no secrets."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from simulator.clock import VIETNAM
from simulator.hub import events
from simulator.hub.tls_line import TlsEvent
from simulator.protocol import request_signing
from simulator.protocol.errors import Unsigned
from simulator.wire import Request

__all__ = ["Call", "Signed", "Watch"]

_PROXY_HEADERS = ("Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "X-Real-IP")
_MOST_CALLS = 2_000
_TLS_HANDSHAKE = b"\x16\x03"


class Signed(StrEnum):
    """How a call stands with its signature."""

    GOOD = "good"
    WRONG_SECRET = "wrong-secret"  # noqa: S105  # a word, not a secret
    ALTERED = "altered"
    UNSIGNED = "unsigned"
    UNKNOWN_SYSTEM = "unknown-system"
    NOT_HTTP = "not-http"


@dataclass(frozen=True, slots=True)
class Call:
    """One call on the wire port. ``behind``: the clock of the axis less the header's timestamp, None where there is
    none; ``proxies``: the headers that only something in between adds; ``secret_of``: whose secret signed it, where it
    is not the caller's own."""

    at: datetime
    system_id: str
    operation: str
    line: str
    signed: Signed
    tls: bool = False
    behind: timedelta | None = None
    proxies: tuple[str, ...] = ()
    secret_of: str = ""
    detail: str = ""


class Watch:
    """Remembers the first calls and every fact. ``credentials``: system id -> (secret, organs), as the hub has them."""

    def __init__(self, credentials: Mapping[str, Any]) -> None:
        self._credentials = credentials
        self.calls: list[Call] = []
        self.facts: list[dict[str, Any]] = []
        self.tls: list[TlsEvent] = []

    def fact(self, fact: events.Fact) -> None:
        """Keep its record."""
        self.facts.append(fact.record())

    def handshake(self, event: TlsEvent) -> None:
        """Keep what happened on the https side."""
        if len(self.tls) < _MOST_CALLS:
            self.tls.append(event)

    def exchange(self, exchange: events.Exchange) -> None:
        """Distil one call."""
        if len(self.calls) >= _MOST_CALLS:
            return
        request = exchange.request
        if not request.method:
            tls = request.body.startswith(_TLS_HANDSHAKE)
            shown = "TLS ClientHello" if tls else repr(request.body[:40])
            self.calls.append(Call(exchange.at, "", "", shown, Signed.NOT_HTTP, tls))
            return
        if not request.operation and request.method == "GET":
            return  # a person looks at the address in a browser
        signed, secret_of, detail = self._signed(request, exchange.system_id)
        self.calls.append(
            Call(
                at=exchange.at,
                system_id=exchange.system_id,
                operation=request.operation,
                line=f"{request.method} {request.path}",
                signed=signed,
                behind=_behind(request, exchange.at),
                proxies=tuple(name for name in _PROXY_HEADERS if request.first(name) is not None),
                secret_of=secret_of,
                detail=detail,
            )
        )

    def _signed(self, request: Request, system_id: str) -> tuple[Signed, str, str]:
        if not system_id:
            return Signed.UNSIGNED, "", "XroadVnpt-systemid"
        own = self._credentials.get(system_id)
        try:
            request_signing.verify(request, own[0] if own else "")
        except Unsigned as error:
            if own is None:
                return Signed.UNKNOWN_SYSTEM, "", ""
            return self._unsigned(request, error)
        return Signed.GOOD, "", ""

    def _unsigned(self, request: Request, error: Unsigned) -> tuple[Signed, str, str]:
        present = request.first(f"{request_signing.PREFIX}hash-header") is not None
        if not present or request.first(f"{request_signing.PREFIX}sign-header") is None:
            return Signed.UNSIGNED, "", error.at
        if error.at != f"{request_signing.PREFIX}hash-header":
            return Signed.ALTERED, "", error.at
        return Signed.WRONG_SECRET, self._owner(request), ""

    def _owner(self, request: Request) -> str:
        for system_id, (secret, *_) in self._credentials.items():
            try:
                request_signing.verify(request, secret, headers_must_match=False)
            except Unsigned:
                continue
            return system_id
        return ""


def _behind(request: Request, at: datetime) -> timedelta | None:
    value = (request.first(f"{request_signing.PREFIX}timestamp") or b"").decode("latin-1")
    try:
        moment = datetime.strptime(value[:15], "%d%m%YT%H%M%S").replace(tzinfo=VIETNAM)
    except ValueError:
        return None
    return at - moment
