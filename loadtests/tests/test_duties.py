"""What a system under test left undone, told from a ledger."""

from typing import Any

import pytest

from loadtests.account import Account
from loadtests.duties import DUTIES, with_duties
from loadtests.journeys import of_acceptances
from loadtests.slo import Limit, judge
from loadtests.tests.test_slo import measured

SUT = "sut.test.01"


def fetched(delivery: str, document: str, **more: Any) -> dict[str, Any]:
    return {"e": "fetched", "system": SUT, "type": "edoc", "delivery_id": delivery, "document_id": document,
            "about": None, "status_code": None, "ok": True} | more  # fmt: skip


def confirmed(delivery: str, word: str = "done", **more: Any) -> dict[str, Any]:
    return {"e": "confirmed", "system": SUT, "delivery_id": delivery, "word": word, "ok": True} | more


def reported(document: str, code: str, doc_id: str = "x", **more: Any) -> dict[str, Any]:
    return {"e": "answered", "system": SUT, "about": document, "status": code, "doc_id": doc_id, "ok": True} | more


def accepted(document: str) -> dict[str, Any]:
    return {"e": "act", "system": SUT, "document_id": document, "ok": True}


GOOD = [fetched("1", "A"), confirmed("1"), reported("A", "01"), accepted("A"), reported("A", "03", "y")]


def undone(*events: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    account = with_duties(Account(), events, SUT)
    return {line: found.documents for line in DUTIES if (found := getattr(account, line)).count}


def test_how_long_the_03_takes_is_measured_from_the_clerks_acceptance() -> None:
    events = [accepted("A") | {"begun": 3.0}, reported("A", "03") | {"done": 7.5}, accepted("B") | {"begun": 4.0},
              reported("A", "01") | {"done": 2.0}, reported("C", "03") | {"done": 9.0}]  # fmt: skip

    (found,) = of_acceptances(events, SUT)

    assert (found.start, found.key.op, found.histogram.count) == (5.0, "accepted", 1)
    assert found.histogram.quantile(1.0) == pytest.approx(4.5, rel=0.01)


@pytest.mark.parametrize(
    ("events", "found"),
    [
        (GOOD, {}),
        ([*GOOD[:1], *GOOD[2:]], {"unconfirmed": ("A",)}),
        ([*GOOD[:1], confirmed("1", "processing"), *GOOD[2:]], {"unconfirmed": ("A",)}),
        ([*GOOD[:2], *GOOD[3:]], {"unreported": ("A",)}),
        ([*GOOD[:2], reported("A", "02")], {}),  # who refuses need not say before that it arrived
        ([fetched("1", "A"), confirmed("1", "fail")], {}),  # given back
        (GOOD[:4], {"unaccepted": ("A",)}),
        ([*GOOD, reported("A", "01", "z")], {"repeated": ("A · 01",)}),
        ([*GOOD, reported("A", "01")], {}),  # the axis knew it for the same sending
        ([*GOOD, fetched("2", "", type="status", about="B", status_code="13")], {"unconfirmed": ("B · 13",)}),
        ([*GOOD, fetched("9", "A", system="sim.h01"), fetched("8", "C", ok=False)], {}),
        (list(reversed(GOOD)), {}),  # ledgers come in any order
    ],
)  # fmt: skip
def test_what_is_left_undone_is_named(events: list[dict[str, Any]], found: dict[str, tuple[str, ...]]) -> None:
    assert undone(*events) == found


def test_a_system_under_test_owes_it_whatever_the_scenario_promises() -> None:
    account = with_duties(Account(), GOOD[:1], SUT)

    broken = [each.metric for each in judge(measured(account=account), [], sut=True) if each.kept is False]

    assert broken == ["unconfirmed", "unreported"]
    assert all(each.kept for each in judge(measured(account=account), []))
    lenient = judge(measured(account=account), [Limit("unreported", "<=", 1.0)], sut=True)
    assert [each.metric for each in lenient if each.kept is False] == ["unconfirmed"]
