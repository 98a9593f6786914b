"""The chapters refusal, resilience and poison: the reference bears it all, each kind of wrong system is caught."""

from pathlib import Path
from typing import Any

import pytest

from conformance.case import Wave, judged
from conformance.cases import CASES, disturbed, poison, refusal, resilience
from conformance.evidence import Unseen
from conformance.finding import Check, Outcome
from conformance.mutants import MUTANTS, facts_of
from conformance.requirement import register
from conformance.tests.conftest import Written, broken, flown, poll, sent
from conformance.verdict import Verdict, consequence
from simulator.words import Text

OURS = (*refusal.CASES, *resilience.CASES, *poison.CASES)
CHECK = Check("some-check", ("TR-05",), Text("a", "b"))


def fault(label: str, event: str, **values: str) -> tuple[str, dict[str, Any]]:
    return "note", {"name": "fault", "values": {"fault": label, "label": label, "event": event, **values}}


def waited(met: bool) -> tuple[str, dict[str, Any]]:
    text = "one more poll of the SUT"
    members = {"met": met, "polls": 0, "seconds": 10.0, "asked": 2, "ended": "met" if met else "silence"}
    return "wait", {"for": {"en": text, "vi": text}, **members}


# ---------------------------------------------------------------- the chapters


def test_every_check_of_these_chapters_is_named_by_a_mutant() -> None:
    caught = {each for kind in MUTANTS for each in facts_of(kind).caught_by}

    assert {check_.id for case in OURS for check_ in case.checks} <= caught


def test_these_cases_fly_in_late_waves_and_all_are_in_the_suite() -> None:
    assert all(case.wave is not Wave.COMPANY for case in OURS)
    assert {case.id for case in OURS} <= {case.id for case in CASES}


# ---------------------------------------------------------------- some of the wrong systems, each for its own reason


def test_a_wrong_system_is_caught(tmp_path: Path) -> None:
    cases = tuple(case for case in OURS if case.id in ("refusal/bad-format", "poison/external-entity"))

    found = broken(flown(tmp_path / "run", "loops-on-refusal", "open-parser", cases=cases, seed=11, floor_seconds=0.7))

    assert {"bad-format-no-loop", "xxe-refused", "canary-not-fetched", "canary-not-shown"} <= set(found)


# ---------------------------------------------------------------- the judges' own words


def test_a_polling_loop_that_ends_is_broken_and_not_merely_unseen(evidence: Written) -> None:
    case = next(each for each in OURS if each.id == "resilience/list-refused")
    rows = [fault("fail", "begins"), sent(), fault("fail", "struck"), waited(False), fault("fail", "ends")]
    arrives = ("wait", {**waited(False)[1], "for": {"en": "01", "vi": ""}})

    died = judged(case, evidence(poll(), poll("status"), *rows, arrives))
    never_polled = judged(case, evidence(*rows, arrives))

    assert [each.outcome for each in died] == [Outcome.BROKEN, Outcome.UNOBSERVED]
    assert died[0].by_silence
    assert consequence(died[0], register()).verdict is Verdict.WARN
    assert {each.outcome for each in never_polled} == {Outcome.UNOBSERVED}


def test_a_fault_that_never_struck_proves_nothing(evidence: Written) -> None:
    seen = evidence(fault("page", "begins"), fault("page", "ends"))

    with pytest.raises(Unseen):
        disturbed.stands(seen, "page")
    assert disturbed.hits(seen, "page") == ()


def test_silence_counts_only_for_a_system_that_polled_before_and_was_watched(evidence: Written) -> None:
    end = fault("page", "ends")

    never = evidence(end, waited(False))
    unwatched = evidence(poll(), end)
    silent = evidence(poll(), end, waited(False))
    alive = evidence(poll(), end, poll(), waited(False))

    for seen in (never, unwatched):
        with pytest.raises(Unseen):
            disturbed.goes_on(CHECK, seen, disturbed.ended(seen, "page"))
    assert disturbed.goes_on(CHECK, silent, disturbed.ended(silent, "page")).outcome is Outcome.BROKEN
    assert disturbed.goes_on(CHECK, alive, disturbed.ended(alive, "page")).outcome is Outcome.HELD


def test_a_document_that_never_arrived_is_not_there_once(evidence: Written) -> None:
    seen = evidence(sent())

    with pytest.raises(Unseen):
        disturbed.single(CHECK, seen, seen.sent())


def test_what_a_poll_said_is_read_from_the_control_api(evidence: Written) -> None:
    def asked(status: int, **answer: str) -> tuple[str, dict[str, Any]]:
        return "act", {
            "call": "POST /control/poll", "request": {"label": "during"}, "status": status, "answer": answer,
        }  # fmt: skip

    assert disturbed.poll_of(evidence(asked(200, error="no list")), "during")["answer"] == {"error": "no list"}
    for rows in ((asked(501, error="not offered"),), ()):
        with pytest.raises(Unseen) as unseen:
            disturbed.poll_of(evidence(*rows), "during")
        assert unseen.value.remedy.vi
