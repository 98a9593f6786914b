"""Packages, and the files attached to them, by their digest, for whoever asks the control API.

The wire never asks, so nothing is done while a package is taken in: the first question looks at what came since the
last. Attached files stay inside the packages they came in.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from functools import partial

from simulator.hub.store.base import Store
from simulator.hub.store.reading import AttachmentPlace
from simulator.hub.store.transaction import ATTACHMENTS, DIGESTS, Transaction
from simulator.hub.trouble import StoreTrouble
from simulator.protocol.codec import decode
from simulator.protocol.errors import DamagedAttachment, Malformed
from simulator.protocol.package import Package
from simulator.protocol.profile import Profile

__all__ = ["attached_file", "by_digest", "find_attachments"]

_PACKAGES_AT_ONCE = 50
_DIGESTS_AT_ONCE = 10_000


async def by_digest(store: Store, sha: str) -> bytes | None:
    """The bytes whose SHA-256 is ``sha``, or None. Raises StoreTrouble where they are known and cannot be read."""
    while (since := _known(store, DIGESTS)) < (last := store.past.last_body()):
        until = min(last, since + _DIGESTS_AT_ONCE)
        await store.run(partial(_know_digests, since=since, until=until), long=True)
    number = store.past.by_digest(sha)
    return None if number is None else await store.body(number)


async def find_attachments(store: Store, profile: Profile) -> None:
    """Make every attached file that the store holds findable. Costs what came since this was asked last."""
    while packages := store.past.bodies_after(since := _known(store, ATTACHMENTS), _PACKAGES_AT_ONCE):
        places: list[AttachmentPlace] = []
        for number in packages:
            try:
                data = await store.body(number)
            except StoreTrouble:
                continue  # its file is gone, and its attachments with it
            places += await asyncio.to_thread(_places, data or b"", number, profile)
        await store.run(partial(_keep, since=since, until=packages[-1], places=places))


def attached_file(package: bytes, position: int, profile: Profile) -> bytes | None:
    """The file at ``position`` (from 0) of a package; None where it is no document package."""
    packet = decode(package, profile.limits).packet
    return packet.attachments[position].file(profile.limits) if isinstance(packet, Package) else None


def _known(store: Store, key: str) -> int:
    return int(store.past.meta(key) or 0)


def _know_digests(transaction: Transaction, *, since: int, until: int) -> None:
    if int(transaction.meta(DIGESTS) or 0) == since:  # else somebody else asked, or all was forgotten meanwhile
        transaction.know_digests(since, until)
        transaction.put_meta(DIGESTS, str(until))


def _places(data: bytes, number: int, profile: Profile) -> list[AttachmentPlace]:
    try:
        packet = decode(data, profile.limits).packet
    except Malformed:
        return []
    places = []
    for position, attachment in enumerate(packet.attachments if isinstance(packet, Package) else ()):
        try:
            file = attachment.file(profile.limits)
        except DamagedAttachment:
            continue  # carried all the same, findable by nothing
        places.append(AttachmentPlace(hashlib.sha256(file).hexdigest(), number, position, attachment.name, len(file)))
    return places


def _keep(transaction: Transaction, *, since: int, until: int, places: Sequence[AttachmentPlace]) -> None:
    if int(transaction.meta(ATTACHMENTS) or 0) != since:
        return  # the same
    here = {number for number in {place.blob for place in places} if transaction.kept(number) is not None}
    transaction.keep_attachments(place for place in places if place.blob in here)
    transaction.put_meta(ATTACHMENTS, str(until))
