"""Defects of real systems come first: each has a mutant that commits it, or a reason why none does."""

import tomllib
from pathlib import Path

from conformance.mutants import MUTANTS, facts_of

DEFECTS = tomllib.loads(Path(__file__).with_name("defects.toml").read_text(encoding="utf-8"))


def test_no_number_is_left_out() -> None:
    assert sorted(map(int, DEFECTS)) == list(range(1, 62))


def test_each_is_committed_by_mutants_that_exist_or_says_why_not() -> None:
    known = {facts_of(kind).id for kind in MUTANTS}

    for number, row in DEFECTS.items():
        assert row.keys() in ({"mutants"}, {"elsewhere"}), number
        if "mutants" in row:
            assert row["mutants"], number
            assert set(row["mutants"]) <= known, number
        else:
            assert all(row["elsewhere"][lang].strip() for lang in ("en", "vi")), number
