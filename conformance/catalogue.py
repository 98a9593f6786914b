"""What there is, as rows for ``axisproof catalogue`` (contract, section 1)."""

from typing import Any

from conformance import honest
from conformance.cases import CASES
from conformance.mutants import MUTANTS, facts_of
from conformance.requirement import register
from simulator.protocol.rules import RULES

__all__ = ["cases_catalogue", "honest_catalogue", "mutants_catalogue", "requirements_catalogue"]


def cases_catalogue() -> list[dict[str, Any]]:
    """Every case with its checks."""
    return [
        {
            "id": case.id,
            "chapter": case.chapter,
            "title": case.title._asdict(),
            "about": (case.__doc__ or "").strip().splitlines()[0],
            "expected": case.expected._asdict(),
            "role": case.role.value,
            "capability": case.capability or None,
            "lanes": case.lanes,
            "wave": case.wave.name.lower(),
            "checks": [
                {"id": check.id, "title": check.title._asdict(), "requirements": list(check.requirements)}
                for check in case.checks
            ],
        }
        for case in CASES
    ]


def mutants_catalogue() -> list[dict[str, Any]]:
    """Every mutant with the checks that must catch it."""
    return [
        {
            "id": mutant.id,
            "title": mutant.title._asdict(),
            "source": mutant.source,
            "caught_by": list(mutant.caught_by),
        }
        for mutant in map(facts_of, MUTANTS)
    ]


def honest_catalogue() -> list[dict[str, Any]]:
    """Every honest variant, why it is right, and the warnings that it draws by right."""
    return [
        {
            "id": each.id,
            "title": each.title._asdict(),
            "lawful": each.lawful._asdict(),
            "source": each.source,
            "known": [{"check": known.check, "because": known.because._asdict()} for known in each.known],
            "told": {table: dict(keys) for table, keys in each.told.items()},
        }
        for each in map(honest.facts_of, honest.HONEST)
    ]


def requirements_catalogue() -> list[dict[str, Any]]:
    """Every row of the register with what tests it."""
    checks = {check.id: check for case in CASES for check in case.checks}
    rows = []
    for row in register():
        cases = [case.id for case in CASES if any(row.id in check.requirements for check in case.checks)]
        rules = [rule.id for rule in RULES if row.id in rule.requirements]
        mutants = [
            mutant.id
            for mutant in map(facts_of, MUTANTS)
            if any(row.id in checks[each].requirements for each in mutant.caught_by if each in checks)
        ]
        rows.append(
            {
                "id": row.id,
                "text": row.text._asdict(),
                "source": row.source,
                "clause": row.clause,
                "level": row.level.value,
                "role": row.role,
                "basis": row.basis.value,
                "since": row.since,
                "cases": cases,
                "checks": [check.id for check in checks.values() if row.id in check.requirements],
                "rules": rules,
                "mutants": mutants,
                **({} if cases or rules else {"excluded": _why(row.excluded)}),
            }
        )
    return rows


def _why(excluded: Any) -> str:
    return excluded.en if excluded else "not covered yet"
