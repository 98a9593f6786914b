"""``axisproof report RUN_DIR``: prints a stored run again, from its folder alone."""

import io
import json
from pathlib import Path
from xml.etree.ElementTree import Element, ElementTree

import click

from reports.errors import ReportError
from reports.html import FILE_NAME, render_html
from reports.junit import junit_tree
from reports.load import is_load_run, read_load_report
from reports.load_html import render_load_html
from reports.load_junit import load_junit_tree
from reports.load_markdown import render_load_markdown
from reports.markdown import render_markdown
from reports.run import Run, read_run
from simulator.words import Lang, Text, both, preferred_language

__all__ = ["report"]

_PDF = Text(
    "PDF comes in a later release. Until then, open report.html and print it to PDF: it has a print view.",
    "Bản PDF sẽ có trong bản phát hành sau. Hiện tại, hãy mở report.html rồi in ra PDF: trang có sẵn dạng để in.",
)
_NOT_WRITTEN = Text("{path} cannot be written: {why}", "Không ghi được {path}: {why}")


@click.command(
    help=both(
        "Print a stored run again, from its folder alone.\n\n"
        "Example: axisproof report axisproof-runs/20261121T010000Z-example --format markdown",
        "In lại một lần chạy đã lưu, chỉ từ thư mục của nó.\n\n"
        "Ví dụ: axisproof report axisproof-runs/20261121T010000Z-example --format markdown",
    )
)
@click.argument("run_dir", type=click.Path(path_type=Path))
@click.option(
    "--format", "form", type=click.Choice(["html", "pdf", "junit", "json", "markdown"]), default="html",
    show_default=True, help=both("html is written into the run folder; the others go to standard output.",
              "html ghi vào thư mục của lần chạy; các dạng khác in ra đầu ra chuẩn."),
)  # fmt: skip
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help=both("Write to this file instead.", "Ghi vào tệp này thay vào đó."),
)
@click.option(
    "--lang",
    type=click.Choice(["vi", "en"]),
    help=both("Language of what people read.", "Ngôn ngữ của phần dành cho người đọc."),
)
@click.pass_context
def report(context: click.Context, run_dir: Path, form: str, out: Path | None, lang: str | None) -> None:
    """Print a stored run: html, junit, json or markdown."""
    spoken = _spoken(context, lang)
    if form == "pdf":
        raise click.UsageError(_PDF.in_(spoken or preferred_language()))
    try:
        printed = (
            _printed_load(run_dir, form, spoken) if is_load_run(run_dir) else _printed(read_run(run_dir), form, spoken)
        )
    except ReportError as error:
        raise click.UsageError(error.text.in_(spoken or preferred_language())) from error
    if form == "html" and out is None:
        out = run_dir / FILE_NAME
    if out is None:
        click.echo(printed, nl=not printed.endswith("\n"))
        return
    try:
        out.write_text(printed, encoding="utf-8")
    except OSError as error:
        said = _NOT_WRITTEN.filled(path=out, why=error.strerror).in_(spoken or preferred_language())
        raise click.UsageError(said) from error
    click.echo(str(out))


def _spoken(context: click.Context, lang: str | None) -> Lang | None:
    """``--lang`` after the command, or before it (the door leaves it in ``obj``); None: the run's own language."""
    given = lang or getattr(context.obj, "lang", None)
    return Lang(given) if given in tuple(Lang) else None


def _printed(run: Run, form: str, lang: Lang | None) -> str:
    match form:
        case "html":
            return render_html(run, lang)
        case "junit":
            return _xml(junit_tree(run, lang))
        case "markdown":
            return render_markdown(run, lang)
        case _:
            return json.dumps(run.raw, ensure_ascii=False, indent=2) + "\n"


def _printed_load(run_dir: Path, form: str, lang: Lang | None) -> str:
    report = read_load_report(run_dir)
    match form:
        case "html":
            return render_load_html(report, lang)
        case "junit":
            return _xml(load_junit_tree(report, lang))
        case "markdown":
            return render_load_markdown(report, lang)
        case _:
            return json.dumps(report.raw, ensure_ascii=False, indent=2) + "\n"


def _xml(tree: "ElementTree[Element]") -> str:
    buffer = io.BytesIO()
    tree.write(buffer, encoding="utf-8", xml_declaration=True)
    return buffer.getvalue().decode() + "\n"
