"""From outcomes to the matrix: which mutant broke which check, who was accused wrongly, what flipped. Pure.

Caught for the right reason means: a check that the mutant *names* is broken. Something else that broke is noted
beside it (``elsewhere``) and counts for nothing. An honest variant is accused by any fail, by any warning that it does
not name as known, and by the conclusion; what was inconclusive is counted beside it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from conformance.case import Case
from conformance.honest import Honest
from conformance.honest.flying import accusations, unproved
from conformance.mutants import Mutant
from conformance.nulls import Null
from conformance.overall import OVERALL
from conformance.proof.trial import Outcome

__all__ = ["check_rows", "honest_row", "mutant_row", "null_row", "reference_rows", "summary_of"]

Row = dict[str, Any]
BROKEN = ("fail", "warn")


def mutant_row(mutant: Mutant, cases: Sequence[str], outcome: Outcome) -> Row:
    """One mutant. ``verdict``: caught · missed (none of its checks broke) · error (of ours)."""
    broken = [each for each in outcome["findings"] if each["verdict"] in BROKEN]
    named = [each for each in broken if each["check"] in mutant.caught_by]
    shown = {each["check"] for each in named}
    return {
        "id": mutant.id,
        "title": mutant.title._asdict(),
        "source": mutant.source,
        "verdict": "error" if outcome["error"] else "caught" if named else "missed",
        "error": outcome["error"],
        "caught_by": list(mutant.caught_by),
        "cases": list(cases),
        "broken": named,
        "unshown": [each for each in mutant.caught_by if each not in shown],
        "elsewhere": [each["check"] for each in broken if each["check"] not in mutant.caught_by],
    }


def honest_row(honest: Honest, outcome: Outcome) -> Row:
    """One honest variant. ``verdict``: right (not accused) · accused · error (of ours)."""
    accused = accusations(honest, outcome["conclusion"], outcome["findings"])
    warned = [each["check"] for each in outcome["findings"] if each["verdict"] == "warn"]
    return {
        "id": honest.id,
        "title": honest.title._asdict(),
        "lawful": honest.lawful._asdict(),
        "source": honest.source,
        "conclusion": outcome["conclusion"],
        "verdict": "error" if outcome["error"] else "accused" if accused else "right",
        "error": outcome["error"],
        "accused": accused,
        "known": [each.check for each in honest.known if each.check in warned],
        "inconclusive": unproved(outcome["findings"]),
    }


def check_rows(cases: Iterable[Case], mutants: Sequence[Row]) -> list[Row]:
    """Every check of the cases, and of the whole run, with the mutants that it was seen to catch."""
    checks = [(case.id, check) for case in cases for check in case.checks]
    checks += [(each.id, each.check) for each in OVERALL]
    caught = defaultdict(list)
    for row in mutants:
        for each in row["broken"]:
            caught[each["check"]].append(row["id"])
    return [
        {
            "id": check.id,
            "case": case,
            "title": check.title._asdict(),
            "requirements": list(check.requirements),
            "failed_for": caught[check.id],
        }
        for case, check in checks
    ]


def null_row(null: Null, outcome: Outcome) -> Row:
    """One null system: what it earned, and what it passed without having done anything for it."""
    passes = [each for each in outcome["findings"] if each["verdict"] == "pass"]
    undeserved = [each for each in passes if each["check"] not in null.earns]
    ran = {each["check"] for each in outcome["findings"]}
    passed = {each["check"] for each in passes}
    return {
        "id": null.id,
        "title": null.title._asdict(),
        "conclusion": outcome["conclusion"],
        "error": outcome["error"],
        "checks": len(ran),
        "earned": sorted(passed & null.earns),
        "undeserved": undeserved,
        "no_longer": sorted((null.earns & ran) - passed),
    }


def reference_rows(runs: Mapping[int, Outcome]) -> Row:
    """The reference over all seeds. A flip is a check whose verdict is not the same in every run."""
    verdicts: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    reasons: dict[tuple[str, str], dict[str, str]] = {}
    for seed, outcome in sorted(runs.items()):
        for each in outcome["findings"]:
            verdicts[each["check"]][each["verdict"]].append(seed)
            reasons.setdefault((each["check"], each["verdict"]), each["because"])
    seen = {check: dict(each) for check, each in verdicts.items()}
    return {
        "seeds": sorted(runs),
        "conclusions": {str(seed): outcome["conclusion"] for seed, outcome in sorted(runs.items())},
        "errors": {str(seed): outcome["error"] for seed, outcome in sorted(runs.items()) if outcome["error"]},
        "flips": [
            {"check": check, "verdicts": each}
            for check, each in seen.items()
            if len(each) > 1 or len(next(iter(each.values()))) != len(runs)
        ],
        "not_passed": [
            {"check": check, "verdict": word, "because": reasons[check, word], "seeds": seeds}
            for check, each in seen.items()
            for word, seeds in each.items()
            if word != "pass"
        ],
    }


def summary_of(
    mutants: Sequence[Row], checks: Sequence[Row], nulls: Sequence[Row], reference: Row, honest: Sequence[Row] = ()
) -> Row:
    """The counts that are printed, and whether they amount to a proof."""
    conclusions = list(reference["conclusions"].values())
    summary: Row = {
        "mutants": {"caught": sum(row["verdict"] == "caught" for row in mutants), "of": len(mutants)},
        "claims": {
            "shown": sum(len(row["caught_by"]) - len(row["unshown"]) for row in mutants),
            "of": sum(len(row["caught_by"]) for row in mutants),
        },
        "checks": {"seen_failing": sum(bool(row["failed_for"]) for row in checks), "of": len(checks)},
        "nulls": {
            "of": len(nulls),
            "passes": sum(len(row["undeserved"]) for row in nulls),
            "conformant": sum(row["conclusion"] == "conformant" for row in nulls),
            "errors": sum(bool(row["error"]) for row in nulls),
        },
        "reference": {
            "runs": len(conclusions),
            "conformant": conclusions.count("conformant"),
            "flips": len(reference["flips"]),
        },
    }
    summary["honest"] = {
        "of": len(honest),
        "accused": sum(row["verdict"] == "accused" for row in honest),
        "inconclusive": sum(bool(row["inconclusive"]) for row in honest),
        "errors": sum(row["verdict"] == "error" for row in honest),
    }
    return {**summary, "proved": _proved(summary)}


def _proved(summary: Row) -> bool:
    mutants, claims, checks, nulls, reference, honest = (
        summary[name] for name in ("mutants", "claims", "checks", "nulls", "reference", "honest")
    )
    return (
        mutants["caught"] == mutants["of"]
        and claims["shown"] == claims["of"]
        and checks["seen_failing"] == checks["of"]
        and not (nulls["passes"] or nulls["conformant"] or nulls["errors"])
        and reference["conformant"] == reference["runs"]
        and not reference["flips"]
        and not (honest["accused"] or honest["errors"])
    )
