"""Each rule accepts its good specimen and catches its bad one; levels follow the requirements (contract, 3)."""

import importlib
import pkgutil
import re
import tomllib
from pathlib import Path

import pytest

from simulator.protocol import rules
from simulator.protocol.lint import lint
from simulator.protocol.rules import RULES, Level, Rule, rule_named
from simulator.protocol.tests.specimens import FOLDER, SPECIMENS, Specimen, specimen

REQUIREMENTS = Path(__file__).parents[3] / "conformance" / "requirements"
STRONG = {"law", "law-secondary", "sdk"}


def tripped(item: Specimen) -> set[str]:
    return {finding.rule.id for finding in lint(item.data, item.limits).findings}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_accepts_its_good_specimen_and_catches_its_bad_one(rule: Rule):
    good, bad = specimen("good", rule.good), specimen("bad", rule.bad)

    assert rule.id not in tripped(good)
    assert rule.id in tripped(bad)


@pytest.mark.parametrize("item", SPECIMENS, ids=lambda item: f"{item.group}-{item.file}")
def test_a_specimen_breaks_the_rules_that_the_index_names_and_no_other(item: Specimen):
    result = lint(item.data, item.limits)

    assert sorted({finding.rule.id for finding in result.findings}) == sorted(item.trips)
    assert result.kind == item.kind
    assert item.why


@pytest.mark.parametrize("item", [each for each in SPECIMENS if each.group == "good"], ids=lambda item: item.file)
def test_a_good_specimen_has_habits_at_most(item: Specimen):
    result = lint(item.data, item.limits)

    assert result.verdict == "clean"
    assert {finding.rule.level for finding in result.findings} <= {Level.INFO}


def test_every_file_is_in_the_index_and_every_index_line_has_its_file():
    files = {(path.parent.name, path.name) for path in FOLDER.glob("*/*.edxml")}

    assert files == {(item.group, item.file) for item in SPECIMENS}
    assert len(SPECIMENS) == len(files)


def test_every_bad_specimen_breaks_something():
    assert not [item.file for item in SPECIMENS if item.group == "bad" and not item.trips]


def test_specimens_name_made_up_units_only():
    real = re.compile(rb"OrganId>(?:000\.00\.00\.)?[A-K](?!98|99|04)[0-9]{2}<")

    assert not [item.file for item in SPECIMENS if real.search(item.data)]


def test_ids_are_unique_slugs_and_there_are_plenty():
    ids = [rule.id for rule in RULES]

    assert len(ids) == len(set(ids)) >= 65
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", id) for id in ids)


def test_no_rule_of_a_module_is_left_out_of_the_list():
    found = []
    for module in pkgutil.iter_modules(rules.__path__):
        loaded = importlib.import_module(f"{rules.__name__}.{module.name}")
        found += [value for value in vars(loaded).values() if isinstance(value, Rule)]

    assert {rule.id for rule in found} <= {rule.id for rule in RULES}


def test_a_rule_is_found_by_its_name():
    assert rule_named("no-receiver").requirements == ("HD-08",)
    with pytest.raises(KeyError):
        rule_named("no-such-rule")


def requirements() -> dict[str, tuple[str, str]]:
    """id -> (level, basis), from the register of the conformance room where it is there."""
    found = {}
    for path in REQUIREMENTS.glob("*.toml"):
        for row in tomllib.loads(path.read_text(encoding="utf-8")).get("requirement", []):
            found[row["id"]] = (row["level"], row["basis"])
    if not found:
        pytest.skip("the register of requirements is not here")
    return found


def test_every_cited_requirement_exists_and_gives_the_basis():
    known = requirements()

    assert {id for rule in RULES for id in rule.requirements} <= set(known)
    assert not [rule.id for rule in RULES if known[rule.requirements[0]][1] != rule.basis]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_level_follows_from_the_first_requirement_or_says_why_not(rule: Rule):
    known = requirements()
    level, basis = known[rule.requirements[0]]  # the first decides, the others explain
    must = level == "MUST" and basis in STRONG
    expected = Level.ERROR if must else Level.WARN

    assert rule.level is expected or rule.reason
    assert not rule.unprocessable or (rule.level is Level.ERROR and rule.reason)
    if rule.level is Level.ERROR and not must:
        assert rule.unprocessable


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_speaks_both_languages(rule: Rule):
    bad = specimen("bad", rule.bad)
    texts = [finding.because for finding in lint(bad.data, bad.limits).findings if finding.rule is rule]

    for text in (rule.title, *texts, *([rule.reason] if rule.reason else [])):
        assert text.en
        assert text.vi
        assert text.en != text.vi
