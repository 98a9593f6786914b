"""What may befall a load run: its axis dies, a load process dies, somebody presses stop on locust's page; and a system
under test that is not ours. Never green, never hanging, and the sentence says what was."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from loadtests.tests.test_load_command import events, load, result, scenario

SECRET_VARIABLE = "AXISPROOF_TEST_SUT_SECRET"


class Running:
    """A run under way in ``folder``; ``said``: its stdout and stderr, when it has ended."""

    def __init__(self, folder: Path, process: "subprocess.Popen[str]") -> None:
        self.folder, self.process = folder, process

    def until(self, condition: Callable[[], Any], seconds: float = 120.0) -> Any:
        deadline = time.monotonic() + seconds
        while not (found := condition()):
            assert time.monotonic() < deadline
            assert self.process.poll() is None, self.process.communicate()
            time.sleep(0.02)
        return found

    def until_documents_were_fetched(self) -> None:
        self.until(lambda: (self.folder / "ledger" / "worker-1.jsonl").exists() and events(self.folder, "fetched"))

    def part(self, *words: str) -> int:
        """The process of the run whose command line holds all these words."""
        for child in psutil.Process(self.process.pid).children(recursive=True):
            with contextlib.suppress(psutil.Error):
                if set(words) <= set(child.cmdline()):
                    return int(child.pid)
        raise AssertionError(words)

    def ended(self) -> tuple[str, dict[str, Any]]:
        said = "".join(self.process.communicate(timeout=120))
        return said, json.loads((self.folder / "result.json").read_text("utf-8"))


@contextlib.contextmanager
def running(folder: Path, *arguments: object) -> Iterator[Running]:
    words = [sys.executable, "-m", "axisproof", "load", str(scenario(folder, seconds=60, rate=15)), "--lang", "en"]
    words += ["--out", str(folder / "run"), *map(str, arguments)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield Running(folder / "run", process)
        finally:
            process.kill()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_an_axis_that_dies_breaks_the_run_at_once_and_what_it_took_along_is_said(tmp_path: Path) -> None:
    with running(tmp_path) as run:
        run.until_documents_were_fetched()
        os.kill(run.part("serve"), signal.SIGKILL)
        said, document = run.ended()

    account = document["account"]
    assert (run.process.returncode, document["verdict"]) == (1, "broken")
    assert "hub ended during the run (exit -9)" in said
    assert "the last lists of 12 systems could not be read" in said
    assert document["seconds"] < 60
    assert account["deliveries_expected"] == account["delivered"] + account["lost"]["count"]


def test_a_load_process_that_dies_makes_the_run_invalid_and_blames_nobody(tmp_path: Path) -> None:
    with running(tmp_path, "--workers", 2) as run:
        run.until_documents_were_fetched()
        os.kill(run.part("--worker"), signal.SIGKILL)
        said, document = run.ended()

    assert (run.process.returncode, document["verdict"]) == (3, "invalid")
    assert "a load process died during the run" in said
    assert document["ended"] == "worker-lost"
    assert document["seconds"] < 60


def test_the_only_load_process_dying_is_no_verdict_either(tmp_path: Path) -> None:
    with running(tmp_path) as run:
        run.until((run.folder / "ledger" / "worker-1.jsonl").exists)  # it has said nothing of that yet
        os.kill(run.part("loadtests.executor", "--plan"), signal.SIGKILL)
        said, document = run.ended()

    assert (run.process.returncode, document["verdict"]) == (3, "invalid")
    assert "a load process died during the run" in said


def test_locusts_own_page_shows_the_run_and_its_stop_button_ends_it_cleanly(tmp_path: Path) -> None:
    port = free_port()
    with running(tmp_path, "--web-port", port) as run, httpx.Client(base_url=f"http://127.0.0.1:{port}") as page:
        run.until_documents_were_fetched()
        assert "<title>Locust</title>" in page.get("/").text
        counted = page.get("/stats/requests").json()
        names = {each["name"] for each in counted["stats"]}
        more = page.post("/swarm", data={"user_count": "3", "spawn_rate": "1"}, timeout=60)
        stopped = page.post("/stop", timeout=60)
        said, document = run.ended()

    assert {"sendEdoc", "getEdoc", "updateStatus", "Aggregated"} <= names
    assert counted["state"] == "running"
    assert (more.status_code, stopped.status_code) == (200, 200)  # and more users play nothing: there is one plan
    assert (run.process.returncode, document["ended"]) == (3, "stopped")
    assert "stopped before its end" in said
    assert document["account"]["lost"]["count"] == document["account"]["doubled"]["count"] == 0


def test_a_page_on_a_port_that_is_taken_is_a_wrong_call(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        called = load(scenario(tmp_path), "--web-port", taken.getsockname()[1], "--out", tmp_path / "run")

    assert called.returncode == 2
    assert "--web-port" in called.stderr


@pytest.fixture
def foreign(tmp_path: Path) -> Iterator[Path]:
    """A system that somebody else started, and the file that describes it."""
    port, ready = free_port(), tmp_path / "dms.json"
    words = [sys.executable, "-m", "axisproof", "dms", "--endpoint", f"http://127.0.0.1:{port}", "--poll", "1"]
    words += ["--system-id", "vendor.1", "--secret-env", SECRET_VARIABLE, "--organ", "000.00.77.H98", "--port", "0"]
    words += ["--organ-name", "Văn phòng thử", "--data", str(tmp_path / "dms"), "--ready-file", str(ready)]
    environment = {**os.environ, SECRET_VARIABLE: "k" * 32}
    with subprocess.Popen(words, env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
        try:
            deadline = time.monotonic() + 120
            while not ready.exists():
                assert process.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.02)
            path = tmp_path / "SUT.toml"
            path.write_text(
                f'[hub]\nlisten = "127.0.0.1:{port}"\n[sut]\nname = "Vendor DMS"\norgan = "000.00.77.H98"\n'
                f'system_id = "vendor.1"\nsecret = "{"k" * 32}"\n[driver]\nkind = "http"\n'
                f'url = "{json.loads(ready.read_text("utf-8"))["url"]}"\n[timing]\npoll_seconds = 1\n'
                "[capabilities]\ntake_back = true\n",
                "utf-8",
            )
            yield path
        finally:
            process.terminate()


def test_a_system_of_somebody_else_is_flooded_observed_and_asked_for_its_book(tmp_path: Path, foreign: Path) -> None:
    called = load(scenario(tmp_path), "--sut", foreign, "--out", tmp_path / "run", "--format", "json")

    document = result(called)
    account = document["account"]
    assert document["target"] == "sut Vendor DMS"
    assert account["accepted"] > 0
    assert account["deliveries_expected"] == account["delivered"]
    [book] = events(tmp_path / "run", "book")
    assert len(book["documents"]) == account["accepted"]
    answered = [event for event in events(tmp_path / "run", "answered") if event["system"] == "vendor.1"]
    assert {"01", "03"} <= {event["status"] for event in answered} <= {"01", "03", "15", "16"}  # it is asked by 13, too
    assert "k" * 32 not in (tmp_path / "run" / "run.json").read_text("utf-8")
