"""The directory read in time: asked for, waited for, or owed by nobody. Lawful systems that look seldom, over HTTP."""

import asyncio
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.exceptions import HTTPException

from conformance import config
from conformance.cases import CASES
from conformance.config import Capabilities, Driver
from conformance.progress import Progress
from conformance.run import Plan, check
from conformance.sut.prompts import prompt_for
from simulator.agency.dms import Dms, DmsConfig, Refused
from simulator.agency.dms_serve import DmsServer
from simulator.agency.kit.orders import REFUSALS, Order
from simulator.clock import SystemClock
from simulator.words import Lang

SECRET = "made-up-here"
CHAPTER = tuple(
    each.id for each in CASES if each.chapter == "directory" and each.id != "directory/long-list"
)  # the long one only takes longer
CLOSED = "identifiers/closed-receiver"


class Seldom(Dms):
    """Knows the receivers of its own directory only, which it reads every ``directory_seconds`` and when told to."""

    async def check_receivers(self, order: Order) -> None:
        for code in order.to:
            unit = self.unit_named(code)
            if unit is None or unit.closed:
                raise Refused(REFUSALS["unknown-unit"].filled(code=code))


class Unasked(Seldom):
    """The same, and its adapter has no button for it."""

    async def read_directory(self) -> bool:
        raise HTTPException(501, "not offered")


class Never(Dms):
    """Never reads the directory, whatever it says: the axis decides."""

    async def synchronise(self) -> bool:
        return False

    async def read_directory(self) -> bool:
        raise HTTPException(501, "not offered")


@contextmanager
def running(kind: type[Dms], folder: Path, port: int, period: float) -> Iterator[str]:
    """The system in a thread of its own; its control address."""
    ready, ended, found = threading.Event(), asyncio.Event(), []

    async def serve() -> None:
        settings = DmsConfig(
            f"http://127.0.0.1:{port}", "sut.test.01", SECRET, "000.00.00.H98", "UBND", folder,
            poll_seconds=0.05, directory_seconds=period,
        )  # fmt: skip
        async with DmsServer(kind(settings, SystemClock())) as server:
            found.extend((server.url, asyncio.get_running_loop()))
            ready.set()
            await ended.wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    ready.wait()
    try:
        yield found[0]
    finally:
        found[1].call_soon_threadsafe(ended.set)
        thread.join()


def findings(
    kind: type[Dms], tmp_path: Path, *, period: float, told: float, cases: tuple[str, ...] = (*CHAPTER, CLOSED)
) -> dict[str, dict[str, Any]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    base = config.reference()
    with running(kind, tmp_path / "sut", port, period) as url:
        settings = replace(
            base,
            hub=replace(base.hub, listen=f"127.0.0.1:{port}", tls=False),
            sut=replace(base.sut, secret=SECRET, name=kind.__name__),
            driver=Driver(kind="http", url=url),
            capabilities=Capabilities(directory_sync=True),
            timing=replace(base.timing, directory_seconds=told, floor_seconds=0.3),
        )
        chosen = tuple(case for case in CASES if case.id in cases)
        with Progress(lang=Lang.EN, quiet=True) as progress:
            result = check(Plan(settings, chosen, tmp_path / "run", 7, Lang.EN, narrowed=cases), progress=progress)
    return {each["check"]: each for case in result["cases"] for each in case["findings"]}


def odd(found: dict[str, dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [(name, each["verdict"], each["because"]) for name, each in found.items() if each["verdict"] != "pass"]


def verdicts(found: dict[str, dict[str, Any]]) -> set[str]:
    return {each["verdict"] for each in found.values()}


def test_a_system_that_looks_every_quarter_of_an_hour_is_asked(tmp_path: Path) -> None:
    found = findings(Seldom, tmp_path, period=900.0, told=0.0)

    assert verdicts(found) == {"pass"}, odd(found)


def test_a_system_that_says_how_often_it_looks_is_waited_for(tmp_path: Path) -> None:
    found = findings(Unasked, tmp_path, period=1.0, told=1.0)

    assert verdicts(found) == {"pass"}, odd(found)


def test_a_system_that_neither_offers_nor_says_it_is_accused_of_nothing(tmp_path: Path) -> None:
    found = findings(Unasked, tmp_path, period=900.0, told=0.0)

    assert verdicts(found) == {"pass", "inconclusive"}, odd(found)
    assert "directory_seconds" in json.dumps(list(found.values()))


def test_a_system_that_does_not_do_what_it_says_is_warned(tmp_path: Path) -> None:
    found = findings(Never, tmp_path, period=0.2, told=0.2, cases=("directory/new-unit",))

    assert found["directory-asked-for"]["verdict"] == "warn"
    assert "its file says every 0.2 s" in found["directory-asked-for"]["because"]


def test_a_person_is_asked_for_it_by_a_case_and_never_by_the_run() -> None:
    prompt = prompt_for("directory/new-unit", "POST /control/sync", {})

    assert prompt is not None
    assert prompt.key == "directory/new-unit:sync"
    assert prompt_for("", "POST /control/sync", {}) is None


@pytest.mark.parametrize("seconds", ["-1", "'often'"])
def test_a_period_that_is_none_is_said(seconds: str, tmp_path: Path) -> None:
    path = tmp_path / "sut.toml"
    path.write_text(
        '[sut]\nname = "a"\norgan = "b"\nsystem_id = "c"\nsecret = "d"\n[driver]\nkind = "manual"\n'
        f"[timing]\ndirectory_seconds = {seconds}\n",
        "utf-8",
    )

    with pytest.raises(config.BadConfig, match="timing"):
        config.read(path)
