"""junit.xml as CI tools read it: nothing unproved looks green."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from junitparser import Error, Failure, JUnitXml, Skipped

from reports.junit import write_junit
from reports.tests.runs import Folder, every_verdict, finding, text


def outcomes(path: Path) -> dict[str, list[tuple[type, str]]]:
    return {case.name: [(type(each), each.type) for each in case.result] for suite in JUnitXml.fromfile(str(path))
            for case in suite}  # fmt: skip


def test_each_verdict_has_the_outcome_that_ci_tools_understand(tmp_path: Path) -> None:
    path = write_junit(every_verdict(tmp_path / "run"))

    assert outcomes(path) == {
        "receiving/confirms-once": [],
        "receiving/reads-hostile-subject": [],
        "status/arrival-is-told": [(Failure, "fail")],
        "status/rejects-with-reason": [(Error, "inconclusive")],
        "status/shown-to-the-clerk": [(Error, "review")],
        "status/full-chain": [(Error, "error")],
        "recall/take-back": [(Skipped, "not-applicable")],
    }


def test_the_totals_agree_with_the_cases(tmp_path: Path) -> None:
    xml = JUnitXml.fromfile(str(write_junit(every_verdict(tmp_path / "run"))))

    assert (xml.tests, xml.failures, xml.errors, xml.skipped) == (7, 1, 3, 1)
    assert [(suite.name, suite.tests, suite.failures, suite.errors, suite.skipped) for suite in xml] == [
        ("axisproof.receiving", 2, 0, 0, 0), ("axisproof.status", 4, 1, 3, 0),
        ("axisproof.recall", 1, 0, 0, 1)]  # fmt: skip


def test_a_failure_says_check_reason_requirement_label_and_records(tmp_path: Path) -> None:
    xml = JUnitXml.fromfile(str(write_junit(every_verdict(tmp_path / "run"), "en")))

    (failure,) = next(case for suite in xml for case in suite if case.name == "status/arrival-is-told").result
    assert failure.message == "arrival-exactly-once: 01 came 2 times for one document."
    for said in ("ST-11", "HSMP", "#35 #31", "promoted by --strict"):
        assert said in failure.text


def test_a_warning_stays_visible_although_it_passes(tmp_path: Path) -> None:
    xml = JUnitXml.fromfile(str(write_junit(every_verdict(tmp_path / "run"))))

    case = next(case for suite in xml for case in suite if case.name == "receiving/reads-hostile-subject")
    assert "[warn] subject-unchanged" in case.system_out


def test_what_was_tested_stands_in_the_properties(tmp_path: Path) -> None:
    suite = next(iter(JUnitXml.fromfile(str(write_junit(every_verdict(tmp_path / "run"))))))

    found = {each.name: each.value for each in suite.properties()}
    assert found["sut"] == "Example DMS 4.2"
    assert found["seed"] == "7"
    assert found["conclusion"] == "not-conformant"


@pytest.mark.parametrize("conclusion", ["conformant", "incomplete", "harness-error", "splendid"])
def test_a_run_without_any_case_is_not_green(tmp_path: Path, conclusion: str) -> None:
    path = write_junit(Folder(tmp_path / "run").save(conclusion=conclusion))

    assert outcomes(path) == {"run": [(Error, conclusion)]}


@pytest.mark.parametrize(
    ("conclusion", "footer"), [("harness-error", True), ("incomplete", True), ("conformant", False)]
)
def test_a_run_that_is_bad_as_a_whole_is_not_green_although_its_cases_are(
    tmp_path: Path, conclusion: str, footer: bool
) -> None:
    folder = Folder(tmp_path / "run")
    folder.case("receiving/one", "pass", [finding("one", "pass", text("Yes."))])

    path = write_junit(folder.save(conclusion=conclusion, footer=footer))

    assert outcomes(path) == {"receiving/one": [], "run": [(Error, conclusion)]}


def test_a_good_run_is_green_and_nothing_else(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "run")
    folder.case("receiving/one", "pass", [finding("one", "pass", text("Yes."))])

    assert outcomes(write_junit(folder.save(conclusion="conformant"))) == {"receiving/one": []}


def test_an_unknown_verdict_is_an_error(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "run")
    folder.case("receiving/one", "splendid", [])

    assert outcomes(write_junit(folder.save(conclusion="conformant"))) == {"receiving/one": [(Error, "splendid")]}


@given(said=st.text())
def test_every_text_can_be_read_back_by_a_ci_tool(tmp_path_factory: pytest.TempPathFactory, said: str) -> None:
    folder = Folder(tmp_path_factory.mktemp("any") / "run")
    folder.case("receiving/one", "fail", [finding("one", "fail", text(said))], title=text(said))

    assert outcomes(write_junit(folder.save(conclusion="not-conformant"))) == {"receiving/one": [(Failure, "fail")]}
