"""Reading what came in, before any view of the past is needed: bytes to a letter, or to a refusal."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from mmap import ACCESS_READ, mmap

from simulator.hub.admission import Refusal, admit, refuse_malformed
from simulator.hub.bodies import Upload
from simulator.hub.directory import Directory
from simulator.hub.transit import rebuilt
from simulator.protocol.codec import Contents, decode, outlined, skim, skim_mapped
from simulator.protocol.errors import Malformed
from simulator.protocol.profile import Profile, Transit

__all__ = ["Letter", "glimpse", "read", "read_large"]


@dataclass(frozen=True, slots=True)
class Letter:
    """A package as it came in, read: what is needed to decide on it and to keep it.

    ``delivered`` are the bytes that receivers get: the same ones, unless the profile rebuilds in transit.
    """

    digest: str
    data: bytes | Upload = field(repr=False)
    contents: Contents
    delivered_digest: str
    delivered: bytes | Upload = field(repr=False)


def read(
    data: bytes, message_type: str, *, digest: str, profile: Profile, at: datetime, directory: Directory
) -> Letter | Refusal:
    """The letter that ``data`` (SHA-256 ``digest``) is, or why it is refused."""
    rebuilds = profile.transit is Transit.REBUILD
    try:
        reading = decode(data, profile.limits) if rebuilds else None
        outline = outlined(reading) if reading else skim(data, profile.limits)
    except Malformed as damage:
        return refuse_malformed(damage)
    if refusal := admit(outline, message_type, profile):
        return refusal
    delivered, delivered_digest = data, digest
    if reading is not None and reading.packet is not None:
        delivered = rebuilt(reading.packet, profile=profile, at=at, directory=directory)
        delivered_digest = hashlib.sha256(delivered).hexdigest()
    return Letter(digest, data, outline.contents or Contents(), delivered_digest, delivered)


def read_large(upload: Upload, message_type: str, *, digest: str, profile: Profile) -> Letter | Refusal | None:
    """The same for a package in a file, in little memory. None: only ``read`` can tell, of the whole."""
    if profile.transit is Transit.REBUILD or upload.size > profile.limits.package_bytes:
        return None
    with mmap(upload.file.fileno(), upload.size, access=ACCESS_READ) as mapped:
        outline = skim_mapped(mapped, profile.limits)
        if outline is None:
            return None
        if refusal := admit(outline, message_type, profile):
            return refusal
        return Letter(digest, upload, outline.contents or Contents(), digest, upload)


def glimpse(data: bytes, profile: Profile) -> Contents:
    """What can still be read of a package that would not be admitted."""
    try:
        return outlined(decode(data, profile.limits)).contents or Contents()
    except Malformed:
        return Contents()
