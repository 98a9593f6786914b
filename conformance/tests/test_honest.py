"""Honest variants: each is listed, has a habit of its own, says why it is right, and is flown through the same door."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from conformance import mutants
from conformance.called import config_for
from conformance.cases import CASES
from conformance.catalogue import honest_catalogue
from conformance.config import BadConfig
from conformance.honest import HONEST, UnknownHonest, by_id, facts_of, flying
from conformance.honest.__main__ import every_core_busy, lines, main
from conformance.honest.flying import REFERENCE, accusations, fly, settings
from conformance.overall import OVERALL
from conformance.requirement import register
from simulator.agency.dms import Dms

HANDFUL = (
    "receiving/plain-document",
    "receiving/three-documents",
    "status/full-chain",
    "recall/of-an-arrived-document",
    "sending/plain-document",
)


@pytest.mark.parametrize("kind", HONEST, ids=lambda kind: facts_of(kind).id)
def test_each_overrides_something_and_says_in_both_languages_why_it_is_right(kind: type[Dms]) -> None:
    facts = facts_of(kind)
    own = {name for each in kind.__mro__[: kind.__mro__.index(Dms)] for name in vars(each)}

    assert {name for name in own if not name.startswith("__") or name == "__init__"} - {"honest"}
    assert kind.__doc__
    for text in (facts.title, facts.lawful):
        assert text.en
        assert text.vi
        assert text.en != text.vi
    assert facts.source == "contract" or facts.source in {row.id for row in register()}


def test_ids_are_unique_and_none_is_a_mutant_s() -> None:
    ids = [facts_of(kind).id for kind in HONEST]

    assert len(ids) >= 20
    assert len(set(ids)) == len(ids)
    assert not set(ids) & {mutants.facts_of(kind).id for kind in mutants.MUTANTS}
    assert REFERENCE not in ids
    assert all(by_id(each) is kind for each, kind in zip(ids, HONEST, strict=True))
    with pytest.raises(UnknownHonest):
        by_id("no-such-variant")


def test_known_warnings_name_checks_that_exist() -> None:
    checks = {each.id for case in CASES for each in case.checks} | {each.check.id for each in OVERALL}

    for known in (known for kind in HONEST for known in facts_of(kind).known):
        assert known.check in checks
        assert known.because.en != known.because.vi


def test_the_catalogue_lists_them_all() -> None:
    rows = honest_catalogue()

    assert [row["id"] for row in rows] == [facts_of(kind).id for kind in HONEST]
    assert json.loads(json.dumps(rows))[0]["lawful"]["vi"]


def test_check_finds_them_by_the_name_of_the_reference_and_tells_what_their_sut_file_tells() -> None:
    plain, own = config_for(None, "reference"), config_for(None, "reference:new-code")

    assert own.driver.mutant == "new-code"
    assert (plain.sut.organ, own.sut.organ) == ("000.00.00.H98", "H98")
    assert own == settings("new-code")
    assert settings(REFERENCE) == plain
    with pytest.raises(BadConfig, match="newest-first"):
        config_for(None, "reference:no-such-system")


def test_an_unknown_warning_accuses_and_a_known_one_does_not() -> None:
    facts = facts_of(by_id("slow"))
    held = {"case": "c/x", "check": "a", "verdict": "pass", "because": {"en": "x", "vi": "x"}}

    assert accusations(facts, "incomplete", [held, held | {"verdict": "inconclusive"}]) == []
    assert accusations(None, "conformant", [held | {"verdict": "warn"}])
    assert accusations(facts, "not-conformant", [held])


def test_two_of_them_fly_and_nobody_is_accused(tmp_path: Path) -> None:
    for name in ("newest-first", "confirms-late"):
        flown = fly(name, HANDFUL, tmp_path / name, seed=7)

        assert flown.accused == (), lines(flown)
        assert flown.unproved == ()
        assert flown.counts["pass"] > len(HANDFUL)
        assert (tmp_path / name / "result.json").exists()


def test_a_wrong_system_in_its_place_is_accused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flying, "settings", lambda name: config_for(None, "reference:confirms-twice"))

    flown = fly("slow", ("receiving/plain-document",), tmp_path / "run", seed=7)

    assert [line.split(" (")[0] for line in flown.accused] == ["warn confirmed-once"]
    assert lines(flown)[0].startswith("ACCUSED")


def test_the_busy_loops_end_with_the_flight() -> None:
    with every_core_busy(60.0) as loops:
        assert len(loops) == os.cpu_count()
        assert all(loop.poll() is None for loop in loops)

    assert all(loop.returncode is not None for loop in loops)
    with every_core_busy(0.0) as loops:
        assert loops == ()


def test_the_command_refuses_names_that_there_are_not() -> None:
    result = CliRunner().invoke(main, ["nobody"])

    assert result.exit_code == 2
    assert "newest-first" in result.output
