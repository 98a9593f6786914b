"""``python -m loadtests.bench``: measure, print the table, keep a full run in the history.

Exit code 0 whatever the numbers are; 2: wrong call; 4: something could not be measured, and is told on stderr.
"""

import asyncio
import shutil
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click

from loadtests.bench.acceptance import WentWrong
from loadtests.bench.comparisons import COMPARISONS, Comparison
from loadtests.bench.course import Course
from loadtests.bench.history import HISTORY, machine, remember
from loadtests.bench.processes import DidNotStart, interruptible, pinned
from loadtests.bench.rawclient import NoAnswer
from loadtests.bench.row import Row, table
from simulator.clock import VIETNAM
from simulator.hub.serve import event_loop
from simulator.words import Lang, Text, preferred_language

__all__ = ["main"]

_HELP = Text(
    en="Ratios within one run, on this machine; nothing is asserted. About 15 minutes; --quick: 2, and worth little.",
    vi="Các tỉ lệ trong cùng một lần chạy trên máy này; không khẳng định. Khoảng 15 phút; --quick: 2 phút, ít giá trị.",
)
_ONLY = Text(en="Only these comparisons.", vi="Chỉ các phép so sánh này.")
_SMALL = Text(en="Small counts, few rounds; not kept in the history.", vi="Đo ít, ít vòng; không lưu vào lịch sử.")
_LIST = Text(en="Say what there is, and leave.", vi="Liệt kê rồi thoát.")
_MACHINE = Text(
    en="{cpu}, {cores} cores, {system}; servers on core {server_core}, load on core {load_core}; "
    "load average before: {load_average}",
    vi="{cpu}, {cores} nhân, {system}; máy chủ ở nhân {server_core}, tải ở nhân {load_core}; "
    "tải trung bình trước đó: {load_average}",
)
_QUICK = Text(
    en="A quick run: small counts, few rounds. It shows that everything works, and no number worth keeping.",
    vi="Chạy nhanh: ít lần đo. Chỉ cho thấy mọi thứ hoạt động, không có con số nào đáng giữ.",
)
_KEPT_IN = Text(en="Added to {path}.", vi="Đã thêm vào {path}.")
_UNKNOWN = Text(
    en="there is no comparison {letter!r}; known are {known}", vi="không có phép so sánh {letter!r}; có {known}"
)
_FAILED = Text(en="{letter}: could not be measured: {why}", vi="{letter}: không đo được: {why}")
_DATA = Path("build/bench/data")
_TERMINATED = 143


_LANG = preferred_language()


@click.command(help=_HELP.in_(_LANG))
@click.option("--only", default="", metavar="a,c", help=_ONLY.in_(_LANG))
@click.option("--quick", is_flag=True, help=_SMALL.in_(_LANG))
@click.option("--list", "listing", is_flag=True, help=_LIST.in_(_LANG))
@click.option("--history", default=HISTORY, show_default=True, type=click.Path(path_type=Path, dir_okay=False))
@click.pass_context
def main(context: click.Context, *, only: str, quick: bool, listing: bool, history: Path) -> None:
    """Measure, print, remember."""
    lang = preferred_language()
    chosen_ones = _chosen(only, lang)
    if listing:
        for each in chosen_ones:
            click.echo(f"{each.letter}  {each.title.in_(lang)}")
        return
    at, here = datetime.now(VIETNAM), machine()
    click.echo(_MACHINE.filled(**here).in_(lang))
    if quick:
        click.echo(_QUICK.in_(lang))
    rows, failed = _measured(chosen_ones, quick, lang)
    if not quick and rows:
        remember(history, rows, at=at, machine=here)
        click.echo(_KEPT_IN.filled(path=history).in_(lang))
    context.exit(4 if failed else 0)


def _chosen(only: str, lang: Lang) -> tuple[Comparison, ...]:
    wanted = [word.strip() for word in only.split(",") if word.strip()]
    known = [each.letter for each in COMPARISONS]
    for letter in wanted:
        if letter not in known:
            raise click.UsageError(_UNKNOWN.filled(letter=letter, known=", ".join(known)).in_(lang))
    return tuple(each for each in COMPARISONS if not wanted or each.letter in wanted)


def _measured(comparisons: Sequence[Comparison], quick: bool, lang: Lang) -> tuple[list[Row], bool]:
    """The rows of all of them, printed as they come, each with an empty data folder; and whether one failed."""
    rows: list[Row] = []
    failed = False
    for each in comparisons:
        shutil.rmtree(_DATA, ignore_errors=True)
        _DATA.mkdir(parents=True)
        course = Course(_DATA.resolve(), quick, _say)
        try:
            with pinned(course.load_core), asyncio.Runner(loop_factory=event_loop) as runner:
                found = runner.run(interruptible(each.run(course)))
            _say("")
            click.echo(table(found, lang))  # at once: a run of all of them takes a quarter of an hour
            rows += found
        except (WentWrong, DidNotStart, NoAnswer, OSError) as error:
            failed = True
            click.echo(f"\r\x1b[K{_FAILED.filled(letter=each.letter, why=error).in_(lang)}", err=True)
        except asyncio.CancelledError:
            raise SystemExit(_TERMINATED) from None
        finally:
            _say("")
            shutil.rmtree(_DATA, ignore_errors=True)
    return rows, failed


def _say(what: str) -> None:
    """Progress: one line that is written over, on a terminal only."""
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{what}", err=True, nl=False)


if __name__ == "__main__":
    main()
