"""The axis: read the view, ask ``decide``, append in one durable transaction; nothing else.

What the caller may do is decided there; who the caller is was settled before (web.py).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

from simulator.clock import Clock
from simulator.hub import decide, events
from simulator.hub.accepting import Accepting
from simulator.hub.admission import Refusal
from simulator.hub.attachments import attached_file, by_digest, find_attachments
from simulator.hub.bodies import LARGE
from simulator.hub.delivery import listed_stages
from simulator.hub.desk import refused_as
from simulator.hub.directory import Credentials, System
from simulator.hub.roster import give_secrets, new_secret, remembered, stored
from simulator.hub.store.base import Store
from simulator.hub.store.opening import open_store
from simulator.hub.store.reading import Listed, Sent
from simulator.hub.store.transaction import Transaction
from simulator.protocol.profile import Profile
from simulator.topology import Topology, Unit

if TYPE_CHECKING:
    from cryptography import x509

__all__ = ["Hub"]


class Hub(Accepting):
    """One axis with its data folder."""

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
        authorities: Sequence["x509.Certificate"] = (),
    ) -> Self:
        """Open the axis on a new or kept data folder; every system of ``topology`` gets a secret that stays.

        ``address``: of a database shared by several processes; None: SQLite in the folder. ``owner``: False for a
        further process on what another has opened. ``authorities``: the installed ones, by which the signatures of
        packets are checked. Raises OtherVersion, UnusableData, DataInUse (all HubError).
        """
        store = open_store(data, address, owner=owner)
        if not owner:
            kept = int(store.past.meta("seed") or seed)
            return cls(store, topology, profile=profile, clock=clock, seed=kept, authorities=authorities)

        def prepare(transaction: Transaction) -> None:
            give_secrets(topology, transaction)
            transaction.put_meta("seed", str(seed))

        store.at_once(prepare)
        return cls(store, topology, profile=profile, clock=clock, seed=seed, authorities=authorities)

    @property
    def store(self) -> Store:
        """Where everything is kept."""
        return self._store

    async def close(self) -> None:
        """Finish what was begun, then close the store."""
        await self._store.close()

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
        found = await self._fetched(system_id, delivery_id, operation)
        return found if isinstance(found, Refusal) else await self._store.body(found) or b""

    async def fetch_file(
        self, system_id: str, delivery_id: str, *, operation: str = "getEdoc"
    ) -> Path | bytes | Refusal:
        """The same; of a large one the file in which it lies."""
        found = await self._fetched(system_id, delivery_id, operation)
        if isinstance(found, Refusal):
            return found
        file = self._store.file(found)
        large = file is not None and file.exists() and file.stat().st_size > LARGE
        return file if file is not None and large else await self._store.body(found) or b""

    async def _fetched(self, system_id: str, delivery_id: str, operation: str) -> int | Refusal:
        command = decide.Fetch(at=self.clock.now(), system_id=system_id, delivery_id=delivery_id)

        def job(transaction: Transaction) -> int | Refusal:
            facts = decide.fetch(command, self._view(transaction), self.profile)
            if isinstance(facts, Refusal):
                transaction.append([refused_as(facts, at=command.at, operation=operation, system_id=system_id)])
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

    # ---------------------------------------------------------------- facts, the control API's wishes

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
        return await by_digest(self._store, sha)

    async def attachment(self, sha: str) -> bytes | None:
        """An attached file by its own SHA-256, cut out of the package that brought it; None where unknown."""
        await find_attachments(self._store, self.profile)
        place = self._store.past.attachment(sha)
        data = await self._store.body(place.blob) if place else None
        if place is None or data is None:
            return None
        return attached_file(data, place.position, self.profile)

    async def reset(self) -> None:
        """Forget everything that happened, the memory of repeats included; systems and secrets stay.

        Witnesses are told by a ``reset`` fact, which is not stored: the world equals a fresh one.
        """
        fact = events.WasReset(at=self.clock.now())

        def job(transaction: Transaction) -> None:
            transaction.forget()
            transaction.append([fact])
            self._working = remembered(self.topology, transaction)

        await self._store.run(job, long=True)
        self._publish()

    async def reseed(self, seed: int) -> None:
        """Another seed, for whoever draws from it (the world's nodes, from their next start or reset)."""
        await self._store.run(lambda transaction: transaction.put_meta("seed", str(seed)))
        self.seed = seed
