"""The requests of one system as bytes, signed as cheaply as can be (wire.md A.0.3, A.1). Pure.

A system makes its header timestamp once (as the SDK does), so a list request never changes: it is signed once. A call
that names a delivery differs from the next only in that id: it is cut from a template, and only the HMAC is new. The
template itself comes from ``request_signing.sign``, so there is one place that knows the form.
"""

import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from simulator.protocol.request_signing import sign

__all__ = ["Caller", "Where", "head_of"]

_JSON = "application/json"
_SERVICE = {"servicetype": "eDoc"}
_PLACE = "0-the-delivery-id-stands-here-0"
_PLAIN = re.compile(r"[A-Za-z0-9_.:-]+\Z")
_BODY = b"{}"


def head_of(operation: str, headers: Iterable[tuple[str, bytes | str]], *, where: "Where", length: int) -> bytes:
    """The head of a POST with a body of ``length`` bytes, on a connection that stays; no content coding is offered."""
    lines = [f"POST {where.prefix}/{operation} HTTP/1.1\r\nHost: {where.host}\r\n".encode("ascii")]
    for name, value in headers:
        text = value.encode("utf-8") if isinstance(value, str) else value
        lines.append(name.encode("ascii") + b": " + text + b"\r\n")
    lines.append(b"Connection: Keep-Alive\r\nContent-Length: %d\r\n\r\n" % length)
    return b"".join(lines)


@dataclass(frozen=True, slots=True)
class Where:
    """The axis's address as it stands in a request. ``host``: host:port; ``prefix``: the path before the operation."""

    host: str
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class _Template:
    """A request with holes for a delivery id and for the signature over it."""

    key: bytes
    signed: tuple[bytes, ...]
    before: tuple[bytes, ...]
    after: bytes

    @classmethod
    def of(cls, operation: str, arguments: Mapping[str, str], caller: "Caller") -> Self:
        """Cut the request for ``arguments`` (``docId`` is the hole) into its parts."""
        headers = caller.signed(arguments)
        values = dict(headers)
        request = head_of(operation, headers, where=caller.where, length=len(_BODY)) + _BODY
        before, _, after = request.partition(values["XroadVnpt-hash-header"])
        place = _PLACE.encode("ascii")
        signed = values["XroadVnpt-sign-header"].split(place)
        return cls(caller.key, tuple(signed), tuple(before.split(place)), after)

    def filled(self, delivery_id: str) -> bytes:
        """The whole request for a delivery."""
        text = delivery_id.encode("ascii")
        digest = hmac.digest(self.key, text.join(self.signed), "sha256").hex().encode("ascii")
        return text.join(self.before) + digest + self.after


class Caller:
    """What one system says to the axis ``where``. ``timestamp``: of its headers, as ``header_timestamp`` prints it."""

    def __init__(self, system_id: str, secret: str, *, timestamp: str, where: Where) -> None:
        self.system_id = system_id
        self.secret = secret
        self.key = secret.encode()
        self.timestamp = timestamp
        self.where = where
        self._lists: dict[str, bytes] = {}
        self._templates: dict[str, _Template] = {}

    def signed(self, arguments: Mapping[str, str], content_type: str = _JSON) -> tuple[tuple[str, bytes], ...]:
        """The headers of one call."""
        return sign(
            arguments,
            system_id=self.system_id,
            secret=self.secret,
            timestamp=self.timestamp,
            content_type=content_type,
        )

    def list_(self, message_type: str) -> bytes:
        """``getReceivedEdocList`` for ``edoc`` or ``status``."""
        request = self._lists.get(message_type)
        if request is None:
            headers = self.signed({**_SERVICE, "messagetype": message_type})
            request = self._lists[message_type] = head_of("getReceivedEdocList", headers, where=self.where, length=0)
        return request

    def get(self, delivery_id: str) -> bytes:
        """``getEdoc``."""
        return self._named("getEdoc", {"docId": delivery_id, "filePath": ""})

    def confirm(self, delivery_id: str, word: str) -> bytes:
        """``updateStatus`` with ``word``: done, fail or processing."""
        return self._named("updateStatus", {"docId": delivery_id, "status": word})

    def send(self, package: bytes, file_hash: str, sender: str, message_type: str) -> tuple[bytes, bytes]:
        """``sendEdoc`` of a small packet (edoc or status): head and body."""
        arguments = {**_SERVICE, "messagetype": message_type, "hash-file": file_hash, "from": sender}
        headers = self.signed(arguments, "application/octet-stream")
        return head_of("sendEdoc", headers, where=self.where, length=len(package) + 2), package + b"\r\n"

    def _named(self, operation: str, arguments: Mapping[str, str]) -> bytes:
        delivery_id = arguments["docId"]
        if not _PLAIN.match(delivery_id):  # JSON would escape it: sign it the long way
            return head_of(operation, self.signed(arguments), where=self.where, length=len(_BODY)) + _BODY
        kind = f"{operation} {arguments.get('status', '')}"
        template = self._templates.get(kind)
        if template is None:
            template = self._templates[kind] = _Template.of(operation, {**arguments, "docId": _PLACE}, self)
        return template.filled(delivery_id)
