"""The front door: mounts the commands of the rooms below, each imported only when it is called.

``axisproof`` and ``python -m axisproof`` do the same. Exit codes and options are contract.md's.
"""

import gettext
import importlib
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import click

from simulator import words
from simulator.words import Lang, Text, both, chosen, preferred_language

__version__ = "0.1.0"
__all__ = ["main"]

_COMMANDS: dict[str, tuple[str, Text]] = {
    "serve": (
        "fixtures.serve:serve",
        Text("the simulated axis with its fake agency nodes", "trục mô phỏng cùng các đơn vị giả lập"),
    ),
    "check": (
        "conformance.commands:check",
        Text("run the conformance suite against a system", "chạy bộ kiểm thử phù hợp trên một hệ thống"),
    ),
    "judge": (
        "conformance.commands:judge",
        Text(
            "judge a stored run again, from its evidence alone", "đánh giá lại một lần chạy đã lưu, chỉ từ bằng chứng"
        ),
    ),
    "doctor": (
        "conformance.doctor:doctor",
        Text("say what keeps a system from being tested", "cho biết điều gì cản trở việc kiểm thử hệ thống"),
    ),
    "replay": (
        "conformance.replay:replay",
        Text("send again what one case of a stored run sent", "gửi lại những gì một ca của lần chạy đã lưu đã gửi"),
    ),
    "new": (
        "conformance.scaffold:new",
        Text("start a case of your own", "tạo khung cho ca kiểm thử riêng"),
    ),
    "lint": (
        "simulator.commands:lint",
        Text("judge edXML files without any network", "kiểm tra tệp edXML, không cần mạng"),
    ),
    "dms": (
        "simulator.agency.commands:dms",
        Text("the reference document-management system", "hệ thống quản lý văn bản tham chiếu"),
    ),
    "pki": (
        "simulator.pki.commands:pki",
        Text("make the test certificates that a system installs", "tạo chứng thư thử nghiệm để cài vào hệ thống"),
    ),
    "load": (
        "loadtests.commands:load",
        Text("a load scenario, with a verdict", "chạy một kịch bản tải, có kết luận"),
    ),
    "report": (
        "reports.commands:report",
        Text("print a stored run", "in lại một lần chạy đã lưu"),
    ),
    "catalogue": (
        "axisproof:catalogue",
        Text("list rules, cases, mutants, the profile …", "liệt kê quy tắc, ca kiểm thử, bản lỗi có chủ đích, hồ sơ …"),
    ),
}
"""Command -> where it lives, and its line in the list."""

_CATALOGUES = {
    "requirements": "conformance.catalogue:requirements_catalogue",
    "rules": "simulator.protocol.lint:rules_catalogue",
    "cases": "conformance.catalogue:cases_catalogue",
    "checks": "conformance.prices:checks_catalogue",
    "mutants": "conformance.catalogue:mutants_catalogue",
    "honest": "conformance.catalogue:honest_catalogue",
    "faults": "simulator.faults.catalogue:faults_catalogue",
    "topologies": "fixtures.topologies:topologies_catalogue",
    "scenarios": "loadtests.catalogue:scenarios",
    "profile": "simulator.protocol.profile:profile_catalogue",
}
"""What can be listed -> who lists it."""


def _found(place: str) -> Any:
    module, name = place.split(":")
    return getattr(importlib.import_module(module), name)


def _print_html(run_dir: Path, lang: Lang) -> Path:
    path: Path = _found("reports.html:write_html")(run_dir, lang)
    return path


def _print_junit(run_dir: Path, lang: Lang) -> Path:
    path: Path = _found("reports.junit:write_junit")(run_dir)
    return path


def _print_load_html(run_dir: Path, lang: Lang) -> Path:
    path: Path = _found("reports.load_html:write_load_html")(run_dir, lang)
    return path


def _print_load_junit(run_dir: Path, lang: Lang) -> Path:
    path: Path = _found("reports.load_junit:write_load_junit")(run_dir)
    return path


class Settings:
    """What the commands share: the language, and who prints a finished run (of the suite, of a load)."""

    def __init__(self, lang: Lang) -> None:
        self.lang = lang
        self.printers: tuple[Callable[[Path, Lang], Path], ...] = (_print_html, _print_junit)
        self.load_printers: tuple[Callable[[Path, Lang], Path], ...] = (_print_load_html, _print_load_junit)


def _languages(arguments: Iterable[str]) -> Iterator[str]:
    """What is given to ``--lang``, wherever it stands."""
    rest = iter(arguments)
    for each in rest:
        if each == "--":
            return
        if each == "--lang":
            yield from islice(rest, 1)
        elif each.startswith("--lang="):
            yield each.removeprefix("--lang=")


