"""`axisproof load --sut`, whole: systems that do not do what they owe, on a real axis. No timing is asserted."""

import contextlib
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from loadtests.tests.test_load_command import scenario

SECRET = "s" * 40


@contextlib.contextmanager
def system(folder: Path, mutant: str) -> Iterator[Path]:
    """A reference system, or a mutant of it, that polls by itself; gives its SUT file."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    settings = {
        "endpoint": f"http://127.0.0.1:{port}", "system_id": "sut.test.01", "secret": SECRET, "organ": "000.00.00.H98",
        "organ_name": "UBND tỉnh Thử Nghiệm", "data": str(folder / "data"), "poll_seconds": 0.5, "trust": None,
        "signer": None, "tsa": "", "mutant": mutant,
    }  # fmt: skip
    words = [sys.executable, "-m", "conformance.sut.child"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
        try:
            assert child.stdin is not None
            assert child.stdout is not None
            child.stdin.write(json.dumps(settings).encode() + b"\n")
            child.stdin.flush()
            url = json.loads(child.stdout.readline())["url"]
            path = folder / "sut.toml"
            path.write_text(
                f'[hub]\nlisten = "127.0.0.1:{port}"\n[sut]\nname = "x"\norgan = "000.00.00.H98"\n'
                f'system_id = "sut.test.01"\nsecret_env = "SUT_SECRET"\n[driver]\nkind = "http"\nurl = "{url}"\n'
                "[timing]\npoll_seconds = 0.5\n",
                "utf-8",
            )
            yield path
        finally:
            child.kill()


def flown(folder: Path, mutant: str, drain: float = 12) -> dict[str, Any]:
    with system(folder, mutant) as sut:
        words = [sys.executable, "-m", "axisproof", "load", str(scenario(folder, drain=drain)), "--sut", str(sut)]
        words += ["--out", str(folder / "run"), "--format", "json", "--lang", "en"]
        environment = {**os.environ, "SUT_SECRET": SECRET}
        called = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False, env=environment)
    assert called.returncode in (0, 1, 3), called.stderr
    document: dict[str, Any] = json.loads(called.stdout)
    return document


def left_undone(document: dict[str, Any]) -> set[str]:
    lines = ("unconfirmed", "unreported", "unaccepted", "repeated")
    return {line for line in lines if document["account"][line]["count"]}


def test_a_good_system_owes_nothing_when_the_run_is_over(tmp_path: Path) -> None:
    document = flown(tmp_path, "")

    assert left_undone(document) == set()
    assert document["verdict"] in ("kept", "invalid")  # a busy machine may disturb the generator, never the system
    accepted = [each for each in document["latencies"] if each["op"] == "accepted" and each["urgency"] is None]
    assert accepted[0]["count"] == document["planned"]["documents"] > 0


def test_what_a_system_leaves_undone_breaks_the_run(tmp_path: Path) -> None:
    document = flown(tmp_path, "confirms-never", drain=4)

    assert "unconfirmed" in left_undone(document)
    unconfirmed = document["account"]["unconfirmed"]
    assert unconfirmed["count"] == len(unconfirmed["documents"]) == document["planned"]["documents"]
    assert [each["kept"] for each in document["thresholds"] if each["metric"] == "unconfirmed"] == [False]
    assert document["verdict"] in ("broken", "invalid")  # a busy machine may disturb the generator
