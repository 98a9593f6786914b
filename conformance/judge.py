"""From a stored run to its result: every case judged by its own ``judge``, weighed by the register. No live world.

``judge_run`` needs nothing but the folder, so a verdict can be recomputed later, elsewhere, under newer rules; what
it returns is the whole ``result.json`` (contract, section 3, with additive members).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from conformance.again import ALONE, not_retried, settled
from conformance.axis import Misbehaviour, misbehaviours
from conformance.case import Case, Wave, judged
from conformance.finding import Finding
from conformance.habits import habits
from conformance.health import HARNESS, struggles
from conformance.laws import timely
from conformance.overall import OVERALL, Overall
from conformance.requirement import EDITION, Register, register
from conformance.runfolder import RunEvidence, load
from conformance.vendor import Vendor, without_vendor
from conformance.verdict import STRICT, STRICT_NAME, Promotions, Verdict, conclude, consequence, worst
from simulator.words import Lang, Text

__all__ = ["SCHEMA", "judge_run", "result_of"]

SCHEMA = "axisproof/result/1"

_BROKE_OFF = Text(en="the judge of this case broke off: {what}", vi="phần chấm của ca kiểm thử này bị lỗi: {what}")
_GONE = Text(en="this version knows no case of that id", vi="phiên bản này không có ca kiểm thử với mã đó")


def judge_run(
    run_dir: Path, *, cases: Iterable[Case], lang: Lang | None = None, vendor: Vendor | None = None
) -> dict[str, Any]:
    """Judge the run in ``run_dir`` from its evidence alone. ``lang``: of ``because`` and ``title``; default the run's.

    Raises BadEvidence where the folder cannot be trusted.
    """
    whole = load(run_dir)
    result = result_of(without_vendor(whole), cases=cases, rows=register(), lang=lang)
    if whole.header.get("vendor_cases"):
        result["vendor"] = _vendor(whole, vendor, lang=Lang(result["lang"]))
    return result


def _vendor(run: RunEvidence, vendor: Vendor | None, *, lang: Lang) -> dict[str, Any]:
    """The vendor's own cases, apart; only named where their package was not given."""
    rows = run.header["vendor_cases"]
    if vendor is None:
        return {"packages": run.header["vendor_packages"], "not_judged": [row["id"] for row in rows], "cases": []}
    known = {case.id: case for case in vendor.cases}
    promotions = Promotions(tuple(run.header["promote"]), bool(run.header["strict"]))
    axis = misbehaviours(run)
    results = [
        _not_blamed(
            _case(run, known.get(row["id"]), row, rows=vendor.register, promotions=promotions, lang=lang),
            [each for each in axis if each.case in (row["id"], None)],
            lang=lang,
        )
        for row in rows
    ]
    counts = Counter(each["verdict"] for each in results)
    return {
        "packages": run.header["vendor_packages"],
        "counts": {verdict.word: counts[verdict.word] for verdict in _COUNT_ORDER},
        "cases": results,
    }


