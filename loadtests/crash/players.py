"""The clients of a crash run: some send, some list, fetch and say done, until their connections break; then an auditor
compares what the axis has with what they know."""

import asyncio
import base64
import itertools
import json
import random
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from loadtests.bench.messages import Stencil, System, confirming, fetching, listing, sending, sent_list
from loadtests.bench.rawclient import Line, NoAnswer
from loadtests.crash.oracle import History

__all__ = ["Cast", "WrongAnswer"]

T = TypeVar("T")
_NUMBER = re.compile(rb",2026/11/20,(\d{8})/UBND-VP<")
_SMALL, _LARGE = 4 * 1024, 100 * 1024
_LARGE_OF = 25
_REPEATED_SHARE = 0.5
_FETCHED_AT_ONCE = 8
_AUDIT_LINES = 8
_SECONDS_BETWEEN_LISTS, _SECONDS_AFTER_TROUBLE = 0.002, 0.02
_SYSTEM_ERROR = "20"
"""ErrorCode of an axis that could not do its own part (simulator/protocol/errors.py)."""


class WrongAnswer(Exception):
    """The axis said something that no crash explains."""


@dataclass(slots=True)
class Cast:
    """Everybody who plays, and what is known. ``systems`` send to each other; bodies over 64 KB lie in files."""

    systems: Sequence[System]
    chance: random.Random
    history: History = field(default_factory=History)
    senders: int = 4
    receivers: int = 3
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _stencils: dict[tuple[str, int], Stencil] = field(default_factory=dict)
    _unanswered: list[int] = field(default_factory=list)
    _places: dict[int, tuple[System, tuple[System, ...], int]] = field(default_factory=dict)

    # ---------------------------------------------------------------- the load

    async def play(self, port: int, stop: asyncio.Event) -> None:
        """Everybody works until ``stop`` or until their connection breaks. Raises WrongAnswer."""
        again = [number for number in self._unanswered if self.chance.random() < _REPEATED_SHARE]
        self._unanswered.clear()
        feed = itertools.chain(again, self._numbers)
        async with asyncio.TaskGroup() as group:
            for _ in range(self.senders):
                group.create_task(self._until_it_breaks(self._send(port, feed, stop)))
            for system in self.systems:
                for _ in range(self.receivers):
                    group.create_task(self._until_it_breaks(self._receive(port, system, stop)))

    async def _until_it_breaks(self, work: Any) -> None:
        try:
            await work
        except NoAnswer:
            return

    async def _send(self, port: int, feed: Iterator[int], stop: asyncio.Event) -> None:
        async with Line(port) as line:
            while not stop.is_set():
                number = next(feed)
                sender, receivers, package = self._package(number)
                self.history.sending(number, [each.unit for each in receivers])
                self._unanswered.append(number)
                answer = _ok((await line.ask(sending(sender, package))).body, "sendEdoc")
                if answer is None:  # the store is in trouble: nothing was acknowledged, and it may be repeated
                    await asyncio.sleep(_SECONDS_AFTER_TROUBLE)
                    continue
                self.history.acknowledged(number, answer["DocId"])
                self._unanswered.remove(number)

    async def _receive(self, port: int, system: System, stop: asyncio.Event) -> None:
        async with Line(port) as line:
            while not stop.is_set():
                rows = _ok((await line.ask(listing(system))).body, "getReceivedEdocList")
                waiting = [row["docId"] for row in rows["data"]] if rows else []
                for delivery_id in self.chance.sample(waiting, min(len(waiting), _FETCHED_AT_ONCE)):
                    if stop.is_set():
                        return
                    if not await self._fetch(line, system, delivery_id):
                        continue
                    self.history.confirming(delivery_id)
                    if _ok((await line.ask(confirming(system, delivery_id))).body, "updateStatus") is not None:
                        self.history.confirmed(delivery_id)
                if not waiting:
                    await asyncio.sleep(_SECONDS_BETWEEN_LISTS)

    async def _fetch(self, line: Line, system: System, delivery_id: str) -> bool:
        """Read one delivery into the history; False where the axis could not give it just now."""
        answer = _ok((await line.ask(fetching(system, delivery_id))).body, "getEdoc")
        if answer is None:
            return False
        data = base64.b64decode(answer["data"])
        found = _NUMBER.search(data)
        number = int(found[1]) if found else -1
        intact = number in self._places and data == self._package(number)[2]
        self.history.read(delivery_id, number=number, unit=system.unit, intact=intact)
        return True

    def _package(self, number: int) -> tuple[System, tuple[System, ...], bytes]:
        """Sender, receivers and bytes of a document: always the same for the same number."""
        if number not in self._places:
            sender, *others = self.chance.sample(list(self.systems), len(self.systems))
            size = _LARGE if number % _LARGE_OF == 0 else _SMALL
            self._places[number] = (sender, tuple(others[: 1 + number % 2]), size)
        sender, receivers, size = self._places[number]
        key = (",".join(each.unit for each in (sender, *receivers)), size)
        stencil = self._stencils.get(key)
        if stencil is None:
            stencil = Stencil.of(size, sender=sender.unit, receivers=[each.unit for each in receivers])
            self._stencils[key] = stencil
        return sender, receivers, stencil.package(number)

    # ---------------------------------------------------------------- the audit

    async def audit(self, port: int) -> None:
        """Compare every list with the history, while nobody does anything. Raises WrongAnswer, NoAnswer."""
        lists: dict[System, list[str]] = {}
        async with Line(port) as line:
            for system in self.systems:
                rows = _ok((await line.ask(listing(system))).body, "getReceivedEdocList")
                if rows is None:
                    raise WrongAnswer(f"no list for {system.system_id} at rest")
                lists[system] = [row["docId"] for row in rows["data"]]
        new = [(system, each) for system, waiting in lists.items() for each in waiting if not self.history.known(each)]

        async def fetch(line: Line, what: tuple[System, str]) -> None:
            if not await self._fetch(line, *what):
                raise WrongAnswer(f"{what[1]} is listed and cannot be fetched at rest")

        await _spread(port, new, fetch)
        for system, waiting in lists.items():
            self.history.audited(system.unit, waiting)

    async def audit_all(self, port: int) -> None:
        """The lists, and of every acknowledged document what its sender is told became of it."""
        await self.audit(port)
        units = {code: each.unit for each in self.systems for code in (each.unit, *each.spellings)}

        async def ask(line: Line, what: tuple[int, str]) -> None:
            number, doc_id = what
            rows = _ok((await line.ask(sent_list(self._places[number][0], doc_id))).body, "getSentEdocList")
            if rows is None:
                raise WrongAnswer(f"no sent list of {doc_id} at rest")
            found = [(units.get(row["toCode"], row["toCode"]), row["receiverDocId"]) for row in rows["data"]]
            self.history.recorded(number, found)

        await _spread(port, self.history.answered.items(), ask)


async def _spread(port: int, work: Iterable[T], ask: Callable[[Line, T], Awaitable[None]]) -> None:
    """Ask about each of ``work``, on several connections at once."""
    feed = iter(work)

    async def some() -> None:
        async with Line(port) as line:
            for each in feed:
                await ask(line, each)

    async with asyncio.TaskGroup() as group:
        for _ in range(_AUDIT_LINES):
            group.create_task(some())


def _ok(body: bytes, operation: str) -> dict[str, Any] | None:
    """The members of an OK; None for the refusal of a store in trouble. Raises WrongAnswer for anything else."""
    try:
        members = json.loads(body)
    except ValueError as error:
        raise WrongAnswer(f"{operation}: no JSON: {body[:200]!r}") from error
    if members.get("status") == "OK":
        return dict(members)
    if members.get("ErrorCode") == _SYSTEM_ERROR:
        return None
    raise WrongAnswer(f"{operation}: {members.get('ErrorCode')} {members.get('ErrorDesc')}")
