"""Pure decisions: (command, view) -> facts, or a refusal. No I/O, no clock, no randomness: all come in.

The view is what the store and the directory say inside one transaction, so two commands never decide on the same
past. Repeats are looked at first: a repeated sendEdoc gets the first receipt, whatever changed since (pitfall 69).
"""

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from simulator.hub import events
from simulator.hub.admission import Refusal, folded, refuse
from simulator.hub.delivery import WORDS, Delivery, Event, fetchable, step
from simulator.hub.directory import Directory, Entry
from simulator.hub.seals import UNCHECKED, Seal
from simulator.protocol.codec import Contents
from simulator.protocol.profile import CodeForm, Profile

__all__ = [
    "Close",
    "Confirm",
    "Fetch",
    "Register",
    "Submit",
    "View",
    "close",
    "confirm",
    "delivery_id",
    "fetch",
    "register",
    "submit",
]

_DELIVERY_NAMES = uuid.UUID("6f7a8c9e-1f5b-4f0e-9d3c-2b8a54c1e7d0").bytes


class View(Protocol):
    """The past, as a decision may see it."""

    @property
    def directory(self) -> Directory:
        """Units and systems."""

    def delivery(self, delivery_id: str) -> Delivery | None:
        """The delivery of that id."""

    def earlier(self, *, system_id: str, package: str, document_id: str, route: str, since: datetime) -> str | None:
        """The DocId of the first equal sending at or after ``since``, or None."""


# ---------------------------------------------------------------- sending


class Submit(NamedTuple):
    """sendEdoc, or a package queued by a person. ``to``: the signed argument, () where there was none.

    ``trusted``: queued past all checks of the sender; ``route``: the argument ``to`` as text, part of what makes a
    sending the same sending.
    """

    at: datetime
    doc_id: str
    system_id: str
    sender: str
    message_type: str
    to: tuple[str, ...]
    route: str
    package: str
    delivered: str
    size: int
    contents: Contents
    seal: Seal = UNCHECKED
    queued: bool = False
    trusted: bool = False


def delivery_id(doc_id: str, unit: str) -> str:
    """The id of the delivery of a document to a unit: a UUID, and the same for the same pair.

    It begins like the DocId, which begins with the time: ids that were made together are kept together.
    """
    digest = bytearray(hashlib.sha1(_DELIVERY_NAMES + f"{doc_id} {unit}".encode(), usedforsecurity=False).digest()[:16])
    # A name-based UUID (RFC 9562, 5.5); the library's own takes three times as long.
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    name = digest.hex()
    begin = doc_id[:12].lower()
    if len(begin) == 12 and not begin.strip("0123456789abcdef"):
        name = begin + name[12:]
    return f"{name[:8]}-{name[8:12]}-{name[12:16]}-{name[16:20]}-{name[20:]}"


def submit(command: Submit, view: View, profile: Profile) -> tuple[events.Fact, ...] | Refusal:
    """Accepted and one Opened per receiving unit; or Repeated alone; or why not."""
    inside = command.contents
    if not command.queued and profile.repeat_window_hours > 0:
        first = view.earlier(
            system_id=command.system_id,
            package=command.package,
            document_id=inside.document_id,
            route=command.route,
            since=command.at - timedelta(hours=profile.repeat_window_hours),
        )
        if first is not None:
            return (events.Repeated(at=command.at, doc_id=first, system_id=command.system_id),)
    if not command.trusted and (refusal := _wrong_sender(command, view.directory, profile)):
        return refusal
    found = _receivers(command.to or inside.receivers, view.directory)
    if isinstance(found, Refusal):
        return found
    sender, sender_code = _sending_unit(command, view.directory, profile.code_form)
    accepted = events.Accepted(
        at=command.at,
        doc_id=command.doc_id,
        system_id=command.system_id,
        sender=sender,
        sender_code=sender_code,
        to=tuple(entry.unit.code for entry in found),
        message_type=command.message_type,
        document_id=inside.document_id,
        business_type=inside.business_type,
        status_code=inside.status_code,
        response_for_organ=inside.response_for_organ,
        package=command.package,
        delivered=command.delivered,
        size=command.size,
        queued=command.queued,
        signature=command.seal.word,
        signature_flaw=None if command.seal.flaw is None else folded(command.seal.flaw.en),
        title=inside.title,
        notation=inside.notation,
        route=command.route,
    )
    codes = _spellings((*inside.receivers, *command.to), view.directory, profile.code_form)
    return (accepted, *(_opened(accepted, entry, codes[entry.unit.code]) for entry in found))


def _wrong_sender(command: Submit, directory: Directory, profile: Profile) -> Refusal | None:
    senders = [command.sender]
    if profile.sender_in_package_checked:
        senders.append(command.contents.sender)
    for sender in senders:
        if not directory.belongs(sender, command.system_id):
            # The real axis's own words (wire.md A.2).
            words = f"Don vi gui {sender} khong dung voi ma da dang ky: {command.system_id}"
            return refuse("wrong-sender", text=words)
    return None


def _sending_unit(command: Submit, directory: Directory, form: CodeForm) -> tuple[str, str]:
    """The unit that sends, and the code that lists show for it."""
    for code in (command.contents.sender, command.sender, command.system_id):
        entry = directory.resolve(code)
        if entry is not None and entry.system_id == command.system_id:
            return entry.unit.code, entry.spelled(code, form)
    stranger = command.contents.sender or command.system_id
    return stranger, stranger


