"""What a run shows while it runs, on stderr only: cases that wait, for what, and when the SUT should poll next."""

import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text as Line

from simulator.words import Lang, Text

__all__ = ["Progress"]

_SHOWN = 8
_PLAIN_SECONDS = 5.0
_HEAD = Text(
    en="{done} of {total} cases done · {waiting} waiting for the SUT · {polls} polls seen",
    vi="xong {done}/{total} ca kiểm thử · {waiting} đang chờ SUT · đã thấy {polls} lần hỏi trục",
)
_STARTING = Text(en="starting the axis and the SUT", vi="đang khởi động trục và SUT")
_NEXT = Text(en="next poll in about {seconds:.0f} s", vi="lần hỏi trục kế tiếp sau khoảng {seconds:.0f} giây")
_SILENT = Text(
    en="the SUT has not polled the axis yet: {url}",
    vi="SUT chưa hỏi trục lần nào: {url}",
)
_MORE = Text(en="… and {more} more", vi="… và {more} ca kiểm thử nữa")


class Progress:
    """A table that moves on a terminal, plain lines elsewhere, nothing where ``quiet``.

    ``still``: no table either way, for others write on this terminal too and somebody types. ``next_poll``: asked for
    the seconds until the SUT's next poll.
    """

    def __init__(self, *, lang: Lang, quiet: bool = False, still: bool = False, console: Console | None = None) -> None:
        self._lang = lang
        self._quiet = quiet
        # FORCE_COLOR makes a console of a log file too: colours may go there, a cursor that moves may not.
        self._console = console or Console(stderr=True, force_interactive=None if sys.stderr.isatty() else False)
        self._moves = self._console.is_interactive and not (quiet or still)
        self._waits: dict[str, tuple[str, Text]] = {}
        self._widest = 0
        self._total = self._done = self._polls = 0
        self._said_at = 0.0
        self._url = ""
        self._next_poll: Callable[[], float | None] = lambda: None
        self._live = Live(console=self._console, refresh_per_second=4, get_renderable=self._picture, transient=True)

    def __enter__(self) -> Self:
        if self._moves:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live.is_started:
            self._live.stop()

    def say(self, text: Text) -> None:
        """A line that stays."""
        if not self._quiet:
            self._console.print(text.in_(self._lang), highlight=False, markup=False, soft_wrap=True)

    def plan(self, *, total: int, url: str, next_poll: Callable[[], float | None]) -> None:
        """The run begins."""
        self._total, self._url, self._next_poll = total, url, next_poll

    def waiting(self, key: str, case: str, for_: Text) -> None:
        """A case waits for something of the SUT."""
        self._waits[key] = (case, for_)
        self._plain()

    def going_on(self, key: str) -> None:
        """That wait is over."""
        self._waits.pop(key, None)

    def polled(self) -> None:
        """The SUT polled."""
        self._polls += 1

    def done(self, case: str) -> None:
        """A case is through."""
        self._done += 1
        self._plain(force=self._done == self._total)

    def _head(self) -> str:
        if not self._url:
            return _STARTING.in_(self._lang)
        head = _HEAD.filled(done=self._done, total=self._total, waiting=len(self._waits), polls=self._polls)
        seconds = self._next_poll()
        parts = [head.in_(self._lang)]
        if not self._polls:
            parts.append(_SILENT.filled(url=self._url).in_(self._lang))
        elif seconds is not None and seconds >= 1:
            parts.append(_NEXT.filled(seconds=seconds).in_(self._lang))
        return " · ".join(parts)

    def _plain(self, *, force: bool = False) -> None:
        if self._quiet or self._live.is_started:
            return
        now = time.monotonic()
        if force or now - self._said_at >= _PLAIN_SECONDS:
            self._said_at = now
            self._console.print(self._head(), highlight=False, markup=False, soft_wrap=True)

    def _picture(self) -> Group:
        """One line a wait, and columns that stay where they are: a name of a case is cut last."""
        waits = list(self._waits.values())
        shown = waits[:_SHOWN]
        self._widest = max([self._widest, *(len(case) for case, _ in shown)])
        table = Table(box=None, padding=(0, 1), show_header=False)
        table.add_column(no_wrap=True, overflow="ellipsis")
        table.add_column()
        for case, for_ in shown:
            wanted = Line(for_.in_(self._lang), no_wrap=True, overflow="ellipsis")
            table.add_row(Line(case.ljust(self._widest), style="bold"), wanted)
        parts: list[RenderableType] = [Line(self._head()), table]
        if len(waits) > _SHOWN:
            parts.append(Line(f" {_MORE.filled(more=len(waits) - _SHOWN).in_(self._lang)}", style="dim"))
        return Group(*parts)
