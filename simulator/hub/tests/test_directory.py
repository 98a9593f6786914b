"""Spellings lead to one unit; a changed directory is a new one."""

import pytest

from simulator.hub.directory import Directory, System, level, of_topology
from simulator.hub.tests.axis import NOON, OLD, OTHER, SYSTEM, TOPOLOGY
from simulator.topology import Unit


@pytest.fixture
def directory() -> Directory:
    return of_topology(TOPOLOGY, {node.system_id: f"secret of {node.system_id}" for node in TOPOLOGY.nodes})


@pytest.mark.parametrize("spelling", ["H98", "000.00.00.H98", "h98-alias", " H98 ", OLD])
def test_every_spelling_leads_to_the_one_unit(directory: Directory, spelling: str) -> None:
    entry = directory.resolve(spelling)

    assert entry is not None
    assert entry.unit.code == "H98"
    assert directory.belongs(spelling, OLD)
    assert not directory.belongs(spelling, SYSTEM)


def test_an_unknown_code_is_nobody(directory: Directory) -> None:
    assert directory.resolve("000.00.00.X00") is None
    assert not directory.belongs("000.00.00.X00", SYSTEM)


def test_a_closed_unit_is_known_and_takes_nothing(directory: Directory) -> None:
    entry = directory.resolve("000.00.00.H97")

    assert entry is not None
    assert not entry.open


def test_a_registered_unit_belongs_to_its_system_until_it_is_taken_out(directory: Directory) -> None:
    grown = directory.with_registered("999.01.H99", system_id=SYSTEM, parent=SYSTEM, name="Con", mail="", at=NOON)
    changed = grown.with_registered("999.01.H99", system_id=SYSTEM, parent=SYSTEM, name="", mail="m", at=NOON)
    shrunk = changed.with_closed("999.01.H99", at=NOON)

    assert directory.resolve("999.01.H99") is None
    assert [entry.unit.code for entry in grown.units(SYSTEM)] == [SYSTEM, "999.01.H99"]
    assert [entry.unit.code for entry in grown.units(SYSTEM, with_registered=False)] == [SYSTEM]
    assert changed.entries["999.01.H99"].unit.name == "Con"
    assert changed.entries["999.01.H99"].version == 2
    assert not shrunk.entries["999.01.H99"].open


def test_a_unit_moves_to_the_system_that_is_added_for_it(directory: Directory) -> None:
    moved = directory.with_system(System("mine", "s", added=True), [Unit(code="000.00.00.H98"), Unit(code="NEW")])

    assert moved.belongs("H98", "mine")
    assert moved.belongs("NEW", "mine")
    assert not moved.belongs("H98", OLD)
    assert moved.credentials()["mine"].organs == ("H98", "000.00.00.H98", "h98-alias", "NEW")
    assert directory.credentials()[OTHER] == (f"secret of {OTHER}", (OTHER,))


def test_secrets_do_not_show_in_what_is_printed(directory: Directory) -> None:
    assert "secret of" not in repr(directory)


@pytest.mark.parametrize(
    ("code", "wanted"), [("H98", 1), ("H98.02", 2), ("000.00.00.H98", 1), ("000.00.02.H98", 2), (SYSTEM, 1)]
)
def test_the_level_of_government_is_read_from_either_form(code: str, wanted: int) -> None:
    assert level(code) == wanted
