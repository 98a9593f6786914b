"""What the real axis does to a package on its way (wire.md C.6), for the profile's transit ``rebuild``. Pure.

Parse and write again: the builder's order, no xlink attributes, no unknown elements, ``Direction`` and
``SteeringType`` always there; attachments packed by the 2019 build; a trace header more; a twin ``To`` in the old
code form beside each receiver that has one. So bytes and envelope signatures do not survive, as in life.
"""

import uuid
from dataclasses import replace
from datetime import datetime

from simulator.hub.directory import Directory
from simulator.protocol import names
from simulator.protocol.codec import encode
from simulator.protocol.errors import DamagedAttachment
from simulator.protocol.package import (
    Attachment,
    Element,
    OtherInfo,
    Package,
    Packet,
    Party,
    Reference,
    TraceHeader,
    TraceHeaderList,
)
from simulator.protocol.profile import Profile

__all__ = ["rebuilt"]

_MIGRATION_TAG = "CDMDD_QD20"
_OLD_CODE_NAME = "{name} (Mã cũ) (qd20)"


def rebuilt(packet: Packet, *, profile: Profile, at: datetime, directory: Directory) -> bytes:
    """The bytes that a receiver gets for ``packet`` taken in at ``at`` (axis time, whole seconds)."""
    business = packet.trace.business if packet.trace else None
    hops = packet.trace.headers if packet.trace else ()
    passed = TraceHeader(organ_id=profile.axis_organ, timestamp=at.replace(microsecond=0))
    # The list's attributes and its Paper are written by the builder and never read: they are lost (wire.md C.2).
    trace = TraceHeaderList(business=business, headers=(*hops, passed))
    signature = _moved(packet.signature) if packet.signature else None
    if not isinstance(packet, Package):
        return encode(replace(packet, trace=trace, signature=signature, unknown=()))
    other = packet.other or OtherInfo()
    return encode(
        replace(
            packet,
            receivers=_with_twins(packet.receivers, directory),
            other=replace(other, direction=bool(other.direction)),
            steering_type=packet.steering_type or 0,
            trace=trace,
            signature=signature,
            manifest=tuple(_reference(each) for each in packet.manifest),
            attachments=tuple(_repacked(each, profile) for each in packet.attachments),
            unknown=(),
        )
    )


def _moved(element: Element) -> Element:
    """The library knows one namespace: a Signature of xmldsig comes out in that of QCVN 102 (wire.md C.6.1)."""
    return replace(
        element,
        namespace=names.NAMESPACE,
        attributes=tuple((name, value) for name, value in element.attributes if not name.startswith("{")),
        children=tuple(_moved(child) for child in element.children),
    )


def _with_twins(receivers: tuple[Party, ...], directory: Directory) -> tuple[Party, ...]:
    listed = {party.organ_id for party in receivers}
    parties: list[Party] = []
    for party in receivers:
        parties.append(party)
        entry = directory.resolve(party.organ_id)
        old = entry.unit.code102 if entry else ""
        if entry and old and party.organ_id == entry.unit.code and old not in listed:
            listed.add(old)
            name = _OLD_CODE_NAME.format(name=party.name or entry.unit.name).strip()
            parties.append(replace(party, organ_id=old, in_charge=_MIGRATION_TAG, name=name))
    return tuple(parties)


def _reference(reference: Reference) -> Reference:
    # Set before the real type is known, so always the same (wire.md C.3).
    return replace(reference, content_type="application/zip")


def _repacked(attachment: Attachment, profile: Profile) -> Attachment:
    try:
        data = attachment.file(profile.limits)
    except DamagedAttachment:
        return attachment  # the axis does not validate contents (wire.md D.6)
    content_id = (
        attachment.content_id
        or f"cid:{uuid.uuid5(uuid.NAMESPACE_OID, attachment.name + str(attachment.encoded[:4096]))}"
    )
    packed = Attachment.of_file(
        attachment.name, data, content_id=content_id, form="zip-2019", description=attachment.description
    )
    return replace(
        attachment, content_id=content_id, content_type=packed.content_type, encoded=packed.encoded, format=""
    )
