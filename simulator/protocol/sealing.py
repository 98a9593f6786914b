"""What a packet's own signature says to people: who signed, when, what it covers, and whether it holds. Pure.

The digest of the content and the signature value need nobody's word. Whose certificate it is can be told only to whom
trusts an authority; the moment that the chain is judged at is the one that the packet itself claims, for lint says the
same of the same bytes for ever. Whatever needs certificates is loaded with the first signed packet.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import TYPE_CHECKING

from simulator.clock import VIETNAM
from simulator.protocol.forms import timestamp_text
from simulator.protocol.package import Element, Package, Packet
from simulator.protocol.reading import Reading
from simulator.words import Text

if TYPE_CHECKING:
    from cryptography import x509

    from simulator.protocol.packet_signing import Verification

__all__ = ["Sealed", "Worth", "sealed"]


class Worth(StrEnum):
    """What a signature is worth."""

    TRUSTED = "trusted"
    """Digest and value hold, and the certificate leads to an installed authority."""
    HOLDS = "holds"
    """Digest and value hold; nobody said whom to trust."""
    UNTRUSTED = "untrusted"
    """Digest and value hold; the certificate leads to none of the installed authorities, or not at that moment."""
    SPACED = "spaced"
    """It holds once the blanks between elements are dropped, as .NET drops them unless it is told not to."""
    BROKEN = "broken"
    """The content is not what was signed, or the value is not of its certificate's key."""
    UNCHECKED = "unchecked"
    """It cannot be verified and counts as none."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """One packet's signature. ``flaw``: why it is not worth more; ``signed_at``: the time that the block claims;
    ``moment``: when the packet says that it was on its way, which is what the certificates are judged at without it."""

    worth: Worth
    flaw: Text | None
    signer: str
    signed_at: datetime | None
    moment: datetime

    @property
    def said(self) -> Text:
        """What it is worth, who, when, and what is covered, in one line."""
        worth, details = _WORDS[self.worth], self.details
        return Text(en=f"{worth.en}; {details.en}", vi=f"{worth.vi}; {details.vi}")

    @property
    def details(self) -> Text:
        """Who, when, and what is covered."""
        who = Text(en=f"signed by {self.signer}", vi=f"người ký: {self.signer}") if self.signer else _NOBODY
        moment = timestamp_text(self.moment)
        when = Text(
            en=f"no signing time in the block, the packet says {moment}",
            vi=f"khối chữ ký không ghi thời điểm ký, gói tin ghi {moment}",
        )
        if self.signed_at:
            moment = timestamp_text(self.signed_at)
            when = Text(en=f"at {moment} as the block says", vi=f"lúc {moment} theo khối chữ ký")
        parts = [who, when, *([] if self.worth is Worth.UNCHECKED else [_COVERS])]
        return Text(en="; ".join(part.en for part in parts), vi="; ".join(part.vi for part in parts))

    def record(self) -> dict[str, object]:
        """The same as JSON."""
        return {
            "worth": self.worth.value,
            "signer": self.signer or None,
            "signed_at": self.signed_at.isoformat() if self.signed_at else None,
            "judged_at": self.moment.isoformat(),
            "flaw": self.flaw._asdict() if self.flaw else None,
            "texts": self.said._asdict(),
        }


def sealed(data: bytes, reading: Reading, authorities: Sequence["x509.Certificate"] = ()) -> Sealed | None:
    """What the signature of the packet ``data``, read as ``reading``, is worth to whom trusts ``authorities``.

    None where there is no block, or an empty one. Never raises for what stands in ``data``.
    """
    if reading.packet is None or not reading.traits.signature_namespaces:
        return None
    from simulator.protocol.packet_signing import verify

    block = reading.packet.signature
    signed_at = _signing_time(block) if block else None
    moment = signed_at or _moment(reading.packet)
    found = verify(data, anchors=authorities, at=moment)
    if not found.present:
        return None
    worth = _worth(found, authorities)
    if worth is Worth.BROKEN:
        again = verify(_without_blanks(data), anchors=authorities, at=moment)
        if _worth(again, authorities) in (Worth.TRUSTED, Worth.HOLDS, Worth.UNTRUSTED):
            return Sealed(Worth.SPACED, found.flaw, _name(again.named) if again.named else "", signed_at, moment)
    return Sealed(worth, found.flaw, _name(found.named) if found.named else "", signed_at, moment)


def _without_blanks(data: bytes) -> bytes:
    """The packet without the texts that are nothing but white space: what a parser is left with that drops those."""
    from lxml import etree

    from simulator.protocol.xmldsig import strict_tree

    root = strict_tree(data)
    if root is None:
        return b""
    for element in root.iter():
        if not (element.text or "").strip(_BLANK):
            element.text = None
        if not (element.tail or "").strip(_BLANK):
            element.tail = None
    return bytes(etree.tostring(root))


def _worth(found: "Verification", authorities: Sequence["x509.Certificate"]) -> Worth:
    from simulator.protocol.packet_signing import Step

    if found.flaw is None:
        return Worth.TRUSTED
    if found.step is Step.CHAIN:
        return Worth.UNTRUSTED if authorities else Worth.HOLDS
    return Worth.UNCHECKED if found.step is Step.BLOCK else Worth.BROKEN


def _name(certificate: "x509.Certificate") -> str:
    try:
        return certificate.subject.rfc4514_string()
    except ValueError:  # a name that is read only when it is asked for
        return ""


def _moment(packet: Packet) -> datetime:
    """The moment at which the packet says that it was on its way; the first one there is where it says none."""
    if not isinstance(packet, Package) and packet.timestamp:
        return packet.timestamp
    stamps = [hop.timestamp for hop in (packet.trace.headers if packet.trace else ()) if hop.timestamp]
    if stamps:
        return stamps[0]  # the sender's own hop
    issued = packet.promulgation.issued if isinstance(packet, Package) and packet.promulgation else None
    return datetime.combine(issued, time(12), tzinfo=VIETNAM) if issued else datetime(2000, 1, 1, tzinfo=VIETNAM)


def _signing_time(block: Element) -> datetime | None:
    """XAdES' SigningTime, where the block holds one."""
    for element in _all(block):
        if element.name == "SigningTime":
            try:
                moment = datetime.fromisoformat(element.text.strip())
            except ValueError:
                return None
            return moment.replace(microsecond=0) if moment.tzinfo else moment.replace(microsecond=0, tzinfo=VIETNAM)
    return None


