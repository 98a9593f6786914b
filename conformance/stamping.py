"""The run's time-stamp authority: started where a case needs it, and lent to one case at a time.

A query says nothing of the document that it is for, so only one case may ask at a time; the others wait for their turn.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from cryptography.hazmat.primitives import serialization

from conformance.stage import Trouble
from conformance.sut.driver import DriverFailed
from conformance.trust import Vault
from simulator.clock import Clock
from simulator.pki.tsa import Asked, Mood, Tsa
from simulator.words import Text

__all__ = ["Lent", "Stamping"]

_NAME = "TSA THU NGHIEM"
_NOT_RUNNING = Text(en="no time-stamp authority runs", vi="không có máy chủ cấp dấu thời gian nào đang chạy")


class Lent:
    """The authority in the hands of one case; each mood and each query becomes a note of that case."""

    def __init__(self, tsa: Tsa, note: Callable[..., None]) -> None:
        self._tsa = tsa
        self._note = note
        tsa.heard = self._heard

    def be(self, mood: str) -> None:
        """Treat queries so from now on: right, held, refusing, wrong-nonce (simulator/pki/tsa.py)."""
        self._note("time-stamps", mood=mood)
        self._tsa.mood = Mood(mood)

    def _heard(self, word: str, asked: Asked) -> None:
        nonce = None if asked.nonce is None else str(asked.nonce)
        self._note(f"time-stamp-{word}", mood=str(asked.mood), nonce=nonce)


class Stamping:
    """``url`` is what the SUT is given, "" while none runs; ``listen``: host:port, port 0 takes a free one."""

    def __init__(self, vault: Vault, clock: Clock, *, listen: str, patience: Callable[[], float]) -> None:
        self._vault = vault
        self._clock = clock
        self._listen = listen
        self._patience = patience
        self._turn = asyncio.Lock()
        self._tsa: Tsa | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return self._tsa.url if self._tsa else ""

    async def start(self, stack: AsyncExitStack) -> None:
        """Listen until the stack is closed. Raises DriverFailed where the address is taken."""
        host, _, port = self._listen.rpartition(":")
        identity = self._vault.pki.issue(_NAME, purpose="time-stamp")
        tsa = Tsa(identity, self._clock, host=host, port=int(port), patience=self._patience)
        try:
            self._tsa = await stack.enter_async_context(tsa)
        except OSError as error:
            raise DriverFailed(f"{self._listen}: {error.strerror or error} ([trust] tsa_listen)") from error

    @asynccontextmanager
    async def lent(self, note: Callable[..., Any]) -> AsyncIterator[Lent]:
        """The authority, for one case alone, as soon as it is free. Raises Trouble where none runs."""
        if self._tsa is None:
            raise Trouble(_NOT_RUNNING)
        tsa = self._tsa
        certificate = tsa.identity.certificate.public_bytes(serialization.Encoding.DER)
        async with self._turn:
            note("time-stamping", by=hashlib.sha256(certificate).hexdigest())
            try:
                yield Lent(tsa, note)
            finally:
                tsa.mood, tsa.heard = Mood.RIGHT, lambda word, asked: None
