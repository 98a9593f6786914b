"""One client's connection of the TLS front, and its twin towards the axis. TLS is done in memory, by ``ssl``, so that a
handshake that fails can be seen together with the alert that the client sent."""

import asyncio
import contextlib
import re
import ssl
from dataclasses import dataclass
from typing import Protocol

__all__ = ["ClientLine", "Front", "TlsEvent"]

_HANDSHAKE_RECORD = 0x16
_SECONDS_TO_SHAKE = 30.0
_SECONDS_BEHIND_BAD = 5.0
_SECONDS_OF_QUIET = 0.01
_SDK = re.compile(rb"\nxroadvnpt-", re.IGNORECASE)
_PIECE = 256 * 1024
_ALERT = re.compile(r"(?:TLSV\d*|SSLV3)_ALERT_(\w+)")
_SAY_PLAIN = (
    b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: 56\r\nConnection: close\r\n\r\n"
    b"This is the https port of an axisproof axis: use https.\n"
)


@dataclass(frozen=True, slots=True)
class TlsEvent:
    """What happened on a connection while ``certificate`` was shown.

    ``event``: ``shaken`` (the handshake is done) · ``refused`` (it failed) · ``sent`` (the client sent ``sent`` bytes
    behind a certificate that it must not accept) · ``left`` (behind such a one it went, or said nothing for five
    seconds) · ``plain`` (an SDK's call without TLS). ``detail``: the client's alert (``unknown-ca``), or what else was
    wrong. ``version``: of TLS.
    """

    event: str
    certificate: str = ""
    detail: str = ""
    version: str = ""
    sent: int = 0


class Front(Protocol):
    """What a line needs of the front."""

    axis: tuple[str, int]
    honest: str

    def next_certificate(self) -> tuple[str, ssl.SSLContext]:
        """What the next connection is shown."""

    def begun(self, line: "ClientLine") -> None:
        """A client has connected."""

    def ended(self, line: "ClientLine") -> None:
        """It is gone."""

    def tell(self, event: TlsEvent) -> None:
        """Something happened."""


