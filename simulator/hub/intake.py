"""Reading what came in, before any view of the past is needed: bytes to a letter, or to a refusal."""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from mmap import ACCESS_READ, mmap

from simulator.hub import decide
from simulator.hub.admission import Refusal, admit, refuse_malformed
from simulator.hub.bodies import Upload
from simulator.hub.directory import Directory
from simulator.hub.store.reading import AttachmentPlace
from simulator.hub.transit import rebuilt
from simulator.protocol.carving import Cut, decoded, let_go
from simulator.protocol.codec import Reading, decode, skim, skim_mapped
from simulator.protocol.errors import DamagedAttachment, Malformed
from simulator.protocol.package import Attachment, Package
from simulator.protocol.profile import Profile, Transit

__all__ = ["Letter", "attached_file", "glimpse", "read", "read_large"]


@dataclass(frozen=True, slots=True)
class Letter:
    """A package as it came in, read: what is needed to decide on it and to keep it.

    ``delivered`` are the bytes that receivers get: the same ones, unless the profile rebuilds in transit.
    """

    digest: str
    data: bytes | Upload = field(repr=False)
    contents: decide.Contents
    delivered_digest: str
    delivered: bytes | Upload = field(repr=False)
    attachments: tuple[AttachmentPlace, ...]


def read(
    data: bytes, message_type: str, *, digest: str, profile: Profile, at: datetime, directory: Directory
) -> Letter | Refusal:
    """The letter that ``data`` (SHA-256 ``digest``) is, or why it is refused."""
    rebuilds = profile.transit is Transit.REBUILD
    try:
        reading = decode(data, profile.limits) if rebuilds else skim(data, profile.limits)
    except Malformed as damage:
        return refuse_malformed(damage)
    if refusal := admit(reading, message_type, profile):
        return refusal
    delivered, delivered_digest = data, digest
    if rebuilds and reading.packet is not None:
        delivered = rebuilt(reading.packet, profile=profile, at=at, directory=directory)
        delivered_digest = hashlib.sha256(delivered).hexdigest()
    places = _places(_attachments(reading), digest, profile)
    return Letter(digest, data, decide.contents(reading), delivered_digest, delivered, places)


def read_large(upload: Upload, message_type: str, *, digest: str, profile: Profile) -> Letter | Refusal | None:
    """The same for a package in a file, in little memory. None: only ``read`` can tell, of the whole."""
    if profile.transit is Transit.REBUILD or upload.size > profile.limits.package_bytes:
        return None
    with mmap(upload.file.fileno(), upload.size, access=ACCESS_READ) as mapped:
        skimmed = skim_mapped(mapped, profile.limits)
        if skimmed is None:
            return None
        reading, cuts = skimmed
        if refusal := admit(reading, message_type, profile):
            return refusal
        files = zip(_attachments(reading), cuts, strict=True)
        folder = os.path.dirname(upload.file.name)
        pieces = (_pieces(attachment, cut, mapped, folder, profile) for attachment, cut in files)
        places = _places(_attachments(reading), digest, profile, pieces)
    return Letter(digest, upload, decide.contents(reading), digest, upload, places)


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


def _attachments(reading: Reading) -> tuple[Attachment, ...]:
    return reading.packet.attachments if isinstance(reading.packet, Package) else ()


def _places(
    attachments: tuple[Attachment, ...], package: str, profile: Profile, files: Iterable[Iterable[bytes]] | None = None
) -> tuple[AttachmentPlace, ...]:
    """Where each attached file lies. ``files``: their pieces, where the attachments themselves lack them."""
    places = []
    for position, (attachment, pieces) in enumerate(
        zip(attachments, files or (_whole(each, profile) for each in attachments), strict=True)
    ):
        sha, size = hashlib.sha256(), 0
        try:
            for piece in pieces:
                sha.update(piece)
                size += len(piece)
        except DamagedAttachment:
            continue  # carried all the same, findable by nothing
        places.append(AttachmentPlace(sha.hexdigest(), package, position, attachment.name, size))
    return tuple(places)


def _whole(attachment: Attachment, profile: Profile) -> Iterator[bytes]:
    yield attachment.file(profile.limits)


def _pieces(attachment: Attachment, cut: Cut | None, mapped: mmap, folder: str, profile: Profile) -> Iterator[bytes]:
    if cut is None:
        yield attachment.file(profile.limits)
        return
    payload = decoded(mapped, cut.start, cut.end)
    first = next(payload)
    if not attachment.may_wrap(first):
        for piece in chain((first,), payload):
            yield piece
            let_go(mapped)
        return
    with tempfile.TemporaryFile(dir=folder) as archive:
        for piece in chain((first,), payload):
            archive.write(piece)
            let_go(mapped)
        archive.seek(0)
        yield from attachment.unpacked(archive, profile.limits)
