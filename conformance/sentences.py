"""What ``check`` and ``judge`` say on the terminal: the summary, and the sentences for wrong calls."""

from collections.abc import Iterable, Mapping
from typing import Any

import click

from conformance.cases import CASES
from conformance.verdict import STRICT_NAME
from simulator.words import Lang, Text

BEGINS = Text(
    en="{cases} cases against {sut}, seed {seed}; everything goes into {folder}",
    vi="{cases} ca kiểm thử với {sut}, seed {seed}; mọi thứ ghi vào {folder}",
)
CONCLUSION = Text(
    en="{cases} cases, {checks} checks: {counts} ({seconds:.1f} s)",
    vi="{cases} ca kiểm thử, {checks} kiểm tra: {counts} ({seconds:.1f} giây)",
)
NARROWED = Text(
    en="NARROWED RUN: only {words} of the {total} cases; it proves nothing about the rest",
    vi="LẦN CHẠY THU HẸP: chỉ {words} trong {total} ca kiểm thử; không chứng minh gì về phần còn lại",
)
WORDS = {
    "conformant": Text("CONFORMANT with what was tested", "ĐÁP ỨNG, trong phạm vi đã kiểm thử"),
    "not-conformant": Text("NOT CONFORMANT", "KHÔNG ĐÁP ỨNG"),
    "incomplete": Text(
        "INCOMPLETE: nothing failed, but not everything could be proved",
        "CHƯA ĐẦY ĐỦ: không có gì sai, nhưng chưa chứng minh được hết",
    ),
    "harness-error": Text(
        "HARNESS ERROR: the harness itself failed; this says nothing about the system",
        "LỖI BỘ KIỂM: chính bộ kiểm bị lỗi; không kết luận gì về hệ thống",
    ),
}
ONE_SUT = Text(
    en="name one system: a SUT.toml, or --sut reference",
    vi="hãy chỉ ra một hệ thống: tệp SUT.toml, hoặc --sut reference",
)
NO_SUCH_SUT = Text(
    en="--sut {word!r} is not bundled; there is reference, reference:MUTANT and null:NAME",
    vi="--sut {word!r} không có sẵn; chỉ có reference, reference:MUTANT và null:NAME",
)
NO_SUCH_MUTANT = Text(
    en="there is no mutant or honest variant {word!r}; there are {names}",
    vi="không có bản lỗi có chủ đích hay biến thể đúng {word!r}; hiện có: {names}",
)
NO_SUCH_NULL = Text(
    en="there is no null system {word!r}; there are {names}", vi="không có hệ thống rỗng {word!r}; hiện có: {names}"
)
NO_SUCH_CASE = Text(
    en="--only {word!r} is neither a case nor a chapter; the chapters are {chapters}",
    vi="--only {word!r} không phải ca kiểm thử hay chương; các chương là {chapters}",
)
ASKS_AT = Text(
    en="What a person must do stands at {url} (this machine only)",
    vi="Những việc người vận hành cần làm ở {url} (chỉ trên máy này)",
)
NO_ANSWERS_NEEDED = Text(
    en="--answers is for a system that people operate; the bundled ones answer everything themselves",
    vi="--answers dành cho hệ thống do người vận hành; hệ thống đi kèm tự trả lời mọi thứ",
)
RESUME_ALONE = Text(
    en="--resume takes system and folder from the run itself; give neither SUT.toml, --sut nor --out",
    vi="--resume lấy hệ thống và thư mục từ chính lần chạy; không dùng kèm SUT.toml, --sut hay --out",
)
NOT_EMPTY = Text(
    en="--out {folder} is not an empty folder; give a new one",
    vi="--out {folder} không phải thư mục rỗng; hãy chọn thư mục mới",
)
NO_FOLDER = Text(en="cannot make the folder {folder}: {why}", vi="không tạo được thư mục {folder}: {why}")
TOO_SMALL = Text(en="the topology is too small for the suite: {why}", vi="topology quá nhỏ so với bộ kiểm: {why}")
VENDOR = Text(
    en="the vendor's own cases ({packages}), apart from the conclusion: {counts}",
    vi="các ca riêng của nhà cung cấp ({packages}), không tính vào kết luận: {counts}",
)
APART = Text(
    en="apart from {known} known failures ({file}): {apart}", vi="không tính {known} lỗi đã biết ({file}): {apart}"
)


def _say_cases(cases: Iterable[Mapping[str, Any]], lang: Lang) -> None:
    for case in cases:
        if case["verdict"] in ("pass", "not-applicable"):
            continue
        click.echo(f"{case['verdict']:>14}  {case['id']}  {case['title']}")
        for finding in case["findings"]:
            if finding["verdict"] not in ("pass", "not-applicable"):
                click.echo(f"{'':>16}{finding['verdict']}: {finding['check']}: {finding['because']}")
                if finding["remedy"]:
                    click.echo(f"{'':>16}→ {finding['remedy'][lang.value]}")


def say(result: dict[str, Any], lang: Lang) -> None:
    """The summary on stdout: what did not pass, the counts, the conclusion."""
    _say_cases(result["cases"], lang)
    for notice in result["notices"]:
        click.echo(notice[lang.value])
    for trouble in result["troubles"]:
        click.echo(trouble[lang.value])
    checks = sum(len(case["findings"]) for case in result["cases"])
    counts = ", ".join(f"{word} {number}" for word, number in result["counts"].items() if number)
    head = CONCLUSION.filled(cases=len(result["cases"]), checks=checks, counts=counts, seconds=result["seconds"])
    click.echo(head.in_(lang))
    if result["strict"]:
        click.echo(f"{STRICT_NAME}: {', '.join(result['strict']['requirements'])}")
    if result["narrowed"]:
        click.echo(NARROWED.filled(words=", ".join(result["narrowed"]), total=len(CASES)).in_(lang))
    click.echo(WORDS[result["conclusion"]].in_(lang))
    if vendor := result.get("vendor"):
        packages, ids = ", ".join(vendor["packages"]), vendor.get("not_judged", ())
        counts = ", ".join(f"{word} {number}" for word, number in vendor.get("counts", {}).items() if number)
        click.echo(VENDOR.filled(packages=packages, counts=counts or f"not judged: {', '.join(ids)}").in_(lang))
        _say_cases(vendor["cases"], lang)
    if baseline := result.get("baseline"):
        for row in baseline["lines"]:
            click.echo(f"{row['state']:>14}  {row['because']}")
        apart = WORDS[baseline["conclusion"]].in_(lang)
        click.echo(APART.filled(known=baseline["known"], file=baseline["file"], apart=apart).in_(lang))
