"""How a run goes, for whoever watches: a live panel on a terminal, a line now and then elsewhere. All on stderr."""

import sys
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text as Styled

from simulator.words import Lang, Text

__all__ = ["View"]

_SECONDS_BETWEEN_LINES = 10.0
_LABELS, _VALUES, _LEAST = 40, 20, 12
"""Columns of labels and of values, and what a label keeps where the terminal is narrow."""
_PHASES = {
    "starting": Text(en="starting the axis", vi="khởi động trục"),
    "gathering": Text(en="waiting for {expected} workers on port {port}", vi="chờ {expected} tiến trình ở cổng {port}"),
    "preparing": Text(en="encoding and signing the packages", vi="mã hoá và ký các gói tin"),
    "running": Text(en="running", vi="đang chạy"),
    "draining": Text(en="draining: waiting for what is under way", vi="đang chờ nốt những gì còn trên đường"),
    "finishing": Text(en="asking every list once more", vi="hỏi lại lần cuối mọi danh sách"),
    "judging": Text(en="judging", vi="đang đánh giá"),
    "done": Text(en="finished", vi="đã xong"),
}
_ROWS: tuple[tuple[Text, str], ...] = (
    (Text(en="documents sent", vi="văn bản đã gửi"), "{sent} / {planned}   {sent_rate:.1f}/s"),
    (Text(en="refused · failed · dropped", vi="bị từ chối · lỗi · bỏ"), "{refused} · {failed} · {dropped}"),
    (
        Text(en="fetched · confirmed (with statuses)", vi="đã lấy · đã xác nhận (cả trạng thái)"),
        "{fetched} · {confirmed}   {fetched_rate:.1f}/s",
    ),
    (Text(en="statuses sent", vi="trạng thái đã gửi"), "{answered}   {answered_rate:.1f}/s"),
    (Text(en="lists asked for", vi="lượt hỏi danh sách"), "{polled}   {polled_rate:.1f}/s"),
    (Text(en="waiting (backlog)", vi="đang chờ (tồn)"), "{waiting}"),
    (Text(en="p99 of the last second's sends", vi="p99 lượt gửi trong giây qua"), "{p99_said}"),
    (
        Text(en="generator: CPU · send lag p99 · pause", vi="bộ sinh tải: CPU · trễ gửi p99 · dừng"),
        "{cpu:.0%} · {lag_ms:.1f} ms · {pause_ms:.0f} ms",
    ),
)
_LINE = Text(
    en="{at:.0f} s {phase}: {sent}/{planned} sent, {waiting} waiting, p99 of sends {p99_said}, generator CPU {cpu:.0%}",
    vi="{at:.0f} giây, {phase}: đã gửi {sent}/{planned}, chờ {waiting}, p99 lượt gửi {p99_said},"
    " CPU bộ sinh tải {cpu:.0%}",
)
_LEFT = Text(en="about {left:.0f} s left", vi="còn khoảng {left:.0f} giây")
_COUNTED = ("sent", "fetched", "answered", "polled")


class View:
    """Shows what ``show`` is told. ``quiet``: says nothing at all."""

    def __init__(self, title: str, *, lang: Lang, quiet: bool = False, console: Console | None = None) -> None:
        self._title = title
        self._lang = lang
        self._quiet = quiet
        # FORCE_COLOR makes a console of a log file too: colours may go there, a cursor that moves may not.
        self._console = console or Console(stderr=True, force_interactive=None if sys.stderr.isatty() else False)
        self._live: Live | None = None
        self._before: tuple[float, Mapping[str, Any]] = (0.0, {})
        self._phase = ""
        self._said = 0.0

    def __enter__(self) -> Self:
        if not self._quiet and self._console.is_interactive:
            self._live = Live(console=self._console, auto_refresh=False, transient=True)
            self._live.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.__exit__(kind, error, trace)

    def say(self, text: Text) -> None:
        """A line that stays."""
        if not self._quiet:
            self._console.print(Styled(text.in_(self._lang)), soft_wrap=True)

    def show(self, progress: Mapping[str, Any]) -> None:
        """How it goes now."""
        if self._quiet:
            return
        phase = str(progress.get("phase", ""))
        said = _PHASES.get(phase, Text(phase, phase)).in_(self._lang)
        if "{" in said:
            said = said.format(**progress)
        values = self._values(progress)
        if self._live is not None:
            self._live.update(self._panel(said, values), refresh=True)
            return
        now = time.monotonic()
        if phase != self._phase or now - self._said >= _SECONDS_BETWEEN_LINES:
            self._phase, self._said = phase, now
            counted = "planned" in progress
            line = _LINE.in_(self._lang).format(**{**values, "phase": said}) if counted else said
            self._console.print(Styled(line), soft_wrap=True)

    def _values(self, progress: Mapping[str, Any]) -> dict[str, Any]:
        values = dict(progress)
        at, before = self._before
        now = float(progress.get("at", 0.0))
        passed = max(now - at, 1e-9)
        for name in _COUNTED:
            grown = progress.get(name, 0) - before.get(name, 0)
            values[f"{name}_rate"] = grown / passed if now > at and before else 0.0
        values["p99_said"] = f"{p99 * 1e3:.0f} ms" if (p99 := progress.get("p99", 0.0)) else "–"  # nothing was sent
        values["lag_ms"] = progress.get("send_lag_p99", 0.0) * 1e3
        values["pause_ms"] = progress.get("pause_max", 0.0) * 1e3
        values.setdefault("cpu", 0.0)
        if "planned" in progress:
            self._before = (now, progress)
        return values

    def _panel(self, said: str, values: Mapping[str, Any]) -> Group:
        """Lines that never wrap, in columns that only the width of the terminal moves."""
        head = _line((self._title, "bold"), "  ", said)
        if "planned" not in values:
            return Group(head)
        wide = max(_LEAST, min(_LABELS, self._console.width - _VALUES - 2))
        grid = Table.grid(padding=(0, 2))
        grid.add_column(width=wide, no_wrap=True)
        grid.add_column(no_wrap=True, overflow="ellipsis")
        seconds, at = float(values["seconds"]), max(0.0, float(values["at"]))
        left = _LEFT.in_(self._lang).format(left=seconds - at) if at < seconds else ""
        grid.add_row(ProgressBar(total=seconds, completed=min(at, seconds), width=wide), _line(left))
        for label, form in _ROWS:
            grid.add_row(_line((label.in_(self._lang), "dim")), _line(form.format(**values)))
        return Group(head, grid)


def _line(*parts: str | tuple[str, str]) -> Styled:
    return Styled.assemble(*parts, no_wrap=True, overflow="ellipsis")
