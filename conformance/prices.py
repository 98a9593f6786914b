"""What each check and each rule costs where it is broken, and because of which sentence.

The rows of ``axisproof catalogue checks``, and the tables of ``docs/``: ``python -m conformance.prices docs``.
"""

import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from conformance.case import Case
from conformance.cases import CASES
from conformance.finding import Check
from conformance.overall import OVERALL, Overall
from conformance.requirement import Requirement, register
from conformance.verdict import STRICT_NAME, Promotions, consequence
from simulator.protocol.rules import RULES, Level, Rule
from simulator.words import Lang, Text

__all__ = ["FILES", "checks_catalogue", "rules_priced", "table", "write"]

FILES = {Lang.EN: "checks.md", Lang.VI: "checks.vi.md"}
"""The file of each language."""

_UNSAID = Text("", "")
_FREE = "–"
_COSTS = {
    "fail": Text("**fail**", "**không đạt**"),
    "warn": Text("warn", "cảnh báo"),
    _FREE: Text(_FREE, _FREE),
}
_TITLE = Text("# What a breach costs, and because of which sentence", "# Vi phạm nào nặng đến đâu, dựa trên câu nào")
_INTRODUCTION = Text(
    """\
Written by `make tables` from the catalogue; not by hand.

**The first requirement that a check cites decides.** A MUST on law, law-secondary or sdk fails; everything else warns,
unless the run promotes that requirement: by name (`[judging] promote`), or with `--strict` (`{strict}`). What a check
cites after the first explains, and is not in these tables (`axisproof catalogue cases`).

A check that no rule of lint is broken costs what the broken rule costs, by the second table. Where an order had to be
kept back, and nothing left but nobody was told, RF-04 decides instead.""",
    """\
Do `make tables` tạo từ danh mục, không viết tay.

**Yêu cầu được viện dẫn đầu tiên quyết định.** MUST dựa trên luật, văn bản dưới luật hoặc SDK thì không đạt; còn lại là
cảnh báo, trừ khi lần chạy nâng chính yêu cầu đó lên: nêu tên (`[judging] promote`), hoặc `--strict` (`{strict}`). Các
yêu cầu viện dẫn sau chỉ để giải thích và không có trong bảng (`axisproof catalogue cases`).

Kiểm tra "không vi phạm quy tắc" nặng bằng chính quy tắc bị vi phạm, theo bảng thứ hai. Khi yêu cầu gửi phải bị giữ lại
mà không có gì rời đi nhưng cũng không ai được báo, RF-04 quyết định.""",
)
_CHECKS = Text("## Checks ({number})", "## Kiểm tra ({number})")
_RULES = Text("## Rules of lint ({number})", "## Quy tắc kiểm tra gói tin ({number})")
_CHECK_HEAD = Text(
    "| check | case | what should be true | a breach | `--strict` | because of | sentence |",
    "| kiểm tra | ca kiểm thử | điều phải đúng | vi phạm | `--strict` | dựa trên | câu |",
)
_RULE_HEAD = Text(
    "| rule | level | what should be true | in a message of the SUT | `--strict` | because of | sentence |",
    "| quy tắc | mức | điều phải đúng | trong gói tin của SUT | `--strict` | dựa trên | câu |",
)


def checks_catalogue() -> list[dict[str, Any]]:
    """Every check: its case, what a breach costs, with ``--strict`` too, and the sentence that decides."""
    return [
        {"id": check.id, "case": of.id, "case_title": of.title._asdict(), "title": check.title._asdict()}
        | _price(check)
        for of, check in _checks()
    ]


def rules_priced() -> list[dict[str, Any]]:
    """Every rule of lint: its level, and what a breach in a message of the SUT costs."""
    return [
        {"id": rule.id, "level_of_rule": rule.level.value, "title": rule.title._asdict()} | _price_of_rule(rule)
        for rule in RULES
    ]


def _checks() -> Iterator[tuple[Case | Overall, Check]]:
    for case in CASES:
        yield from ((case, check) for check in case.checks)
    yield from ((look, look.check) for look in OVERALL)


def _price(check: Check) -> dict[str, Any]:
    broken, rows = check.broken(_UNSAID), register()
    weighed = consequence(broken, rows)
    return {
        "costs": weighed.verdict.word,
        "strict": consequence(broken, rows, Promotions(strict=True)).verdict.word,
        **_because(weighed.requirement),
        "requirements": list(check.requirements),
    }


def _price_of_rule(rule: Rule) -> dict[str, Any]:
    """A rule of error level costs what its first requirement costs; of a warning only the case of the form speaks."""
    priced = _price(Check(rule.id, rule.requirements, rule.title))
    if rule.level is Level.ERROR:
        return priced
    if rule.level is Level.INFO:
        return priced | {"costs": _FREE, "strict": _FREE}
    return priced | {"costs": "warn", "strict": "warn" if rule.reason else priced["strict"]}


def _because(row: Requirement) -> dict[str, Any]:
    return {
        "decided_by": row.id,
        "level": row.level.value,
        "basis": row.basis.value,
        "source": row.source,
        "clause": row.clause,
        "text": row.text._asdict(),
    }


# ------------------------------------------------------------ the tables


def table(lang: Lang) -> str:
    """Both tables as Markdown."""
    checks, rules = checks_catalogue(), rules_priced()
    parts = [
        _TITLE.in_(lang),
        _INTRODUCTION.in_(lang).replace("{strict}", STRICT_NAME),
        _CHECKS.filled(number=len(checks)).in_(lang),
    ]
    for chapter, rows in groupby(checks, key=lambda row: str(row["case"]).split("/", 1)[0]):
        lines = [_line(row, f"`{row['case']}`", lang, within=row["case_title"][lang.value]) for row in rows]
        parts += [f"### {chapter}", "\n".join([_CHECK_HEAD.in_(lang), _RULER, *lines])]
    lines = [_line(row, row["level_of_rule"], lang) for row in rules]
    parts += [_RULES.filled(number=len(rules)).in_(lang), "\n".join([_RULE_HEAD.in_(lang), _RULER, *lines])]
    return "\n\n".join(parts) + "\n"


_RULER = "|---|---|---|---|---|---|---|"


def _line(row: dict[str, Any], second: str, lang: Lang, *, within: str = "") -> str:
    title = row["title"][lang.value]
    cells = (
        f"`{row['id']}`",
        second,
        f"{within}: {title}" if within else title,
        _COSTS[row["costs"]].in_(lang),
        _COSTS[row["strict"]].in_(lang),
        f"{row['decided_by']} {row['level']} {row['basis']}",
        row["text"][lang.value],
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def write(folder: Path) -> None:
    """Both files anew."""
    folder.mkdir(exist_ok=True)
    for lang, name in FILES.items():
        (folder / name).write_text(table(lang), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
