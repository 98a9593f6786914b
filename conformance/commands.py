"""``axisproof check`` and ``axisproof judge``. Thin: they read options, call run.py or judge.py, print, and exit.

stdout holds the one JSON document of ``--format json``, or the summary; progress and paths go to stderr. Who prints
the reports comes in as ``ctx.obj.printers``: this room does not know the printing house.
"""

import contextlib
import json
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from conformance import baseline as known_failures
from conformance import resume
from conformance.called import asking_for, config_for, folder_for, selected, with_flags
from conformance.cases import CASES
from conformance.config import BadConfig
from conformance.judge import judge_run
from conformance.lanes import NotEnoughLanes
from conformance.progress import Progress
from conformance.run import Plan, write_result
from conformance.run import check as run_check
from conformance.runfolder import BadEvidence
from conformance.sentences import (
    BEGINS,
    RESUME_ALONE,
    TOO_SMALL,
    say,
)
from conformance.vendor import load_vendor
from conformance.verdict import STRICT, STRICT_NAME
from simulator.hub.trouble import HubError
from simulator.words import Lang, Text, both, preferred_language

__all__ = ["check", "judge"]

_STOPPED = Text(
    en="stopped before the end, so nothing is judged; what was recorded is in {folder}",
    vi="đã dừng trước khi xong nên không đưa ra kết luận; những gì đã ghi lại nằm ở {folder}",
)
_STOPPED_EARLY = Text(
    en="stopped before anything ran, so nothing was recorded and nothing is judged",
    vi="đã dừng khi chưa chạy gì nên không ghi lại gì và không đưa ra kết luận",
)
_GO_ON = Text(en="To go on: axisproof check --resume {folder}", vi="Để tiếp tục: axisproof check --resume {folder}")
_INCOMPLETE = 3
_EXAMPLES = """\b
Example / Ví dụ:
  axisproof check --sut reference --no-input --seed 7
  axisproof check --sut reference:first-attachment-only --only receiving
  axisproof check my-dms.toml --out runs/first
  axisproof check my-dms.toml --answers answers.toml --baseline known.toml
  axisproof check --resume runs/first
"""
_FORMATS = click.Choice(["text", "json"])
_format = click.option(
    "--format",
    "format_",
    type=_FORMATS,
    default="text",
    show_default=True,
    help=both("What stdout holds.", "Nội dung ghi ra stdout."),
)
_with_vendor_cases = click.option(
    "--with-vendor-cases",
    "with_vendor",
    is_flag=True,
    help=both(
        "Also run the cases of installed vendor packages, reported apart.",
        "Chạy thêm các ca của gói nhà cung cấp đã cài, báo cáo riêng.",
    ),
)
_baseline = click.option(
    "--baseline",
    "baseline_file",
    type=click.Path(path_type=Path),
    metavar="FILE.toml",
    help=both(
        "Known failures with owner and expiry; the exit code looks past them.",
        "Lỗi đã biết kèm người chịu trách nhiệm và thời hạn; mã thoát không tính chúng.",
    ),
)


