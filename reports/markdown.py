"""A short summary in Markdown, for a pull request or a ticket: the conclusion, the counts, and what went wrong.

Texts of the run are escaped, so that a subject cannot become a heading, a link, a picture or HTML.
"""

import re
from collections import Counter

from reports.apart import proof
from reports.body import visible
from reports.run import Case, Run
from reports.wording import STATEMENTS, VERDICTS, conclusion_words, label_of, verdict_word
from simulator.words import Lang, Text

__all__ = ["render_markdown"]

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~@&]|^[-+=])")
_MOST_CASES = 50
_GREEN = ("pass", "warn", "not-applicable")


def render_markdown(run: Run, lang: Lang | str | None = None) -> str:
    """The summary of ``run``."""
    spoken = Lang(lang) if lang else run.lang or Lang.VI
    headline, explained = conclusion_words(run.conclusion)
    tested = " · ".join(
        _escaped(part)
        for part in (
            f"{run.sut.name} {run.sut.version}".strip(),
            run.sut.vendor,
            run.sut.organ,
            run.profile,
            f"{run.topology} ({run.nodes})" if run.nodes is not None else run.topology,
            f"seed {run.seed}",
            f"axisproof {run.axisproof}",
            run.started_at,
        )
        if part
    )
    lines = [f"# {headline.in_(spoken)}", "", tested, "", explained.in_(spoken), ""]
    if run.sut.bundled:
        lines += [_REFERENCE.in_(spoken), ""]
    if run.narrowed:
        lines += [f"{_NARROWED.in_(spoken)} {_escaped(' '.join(run.narrowed))}", ""]
    if not run.evidence.complete:
        lines += [_INCOMPLETE.in_(spoken), ""]
    found = Counter(case.verdict for case in run.cases)
    lines += [
        "| " + " | ".join(f"{word.sign} {word.name.in_(spoken)}" for word in VERDICTS) + " |",
        "|" + "---:|" * len(VERDICTS),
        "| " + " | ".join(str(found[word.id]) for word in VERDICTS) + " |",
        "",
    ]
    order = {word.id: index for index, word in enumerate(VERDICTS)}
    telling = sorted(
        (case for case in run.cases if case.verdict not in _GREEN or case.verdict == "warn"),
        key=lambda case: order.get(case.verdict, 0),
    )
    for case in telling[:_MOST_CASES]:
        lines += _case(case, spoken)
    if len(telling) > _MOST_CASES:
        lines.append(f"- … +{len(telling) - _MOST_CASES}")
    lines += _apart(run, spoken)
    lines += ["", *(f"{number}. {text.in_(spoken)}" for number, text in enumerate(STATEMENTS, 1))]
    return "\n".join(lines) + "\n"


_REFERENCE = Text(
    "The system under test was the bundled reference system, not a vendor's product.",
    "Hệ thống được kiểm thử là hệ thống tham chiếu đi kèm (mô phỏng), không phải sản phẩm của nhà cung cấp nào.",
)
_NARROWED = Text("**A part of the suite only:**", "**Chỉ một phần bộ kiểm thử:**")
_INCOMPLETE = Text("**The evidence is incomplete.**", "**Bằng chứng không đầy đủ.**")


_KNOWN = Text("Known failures", "Lỗi đã biết")
_APART_FROM = Text("Apart from them:", "Ngoài các lỗi này:")
_VENDOR = Text("The vendor's own cases", "Ca kiểm thử riêng của nhà cung cấp")
_PROOF = Text("How the suite itself was tested", "Bản thân bộ kiểm thử đã được kiểm ra sao")


def _case(case: Case, lang: Lang) -> list[str]:
    word = verdict_word(case.verdict)
    lines = [f"- {word.sign} **{word.name.in_(lang)}** {_escaped(case.title.in_(lang))} ({_escaped(case.id)})"]
    for finding in case.findings:
        if finding.verdict in ("pass", "not-applicable"):
            continue
        label = label_of(finding.basis, finding.given_label).value
        rests = _escaped(" ".join((*finding.requirements, finding.basis)).strip())
        remedy = f" → {_escaped(finding.remedy.in_(lang))}" if finding.remedy else ""
        lines.append(
            f"  - {_escaped(finding.check)}: {_escaped(finding.because.in_(lang))}{remedy} "
            f"({', '.join(filter(None, (label, rests)))})"
        )
    return lines


def _apart(run: Run, lang: Lang) -> list[str]:
    """Known failures, the vendor's own cases, and how the suite itself was tested."""
    lines: list[str] = []
    if run.baseline:
        lines += ["", f"## {_KNOWN.in_(lang)}", "", *(f"- {_escaped(x.because.in_(lang))}" for x in run.baseline.lines)]
        headline = conclusion_words(run.baseline.conclusion)[0]
        lines += ["", f"{_APART_FROM.in_(lang)} **{headline.in_(lang)}**"]
    if run.vendor:
        words = [(verdict_word(case.verdict), case) for case in run.vendor.cases]
        lines += ["", f"## {_VENDOR.in_(lang)}", ""]
        lines += [
            f"- {word.sign} **{word.name.in_(lang)}** {_escaped(case.title.in_(lang))} ({_escaped(case.id)})"
            for word, case in words
        ]
    if found := proof():
        lines += ["", f"## {_PROOF.in_(lang)}", "", "| | |", "|---|---:|"]
        lines += [f"| {title.in_(lang)} | {count} |" for title, count in found.lines]
    return lines


def _escaped(text: str) -> str:
    flat = " ".join(visible(text).split())
    return _SPECIAL.sub(r"\\\1", flat).replace("://", ":\\//")
