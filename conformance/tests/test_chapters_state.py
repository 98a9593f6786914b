"""Sharing, late, addressing, and the unknown code: honest habits pass, each kind of wrong system is caught."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from conformance import config
from conformance.case import Case, Wave, judged
from conformance.cases import CASES as ALL
from conformance.cases import addressing, late, named, sharing
from conformance.cases.steps import looked_after
from conformance.evidence import Unseen
from conformance.finding import Outcome
from conformance.mutants import addressing as wrong_addressing
from conformance.mutants import by_id, facts_of
from conformance.mutants import late as wrong_late
from conformance.mutants import sharing as wrong_sharing
from conformance.progress import Progress
from conformance.run import Plan, check
from conformance.tests.conftest import LANE, SUT, Written, confirmed, poll, sent
from simulator.words import Lang

CASES: tuple[Case, ...] = (*sharing.CASES, *late.CASES, *addressing.CASES)
MUTANTS = (*wrong_sharing.MUTANTS, *wrong_late.MUTANTS, *wrong_addressing.MUTANTS)
(UNKNOWN,) = named("status/sender-unknown-code")
(STATUSES,) = named("late/statuses-of-old-documents")


def flown(mutant: str, folder: Path, *cases: Case) -> dict[str, str]:
    """The verdicts of these cases about a mutant, by check."""
    ids = tuple(case.id for case in cases)
    with Progress(lang=Lang.EN, quiet=True) as progress:
        result = check(Plan(config.reference(mutant), cases, folder, 5, Lang.EN, narrowed=ids), progress=progress)
    assert result["troubles"] == []
    return {each["check"]: each["verdict"] for case in result["cases"] for each in case["findings"]}


# ---------------------------------------------------------------- the chapters


def test_every_check_is_broken_by_a_mutant_of_its_chapter() -> None:
    broken = {each for kind in MUTANTS for each in facts_of(kind).caught_by}

    assert broken == {each.id for case in CASES for each in case.checks}


def test_what_a_system_does_not_claim_is_not_asked_for() -> None:
    roles = ("sender", "receiver")
    asked = {case.id for case in CASES if case.applies(roles=roles, capabilities=())}

    assert {case.capability for case in CASES if case.id not in asked} == {"recall", "update", "replace"}
    assert {"sharing/refusal-of-one", "sharing/one-name-both-ways"} <= asked


def test_the_old_days_lie_beyond_the_limits_that_systems_have() -> None:
    today = date(2028, 2, 29)

    days = late.dates(today)

    assert [(today - days[age]).days for age in late.AGES[:2]] == [91, 181]
    assert days["last year"].year == 2027
    assert tuple(days) == late.AGES


# ---------------------------------------------------------------- wrong systems, and right ones


@pytest.mark.parametrize(
    "mutant",
    ["loses-both-by-recall", "forgets-refused-files", "this-years-register", "loses-unnamed"],
)
def test_a_wrong_system_is_caught(mutant: str, tmp_path: Path) -> None:
    caught_by = facts_of(by_id(mutant)).caught_by
    cases = tuple(case for case in CASES if {each.id for each in case.checks} & set(caught_by))

    found = flown(mutant, tmp_path / "run", *cases)

    assert {found[each] for each in caught_by} == {"fail"}


def test_keeping_what_only_the_request_addressed_is_right_as_long_as_it_can_be_returned(tmp_path: Path) -> None:
    found = flown("keeps-what-is-not-ours", tmp_path / "run", *addressing.CASES)

    assert [check for check, verdict in found.items() if verdict != "pass"] == ["unnamed-delivery-can-be-returned"]


def test_everything_confirmed_with_processing_is_not_confirmed(tmp_path: Path) -> None:
    found = flown("confirms-with-processing", tmp_path / "run", *named("receiving/plain-document"))

    assert found["confirmed-with-done"] == "warn"


# ---------------------------------------------------------------- a loop that ends at an unknown code


def fetched(doc_id: str) -> tuple[str, dict[str, Any]]:
    return "fact", {"fact": "fetched", "doc_id": doc_id, "system_id": SUT.system_id}


def watched(met: bool) -> tuple[str, dict[str, Any]]:
    return "wait", {"for": {"en": "one more poll of the SUT", "vi": ""}, "met": met, "polls": 0, "seconds": 30.0}


def lives(seen: Any) -> Outcome:
    (found,) = [each for each in judged(UNKNOWN, seen) if each.check.id == "polling-survives-unknown-code"]
    return found.outcome


def test_the_loop_counts_from_the_fetch_of_the_unknown_code(evidence: Written) -> None:
    known = (poll("edoc"), poll("status"), sent("07", doc_id="s7"), sent("99", doc_id="s9"))

    never = evidence(*known, poll("edoc"), poll("status"), watched(True))
    silent = evidence(*known, poll("edoc"), poll("status"), fetched("s7"), fetched("s9"), watched(False))
    alive = evidence(*known, fetched("s7"), fetched("s9"), poll("edoc"), poll("status"), watched(True))
    half = evidence(*known, fetched("s7"), fetched("s9"), poll("edoc"), poll("edoc"), watched(False))

    assert lives(never) is Outcome.UNOBSERVED
    assert lives(silent) is Outcome.BROKEN
    assert lives(alive) is Outcome.HELD
    assert lives(half) is Outcome.UNOBSERVED


def test_a_case_that_may_end_the_loop_flies_alone() -> None:
    assert UNKNOWN in ALL
    assert UNKNOWN.wave is Wave.ALONE


# ---------------------------------------------------------------- what the judges may not do


def test_a_look_says_nothing_of_what_came_after_it(evidence: Written) -> None:
    look = ("act", {"call": "GET /control/documents", "request": {"box": "in", "label": ""}, "status": 200,
                    "answer": {"documents": []}})  # fmt: skip
    seen = evidence(sent(), look, confirmed())

    with pytest.raises(Unseen) as unseen:
        looked_after(seen, seen.look("in"), seen.taken(seen.sent()))

    assert unseen.value.remedy.vi


def order(label: str, status: int, **answer: str) -> tuple[str, dict[str, Any]]:
    request = {"kind": "new", "label": label, "promulgation_date": "2026-01-01"}
    return "act", {"call": "POST /control/send", "request": request, "status": status, "answer": answer}


def test_a_system_that_sends_nothing_old_is_right_where_it_shows_what_it_does_send(evidence: Written) -> None:
    refused = [order(label, 422, error="the date lies too far back") for label in (*late.AGES, "stray")]
    taken = [order("today", 200, document_id="H98,2026,1"), sent("03 today"), confirmed()]

    def looked(status: str | None) -> tuple[str, dict[str, Any]]:
        row = {"document_id": "H98,2026,1", "receivers": [{"organ": LANE.unit, "status": status}]}
        request, answer = {"box": "out", "label": ""}, {"documents": [row]}
        return "act", {"call": "GET /control/documents", "request": request, "status": 200, "answer": answer}

    right = judged(STATUSES, evidence(*refused, *taken, looked("03")))
    unproved = judged(STATUSES, evidence(*refused, *taken, looked(None)))

    assert {each.outcome for each in right} == {Outcome.HELD}
    assert {each.outcome for each in unproved} == {Outcome.UNOBSERVED}
