"""Sending, identifiers, secrecy: every check has a wrong system that breaks it, and one of each kind is shown to."""

from pathlib import Path
from typing import Any

import pytest

from conformance import config
from conformance.case import Case
from conformance.cases import identifiers, secrecy, sending
from conformance.mutants import by_id, facts_of
from conformance.mutants import identifiers as wrong_identifiers
from conformance.mutants import secrecy as wrong_secrecy
from conformance.mutants import sending as wrong_sending
from conformance.progress import Progress
from conformance.run import Plan, check
from simulator.words import Lang

CASES = (*sending.CASES, *identifiers.CASES, *secrecy.CASES)
MUTANTS = (*wrong_sending.MUTANTS, *wrong_identifiers.MUTANTS, *wrong_secrecy.MUTANTS)
CASE_OF = {check.id: case for case in CASES for check in case.checks}


def run(mutant: str, cases: tuple[Case, ...], folder: Path) -> dict[str, dict[str, Any]]:
    """The findings of these cases about the reference system or a mutant of it, by check."""
    narrowed = tuple(case.id for case in cases)
    plan = Plan(config.reference(mutant), cases, folder, 5, Lang.EN, narrowed=narrowed)
    with Progress(lang=Lang.EN, quiet=True) as progress:
        result = check(plan, progress=progress)
    return {finding["check"]: finding for case in result["cases"] for finding in case["findings"]}


def test_every_check_of_these_chapters_is_broken_by_a_mutant_of_theirs() -> None:
    named = {each for kind in MUTANTS for each in facts_of(kind).caught_by}

    assert named == set(CASE_OF)


def test_an_order_that_must_be_refused_proves_nothing_without_its_twin(tmp_path: Path) -> None:
    cases = (CASE_OF["mat-kept-back"], CASE_OF["subject-not-made-up"], CASE_OF["order-reaches-receiver"])

    found = run("wrong-namespace", cases, tmp_path / "run")

    assert found["order-reaches-receiver"]["verdict"] in ("fail", "warn")
    assert found["mat-kept-back"]["verdict"] == "inconclusive"
    assert found["subject-not-made-up"]["verdict"] == "inconclusive"


@pytest.mark.parametrize(
    ("mutant", "because"),
    [
        ("splits-notation-at-slash", "/2026"),
        ("urgent-passes-unchecked", "it left for the axis"),
        ("organ-13-in-to", "would not take a complete order"),
        ("takes-refusal-for-receipt", "shown as 'sent'"),
    ],
)
def test_a_wrong_system_is_caught_for_the_right_reason(mutant: str, because: str, tmp_path: Path) -> None:
    caught_by = facts_of(by_id(mutant)).caught_by
    cases = tuple(dict.fromkeys(CASE_OF[each] for each in caught_by))

    found = run(mutant, cases, tmp_path / "run")

    assert {found[each]["verdict"] for each in caught_by} <= {"fail", "warn"}
    assert any(because in found[each]["because"] for each in caught_by)
