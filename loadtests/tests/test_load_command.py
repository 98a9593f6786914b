"""`axisproof load`, whole: a real axis, real locust processes, real loopback, tiny plans. No timing is asserted."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

SCENARIO = """
title = { en = "Tiny", vi = "Nhỏ" }
target = "either"
model = "MODEL"
nodes = 12
seconds = SECONDS
drain_limit_seconds = DRAIN
docs_per_second = RATE
curve = "flat"
senders = { vpcp = 0.20, ministries = 0.35, provinces = 0.40, rest = 0.05 }
fan_out = [[1, 3, 1.0]]
urgencies = [0.885, 0.07, 0.025, 0.02]
sizes = { median_bytes = 8_000, sigma = 0.5, cap_bytes = 100_000 }
polls = { period_seconds = 1, synchronised = true, jitter_seconds = 0.3 }
thresholds = ["lost == 0", "doubled == 0", "strangers == 0", "altered == 0"]
CLOSED
[statuses]
sigma = 0.1
cap_seconds = 1
steps = [["01", 1.0, 0], ["03", 1.0, 0.3]]
take_backs = { share = 0.3, after_seconds = 0.2, agreed = 0.5 }
[about]
en = "A test."
vi = "Một phép thử."
[provenance]
mark = "assumed"
en = "Made for a test."
vi = "Dùng để thử."
"""


def scenario(folder: Path, *, seconds: float = 2, model: str = "open", rate: float = 6, drain: float = 12) -> Path:
    closed = "[closed]\nusers = 4\nthink_seconds = 0.1\n" if model == "closed" else ""
    text = SCENARIO.replace("MODEL", model).replace("SECONDS", str(seconds)).replace("CLOSED", closed)
    text = text.replace("RATE", str(rate)).replace("DRAIN", str(drain))
    path = folder / "tiny.toml"
    path.write_text(text, "utf-8")
    return path


def load(*arguments: object) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "axisproof", "load", *map(str, arguments), "--lang", "en"]
    return subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)


def result(called: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert called.returncode in (0, 1, 3), called.stderr
    document: dict[str, Any] = json.loads(called.stdout)
    return document


def whole_lines(path: Path) -> list[str]:
    return [line for line in path.read_text("utf-8").splitlines(keepends=True) if line.endswith("\n")]


def events(folder: Path, *names: str) -> list[dict[str, Any]]:
    lines = [line for path in sorted((folder / "ledger").glob("*.jsonl")) for line in whole_lines(path)]
    return [event for event in map(json.loads, lines) if event["e"] in names]


@pytest.fixture(scope="module")
def two_workers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """One run of the open model with two workers, and its result."""
    folder = tmp_path_factory.mktemp("load")
    called = load(scenario(folder), "--workers", 2, "--out", folder / "run", "--format", "json")
    return folder / "run", result(called)


def test_everything_that_two_workers_send_is_accounted_for(two_workers: tuple[Path, dict[str, Any]]) -> None:
    folder, document = two_workers

    planned = json.loads((folder / "plan.json").read_text("utf-8"))["arrivals"]
    account = document["account"]
    assert account["accepted"] == len(planned) == len({event["n"] for event in events(folder, "sent")})
    assert account["deliveries_expected"] == account["delivered"]
    asked = [event for event in events(folder, "answered") if event["status"] == "13"]
    told = [event for event in events(folder, "answered") if event["status"] in ("15", "16")]
    assert {(event["about"], event["to"]) for event in asked} == {(event["about"], event["unit"]) for event in told}
    statuses = 2 * account["delivered"] + 2 * len(asked)
    assert account["statuses"]["accepted"] == account["statuses"]["delivered"] == statuses
    assert {event["status"] for event in told} == {"15", "16"}
    for side in (account, account["statuses"]):
        assert {side[line]["count"] for line in ("lost", "doubled", "strangers", "altered", "waiting")} == {0}
    assert document["verdict"] in ("kept", "invalid")  # a busy machine may disturb the generator, never the axis
    assert document["workers"] == 2
    assert (document["axisproof"], document["lang"]) == (metadata.version("axisproof"), "en")
    assert json.loads((folder / "run.json").read_text("utf-8"))["lang"] == "en"


def test_each_worker_leaves_its_ledger_its_health_and_its_histograms(two_workers: tuple[Path, dict[str, Any]]) -> None:
    folder, _ = two_workers

    for worker in ("worker-1", "worker-2"):
        for kind in ("ledger", "health", "histograms"):
            assert (folder / kind / f"{worker}.jsonl").stat().st_size > 0
    systems = [
        {json.loads(line).get("system") for line in (folder / "ledger" / f"worker-{n}.jsonl").read_text().splitlines()}
        for n in (1, 2)
    ]
    assert not (systems[0] & systems[1]) - {None}  # a node lives in one worker
    assert any(event["waiting"] > 0 for event in events(folder, "backlog"))


def test_no_secret_stays_in_the_run_folder(two_workers: tuple[Path, dict[str, Any]]) -> None:
    folder, _ = two_workers

    assert not list(folder.rglob("credentials.json"))
    assert not list(folder.rglob("spool.bin"))


def test_an_axis_that_loses_and_doubles_documents_fails_by_their_count(tmp_path: Path) -> None:
    faults = ["--fault", "loses-one-in-n:6", "--fault", "delivers-one-in-n-twice:4"]
    called = load(scenario(tmp_path), *faults, "--out", tmp_path / "run", "--format", "json")

    document = result(called)
    assert (called.returncode, document["verdict"]) == (1, "broken")
    account, statuses = document["account"], document["account"]["statuses"]
    for line in ("lost", "doubled"):
        count = account[line]["count"] + statuses[line]["count"]
        assert count == len(account[line]["documents"]) + len(statuses[line]["documents"]) > 0
    assert account["strangers"]["count"] == statuses["strangers"]["count"] == 0
    assert account["deliveries_expected"] == account["delivered"] + account["lost"]["count"]


def test_an_axis_whose_lists_the_real_client_could_not_read_hands_nothing_over(tmp_path: Path) -> None:
    called = load(scenario(tmp_path, drain=2), "--fault", "null-members", "--out", tmp_path / "run", "--format", "json")

    document = result(called)
    assert (called.returncode, document["verdict"]) == (1, "broken")
    lists = document["calls"]["list"]
    assert lists["made"] == lists["failed"] > 0
    assert "a null in it" in lists["because"]
    assert document["account"]["delivered"] == 0


def test_ctrl_c_ends_the_closed_model_cleanly_and_what_was_measured_proves_nothing(tmp_path: Path) -> None:
    out = tmp_path / "run"
    words = [sys.executable, "-m", "axisproof", "load", str(scenario(tmp_path, seconds=60, model="closed"))]
    words += ["--out", str(out), "--lang", "en"]
    with subprocess.Popen(words, stderr=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        try:
            deadline = time.monotonic() + 120
            while not (out / "ledger" / "worker-1.jsonl").exists() or not events(out, "sent"):
                assert time.monotonic() < deadline
                assert running.poll() is None
                time.sleep(0.05)
            running.send_signal(signal.SIGINT)
            said, _ = running.communicate(timeout=120)
        finally:
            running.kill()

    assert running.returncode in (1, 3)
    assert b"stopped before its end" in said
    assert json.loads((out / "run.json").read_text("utf-8"))["ended"] == "stopped"
    assert events(out, "sent")


def test_ctrl_c_before_anything_was_measured_leaves_no_secret_behind(tmp_path: Path) -> None:
    out = tmp_path / "run"
    words = [sys.executable, "-m", "axisproof", "load", str(scenario(tmp_path)), "--out", str(out), "--lang", "en"]
    with subprocess.Popen(words, stderr=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        try:
            deadline = time.monotonic() + 120
            while not (out / "axis").exists():
                assert time.monotonic() < deadline
                assert running.poll() is None
                time.sleep(0.005)
            running.send_signal(signal.SIGINT)
            said, how = running.communicate(timeout=120)
        finally:
            running.kill()

    assert (running.returncode, said) == (3, b""), how
    assert b"nothing was measured" in how
    assert not out.exists()


def test_ctrl_c_in_a_search_for_the_capacity_ends_it_and_concludes_nothing(tmp_path: Path) -> None:
    out = tmp_path / "run"
    words = [sys.executable, "-m", "axisproof", "load", str(scenario(tmp_path, seconds=60)), "--find-capacity"]
    words += ["--out", str(out), "--lang", "en"]
    with subprocess.Popen(words, stderr=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        try:
            deadline = time.monotonic() + 120
            while not (out / "step-01" / "ledger" / "worker-1.jsonl").exists() or not events(out / "step-01", "sent"):
                assert time.monotonic() < deadline
                assert running.poll() is None
                time.sleep(0.05)
            running.send_signal(signal.SIGINT)
            said, how = running.communicate(timeout=120)
        finally:
            running.kill()

    assert (running.returncode, said) == (3, b"")
    assert f"stopped in step 1: no capacity can be concluded; the steps so far are in {out}" in how.decode()
    assert not (out / "step-02").exists()
    assert not (out / "capacity.json").exists()


@pytest.mark.parametrize(
    ("arguments", "because"),
    [
        (["no-such-scenario"], "no-such-scenario"),
        ([], "scenario"),
        (["smoke", "spike"], "one scenario"),
        (["smoke", "--workers", "201"], "--workers"),
        (["smoke", "--scale", "0"], "--scale"),
        (["smoke", "--nodes", "1"], "--nodes"),
        (["smoke", "--nodes", "100000"], "100000 nodes are too many"),
        (["smoke", "--scale", "1e9"], "more than one run may have"),
        (["smoke", "--credentials", "secrets.json"], "--hub"),
        (["smoke", "--fault", "no-such-fault"], "no-such-fault"),
        (["smoke", "--hub", "http://127.0.0.1:1"], "--credentials"),
        (["smoke", "--hub", "http://127.0.0.1:1", "--sut", "reference"], "do not go together"),
        (["smoke", "--sut", "no-such-file.toml"], "no-such-file.toml"),
        (["smoke", "--out", "."], "empty"),
        (["smoke", "--hub-workers", "2"], "--store"),
        (["smoke", "--store", "mysql://x"], "postgresql://"),
        (["compare", "one"], "two run folders"),
        (["--worker"], "--master-port"),
    ],
)
def test_a_wrong_call_is_one_clear_sentence_and_exit_2(arguments: list[str], because: str, tmp_path: Path) -> None:
    from click.testing import CliRunner

    from loadtests.commands import load as command

    (tmp_path / "something").touch()
    before = os.getcwd()
    os.chdir(tmp_path)
    try:
        called = CliRunner(env={"LANG": "en_US.UTF-8", "LC_ALL": "en_US.UTF-8"}).invoke(command, arguments)
    finally:
        os.chdir(before)

    assert called.exit_code == 2
    assert because.lower() in called.output.lower()
    assert "Traceback" not in called.output
    assert [path.name for path in tmp_path.iterdir()] == ["something"]


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_the_help_says_what_an_option_takes_in_words_of_its_own(lang: str) -> None:
    from click.testing import CliRunner

    from loadtests.commands import load as command

    said = CliRunner(env={"LC_ALL": f"{lang}_US.UTF-8"}).invoke(command, ["--help"]).output

    assert "--scale TIMES" in said
    assert not [word for word in ("RANGE", "INTEGER", "FLOAT", "TEXT") if word in said]


def test_a_folder_that_was_there_stays_where_the_call_was_wrong_and_is_empty_again(tmp_path: Path) -> None:
    from click.testing import CliRunner

    from loadtests.commands import load as command

    out = tmp_path / "out"
    out.mkdir()

    called = CliRunner().invoke(command, ["smoke", "--nodes", "100000", "--out", str(out)])

    assert called.exit_code == 2
    assert not list(out.iterdir())


def test_two_runs_of_one_second_get_two_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from loadtests import commands

    moment = datetime(2026, 11, 22, 8, tzinfo=UTC)
    monkeypatch.setattr(commands, "datetime", SimpleNamespace(now=lambda zone: moment))
    monkeypatch.chdir(tmp_path)

    first = commands._default_folder("smoke")
    first.mkdir(parents=True)
    second = commands._default_folder("smoke")

    assert str(first) == "axisproof-runs/20261122T080000Z-load-smoke"
    assert second != first
    assert second.name.startswith(first.name)
