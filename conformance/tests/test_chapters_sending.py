"""Sending, identifiers, secrecy: every check has a wrong system that breaks it, and one of each kind is shown to."""

from pathlib import Path

import pytest

from conformance.cases import identifiers, secrecy, sending
from conformance.mutants import by_id, facts_of
from conformance.mutants import identifiers as wrong_identifiers
from conformance.mutants import secrecy as wrong_secrecy
from conformance.mutants import sending as wrong_sending
from conformance.tests.conftest import broken, flown

CASES = (*sending.CASES, *identifiers.CASES, *secrecy.CASES)
MUTANTS = (*wrong_sending.MUTANTS, *wrong_identifiers.MUTANTS, *wrong_secrecy.MUTANTS)
CASE_OF = {check.id: case for case in CASES for check in case.checks}


def test_every_check_of_these_chapters_is_broken_by_a_mutant_of_theirs() -> None:
    named = {each for kind in MUTANTS for each in facts_of(kind).caught_by}

    assert named == set(CASE_OF)


def test_an_order_that_must_be_refused_proves_nothing_without_its_twin(tmp_path: Path) -> None:
    cases = (CASE_OF["mat-kept-back"], CASE_OF["subject-not-made-up"], CASE_OF["order-reaches-receiver"])

    result = flown(tmp_path / "run", "wrong-namespace", cases=cases)

    outcomes = {each["check"]: each["outcome"] for case in result["cases"] for each in case["findings"]}
    assert outcomes["order-reaches-receiver"] == "broken"
    assert outcomes["mat-kept-back"] == "unobserved"
    assert outcomes["subject-not-made-up"] == "unobserved"


@pytest.mark.parametrize(
    "wrong",
    [
        {
            "splits-notation-at-slash": "/2026",
            "urgent-passes-unchecked": "it left for the axis",
            "takes-refusal-for-receipt": "shown as 'sent'",
        },
        {"organ-13-in-to": "would not take a complete order"},
    ],
    ids="+".join,
)
def test_a_wrong_system_is_caught_for_the_right_reason(wrong: dict[str, str], tmp_path: Path) -> None:
    found = broken(flown(tmp_path / "run", *wrong))

    for mutant, because in wrong.items():
        caught_by = facts_of(by_id(mutant)).caught_by
        assert set(caught_by) <= set(found)
        assert any(because in found[each]["because"] for each in caught_by)
