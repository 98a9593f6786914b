"""The wrong receivers: every check of the chapter has one that breaks it, and a few are shown to do so."""

from collections import Counter
from inspect import isfunction
from pathlib import Path
from typing import Any

import pytest

from conformance import config
from conformance.cases.receiving import CASES
from conformance.mutants import MUTANTS as ALL
from conformance.mutants import by_id, facts_of
from conformance.mutants.receiving import MUTANTS
from conformance.progress import Progress
from conformance.run import Plan, check
from simulator.agency.dms import Dms
from simulator.words import Lang

CHECKS = {check.id: case for case in CASES for check in case.checks}


def findings(mutant: str, folder: Path) -> dict[str, dict[str, Any]]:
    """What a run of only the cases that must catch the mutant finds, by check."""
    caught_by = facts_of(by_id(mutant)).caught_by
    cases = tuple(dict.fromkeys(CHECKS[each] for each in caught_by))
    plan = Plan(config.reference(mutant), cases, folder, 7, Lang.EN, narrowed=tuple(case.id for case in cases))
    with Progress(lang=Lang.EN, quiet=True) as progress:
        result = check(plan, progress=progress)
    return {finding["check"]: finding for case in result["cases"] for finding in case["findings"]}


def test_every_check_of_the_chapter_is_named_by_a_mutant() -> None:
    named = {each for kind in MUTANTS for each in facts_of(kind).caught_by}

    assert set(CHECKS) - named == set()


def test_every_named_check_exists() -> None:
    named = {each for kind in MUTANTS for each in facts_of(kind).caught_by}

    assert named - set(CHECKS) == set()


def test_no_two_mutants_of_the_suite_share_an_id() -> None:
    counts = Counter(facts_of(kind).id for kind in ALL)

    assert [mutant for mutant, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("kind", MUTANTS, ids=lambda kind: facts_of(kind).id)
def test_a_mutant_does_one_thing_otherwise_and_says_what(kind: type[Dms]) -> None:
    own = [name for name, value in vars(kind).items() if isfunction(value)]

    assert kind.__bases__ == (Dms,)
    assert len(own) == 1
    assert hasattr(Dms, own[0])
    assert kind.__doc__
    assert facts_of(kind).title.en != facts_of(kind).title.vi
    assert facts_of(kind).caught_by


@pytest.mark.parametrize(
    ("mutant", "because"),
    [
        ("confirms-twice", {"confirmed-once": "confirmed 2 times"}),
        ("names-files-by-entry", {"attachment-names-kept": "the SUT shows 2.docx, 3.xlsx, 4.txt, cong-van.pdf"}),
        ("delivers-twice", {"both-codes-one-document": "2 rows", "both-codes-one-arrival": "2 times 01"}),
        (
            "opens-entities",
            {
                "hostile-entity-refused": "confirmed: done; statuses: 01; 1 rows show it as held",
                "entity-not-expanded": "the entity's text appears in the box",
            },
        ),
    ],
)
def test_a_wrong_receiver_is_caught_for_what_it_does(mutant: str, because: dict[str, str], tmp_path: Path) -> None:
    found = findings(mutant, tmp_path)

    broken = {name: finding["because"] for name, finding in found.items() if finding["verdict"] in ("fail", "warn")}
    assert broken == because
    assert set(broken) == set(facts_of(by_id(mutant)).caught_by)
