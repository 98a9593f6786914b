"""How the reference system signs what it sends: in the background, queued until the time-stamp is there.

A TSA takes from two seconds to two minutes, or refuses (pitfall 43). Polling, the clerk's desk and the other documents
go on meanwhile; the document waits as ``queued``, is tried again with each poll, and never leaves unsigned. It is
``failed`` only where it can never be signed.
"""

import asyncio
import importlib
import logging
from dataclasses import replace
from types import ModuleType

import httpx

from simulator.agency.kit.orders import REFUSALS, Order, Refused
from simulator.agency.kit.sending import Sending
from simulator.agency.kit.store import Letter
from simulator.protocol import codec
from simulator.protocol.package import Attachment, Package

__all__ = ["Signing"]

_LOG = logging.getLogger(__name__)
_QUERY = {"content-type": "application/timestamp-query", "accept": "application/timestamp-reply"}


class Signing(Sending):
    """Orders with ``"sign": true``; every step can be replaced alone."""

    _signing: asyncio.Task[None] | None = None
    _sign_again = False

    def check_signing(self, order: Order) -> None:
        """Who is told to sign needs a key and a TSA, and a PDF to sign. Raises Refused."""
        if not order.sign:
            return
        if self.config.signer is None or not self.config.tsa:
            raise Refused(REFUSALS["no-signer"])
        if not any(name.lower().endswith(".pdf") for name, _ in order.attachments):
            raise Refused(REFUSALS["nothing-to-sign"])

    # ---------------------------------------------------------------- rounds

    def sign_soon(self) -> asyncio.Task[None]:
        """Sign what waits, beside everything else; one round runs at a time, a call in its midst adds another."""
        self._sign_again = True
        if self._signing is None or self._signing.done():
            self._signing = asyncio.create_task(self.sign_waiting())
        return self._signing

    async def sign_waiting(self) -> None:
        """One try for each letter that is not signed yet; those that got no stamp are left for the next round."""
        while self._sign_again:
            self._sign_again = False
            for letter in self.store.unsigned():
                try:
                    await self.sign_letter(letter)
                except Exception:  # one document's defect must not keep the others back
                    _LOG.exception("letter %s could not be signed", letter.seq)

    async def sign_letter(self, letter: Letter) -> None:
        """Sign and stamp the PDFs of one letter, then let it leave; without a stamp it stays where it is."""
        stamping = await self.stamping()
        try:
            package = await self.signed_package(letter)
        except stamping.NotStamped as error:
            self.note(letter.lane, f"not stamped yet: {error}")
        except stamping.ForGood as error:
            self.letter_unsignable(letter, str(error))
        else:
            self.letter_signed(letter, package)

    async def signed_package(self, letter: Letter) -> Package:
        """The package with its PDFs signed. Raises NotStamped, ForGood."""
        package = codec.decode(letter.data).packet
        assert isinstance(package, Package)  # noqa: S101  # we wrote it
        attachments = [await self.signed_attachment(each) for each in package.attachments]
        return replace(package, attachments=tuple(attachments))

    async def signed_attachment(self, attachment: Attachment) -> Attachment:
        """A PDF signed, under its name and its id; any other file as it is."""
        data = attachment.file(self.config.limits)
        if not (data.startswith(b"%PDF") or attachment.name.lower().endswith(".pdf")):
            return attachment
        signed = await self.signed_file(data)
        return Attachment.of_file(attachment.name, signed, content_id=attachment.content_id)

    async def signed_file(self, data: bytes) -> bytes:
        """One PDF signed with our key and stamped by the TSA, however long that takes. Raises NotStamped, ForGood."""
        assert self.config.signer is not None  # noqa: S101  # check_signing looked
        signed: bytes = await (await self.stamping()).signed(data, self.config.signer, self.stamp)
        return signed

    def letter_signed(self, letter: Letter, package: Package) -> None:
        """It may leave now: the signed bytes take the place of the others everywhere."""
        data = self.encode(package)
        with self.store.transaction():
            if letter.seq not in {each.seq for each in self.store.unsigned()}:
                return  # forgotten meanwhile
            self.store.put(replace(letter, data=data, state="waiting"))
            row = self.store.outgoing_row(letter.outgoing) if letter.outgoing else None
            if row is not None:
                files = tuple(
                    self.file_record(each.name, each.file(self.config.limits)) for each in package.attachments
                )
                self.store.put(replace(row, files=files))
                self.store.keep_package("out", row.seq, data)
        self.kick()

    def letter_unsignable(self, letter: Letter, why: str) -> None:
        """It can never be signed: the clerk sees why, and nothing leaves."""
        because = REFUSALS["unsignable"].filled(detail=why)
        with self.store.transaction():
            self.store.letter_settled(letter.seq, "refused")
            self.note(letter.lane, because.en)
            row = self.store.outgoing_row(letter.outgoing) if letter.outgoing else None
            if row is not None:
                self.store.put(replace(row, state="failed", reason=because.vi))

    # ---------------------------------------------------------------- the time-stamp

    async def stamp(self, query: bytes) -> bytes:
        """The token for an encoded query; one that answers another query is none. Raises NotStamped, ForGood."""
        stamping = await self.stamping()
        token: bytes = stamping.granted(await self.ask_tsa(query))
        if not await self.stamp_fits(query, token):
            raise stamping.NotStamped("the TSA answered another query")
        return token

    async def stamp_fits(self, query: bytes, token: bytes) -> bool:
        """Whether a token bears the nonce and the digest of our query."""
        return bool((await self.stamping()).fitting(query, token))

    async def ask_tsa(self, query: bytes) -> bytes:
        """One exchange with the TSA (RFC 3161, 3.4); patient for ``config.stamp_seconds``. Raises NotStamped."""
        stamping = await self.stamping()
        seconds = httpx.Timeout(self.config.stamp_seconds, connect=10.0)
        try:
            async with httpx.AsyncClient(trust_env=False, timeout=seconds) as client:
                reply = await client.post(self.config.tsa, content=query, headers=_QUERY)
        except httpx.HTTPError as error:
            raise stamping.NotStamped(f"{type(error).__name__}: {error}") from error
        if reply.status_code != 200:
            raise stamping.NotStamped(f"HTTP {reply.status_code}")
        return reply.content

    async def stamping(self) -> ModuleType:
        """The module that knows pyHanko: a third of a second at its first import, not on the loop."""
        return await asyncio.to_thread(importlib.import_module, "simulator.agency.kit.stamping")
