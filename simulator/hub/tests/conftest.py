"""Stores to test on: the same tests run on SQLite and on PostgreSQL."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from simulator.hub.tests import axis, database

Opened = Callable[[Path], str | None]


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL database, one for the whole run."""
    if why := database.missing():
        pytest.skip(why)
    with database.server() as address:
        yield address


@pytest.fixture(scope="session")
def _schemas(postgres: str) -> Iterator[database.Schemas]:
    with database.Schemas(postgres) as schemas:
        yield schemas


@pytest.fixture
def postgres_schema(postgres: str) -> Iterator[str]:
    """The address of a place in it where nothing lies yet."""
    with database.Schemas(postgres) as schemas:
        yield schemas.lend()


@pytest.fixture(params=["sqlite", "postgresql"])
def each_store(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    """Run the test once on every kind of store; gives what finds the address that belongs to a data folder."""
    if request.param == "sqlite":
        yield axis.in_the_folder
        return
    schemas: database.Schemas = request.getfixturevalue("_schemas")
    known: dict[Path, str] = {}

    def beside(data: Path) -> str:
        if data not in known:
            known[data] = schemas.lend()
        return known[data]

    monkeypatch.setattr(axis, "STORE", beside)
    yield beside
    for address in known.values():
        schemas.take_back(address)
