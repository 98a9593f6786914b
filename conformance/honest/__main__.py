"""``python -m conformance.honest``: fly honest variants and say which of them is accused.

Exit code 0: none; 1: at least one, each accusation on a line; 2: wrong call. A run that is ``incomplete`` accuses
nobody; what it could not prove is counted.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

import click

from conformance.called import selected
from conformance.config import BadConfig
from conformance.honest import HONEST, facts_of
from conformance.honest.flying import REFERENCE, Flown, fly
from simulator.words import Text, both, preferred_language

__all__ = ["main"]

_NO_SUCH = Text(
    en="no honest variant {word!r}; there are {names}", vi="không có biến thể đúng {word!r}; hiện có: {names}"
)
_SUM = Text(en="honest variants accused: {accused} of {of}", vi="biến thể đúng bị kết luận sai: {accused}/{of}")
_BUSY = "import time\nend = time.monotonic() + {seconds}\nwhile time.monotonic() < end: pass"


@click.command(
    help=both(
        "Fly honest variants of the reference (all, or those named; 'reference' is the reference itself).\n\n"
        "Example: python -m conformance.honest slow newest-first --only receiving",
        "Cho các biến thể đúng của hệ thống tham chiếu chạy bộ kiểm (tất cả, hoặc các mã nêu tên; 'reference' là chính"
        " hệ thống tham chiếu).\n\nVí dụ: python -m conformance.honest slow newest-first --only receiving",
    )
)
@click.argument("names", nargs=-1)
@click.option("--only", multiple=True, metavar="CASE|CHAPTER", help=both("Only these.", "Chỉ các mục này."))
@click.option("--seed", default=7, show_default=True, type=int, help=both("Of each run.", "Của mỗi lần chạy."))
@click.option("--jobs", default=1, show_default=True, type=click.IntRange(1, 64),
              help=both("Runs at a time.", "Số lần chạy đồng thời."))  # fmt: skip
@click.option("--busy", default=0.0, type=click.FloatRange(0.0, 3600.0), metavar="SECONDS",
              help=both("Keep every core busy meanwhile, at most so long.",
                        "Giữ mọi lõi CPU bận trong lúc chạy, lâu nhất chừng ấy giây."))  # fmt: skip
@click.option("--nice", default=0, show_default=True, type=click.IntRange(0, 19),
              help=both("Run with that much less right to the processor.", "Hạ ưu tiên CPU của lần chạy."))  # fmt: skip
@click.option("--keep", type=click.Path(path_type=Path, file_okay=False),
              help=both("Keep the run folders here.", "Giữ thư mục các lần chạy ở đây."))  # fmt: skip
@click.pass_context
def main(
    context: click.Context, *, names: tuple[str, ...], only: tuple[str, ...], seed: int, jobs: int, busy: float,
    nice: int, keep: Path | None,
) -> None:  # fmt: skip
    """Fly, print, exit."""
    lang = preferred_language()
    chosen = names or tuple(facts_of(each).id for each in HONEST)
    there = (REFERENCE, *(facts_of(each).id for each in HONEST))
    try:
        selected(only)
    except BadConfig as error:
        raise click.UsageError(error.because.in_(lang)) from error
    for word in chosen:
        if word not in there:
            raise click.UsageError(_NO_SUCH.filled(word=word, names=", ".join(there)).in_(lang))
    accused = 0
    with tempfile.TemporaryDirectory(prefix="axisproof-honest-") as scratch, every_core_busy(busy):
        if nice:
            os.nice(nice)
        folder = keep or Path(scratch)
        with ProcessPoolExecutor(max_workers=jobs, mp_context=get_context("spawn")) as pool:
            flights = [pool.submit(fly, name, only, folder / name, seed=seed) for name in chosen]
            for each in as_completed(flights):
                flown = each.result()
                accused += bool(flown.accused)
                for line in lines(flown):
                    click.echo(line)
    click.echo(_SUM.filled(accused=accused, of=len(chosen)).in_(lang))
    context.exit(1 if accused else 0)


def lines(flown: Flown) -> list[str]:
    """One line of numbers, then an indented one for each accusation."""
    counts = ", ".join(f"{word} {number}" for word, number in sorted(flown.counts.items()))
    known = f"; known: {', '.join(flown.known)}" if flown.known else ""
    word = "ACCUSED" if flown.accused else "ok"
    head = f"{word:<8} {flown.name:<26} {flown.conclusion:<15} {flown.seconds:6.1f} s  {counts}{known}"
    return [head, *(f"         {line}" for line in flown.accused)]


@contextmanager
def every_core_busy(seconds: float) -> Iterator[tuple[subprocess.Popen[bytes], ...]]:
    """A loop on each core while the block runs, ended by its process id, and by itself after ``seconds``; 0: none."""
    count = (os.cpu_count() or 1) if seconds else 0
    loops = [subprocess.Popen([sys.executable, "-c", _BUSY.format(seconds=seconds)]) for _ in range(count)]  # noqa: S603  # our own line
    try:
        yield tuple(loops)
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


if __name__ == "__main__":
    main()
