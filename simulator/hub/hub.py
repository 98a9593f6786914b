"""The axis: read the view, ask ``decide``, append in one durable transaction; nothing else.

Everything that changes the past goes through the store's one writer, so two requests never decide on the same view.
What the caller may do is decided there; who the caller is was settled before (web.py).
"""

import asyncio
import functools
import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self, TypeVar

from simulator.clock import Clock
from simulator.hub import decide, events, intake
from simulator.hub.admission import Refusal
from simulator.hub.bodies import LARGE, Upload
from simulator.hub.delivery import Delivery, listed_stages
from simulator.hub.directory import Credentials, Directory, System
from simulator.hub.intake import Letter
from simulator.hub.roster import give_secrets, new_secret, remembered, stored
from simulator.hub.store.base import Store
from simulator.hub.store.blobs import Blob
from simulator.hub.store.opening import open_store
from simulator.hub.store.reading import Listed, Past, Sent
from simulator.hub.store.transaction import Transaction
from simulator.hub.trouble import NotAdmitted
from simulator.protocol.profile import Profile
from simulator.topology import Topology, Unit
from simulator.words import Text

__all__ = ["SMALL", "Hub", "Receipt", "Witnesses"]

SMALL = 200_000
"""Bytes up to which work is done at once on the event loop; beyond, a thread pays off (performance.md)."""

T = TypeVar("T")
_NOT_ADMITTED = Text(en="The package was not admitted: {why}", vi="Gói tin không được chấp nhận: {why}")
_UNKNOWN_SYSTEM = Text(
    en="There is no system {system!r} on this axis.", vi="Không có hệ thống {system!r} trên trục này."
)


@dataclass(frozen=True, slots=True)
class Receipt:
    """A sending was taken in, now or (``repeated``) before."""

    doc_id: str
    repeated: bool = False


class Witnesses:
    """Who watches this hub."""

    def __init__(self) -> None:
        self._all: tuple[events.Witness, ...] = ()

    def __bool__(self) -> bool:
        """Whether anybody watches."""
        return bool(self._all)

    def add(self, witness: events.Witness) -> None:
        """Tell ``witness`` everything from now on."""
        self._all = (*self._all, witness)

    def remove(self, witness: events.Witness) -> None:
        """Tell ``witness`` nothing any more."""
        self._all = tuple(each for each in self._all if each is not witness)

    def fact(self, fact: events.Fact) -> None:
        """Pass a fact on."""
        for witness in self._all:
            witness.fact(fact)

    def exchange(self, exchange: events.Exchange) -> None:
        """Pass an exchange on."""
        for witness in self._all:
            witness.exchange(exchange)


@dataclass(frozen=True, slots=True)
class _View:
    """The past of one transaction beside the directory of the same moment (``decide.View``)."""

    past: Past
    directory: Directory

    def delivery(self, delivery_id: str) -> Delivery | None:
        return self.past.delivery(delivery_id)

    def earlier(self, *, system_id: str, package: str, document_id: str, route: str, since: datetime) -> str | None:
        return self.past.earlier(
            system_id=system_id, package=package, document_id=document_id, route=route, since=since
        )


