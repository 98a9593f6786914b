"""A case of a stored run is sent again byte for byte, to an axis of its own and to a running one."""

import asyncio
import hashlib
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result

from conformance import config
from conformance.cases import CASES
from conformance.progress import Progress
from conformance.replay import replay
from conformance.replay.stimuli import stimuli
from conformance.run import Plan, check
from conformance.runfolder import load
from conformance.tests.test_doctor import sut_file
from fixtures.topologies import load as topology
from simulator.words import Lang
from simulator.world import World, WorldConfig

PLAIN = "receiving/plain-document"


@pytest.fixture(scope="module")
def run_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    cases = tuple(case for case in CASES if case.id == PLAIN or case is _planting())
    with Progress(lang=Lang.EN, quiet=True) as progress:
        check(Plan(config.reference(), cases, folder, seed=3, lang=Lang.EN), progress=progress)
    return folder


def _planting() -> Any:
    """Some case that puts poison past the axis's admission."""
    return next(case for case in CASES if case.chapter == "poison")


def call(*words: str) -> Result:
    return CliRunner().invoke(replay, list(words), obj=SimpleNamespace(lang=Lang.EN))


@contextmanager
def serving(data: Path) -> Iterator[World]:
    """An axis in a thread of its own, as ``serve`` runs in a process of its own."""
    up, worlds = threading.Event(), []
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def live() -> None:
        async with World(WorldConfig(data=data, topology=topology("2020"), living=False)) as world:
            worlds.append(world)
            up.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(live()))
    thread.start()
    try:
        assert up.wait(120)
        yield worlds[0]
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()


def test_an_axis_of_its_own_gives_the_system_the_same_bytes(run_dir: Path, tmp_path: Path) -> None:
    done = call(
        str(run_dir), PLAIN, "--sut", str(sut_file(tmp_path, "127.0.0.1:0")), "--topology", "2020", "--format", "json"
    )
    document = json.loads(done.stdout)
    stored = load(run_dir)

    assert done.exit_code == 0
    assert document["taken"] is True
    assert [row["fate"] for row in document["sent"]] == ["confirmed done"] * len(document["sent"])
    sums = {record["values"]["sha256"] for record in stored.of(PLAIN).notes("sent")}
    assert {row["sha256"] for row in document["sent"]} == sums


def test_poison_goes_past_the_admission_again_and_the_clerks_steps_are_said(run_dir: Path, tmp_path: Path) -> None:
    done = call(str(run_dir), _planting().id, "--sut", str(sut_file(tmp_path, "127.0.0.1:0")), "--topology", "2020")

    assert done.exit_code == 0
    assert "planted" in done.stdout
    assert "byte for byte" in done.stdout


def test_a_running_axis_gets_the_same_bytes_with_its_own_secrets(run_dir: Path, tmp_path: Path) -> None:
    with serving(tmp_path / "axis") as world:
        done = call(
            str(run_dir), PLAIN, "--to", world.url, "--credentials", str(world.credentials_file), "--format", "json"
        )
        document = json.loads(done.stdout)
        without = call(str(run_dir), PLAIN, "--to", world.url)

    assert done.exit_code == 0
    assert all(row["as_then"] for row in document["sent"])
    assert without.exit_code == 2
    assert "--credentials" in without.stderr


def test_another_system_signs_with_its_own_name_and_may_be_refused(
    run_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(tmp_path / "axis") as world:
        monkeypatch.setenv("OTHER", world.hub.credentials["sut.test.02"][0])
        words = (str(run_dir), PLAIN, "--to", world.url, "--system-id", "sut.test.02", "--secret-env")
        refused = call(*words, "OTHER", "--format", "json")
        unset = call(*words, "NOT_SET_ANYWHERE")

    assert refused.exit_code == 1
    assert {row["now"]["ErrorCode"] for row in json.loads(refused.stdout)["sent"]} == {"19"}
    assert unset.exit_code == 2


def test_where_no_system_comes_for_it_the_exit_code_says_so(run_dir: Path) -> None:
    done = call(str(run_dir), PLAIN, "--seconds", "0.2")

    assert done.exit_code == 3
    assert "127.0.0.1" in done.stderr
    assert "did not fetch" in done.stdout


def test_a_wrong_call_exits_2(run_dir: Path, tmp_path: Path) -> None:
    assert call(str(tmp_path), PLAIN).exit_code == 2
    assert "no-such" in call(str(run_dir), "no-such/case").stderr
    assert call(str(run_dir), PLAIN, "--to", "http://127.0.0.1:9", "--credentials", os.devnull).exit_code == 2


def test_the_stimuli_are_the_recorded_bytes(run_dir: Path) -> None:
    for each in stimuli(load(run_dir), PLAIN):
        assert hashlib.sha256(each.body.removesuffix(b"\r\n")).hexdigest() == each.sha256
        assert each.body.endswith(b"\r\n")
