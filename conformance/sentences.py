"""What ``check`` and ``judge`` say on the terminal: the summary, and the sentences for wrong calls."""

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
    en="--sut {word!r} is not bundled; there is reference and reference:MUTANT",
    vi="--sut {word!r} không có sẵn; chỉ có reference và reference:MUTANT",
)
NO_SUCH_MUTANT = Text(
    en="there is no mutant {word!r}; there are {names}", vi="không có bản lỗi có chủ đích {word!r}; hiện có: {names}"
)
NO_SUCH_CASE = Text(
    en="--only {word!r} is neither a case nor a chapter; the chapters are {chapters}",
    vi="--only {word!r} không phải ca kiểm thử hay chương; các chương là {chapters}",
)
NOBODY_TO_ASK = Text(
    en='[driver] kind "manual" needs somebody to ask, which this version cannot do yet; with --no-input it runs, and '
    "what would need a person ends as inconclusive",
    vi='[driver] kind "manual" cần hỏi người vận hành, phiên bản này chưa làm được; với --no-input thì chạy được và '
    "phần cần người sẽ là chưa kết luận",
)
NOT_EMPTY = Text(
    en="--out {folder} is not an empty folder; give a new one",
    vi="--out {folder} không phải thư mục rỗng; hãy chọn thư mục mới",
)
NO_FOLDER = Text(en="cannot make the folder {folder}: {why}", vi="không tạo được thư mục {folder}: {why}")
TOO_SMALL = Text(en="the topology is too small for the suite: {why}", vi="topology quá nhỏ so với bộ kiểm: {why}")


def say(result: dict[str, Any], lang: Lang) -> None:
    """The summary on stdout: what did not pass, the counts, the conclusion."""
    for case in result["cases"]:
        if case["verdict"] in ("pass", "not-applicable"):
            continue
        click.echo(f"{case['verdict']:>14}  {case['id']}  {case['title']}")
        for finding in case["findings"]:
            if finding["verdict"] != "pass":
                click.echo(f"{'':>16}{finding['verdict']}: {finding['check']}: {finding['because']}")
                if finding["remedy"]:
                    click.echo(f"{'':>16}→ {finding['remedy'][lang.value]}")
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