def result_of(run: RunEvidence, *, cases: Iterable[Case], rows: Register, lang: Lang | None = None) -> dict[str, Any]:
    """The result of a loaded run under the register ``rows``."""
    header = run.header
    known = {case.id: case for case in cases}
    language = lang or Lang(header["lang"])
    promotions = Promotions(tuple(header["promote"]), bool(header["strict"]))
    axis = misbehaviours(run)
    results = [
        _not_blamed(
            _case(run, known.get(row["id"]), row, rows=rows, promotions=promotions, lang=language),
            [each for each in axis if each.case in (row["id"], None)],
            lang=language,
        )
        for row in header["cases"]
    ]
    results += [
        _not_blamed(_whole_run(run, each, rows=rows, promotions=promotions, lang=language), axis, lang=language)
        for each in OVERALL
    ]
    verdicts = [Verdict.of(each["verdict"]) for each in results]
    troubles = [*_troubles(run, None), *tuple(dict.fromkeys(each.because for each in axis))[:_SHOWN]]
    invalid = _invalid(run)
    conclusion = conclude(
        [Verdict.ERROR] if troubles else verdicts, narrowed=bool(header.get("narrowed")), struggled=bool(invalid)
    )
    counts = Counter(verdict.word for verdict in verdicts)
    sut = header["sut"]
    return {
        "schema": SCHEMA,
        "run_id": header["run_id"],
        "axisproof": header["axisproof"],
        "seed": header["seed"],
        "started_at": header["started_at"],
        "finished_at": run.finished_at,
        "seconds": _seconds(header["started_at"], run.finished_at),
        "requirement_set": EDITION,
        "requirement_digest": rows.digest,
        "profile": header["profile"],
        "topology": header["topology"],
        "nodes": header["nodes"],
        "lang": language.value,
        "sut": {name: sut[name] for name in ("name", "version", "vendor", "organ", "roles", "driver")},
        "capabilities": sut["capabilities"],
        "conclusion": conclusion.value,
        "counts": {verdict.word: counts[verdict.word] for verdict in _COUNT_ORDER},
        "invalid": [text._asdict() for text in invalid],
        "polls": _polls(run),
        "retry_polls": header.get("retry_polls"),
        "narrowed": header.get("narrowed"),
        "strict": {"name": STRICT_NAME, "requirements": list(STRICT)} if header["strict"] else None,
        "promote": list(header["promote"]),
        "notices": [text._asdict() for text in (*invalid, *habits(run))],
        "troubles": [text._asdict() for text in troubles],
        "cases": results,
    }


_COUNT_ORDER = (
    Verdict.PASS, Verdict.WARN, Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.REVIEW, Verdict.NOT_APPLICABLE,
    Verdict.ERROR,
)  # fmt: skip


def _case(
    run: RunEvidence, case: Case | None, row: Mapping[str, Any], *, rows: Register, promotions: Promotions, lang: Lang
) -> dict[str, Any]:
    findings: list[dict[str, Any]] = []
    if case is None:
        findings = [_ours(_GONE, lang)]
    elif row["applies"]:
        findings = _judge(run, case, rows=rows, promotions=promotions, lang=lang)
    verdict = worst(Verdict.of(finding["verdict"]) for finding in findings)
    title, expected = (case.title, case.expected) if case else (Text(row["id"], row["id"]), Text("", ""))
    return {
        "id": row["id"],
        "chapter": row["id"].split("/", 1)[0],
        "title": title.in_(lang),
        "titles": title._asdict(),
        "expected": expected._asdict(),
        "verdict": verdict.word,
        "seconds": _case_seconds(run, row["id"]),
        "role": case.role.value if case else "",
        "capability": case.capability if case else "",
        "lanes": row["lanes"],
        "findings": findings,
    }


def _not_blamed(result: dict[str, Any], axis: Sequence[Misbehaviour], *, lang: Lang) -> dict[str, Any]:
    """The result of a case whose documents our own axis mistreated: what is not good is our error, not the SUT's."""
    if not axis or Verdict.of(result["verdict"]) in _UNTOUCHED:
        return result
    first = {each.because: each for each in reversed(axis)}  # of what was said more than once, the first
    shown = sorted(first.values(), key=lambda each: each.cites)[:_SHOWN]
    findings = [_ours(each.because, lang) | {"cites": list(each.cites)} for each in shown]
    return result | {"verdict": Verdict.ERROR.word, "findings": findings}


_UNTOUCHED = (Verdict.PASS, Verdict.NOT_APPLICABLE, Verdict.ERROR)
_SHOWN = 5


def _whole_run(
    run: RunEvidence, look: Overall, *, rows: Register, promotions: Promotions, lang: Lang
) -> dict[str, Any]:
    judged_ = timely(look.judge(run), _invalid(run))
    finding = _finding(judged_, rows=rows, promotions=promotions, lang=lang)
    return {
        "id": look.id,
        "chapter": look.id.split("/", 1)[0],
        "title": look.title.in_(lang),
        "titles": look.title._asdict(),
        "expected": look.expected._asdict(),
        "verdict": finding["verdict"],
        "seconds": 0.0,
        "role": "both",
        "capability": "",
        "lanes": [],
        "findings": [finding],
    }