@click.command(
    help=both(
        "Run the conformance suite against the system that SUT.toml describes (or the bundled one) and judge it.",
        "Chạy bộ kiểm thử phù hợp trên hệ thống mô tả trong SUT.toml (hoặc hệ thống đi kèm) và đưa ra kết luận.",
    ),
    epilog=both(
        f"{_EXAMPLES}\n\b\nExit code: 0 conformant, 1 not conformant, 2 wrong call or configuration,\n"
        "3 incomplete, 4 the harness itself failed.",
        f"{_EXAMPLES}\n\b\nMã thoát: 0 đáp ứng, 1 chưa đáp ứng, 2 gọi sai hoặc cấu hình sai,\n"
        "3 chưa đủ bằng chứng, 4 bộ kiểm thử gặp lỗi.",
    ),
)
@click.argument("sut_file", metavar="[SUT.toml]", required=False, type=click.Path(path_type=Path))
@click.option(
    "--sut",
    metavar="reference[:MUTANT]|null:NAME",
    help=both(
        "The bundled reference system, one of its mutants (`catalogue mutants`), or a system that does not do the work"
        " at all.",
        "Hệ thống tham chiếu đi kèm, một bản lỗi có chủ đích của nó (`catalogue mutants`), hoặc một hệ thống rỗng"
        " không làm việc gì cả.",
    ),
)
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help=both("A new or empty folder for the run.", "Thư mục mới hoặc rỗng cho lần chạy."),
)
@click.option(
    "--seed",
    type=int,
    default=7,
    show_default=True,
    help=both("Repeats a run exactly.", "Lặp lại chính xác một lần chạy."),
)
@click.option("--no-input", is_flag=True, help=both("Nobody is there to ask.", "Không có ai để hỏi."))
@_format
@click.option(
    "--strict",
    is_flag=True,
    help=both(
        f"Promote the list {STRICT_NAME}: {len(STRICT)} SHOULDs fail instead of warn.",
        f"Nâng mức danh sách {STRICT_NAME}: {len(STRICT)} yêu cầu NÊN bị đánh trượt thay vì cảnh báo.",
    ),
)
@click.option(
    "--only",
    multiple=True,
    metavar="CASE|CHAPTER",
    help=both(
        "Only these (`catalogue cases`); the run is then marked as narrowed.",
        "Chỉ chạy các mục này (`catalogue cases`); lần chạy được ghi là thu hẹp.",
    ),
)
@click.option(
    "--profile", metavar="NAME", help=both("The simulated axis's choices.", "Hồ sơ lựa chọn của trục mô phỏng.")
)
@click.option("--topology", metavar="NAME|FILE", help=both("Who is on the axis.", "Ai có mặt trên trục."))
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help=both("Where the axis listens; 0: any free port.", "Cổng của trục; 0: cổng trống bất kỳ."),
)
@click.option(
    "--answers",
    "answers_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=both(
        "What a person would answer (TOML or JSON): prompt key or pattern = answer.",
        "Câu trả lời soạn sẵn (TOML hoặc JSON): khóa hoặc mẫu câu hỏi = câu trả lời.",
    ),
)
@click.option(
    "--ask-port",
    type=click.IntRange(0, 65535),
    default=0,
    show_default=True,
    help=both("Port of the page with the questions; 0: any.", "Cổng của trang câu hỏi; 0: cổng bất kỳ."),
)
@click.option(
    "--resume",
    "resume_dir",
    type=click.Path(path_type=Path),
    metavar="RUN_DIR",
    help=both(
        "Go on with a run whose harness was killed; nothing else need be given.",
        "Tiếp tục lần chạy bị ngắt giữa chừng; không cần tham số nào khác.",
    ),
)
@_with_vendor_cases
@_baseline
@click.pass_context
def check(
    context: click.Context,
    *,
    sut_file: Path | None,
    sut: str | None,
    out: Path | None,
    seed: int,
    no_input: bool,
    format_: str,
    strict: bool,
    only: tuple[str, ...],
    profile: str | None,
    topology: str | None,
    port: int | None,
    answers_file: Path | None,
    ask_port: int,
    resume_dir: Path | None,
    baseline_file: Path | None,
    with_vendor: bool,
) -> None:
    """Drive, store, judge, print; exit as the contract says."""
    lang = _language(context)
    try:
        past = resume.earlier(resume_dir) if resume_dir else None
        if resume_dir is not None:
            if sut_file or sut or out:
                raise BadConfig(RESUME_ALONE)
            call = resume.remembered(resume_dir)
            sut_file, seed, strict, only = Path(call["sut_file"]), call["seed"], call["strict"], tuple(call["only"])
            profile, topology, port = call["profile"], call["topology"], call["port"]
            with_vendor = call["with_vendor"]
            answers_file = answers_file or (Path(call["answers"]) if call["answers"] else None)
        config = with_flags(config_for(sut_file, sut), profile=profile, topology=topology, port=port)
        asking = asking_for(config, answers_file, present=not no_input, port=ask_port, lang=lang)
        known = known_failures.read(baseline_file) if baseline_file else None
        cases = selected(only)
        vendor = load_vendor() if with_vendor else None
        folder = resume_dir or context.with_resource(folder_for(out, config))
        called = None
        if sut_file is not None and resume_dir is None:
            called = {"sut_file": str(sut_file.resolve()), "seed": seed, "strict": strict, "only": list(only)}
            called |= {"profile": profile, "topology": topology, "port": port, "with_vendor": with_vendor}
            called |= {"answers": str(answers_file.resolve()) if answers_file else None}
        plan = Plan(
            config, cases, folder, seed, lang, strict=strict, narrowed=only, asking=asking, past=past, vendor=vendor,
            call=called,
        )  # fmt: skip
        still = asking is not None and asking.typing
        with _stopping(folder, lang), Progress(lang=lang, still=still) as progress:
            progress.say(BEGINS.filled(cases=len(cases), sut=config.sut.name, seed=seed, folder=folder))
            result = run_check(plan, progress=progress)
        if known is not None:
            result = known_failures.apply(result, known, cases=CASES, origin=str(baseline_file), lang=lang)
            write_result(folder, result)
    except (BadConfig, HubError) as error:
        raise _wrong(error.because, lang) from error
    except NotEnoughLanes as error:
        raise _wrong(TOO_SMALL.filled(why=str(error)), lang) from error
    _finish(context, folder, result, format_=format_, lang=lang)


