"""A failure seen in company is run again alone; the whole run is looked at as well."""

from dataclasses import replace
from pathlib import Path

import pytest

from conformance import again, config
from conformance.cases import CASES
from conformance.finding import Check, Outcome
from conformance.lanes import alone, made_up, plan, usable
from conformance.overall import OVERALL
from conformance.progress import Progress
from conformance.run import Plan, check
from conformance.runfolder import load
from conformance.tests.conftest import small
from fixtures import topologies
from simulator.words import Lang, Text

CHECK = Check("a-check", ("ST-13",), Text("held", "đạt"))
SAID = Text("seen", "đã thấy")


def test_what_fails_twice_is_a_failure_that_says_so() -> None:
    (finding, look), *_ = again.settled((CHECK.broken(SAID),), (CHECK.broken(SAID),))

    assert not look
    assert finding.outcome is Outcome.BROKEN
    assert "the same" in finding.because.en


def test_what_holds_alone_is_left_to_a_person() -> None:
    (finding, look), *_ = again.settled((CHECK.broken(SAID),), (CHECK.held(SAID),))

    assert look
    assert finding.remedy is not None


@pytest.mark.parametrize("second", [(), (CHECK.unobserved(SAID, remedy=SAID),)])
def test_a_second_try_that_shows_nothing_changes_nothing(second) -> None:
    assert again.settled((CHECK.broken(SAID),), second) == ((CHECK.broken(SAID), False),)


def test_the_second_try_talks_through_other_agencies() -> None:
    agencies = usable(topologies.load("2020"), taken=())
    flown = plan(CASES[:1], agencies, seed=7)

    (flight,) = alone(CASES[:1], flown, agencies, attempt=again.ALONE)

    assert not set(flight.lanes[CASES[0].id]) & set(flown[0].lanes[CASES[0].id])
    assert flight.key(CASES[0]) == f"{CASES[0].id}@alone"


def test_made_up_lanes_are_many_and_distinct() -> None:
    lanes = made_up(300)

    assert len({lane.system_id for lane in lanes}) == len({code for lane in lanes for code in lane.codes}) // 2 == 300


def run(mutant: str, case: str, folder: Path) -> dict:
    cases = tuple(each for each in CASES if each.id == case)
    with Progress(lang=Lang.EN, quiet=True) as progress:
        return check(
            Plan(small(config.reference(mutant)), cases, folder, 7, Lang.EN, narrowed=(case,)), progress=progress
        )


def findings(result: dict) -> dict:
    return {finding["check"]: finding for case in result["cases"] for finding in case["findings"]}


def test_a_broken_system_is_caught_twice_and_both_tries_are_kept(tmp_path: Path) -> None:
    result = run("first-attachment-only", "receiving/many-attachments", tmp_path / "run")

    finding = findings(result)["many-attachments-there"]
    evidence = load(tmp_path / "run")
    assert finding["verdict"] == "fail"
    assert finding["because"].endswith("run again alone: the same")
    assert {record.case for record in evidence.records if record.n in finding["cites"]} >= {
        "receiving/many-attachments",
        "receiving/many-attachments@alone",
    }


def test_messages_that_break_a_rule_are_a_finding_of_the_whole_run(tmp_path: Path) -> None:
    result = run("iso-dates", "status/timestamps", tmp_path / "run")

    assert findings(result)["sut-messages-pass-lint"]["verdict"] == "fail"


def test_the_whole_run_is_judged_by_three_looks() -> None:
    assert [look.id for look in OVERALL] == ["run/messages", "run/unasked-traffic", "run/polling"]


def test_polling_that_ends_is_named_and_polling_that_rests_is_not(tmp_path: Path) -> None:
    run("", "receiving/plain-document", tmp_path / "run")
    evidence = load(tmp_path / "run")
    look = next(each for each in OVERALL if each.id == "run/polling")
    last = max(each.n for each in evidence.records if each.kind == "fact" and each["fact"] == "polled")
    members = {"for": SAID._asdict(), "met": False, "polls": 0, "seconds": 60.0, "asked": 3, "ended": "silence"}
    silence = replace(evidence.records[-1], kind="wait", members=members)

    def judged(*records):
        return look.judge(replace(evidence, records=records))

    before = [each for each in evidence.records if each.n < last]
    after = [each for each in evidence.records if each.n >= last]
    assert judged(*evidence.records).outcome is Outcome.HELD
    assert judged(*evidence.records, replace(silence, n=silence.n + 1)).outcome is Outcome.BROKEN
    assert judged(*before, replace(silence, n=last - 1), *after).outcome is Outcome.HELD
    assert judged().outcome is Outcome.UNOBSERVED


def test_a_message_that_belongs_to_no_case_is_a_finding(tmp_path: Path) -> None:
    run("", "receiving/plain-document", tmp_path / "run")
    evidence = load(tmp_path / "run")
    look = next(each for each in OVERALL if each.id == "run/unasked-traffic")

    strayed = tuple(
        replace(record, case=None) if record.kind == "fact" and record["fact"] == "accepted" else record
        for record in evidence.records
    )

    assert look.judge(evidence).outcome is Outcome.HELD
    assert look.judge(replace(evidence, records=strayed)).outcome is Outcome.BROKEN
    assert look.judge(replace(evidence, records=())).outcome is Outcome.UNOBSERVED
