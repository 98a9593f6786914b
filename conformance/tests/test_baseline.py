"""Known failures: counted apart while they hold, a failure themselves as soon as they do not."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result

from conformance import baseline
from conformance.cases import CASES
from conformance.commands import check
from conformance.config import BadConfig
from simulator.words import Lang

CASE = "receiving/attachments-byte-for-byte"
LINE = {
    "case": CASE,
    "check": "every-attachment-there",
    "owner": "an@example.vn",
    "expires": "2026-12-31",
    "why": "#12",
}
BOTH = (LINE, LINE | {"check": "attachment-bytes-equal"})


def written(folder: Path, *lines: dict[str, Any]) -> Path:
    path = folder / "known.toml"
    rows = ["[[known]]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in line.items()) for line in lines]
    path.write_text("\n".join(rows), "utf-8")
    return path


def result(*verdicts: tuple[str, str], conclusion: str = "not-conformant") -> dict[str, Any]:
    outcomes = {"pass": "held", "inconclusive": "unobserved"}
    findings = [
        {"check": check, "verdict": verdict, "outcome": outcomes.get(verdict, "broken")} for check, verdict in verdicts
    ]
    cases = [{"id": CASE, "findings": findings}]
    return {"finished_at": "2026-11-21T08:00:00+07:00", "conclusion": conclusion, "cases": cases}


def applied(folder: Path, run: dict[str, Any], *lines: dict[str, Any]) -> dict[str, Any]:
    return baseline.apply(run, baseline.read(written(folder, *lines)), cases=CASES, origin="known.toml", lang=Lang.EN)


def test_failures_that_are_all_known_keep_their_verdict_and_let_the_run_pass(tmp_path: Path) -> None:
    run = result(("every-attachment-there", "fail"), ("attachment-bytes-equal", "fail"))

    told = applied(tmp_path, run, *BOTH)

    assert told["conclusion"] == "not-conformant"
    assert told["baseline"]["conclusion"] == "conformant"
    assert told["baseline"]["known"] == 2
    assert told["cases"][0]["findings"][0]["known"]["owner"] == "an@example.vn"
    assert told["cases"][0]["findings"][0]["verdict"] == "fail"
    assert baseline.exit_code(told) == 0


def test_a_failure_that_is_not_listed_still_fails(tmp_path: Path) -> None:
    run = result(("every-attachment-there", "fail"), ("attachment-bytes-equal", "fail"))

    assert baseline.exit_code(applied(tmp_path, run, LINE)) == 1


@pytest.mark.parametrize(
    ("change", "verdict", "state", "code"),
    [
        ({}, "pass", "stale", 1),
        ({"expires": "2026-11-20"}, "fail", "expired", 1),
        ({"expires": "2026-11-21"}, "fail", "known", 0),
        ({"check": "no-such-check"}, "pass", "unknown-id", 1),
        ({"case": "receiving/no-such-case"}, "pass", "unknown-id", 1),
        ({}, "inconclusive", "unseen", 3),
        ({}, "warn", "known", 0),
    ],
)
def test_a_line_that_no_longer_fits_is_a_failure_in_words(
    change: dict[str, str], verdict: str, state: str, code: int, tmp_path: Path
) -> None:
    run = result(("every-attachment-there", verdict))

    told = applied(tmp_path, run, LINE | change)
    row = told["baseline"]["lines"][0]

    assert row["state"] == state
    assert row["texts"]["vi"]
    assert (LINE | change)["case"] in row["because"]
    assert baseline.exit_code(told) == code


def test_our_own_error_stays_our_own(tmp_path: Path) -> None:
    run = result(("every-attachment-there", "fail"), conclusion="harness-error")

    assert baseline.exit_code(applied(tmp_path, run, LINE)) == 4


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[[known]]\nreason = 'x'", "reason"),
        ("[other]", "other"),
        ("[known]", "[[known]]"),
        ("[[known]]\ncase = 'a/b'", "check"),
        ("[[known]]\ncase='a/b'\ncheck='c'\nowner='o'\nwhy='w'\nexpires='soon'", "soon"),
        ("[[known]]\ncase='a/b'\ncheck=3\nowner='o'\nwhy='w'\nexpires=2026-12-31", "check"),
        ("no toml", "TOML"),
    ],
)
def test_a_file_that_cannot_be_used_says_where(text: str, named: str, tmp_path: Path) -> None:
    (tmp_path / "known.toml").write_text(text)

    with pytest.raises(BadConfig, match=named.replace("[", r"\[")):
        baseline.read(tmp_path / "known.toml")


def test_a_line_twice_and_a_file_that_is_not_there_are_wrong_calls(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match="twice"):
        baseline.read(written(tmp_path, LINE, LINE))
    with pytest.raises(BadConfig, match="nowhere"):
        baseline.read(tmp_path / "nowhere.toml")


def run(*words: str) -> Result:
    return CliRunner().invoke(check, list(words), obj=SimpleNamespace(lang=Lang.EN, printers=()))


def test_the_command_counts_known_failures_apart(tmp_path: Path) -> None:
    path = written(tmp_path, *(line | {"expires": "2999-12-31"} for line in BOTH))

    done = run(
        "--sut", "reference:first-attachment-only", "--no-input", "--only", CASE, "--out", str(tmp_path / "run"),
        "--baseline", str(path),
    )  # fmt: skip
    wrong = run("--sut", "reference", "--no-input", "--only", CASE, "--baseline", str(tmp_path / "nowhere.toml"))

    stored = json.loads((tmp_path / "run" / "result.json").read_text("utf-8"))
    assert done.exit_code == 3  # nothing is left that fails, but the run was narrowed
    assert "NOT CONFORMANT" in done.stdout
    assert "apart from 2 known failures" in done.stdout
    assert stored["baseline"]["known"] == 2
    assert wrong.exit_code == 2
