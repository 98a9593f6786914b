"""A failure seen in company is run again alone, once, before it is called a failure (pitfalls 118, 120).

The second try has evidence of its own under ``<case>@alone``. What fails there too is a failure. What holds there was
broken by its company: neither a pass nor a failure of this case, so a person must look. Failures come first, then
warnings; what the budget of polls (outlook.py) did not reach is no failure either: a person must look, or run the case
by itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from conformance.case import Case, judged
from conformance.evidence import CaseEvidence
from conformance.finding import Finding, Outcome
from conformance.outlook import POLLS_ALONE
from conformance.requirement import Register
from conformance.verdict import Promotions, Verdict, consequence, worst
from simulator.words import Text

__all__ = ["ALONE", "failing", "not_retried", "settled"]

ALONE = "@alone"

_TWICE = Text(en="{said}; run again alone: the same", vi="{said}; chạy lại một mình: vẫn vậy")
_ONLY_IN_COMPANY = Text(
    en="{said}; but run again alone it held: something beside it broke it",
    vi="{said}; nhưng chạy lại một mình thì đạt: có thứ chạy bên cạnh đã làm hỏng",
)
_LOOK = Text(
    en="look at what the SUT did with several documents at once, then run the case with --only",
    vi="xem SUT xử lý nhiều văn bản cùng lúc ra sao, rồi chạy riêng ca kiểm thử này bằng --only",
)
_ONCE = Text(
    en="{said}; seen in company only, and not run again alone: too many cases had failed",
    vi="{said}; mới thấy khi chạy cùng ca khác và chưa chạy lại một mình vì có quá nhiều ca sai",
)
_RUN_IT = Text(
    en="mend what failed, then run this case with --only",
    vi="sửa các lỗi đã nêu, rồi chạy riêng ca kiểm thử này bằng --only",
)


def failing(
    cases: Iterable[tuple[Case, CaseEvidence]], *, rows: Register, promotions: Promotions, polls: int
) -> tuple[Case, ...]:
    """The cases that would fail on what was seen, then those that would warn, as many as ``polls`` allow."""
    found: dict[Verdict, list[Case]] = {Verdict.FAIL: [], Verdict.WARN: []}
    for case, evidence in cases:
        if (verdict := _verdict(case, evidence, rows, promotions)) in found:
            found[verdict].append(case)
    return tuple([*found[Verdict.FAIL], *found[Verdict.WARN]][: polls // POLLS_ALONE])


def _verdict(case: Case, evidence: CaseEvidence, rows: Register, promotions: Promotions) -> Verdict:
    try:
        findings = judged(case, evidence)
    except Exception:  # a defect of a judge is ours: judge.py names it
        return Verdict.ERROR
    broken = (each for each in findings if each.outcome is Outcome.BROKEN)
    return worst(consequence(each, rows, promotions).verdict for each in broken)


def settled(first: Sequence[Finding], alone: Sequence[Finding]) -> tuple[tuple[Finding, bool], ...]:
    """The findings of the first try in the light of the second; True where a person must look."""
    second = {finding.check.id: finding for finding in alone}
    return tuple(_settled(finding, second.get(finding.check.id)) for finding in first)


def _settled(first: Finding, second: Finding | None) -> tuple[Finding, bool]:
    if first.outcome is not Outcome.BROKEN or second is None:
        return first, False
    cites = (*first.cites, *second.cites)
    if second.outcome is Outcome.HELD:
        because = _said(_ONLY_IN_COMPANY, first.because)
        return replace(first, because=because, cites=cites, remedy=_LOOK), True
    if second.outcome is Outcome.BROKEN:
        return replace(first, because=_said(_TWICE, first.because), cites=cites), False
    return first, False


def not_retried(first: Finding) -> Finding:
    """The finding of a case that failed in company and was not run again: a person must look."""
    return replace(first, because=_said(_ONCE, first.because), remedy=_RUN_IT)


def _said(sentence: Text, because: Text) -> Text:
    return Text(en=sentence.en.format(said=because.en), vi=sentence.vi.format(said=because.vi))
