"""PDF signatures and time-stamps: each check is broken by a wrong system; one case at a time has the authority."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from conformance import config
from conformance.case import Case
from conformance.cases.signatures import pdf, stamp
from conformance.mutants import by_id, facts_of, signatures_pdf
from conformance.progress import Progress
from conformance.run import Plan, check
from conformance.stage import Trouble
from conformance.stamping import Stamping
from conformance.sut.driver import DriverFailed
from conformance.trust import Vault
from simulator.clock import SystemClock
from simulator.words import Lang

CASES = (*pdf.CASES, *stamp.CASES)
CASE_OF = {check.id: case for case in CASES for check in case.checks}


def run(mutant: str, cases: tuple[Case, ...], folder: Path) -> dict[str, dict[str, Any]]:
    """The findings of these cases about the reference system or a mutant of it, by check."""
    narrowed = tuple(case.id for case in cases)
    # A signature is made in a second or more where others compute, too: longer than the few polls of a quick system.
    patient = replace(config.reference(mutant), timing=config.Timing(deadline_seconds=30.0, floor_seconds=6.0))
    plan = Plan(patient, cases, folder, 5, Lang.EN, narrowed=narrowed)
    with Progress(lang=Lang.EN, quiet=True) as progress:
        result = check(plan, progress=progress)
    return {finding["check"]: finding for case in result["cases"] for finding in case["findings"]}


def test_every_check_is_broken_by_a_mutant() -> None:
    assert {each for kind in signatures_pdf.MUTANTS for each in facts_of(kind).caught_by} == set(CASE_OF)


@pytest.mark.parametrize(
    ("mutant", "because"),
    [
        ("trusts-signing-time", "shown as 'valid'"),
        ("takes-any-stamp", "wrong stamp"),
    ],
)
def test_a_wrong_system_is_caught_for_the_right_reason(mutant: str, because: str, tmp_path: Path) -> None:
    caught_by = facts_of(by_id(mutant)).caught_by
    cases = tuple(dict.fromkeys(CASE_OF[each] for each in caught_by))

    found = run(mutant, cases, tmp_path / "run")

    assert {found[each]["verdict"] for each in caught_by} <= {"fail", "warn"}
    assert any(because in found[each]["because"] for each in caught_by)


def test_a_document_that_leaves_unsigned_is_seen_by_its_bytes(tmp_path: Path) -> None:
    found = run("no-timestamp-wait", (CASE_OF["nothing-unsigned-after-refusal"],), tmp_path / "run")

    assert found["nothing-unsigned-after-refusal"]["verdict"] == "fail"
    assert "without a signature that holds" in found["leaves-stamped-after-refusal"]["because"]


# ---------------------------------------------------------------- whose turn it is


class Notes:
    def __init__(self) -> None:
        self.names: list[str] = []

    def __call__(self, name: str, **values: Any) -> None:
        self.names.append(name)


def stamping(folder: Path, listen: str = "127.0.0.1:0") -> Stamping:
    return Stamping(Vault(folder / "pki", SystemClock()), SystemClock(), listen=listen, patience=lambda: 1.0)


async def test_one_case_after_the_other_has_the_authority(tmp_path: Path) -> None:
    authority, first, second = stamping(tmp_path), Notes(), Notes()

    async def late() -> None:
        async with authority.lent(second) as lent:
            lent.be("right")

    async with AsyncExitStack() as stack:
        await authority.start(stack)
        assert authority.url.startswith("http://127.0.0.1:")
        async with authority.lent(first) as lent:
            waiting = asyncio.create_task(late())
            await asyncio.sleep(0)
            lent.be("refusing")
            assert second.names == []
        await asyncio.wait_for(waiting, 20)
        with pytest.raises(DriverFailed, match="tsa_listen"):
            await stamping(tmp_path, authority.url.removeprefix("http://")).start(stack)

    assert first.names == ["time-stamping", "time-stamps"]
    assert second.names == ["time-stamping", "time-stamps"]


async def test_where_none_runs_none_is_lent(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="no time-stamp authority"):
        async with stamping(tmp_path).lent(Notes()):
            pass
