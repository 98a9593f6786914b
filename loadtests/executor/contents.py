"""What a fetched package is: known by its digest where we made it ourselves, else read with the codec. No sockets."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from loadtests.plan import Arrival
from simulator.protocol.codec import decode
from simulator.protocol.errors import DamagedAttachment, Malformed
from simulator.protocol.package import Attachment, Package, StatusPacket

__all__ = ["Contents", "Known"]


@dataclass(frozen=True, slots=True)
class Known:
    """One package. ``document_id``: of a status, the document that it is about; ``unit``: who sent it."""

    document_id: str
    files: tuple[str, ...] = ()
    status_code: str | None = None
    unit: str = ""


_NOTHING = Known("")


class Contents:
    """``packages``: digest -> what was planned; ``status_of`` makes one: (arrival, unit, code, to whom)."""

    def __init__(
        self,
        arrivals: Iterable[Arrival],
        packages: Mapping[str, Known],
        status_of: Callable[[Arrival, str, str, str], bytes],
    ) -> None:
        self._arrivals = {arrival.document_id: arrival for arrival in arrivals}
        self._packages = packages
        self._statuses: dict[str, Known] = {}
        self.status = status_of

    def arrival(self, document_id: str) -> Arrival | None:
        """The planned document of that id."""
        return self._arrivals.get(document_id)

    def remember_status(self, sha: str, known: Known) -> None:
        """A status packet that this worker sends: whoever fetches it here need not read it."""
        self._statuses[sha] = known

    def known(self, sha: str, package: bytes, message_type: str) -> Known:
        """What the package with that digest is."""
        found = self._statuses.pop(sha, None) if message_type == "status" else self._packages.get(sha)
        return found or _read(package)


def _read(package: bytes) -> Known:
    """By the codec: changed on the way, sent by another worker, by the system under test, or a stranger."""
    try:
        packet = decode(package).packet
    except Malformed:
        return _NOTHING
    if isinstance(packet, StatusPacket):
        return _status(packet)
    return _document(packet) if isinstance(packet, Package) else _NOTHING


def _status(packet: StatusPacket) -> Known:
    about = packet.response_for.document_id if packet.response_for else ""
    return Known(about, (), packet.code, packet.sender.organ_id if packet.sender else "")


def _document(packet: Package) -> Known:
    return Known(
        packet.document_id,
        tuple(_digest(each) for each in packet.attachments),
        unit=packet.sender.organ_id if packet.sender else "",
    )


def _digest(attachment: Attachment) -> str:
    try:
        return hashlib.sha256(attachment.file()).hexdigest()
    except DamagedAttachment:
        return ""
