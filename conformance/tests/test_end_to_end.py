"""Whole runs over real HTTP: the reference passes, a mutant is caught, a dead system ends in bounded time."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result

from conformance import run
from conformance.cases import CASES
from conformance.commands import check, judge
from conformance.judge import judge_run
from conformance.overall import OVERALL
from conformance.requirement import register
from conformance.runfolder import load
from conformance.tests.conftest import FLOWN, PATIENCE
from conformance.tests.shuffling import any_order_will_do
from conformance.verdict import Conclusion
from simulator.faults.catalogue import fault_named
from simulator.words import Lang

pytest_plugins = ["pytester"]

Run = tuple[Path, dict[str, Any]]


def call(command: Any, *words: str, printers: tuple = ()) -> Result:
    return CliRunner().invoke(command, list(words), obj=SimpleNamespace(lang=Lang.EN, printers=printers))


def bad(result: dict[str, Any]) -> dict[str, str]:
    return {
        finding["check"]: finding["verdict"]
        for case in result["cases"]
        for finding in case["findings"]
        if finding["verdict"] != "pass"
    }


def test_the_reference_system_passes_every_case_of_these_chapters(reference_run: Run) -> None:
    _, result = reference_run

    assert bad(result) == {}
    assert result["conclusion"] == "conformant"
    assert result["counts"]["pass"] == len(FLOWN) + len(OVERALL)
    assert sum(result["counts"].values()) == result["counts"]["pass"]
    assert result["requirement_digest"] == register().digest


def test_no_case_finds_anything_else_where_the_books_list_their_rows_in_another_order(reference_run: Run) -> None:
    any_order_will_do(load(reference_run[0]), FLOWN)


def test_every_finding_that_passed_cites_records_of_the_run(reference_run: Run) -> None:
    folder, result = reference_run
    numbers = {record.n for record in load(folder).records}

    for case in result["cases"]:
        for finding in case["findings"]:
            assert finding["cites"], finding["check"]
            assert set(finding["cites"]) <= numbers


def test_a_moved_folder_is_judged_the_same(reference_run: Run, tmp_path: Path) -> None:
    folder, result = reference_run
    moved = shutil.copytree(folder, tmp_path / "elsewhere")
    (moved / "result.json").unlink()

    assert judge_run(moved, cases=FLOWN) == result
    assert json.loads((folder / "result.json").read_text("utf-8")) == result


def test_judge_prints_one_json_document_and_writes_only_what_is_missing(reference_run: Run, tmp_path: Path) -> None:
    folder, result = reference_run
    moved = shutil.copytree(folder, tmp_path / "elsewhere")
    before = (moved / "result.json").read_bytes()
    asked = []

    def printer(run_dir: Path, lang: Lang) -> Path:
        asked.append(lang)
        return run_dir / "result.json"

    again = call(judge, str(moved), "--format", "json", printers=(printer,))
    written = call(judge, str(moved), "--write", printers=(printer,))

    assert again.exit_code == written.exit_code == 0
    assert json.loads(again.stdout) == result
    assert (moved / "result.json").read_bytes() == before
    assert asked == [Lang.EN]
    assert "CONFORMANT" in written.stdout


def test_a_newer_catalogue_that_lost_a_case_says_so_as_an_error(reference_run: Run) -> None:
    folder, _ = reference_run

    result = judge_run(folder, cases=FLOWN[1:])

    assert result["conclusion"] == "harness-error"
    assert result["cases"][0]["findings"][0]["check"] == "harness"


def test_every_fault_that_a_case_asked_for_was_switched_off_again(reference_run: Run) -> None:
    folder, _ = reference_run

    notes = [each["values"] for each in load(folder).records if each.kind == "note" and each["name"] == "fault"]

    asked = {each["fault"] for each in notes}
    assert len(asked) >= 18
    assert all(fault_named(each) for each in asked)
    events = [each["event"] for each in notes]
    assert events.count("begins") == events.count("ends")


def test_the_evidence_holds_no_signature(reference_run: Run) -> None:
    folder, _ = reference_run

    exchanges = [record for record in load(folder).records if record.kind == "exchange"]

    signatures = {
        value
        for record in exchanges
        for name, value in record["request"]["headers"]
        if name.lower() == "xroadvnpt-hash-header"
    }
    assert signatures == {"***"}


def test_a_stored_run_is_shown_by_pytest_one_test_for_each_case(reference_run: Run, pytester: pytest.Pytester) -> None:
    folder, _ = reference_run

    shown = pytester.runpytest_subprocess("--axisproof-run", str(folder), "-q", "-p", "no:cacheprovider")

    shown.assert_outcomes(passed=len(FLOWN) + len(OVERALL))


def test_a_mutant_is_caught_by_the_check_that_it_names(tmp_path: Path) -> None:
    out = tmp_path / "run"

    caught = call(
        check, "--sut", "reference:first-attachment-only", "--no-input", "--out", str(out), "--format", "json",
        "--only", "receiving/attachments-byte-for-byte", "--only", "receiving/many-attachments",
    )  # fmt: skip
    result = json.loads(caught.stdout)

    condemned = (
        Conclusion.INCOMPLETE if result["invalid"] else Conclusion.NOT_CONFORMANT
    )  # a busy machine condemns nobody
    assert result["conclusion"] == condemned
    assert caught.exit_code == condemned.exit_code
    assert bad(result)["every-attachment-there"] == "fail"
    assert bad(result)["many-attachments-there"] == "fail"
    assert result["narrowed"] == ["receiving/attachments-byte-for-byte", "receiving/many-attachments"]


def sut_toml(folder: Path, **changes: str) -> Path:
    lines = {
        "kind": 'kind = "http"', "url": 'url = "http://127.0.0.1:9"', "roles": 'roles = ["sender", "receiver"]',
        "more": "",
    } | changes  # fmt: skip
    path = folder / "sut.toml"
    path.write_text(
        f"""
