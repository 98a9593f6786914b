"""The open questions on the terminal, a wave at a time. The only place that reads what somebody types.

``3`` or ``3 done``: done · ``3 = text``: a value · ``3 no reason``: not possible · ``all``: everything shown is done.
"""

import asyncio
import os
import re
import sys
import threading
from collections.abc import Callable, Mapping

import click

from conformance.sut.people import People
from conformance.sut.prompts import Answer, Prompt
from simulator.words import Lang, Text

__all__ = ["Terminal"]

_SETTLE = 0.5
_LINE = re.compile(r"(?P<number>\d+)\s*(?P<rest>.*)", re.DOTALL)
_HEAD = Text(
    en="{count} things to do at the system under test (also at {url}):",
    vi="{count} việc cần làm trên hệ thống được kiểm thử (xem cả tại {url}):",
)
_HOW = Text(
    en="N: done · N = value · N no [what the system says]: not possible · all: all done",
    vi="N: xong · N = giá trị · N no [hệ thống báo gì]: không thực hiện được · all: xong tất cả",
)


class Terminal:
    """``read``: gives the next line, or raises EOFError where nobody types any more."""

    def __init__(self, people: People, *, lang: Lang, read: Callable[[], str] | None = None) -> None:
        self._people = people
        self._lang = lang
        self._read = read or _line
        self._loop: asyncio.AbstractEventLoop | None = None
        self._later: asyncio.TimerHandle | None = None
        self._shown: set[int] = set()
        self._url = ""

    def start(self, url: str) -> None:
        """Show questions from now on, and read answers in a thread that does not hold the process."""
        self._url = url
        self._loop = asyncio.get_running_loop()
        self._people.changed = self._changed
        threading.Thread(target=self._listen, args=(self._loop,), daemon=True, name="answers").start()

    def stop(self) -> None:
        """Show nothing any more."""
        self._people.changed = lambda: None
        self._loop = None
        if self._later is not None:
            self._later.cancel()

    def _changed(self) -> None:
        """A batch is shown when no more came for a moment."""
        if self._loop is None or not set(self._people.open) - self._shown:
            return
        if self._later is not None:
            self._later.cancel()
        self._later = self._loop.call_later(_SETTLE, self._show)

    def _show(self) -> None:
        fresh = {number: prompt for number, prompt in self._people.open.items() if number not in self._shown}
        self._shown |= set(fresh)
        click.echo("\n".join(lines(fresh, lang=self._lang, url=self._url)), err=True)

    def _listen(self, loop: asyncio.AbstractEventLoop) -> None:
        while self._loop is loop:
            try:
                for line in self._read().splitlines():
                    loop.call_soon_threadsafe(self._take, line)
            except (EOFError, OSError, RuntimeError):  # nobody types any more, or the run is over
                return

    def _take(self, line: str) -> None:
        for number, answer in parse(line, sorted(self._shown & set(self._people.open))):
            if because := self._people.answer(number, answer):
                click.echo(f"{number}: {because.in_(self._lang)}", err=True)


def _line() -> str:
    """What is typed next. Read past ``sys.stdin``: a thread that waits there holds a lock, and a process that ends
    meanwhile is aborted for it.
    """
    data = os.read(sys.stdin.fileno(), 65536)
    if not data:
        raise EOFError
    return data.decode(sys.stdin.encoding or "utf-8", "replace")


def lines(prompts: Mapping[int, Prompt], *, lang: Lang, url: str) -> list[str]:
    """One batch in words."""
    text = [_HEAD.filled(count=len(prompts), url=url or "–").in_(lang)]
    for number, prompt in prompts.items():
        text.append(f"[{number}] {prompt.title.in_(lang)}   ({prompt.case or prompt.call})")
        text += [f"      {name.in_(lang)}: {value}" for name, value in prompt.values]
        text += [f"      + {name} ({len(data)} B)" for name, data in prompt.files.items()]
    return [*text, _HOW.in_(lang)]


def parse(line: str, shown: list[int]) -> list[tuple[int, Answer]]:
    """What a line answers; nothing for a line that cannot be understood."""
    line = line.strip()
    if line.lower() in ("all", "tất cả"):
        return [(number, Answer("done", by="terminal")) for number in shown]
    match = _LINE.fullmatch(line)
    if match is None:
        return []
    number, rest = int(match["number"]), match["rest"].strip()
    if rest.startswith("="):
        return [(number, Answer("value", rest[1:].strip(), "terminal"))]
    word, _, reason = rest.partition(" ")
    if word.lower() in ("no", "không"):
        return [(number, Answer("not-possible", reason.strip(), "terminal"))]
    return [(number, Answer("done", by="terminal"))] if word.lower() in ("", "done", "xong") else []
