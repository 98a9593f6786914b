"""Reading what came in, before any view of the past is needed. Pure: bytes to a letter, or to a refusal."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from simulator.hub import decide
from simulator.hub.admission import Refusal, admit, refuse_malformed
from simulator.hub.directory import Directory
from simulator.hub.store.reading import AttachmentPlace
from simulator.hub.transit import rebuilt
from simulator.protocol.codec import Reading, decode
from simulator.protocol.errors import DamagedAttachment, Malformed
from simulator.protocol.package import Package
from simulator.protocol.profile import Profile, Transit

__all__ = ["Letter", "attached_file", "glimpse", "read"]


@dataclass(frozen=True, slots=True)
class Letter:
    """A package as it came in, read: what is needed to decide on it and to keep it.

    ``delivered`` are the bytes that receivers get: the same ones, unless the profile rebuilds in transit.
    """

    digest: str
    data: bytes = field(repr=False)
    contents: decide.Contents
    delivered_digest: str
    delivered: bytes = field(repr=False)
    attachments: tuple[AttachmentPlace, ...]


def read(
    data: bytes, message_type: str, *, profile: Profile, at: datetime, directory: Directory
) -> tuple[str, Letter | Refusal]:
    """The SHA-256 of ``data``, and the letter that it is, or why it is refused."""
    digest = hashlib.sha256(data).hexdigest()
    try:
        reading = decode(data, profile.limits)
    except Malformed as damage:
        return digest, refuse_malformed(damage)
    if refusal := admit(reading, message_type, profile):
        return digest, refusal
    delivered = data
    if profile.transit is Transit.REBUILD and reading.packet is not None:
        delivered = rebuilt(reading.packet, profile=profile, at=at, directory=directory)
    letter = Letter(
        digest=digest,
        data=data,
        contents=decide.contents(reading),
        delivered_digest=digest if delivered is data else hashlib.sha256(delivered).hexdigest(),
        delivered=delivered,
        attachments=_places(reading, digest, profile),
    )
    return digest, letter


def glimpse(data: bytes, profile: Profile) -> decide.Contents:
    """What can still be read of a package that would not be admitted."""
    try:
        return decide.contents(decode(data, profile.limits))
    except Malformed:
        return decide.Contents()


def attached_file(package: bytes, position: int, profile: Profile) -> bytes | None:
    """The file at ``position`` (from 0) of a package; None where it is no document package."""
    packet = decode(package, profile.limits).packet
    return packet.attachments[position].file(profile.limits) if isinstance(packet, Package) else None


def _places(reading: Reading, package: str, profile: Profile) -> tuple[AttachmentPlace, ...]:
    if not isinstance(reading.packet, Package):
        return ()
    places = []
    for position, attachment in enumerate(reading.packet.attachments):
        try:
            data = attachment.file(profile.limits)
        except DamagedAttachment:
            continue  # carried all the same, findable by nothing
        sha = hashlib.sha256(data).hexdigest()
        places.append(AttachmentPlace(sha, package, position, attachment.name, len(data)))
    return tuple(places)
