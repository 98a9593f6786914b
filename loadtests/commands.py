"""``axisproof load``: a scenario against an axis or a system under test, with a verdict (contract, sections 1 and 2).

Thin: reads the options, has executor/run.py carry the run out, prints. stdout holds the result, stderr how it goes.
Nothing here imports locust: it patches the interpreter, and lives in the processes that a run starts.
"""

import contextlib
import json
import secrets
import shutil
import signal
import socket
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simulator.words import Lang, Text, both, preferred_language

if TYPE_CHECKING:
    from fixtures.topologies import TopologyNotUsable
    from loadtests.executor.asked import BadTarget
    from loadtests.executor.run import Order
    from loadtests.result import Result
    from loadtests.scenario import ScenarioError
    from simulator.faults.asked import BadFault

__all__ = ["load"]

_MOST_WORKERS = 200
_NOT_EMPTY = Text(
    en="{folder} is not an empty folder; give --out another one",
    vi="{folder} không phải thư mục rỗng; hãy chọn thư mục khác cho --out",
)
_NO_FOLDER = Text(en="the folder {folder} cannot be made: {why}", vi="không tạo được thư mục {folder}: {why}")
_NO_SCENARIO = Text(
    en="which scenario? One of {known}, or a file of your own",
    vi="chạy kịch bản nào? Một trong {known}, hoặc tệp của bạn",
)
_TWO_RUNS = Text(en="load compare takes two run folders", vi="load compare cần hai thư mục lần chạy")
_ONE = Text(en="one scenario at a time, not {seen}", vi="mỗi lần chỉ một kịch bản, không phải {seen}")
_NOT_BOTH = Text(en="{one} and {other} do not go together", vi="không dùng {one} cùng {other}")
_WORKER_NEEDS = Text(en="--worker needs --master-port", vi="--worker cần --master-port")
_CREDENTIALS_NEED = Text(
    en="--credentials belongs to an axis that is up already: give --hub too",
    vi="--credentials dành cho trục đang chạy: hãy thêm --hub",
)
_MASTER_NEEDS = Text(en="--master needs --master-port", vi="--master cần --master-port")
_HUB_WORKERS_NEED = Text(
    en="--hub-workers above 1 needs a database that all of them share: give --store postgresql://…",
    vi="--hub-workers lớn hơn 1 cần cơ sở dữ liệu dùng chung: hãy thêm --store postgresql://…",
)
_FOR = Text(en="the scenario {name} is for the target {target}", vi="kịch bản {name} dành cho đích {target}")
_BUSY = Text(en="--web-port {port} cannot be used: {why}", vi="không dùng được --web-port {port}: {why}")
_FEW_NODES = Text(en="--nodes must be at least 2", vi="--nodes phải từ 2 trở lên")
_STOPPED = Text(en="stopped; nothing was measured", vi="đã dừng; chưa đo được gì")
_SEARCH_STOPPED = Text(
    en="stopped in step {number}: no capacity can be concluded; the steps so far are in {folder}",
    vi="đã dừng ở bước {number}: chưa kết luận được năng lực; các bước đã chạy nằm ở {folder}",
)
_STEP = Text(en="step {number}: × {scale:g}", vi="bước {number}: × {scale:g}")
_FOLDER = Text(en="The run is in {folder}", vi="Kết quả nằm ở {folder}")


_EXAMPLES = """\b
Example / Ví dụ:
  axisproof load smoke
  axisproof load morning-peak --scale 10 --duration 120
  axisproof load smoke --sut reference
  axisproof load smoke --fault loses-one-in-n:100
  axisproof load smoke --store postgresql://127.0.0.1/axis --hub-workers 2
  axisproof load whole-country --workers 2 --find-capacity
  axisproof load compare runs/before runs/after
"""


@click.command(
    help=both(
        "A load scenario against an axis (our own, or any on this machine) or against a system under test, with a"
        " verdict: every document accounted for, then the thresholds. `load compare RUN_A RUN_B` compares two runs."
        "\n\nSCENARIO: one of `axisproof catalogue scenarios`, or a TOML file of your own.",
        "Chạy một kịch bản tải lên trục (của chương trình, hoặc trục bất kỳ trên máy này) hoặc lên hệ thống được kiểm"
        " thử, rồi kết luận: đối soát từng văn bản, sau đó tới các ngưỡng. `load compare RUN_A RUN_B` so sánh hai lần."
        "\n\nSCENARIO: một kịch bản trong `axisproof catalogue scenarios`, hoặc tệp TOML của bạn.",
    ),
    epilog=both(
        f"{_EXAMPLES}\n\b\nExit code: 0 every threshold kept, 1 broken, 2 wrong call,\n"
        "3 the run proves nothing, 4 our own side failed.",
        f"{_EXAMPLES}\n\b\nMã thoát: 0 mọi ngưỡng được giữ, 1 không đạt, 2 gọi sai,\n"
        "3 lần chạy không chứng minh được gì, 4 lỗi của chính chương trình.",
    ),
)
@click.argument("what", nargs=-1, metavar="SCENARIO | compare RUN_A RUN_B")
@click.option("--scale", type=click.FloatRange(min=0.0, min_open=True), default=1.0, show_default=True, metavar="TIMES",
              help=both("So many times the arrivals.", "Nhân số văn bản lên bấy nhiêu lần."))  # fmt: skip
