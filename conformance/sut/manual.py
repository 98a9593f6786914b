"""A person as the way to the SUT, alone or behind an adapter: what that answers with 501 is asked of people.

``poll`` and ``reset`` are never asked: the SUT polls by itself. A document that a person has sent without typing its
DocumentId is recognised by the axis (``find``).
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from conformance.stage import Reply
from conformance.sut.driver import NOT_OFFERED, Connection, Driver
from conformance.sut.page import Page
from conformance.sut.people import People
from conformance.sut.prompts import ASKING, Answer, Prompt, prompt_for
from conformance.sut.terminal import Terminal
from simulator.words import Lang

__all__ = ["Find", "ManualDriver"]

Find = Callable[[str, Mapping[str, Any]], str]
"""(case, order) -> the DocumentId of the package that answers the order and reached the axis, or ""."""

_TICK = 0.25


class ManualDriver:
    """``inner``: asked first; None: people do everything. ``resumed``: the run goes on after a restart. "
    "``seconds``: how long to look for a sent document."""

    def __init__(
        self,
        people: People,
        *,
        lang: Lang,
        inner: Driver | None = None,
        find: Find = lambda case, order: "",
        seconds: float = 60.0,
        page: Page | None = None,
        terminal: Terminal | None = None,
        resumed: bool = False,
    ) -> None:
        self.people = people
        self.find = find
        self._inner = inner
        self._lang = lang
        self._seconds = seconds
        self._page = page
        self._terminal = terminal
        self._resumed = resumed

    async def start(self, connection: Connection) -> None:
        """Start the adapter, and open the page and the terminal where people are there."""
        if self._inner is not None:
            await self._inner.start(connection)
        if self.people.present:
            if self._page is not None:
                await self._page.start(connection)
            if self._terminal is not None:
                self._terminal.start(self._page.url if self._page else "")

    async def call(self, method: str, path: str, body: Mapping[str, Any]) -> Reply:
        """The adapter's answer, or a person's."""
        if self._resumed and path == "/control/reset":
            return NOT_OFFERED  # the run goes on: the SUT must not forget what it holds
        reply = await self._inner.call(method, path, body) if self._inner is not None else NOT_OFFERED
        if reply.status != NOT_OFFERED.status:
            return reply
        case = ASKING.get()
        prompt = prompt_for(case, f"{method} {path}", body)
        if prompt is None:
            return reply
        answer = await self.people.ask(prompt)
        if not isinstance(answer, Answer):
            return Reply(NOT_OFFERED.status, {"error": answer.in_(self._lang)})
        return await self._found(prompt, answer)

    async def _found(self, prompt: Prompt, answer: Answer) -> Reply:
        reply = prompt.reply(answer)
        if prompt.wants != "id" or not reply.ok or reply.answer["document_id"]:
            return reply
        for _ in range(max(1, int(self._seconds / _TICK))):
            if document_id := self.find(prompt.case, prompt.request):
                return Reply(200, {"document_id": document_id})
            await asyncio.sleep(_TICK)
        return Reply(0, {"error": "the person said done, but no such document reached the axis"})

    async def stop(self) -> None:
        """Close the page and the terminal, and let the adapter go."""
        if self._terminal is not None:
            self._terminal.stop()
        if self._page is not None:
            await self._page.stop()
        if self._inner is not None:
            await self._inner.stop()
