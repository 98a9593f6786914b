"""Faults that change what is listed: lines that come later, and a directory that is far too long."""

from simulator.faults.fault import Whom
from simulator.faults.tests.test_board import GOOD, LINE, Axis, board, call, members


async def test_what_is_held_back_is_listed_when_the_fault_is_lifted_and_other_lines_all_along(monkeypatch):
    axis, line = Axis(), board()
    other = {**LINE, "docId": "d-2"}
    monkeypatch.setitem(GOOD, "getReceivedEdocList", {"data": [LINE, other]})
    running = await line.begin("list-held-back", whom=Whom(delivery=lambda delivery: delivery == "d-1"))

    held = await line.carry(call("getReceivedEdocList"), axis.answer)
    await line.lift(running)
    after = await line.carry(call("getReceivedEdocList"), axis.answer)

    assert members(held)["data"] == [other]
    assert members(after)["data"] == [LINE, other]


async def test_a_long_directory_has_so_many_units_of_its_own_before_those_of_the_axis(monkeypatch):
    axis, line = Axis(), board()
    own = {"code": "G22", "code102": "000.00.00.G22", "name": "Bộ"}
    monkeypatch.setitem(GOOD, "getAgenciesListQD20", {"data": [own]})
    await line.begin("long-directory", rows=20_000)

    rows = members(await line.carry(call("getAgenciesListQD20"), axis.answer))["data"]

    assert rows[-1] == own
    assert len(rows) == len({row["code"] for row in rows}) == 20_001
    assert rows[19_999]["code"] == "H95.03.05.02"
