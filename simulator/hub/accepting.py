"""Taking a package in: from its bytes to a receipt, durable before anyone is told."""

import asyncio
import functools
import hashlib
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from simulator.hub import decide, events, intake
from simulator.hub.admission import Refusal
from simulator.hub.bodies import Upload
from simulator.hub.desk import Desk, refused_as
from simulator.hub.intake import Letter
from simulator.hub.seals import UNCHECKED
from simulator.hub.store.blobs import Blob
from simulator.hub.store.transaction import Transaction
from simulator.hub.trouble import NotAdmitted
from simulator.words import Text

__all__ = ["SMALL", "Accepting", "Receipt"]

SMALL = 200_000
"""Bytes up to which work is done at once on the event loop; beyond, a thread pays off (performance.md)."""

_CHANCE = random.Random()  # noqa: S311  # seeded by the system; an id is no secret

_NOT_ADMITTED = Text(en="The package was not admitted: {why}", vi="Gói tin không được chấp nhận: {why}")
_UNKNOWN_SYSTEM = Text(
    en="There is no system {system!r} on this axis.", vi="Không có hệ thống {system!r} trên trục này."
)


@dataclass(frozen=True, slots=True)
class Receipt:
    """A sending was taken in, now or (``repeated``) before."""

    doc_id: str
    repeated: bool = False


class Accepting(Desk):
    """sendEdoc, and the control API's wish to queue a package."""

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

        Without ``admit`` nothing is asked but that the receivers exist, and the bytes travel verbatim: so damaged
        ("poison") packages can be put into a queue. What is said of a signature is said of theirs too, unless they
        would have been refused. Raises NotAdmitted.
        """
        if sender_system not in self.directory.systems:
            raise NotAdmitted(_UNKNOWN_SYSTEM.filled(system=sender_system))
        digest, letter = await self._read(package_bytes, message_type)
        if isinstance(letter, Refusal) or not admit:
            if isinstance(letter, Refusal) and admit:
                raise _not_admitted(letter)
            if isinstance(letter, Letter):
                inside, seal = letter.contents, letter.seal
            else:
                inside, seal = intake.glimpse(package_bytes, self.profile), UNCHECKED
            letter = Letter(digest, package_bytes, inside, digest, package_bytes, seal)
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
            authorities=self.authorities,
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
            seal=letter.seal,
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
            if isinstance(facts[0], events.Repeated):
                transaction.append(facts)
                return Receipt(facts[0].doc_id, repeated=True)
            kept = [transaction.keep(blob) for blob in blobs]
            transaction.append(facts, (kept[0], kept[-1]))
            return Receipt(command.doc_id)

        sending = command.contents.document_id, command.package
        return await self._store.run(job, sendings=() if command.queued else (sending,))

    async def _staged(self, sha: str, data: bytes | Upload) -> Blob:
        if not isinstance(data, Upload):
            return await self._store.staged(sha, data)
        if data.stored:  # a fault lets the same request be answered twice
            return Blob(sha, data.size, None)
        data.stored = True
        return await self._store.adopt(sha, data.size, data.file)

    def _refused_submission(self, refusal: Refusal, command: decide.Submit, operation: str) -> events.Refused:
        return refused_as(
            refusal,
            at=command.at,
            operation=operation,
            system_id=command.system_id,
            package=command.package,
            sender=command.sender,
            document_id=command.contents.document_id or None,
        )


def _new_doc_id(at: datetime) -> str:
    """24 hexadecimal digits: the milliseconds, so that ids grow and the store writes them side by side; then chance."""
    return f"{int(at.timestamp() * 1000) & 0xFFFFFFFFFFF:011x}{_CHANCE.getrandbits(52):013x}"


def _not_admitted(refusal: Refusal) -> NotAdmitted:
    return NotAdmitted(_NOT_ADMITTED.filled(why=refusal.desc))
