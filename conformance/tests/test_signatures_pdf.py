"""PDF signatures and time-stamps: each check is broken by a wrong system; one case at a time has the authority."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from conformance.cases.signatures import pdf, stamp
from conformance.mutants import by_id, facts_of, signatures_pdf
from conformance.stage import Trouble
from conformance.stamping import Stamping
from conformance.sut.driver import DriverFailed
from conformance.tests.conftest import broken, flown
from conformance.trust import Vault
from simulator.clock import SystemClock

CASES = (*pdf.CASES, *stamp.CASES)
CASE_OF = {check.id: case for case in CASES for check in case.checks}


WRONG = {
    "trusts-signing-time": "shown as 'valid'",
    "takes-any-stamp": "wrong stamp",
    "no-timestamp-wait": "without a signature that holds",
}
"""Each breaks cases of its own, so one system has all these defects at once."""


def test_every_check_is_broken_by_a_mutant() -> None:
    assert {each for kind in signatures_pdf.MUTANTS for each in facts_of(kind).caught_by} == set(CASE_OF)


def test_a_wrong_system_is_caught_for_the_right_reason(tmp_path: Path) -> None:
    slow = (CASE_OF["leaves-stamped-after-slow"],)
    named = {each for mutant in WRONG for each in facts_of(by_id(mutant)).caught_by}
    cases = tuple(case for case in CASES if named & {each.id for each in case.checks} and case not in slow)

    found = broken(flown(tmp_path / "run", *WRONG, cases=cases, floor_seconds=6.0))

    for mutant, because in WRONG.items():
        caught_by = [each for each in facts_of(by_id(mutant)).caught_by if CASE_OF[each] in cases]
        assert set(caught_by) <= set(found)
        assert any(because in found[each]["because"] for each in caught_by)
    assert "nothing-unsigned-after-refusal" in found  # the bytes themselves are looked at


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
        await asyncio.wait_for(waiting, 120)
        with pytest.raises(DriverFailed, match="tsa_listen"):
            await stamping(tmp_path, authority.url.removeprefix("http://")).start(stack)

    assert first.names == ["time-stamping", "time-stamps"]
    assert second.names == ["time-stamping", "time-stamps"]


async def test_where_none_runs_none_is_lent(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="no time-stamp authority"):
        async with stamping(tmp_path).lent(Notes()):
            pass
