"""The chapter secure-transport: what its judges make of the handshakes, and that careless clients are caught."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conformance import config
from conformance.case import judged
from conformance.cases import transport
from conformance.cases.transport import BadCertificates, SendingBehindBadCertificate
from conformance.config import Hub
from conformance.finding import Outcome
from conformance.mutants import MUTANTS, by_id, facts_of
from conformance.tests.conftest import Written, broken, flown, poll, sent
from simulator.pki.shown import BAD

Row = tuple[str, dict[str, Any]]


def tls(event: str, certificate: str = "", **values: Any) -> Row:
    own = {"event": event, "certificate": certificate, "detail": "", "version": "", "sent": 0} | values
    return "note", {"name": "tls", "values": own}


def so_far(plain: int = 0) -> Row:
    return "note", {"name": "tls", "values": {"event": "so-far", "shaken": 3, "plain": plain}}


def switched(*shown: str) -> Row:
    return "note", {"name": "tls", "values": {"event": "switched", "shown": list(shown)}}


def order() -> Row:
    request = {"label": "document", "code_number": "77"}
    members = {"call": "POST /control/send", "request": request, "status": 200, "answer": {"document_id": "x"}}
    return "act", members


def verdicts(case: Any, evidence: Any) -> dict[str, Outcome]:
    return {finding.check.id: finding.outcome for finding in judged(case, evidence)}


def test_the_case_shows_what_the_axis_has() -> None:
    assert tuple(BadCertificates.REFUSED) == BAD
    assert {case.capability for case in transport.CASES} == {"tls"}


def test_every_check_of_the_chapter_is_named_by_a_mutant() -> None:
    caught = {each for kind in MUTANTS for each in facts_of(kind).caught_by}

    assert {each.id for case in transport.CASES for each in case.checks} <= caught


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.lists(st.tuples(st.sampled_from(BAD), st.sampled_from(["refused", "left", "sent"])), max_size=12))
def test_each_certificate_is_judged_by_its_own_connections(evidence: Written, tried: list[tuple[str, str]]) -> None:
    rows = [tls(event, name, sent=99 if event == "sent" else 0) for name, event in tried]
    seen = verdicts(BadCertificates(), evidence(so_far(), poll(), switched(*BAD), sent(), *rows, switched(), poll()))

    for name, check_ in BadCertificates.REFUSED.items():
        events = {event for each, event in tried if each == name}
        expected = Outcome.BROKEN if "sent" in events else Outcome.HELD if events else Outcome.UNOBSERVED
        assert seen[check_.id] is expected


def test_one_that_never_polled_before_earns_nothing_by_refusing(evidence: Written) -> None:
    rows = [tls("refused", name) for name in BAD]

    seen = verdicts(BadCertificates(), evidence(so_far(), switched(*BAD), sent(), *rows, switched()))

    assert set(seen.values()) == {Outcome.UNOBSERVED}


@pytest.mark.parametrize(("earlier", "now"), [(1, 0), (0, 1), (0, 0)])
def test_plain_http_counts_from_the_start_of_the_run(evidence: Written, earlier: int, now: int) -> None:
    rows = [tls("refused", name) for name in BAD] + [tls("plain", sent=300)] * now

    seen = verdicts(
        BadCertificates(), evidence(so_far(earlier), poll(), switched(*BAD), sent(), *rows, switched(), poll())
    )

    assert seen["no-plain-http"] is (Outcome.BROKEN if earlier or now else Outcome.HELD)
    assert seen["polling-survives-bad-certificate"] is Outcome.HELD


@pytest.mark.parametrize(("event", "outcome"), [("refused", Outcome.UNOBSERVED), ("sent", Outcome.BROKEN)])
def test_a_document_that_never_leaves_makes_silence_worth_nothing(
    evidence: Written, event: str, outcome: Outcome
) -> None:
    rows = [tls(event, "self-made", sent=9), switched(), poll(), poll("status")]

    seen = verdicts(
        SendingBehindBadCertificate(), evidence(so_far(), poll(), switched("self-made"), order(), *rows, *rows[-2:])
    )

    assert seen["nothing-sent-behind-bad-certificate"] is outcome
    assert seen["document-leaves-after-bad-certificate"] is Outcome.BROKEN


# ---------------------------------------------------------------- over real loopback TLS


@pytest.mark.parametrize("mutant", ["skips-tls", "falls-back-to-http"])
def test_a_careless_client_is_caught_for_what_it_does_and_for_nothing_else(tmp_path: Path, mutant: str) -> None:
    found = broken(flown(tmp_path / "run", mutant, cases=transport.CASES, seed=11, floor_seconds=0.7))

    ours = {each.id for case in transport.CASES for each in case.checks}
    assert set(found) & ours == set(facts_of(by_id(mutant)).caught_by)
    # No byte that a careless client sent and no key is kept.
    lines = (tmp_path / "run" / "evidence" / "records.jsonl").read_text("utf-8")
    assert ('"event": "sent"' in lines or '"event":"sent"' in lines) is (mutant == "skips-tls")
    assert "PRIVATE KEY" not in lines
    assert not list((tmp_path / "run").rglob("*.pem"))


def test_without_tls_the_chapter_does_not_apply(tmp_path: Path) -> None:
    assert "tls" not in replace(config.reference(), hub=Hub()).claimed
    assert "tls" in config.reference().claimed
