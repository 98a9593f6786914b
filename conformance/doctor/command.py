"""``axisproof doctor SUT.toml``: exit 0 nothing found (notes allowed), 1 something found, 2 the call is wrong."""

import asyncio
import json
from pathlib import Path

import click

from conformance import config as configuration
from conformance.config import BadConfig
from conformance.doctor.visit import Report, patience, shown, visit
from simulator.hub.trouble import HubError
from simulator.words import Lang, Text, both, preferred_language

__all__ = ["doctor"]

_WATCHES = Text(
    en="An axis for {name} listens at {url} for up to {seconds:.0f} s, and holds one test letter for {organ}. Let the "
    "system poll now.",
    vi="Trục cho {name} đang lắng nghe tại {url} tối đa {seconds:.0f} giây và có một văn bản thử gửi {organ}. "
    "Hãy để hệ "
    "thống hỏi trục ngay bây giờ.",
)
_SEEN = Text(
    en="seen: {calls} calls, {polls} polls, {fetched} fetched, {confirmed} confirmed, {accepted} packages accepted",
    vi="đã thấy: {calls} lời gọi, {polls} lần hỏi trục, {fetched} lần tải, {confirmed} xác nhận, {accepted} gói "
    "tin gửi",
)
_FINE = Text(en="Nothing keeps this system from being tested.", vi="Không có gì cản trở việc kiểm thử hệ thống này.")
_FOUND = Text(en="{count} problems to solve first.", vi="Cần xử lý {count} vấn đề trước.")
_WORDS = {"problem": Text("PROBLEM", "VẤN ĐỀ"), "note": Text("note", "ghi chú")}


@click.command(
    help=both(
        "Pre-flight: say what keeps the system of SUT.toml from being tested, each with its remedy. Exit 0: nothing, "
        "1: something, 2: wrong call.",
        "Kiểm tra trước: điều gì cản trở việc kiểm thử hệ thống trong SUT.toml, kèm cách xử lý. Mã thoát 0: "
        "không có gì, "
        "1: có vấn đề, 2: gọi sai.",
    ),
    epilog="""\b
Example / Ví dụ:
  axisproof doctor my-dms.toml --seconds 30
""",
)
@click.argument("sut_file", metavar="SUT.toml", type=click.Path(path_type=Path))
@click.option(
    "--seconds",
    type=click.FloatRange(min=0.1),
    help=both(
        "Watch so long at most; default from [timing] poll_seconds.", "Theo dõi tối đa; mặc định theo poll_seconds."
    ),
)
@click.option("--port", type=click.IntRange(0, 65535), help=both("Listen there instead.", "Lắng nghe ở cổng này."))
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help=both("What stdout holds.", "Nội dung ghi ra stdout."),
)
@click.pass_context
def doctor(context: click.Context, *, sut_file: Path, seconds: float | None, port: int | None, format_: str) -> None:
    """Visit the system, print what was found, exit."""
    lang: Lang = getattr(context.obj, "lang", None) or preferred_language()
    try:
        config = configuration.read(sut_file)
        config = configuration.listening(config, port)
        watched = seconds or patience(config)

        def started(url: str) -> None:
            text = _WATCHES.filled(name=config.sut.name, url=url, seconds=watched, organ=config.sut.organ)
            click.echo(text.in_(lang), err=True)

        report = asyncio.run(visit(config, seconds=watched, started=started))
    except (BadConfig, HubError) as error:
        raise click.UsageError(error.because.in_(lang)) from error
    if format_ == "json":
        sut = {name: getattr(config.sut, name) for name in ("name", "version", "vendor", "organ", "system_id")}
        document = {"schema": "axisproof/doctor/1", "sut": sut, **shown(report)}
        click.echo(json.dumps(document, ensure_ascii=False))
    else:
        _say(report, lang)
    context.exit(1 if report.problems else 0)


def _say(report: Report, lang: Lang) -> None:
    for each in report.symptoms:
        click.echo(f"{_WORDS[each.level].in_(lang)}  {each.id}: {each.because.in_(lang)}")
        for line in each.evidence:
            click.echo(f"    · {line}")
        click.echo(f"    → {each.remedy.in_(lang)}")
    if report.seen:
        click.echo(_SEEN.filled(**report.seen).in_(lang))
    click.echo((_FOUND.filled(count=len(report.problems)) if report.problems else _FINE).in_(lang))
