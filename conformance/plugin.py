"""pytest glue, loaded by its entry point: ``pytest --axisproof-run DIR`` shows a stored run, one test for each case.

Without the option nothing here does anything. Light on purpose: this module is imported in every pytest run.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

_OPTION = "--axisproof-run"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.getgroup("axisproof").addoption(
        _OPTION, metavar="DIR", default=None, help="show a stored axisproof run: one test for each of its cases"
    )


def pytest_configure(config: pytest.Config) -> None:
    """With the option, collect the suite and nothing else."""
    if config.getoption(_OPTION):
        config.args = [str(Path(__file__).with_name("suite.py"))]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Parametrise the one test of suite.py over the cases of the run, judged from its evidence."""
    if "axisproof_case" not in metafunc.fixturenames:
        return
    # Imported here: the judge must not be loaded in pytest runs that have nothing to do with it.
    from conformance.cases import CASES
    from conformance.judge import judge_run

    folder = metafunc.config.getoption(_OPTION)
    rows: list[Mapping[str, Any]] = judge_run(Path(folder), cases=CASES)["cases"] if folder else []
    metafunc.parametrize("axisproof_case", rows, ids=[str(row["id"]) for row in rows])