@click.option("--duration", type=click.FloatRange(min=0.0, min_open=True), metavar="SECONDS",
              help=both("Another length of the plan; documents a second stay the same.",
                        "Độ dài khác cho kế hoạch; số văn bản mỗi giây giữ nguyên."))  # fmt: skip
@click.option("--seed", type=int, default=7, show_default=True, metavar="N",
              help=both("The same seed gives the same plan.", "Cùng seed, cùng kế hoạch."))  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
              help=both("A new or empty folder for the run.", "Thư mục mới hoặc rỗng cho lần chạy."))  # fmt: skip
@click.option("--hub", metavar="URL",
              help=both("An axis that is up already, on this machine: `serve --no-nodes`.",
                        "Trục đang chạy trên máy này: `serve --no-nodes`."))  # fmt: skip
@click.option("--credentials", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help=both("Secrets and units of that axis's systems (JSON, as `serve` writes them).",
                        "Khóa và đơn vị của các hệ thống trên trục đó (JSON, như `serve` ghi)."))  # fmt: skip
@click.option("--sut", metavar="reference|SUT.toml",
              help=both("Load this system under test; the axis floods its mailbox.",
                        "Gửi tải vào hệ thống được kiểm thử này; trục dồn văn bản vào hộp thư của nó."))  # fmt: skip
@click.option("--nodes", type=int, metavar="N",
              help=both("So many agency nodes, not the scenario's.", "Số nút đơn vị, thay cho kịch bản."))  # fmt: skip
@click.option("--workers", type=click.IntRange(1, _MOST_WORKERS), default=1, show_default=True, metavar="N",
              help=both("Processes that generate the load.", "Số tiến trình sinh tải."))  # fmt: skip
@click.option("--master", is_flag=True,
              help=both("Only lead workers started by hand.", "Chỉ điều phối các worker tự chạy."))  # fmt: skip
@click.option("--worker", is_flag=True,
              help=both("Be one of those workers.", "Làm một trong các worker đó."))  # fmt: skip
@click.option("--master-host", default="127.0.0.1", show_default=True, metavar="HOST",
              help=both("Where the master is.", "Địa chỉ của master."))  # fmt: skip
@click.option("--master-port", type=click.IntRange(0, 65535), default=0, metavar="PORT",
              help=both("The master's port.", "Cổng của master."))  # fmt: skip
@click.option("--fault", "faults", multiple=True, metavar="NAME[:VALUE]",
              help=both("Make our own axis wrong: see `catalogue faults`.",
                        "Cố ý làm sai trục của chương trình: xem `catalogue faults`."))  # fmt: skip
@click.option("--hub-workers", type=click.IntRange(1, 64), default=1, show_default=True, metavar="N",
              help=both("Processes that carry our own axis; more than one need --store.",
                        "Số tiến trình phục vụ trục của chương trình; trên 1 cần --store."))  # fmt: skip
@click.option("--store", metavar="postgresql://…",
              help=both("A PostgreSQL database for our own axis, instead of SQLite; the run uses a schema of its own.",
                        "Cơ sở dữ liệu PostgreSQL cho trục này; mỗi lần chạy một schema riêng."))  # fmt: skip
@click.option("--find-capacity", is_flag=True,
              help=both("Step by step to the load that is just carried.",
                        "Tăng từng bước tới mức tải còn chịu được."))  # fmt: skip
@click.option("--web-port", type=click.IntRange(0, 65535), default=0, metavar="PORT",
              help=both("Also serve locust's own page there, to watch and to stop; the plan starts by itself.",
                        "Mở thêm trang của locust ở cổng này để xem và dừng; kế hoạch tự chạy."))  # fmt: skip
@click.option("--no-input", is_flag=True, help=both("Nobody is there to ask.", "Không có ai để hỏi."))
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True,
              help=both("What stdout holds.", "Nội dung ghi ra stdout."))  # fmt: skip
