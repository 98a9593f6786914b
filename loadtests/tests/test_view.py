"""What a person who watches a run sees: a panel on a terminal, lines elsewhere."""

import io
from typing import Any

import pytest
from rich.console import Console

from loadtests.executor.view import View
from simulator.words import Lang, Text

PROGRESS: dict[str, Any] = {
    "phase": "draining", "at": 7.0, "seconds": 20.0, "planned": 64, "sent": 64, "refused": 0, "failed": 0, "dropped": 0,
    "fetched": 523, "confirmed": 523, "answered": 457, "polled": 1180, "waiting": 50, "cpu": 0.03, "p99": 0.0,
    "send_lag_p99": 0.0012, "pause_max": 0.003,
}  # fmt: skip


def panel(width: int, lang: Lang, **changed: Any) -> list[str]:
    """The panel as a terminal of that width shows it."""
    console = Console(file=io.StringIO(), width=width, force_terminal=True, color_system=None)
    with View("Kiểm tra nhanh: 20 giây, 95 nút", lang=lang, console=console) as view, console.capture() as shown:
        console.print(view._panel("đang chờ nốt những gì còn trên đường", view._values(PROGRESS | changed)))
    return shown.get().splitlines()


@pytest.mark.parametrize("lang", list(Lang))
@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_no_line_of_the_panel_wraps_whatever_the_width(width: int, lang: Lang) -> None:
    lines = panel(width, lang)

    assert len(lines) == 10
    assert all(len(line) <= width for line in lines)
    assert "523 · 523" in lines[4]
    assert "64 / 64" in lines[2]


def test_columns_stay_where_they_are_from_phase_to_phase() -> None:
    (first, second) = (panel(80, Lang.VI), panel(80, Lang.VI, sent=1, fetched=123_456, p99=1.5))

    assert first[2].index("64 / 64") == second[2].index("1 / 64") == second[8].index("1500 ms")


def test_where_nothing_was_sent_there_is_no_latency() -> None:
    assert panel(80, Lang.EN)[8].split() == ["p99", "of", "the", "last", "second's", "sends", "–"]


@pytest.mark.parametrize("terminal", [False, True], ids=["file", "dumb"])
def test_where_the_cursor_cannot_move_there_are_plain_lines(terminal: bool) -> None:
    out = io.StringIO()
    console = Console(file=out, width=80, force_terminal=terminal, _environ={"TERM": "dumb"})

    with View("Smoke", lang=Lang.EN, console=console) as view:
        view.show({"phase": "starting"})
        view.say(Text("step 1: × 2", "bước 1: × 2"))
        view.show(PROGRESS)

    assert out.getvalue().splitlines() == [
        "starting the axis",
        "step 1: × 2",
        "7 s draining: waiting for what is under way: 64/64 sent, 50 waiting, p99 of sends –, generator CPU 3%",
    ]


def test_what_is_said_on_a_terminal_stays_and_the_panel_goes() -> None:
    out = io.StringIO()
    console = Console(file=out, width=80, force_terminal=True, _environ={"TERM": "xterm"})

    with View("Smoke", lang=Lang.EN, console=console) as view:
        view.show(PROGRESS)
        view.say(Text("step 2: × 4", "bước 2: × 4"))

    said, _, after = out.getvalue().rpartition("step 2: × 4\n")
    assert said.endswith("\x1b[2K")
    assert after.count("\x1b[1A") >= 9
    assert "\x1b[?25h" in after
