"""The laws above every judge: what the evidence cannot carry is not said, on any evidence of a right system."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conformance.case import Case, judged
from conformance.evidence import CaseEvidence
from conformance.finding import Check, Finding, Outcome
from conformance.health import struggles
from conformance.laws import timely, upheld
from conformance.runfolder import load
from conformance.seen import Record
from conformance.tests.conftest import FLOWN, SUT, Written, confirmed, poll, sent
from simulator.words import Text

T = Text("x", "x")
CHECK = Check("c", ("ST-01",), T)
REASONS = struggles({"seconds": 60.0, "starved": 0.9, "late": 0.0})


def wait(ended: str, *, hush: bool = False, met: bool = False, polls: int = 0) -> tuple[str, dict[str, Any]]:
    members = {
        "for": T._asdict(),
        "met": met,
        "polls": polls,
        "seconds": 30.0,
        "asked": 3,
        "ended": ended,
        "hush": hush,
    }
    return "wait", members


def look(*rows: Mapping[str, Any], label: str = "") -> tuple[str, dict[str, Any]]:
    request = {"box": "in", "label": label}
    return "act", {
        "call": "GET /control/documents", "request": request, "status": 200, "answer": {"documents": list(rows)},
    }  # fmt: skip


def report(code: str = "01", document_id: str = "G22,2026,1") -> tuple[str, dict[str, Any]]:
    members = {"fact": "accepted", "system_id": SUT.system_id, "message_type": "status", "to": ["G22"]}
    return "fact", members | {"document_id": document_id, "status_code": code, "package": ""}


# ---------------------------------------------------------------- each law by itself


@pytest.mark.parametrize("ended", ["silence", "time"])
def test_a_wait_without_its_polls_breaks_nothing(evidence: Written, ended: str) -> None:
    finding = upheld(CHECK.broken(T), evidence(sent(), wait(ended)))

    assert finding.outcome is Outcome.UNOBSERVED
    assert finding.cites == (2,)
    assert finding.remedy is not None
    assert "0 of 3 polls" in finding.because.en
    assert "0/3 lần" in finding.because.vi


def test_a_wait_that_had_its_polls_lets_the_finding_stand(evidence: Written) -> None:
    finding = CHECK.broken(T)

    assert upheld(finding, evidence(sent(), wait("polls", polls=3))) is finding


def test_a_silence_that_was_watched_for_is_a_finding_of_its_own(evidence: Written) -> None:
    finding = CHECK.broken(T, by_silence=True)

    assert upheld(finding, evidence(sent(), wait("silence"))) is finding


def test_nothing_that_had_no_time_to_show_itself_is_held(evidence: Written) -> None:
    seen = evidence(sent(), confirmed(), wait("silence", hush=True))

    assert upheld(CHECK.held(T), seen).outcome is Outcome.UNOBSERVED
    assert upheld(CHECK.held(T, shown=True), seen).outcome is Outcome.HELD
    assert upheld(CHECK.held(T), evidence(sent(), wait("silence"))).outcome is Outcome.HELD


@pytest.mark.parametrize("later", [confirmed(), report(), report("02")])
def test_a_look_convicts_nobody_of_what_came_after_it(evidence: Written, later: tuple[str, dict[str, Any]]) -> None:
    seen = evidence(sent(), look(), later)

    finding = upheld(CHECK.broken(T, seen.sent(), seen.look("in")), seen)

    assert finding.outcome is Outcome.UNOBSERVED
    assert finding.cites == (1, 2, 3)
    assert "(record 2)" in finding.because.en
    assert "(bản ghi 3)" in finding.because.vi


@pytest.mark.parametrize(
    "rows",
    [
        (sent(), confirmed(), report(), look()),  # all of it came before
        (sent(), confirmed(), look(), confirmed()),  # the same again is nothing new
        (sent(), confirmed(), look(), report(document_id="another")),  # of another document
        (sent(), confirmed(), look(), sent("second", doc_id="d2", document_id="o"), confirmed(doc_id="d2")),
    ],
)
def test_a_look_after_all_that_it_rests_on_convicts(evidence: Written, rows: Sequence[Any]) -> None:
    seen = evidence(*rows)
    finding = CHECK.broken(T, seen.look("in"))

    assert upheld(finding, seen) is finding


def test_an_action_after_the_look_brings_statuses_that_belong_to_it(evidence: Written) -> None:
    act = {"call": "POST /control/act", "request": {"document_id": "G22,2026,1"}, "status": 200, "answer": {}}
    seen = evidence(sent(), confirmed(), look(label="before"), ("act", act), report("03"))
    finding = CHECK.broken(T, seen.look("in", "before"))

    assert upheld(finding, seen) is finding


def test_the_last_look_that_is_cited_counts(evidence: Written) -> None:
    seen = evidence(sent(), look(label="early"), confirmed(), look(label="late"))

    both = CHECK.broken(T, seen.look("in", "early"), seen.look("in", "late"))

    assert upheld(both, seen) is both
    assert upheld(CHECK.broken(T, seen.look("in", "early")), seen).outcome is Outcome.UNOBSERVED


def test_a_harness_that_struggles_measures_no_time() -> None:
    assert REASONS
    for finding in (CHECK.broken(T, by_silence=True), CHECK.broken(T, timed=True)):
        assert timely(finding, REASONS).outcome is Outcome.UNOBSERVED
        assert timely(finding, ()) is finding
    assert timely(CHECK.broken(T), REASONS).outcome is Outcome.BROKEN
    assert timely(CHECK.held(T), REASONS).outcome is Outcome.HELD


def test_an_old_wait_says_by_its_polls_how_it_ended(evidence: Written) -> None:
    old = {"for": T._asdict(), "met": False, "seconds": 30.0}

    assert upheld(CHECK.broken(T), evidence(sent(), ("wait", old | {"polls": 0}))).outcome is Outcome.UNOBSERVED
    assert upheld(CHECK.broken(T), evidence(sent(), ("wait", old | {"polls": 4}))).outcome is Outcome.BROKEN


@given(
    rows=st.lists(st.sampled_from([sent(), confirmed(), report(), look(), poll(), wait("polls")]), max_size=12),
    at=st.integers(0, 12),
    outcome=st.sampled_from(list(Outcome)),
)
def test_a_finding_is_only_ever_weakened(rows: list[Any], at: int, outcome: Outcome) -> None:
    rows.insert(min(at, len(rows)), wait("silence"))
    records = tuple(Record(n, "2026-11-21T08:00:00+07:00", "c/x", *row) for n, row in enumerate(rows, 1))
    finding = Finding(CHECK, outcome, T, tuple(record.n for record in records), T)

    after = upheld(finding, CaseEvidence("c/x", SUT, (), records, {}))

    assert after.outcome in (outcome, Outcome.UNOBSERVED)
    assert after.outcome is not Outcome.BROKEN


# ---------------------------------------------------------------- every judge, on a right system's run made slower


def delayed(evidence: CaseEvidence, after: int, how: str) -> CaseEvidence:
    """The same right system on a slow day: what it did after record ``after`` came when everything was over, and the
    waits for it ended without it. ``how``: by which end."""
    early, late = [], []
    for record in evidence.records:
        own = record.kind == "fact" and record.get("system_id") == evidence.sut.system_id
        moves = own and record["fact"] in ("fetched", "confirmed", "accepted") and record.n > after
        if record.kind == "wait" and record.n > after:
            record = replace(
                record, members=MappingProxyType({**record.members, "met": False, "ended": how, "polls": 0})
            )
        (late if moves else early).append(record)
    renumbered = tuple(replace(record, n=n) for n, record in enumerate((*early, *late), 1))
    return replace(evidence, records=renumbered, readings={})


@pytest.fixture(scope="module")
def right(reference_run: tuple[Path, dict[str, Any]]) -> list[tuple[Case, CaseEvidence]]:
    run = load(reference_run[0])
    return [(case, run.of(case.id)) for case in FLOWN]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_judge_accuses_a_right_system_that_was_slow(
    right: list[tuple[Case, CaseEvidence]], data: st.DataObject
) -> None:
    case, evidence = right[data.draw(st.integers(0, len(right) - 1), label="case")]
    waits = [record.n for record in evidence.records if record.kind == "wait"]
    after = data.draw(st.sampled_from([0, *waits[:-1]]), label="after record")
    slow = delayed(evidence, after, data.draw(st.sampled_from(["silence", "time"])))

    accused = [each for each in judged(case, slow) if each.outcome is Outcome.BROKEN and not each.by_silence]

    assert accused == []


def looked_at_too_early(evidence: CaseEvidence) -> CaseEvidence:
    """Each look shows nothing yet; what the SUT did until then comes right behind it."""
    records: list[Record] = []
    held_back: list[Record] = []
    for record in evidence.records:
        own = record.kind == "fact" and record.get("system_id") == evidence.sut.system_id
        if own and record["fact"] != "polled":
            held_back.append(record)
        elif record.kind == "act" and record["call"] == "GET /control/documents":
            empty = {**record.members, "answer": {"documents": []}}
            records += [replace(record, members=MappingProxyType(empty)), *held_back]
            held_back = []
        else:
            records.append(record)
    renumbered = tuple(replace(record, n=n) for n, record in enumerate((*records, *held_back), 1))
    return replace(evidence, records=renumbered, readings={})


def test_no_judge_accuses_a_right_system_that_was_looked_at_too_early(right: list[tuple[Case, CaseEvidence]]) -> None:
    accused = []
    for case, evidence in right:
        if len(evidence.acts("GET /control/documents")) != 1:
            continue  # a later look of the same run would show what came after the first
        early = looked_at_too_early(evidence)
        numbers = {record.n for record in early.records if record.kind == "act" and "documents" in record["call"]}
        accused += [
            (case.id, each.check.id, each.because.en)
            for each in judged(case, early)
            if each.outcome is Outcome.BROKEN and numbers.intersection(each.cites)
        ]

    assert accused == []