@click.pass_context
def load(context: click.Context, /, *, what: tuple[str, ...], format_: str, **options: Any) -> None:
    """Run, judge, print; exit as the contract says."""
    lang: Lang = getattr(context.obj, "lang", None) or preferred_language()
    with _told(lang):
        if what[:1] == ("compare",):
            _compare(what[1:], format_, lang)
        elif options["worker"]:
            _be_worker(options)
        else:
            context.exit(_run(context, what, format_, lang, options))


# ---------------------------------------------------------------- the three things it does


def _run(context: click.Context, what: tuple[str, ...], format_: str, lang: Lang, options: dict[str, Any]) -> int:
    from loadtests.executor.run import carry_out
    from loadtests.executor.view import View
    from loadtests.said import in_words

    order = _order(what, options, lang)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # either way the run ends cleanly and is judged
    with _made(order.folder):
        if options["find_capacity"]:
            return _find_capacity(order, format_, lang, options["scale"])
        with View(order.scenario.title.in_(lang), lang=lang) as view:
            result = carry_out(order, view.show)
    printed = _printed(context, result, lang)
    if format_ == "json":
        click.echo(json.dumps(result.document, ensure_ascii=False))
    else:
        click.echo(in_words(result.document, lang))
    for path in (result.folder / "result.json", *printed):
        click.echo(str(path), err=True)
    return result.exit_code


def _find_capacity(order: "Order", format_: str, lang: Lang, first: float) -> int:
    import dataclasses
    import os

    from loadtests import scenario as scenarios
    from loadtests.capacity import CapacitySearch, step_of
    from loadtests.executor.run import carry_out
    from loadtests.executor.view import View

    search = CapacitySearch(first=first, cores=os.cpu_count() or 1, seed=order.seed)
    base = scenarios.scaled(order.scenario, scale=1.0 / order.scenario.scale)
    number, stopped = 0, False
    with View(order.scenario.title.in_(lang), lang=lang) as view:
        while not stopped and (scale := search.next_scale()) is not None:
            number += 1
            folder = order.folder / f"step-{number:02}"
            folder.mkdir()
            view.say(_STEP.filled(number=number, scale=scale))
            step = dataclasses.replace(order, scenario=scenarios.scaled(base, scale=scale), folder=folder)
            document = carry_out(step, view.show).document
            stopped = document.get("ended") == "stopped"  # by Ctrl+C: that step says nothing about the target
            if not stopped:
                search.record(step_of(document))
    if stopped:
        click.echo(_SEARCH_STOPPED.filled(number=number, folder=order.folder).in_(lang), err=True)
        return 3
    found = search.conclude()
    members = found.to_json()
    (order.folder / "capacity.json").write_text(json.dumps(members, ensure_ascii=False, indent=1) + "\n", "utf-8")
    click.echo(json.dumps(members, ensure_ascii=False) if format_ == "json" else found.text().in_(lang))
    click.echo(_FOLDER.filled(folder=order.folder).in_(lang), err=True)
    return found.exit_code


def _compare(folders: tuple[str, ...], format_: str, lang: Lang) -> None:
    from loadtests.compare import compare

    if len(folders) != 2:
        raise _Wrong(_TWO_RUNS)
    found = compare(Path(folders[0]), Path(folders[1]))
    click.echo(json.dumps(found.to_json(), ensure_ascii=False) if format_ == "json" else found.table().in_(lang))


def _be_worker(options: dict[str, Any]) -> None:
    """Become a worker process: the engine's own interpreter, for as long as its master wants it."""
    import os
    import sys

    if not options["master_port"]:
        raise _Wrong(_WORKER_NEEDS)
    arguments = ["--worker", "--master-host", options["master_host"], "--master-port", str(options["master_port"])]
    os.execv(sys.executable, [sys.executable, "-m", "loadtests.executor", *arguments])  # noqa: S606  # our own


# ---------------------------------------------------------------- what was asked for


class _Wrong(Exception):
    """A wrong call."""

    def __init__(self, because: Text) -> None:
        super().__init__(because.en)
        self.because = because


def _order(what: Sequence[str], options: dict[str, Any], lang: Lang) -> "Order":
    """The checked call. Raises _Wrong, ScenarioError, BadTarget, BadFault."""
    from loadtests import scenario as scenarios
    from loadtests.executor import asked
    from loadtests.executor.run import Order
    from simulator.faults.asked import parse

    if not what:
        raise _Wrong(_NO_SCENARIO.filled(known=", ".join(scenarios.SCENARIOS)))
    if len(what) > 1:
        raise _Wrong(_ONE.filled(seen=" ".join(what)))
    _check_pairs(options)
    scenario = scenarios.scaled(scenarios.load(what[0]), scale=options["scale"], seconds=options["duration"])
    target = "sut" if options["sut"] else "hub"
    if scenario.target not in ("either", target):
        raise _Wrong(_FOR.filled(name=scenario.id, target=scenario.target))
    for fault in options["faults"]:
        parse(fault)
    hub = asked.outside_hub(options["hub"], options["credentials"]) if options["hub"] else None
    sut = asked.sut(options["sut"]) if options["sut"] else None
    return Order(
        scenario=scenario,
        seed=options["seed"],
        folder=options["out"] or _default_folder(scenario.id),
        nodes=options["nodes"],
        workers=options["workers"],
        hub=hub,
        sut=sut,
        faults=options["faults"],
        hub_workers=options["hub_workers"],
        store=options["store"] or None,
        by_hand=options["master"],
        master_host=options["master_host"],
        master_port=options["master_port"],
        web_port=options["web_port"],
        lang=lang,
    )


