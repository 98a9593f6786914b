"""A failure seen in company is run again alone, once, before it is called a failure (pitfalls 118, 120).

The second try has evidence of its own under ``<case>@alone``. What fails there too is a failure. What holds there was
broken by its company: neither a pass nor a failure of this case, so a person must look. Only a few cases are run
again: where many fail, company is not the reason, and a SUT that polls slowly would be kept for hours.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from conformance.case import Case, judged
from conformance.evidence import CaseEvidence
from conformance.finding import Finding, Outcome
from conformance.requirement import Register
from conformance.verdict import Promotions, Verdict, consequence
from simulator.words import Text

__all__ = ["ALONE", "MOST", "failing", "settled"]

ALONE = "@alone"
MOST = 6
"""So many failing cases are run again; of more, none."""

_TWICE = Text(en="{said}; run again alone: the same", vi="{said}; chạy lại một mình: vẫn vậy")
_ONLY_IN_COMPANY = Text(
    en="{said}; but run again alone it held: something beside it broke it",
    vi="{said}; nhưng chạy lại một mình thì đạt: có thứ chạy bên cạnh đã làm hỏng",
)
_LOOK = Text(
    en="look at what the SUT did with several documents at once, then run the case with --only",
    vi="xem SUT xử lý nhiều văn bản cùng lúc ra sao, rồi chạy riêng ca kiểm thử này bằng --only",
)


def failing(cases: Iterable[tuple[Case, CaseEvidence]], *, rows: Register, promotions: Promotions) -> tuple[Case, ...]:
    """The cases that would fail on what was seen, or () where there are more than ``MOST``."""
    found = tuple(case for case, evidence in cases if _fails(case, evidence, rows, promotions))
    return found if len(found) <= MOST else ()


def _fails(case: Case, evidence: CaseEvidence, rows: Register, promotions: Promotions) -> bool:
    try:
        findings = judged(case, evidence)
    except Exception:  # a defect of a judge is ours: judge.py names it
        return False
    return any(consequence(finding, rows, promotions).verdict is Verdict.FAIL for finding in findings)


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


def _said(sentence: Text, because: Text) -> Text:
    return Text(en=sentence.en.format(said=because.en), vi=sentence.vi.format(said=because.vi))
