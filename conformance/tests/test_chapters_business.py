"""The chapters update, replace, recall and takeback: the reference passes, wrong systems are caught for their fault."""

import random
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest

from conformance.case import Case
from conformance.cases import recall, replace, takeback, update
from conformance.cases.changes import last_year, recall_of, replacement_of, update_of
from conformance.evidence import Lane, Sut
from conformance.letters import letter
from conformance.mutants import by_id, facts_of
from conformance.mutants import recall as wrong_recalls
from conformance.mutants import replace as wrong_replacements
from conformance.mutants import takeback as wrong_takebacks
from conformance.mutants import update as wrong_updates
from conformance.tests.conftest import broken, flown
from simulator.clock import VIETNAM
from simulator.protocol import codec
from simulator.protocol.lint import lint
from simulator.protocol.package import Package
from simulator.protocol.rules import Level

CASES: tuple[Case, ...] = (*update.CASES, *replace.CASES, *recall.CASES, *takeback.CASES)
MUTANTS = (
    *wrong_updates.MUTANTS, *wrong_replacements.MUTANTS, *wrong_recalls.MUTANTS, *wrong_takebacks.MUTANTS,
)  # fmt: skip
CLAIMS = {"update", "replace", "recall", "take_back"}


@dataclass
class Desk:
    """A writer of letters without a stage."""

    random: random.Random
    sut: Sut = Sut("sut.test.01", "000.00.00.H98", ("000.00.00.H98", "H98"), "Example", "UBND tỉnh Thử Nghiệm")
    lanes: tuple[Lane, ...] = field(default=(Lane("sim.g22", "000.00.00.G22", ("000.00.00.G22", "G22"), "VPCP"),))

    def now(self) -> datetime:
        return datetime(2026, 11, 20, 9, 30, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    "wrong",
    [
        {
            "drops-other-than-new": "two-history-entries",
            "drops-single-reason": "recall-reason-for-one",
            "status-once-ever": "second-take-back-leaves",
        },
        {"labels-only": "recalled-out-of-reach", "replaces-everywhere": "old-stands-where-unlisted"},
        {"links-by-number": "update-spares-the-number"},
    ],
    ids="+".join,
)
def test_a_defect_of_a_real_system_is_caught(wrong: dict[str, str], tmp_path: Path) -> None:
    cases = tuple(case for case in CASES if set(wrong.values()) & {each.id for each in case.checks})

    found = broken(flown(tmp_path / "run", *wrong, cases=cases, seed=3))

    for mutant, caught_by in wrong.items():
        assert caught_by in facts_of(by_id(mutant)).caught_by
    assert set(wrong.values()) <= set(found)


def test_every_check_is_broken_by_some_wrong_system() -> None:
    checks = {each.id for case in CASES for each in case.checks}
    caught = {each for kind in MUTANTS for each in facts_of(kind).caught_by}

    assert checks <= caught


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_case_asks_only_for_what_was_claimed(case: Case) -> None:
    roles = ("sender", "receiver")

    assert case.capability in CLAIMS
    assert case.applies(roles=roles, capabilities=CLAIMS)
    assert not case.applies(roles=roles, capabilities=CLAIMS - {case.capability})
    assert not case.applies(roles=roles, capabilities=())


@pytest.mark.parametrize("seed", range(5))
def test_what_the_lanes_write_breaks_no_rule(seed: int) -> None:
    desk = Desk(random.Random(seed))
    original = letter(desk)
    packages: tuple[Package, ...] = (
        recall_of(desk, original),
        recall_of(desk, original, named=("response",)),
        recall_of(desk, original, named=("header", "response", "business")),
        update_of(desk, original),
        update_of(desk, original, content=False, added=("000.00.00.H99",)),
        replacement_of(desk, original.document_id, last_year(desk, original).document_id),
    )

    flaws = [
        (package.business_type, flaw.rule.id, flaw.at)
        for package in packages
        for flaw in (*lint(codec.encode(package)).of(Level.ERROR), *lint(codec.encode(package)).of(Level.WARN))
    ]

    assert flaws == []
