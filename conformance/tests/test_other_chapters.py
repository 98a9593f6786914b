"""The chapters that ``reference_run`` leaves out, flown once: a run of everything is too long for one worker."""

from pathlib import Path

from conformance import config
from conformance.cases import CASES
from conformance.progress import Progress
from conformance.run import Plan, check
from conformance.tests.conftest import FLOWN, small
from simulator.words import Lang


def test_the_reference_system_passes_every_case_of_the_other_chapters(tmp_path: Path) -> None:
    others = tuple(case for case in CASES if case not in FLOWN)
    plan = Plan(small(config.reference()), others, tmp_path / "run", seed=13, lang=Lang.EN)

    with Progress(lang=Lang.EN, quiet=True) as progress:
        result = check(plan, progress=progress)

    findings = [finding for case in result["cases"] for finding in case["findings"]]
    assert {finding["check"]: finding["verdict"] for finding in findings if finding["verdict"] != "pass"} == {}
    assert {check_.id for case in others for check_ in case.checks} <= {finding["check"] for finding in findings}
    assert result["conclusion"] == "conformant"