def _check_pairs(options: dict[str, Any]) -> None:
    for one, other in (
        ("hub", "sut"),
        ("hub", "faults"),
        ("master", "find_capacity"),
        ("master", "worker"),
        ("hub", "store"),
    ):
        if options[one] and options[other]:
            names = {name: f"--{name.replace('_', '-').removesuffix('s')}" for name in (one, other)}
            raise _Wrong(_NOT_BOTH.filled(one=names[one], other=names[other]))
    if options["web_port"]:
        with socket.socket() as probe:
            try:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(("127.0.0.1", options["web_port"]))
            except OSError as error:
                raise _Wrong(_BUSY.filled(port=options["web_port"], why=error.strerror or error)) from error
    if options["nodes"] is not None and options["nodes"] < 2:
        raise _Wrong(_FEW_NODES)
    if options["hub_workers"] > 1 and not options["store"]:
        raise _Wrong(_HUB_WORKERS_NEED)
    if options["credentials"] and not options["hub"]:
        raise _Wrong(_CREDENTIALS_NEED)
    if options["master"] and not options["master_port"]:
        raise _Wrong(_MASTER_NEEDS)


def _default_folder(scenario: str) -> Path:
    """``axisproof-runs/<utc>-load-<scenario>``; another name where a run of the same second took it."""
    folder = Path("axisproof-runs") / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-load-{scenario}"
    return folder.with_name(f"{folder.name}-{secrets.token_hex(2)}") if folder.exists() else folder


@contextlib.contextmanager
def _made(folder: Path) -> Iterator[None]:
    """A new or empty folder for the run. A wrong call, or a stop before anything was sent, leaves nothing of it; where
    our own side fails, its logs stay. Raises _Wrong."""
    made = [each for each in (folder, *folder.parents) if not each.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        empty = not any(folder.iterdir())
    except OSError as error:
        raise _Wrong(_NO_FOLDER.filled(folder=folder, why=error.strerror or error)) from error
    if not empty:
        raise _Wrong(_NOT_EMPTY.filled(folder=folder))
    try:
        yield
    except (*_wrong_calls(), KeyboardInterrupt):
        if not any(folder.rglob("ledger")):
            for each in folder.iterdir():
                shutil.rmtree(each) if each.is_dir() else each.unlink()
            with contextlib.suppress(OSError):  # the first that is not empty
                for each in made:
                    each.rmdir()
        raise


def _printed(context: click.Context, result: "Result", lang: Lang) -> list[Path]:
    """The reports; who prints them comes in from the door: this room does not know the printing house."""
    printers: Sequence[Callable[[Path, Lang], Path]] = getattr(context.obj, "load_printers", ())
    return [printer(result.folder, lang) for printer in printers]


def _wrong_calls() -> "tuple[type[_Wrong | ScenarioError | BadTarget | BadFault | TopologyNotUsable], ...]":
    """What says that the call, or a file that it names, is wrong."""
    from fixtures.topologies import TopologyNotUsable
    from loadtests.executor.asked import BadTarget
    from loadtests.scenario import ScenarioError
    from simulator.faults.asked import BadFault

    return (_Wrong, ScenarioError, BadTarget, BadFault, TopologyNotUsable)


@contextlib.contextmanager
def _told(lang: Lang) -> Iterator[None]:
    """What may go wrong, as one sentence and the exit code of the contract."""
    from loadtests.compare import NotComparable
    from loadtests.executor.processes import NotStarted
    from loadtests.executor.run import Failed
    from loadtests.result import RunIncomplete

    try:
        yield
    except _wrong_calls() as error:
        raise click.UsageError(error.because.in_(lang)) from error
    except (NotComparable, RunIncomplete) as error:
        raise click.UsageError(error.text.in_(lang)) from error
    except KeyboardInterrupt as error:
        click.echo(_STOPPED.in_(lang), err=True)
        raise click.exceptions.Exit(3) from error
    except (Failed, NotStarted) as error:
        click.echo(error.because.in_(lang), err=True)
        raise click.exceptions.Exit(4) from error
