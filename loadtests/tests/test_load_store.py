"""`axisproof load --store … --hub-workers 2`: the axis of a run carried by several processes, right and wrong."""

import json
import random
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from loadtests.tests.test_load_command import events, load, result, scenario
from simulator.hub.tests import database

SEED = 6  # its stream hits some of the first hundred calls


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    if why := database.missing():
        pytest.skip(why)
    with database.server() as server:
        yield server


def schemas(address: str) -> set[str]:
    with psycopg.connect(address) as connection:
        rows = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'axisproof_load%'").fetchall()
    return {str(row[0]) for row in rows}


def drawn(calls: int) -> int:
    """How many of so many calls the first fault of that seed hits, whichever process takes them (board.py)."""
    chance = random.Random(f"{SEED}/1/loses-one-in-n")
    hits = 0
    for _ in range(calls):
        if chance.randrange(100) == 0:
            hits += 1
            chance.getrandbits(96)  # the id that it makes up
    return hits


def test_a_fault_in_several_processes_is_caught_by_its_count(tmp_path: Path, address: str) -> None:
    path = scenario(tmp_path, rate=25, seconds=2)
    options = ["--store", address, "--hub-workers", 2, "--fault", "loses-one-in-n:100", "--seed", SEED]

    called = load(path, *options, "--out", tmp_path / "run", "--format", "json")

    document = result(called)
    account, statuses = document["account"], document["account"]["statuses"]
    assert (called.returncode, document["verdict"]) == (1, "broken")
    hits = drawn(len(events(tmp_path / "run", "sent", "answered")))
    named = {*account["lost"]["documents"], *statuses["lost"]["documents"]}
    assert len(named) == hits > 1
    assert account["deliveries_expected"] == account["delivered"] + account["lost"]["count"]
    assert account["doubled"]["count"] == account["strangers"]["count"] == 0
    watched = (tmp_path / "run" / "health" / "target.jsonl").read_text("utf-8").splitlines()
    assert {json.loads(line)["process"] for line in watched} == {"hub", "hub-1", "hub-2"}
    assert schemas(address) == set()


def test_a_database_that_is_not_there_is_a_wrong_call_that_keeps_the_password(tmp_path: Path) -> None:
    store = "postgresql://clerk:geheim@127.0.0.1:1/axis"

    called = load(scenario(tmp_path), "--store", store, "--out", tmp_path / "run")

    assert called.returncode == 2
    assert "postgresql://clerk@127.0.0.1:1/axis" in called.stderr
    assert "geheim" not in called.stdout + called.stderr
