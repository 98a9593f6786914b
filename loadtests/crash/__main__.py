"""``python -m loadtests.crash``: kill -9, at least 200 times, then the account.

Exit code 0: nothing lost, doubled, resurrected or altered; 1: something was; 2: wrong call; 4: the run broke down.
"""

import asyncio
import json
import shutil
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from loadtests.bench.history import commit, machine, versions
from loadtests.bench.processes import DidNotStart, interruptible
from loadtests.bench.rawclient import NoAnswer
from loadtests.crash.cycle import Killed, crash
from loadtests.crash.database import Database, binaries, database
from loadtests.crash.players import WrongAnswer
from simulator.clock import VIETNAM
from simulator.hub.serve import event_loop
from simulator.words import Lang, Text, preferred_language

__all__ = ["main", "summary"]

SCHEMA = "axisproof/crash/1"
_ENOUGH = 200
_TERMINATED = 143
_FOLDER = Path("build/crash").absolute()
_SUMMARY = Path("reports/crash/summary.json")
_SQLITE, _POSTGRES = "sqlite", "postgresql"
_KINDS = ("lost", "doubled", "resurrected", "altered")
_HELP = Text(
    en="Kill -9 the axis, its workers and its database under load; then account for every document.",
    vi="Dừng đột ngột (kill -9) trục, tiến trình phụ và cơ sở dữ liệu khi đang tải; sau đó đối soát mọi văn bản.",
)
_ONLY = Text(en="Only this store.", vi="Chỉ kho lưu trữ này.")
_OUT = Text(en="Default: {path}, from 200 kills on.", vi="Mặc định: {path}, khi có từ 200 lần dừng trở lên.")
_NO_SERVER = Text(
    en="No PostgreSQL server here (Debian: apt-get install postgresql): only the embedded store is killed.",
    vi="Máy này không có PostgreSQL (Debian: apt-get install postgresql): chỉ thử với kho nhúng.",
)
_BROKE_DOWN = Text(en="The run broke down: {why}", vi="Lần chạy bị hỏng: {why}")
_LINE = Text(
    en="{setting}: {kills} kills ({victims}) in {seconds:.0f} s; {acknowledged:,} documents acknowledged, "
    "{confirmed:,} deliveries confirmed; {counts}",
    vi="{setting}: {kills} lần dừng đột ngột ({victims}) trong {seconds:.0f} giây; {acknowledged:,} văn bản được nhận, "
    "{confirmed:,} lượt giao đã xác nhận; {counts}",
)
_WORDS = {
    "lost": Text(en="lost", vi="mất"),
    "doubled": Text(en="doubled", vi="trùng"),
    "resurrected": Text(en="resurrected", vi="xuất hiện lại sau xác nhận"),
    "altered": Text(en="altered", vi="bị thay đổi"),
}
_WRITTEN = Text(en="Written to {path}.", vi="Đã ghi vào {path}.")


_LANG = preferred_language()


@click.command(help=_HELP.in_(_LANG))
@click.option("--kills", default=_ENOUGH, show_default=True, type=click.IntRange(1, 100_000))
@click.option("--seed", default=7, show_default=True, type=int)
@click.option("--only", type=click.Choice([_SQLITE, _POSTGRES]), help=_ONLY.in_(_LANG))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help=_OUT.filled(path=_SUMMARY).in_(_LANG))
@click.pass_context
def main(context: click.Context, *, kills: int, seed: int, only: str | None, out: Path | None) -> None:
    """Kill, account, write."""
    lang = preferred_language()
    server = binaries()
    if server is None and only != _SQLITE:
        click.echo(_NO_SERVER.in_(lang), err=True)
    shutil.rmtree(_FOLDER, ignore_errors=True)
    _FOLDER.mkdir(parents=True)
    begin = time.monotonic()
    try:
        with asyncio.Runner(loop_factory=event_loop) as runner:
            killed = runner.run(interruptible(_all(_shares(kills, only, server is not None), seed, server)))
    except (WrongAnswer, DidNotStart, NoAnswer, ExceptionGroup, TimeoutError) as error:
        click.echo(_BROKE_DOWN.filled(why=_first(error)).in_(lang), err=True)
        context.exit(4)
    except asyncio.CancelledError:
        raise SystemExit(_TERMINATED) from None
    found = summary(killed, seed=seed, seconds=time.monotonic() - begin)
    path = out or (_SUMMARY if kills >= _ENOUGH and only is None else _FOLDER / "summary.json")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", "utf-8")
    for each in killed:
        click.echo(_told(each, lang))
    click.echo(_WRITTEN.filled(path=path).in_(lang))
    context.exit(0 if all(each.account.kept for each in killed) else 1)


def _shares(kills: int, only: str | None, server: bool) -> dict[str, int]:
    """How many kills for each setting."""
    if only is not None:
        return {only: kills}
    shared = kills * 2 // 5 if server else 0  # several processes take longer to start
    return {_SQLITE: kills - shared, _POSTGRES: shared} if shared else {_SQLITE: kills}


async def _all(shares: dict[str, int], seed: int, server: Path | None) -> list[Killed]:
    killed = []
    for setting, kills in shares.items():
        async with AsyncExitStack() as stack:
            base: Database | None = None
            if setting == _POSTGRES:
                if server is None:
                    raise DidNotStart(_NO_SERVER.en)
                base = await stack.enter_async_context(database(server, _FOLDER / "database"))
            killed.append(await crash(setting, kills, seed=seed, folder=_FOLDER, server=base, say=_say))
    _say("")
    return killed


def summary(killed: Sequence[Killed], *, seed: int, seconds: float) -> dict[str, Any]:
    """The figures of a run: sums, and each setting with the documents of its findings."""
    victims: Counter[str] = Counter()
    for each in killed:
        victims.update(each.victims)
    return {
        "schema": SCHEMA,
        "at": datetime.now(VIETNAM).isoformat(timespec="seconds"),
        "commit": commit(),
        "machine": machine(),
        "versions": versions(),
        "seed": seed,
        "seconds": round(seconds, 1),
        "kills": victims.total(),
        "victims": dict(victims),
        "acknowledged": sum(each.account.acknowledged for each in killed),
        "confirmed": sum(each.account.confirmed for each in killed),
        **{kind: sum(each.account.counts[kind] for each in killed) for kind in _KINDS},
        "settings": [
            {
                "store": each.setting,
                "kills": each.victims.total(),
                "victims": dict(each.victims),
                "seconds": round(each.seconds, 1),
                "starts_refused": each.starts_refused,
                "sent": each.account.sent,
                "acknowledged": each.account.acknowledged,
                "deliveries": each.account.deliveries,
                "confirmed": each.account.confirmed,
                **each.account.counts,
                "documents": {kind: getattr(each.account, kind) for kind in _KINDS if each.account.counts[kind]},
            }
            for each in killed
        ],
    }


def _told(each: Killed, lang: Lang) -> str:
    counts = ", ".join(f"{each.account.counts[kind]} {_WORDS[kind].in_(lang)}" for kind in _KINDS)
    victims = ", ".join(f"{name} {count}" for name, count in sorted(each.victims.items()))
    return _LINE.filled(
        setting=each.setting,
        kills=each.victims.total(),
        victims=victims,
        seconds=each.seconds,
        acknowledged=each.account.acknowledged,
        confirmed=each.account.confirmed,
        counts=counts,
    ).in_(lang)


def _first(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _say(what: str) -> None:
    """Progress: one line that is written over, on a terminal only."""
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{what}", err=True, nl=False)


if __name__ == "__main__":
    main()
