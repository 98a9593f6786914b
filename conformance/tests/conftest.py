"""A hand-written evidence to judge, and one real run of the suite that several tests look at."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conformance import config
from conformance.cases import CASES
from conformance.evidence import CaseEvidence, Lane, Record, Sut
from conformance.progress import Progress
from conformance.run import Plan, check
from simulator.words import Lang

SUT = Sut("sut.test.01", "000.00.00.H98", ("000.00.00.H98", "H98"), "Example")
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


FLOWN = tuple(each for each in CASES if each.chapter in ("receiving", "status", "refusal", "resilience", "poison"))
"""Every kind of wave, and every fault; the other chapters are flown once, by test_other_chapters.py."""


@pytest.fixture(scope="session")
def reference_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """These chapters against the reference system, over real loopback HTTP: its folder and its result."""
    folder = tmp_path_factory.mktemp("run")
    plan = Plan(config.reference(), FLOWN, folder, seed=11, lang=Lang.EN)
    with Progress(lang=Lang.EN, quiet=True) as progress:
        return folder, check(plan, progress=progress)