def _asked_language(arguments: Iterable[str]) -> Lang:
    """``--lang`` wherever it stands, else the locale's; help must know it before anything is parsed."""
    return next((Lang(each) for each in _languages(arguments) if each in tuple(Lang)), preferred_language())


def _lang_option() -> click.Option:
    return click.Option(
        ["--lang"],
        type=click.Choice([lang.value for lang in Lang]),
        expose_value=False,
        help=both("Language of what people read.", "Ngôn ngữ của phần dành cho người đọc."),
        callback=lambda ctx, param, value: value,
    )


def _in_language(command: click.Command, lang: Lang) -> click.Command:
    """The command with every help text in ``lang`` and the shared option ``--lang``."""
    if not any(param.name == "lang" for param in command.params):
        command.params.append(_lang_option())
    command.help = chosen(command.help or "", lang)
    command.epilog = chosen(command.epilog or "", lang)
    command.short_help = None
    for param in command.params:
        if isinstance(param, click.Option) and param.help:
            param.help = chosen(param.help, lang)
    return command


class Door(click.Group):
    """A group whose commands are imported when they are named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """A language that there is not is a wrong call even beside --help, which looks at nothing else."""
        asked = next(param for param in self.params if param.name == "lang")
        for each in () if ctx.resilient_parsing else _languages(args):
            asked.type(each, asked, ctx)
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in the order of the table."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, speaking the asked language; None where there is no such command."""
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = catalogue if cmd_name == "catalogue" else _found(_COMMANDS[cmd_name][0])
        return _in_language(command, ctx.find_root().obj.lang)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list from the table alone: help must not import every room."""
        lang = ctx.find_root().obj.lang
        with formatter.section(Text("Commands", "Lệnh").in_(lang)):
            formatter.write_dl([(name, text.in_(lang)) for name, (_, text) in _COMMANDS.items()])


@click.command(
    help=both(
        "List what there is: WHAT is one of the words below.\n\nExample: axisproof catalogue rules --format json",
        "Liệt kê những gì hiện có: WHAT là một trong các từ sau.\n\nVí dụ: axisproof catalogue rules --format json",
    )
)
@click.argument("what", type=click.Choice([*_CATALOGUES]))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def catalogue(settings: Settings, what: str, form: str) -> None:
    """List requirements, rules, cases, checks, mutants, honest variants, faults, topologies, scenarios, the profile."""
    lang = settings.lang
    rows: list[dict[str, Any]] = _found(_CATALOGUES[what])()
    if form == "json":
        click.echo(json.dumps({"schema": "axisproof/catalogue/1", what: rows}, ensure_ascii=False, indent=1))
        return
    for row in rows:
        title: dict[str, str] = next(
            (row[key] for key in ("title", "text", "name") if isinstance(row.get(key), dict)), {}
        )
        price = f"{row['costs']:<4} {row['decided_by']:<5} " if "costs" in row else ""
        click.echo(f"{row['id']:<44} {price}{title.get(lang.value, '')}".rstrip())
    click.echo(f"{len(rows)} {what}", err=True)


def _group(lang: Lang) -> Door:
    return Door(
        name="axisproof",
        help=chosen(
            both(
                "Prove a document-management system before it connects to the National Document Exchange Axis.",
                "Kiểm chứng hệ thống quản lý văn bản và điều hành trước khi kết nối Trục liên thông văn bản quốc gia.",
            ),
            lang,
        ),
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
        params=[
            click.Option(
                ["--lang"],
                type=click.Choice([each.value for each in Lang]),
                expose_value=False,
                help=chosen(both("Language of what people read.", "Ngôn ngữ của phần dành cho người đọc."), lang),
            ),
            click.Option(
                ["--version"],
                is_flag=True,
                is_eager=True,
                expose_value=False,
                help=chosen(both("Print the version.", "In số phiên bản."), lang),
                callback=_print_version,
            ),
        ],
        callback=lambda: None,
    )


def _print_version(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value:
        click.echo(f"axisproof {__version__}")
        ctx.exit()


def _speak(lang: Lang) -> None:
    """Let the command line library use its own words in ``lang``: it asks gettext, which goes by the environment."""
    os.environ["LANGUAGE"] = lang.value
    gettext.bindtextdomain("click", str(Path(words.__file__).parent / "locale"))
    gettext.textdomain("click")


def main(arguments: list[str] | None = None) -> None:
    """Run one command and leave with its exit code."""
    asked = sys.argv[1:] if arguments is None else arguments
    lang = _asked_language(asked)
    _speak(lang)
    _group(lang).main(args=asked, prog_name="axisproof", obj=Settings(lang))


if __name__ == "__main__":
    main()
