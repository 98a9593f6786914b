"""The wrong reporters: every check of the chapter has one that breaks it, and a few are shown to do so."""

from collections import Counter
from inspect import isfunction
from pathlib import Path

import pytest

from conformance.cases.status import CASES
from conformance.mutants import MUTANTS as ALL
from conformance.mutants import by_id, facts_of
from conformance.mutants.status import MUTANTS
from conformance.overall import OVERALL
from conformance.tests.conftest import broken, flown
from simulator.agency.dms import Dms

CHECKS = {check.id: case for case in CASES for check in case.checks}
NAMED = Counter(each for kind in MUTANTS for each in facts_of(kind).caught_by)


def test_every_check_of_the_chapter_is_named_by_a_mutant() -> None:
    assert set(CHECKS) - set(NAMED) == set()


def test_every_named_check_exists() -> None:
    assert set(NAMED) - set(CHECKS) - {each.check.id for each in OVERALL} == set()


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


WRONG = {
    "accepts-on-open": {
        "acceptance-not-on-arrival": "03 was there before the clerk accepted",
        "only-arrival-before-accept": "before accept: 03",
    },
    "accepts-refused": {"nothing-after-refusal": "after 02 came 03"},
    "blurs-assigned": {"sender-keeps-assignment": "after 04 the sender's box shows '05' instead of 04"},
    "forgets-taken-back": {"take-back-record-kept": "no trace of the document is left"},
}
"""Each breaks cases of its own, so one system has all these defects at once."""


def test_a_wrong_reporter_is_caught_for_what_it_does_and_for_nothing_else(tmp_path: Path) -> None:
    found = broken(flown(tmp_path / "run", *WRONG))

    said = {name: finding["because"].partition("; seen in company only")[0] for name, finding in found.items()}
    assert said == {name: because for each in WRONG.values() for name, because in each.items()}
    for mutant, because in WRONG.items():
        assert set(because) == set(facts_of(by_id(mutant)).caught_by)