@click.command(
    help=both(
        "Judge a stored run again, from its evidence alone: no network, no system, the same verdicts.",
        "Chấm lại một lần chạy đã lưu, chỉ từ bằng chứng: không cần mạng, không cần hệ thống, kết luận như cũ.",
    ),
    epilog="""\b
Example / Ví dụ:
  axisproof judge axisproof-runs/20261121T080000Z-my-dms --format json
""",
)
@click.argument("run_dir", metavar="RUN_DIR", type=click.Path(path_type=Path))
@_format
@click.option(
    "--write", is_flag=True, help=both("Write result.json and the reports anew.", "Ghi lại result.json và các báo cáo.")
)
@_with_vendor_cases
@_baseline
@click.pass_context
def judge(
    context: click.Context,
    *,
    run_dir: Path,
    format_: str,
    write: bool,
    baseline_file: Path | None,
    with_vendor: bool,
) -> None:
    """Load, judge, print; the folder is only written to where results are missing or ``--write`` asks."""
    lang = _language(context)
    try:
        known = known_failures.read(baseline_file) if baseline_file else None
        result = judge_run(run_dir, cases=CASES, lang=lang, vendor=load_vendor() if with_vendor else None)
    except (BadEvidence, BadConfig) as error:
        raise _wrong(error.because, lang) from error
    if known is not None:
        result = known_failures.apply(result, known, cases=CASES, origin=str(baseline_file), lang=lang)
    missing = not (run_dir / "result.json").exists()
    if write or missing:
        write_result(run_dir, result)
    _finish(context, run_dir, result, format_=format_, lang=lang, reports=write or missing)


@contextlib.contextmanager
def _stopping(folder: Path, lang: Lang) -> Iterator[None]:
    """Ctrl+C and SIGTERM end a run alike: cleanly, with what is left said, and never as if the system had failed."""
    before = None
    if threading.current_thread() is threading.main_thread():
        before = signal.signal(signal.SIGTERM, lambda number, frame: signal.raise_signal(signal.SIGINT))
    try:
        yield
    except KeyboardInterrupt as error:
        stopped = _STOPPED.filled(folder=folder) if (folder / "evidence").exists() else _STOPPED_EARLY
        click.echo(stopped.in_(lang), err=True)
        if (folder / resume.CALL).exists():
            click.echo(_GO_ON.filled(folder=folder).in_(lang), err=True)
        raise click.exceptions.Exit(_INCOMPLETE) from error
    finally:
        if before is not None:
            signal.signal(signal.SIGTERM, before)


# ---------------------------------------------------------------- what is said


def _finish(
    context: click.Context, folder: Path, result: dict[str, Any], *, format_: str, lang: Lang, reports: bool = True
) -> None:
    printers: Sequence[Callable[[Path, Lang], Path]] = getattr(context.obj, "printers", ()) if reports else ()
    printed = [printer(folder, lang) for printer in printers]
    if format_ == "json":
        click.echo(json.dumps(result, ensure_ascii=False))
    else:
        say(result, lang)
    for path in (folder / "result.json", *printed):
        if path.exists():
            click.echo(str(path), err=True)
    context.exit(known_failures.exit_code(result))


def _wrong(because: Text, lang: Lang) -> click.UsageError:
    """A wrong call or configuration: click prints it and exits 2."""
    return click.UsageError(because.in_(lang))


def _language(context: click.Context) -> Lang:
    return getattr(context.obj, "lang", None) or preferred_language()
