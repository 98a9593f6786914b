"""What an axis reads of a packet: what it is, from whom, to whom, what it is called. It reads no more."""

from typing import NamedTuple

from simulator.protocol.package import Kind, Package, StatusPacket
from simulator.protocol.reading import Reading

__all__ = ["Contents", "Outline", "outlined"]


class Contents(NamedTuple):
    """What routes a packet and lists it. ``response_for_organ``: as it stands there, white space and all."""

    document_id: str = ""
    sender: str = ""
    receivers: tuple[str, ...] = ()
    business_type: int | None = None
    status_code: str | None = None
    response_for_organ: str | None = None
    title: str = ""
    notation: str = ""


class Outline(NamedTuple):
    """The form of a packet and its contents; these are None where no MessageHeader was found."""

    kind: Kind
    root: str
    root_namespace: str
    envelope_namespace: str | None
    signed: bool = False
    contents: Contents | None = None


def outlined(reading: Reading) -> Outline:
    """The outline of what was read as a whole."""
    traits, packet = reading.traits, reading.packet
    signed = packet is not None and packet.signature is not None
    return Outline(
        reading.kind, traits.root, traits.root_namespace, traits.envelope_namespace, signed, _contents(reading)
    )


def _contents(reading: Reading) -> Contents | None:
    packet = reading.packet
    if packet is None:
        return None
    sender = packet.sender.organ_id if packet.sender else ""
    answered = next((leaf.text for leaf in reading.texts("MessageHeader/ResponseFor/OrganId")), None)
    match packet:
        case StatusPacket(response_for=original):
            return Contents(
                document_id=original.document_id if original else "",
                sender=sender,
                receivers=(original.organ_id,) if original and original.organ_id else (),
                status_code=packet.code,
                response_for_organ=answered,
                notation=original.code if original else "",
            )
        case Package():
            return Contents(
                document_id=packet.document_id,
                sender=sender,
                receivers=tuple(party.organ_id for party in packet.receivers),
                business_type=packet.business_type,
                response_for_organ=answered,
                title=packet.subject,
                notation=packet.code.text if packet.code else "",
            )
