"""A vendor's own cases run apart, and a new one starts from a skeleton that works."""

import json
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result

from conformance import config
from conformance.cases import CASES, named
from conformance.commands import check, judge
from conformance.config import BadConfig
from conformance.judge import judge_run
from conformance.progress import Progress
from conformance.run import Plan
from conformance.run import check as run_check
from conformance.scaffold import new, write_case
from conformance.vendor import GROUP, Vendor, load_vendor
from simulator.words import Lang

NAME = "keeps-the-envelope"


def point(value: str) -> metadata.EntryPoint:
    return metadata.EntryPoint(name="mine", value=value, group=GROUP)


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "own"
    write_case(folder, NAME)
    monkeypatch.syspath_prepend(str(folder))
    return folder


@pytest.fixture
def vendor(package: Path) -> Vendor:
    return load_vendor([point("cases_keeps_the_envelope:CASES")])


def test_a_vendor_case_is_found_and_prefixed(vendor: Vendor) -> None:
    assert [case.id for case in vendor.cases] == [f"vendor/{NAME}"]
    assert [case.chapter for case in vendor.cases] == ["vendor"]
    assert all(row.id in vendor.register for row in vendor.rows)


def test_the_certified_result_is_the_same_with_vendor_cases_beside_it(vendor: Vendor, tmp_path: Path) -> None:
    results = {}
    for name, own in (("without", None), ("with", vendor)):
        folder = tmp_path / name
        plan = Plan(
            config.reference(), named("receiving/plain-document"), folder, seed=5, lang=Lang.EN,
            narrowed=("receiving/plain-document",), vendor=own,
        )  # fmt: skip
        with Progress(lang=Lang.EN, quiet=True) as progress:
            results[name] = run_check(plan, progress=progress)
    beside = results["with"].pop("vendor")

    assert results["with"]["counts"] == results["without"]["counts"]
    assert results["with"]["conclusion"] == results["without"]["conclusion"] == "incomplete"  # it was narrowed
    assert [case["id"] for case in results["with"]["cases"]] == [case["id"] for case in results["without"]["cases"]]
    assert [(case["id"], case["verdict"]) for case in beside["cases"]] == [(f"vendor/{NAME}", "pass")]
    assert results["with"]["requirement_digest"] == results["without"]["requirement_digest"]
    assert judge_run(tmp_path / "with", cases=CASES)["vendor"]["not_judged"] == [f"vendor/{NAME}"]
    assert judge_run(tmp_path / "with", cases=CASES, vendor=vendor)["vendor"] == beside


@pytest.mark.parametrize(
    ("value", "named_"),
    [("no_such_module_here:CASES", "no_such_module_here"), ("json:dumps", "TypeError"), ("sys:path", "no case")],
)
def test_what_cannot_be_used_is_said_with_the_entry_point(value: str, named_: str) -> None:
    with pytest.raises(BadConfig, match=named_) as wrong:
        load_vendor([point(value)])

    assert value in wrong.value.because.vi


def test_two_of_one_id_and_none_at_all_are_wrong_calls(package: Path) -> None:
    twice = point("cases_keeps_the_envelope:CASES")

    with pytest.raises(BadConfig, match="twice"):
        load_vendor([twice, twice])
    with pytest.raises(BadConfig, match="no installed package"):
        load_vendor([])


def call(command: object, *words: str) -> Result:
    return CliRunner().invoke(command, list(words), obj=SimpleNamespace(lang=Lang.EN, printers=()))  # type: ignore[arg-type]


def test_the_commands_take_the_flag(tmp_path: Path) -> None:
    none = call(check, "--sut", "reference", "--with-vendor-cases", "--out", str(tmp_path / "run"))

    assert none.exit_code == 2
    assert GROUP in none.stderr
    assert call(judge, str(tmp_path), "--with-vendor-cases").exit_code == 2


def test_a_new_case_is_ready_to_install_clean_and_passes_its_own_test(tmp_path: Path) -> None:
    folder = tmp_path / "own"

    made = call(new, "case", NAME, "--out", str(folder))
    clean = subprocess.run([sys.executable, "-m", "ruff", "check", "--select", "E,F,W,I,D1", "--per-file-ignores",
                            "tests/*:D", "--no-cache", str(folder)], capture_output=True, text=True)  # fmt: skip
    shaped = subprocess.run([sys.executable, "-m", "ruff", "format", "--check", "--no-cache", str(folder)],
                            capture_output=True, text=True)  # fmt: skip
    tested = subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"],
                            capture_output=True, text=True, cwd=folder,
                            env={"PYTHONPATH": f"{folder}:{Path.cwd()}"})  # fmt: skip

    assert made.exit_code == 0, made.output
    assert (clean.returncode, shaped.returncode) == (0, 0), clean.stdout + shaped.stdout + shaped.stderr
    assert tested.returncode == 0, tested.stdout


@pytest.mark.parametrize("words", [("case", "Bad Name"), ("case", "good-name", "--out", "."), ("thing", "x")])
def test_a_wrong_wish_exits_2(words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "something").touch()

    assert call(new, *words).exit_code == 2


def test_the_skeleton_names_one_row_case_and_mutant(package: Path) -> None:
    texts = "\n".join(path.read_text("utf-8") for path in sorted(package.rglob("*")) if path.is_file())

    assert texts.count("OWN-KEEPS-THE-ENVELOPE") == 2
    assert json.dumps(f"{NAME}-never") in texts
