"""The proof of the suite: null systems earn nothing, a second client agrees, and the matrix says what happened."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from conformance import config, honest
from conformance.cases import CASES
from conformance.cases.receiving import stored
from conformance.commands import check as check_command
from conformance.config import Capabilities, Config, Driver, Timing
from conformance.honest import Known
from conformance.mutants import MUTANTS, facts_of
from conformance.nulls import NULLS, Garbage, Null, UnknownNull, earned, null_named
from conformance.overall import OVERALL
from conformance.progress import Progress
from conformance.proof.footing import digest
from conformance.proof.matrix import check_rows, honest_row, mutant_row, null_row, reference_rows, summary_of
from conformance.proof.paper import markdown, rows_of, table, troubles
from conformance.proof.trial import Trial, run, run_all
from conformance.run import Plan, check
from conformance.sut.shape import reply
from conformance.tests.mini_client import Mini
from simulator.words import Lang, Text

HANDFUL = (
    "receiving/plain-document",
    "receiving/truncated-packet",
    "receiving/same-number",
    "status/full-chain",
    "status/sender-late-arrival",
)
T = {"en": "x", "vi": "x"}


def checked(settings: Config, cases: tuple[str, ...], folder: Path) -> dict[str, Any]:
    chosen = tuple(case for case in CASES if case.id in cases)
    with Progress(lang=Lang.EN, quiet=True) as progress:
        return check(Plan(settings, chosen, folder, 7, Lang.EN, narrowed=cases, retry_polls=0), progress=progress)


def verdicts(result: dict[str, Any]) -> dict[str, str]:
    return {each["check"]: each["verdict"] for case in result["cases"] for each in case["findings"]}


def outcome(*findings: tuple[str, str], conclusion: str = "conformant", error: str = "") -> dict[str, Any]:
    rows = [{"case": "c/x", "check": name, "verdict": verdict, "because": T} for name, verdict in findings]
    return {"conclusion": conclusion, "error": error, "findings": rows}


# ---------------------------------------------------------------- null systems


@pytest.mark.parametrize("kind", NULLS, ids=lambda kind: kind.null.id)
def test_a_system_that_does_not_do_the_work_earns_no_pass(kind: type, tmp_path: Path) -> None:
    patience = 1.5 if kind.null.id in ("dead", "silent") else 15.0
    settings = config.null(kind.null.id)
    timing = Timing(deadline_seconds=patience, floor_seconds=0.05)
    settings = replace(settings, hub=replace(settings.hub, topology="mini"), timing=timing)

    result = checked(settings, HANDFUL, tmp_path)

    passed = {name for name, verdict in verdicts(result).items() if verdict == "pass"}
    assert result["conclusion"] in ("incomplete", "not-conformant")
    assert passed <= kind.null.earns
    assert "error" not in verdicts(result).values()


def test_the_silent_ones_are_only_unseen(tmp_path: Path) -> None:
    settings = config.null("dead")
    timing = Timing(deadline_seconds=1.0, floor_seconds=0.1)
    settings = replace(settings, hub=replace(settings.hub, topology="mini"), timing=timing)

    result = checked(settings, HANDFUL, tmp_path)

    assert set(verdicts(result).values()) == {"inconclusive"}
    assert all(each["remedy"] for case in result["cases"] for each in case["findings"])


def test_what_is_earned_names_systems_and_checks_that_exist() -> None:
    checks = {each.id for case in CASES for each in case.checks} | {each.check.id for each in OVERALL}

    for group in earned():
        assert set(group.nulls) <= {kind.null.id for kind in NULLS} - {"dead", "silent"}
        assert set(group.checks) <= checks
        assert group.because.en != group.because.vi


def test_a_null_system_is_called_by_its_name() -> None:
    result = CliRunner().invoke(check_command, ["--sut", "null:nobody", "--no-input"])

    assert result.exit_code == 2
    assert "polls-only" in result.output
    with pytest.raises(UnknownNull):
        null_named("nobody")


# ---------------------------------------------------------------- answers of another form


@pytest.mark.parametrize(
    ("path", "answer", "place"),
    [
        ("/control/documents", {"documents": "none"}, "documents is no list"),
        ("/control/documents", {"documents": [None]}, "documents[0] is null"),
        ("/control/documents", {"documents": [{"receivers": 5}]}, "documents[0].receivers is no list"),
        ("/control/documents", {"documents": [{"attachments": [{"size": "7"}]}]}, "attachments[0].size is no number"),
        ("/control/documents", {"documents": [{"priority": "2"}]}, "documents[0].priority is no number"),
        ("/control/documents", {"documents": [{"signer": "An"}]}, "documents[0].signer is no object"),
        ("/control/documents", {"documents": [{"signer": {"full_name": 7}}]}, "signer.full_name is no text"),
        ("/control/statistics", {"by_status": {"01": "x"}}, "by_status.01 is no number"),
        ("/control/send", {"document_id": ["a"]}, "document_id is no text"),
    ],
)
def test_an_answer_of_another_form_is_no_usable_answer(path: str, answer: dict[str, Any], place: str) -> None:
    said = reply(path, 200, answer)

    assert said.status == 0
    assert place in said.answer["error"]


def test_missing_null_and_additional_members_are_the_contract_too() -> None:
    row = {"document_id": "a", "refers_to": None, "arrived_at": 7, "receivers": [{"organ": "G22", "status": None}]}
    row |= {"type_name": None, "signer": {"competence": None, "full_name": "An"}, "due_date": "2026-11-20"}

    assert reply("/control/documents", 200, {"documents": [row], "page": 1}).ok
    assert reply("/control/send", 422, {"error": "no", "document_id": 7}).status == 422
    assert len(Garbage.NONSENSE) > 3


# ---------------------------------------------------------------- the second client


@contextmanager
def mini() -> Iterator[Config]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    system = Mini(f"http://127.0.0.1:{port}", "sut.test.01", "made-up-here", "000.00.00.H98", "UBND tỉnh Thử Nghiệm")
    desk = system.serve()
    thread = threading.Thread(target=desk.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    settings = config.reference()
    try:
        yield replace(
            settings,
            hub=replace(settings.hub, listen=f"127.0.0.1:{port}", tls=False, topology="mini"),
            sut=replace(settings.sut, secret="made-up-here", name="mini"),
            driver=Driver(kind="http", url=f"http://127.0.0.1:{desk.server_port}"),
            capabilities=Capabilities(take_back=True),
        )
    finally:
        desk.shutdown()
        thread.join()
        desk.server_close()
        system.http.close()


def test_a_client_written_from_the_wire_alone_agrees_with_the_reference(tmp_path: Path) -> None:
    cases = [case for case in CASES if case.chapter in ("receiving", "status")]

    with mini() as settings:
        result = checked(settings, tuple(case.id for case in cases), tmp_path)

    # The reference passes all of them, too: test_end_to_end.py.
    looked_at = {check.id for case in cases for check in case.checks}
    assert looked_at <= verdicts(result).keys()
    optional = {name for name, verdict in verdicts(result).items() if verdict == "not-applicable"}
    assert optional == {check.id for case in stored.CASES for check in case.checks}  # it does not show these members
    assert set(verdicts(result).values()) == {"pass", "not-applicable"}


def test_the_second_client_shares_no_code_and_is_small() -> None:
    source = (Path(__file__).parent / "mini_client.py").read_text(encoding="utf-8")

    assert "simulator" not in source.replace('"""', "", 1).split('"""', 1)[1]
    assert "conformance" not in source
    assert source.count("\n") < 300


# ---------------------------------------------------------------- trials


def test_a_trial_is_run_once_and_kept(tmp_path: Path) -> None:
    mutant = facts_of(next(kind for kind in MUTANTS if facts_of(kind).id == "confirms-twice"))
    trial = Trial("mutant", mutant.id, ("receiving/plain-document",), 7)

    (first,) = run_all([trial], keep=tmp_path, jobs=1)
    (second,) = run_all([trial], keep=tmp_path, jobs=1)

    assert (first[2], second[2]) == (False, True)
    assert first[1] == second[1]
    row = mutant_row(mutant, trial.cases, second[1])
    assert row["verdict"] == "caught"
    assert [each["check"] for each in row["broken"]] == ["confirmed-once"]


def test_the_reference_with_random_delays_passes_what_it_passes_without() -> None:
    found = run(Trial("reference", "", HANDFUL, 3))

    assert found["error"] == ""
    assert {each["verdict"] for each in found["findings"]} == {"pass"}


def test_a_trial_that_breaks_is_told_and_costs_no_other() -> None:
    found = run(Trial("null", "", HANDFUL[:1], 7))

    assert found["conclusion"] == "harness-error"
    assert found["error"]


def test_an_outcome_rests_on_its_own_chapters_only() -> None:
    one = digest("mutant", "confirms-twice", ("receiving/plain-document",))

    assert one == digest("mutant", "confirms-twice", ("receiving/plain-document",))
    assert one != digest("mutant", "confirms-twice", ("receiving/three-documents",))
    assert one != digest("mutant", "reports-twice", ("receiving/plain-document",))


# ---------------------------------------------------------------- the matrix


def test_a_mutant_is_caught_only_by_a_check_that_it_names() -> None:
    mutant = replace(facts_of(MUTANTS[0]), caught_by=("a", "b"))

    caught = mutant_row(mutant, ["c/x"], outcome(("a", "warn"), ("b", "pass"), ("other", "fail")))
    missed = mutant_row(mutant, ["c/x"], outcome(("a", "pass"), ("b", "inconclusive"), ("other", "fail")))
    failed = mutant_row(mutant, ["c/x"], outcome(("a", "fail"), error="we broke"))

    assert (caught["verdict"], caught["unshown"], caught["elsewhere"]) == ("caught", ["b"], ["other"])
    assert (missed["verdict"], missed["broken"]) == ("missed", [])
    assert failed["verdict"] == "error"


def test_a_null_system_s_pass_is_earned_or_counted() -> None:
    row = null_row(Null("confirms-unread", Text("x", "x")), outcome(("confirmed-once", "pass"), ("other", "pass")))

    assert row["earned"] == ["confirmed-once"]
    assert [each["check"] for each in row["undeserved"]] == ["other"]


def test_a_verdict_that_is_not_the_same_in_every_run_is_a_flip() -> None:
    steady, moved = outcome(("a", "pass"), ("b", "warn")), outcome(("a", "fail"), ("b", "warn"))

    rows = reference_rows({1: steady, 2: moved, 3: steady})

    assert rows["flips"] == [{"check": "a", "verdicts": {"pass": [1, 3], "fail": [2]}}]
    assert {each["check"] for each in rows["not_passed"]} == {"a", "b"}


def whole(**changes: Any) -> dict[str, Any]:
    mutant = replace(facts_of(MUTANTS[0]), caught_by=("a",))
    rows = {
        "mutants": [mutant_row(mutant, ["c/x"], outcome(("a", "fail")))],
        "checks": [{"id": "a", "case": "c/x", "failed_for": [mutant.id]}],
        "nulls": [null_row(NULLS[0].null, outcome(("a", "inconclusive"), conclusion="incomplete"))],
        "honest": [honest_row(honest.facts_of(honest.HONEST[0]), outcome(("a", "pass"), ("b", "inconclusive")))],
        "reference": reference_rows({1: outcome(("a", "pass"))}),
    } | changes
    head = {"axisproof": "0", "date": "2026-11-21", "requirement_set": "x", "requirement_digest": "d" * 20}
    summary = {**head, "narrowed": None, **summary_of(**rows)}
    return {"summary": summary, **rows, "never_failed": [row for row in rows["checks"] if not row["failed_for"]]}


def test_it_is_proved_only_where_nothing_is_missing() -> None:
    never = [{"id": "a", "case": "c/x", "failed_for": []}]
    passes = [null_row(NULLS[0].null, outcome(("a", "pass"), conclusion="incomplete"))]
    conformant = [null_row(NULLS[0].null, outcome(("a", "inconclusive"), conclusion="conformant"))]
    flips = reference_rows({1: outcome(("a", "pass")), 2: outcome(("a", "warn"))})

    assert whole()["summary"]["proved"]
    assert troubles(whole()) == []
    accused = [honest_row(honest.facts_of(honest.HONEST[0]), outcome(("a", "warn")))]
    for changes in (
        {"checks": never}, {"nulls": passes}, {"nulls": conformant}, {"reference": flips}, {"honest": accused},
    ):  # fmt: skip
        matrix = whole(**changes)
        assert not matrix["summary"]["proved"]
        assert troubles(matrix)


def test_every_check_stands_in_the_matrix_those_of_the_whole_run_too() -> None:
    rows = check_rows(CASES, [])

    assert {row["id"] for row in rows} >= {each.check.id for each in OVERALL}
    assert len(rows) == sum(len(case.checks) for case in CASES) + len(OVERALL)


def test_the_paper_is_the_same_for_the_same_matrix_and_speaks_both_languages() -> None:
    matrix = whole()

    paper = markdown(matrix)

    assert paper == markdown(whole())
    assert "mutants caught" in paper
    assert "bản lỗi có chủ đích bị phát hiện" in paper
    assert "1 / 1" in table(matrix["summary"], Lang.EN)


def test_an_honest_variant_is_accused_by_a_fail_an_unknown_warning_or_the_conclusion() -> None:
    quiet = replace(honest.facts_of(honest.HONEST[0]), known=(Known("a", Text("x", "x")),))

    right = honest_row(quiet, outcome(("a", "warn"), ("b", "inconclusive"), conclusion="incomplete"))
    warned = honest_row(quiet, outcome(("a", "warn"), ("b", "warn")))
    failed = honest_row(quiet, outcome(("a", "fail"), conclusion="not-conformant"))
    concluded = honest_row(quiet, outcome(("a", "pass"), conclusion="not-conformant"))

    assert (right["verdict"], right["known"], right["inconclusive"]) == ("right", ["a"], ["b"])
    assert [each["check"] for each in warned["accused"]] == ["b"]
    assert [row["verdict"] for row in (warned, failed, concluded)] == ["accused"] * 3


def test_the_table_counts_the_honest_variants_and_can_do_without() -> None:
    summary = whole()["summary"]

    assert ("honest variants accused", "0 / 1") in [(title.en, count) for title, count in rows_of(summary)]
    assert "Honest variants" in markdown(whole())
    del summary["honest"]
    assert not any("honest" in title.en for title, _ in rows_of(summary))
