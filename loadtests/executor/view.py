"""How a run goes, for whoever watches: a live panel on a terminal, a line now and then elsewhere. All on stderr."""

import sys
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text as Styled

from simulator.words import Lang, Text

__all__ = ["View"]

_SECONDS_BETWEEN_LINES = 10.0
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
    (Text(en="fetched · confirmed", vi="đã lấy · đã xác nhận"), "{fetched} · {confirmed}   {fetched_rate:.1f}/s"),
    (Text(en="statuses sent", vi="trạng thái đã gửi"), "{answered}   {answered_rate:.1f}/s"),
    (Text(en="lists asked for", vi="lượt hỏi danh sách"), "{polled}   {polled_rate:.1f}/s"),
    (Text(en="waiting (backlog)", vi="đang chờ (tồn)"), "{waiting}"),
    (Text(en="p99 of the last second's sends", vi="p99 lượt gửi trong giây qua"), "{p99_ms:.0f} ms"),
    (
        Text(en="generator: CPU · send lag p99 · pause", vi="bộ sinh tải: CPU · trễ gửi p99 · dừng"),
        "{cpu:.0%} · {lag_ms:.1f} ms · {pause_ms:.0f} ms",
    ),
)
_LINE = Text(
    en="{at:.0f} s {phase}: {sent}/{planned} sent, {waiting} waiting, p99 {p99_ms:.0f} ms, generator {cpu:.0%}",
    vi="{at:.0f} s {phase}: đã gửi {sent}/{planned}, chờ {waiting}, p99 {p99_ms:.0f} ms, bộ sinh tải {cpu:.0%}",
)
_LEFT = Text(en="about {left:.0f} s left", vi="còn khoảng {left:.0f} giây")
_COUNTED = ("sent", "fetched", "answered", "polled")


class View:
    """Shows what ``show`` is told. ``quiet``: says nothing at all."""

    def __init__(self, title: str, *, lang: Lang, quiet: bool = False) -> None:
        self._title = title
        self._lang = lang
        self._quiet = quiet
        self._console = Console(stderr=True)
        self._live: Live | None = None
        self._before: tuple[float, Mapping[str, Any]] = (0.0, {})
        self._phase = ""
        self._said = 0.0

    def __enter__(self) -> Self:
        if not self._quiet and sys.stderr.isatty():
            self._live = Live(console=self._console, refresh_per_second=2, transient=True)
            self._live.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.__exit__(kind, error, trace)

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
            self._live.update(self._panel(said, values))
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
        values["p99_ms"] = progress.get("p99", 0.0) * 1e3
        values["lag_ms"] = progress.get("send_lag_p99", 0.0) * 1e3
        values["pause_ms"] = progress.get("pause_max", 0.0) * 1e3
        values.setdefault("cpu", 0.0)
        if "planned" in progress:
            self._before = (now, progress)
        return values

    def _panel(self, said: str, values: Mapping[str, Any]) -> Table:
        grid = Table.grid(padding=(0, 2))
        grid.add_row(Styled(self._title, style="bold"), Styled(said))
        if "planned" not in values:
            return grid
        seconds, at = float(values["seconds"]), max(0.0, float(values["at"]))
        left = _LEFT.in_(self._lang).format(left=seconds - at) if at < seconds else ""
        grid.add_row(ProgressBar(total=seconds, completed=min(at, seconds), width=40), Styled(left))
        for label, form in _ROWS:
            grid.add_row(Styled(label.in_(self._lang), style="dim"), Styled(form.format(**values)))
        return grid