[hub]
listen = "127.0.0.1:0"
topology = "mini"
[sut]
name = "Dead DMS"
organ = "000.00.00.H98"
system_id = "sut.test.01"
secret = "made-up"
{lines["roles"]}
[driver]
{lines["kind"]}
{lines["url"]}
[timing]
deadline_seconds = 1
floor_seconds = 0.1
{lines["more"]}
""",
        "utf-8",
    )
    return path


def test_a_dead_system_ends_incomplete_with_remedies_and_is_not_waited_for(tmp_path: Path) -> None:
    chapters = ("receiving", "status", "resilience", "recall")
    words = [word for chapter in chapters for word in ("--only", chapter)]

    ended = call(
        check, str(sut_toml(tmp_path)), "--no-input", "--out", str(tmp_path / "run"), "--format", "json", *words
    )
    result = json.loads(ended.stdout)
    unmet = [each for each in load(tmp_path / "run").records if each.kind == "wait" and not each["met"]]

    assert ended.exit_code == 3
    assert result["conclusion"] == "incomplete"
    assert set(bad(result).values()) == {"inconclusive"}
    assert result["counts"]["pass"] == 0
    assert result["counts"]["not-applicable"] == sum(
        bool(case.capability) for case in CASES if case.chapter in chapters
    )
    assert {each["ended"] for each in unmet} == {"silence"}
    assert all(finding["remedy"] for case in result["cases"] for finding in case["findings"])


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_stopped_says_what_is_left_and_condemns_nobody(how: signal.Signals, tmp_path: Path) -> None:
    out, scratch = tmp_path / "run", tmp_path / "scratch"
    scratch.mkdir()
    words = [sys.executable, "-m", "axisproof", "--lang", "en", "check", "--sut", "reference", "--only", "status"]
    with subprocess.Popen(
        [*words, "--out", str(out)], stderr=subprocess.PIPE, text=True, env={**os.environ, "TMPDIR": str(scratch)}
    ) as running:
        try:
            records, deadline = out / "evidence" / "records.jsonl", time.monotonic() + PATIENCE
            while not records.exists() or b'"exchange"' not in records.read_bytes():
                assert time.monotonic() < deadline
                assert running.poll() is None
                time.sleep(0.02)
            running.send_signal(how)
            _, said = running.communicate(timeout=PATIENCE)
        finally:
            running.kill()

    assert running.returncode == 3, said
    assert said.endswith(f"stopped before the end, so nothing is judged; what was recorded is in {out}\n")
    assert not list(scratch.iterdir())  # neither keys nor books stay behind


def test_a_run_that_is_stopped_before_anything_ran_promises_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "admit", stopped)

    ended = call(check, str(sut_toml(tmp_path)), "--no-input", "--only", "receiving", "--out", str(tmp_path / "run"))

    assert ended.exit_code == 3
    assert "stopped before anything ran" in ended.stderr
    assert "--resume" not in ended.stderr
    assert not (tmp_path / "run").exists()


def test_where_nobody_can_be_asked_the_run_is_incomplete(tmp_path: Path) -> None:
    path = sut_toml(tmp_path, kind='kind = "manual"', url="", roles='roles = ["receiver"]')

    ended = call(check, str(path), "--no-input", "--out", str(tmp_path / "run"), "--only", "receiving/plain-document")

    assert ended.exit_code == 3
    assert "NARROWED RUN" in ended.stdout
    assert "INCOMPLETE" in ended.stdout
    assert "→" in ended.stdout
    assert "receiving/plain-document:documents:in" in (tmp_path / "run/evidence/records.jsonl").read_text("utf-8")


def test_a_program_that_cannot_be_started_is_no_fault_of_the_suts_cases(tmp_path: Path) -> None:
    path = sut_toml(tmp_path, kind='kind = "command"', url='command = ["no-such-program"]')

    ended = call(check, str(path), "--no-input", "--out", str(tmp_path / "run"), "--only", "receiving/plain-document")

    assert ended.exit_code == 4
    assert "no-such-program" in ended.stdout
    assert "HARNESS ERROR" in ended.stdout


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ([], "one system"),
        (["--sut", "other"], "other"),
        (["--sut", "reference:no-such"], "no-such"),
        (["--sut", "reference", "--only", "nothing"], "nothing"),
        (["--sut", "reference", "--profile", "nothing"], "nothing"),
        (["--sut", "reference", "--topology", "nothing"], "nothing"),
        (["nowhere.toml"], "nowhere.toml"),
        (["--sut", "reference", "--out", "."], "not an empty folder"),
    ],
)
def test_a_wrong_call_exits_2_and_says_why(
    words: list[str], named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "something").touch()

    ended = call(check, *words)

    assert ended.exit_code == 2
    assert named in ended.stderr
    assert ended.stdout == ""
    assert [each.name for each in tmp_path.iterdir()] == ["something"]  # nothing ran, so there is no run folder


@pytest.mark.parametrize("before", [False, True])
@pytest.mark.parametrize("bundled", [False, True])
def test_a_busy_port_leaves_no_run_folder_and_takes_none_away(bundled: bool, before: bool, tmp_path: Path) -> None:
    out = tmp_path / "runs" / "run"
    if before:
        out.mkdir(parents=True)
    with socket.create_server(("127.0.0.1", 0)) as busy:
        words = ["--sut", "reference"] if bundled else [str(sut_toml(tmp_path)), "--no-input"]
        port = busy.getsockname()[1]
        ended = call(check, *words, "--only", "receiving", "--out", str(out), "--port", str(port))

    assert ended.exit_code == 2
    assert str(port) in ended.stderr
    assert out.exists() == out.parent.exists() == before
    assert not list(out.rglob("*"))


def test_a_busy_port_for_the_questions_is_a_wrong_call(tmp_path: Path) -> None:
    path = sut_toml(tmp_path, kind='kind = "manual"', url="", roles='roles = ["receiver"]')
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = str(busy.getsockname()[1])
        ended = call(check, str(path), "--only", "receiving", "--out", str(tmp_path / "run"), "--ask-port", port)

    assert ended.exit_code == 2
    assert port in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_folder_that_cannot_be_made_is_a_wrong_call(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    ended = call(check, "--sut", "reference", "--only", "receiving/plain-document", "--out", str(tmp_path / "file/run"))

    assert ended.exit_code == 2
    assert f"cannot make the folder {tmp_path}/file/run" in ended.stderr


def test_judging_something_else_exits_2(tmp_path: Path) -> None:
    ended = call(judge, str(tmp_path))

    assert ended.exit_code == 2
    assert "no run folder" in ended.stderr