def _all(element: Element) -> Iterator[Element]:
    waiting = [element]
    while waiting:
        each = waiting.pop()
        yield each
        waiting += reversed(each.children)


_BLANK = " \t\r\n"
_WORDS = {
    Worth.TRUSTED: Text(en="the signature holds, its signer is trusted", vi="chữ ký hợp lệ, chứng thư tin cậy"),
    Worth.HOLDS: Text(
        en="the signature holds; whose certificate it is was not checked (--trust)",
        vi="chữ ký khớp nội dung; chưa kiểm tra chứng thư (--trust)",
    ),
    Worth.UNTRUSTED: Text(
        en="the signature holds, its signer is not trusted", vi="chữ ký khớp nội dung, chứng thư không được tin cậy"
    ),
    Worth.SPACED: Text(
        en="the signature holds only for who drops the blanks between elements",
        vi="chữ ký chỉ khớp khi bỏ khoảng trắng giữa các phần tử",
    ),
    Worth.BROKEN: Text(en="the signature does not hold", vi="chữ ký không hợp lệ"),
    Worth.UNCHECKED: Text(
        en="the signature cannot be verified and counts as none", vi="không kiểm tra được chữ ký, coi như chưa ký"
    ),
}
_NOBODY = Text(en="nobody can be named as its signer", vi="không xác định được người ký")
_COVERS = Text(
    en="it covers the whole packet but for the block itself", vi="phủ toàn bộ gói tin, trừ chính khối chữ ký"
)
