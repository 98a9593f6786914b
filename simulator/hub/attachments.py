"""Attached files by their own digest, for whoever asks the control API: they stay inside the packages they came in.

The wire never asks, so nothing is done while a package is taken in: the first question reads what came since the last.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from functools import partial

from simulator.hub.store.base import Store
from simulator.hub.store.reading import AttachmentPlace
from simulator.hub.store.transaction import Transaction
from simulator.protocol.codec import decode
from simulator.protocol.errors import DamagedAttachment, Malformed
from simulator.protocol.package import Package
from simulator.protocol.profile import Profile

__all__ = ["attached_file", "find_attachments"]

_DOCUMENTS_AT_ONCE = 50
_KEY = "attachments"


async def find_attachments(store: Store, profile: Profile) -> None:
    """Make every attached file that the store holds findable. Costs what came since this was asked last."""
    while documents := store.past.packages_after(int(since := store.past.meta(_KEY) or "0"), _DOCUMENTS_AT_ONCE):
        places: list[AttachmentPlace] = []
        for _, package in documents:
            data = await store.body(package)
            places += await asyncio.to_thread(_places, data or b"", package, profile)
        await store.run(partial(_keep, since=since, until=str(documents[-1][0]), places=places))


def attached_file(package: bytes, position: int, profile: Profile) -> bytes | None:
    """The file at ``position`` (from 0) of a package; None where it is no document package."""
    packet = decode(package, profile.limits).packet
    return packet.attachments[position].file(profile.limits) if isinstance(packet, Package) else None


def _places(data: bytes, package: str, profile: Profile) -> list[AttachmentPlace]:
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
        places.append(AttachmentPlace(hashlib.sha256(file).hexdigest(), package, position, attachment.name, len(file)))
    return places


def _keep(transaction: Transaction, *, since: str, until: str, places: Sequence[AttachmentPlace]) -> None:
    if (transaction.meta(_KEY) or "0") != since:
        return  # somebody else asked, or all was forgotten meanwhile
    here = {package for package in {place.package for place in places} if transaction.kept(package) is not None}
    transaction.keep_attachments(place for place in places if place.package in here)
    transaction.put_meta(_KEY, until)
