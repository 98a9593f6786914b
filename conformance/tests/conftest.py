"""A hand-written evidence to judge, and one real run of the suite that several tests look at."""

import fcntl
import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from conformance import config
from conformance.case import Case
from conformance.cases import CASES
from conformance.config import Config
from conformance.evidence import CaseEvidence, Lane, Record, Sut
from conformance.mutants import by_id, facts_of
from conformance.progress import Progress
from conformance.run import Plan, check
from simulator.words import Lang

SUT = Sut("sut.test.01", "000.00.00.H98", ("000.00.00.H98", "H98"), "Example")
PATIENCE = 120.0
"""Seconds that a slow machine may take for one call of the SUT or between two polls."""
LANE = Lane("sim.g22", "G22", ("G22", "000.00.00.G22"), "Văn phòng Chính phủ")
AT = "2026-11-21T08:00:00.000+07:00"

Written = Callable[..., CaseEvidence]


@pytest.fixture
def evidence() -> Written:
    """``evidence(("fact", {...}), ("note", {...}), blobs=...)``: records numbered as they stand."""

    def write(*rows: tuple[str, dict[str, Any]], blobs: dict[str, bytes] | None = None) -> CaseEvidence:
        records = tuple(Record(n, AT, "c/x", kind, members) for n, (kind, members) in enumerate(rows, 1))
        return CaseEvidence("c/x", SUT, (LANE,), records, blobs or {})

    return write


def poll(kind: str = "edoc") -> tuple[str, dict[str, Any]]:
    return "fact", {"fact": "polled", "system_id": SUT.system_id, "message_type": kind, "listed": []}


def sent(label: str = "document", **values: Any) -> tuple[str, dict[str, Any]]:
    members = {
        "label": label, "system_id": LANE.system_id, "organ": LANE.unit, "doc_id": "d1", "document_id": "G22,2026,1",
        "code": "1/VP", "issued": "2026/11/21", "sha256": "", "ok": True, "answer": {},
    }  # fmt: skip
    return "note", {"name": "sent", "values": members | values}


def confirmed(word: str = "done", doc_id: str = "d1") -> tuple[str, dict[str, Any]]:
    members = {"doc_id": doc_id, "delivery_id": "v1", "unit": "H98", "system_id": SUT.system_id}
    return "fact", {"fact": "confirmed", "word": word, "description": "", **members}


def small(settings: Config) -> Config:
    """The same on an axis of few agencies, which live no day beside the run, and with time for a slow machine: all
    lanes that the cases need are made up."""
    hub, timing = replace(settings.hub, topology="mini"), replace(settings.timing, deadline_seconds=PATIENCE)
    return replace(settings, hub=hub, timing=timing)


def broken(result: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The findings that the run holds against the SUT, by check, whatever they cost."""
    findings = [finding for case in result["cases"] for finding in case["findings"]]
    return {finding["check"]: finding for finding in findings if finding["outcome"] == "broken"}


def flown(folder: Path, *mutants: str, cases: tuple[Case, ...] = (), seed: int = 5, **timing: float) -> dict[str, Any]:
    """The result of one run against one system with the defects of all these mutants; ``cases``: by default those that
    must catch them. Nothing is tried again: ``make proof`` flies each by itself, with its second try. No silence ends
    a wait, unless something hangs."""
    settings = small(config.reference("+".join(mutants)))
    settings = replace(settings, timing=replace(settings.timing, **timing))
    named = {each for mutant in mutants for each in facts_of(by_id(mutant)).caught_by}
    chosen = cases or tuple(case for case in CASES if named & {each.id for each in case.checks})
    plan = Plan(settings, chosen, folder, seed, Lang.EN, narrowed=tuple(case.id for case in chosen), retry_polls=0)
    with Progress(lang=Lang.EN, quiet=True) as progress:
        result = check(plan, progress=progress)
    assert result["troubles"] == []
    return result


FLOWN = tuple(each for each in CASES if each.chapter in ("receiving", "status", "refusal", "resilience", "poison"))
"""Every kind of wave, and every fault; the other chapters are flown once, by test_other_chapters.py."""


@pytest.fixture(scope="session")
def reference_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """These chapters against the reference system, over real loopback HTTP: its folder and its result. One flight for
    all workers: the first makes it, the others wait for it."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder = shared / "reference-run"
    with (shared / "reference-run.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (folder / "result.json").exists():
            return folder, json.loads((folder / "result.json").read_text("utf-8"))
        plan = Plan(small(config.reference()), FLOWN, folder, seed=11, lang=Lang.EN)
        with Progress(lang=Lang.EN, quiet=True) as progress:
            return folder, check(plan, progress=progress)
