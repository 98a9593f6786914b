"""The chapters that ``reference_run`` leaves out, flown once: a run of everything is too long for one worker."""

from pathlib import Path
from typing import Any

import pytest

from conformance import config
from conformance.cases import CASES
from conformance.progress import Progress
from conformance.run import Plan, check
from conformance.runfolder import load
from conformance.tests.conftest import FLOWN, small
from conformance.tests.shuffling import any_order_will_do
from simulator.words import Lang

OTHERS = tuple(case for case in CASES if case not in FLOWN)


@pytest.fixture(scope="module")
def run_of_the_others(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("others")
    plan = Plan(small(config.reference()), OTHERS, folder, seed=13, lang=Lang.EN)
    with Progress(lang=Lang.EN, quiet=True) as progress:
        return folder, check(plan, progress=progress)


def test_the_reference_system_passes_every_case_of_the_other_chapters(
    run_of_the_others: tuple[Path, dict[str, Any]],
) -> None:
    _, result = run_of_the_others

    found = [finding for case in result["cases"] for finding in case["findings"]]
    assert {finding["check"]: finding["verdict"] for finding in found if finding["verdict"] != "pass"} == {}
    assert {check_.id for case in OTHERS for check_ in case.checks} <= {finding["check"] for finding in found}
    assert result["conclusion"] == "conformant"


def test_no_case_finds_anything_else_where_the_books_list_their_rows_in_another_order(
    run_of_the_others: tuple[Path, dict[str, Any]],
) -> None:
    any_order_will_do(load(run_of_the_others[0]), OTHERS)
