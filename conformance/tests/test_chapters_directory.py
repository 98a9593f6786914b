"""The chapters *directory* and *statistics*: every check has a mutant that breaks it, and a few are shown to do so."""

from collections import Counter
from inspect import isfunction
from pathlib import Path

import pytest

from conformance.cases import directory, statistics
from conformance.mutants import MUTANTS as ALL
from conformance.mutants import by_id, facts_of
from conformance.mutants import directory as wrong_directories
from conformance.mutants import statistics as wrong_figures
from conformance.tests.conftest import broken, flown
from simulator.agency.dms import Dms

CASES = (*directory.CASES, *statistics.CASES)
MUTANTS = (*wrong_directories.MUTANTS, *wrong_figures.MUTANTS)
CHECKS = {each.id: case for case in CASES for each in case.checks}


def test_every_check_is_named_by_a_mutant_and_every_named_check_exists() -> None:
    named = {each for kind in MUTANTS for each in facts_of(kind).caught_by}

    assert named == set(CHECKS)


def test_no_mutant_has_the_id_of_another() -> None:
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


WRONG = {
    "skips-dated-rows": "the SUT fetched the directory, and still refuses",
    "wiped-by-outage": "the SUT, or the axis, would not take a complete order",
    "counts-receivers": "the axis saw 2 more",
    "queued-is-received": "it never answered, and is shown as '01'",
}
"""Each breaks cases of its own, so one system has all these defects at once."""


def test_a_wrong_system_is_caught_for_what_it_does(tmp_path: Path) -> None:
    found = broken(flown(tmp_path / "run", *WRONG, seed=7))

    assert {each for mutant in WRONG for each in facts_of(by_id(mutant)).caught_by} <= set(found)
    for mutant, because in WRONG.items():
        assert because in found[facts_of(by_id(mutant)).caught_by[0]]["because"]


def test_cases_of_kinds_need_every_kind_that_they_count() -> None:
    case = next(case for case in statistics.CASES if case.id == "statistics/kinds-received")
    roles = ("sender", "receiver")

    assert case.applies(roles=roles, capabilities=("statistics", "update", "replace", "recall"))
    assert not case.applies(roles=roles, capabilities=("statistics", "update", "replace"))
    assert not case.applies(roles=roles, capabilities=("update", "replace", "recall"))
