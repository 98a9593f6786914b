"""The wrong receivers: every check of the chapter has one that breaks it, and a few are shown to do so."""

from collections import Counter
from inspect import isfunction
from pathlib import Path

import pytest

from conformance.cases.receiving import CASES
from conformance.mutants import MUTANTS as ALL
from conformance.mutants import by_id, facts_of
from conformance.mutants.receiving import MUTANTS
from conformance.tests.conftest import broken, flown
from simulator.agency.dms import Dms

CHECKS = {check.id: case for case in CASES for check in case.checks}


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


WRONG = {
    "confirms-twice": {"confirmed-once": "confirmed 2 times"},
    "names-files-by-entry": {"attachment-names-kept": "the SUT shows 2.docx, 3.xlsx, 4.txt, cong-van.pdf"},
    "delivers-twice": {"both-codes-one-document": "2 rows", "both-codes-one-arrival": "2 times 01"},
    "opens-entities": {
        "hostile-entity-refused": "confirmed: done, done; statuses: 01; 1 rows show it as held",
        "entity-not-expanded": "the entity's text appears in the box",
    },
}
"""Each breaks cases of its own, so one system has all these defects at once (and confirms all twice)."""


def test_a_wrong_receiver_is_caught_for_what_it_does_and_for_nothing_else(tmp_path: Path) -> None:
    found = broken(flown(tmp_path / "run", *WRONG))

    said = {name: finding["because"].partition("; seen in company only")[0] for name, finding in found.items()}
    assert said == {name: because for each in WRONG.values() for name, because in each.items()}
    for mutant, because in WRONG.items():
        assert set(because) == set(facts_of(by_id(mutant)).caught_by)
