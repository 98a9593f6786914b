import io

import pytest
from rich.console import Console

from conformance.progress import Progress
from simulator.words import Lang, Text

WAIT = Text("the confirm", "xác nhận")


def test_plain_lines_say_how_far_it_is_and_when_the_next_poll_is_due() -> None:
    out = io.StringIO()

    with Progress(lang=Lang.EN, console=Console(file=out, width=200)) as progress:
        progress.say(Text("it begins", "bắt đầu"))
        progress.plan(total=1, url="http://127.0.0.1:1", next_poll=lambda: 4.2)
        progress.waiting("k", "a/b", WAIT)
        progress.polled()
        progress.going_on("k")
        progress.done("a/b")

    lines = out.getvalue().splitlines()
    assert lines[0] == "it begins"
    assert "has not polled the axis yet: http://127.0.0.1:1" in lines[1]
    assert lines[-1] == "1 of 1 cases done · 0 waiting for the SUT · 1 polls seen · next poll in about 4 s"


def test_a_terminal_shows_who_waits_for_what() -> None:
    out = io.StringIO()
    console = Console(file=out, width=120, force_terminal=True)

    with Progress(lang=Lang.VI, console=console) as progress:
        progress.plan(total=20, url="http://127.0.0.1:1", next_poll=lambda: None)
        for number in range(10):
            progress.waiting(str(number), f"a/case-{number}", WAIT)
        console.print(progress._picture())

    shown = out.getvalue()
    assert "a/case-0" in shown
    assert "xác nhận" in shown
    assert "2 ca kiểm thử nữa" in shown


def test_on_a_terminal_no_wait_takes_two_lines_and_no_column_jumps() -> None:
    out = io.StringIO()
    console = Console(file=out, width=60, force_terminal=True, color_system=None)
    long = Text("the SUT to take the document in and report 01", "SUT nhận văn bản và báo trạng thái 01")

    with Progress(lang=Lang.VI, console=console) as progress:
        progress.plan(total=9, url="http://127.0.0.1:1", next_poll=lambda: None)
        progress.polled()
        for number in range(9):
            progress.waiting(str(number), f"status/acceptance-only-after-accept-{number}", long)
        with console.capture() as many:
            console.print(progress._picture())
        for number in range(8):
            progress.going_on(str(number))
        progress.waiting("short", "a/b", WAIT)
        with console.capture() as few:
            console.print(progress._picture())

    rows = [line for line in many.get().splitlines() if "status/" in line]
    assert len(rows) == 8
    assert all(len(line) <= 60 and "accept-" in line and "SUT nh" in line for line in rows)
    (first, second) = [line for line in few.get().splitlines() if "/acceptance" in line or "a/b" in line]
    assert first.index("SUT") == second.index("xác nhận") == rows[0].index("SUT")


def test_before_the_axis_is_up_nothing_is_counted() -> None:
    out = io.StringIO()

    with Progress(lang=Lang.VI, console=Console(file=out, width=80, force_terminal=True)):
        pass

    assert "đang khởi động trục và SUT" in out.getvalue()
    assert "0/0" not in out.getvalue()


@pytest.mark.parametrize(
    ("environment", "still"), [({"TERM": "dumb"}, False), ({"TERM": "xterm"}, True)], ids=["dumb", "typed-into"]
)
def test_where_the_cursor_cannot_or_may_not_move_there_are_plain_lines(
    environment: dict[str, str], still: bool
) -> None:
    out = io.StringIO()
    console = Console(file=out, width=80, force_terminal=True, _environ=environment)

    with Progress(lang=Lang.EN, still=still, console=console) as progress:
        progress.plan(total=1, url="http://127.0.0.1:1", next_poll=lambda: None)
        progress.polled()
        progress.done("a/b")

    assert out.getvalue() == "1 of 1 cases done · 0 waiting for the SUT · 1 polls seen\n"


def test_quiet_says_nothing() -> None:
    out = io.StringIO()

    with Progress(lang=Lang.VI, quiet=True, console=Console(file=out)) as progress:
        progress.say(WAIT)
        progress.waiting("k", "a/b", WAIT)

    assert out.getvalue() == ""