def _spellings(codes: Iterable[str], directory: Directory, form: CodeForm) -> dict[str, str]:
    """For each unit among ``codes`` the code that lists show for it: the first that it is named by."""
    spelled: dict[str, str] = {}
    for code in codes:
        entry = directory.resolve(code)
        if entry is not None:
            spelled.setdefault(entry.unit.code, entry.spelled(code, form))
    return spelled


def _receivers(codes: tuple[str, ...], directory: Directory) -> tuple[Entry, ...] | Refusal:
    """One entry per unit, also where it is listed twice or under both code forms. One bad code refuses the whole."""
    if not codes:
        return refuse("bad-format", "the packet names no receiver (To/OrganId, or ResponseFor/OrganId of a status)")
    resolved = {code: directory.resolve(code) for code in codes}
    if unknown := [code for code, entry in resolved.items() if entry is None]:
        return refuse("unknown-receiver", ", ".join(unknown))
    if shut := [code for code, entry in resolved.items() if entry and not entry.open]:
        return refuse("closed-receiver", ", ".join(shut))
    return tuple({entry.unit.code: entry for entry in resolved.values() if entry}.values())


def _opened(accepted: events.Accepted, entry: Entry, code: str) -> events.Opened:
    return events.Opened(
        at=accepted.at,
        doc_id=accepted.doc_id,
        delivery_id=delivery_id(accepted.doc_id, entry.unit.code),
        unit=entry.unit.code,
        system_id=entry.system_id,
        message_type=accepted.message_type,
        code=code,
    )


# ---------------------------------------------------------------- receiving


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """getEdoc or downloadEdoc of one delivery."""

    at: datetime
    system_id: str
    delivery_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm:
    """updateStatus. ``delivery_ids``: the ids that the call may mean, the likelier first."""

    at: datetime
    system_id: str
    delivery_ids: tuple[str, ...]
    word: str
    description: str = ""


def fetch(command: Fetch, view: View, profile: Profile) -> tuple[events.Fetched] | Refusal:
    """Fetched; or bad-file for an id that is not the caller's, or that may not be fetched any more."""
    found = _own(command.delivery_id, command.system_id, view)
    if found is None:
        return _not_yours((command.delivery_id,))
    if not fetchable(found.stage, profile):
        return refuse("bad-file", f"{found.delivery_id} was confirmed already")
    stage = step(found.stage, Event.FETCH)
    return (
        events.Fetched(
            at=command.at,
            doc_id=found.doc_id,
            delivery_id=found.delivery_id,
            unit=found.unit,
            system_id=command.system_id,
            stage=stage,
        ),
    )


def confirm(command: Confirm, view: View) -> tuple[events.Confirmed] | Refusal:
    """Confirmed; or bad-file for a word that is none or an id that is not the caller's."""
    word = command.word.strip().lower()
    if word not in WORDS:
        return refuse("bad-file", f"status is {command.word!r}, not done, fail or processing")
    owned = (_own(candidate, command.system_id, view) for candidate in command.delivery_ids)
    found = next(filter(None, owned), None)
    if found is None:
        return _not_yours(command.delivery_ids)
    return (
        events.Confirmed(
            at=command.at,
            doc_id=found.doc_id,
            delivery_id=found.delivery_id,
            unit=found.unit,
            system_id=command.system_id,
            word=word,
            description=command.description,
            stage=step(found.stage, Event(word)),
        ),
    )


def _own(delivery: str, system_id: str, view: View) -> Delivery | None:
    found = view.delivery(delivery)
    entry = view.directory.resolve(found.unit) if found else None
    return found if entry is not None and entry.system_id == system_id else None


def _not_yours(ids: tuple[str, ...]) -> Refusal:
    named = " / ".join(filter(None, ids))
    return refuse("bad-file", f"no package {named} for this system" if named else "docId is missing")


# ---------------------------------------------------------------- the directory


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """registerAgency."""

    at: datetime
    system_id: str
    code: str
    parent: str = ""
    name: str = ""
    mail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """deleteAgency."""

    at: datetime
    system_id: str
    code: str


def register(command: Register, view: View) -> tuple[events.UnitRegistered] | Refusal:
    """UnitRegistered (new or changed); or why not: no code, or the code is another system's."""
    code = command.code.strip()
    if not code:
        return refuse("bad-file", "the member 'code' is missing or empty")
    known = view.directory.resolve(code)
    if known is not None and known.system_id != command.system_id:
        return refuse("wrong-sender", f"{code} is registered by another system")
    return (
        events.UnitRegistered(
            at=command.at,
            system_id=command.system_id,
            unit=known.unit.code if known else code,
            code=code,
            parent=command.parent,
            name=command.name,
            mail=command.mail,
        ),
    )


def close(command: Close, view: View) -> tuple[events.UnitClosed] | Refusal:
    """UnitClosed; or why not: only what the caller registered itself can be taken out, and only once."""
    known = view.directory.resolve(command.code)
    if known is None or known.deleted:
        return refuse("bad-file", f"AgencyCode {command.code!r} is not in the directory")
    if known.system_id != command.system_id:
        return refuse("wrong-sender", f"{command.code} is registered by another system")
    if not known.registered:
        return refuse("bad-file", f"{command.code} belongs to the axis's own directory and cannot be deleted")
    return (events.UnitClosed(at=command.at, system_id=command.system_id, unit=known.unit.code),)
