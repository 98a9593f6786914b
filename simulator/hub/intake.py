"""Reading what came in, before any view of the past is needed: bytes to a letter, or to a refusal."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from mmap import ACCESS_READ, mmap
from typing import TYPE_CHECKING

from simulator.hub.admission import Refusal, admit, admit_seal, refuse_malformed
from simulator.hub.bodies import LARGE, Upload
from simulator.hub.directory import Directory
from simulator.hub.seals import ABSENT, UNCHECKED, Seal, sealed
from simulator.hub.transit import rebuilt
from simulator.protocol.codec import Contents, Outline, decode, outlined, skim, skim_mapped
from simulator.protocol.errors import Malformed
from simulator.protocol.profile import Profile, Transit

if TYPE_CHECKING:
    from cryptography import x509

__all__ = ["Letter", "glimpse", "read", "read_large"]


@dataclass(frozen=True, slots=True)
class Letter:
    """A package as it came in, read: what is needed to decide on it and to keep it.

    ``delivered`` are the bytes that receivers get: the same ones, unless the profile rebuilds in transit. ``seal``:
    what its signature was worth when it came.
    """

    digest: str
    data: bytes | Upload = field(repr=False)
    contents: Contents
    delivered_digest: str
    delivered: bytes | Upload = field(repr=False)
    seal: Seal = UNCHECKED


def read(
    data: bytes,
    message_type: str,
    *,
    digest: str,
    profile: Profile,
    at: datetime,
    directory: Directory,
    authorities: Sequence["x509.Certificate"] = (),
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
    seal = _unopened(outline, profile, len(data)) or sealed(data, authorities=authorities, at=at)
    if refusal := admit_seal(seal, profile):
        return refusal
    delivered, delivered_digest = data, digest
    if reading is not None and reading.packet is not None:
        delivered = rebuilt(reading.packet, profile=profile, at=at, directory=directory)
        delivered_digest = hashlib.sha256(delivered).hexdigest()
    return Letter(digest, data, outline.contents or Contents(), delivered_digest, delivered, seal)


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
        seal = _unopened(outline, profile, upload.size) or UNCHECKED
        return Letter(digest, upload, outline.contents or Contents(), digest, upload, seal)


def _unopened(outline: Outline, profile: Profile, size: int) -> Seal | None:
    """What is said of a signature without a look at it; None: it has to be looked at. A large packet is read in little
    memory, and verifying wants the whole of it as a tree."""
    if profile.packet_signature == "off" or (outline.signed and size > LARGE):
        return UNCHECKED
    return None if outline.signed else ABSENT


def glimpse(data: bytes, profile: Profile) -> Contents:
    """What can still be read of a package that would not be admitted."""
    try:
        return outlined(decode(data, profile.limits)).contents or Contents()
    except Malformed:
        return Contents()
