"""What the load says to an axis, as bytes that are ready to be written: signed, one request after the other. Pure.

A package is encoded once; the next ones differ in their document id and code number, which stand in it as eight digits.
Where packages bear a signature of their own, each is really signed.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from simulator.protocol.codec import encode
from simulator.protocol.package import Attachment, Code, Package, Party, Promulgation, Reference, Signer
from simulator.protocol.packet_signing import sign as sign_packet
from simulator.protocol.request_signing import file_hash, sign

if TYPE_CHECKING:
    from simulator.pki.authorities import Identity

__all__ = [
    "Stencil",
    "System",
    "bare",
    "confirming",
    "counting",
    "fetching",
    "listing",
    "request",
    "sending",
    "sent_list",
    "signed",
    "systems_of",
]

_TIMESTAMP = "21112026T195740+0133"
_SERVICE = {"servicetype": "eDoc"}
_HOLE = "70000007"
_OCTETS = "application/octet-stream"
_JSON = "application/json"


@dataclass(frozen=True, slots=True)
class System:
    """Who calls: its id, its secret, its unit, and every spelling of that (answers may use another)."""

    system_id: str
    secret: str
    unit: str
    spellings: tuple[str, ...] = ()


def systems_of(credentials: Path) -> dict[str, System]:
    """Every system of an axis by its id, from its credentials file."""
    read = json.loads(credentials.read_text("utf-8"))
    return {
        system_id: System(system_id, entry["secret"], entry["organs"][0], tuple(entry["organs"]))
        for system_id, entry in read.items()
        if isinstance(entry, dict) and entry.get("organs")
    }


def request(operation: str, headers: Sequence[tuple[str, bytes]], body: bytes = b"") -> bytes:
    """One POST, head and body, on a connection that stays."""
    head = b"".join(name.encode("ascii") + b": " + value + b"\r\n" for name, value in headers)
    return b"POST /%s HTTP/1.1\r\nHost: 127.0.0.1\r\n%sContent-Length: %d\r\n\r\n%s" % (
        operation.encode("ascii"),
        head,
        len(body),
        body,
    )


def bare(operation: str, body: bytes) -> bytes:
    """The same without any signature, for servers that look at none."""
    return request(operation, [("Content-Type", _OCTETS.encode())], body)


def signed(system: System, operation: str, arguments: Mapping[str, str], body: bytes = b"") -> bytes:
    """One signed request; ``arguments`` without the prefix."""
    content_type = _OCTETS if operation == "sendEdoc" else _JSON
    headers = sign(
        arguments,
        system_id=system.system_id,
        secret=system.secret,
        timestamp=_TIMESTAMP,
        content_type=content_type,
    )
    return request(operation, headers, body)


def sending(system: System, package: bytes, *, message_type: str = "edoc") -> bytes:
    """SendEdoc of one package: the bytes and the line end that the SDK appends."""
    arguments = {**_SERVICE, "messagetype": message_type, "hash-file": file_hash(package), "from": system.unit}
    return signed(system, "sendEdoc", arguments, package + b"\r\n")


def listing(system: System, message_type: str = "edoc") -> bytes:
    """GetReceivedEdocList."""
    return signed(system, "getReceivedEdocList", {**_SERVICE, "messagetype": message_type})


def sent_list(system: System, doc_id: str) -> bytes:
    """GetSentEdocList of one document."""
    return signed(system, "getSentEdocList", {**_SERVICE, "messagetype": "edoc", "docId": doc_id})


def counting(system: System) -> bytes:
    """CountReceiveEdoc."""
    return signed(system, "countReceiveEdoc", {}, b"{}")


def fetching(system: System, delivery_id: str) -> bytes:
    """GetEdoc."""
    return signed(system, "getEdoc", {"docId": delivery_id, "filePath": ""}, b"{}")


def confirming(system: System, delivery_id: str, word: str = "done") -> bytes:
    """UpdateStatus."""
    return signed(system, "updateStatus", {"docId": delivery_id, "status": word}, b"{}")


@dataclass(frozen=True, slots=True)
class Stencil:
    """Packages that differ in one number; ``signer``: whose signature each bears, None: none."""

    template: bytes
    signer: "Identity | None" = None

    @classmethod
    def of(cls, size: int, *, sender: str, receivers: Sequence[str], signer: "Identity | None" = None) -> "Stencil":
        """A stencil for document packages of about ``size`` bytes (at least some 3,000; 6,000 signed) in all."""
        empty = len(cls(_encoded(0, sender, receivers), signer).package(0))
        return cls(_encoded(max(0, size - empty) * 3 // 4, sender, receivers), signer)

    def package(self, number: int) -> bytes:
        """The package with that number (0 to 99,999,999)."""
        data = self.template.replace(_HOLE.encode(), b"%08d" % number)
        if self.signer is None:
            return data
        return sign_packet(data, key=self.signer.key, certificate=self.signer.certificate)

    def packages(self, first: int, count: int) -> Iterator[bytes]:
        """``count`` packages from ``first`` on."""
        return (self.package(number) for number in range(first, first + count))


def _encoded(file_bytes: int, sender: str, receivers: Sequence[str]) -> bytes:
    pdf = (b"%PDF-1.4\n" + hashlib.sha512(b"bench").digest() * (file_bytes // 64 + 1))[:file_bytes]
    return encode(
        Package(
            sender=Party(sender, name="UBND tỉnh Thử Nghiệm"),
            receivers=tuple(Party(code, name="Đơn vị nhận thử nghiệm") for code in receivers),
            document_id=f"{sender},2026/11/20,{_HOLE}/UBND-VP",
            code=Code(_HOLE, "UBND-VP"),
            promulgation=Promulgation("Nghệ An", date(2026, 11, 20)),
            subject="V/v đo chi phí của một văn bản",
            signer=Signer(position="Chủ tịch", full_name="Nguyễn Văn Thử"),
            manifest=(Reference("cid:1", "application/pdf", "", "a.pdf"),),
            attachments=(Attachment.of_file("a.pdf", pdf, content_id="cid:1"),),
        )
    )