class ClientLine(asyncio.Protocol):
    """The client's side. The certificate is chosen with the first byte: a connection that says nothing costs none."""

    def __init__(self, front: Front) -> None:
        self._front = front
        self._loop = asyncio.get_running_loop()
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._tls: ssl.SSLObject | None = None
        self._shaken = False
        self._over = False
        self._name = ""
        self._detail = ""
        self._timer: asyncio.TimerHandle | None = None
        self._axis: _AxisLine | None = None
        self._asked = False
        self._latest = 0.0
        self.transport: asyncio.Transport

    # ------------------------------------------------------------ what the front asks

    def idle(self) -> bool:
        """Whether nothing is under way: no question without an answer, and no piece of one a moment ago."""
        return not self._asked and self._loop.time() - self._latest > _SECONDS_OF_QUIET

    def finish(self) -> None:
        """Say goodbye and close, once everything is written."""
        if not self._over:
            self._over = True
            if self._tls is not None and self._shaken:
                with contextlib.suppress(ssl.SSLError):  # it wants the client's goodbye, for which nobody waits
                    self._tls.unwrap()
                self._flush()
            self.transport.close()

    @property
    def chosen(self) -> bool:
        """Whether a certificate was chosen for it."""
        return self._tls is not None

    def dismiss(self, *, broken: bool = False) -> None:
        """End it from our side, which says nothing of the client: no event follows."""
        self._name = ""
        if not self._shaken:
            self._tls = None
        if broken:
            self.abort()
        else:
            self.finish()

    def abort(self) -> None:
        """Break it off."""
        self._over = True
        self.transport.abort()

    # ------------------------------------------------------------ the client

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # it is TCP
        """A client."""
        self.transport = transport
        self._timer = self._loop.call_later(_SECONDS_TO_SHAKE, self.finish)
        self._front.begun(self)

    def data_received(self, data: bytes) -> None:
        """Bytes of the client."""
        if self._over:
            return
        if self._tls is None:
            if data[0] != _HANDSHAKE_RECORD:
                if _SDK.search(data):  # a person's browser is no system that sends in the open
                    self._front.tell(TlsEvent("plain", sent=len(data)))
                self.transport.write(_SAY_PLAIN)
                self.finish()
                return
            self._name, context = self._front.next_certificate()
            self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        self._incoming.write(data)
        if self._shaken or self._shake(self._tls):
            self._carry(self._tls)

    def eof_received(self) -> bool:
        """The client says no more; nor do we."""
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone, and so is its twin."""
        self._over = True
        self._clear_timer()
        if self._tls is not None and not self._shaken:
            self._refused("closed")
        if self._bad and self._shaken:
            self._tell("left", detail=self._detail)
        if self._axis is not None:
            self._axis.end()
        self._front.ended(self)

    def pause_writing(self) -> None:
        """It reads slowly: the axis shall wait."""
        if self._axis is not None:
            self._axis.hold()

    def resume_writing(self) -> None:
        """It has read."""
        if self._axis is not None:
            self._axis.go_on()

    # ------------------------------------------------------------ TLS

    @property
    def _bad(self) -> bool:
        return self._name not in ("", self._front.honest)

    def _shake(self, tls: ssl.SSLObject) -> bool:
        """Go on with the handshake; whether it is done."""
        try:
            tls.do_handshake()
        except ssl.SSLWantReadError:
            self._flush()
            return False
        except ssl.SSLError as error:
            self._flush()  # our own alert
            self._refused(_detail(error))
            self.finish()
            return False
        self._shaken = True
        self._flush()
        self._clear_timer()
        if self._bad:
            self._timer = self._loop.call_later(_SECONDS_BEHIND_BAD, self.finish)
        self._tell("shaken")
        return True

    def _carry(self, tls: ssl.SSLObject) -> None:
        """Give what the client said to the axis."""
        said = []
        over = False
        try:
            while piece := tls.read(_PIECE):
                said.append(piece)
            over = True  # the client's goodbye
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLError as error:
            over, self._detail = True, _detail(error)
        data = b"".join(said)
        self._flush()
        if data and self._bad:
            self._tell("sent", sent=len(data))
            self._name = ""  # told once
            self.abort()
        elif data:
            self._asked, self._latest = True, self._loop.time()
            if self._axis is None:
                self._axis = _AxisLine(self, self._front.axis)
            self._axis.give(data)
        if over:
            self.finish()

    def answer(self, data: bytes) -> None:
        """Give what the axis said to the client."""
        if self._tls is not None and not self._over:
            self._asked, self._latest = False, self._loop.time()
            self._tls.write(data)
            self._flush()

    def _flush(self) -> None:
        if self._outgoing.pending and not self.transport.is_closing():
            self.transport.write(self._outgoing.read())

    def _refused(self, detail: str) -> None:
        self._tell("refused", detail=detail)
        self._tls = None

    def _tell(self, event: str, *, detail: str = "", sent: int = 0) -> None:
        version = (self._tls.version() or "") if self._tls is not None else ""
        self._front.tell(TlsEvent(event, self._name, detail, version, sent))

    def _clear_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class _AxisLine(asyncio.Protocol):
    """The side towards the axis, opened with the first byte that is to be carried."""

    def __init__(self, client: ClientLine, axis: tuple[str, int]) -> None:
        self._client = client
        self._waiting: list[bytes] = []
        self._transport: asyncio.Transport | None = None
        self._over = False
        client.transport.pause_reading()
        self._opening = asyncio.create_task(self._open(axis))

    async def _open(self, axis: tuple[str, int]) -> None:
        try:
            await asyncio.get_running_loop().create_connection(lambda: self, *axis)
        except OSError:
            self._client.abort()

    def give(self, data: bytes) -> None:
        """Something for the axis."""
        if self._transport is None:
            self._waiting.append(data)
        else:
            self._transport.write(data)

    def end(self) -> None:
        """The client is gone."""
        self._over = True
        if self._transport is not None:
            self._transport.close()

    def hold(self) -> None:
        """Say nothing for a while."""
        if self._transport is not None:
            self._transport.pause_reading()

    def go_on(self) -> None:
        """Speak again."""
        if self._transport is not None:
            self._transport.resume_reading()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # it is TCP
        """The axis is there."""
        self._transport = transport
        transport.writelines(self._waiting)
        self._waiting.clear()
        if self._over:
            transport.close()
        self._client.transport.resume_reading()

    def data_received(self, data: bytes) -> None:
        """Bytes of the axis."""
        self._client.answer(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """The axis ended it: orderly, or broken off."""
        if exc is None:
            self._client.finish()
        else:
            self._client.abort()

    def pause_writing(self) -> None:
        """The axis reads slowly: the client shall wait."""
        self._client.transport.pause_reading()

    def resume_writing(self) -> None:
        """It has read."""
        self._client.transport.resume_reading()


def _detail(error: ssl.SSLError) -> str:
    """``unknown-ca`` for an alert of the client; otherwise the library's own word."""
    reason = error.reason or type(error).__name__
    found = _ALERT.search(reason)
    return (found[1] if found else reason).lower().replace("_", "-")
