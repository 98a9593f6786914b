"""The wrong reporters: every check of the chapter has one that breaks it, and a few are shown to do so."""

from collections import Counter
from inspect import isfunction
from pathlib import Path
from typing import Any

import pytest

from conformance import config
from conformance.cases.status import CASES
from conformance.mutants import MUTANTS as ALL
from conformance.mutants import by_id, facts_of
from conformance.mutants.status import MUTANTS
from conformance.progress import Progress
from conformance.run import Plan, check
from simulator.agency.dms import Dms
from simulator.words import Lang

CHECKS = {check.id: case for case in CASES for check in case.checks}
NAMED = Counter(each for kind in MUTANTS for each in facts_of(kind).caught_by)


def broken(mutant: str, folder: Path) -> dict[str, dict[str, Any]]:
    """The findings that a run of only the cases that must catch the mutant holds against it, by check."""
    cases = tuple(dict.fromkeys(CHECKS[each] for each in facts_of(by_id(mutant)).caught_by))
    plan = Plan(config.reference(mutant), cases, folder, 7, Lang.EN, narrowed=tuple(case.id for case in cases))
    with Progress(lang=Lang.EN, quiet=True) as progress:
        result = check(plan, progress=progress)
    findings = [finding for case in result["cases"] for finding in case["findings"]]
    return {finding["check"]: finding for finding in findings if finding["verdict"] != "pass"}


def test_every_check_of_the_chapter_is_named_by_a_mutant() -> None:
    assert set(CHECKS) - set(NAMED) == set()


def test_every_named_check_exists() -> None:
    assert set(NAMED) - set(CHECKS) == set()


def test_no_mutant_of_the_chapter_has_the_id_of_another() -> None:
    counts = Counter(facts_of(kind).id for kind in ALL)

    assert [facts_of(kind).id for kind in MUTANTS if counts[facts_of(kind).id] != 1] == []


@pytest.mark.parametrize("kind", MUTANTS, ids=lambda kind: facts_of(kind).id)
def test_a_mutant_does_one_thing_otherwise_and_says_what(kind: type[Dms]) -> None:
    facts = facts_of(kind)
    own = [name for name, value in vars(kind).items() if isfunction(value)]

    assert kind.__bases__ == (Dms,)
    assert len(own) == 1
    assert hasattr(Dms, own[0])
    assert kind.__doc__
    assert facts.title.en != facts.title.vi
    assert facts.source.startswith(("pitfalls ", "requirement "))
    assert facts.caught_by
    assert len(set(facts.caught_by)) == len(facts.caught_by)


@pytest.mark.parametrize(
    ("mutant", "because"),
    [
        (
            "accepts-on-open",
            {
                "acceptance-not-on-arrival": "03 was there before the clerk accepted",
                "only-arrival-before-accept": "before accept: 03",
            },
        ),
        ("accepts-refused", {"nothing-after-refusal": "after 02 came 03"}),
        (
            "blurs-assigned",
            {"sender-keeps-assignment": "after 04 the sender's box shows '05' instead of 04"},
        ),
        ("forgets-taken-back", {"take-back-record-kept": "no trace of the document is left"}),
    ],
)
def test_a_wrong_reporter_is_caught_for_what_it_does(mutant: str, because: dict[str, str], tmp_path: Path) -> None:
    found = broken(mutant, tmp_path)

    said = {name: finding["because"].removesuffix("; run again alone: the same") for name, finding in found.items()}
    assert said == because
    assert {finding["verdict"] for finding in found.values()} <= {"fail", "warn"}
    assert set(found) == set(facts_of(by_id(mutant)).caught_by)