class Hub:
    """One axis with its data folder. All times come from its clock."""

    def __init__(self, store: Store, topology: Topology, *, profile: Profile, clock: Clock, seed: int) -> None:
        self.topology = topology
        self.profile = profile
        self.clock = clock
        self.seed = seed
        self.witnesses = Witnesses()
        self._store = store
        self._directory = remembered(self.topology, store.past)
        self._working = self._directory  # the writer's, one group ahead
        store.announce = self.witnesses.fact
        store.on_moved = self._roll_back
        store.start()

    @classmethod
    def open(
        cls,
        data: Path,
        topology: Topology,
        *,
        profile: Profile,
        clock: Clock,
        seed: int,
        address: str | None = None,
        owner: bool = True,
    ) -> Self:
        """Open the axis on a new or kept data folder; every system of ``topology`` gets a secret that stays.

        ``address``: of a database shared by several processes; None: SQLite in the folder. ``owner``: False for a
        further process on what another has opened. Raises OtherVersion, UnusableData, DataInUse (all HubError).
        """
        store = open_store(data, address, owner=owner)
        if not owner:
            return cls(store, topology, profile=profile, clock=clock, seed=int(store.past.meta("seed") or seed))

        def prepare(transaction: Transaction) -> None:
            give_secrets(topology, transaction)
            transaction.put_meta("seed", str(seed))

        store.at_once(prepare)
        return cls(store, topology, profile=profile, clock=clock, seed=seed)

    @property
    def store(self) -> Store:
        """Where everything is kept."""
        return self._store

    async def close(self) -> None:
        """Finish what was begun, then close the store."""
        await self._store.close()

    # ---------------------------------------------------------------- sending

    async def submit(
        self,
        data: bytes | Upload,
        *,
        system_id: str,
        sender: str,
        message_type: str,
        to: Sequence[str] = (),
        operation: str = "sendEdoc",
        digest: str = "",
    ) -> Receipt | Refusal:
        """Take a package in (sendEdoc): durable when this returns. ``data`` are the bytes of the packet itself.

        ``digest``: their SHA-256, where the caller knows it (of an upload: always).
        """
        digest, letter = await self._read(data, message_type, digest)
        if isinstance(letter, Refusal):
            await self.refused(letter, operation=operation, system_id=system_id, package=digest, sender=sender)
            return letter
        command = self._submission(letter, system_id=system_id, sender=sender, message_type=message_type, to=to)
        return await self._take_in(command, letter, operation)

    async def queue(
        self,
        package_bytes: bytes,
        *,
        sender_system: str,
        message_type: str,
        to: Sequence[str] | None,
        admit: bool = False,
    ) -> str:
        """Queue a package as if ``sender_system`` had sent it, and give its DocId; never taken for a repeat.

        Without ``admit`` nothing is checked but that the receivers exist, and the bytes travel verbatim: so damaged
        ("poison") packages can be put into a queue. Raises NotAdmitted.
        """
        if sender_system not in self.directory.systems:
            raise NotAdmitted(_UNKNOWN_SYSTEM.filled(system=sender_system))
        digest, letter = await self._read(package_bytes, message_type)
        if isinstance(letter, Refusal) or not admit:
            if isinstance(letter, Refusal) and admit:
                raise _not_admitted(letter)
            inside = letter.contents if isinstance(letter, Letter) else intake.glimpse(package_bytes, self.profile)
            places = letter.attachments if isinstance(letter, Letter) else ()
            letter = Letter(digest, package_bytes, inside, digest, package_bytes, places)
        command = self._submission(
            letter,
            system_id=sender_system,
            sender=sender_system,
            message_type=message_type,
            to=to or (),
            queued=True,
            trusted=not admit,
        )
        receipt = await self._take_in(command, letter, "queue")
        if isinstance(receipt, Refusal):
            raise _not_admitted(receipt)
        return receipt.doc_id

    def arriving(self) -> Upload:
        """Where a large body is written while it arrives."""
        return Upload(self._store.draft)

    async def _read(self, data: bytes | Upload, message_type: str, digest: str = "") -> tuple[str, Letter | Refusal]:
        if isinstance(data, Upload):
            letter = await asyncio.to_thread(intake.read_large, data, message_type, digest=digest, profile=self.profile)
            if letter is not None:
                return digest, letter
            data = await asyncio.to_thread(data.content)
        digest = digest or hashlib.sha256(data).hexdigest()
        work = functools.partial(
            intake.read,
            data,
            message_type,
            digest=digest,
            profile=self.profile,
            at=self.clock.now(),
            directory=self.directory,
        )
        return digest, work() if len(data) <= SMALL else await asyncio.to_thread(work)

    def _submission(
        self,
        letter: Letter,
        *,
        system_id: str,
        sender: str,
        message_type: str,
        to: Sequence[str],
        queued: bool = False,
        trusted: bool = False,
    ) -> decide.Submit:
        at = self.clock.now()
        return decide.Submit(
            at=at,
            doc_id=_new_doc_id(at),
            system_id=system_id,
            sender=sender,
            message_type=message_type,
            to=tuple(to),
            route=json.dumps(list(to)) if to else "",
            package=letter.digest,
            delivered=letter.delivered_digest,
            size=letter.data.size if isinstance(letter.data, Upload) else len(letter.data),
            contents=letter.contents,
            queued=queued,
            trusted=trusted,
        )

    async def _take_in(self, command: decide.Submit, letter: Letter, operation: str) -> Receipt | Refusal:
        blobs = [await self._staged(letter.digest, letter.data)]
        if letter.delivered_digest != letter.digest:
            blobs.append(await self._staged(letter.delivered_digest, letter.delivered))

        def job(transaction: Transaction) -> Receipt | Refusal:
            facts = decide.submit(command, self._view(transaction), self.profile)
            if isinstance(facts, Refusal):
                transaction.append([self._refused_submission(facts, command, operation)])
                return facts
            transaction.append(facts)
            if isinstance(facts[0], events.Repeated):
                return Receipt(facts[0].doc_id, repeated=True)
            for blob in blobs:
                transaction.keep(blob)
            transaction.keep_attachments(letter.attachments)
            return Receipt(command.doc_id)

        return await self._store.run(job, packages=() if command.queued else (command.package,))

    async def _staged(self, sha: str, data: bytes | Upload) -> Blob:
        if not isinstance(data, Upload):
            return await self._store.staged(sha, data)
        if data.stored:  # a fault lets the same request be answered twice
            return Blob(sha, data.size, None)
        data.stored = True
        return await self._store.adopt(sha, data.size, data.file)

    def _refused_submission(self, refusal: Refusal, command: decide.Submit, operation: str) -> events.Refused:
        return _refused(
            refusal,
            at=command.at,
            operation=operation,
            system_id=command.system_id,
            package=command.package,
            sender=command.sender,
            document_id=command.contents.document_id or None,
        )

    # ---------------------------------------------------------------- receiving

    async def received(
        self,
        system_id: str,
        *,
        message_type: str | None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> list[Listed]:
        """What waits for a system and, by the profile, for the units registered under it; oldest first."""
        lines = self._store.past.waiting(
            self._mailboxes(system_id),
            message_type=message_type,
            stages=listed_stages(self.profile),
            since=since,
            until=until,
            limit=self.profile.list_limit,
        )
        listed = tuple(line.delivery_id for line in lines)
        self.witnesses.fact(
            events.Polled(at=self.clock.now(), system_id=system_id, message_type=message_type, listed=listed)
        )
        return lines

    def count(self, system_id: str, message_type: str) -> int:
        """How many packages of that type wait for a system."""
        stages = listed_stages(self.profile)
        return self._store.past.count(self._mailboxes(system_id), message_type=message_type, stages=stages)

    def _mailboxes(self, system_id: str) -> list[str]:
        entries = self.directory.units(system_id, with_registered=self.profile.lists_sub_units)
        return [entry.unit.code for entry in entries]

    async def fetch(self, system_id: str, delivery_id: str, *, operation: str = "getEdoc") -> bytes | Refusal:
        """The bytes of one delivery, and the fact that they were fetched."""
        digest = await self._fetched(system_id, delivery_id, operation)
        return digest if isinstance(digest, Refusal) else await self._store.body(digest) or b""

    async def fetch_file(
        self, system_id: str, delivery_id: str, *, operation: str = "getEdoc"
    ) -> Path | bytes | Refusal:
        """The same; of a large one the file in which it lies."""
        digest = await self._fetched(system_id, delivery_id, operation)
        if isinstance(digest, Refusal):
            return digest
        file = self._store.file(digest)
        large = file is not None and file.exists() and file.stat().st_size > LARGE
        return file if file is not None and large else await self._store.body(digest) or b""

    async def _fetched(self, system_id: str, delivery_id: str, operation: str) -> str | Refusal:
        command = decide.Fetch(at=self.clock.now(), system_id=system_id, delivery_id=delivery_id)

        def job(transaction: Transaction) -> str | Refusal:
            facts = decide.fetch(command, self._view(transaction), self.profile)
            if isinstance(facts, Refusal):
                transaction.append([_refused(facts, at=command.at, operation=operation, system_id=system_id)])
                return facts
            transaction.append(facts)
            return transaction.delivered(facts[0].doc_id)

        return await self._store.run(job, deliveries=(delivery_id,))

    async def confirm(
        self, system_id: str, delivery_ids: Sequence[str], word: str, description: str = ""
    ) -> Refusal | None:
        """updateStatus: done, fail or processing for the first of ``delivery_ids`` that is the caller's."""
        command = decide.Confirm(
            at=self.clock.now(),
            system_id=system_id,
            delivery_ids=tuple(delivery_ids),
            word=word,
            description=description,
        )
        return await self._decided(
            "updateStatus", system_id, lambda view: decide.confirm(command, view), deliveries=command.delivery_ids
        )

    def sent(self, system_id: str, *, id_: str | None, message_type: str | None) -> list[Sent]:
        """The deliveries of what a system sent, of one document or of all."""
        return self._store.past.sent(system_id, id_=id_, message_type=message_type, limit=self.profile.list_limit)

    # ---------------------------------------------------------------- the directory

    async def register(self, system_id: str, *, code: str, parent: str, name: str, mail: str) -> Refusal | None:
        """registerAgency: a unit more under the caller, or one of its units changed."""
        command = decide.Register(
            at=self.clock.now(), system_id=system_id, code=code, parent=parent, name=name, mail=mail
        )
        return await self._decided("registerAgency", system_id, lambda view: decide.register(command, view))

    async def remove(self, system_id: str, code: str) -> Refusal | None:
        """deleteAgency: a registered unit of the caller taken out."""
        command = decide.Close(at=self.clock.now(), system_id=system_id, code=code)
        return await self._decided("deleteAgency", system_id, lambda view: decide.close(command, view))

    async def _decided(
        self,
        operation: str,
        system_id: str,
        decision: Callable[[_View], tuple[events.Fact, ...] | Refusal],
        deliveries: tuple[str, ...] = (),
    ) -> Refusal | None:
        at = self.clock.now()

        def job(transaction: Transaction) -> Refusal | None:
            facts = decision(self._view(transaction))
            if isinstance(facts, Refusal):
                transaction.append([_refused(facts, at=at, operation=operation, system_id=system_id)])
                return facts
            transaction.append(facts)
            self._follow(transaction, facts)
            return None

        refusal = await self._store.run(job, deliveries=deliveries)
        self._publish()
        return refusal

    @property
    def directory(self) -> Directory:
        """Units and systems as they are now, also where another process changed them."""
        if self._store.moved():
            self._directory = remembered(self.topology, self._store.past)
        return self._directory

    def _publish(self) -> None:
        """Let everybody see what the writer decided; a shared store shows it by itself, with what others decided."""
        if not self._store.shared:
            self._directory = self._working

    @property
    def credentials(self) -> Mapping[str, Credentials]:
        """Of every system: its secret, and every spelling of its units."""
        return self.directory.credentials()

    async def add_system(
        self, system_id: str, units: Sequence[Unit], secret: str | None = None, passive: bool = True
    ) -> Credentials:
        """A system with its own secret (made up where None; kept where it is known already) and units.

        Units that the directory knows move to it, and what waits for them moves along.
        """

        def job(transaction: Transaction) -> None:
            known = self._working.systems.get(system_id)
            chosen = secret or (known.secret if known else new_secret())
            system = System(system_id, chosen, passive=passive, added=True)
            grown = self._working.with_system(system, units)
            for row in stored(grown):
                transaction.put_system(row)
            self._working = grown

        await self._store.run(job)
        self._publish()
        return self.credentials[system_id]

    def _follow(self, transaction: Transaction, facts: Sequence[events.Fact]) -> None:
        """Rows first, then the writer's directory: a job that fails leaves both as they were."""
        if any(isinstance(fact, events.UnitRegistered | events.UnitClosed) for fact in facts):
            self._working = remembered(self.topology, transaction)

    def _roll_back(self, past: Past) -> None:
        self._directory = self._working = remembered(self.topology, past)

    def _view(self, transaction: Transaction) -> _View:
        return _View(transaction, self._working)

    # ---------------------------------------------------------------- refusals, facts, the control API's wishes

    async def refused(
        self,
        refusal: Refusal,
        *,
        operation: str,
        system_id: str,
        package: str | None = None,
        sender: str | None = None,
    ) -> None:
        """Remember a refusal that was decided before any view was needed."""
        fact = _refused(
            refusal,
            at=self.clock.now(),
            operation=operation,
            system_id=system_id,
            package=package,
            sender=sender,
        )
        await self._store.run(lambda transaction: transaction.append([fact]))

    def facts(self, after: int = 0, limit: int = 1000) -> list[dict[str, object]]:
        """The stored records after number ``after``, each with its number ``n``."""
        return self._store.past.facts(after, limit)

    def last_fact(self) -> int:
        """The number of the newest record, 0 where there is none."""
        return self._store.past.last_fact()

    def documents(self, document_id: str) -> list[dict[str, object]]:
        """Every packet that bears ``document_id``: the document's sendings, and the statuses about it."""
        return self._store.past.documents(document_id)

    async def package(self, sha: str) -> bytes | None:
        """The bytes of a package by their SHA-256, or None."""
        return await self._store.body(sha)

    async def attachment(self, sha: str) -> bytes | None:
        """An attached file by its own SHA-256, cut out of the package that brought it; None where unknown."""
        place = self._store.past.attachment(sha)
        data = await self._store.body(place.package) if place else None
        if place is None or data is None:
            return None
        return intake.attached_file(data, place.position, self.profile)

    async def reset(self) -> None:
        """Forget everything that happened, the memory of repeats included; systems and secrets stay.

        Witnesses are told by a ``reset`` fact, which is not stored: the world equals a fresh one.
        """
        fact = events.WasReset(at=self.clock.now())

        def job(transaction: Transaction) -> None:
            transaction.forget()
            transaction.append([fact])
            self._working = remembered(self.topology, transaction)

        await self._store.run(job)
        self._publish()

    async def reseed(self, seed: int) -> None:
        """Another seed, for whoever draws from it (the world's nodes, from their next start or reset)."""
        await self._store.run(lambda transaction: transaction.put_meta("seed", str(seed)))
        self.seed = seed


def _new_doc_id(at: datetime) -> str:
    """24 hexadecimal digits: the milliseconds, so that ids grow and the store writes them side by side; then chance."""
    return f"{int(at.timestamp() * 1000) & 0xFFFFFFFFFFF:011x}{os.urandom(7).hex()[:13]}"


def _not_admitted(refusal: Refusal) -> NotAdmitted:
    return NotAdmitted(_NOT_ADMITTED.filled(why=refusal.desc))


def _refused(
    refusal: Refusal,
    *,
    at: datetime,
    operation: str,
    system_id: str,
    package: str | None = None,
    sender: str | None = None,
    document_id: str | None = None,
) -> events.Refused:
    return events.Refused(
        at=at,
        operation=operation,
        system_id=system_id,
        code=refusal.error.code,
        error=refusal.error.id,
        because=refusal.desc,
        package=package,
        sender=sender,
        document_id=document_id,
    )
