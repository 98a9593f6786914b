import io

from rich.console import Console

from conformance.progress import Progress
from simulator.words import Lang, Text

WAIT = Text("the confirm", "xác nhận")


def test_plain_lines_say_how_far_it_is_and_when_the_next_poll_is_due() -> None:
    out = io.StringIO()

    with Progress(lang=Lang.EN, console=Console(file=out, width=200)) as progress:
        progress.say(Text("it begins", "bắt đầu"))
        progress.plan(total=1, url="http://127.0.0.1:1", next_poll=lambda: 4.2)
        progress.waiting("k", "a/b", WAIT, "Example")
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
            progress.waiting(str(number), f"a/case-{number}", WAIT, "Example")
        console.print(progress._picture())

    shown = out.getvalue()
    assert "a/case-0" in shown
    assert "xác nhận" in shown
    assert "2 ca kiểm thử nữa" in shown


def test_quiet_says_nothing() -> None:
    out = io.StringIO()

    with Progress(lang=Lang.VI, quiet=True, console=Console(file=out)) as progress:
        progress.say(WAIT)
        progress.waiting("k", "a/b", WAIT, "Example")

    assert out.getvalue() == ""
