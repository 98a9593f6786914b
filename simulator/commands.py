"""``axisproof lint FILE…``: judge edXML files without any network (contract, sections 1-3).

Exit codes: 0 no error (warnings allowed), 1 at least one error or an unreadable file, 2 a wrong call.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from simulator.protocol.lint import SCHEMA, Finding, LintResult, Verdict
from simulator.protocol.lint import lint as judged
from simulator.protocol.package import Kind
from simulator.protocol.profile import Limits
from simulator.protocol.rules import Level
from simulator.words import Lang, Text, both, preferred_language

if TYPE_CHECKING:
    from cryptography import x509

__all__ = ["lint"]

_CANNOT_OPEN = Text(en="cannot open {file}: {why}", vi="không mở được {file}: {why}")
_NOTHING_FOUND = Text(en="nothing to remark", vi="không có gì để nhận xét")
_KINDS = {
    Kind.EDOC: Text(en="document package", vi="gói văn bản"),
    Kind.STATUS: Text(en="status packet", vi="gói trạng thái"),
    Kind.UNKNOWN: Text(en="unknown kind", vi="không rõ loại"),
}
_VERDICTS = {
    Verdict.CLEAN: (Text(en="CLEAN", vi="ĐẠT"), "green"),
    Verdict.WARNINGS: (Text(en="WARNINGS", vi="CÓ CẢNH BÁO"), "yellow"),
    Verdict.ERRORS: (Text(en="ERRORS", vi="CÓ LỖI"), "red"),
    Verdict.UNREADABLE: (Text(en="UNREADABLE", vi="KHÔNG ĐỌC ĐƯỢC"), "red"),
}
_LEVELS = {
    Level.ERROR: (Text(en="error", vi="lỗi"), Text(en="errors", vi="lỗi"), "red"),
    Level.WARN: (Text(en="warning", vi="cảnh báo"), Text(en="warnings", vi="cảnh báo"), "yellow"),
    Level.INFO: (Text(en="note", vi="ghi chú"), Text(en="notes", vi="ghi chú"), "blue"),
}
_SIGNATURE = Text(en="signature", vi="chữ ký")
_NOBODY_TRUSTED = Text(
    en="no certificates of authorities (root-*.pem, sub-ca-*.pem) in {folder}; `axisproof pki` makes some",
    vi="không có chứng thư CA (root-*.pem, sub-ca-*.pem) trong {folder}; tạo bằng `axisproof pki`",
)
_FILES = Text(en="files", vi="tệp")


@click.command(
    help=both(
        "Judge edXML files without any network: what cannot be processed, what breaks a rule, "
        "and what is only a habit of the vendor's builder or of the axis.",
        "Kiểm tra tệp edXML, không cần mạng: chỗ nào không xử lý được, chỗ nào vi phạm quy tắc, "
        "chỗ nào chỉ là thói quen của thư viện nhà cung cấp hoặc của Trục.",
    ),
    epilog=both(
        "\b\nExample: axisproof lint outbox/*.edxml --format json\n"
        "Exit code: 0 no error, 1 at least one error, 2 wrong call.",
        "\b\nVí dụ: axisproof lint outbox/*.edxml --format json\n"
        "Mã thoát: 0 không có lỗi, 1 có ít nhất một lỗi, 2 gọi sai.",
    ),
)
@click.argument("files", nargs=-1, required=True, metavar="FILE…", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help=both("For people, or one JSON document.", "Cho người đọc, hoặc một tài liệu JSON."),
)
@click.option(
    "--lang",
    type=click.Choice([lang.value for lang in Lang]),
    help=both("Language of what people read.", "Ngôn ngữ của phần dành cho người đọc."),
)
@click.option(
    "--trust",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help=both(
        "Judge the certificates of signed packets by these authorities (trust of `axisproof pki`).",
        "Kiểm tra chứng thư của gói tin đã ký theo các CA này (trust của `axisproof pki`).",
    ),
)
@click.pass_context
def lint(context: click.Context, *, files: tuple[Path, ...], form: str, lang: str | None, trust: Path | None) -> None:
    """Judge FILES and leave with the exit code of the contract."""
    language = Lang(lang) if lang else getattr(context.obj, "lang", None) or preferred_language()
    authorities = _trusted(trust, language) if trust else None
    _check_open(files, language)
    results: list[tuple[str, LintResult]] = []
    for path in files:
        name = click.format_filename(path)
        result = judged(_bytes_of(path), authorities=authorities)
        results.append((name, result))
        if form == "text":
            click.echo(_report(name, result, language))
    if form == "json":
        records = [result.record(name, language) for name, result in results]
        click.echo(json.dumps({"schema": SCHEMA, "files": records}, ensure_ascii=False, indent=1))
    elif len(results) > 1:
        click.echo(_summary([result for _, result in results], language))
    if any(result.verdict in (Verdict.ERRORS, Verdict.UNREADABLE) for _, result in results):
        context.exit(1)


def _trusted(trust: Path, lang: Lang) -> "Sequence[x509.Certificate]":
    from simulator.trust import authorities_in  # certificates are loaded where somebody asks for them

    if not (found := authorities_in(trust)):
        raise click.UsageError(_NOBODY_TRUSTED.filled(folder=click.format_filename(trust)).in_(lang))
    return found


def _check_open(files: Sequence[Path], lang: Lang) -> None:
    """Nothing is judged and nothing printed where a file cannot be opened: that is a wrong call."""
    for path in files:
        try:
            path.open("rb").close()
        except OSError as error:
            because = _CANNOT_OPEN.filled(file=click.format_filename(path), why=error.strerror or error)
            raise click.UsageError(because.in_(lang)) from error


def _bytes_of(path: Path) -> bytes:
    """The file, or one byte more than a packet may have: enough to say that it is too large."""
    with path.open("rb") as stream:
        return stream.read(Limits().package_bytes + 1)


def _report(name: str, result: LintResult, lang: Lang) -> str:
    verdict, colour = _VERDICTS[result.verdict]
    head = f"{name}: {click.style(verdict.in_(lang), fg=colour, bold=True)} ({_KINDS[result.kind].in_(lang)})"
    counts = _counts([result], lang) or _NOTHING_FOUND.in_(lang)
    signature = [f"  {_SIGNATURE.in_(lang)}: {result.sealed.said.in_(lang)}"] if result.sealed else []
    return "\n".join([f"{head}: {counts}", *signature, *(_lines(finding, lang) for finding in result.findings)])


def _lines(finding: Finding, lang: Lang) -> str:
    rule = finding.rule
    one, _, colour = _LEVELS[rule.level]
    source = f"[{', '.join(rule.requirements)}; {rule.basis}]"
    return (
        f"  {click.style(one.in_(lang), fg=colour)}  {finding.at}: {finding.because.in_(lang)}\n"
        f"      {rule.id}: {rule.title.in_(lang)} {source}"
    )


def _counts(results: Sequence[LintResult], lang: Lang) -> str:
    found: list[str] = []
    for level, (one, many, _) in _LEVELS.items():
        if number := sum(len(result.of(level)) for result in results):
            found.append(f"{number} {(one if number == 1 else many).in_(lang)}")
    return ", ".join(found)


def _summary(results: Sequence[LintResult], lang: Lang) -> str:
    verdicts = ", ".join(
        f"{number} {word.in_(lang)}"
        for verdict, (word, _) in _VERDICTS.items()
        if (number := sum(result.verdict is verdict for result in results))
    )
    return f"{len(results)} {_FILES.in_(lang)}: {verdicts}; {_counts(results, lang) or _NOTHING_FOUND.in_(lang)}"
