"""The tables of the docs are those of the catalogue, and the catalogue says what the judge would."""

from pathlib import Path
from typing import Any

import pytest

from conformance.cases import CASES
from conformance.overall import OVERALL
from conformance.prices import FILES, checks_catalogue, rules_priced, table
from conformance.requirement import register
from conformance.verdict import STRICT
from simulator.protocol.rules import RULES, Level
from simulator.words import Lang

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("lang", list(FILES))
def test_the_committed_table_is_what_the_catalogue_says_today(lang: Lang) -> None:
    assert (DOCS / FILES[lang]).read_text("utf-8") == table(lang), "run `make tables`"


def test_every_check_has_its_price_and_the_sentence_that_makes_it() -> None:
    rows = checks_catalogue()

    assert [row["id"] for row in rows] == [
        *(check.id for case in CASES for check in case.checks),
        *(look.check.id for look in OVERALL),
    ]
    for row in rows:
        deciding = register()[row["requirements"][0]]
        assert row["decided_by"] == deciding.id
        assert row["text"] == deciding.text._asdict()
        assert row["costs"] == _expected(row), row["id"]
        assert row["strict"] == ("fail" if deciding.id in STRICT else row["costs"]), row["id"]


def _expected(row: dict[str, Any]) -> str:
    return "fail" if row["level"] == "MUST" and row["basis"] in ("law", "law-secondary", "sdk") else "warn"


def test_a_rule_costs_no_more_than_its_level_nor_than_its_first_requirement() -> None:
    rows = {row["id"]: row for row in rules_priced()}

    assert list(rows) == [rule.id for rule in RULES]
    for rule in RULES:
        row = rows[rule.id]
        assert row["decided_by"] == rule.requirements[0]
        if rule.level is Level.INFO:
            assert (row["costs"], row["strict"]) == ("–", "–")
        else:
            assert row["costs"] == (_expected(row) if rule.level is Level.ERROR else "warn")
    assert rows["no-receiver"]["costs"] == "warn"
    assert rows["rejection-without-reason"]["costs"] == "fail"


@pytest.mark.parametrize("lang", list(FILES))
def test_every_row_of_the_tables_has_all_its_cells(lang: Lang) -> None:
    lines = [line for line in table(lang).splitlines() if line.startswith("|")]

    assert {line.replace("\\|", "").count("|") for line in lines} == {8}