def _judge(run: RunEvidence, case: Case, *, rows: Register, promotions: Promotions, lang: Lang) -> list[dict[str, Any]]:
    if troubles := _troubles(run, case.id):
        return [_ours(text, lang) for text in troubles]
    invalid = _invalid(run)
    try:
        first = judged(case, run.of(case.id))
        second = judged(case, run.of(case.id + ALONE)) if run.tried(case.id + ALONE) else ()
        once = _owed_a_retry(run, case)
        return [
            _finding(timely(finding, invalid), rows=rows, promotions=promotions, lang=lang, look=look, once=once)
            for finding, look in settled(first, second)
        ]
    except Exception as error:  # a defect of a judge is ours, and costs this case only
        what = f"{type(error).__name__}: {error}"
        return [_ours(_BROKE_OFF.filled(what=what), lang)]


def _owed_a_retry(run: RunEvidence, case: Case) -> bool:
    """Whether what failed of that case was seen in company only: a run of before 2026-12 says nothing of retries."""
    in_company = case.wave is not Wave.ALONE and any(row["id"] == case.id for row in run.header["cases"])
    return in_company and run.header.get("retry_polls") is not None and not run.tried(case.id + ALONE)


def _invalid(run: RunEvidence) -> tuple[Text, ...]:
    """Why the harness itself was not fit, as it measured: () where it was, or did not measure."""
    for record in run.own(None):
        ours = record.kind == "note" and record["name"] == HARNESS
        if ours and (reasons := struggles(record["values"])):
            return reasons
    return ()


def _polls(run: RunEvidence) -> int:
    """How often the SUT asked for its documents."""
    return sum(
        record.kind == "fact"
        and record["fact"] == "polled"
        and str(record.get("message_type") or "edoc").lower() == "edoc"
        for record in run.records
    )


def _finding(
    finding: Finding, *, rows: Register, promotions: Promotions, lang: Lang, look: bool = False, once: bool = False
) -> dict[str, Any]:
    weighed = consequence(finding, rows, promotions)
    if once and weighed.verdict is Verdict.FAIL:
        finding, look = not_retried(finding), True
    verdict = Verdict.REVIEW if look else weighed.verdict
    return {
        "check": finding.check.id,
        "check_title": finding.check.title._asdict(),
        "requirements": list(dict.fromkeys((weighed.requirement.id, *finding.grounds, *finding.check.requirements))),
        "basis": weighed.requirement.basis.value,
        "level": weighed.requirement.level.value,
        "decided_by": weighed.requirement.id,
        "outcome": finding.outcome.value,
        "verdict": verdict.word,
        "promoted_by": weighed.promoted_by,
        "because": finding.because.in_(lang),
        "texts": finding.because._asdict(),
        "remedy": finding.remedy._asdict() if finding.remedy else None,
        "cites": list(finding.cites),
    }


def _ours(because: Text, lang: Lang) -> dict[str, Any]:
    """A finding about ourselves; it has the shape of any other, so that every report shows it."""
    return {
        "check": "harness",
        "check_title": Text(en="the harness did its own part", vi="bản thân bộ kiểm hoạt động đúng")._asdict(),
        "requirements": [],
        "basis": "profile",
        "level": "MUST",
        "decided_by": "",
        "outcome": "broken",
        "verdict": Verdict.ERROR.word,
        "promoted_by": None,
        "because": because.in_(lang),
        "texts": because._asdict(),
        "remedy": None,
        "cites": [],
    }


def _troubles(run: RunEvidence, case: str | None) -> Sequence[Text]:
    return [Text(**record["because"]) for record in run.own(case) if record.kind == "trouble"]


def _case_seconds(run: RunEvidence, case: str) -> float:
    moments = {
        record["name"]: record.at
        for record in run.own(case)
        if record.kind == "note" and record["name"] in ("started", "ended")
    }
    return _seconds(moments["started"], moments["ended"]) if len(moments) == 2 else 0.0


def _seconds(start: str, end: str) -> float:
    if not end:
        return 0.0
    return round((datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds(), 3)
