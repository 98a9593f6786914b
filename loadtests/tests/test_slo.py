"""Thresholds, windows, the backlog's slope and the generator's health, on values made by hand."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtests.account import Account, listed
from loadtests.backlog import Backlog, backlog_of, least_squares
from loadtests.calls import Calls, calls_of
from loadtests.histograms import Histogram, Interval, Key
from loadtests.parcels import Journey
from loadtests.slo import Kept, Limit, Measured, judge
from loadtests.spans import span
from loadtests.validity import judge_generator

FLAT = Backlog(0.0, 0, 1.0, ())


def measured(
    *, account: Account = Account(), backlog: Backlog = FLAT, outcomes: tuple[tuple[float, str], ...] = ()
) -> Measured:
    quick, slow = Histogram.of([0.01] * 100), Histogram.of([0.01] * 90 + [1.0] * 10)
    intervals = tuple(
        Interval(start, start + 5.0, Key("send", urgency, "<=64K", "intended"), slow if start == 20.0 else quick)
        for start in (0.0, 5.0, 10.0, 15.0, 20.0, 25.0)
        for urgency in (0, 3)
    )
    return Measured(account, intervals, outcomes, backlog, seconds=30.0)


def one(metric: str, op: str, value: float, window: float | None = None, **given: Any) -> Kept:
    return judge(measured(**given), [Limit(metric, op, value, window)])[-1]


def test_a_window_shows_what_the_whole_run_hides() -> None:
    whole, windowed = one("p95.send", "<=", 0.1), one("p95.send", "<=", 0.1, 5.0)

    assert (whole.kept, windowed.kept) == (True, False)
    assert windowed.seen == pytest.approx(1.0, rel=1e-3)


@pytest.mark.parametrize(
    ("metric", "window", "over"),
    [
        ("p95.send", None, "the whole run, draining included"),
        ("p95.send", 10.0, "each 10 s of the plan, 3 windows; draining counts in the last"),
        ("p95.send", 60.0, "the whole run, draining included"),  # no window fits in
        ("dropped_share", None, "all planned documents"),
        ("dropped_share", 10.0, "each 10 s of the plan, 3 windows"),
        ("dropped_share", 60.0, "all planned documents"),
        ("failed_calls_share", None, "the whole run, draining included"),  # not a share of the planned documents
        ("lost", 10.0, "the whole run, draining included"),  # counts know no windows
        ("backlog_slope", 10.0, "6 s to 30 s of the plan, after the warm-up"),
        ("capacity", None, "the 30 s of the plan"),
    ],
)
def test_what_a_threshold_is_judged_over_is_said(metric: str, window: float | None, over: str) -> None:
    steady = Backlog(0.0, 0, 1.0, (), steady_from=6.0)

    said = one(metric, "<=", 1.0, window, backlog=steady).over

    assert said.en == over
    assert said.vi != said.en


def test_windows_behind_a_warm_up_say_so() -> None:
    late = span("p95.send", 5.0, seconds=30.0, warm_up=10.0, steady_from=0.0)

    assert late.en == "each 5 s of the plan, 4 windows; draining counts in the last, without its first 10 s"


def test_a_threshold_from_below_looks_at_the_smallest_window() -> None:
    assert one("p95.send", ">=", 0.5, 5.0).kept is False


@pytest.mark.parametrize(
    ("metric", "seen"),
    [("lost", 1.0), ("late", 2.0), ("dropped_share", 0.25), ("failed_share", 0.5), ("backlog_slope", 0.0),
     ("drain_seconds", 1.0), ("capacity", 2 / 30)],
)  # fmt: skip
def test_every_metric_is_seen(metric: str, seen: float) -> None:
    account = Account(lost=listed("a"), late=listed("ab"))
    outcomes = ((0.0, "accepted"), (1.0, "unsent"), (2.0, "refused"), (3.0, "accepted"))

    assert one(metric, "<=", 9.0, account=account, outcomes=outcomes).seen == seen


@pytest.mark.parametrize(
    ("metric", "window", "missing", "seen", "kept"),
    [
        ("p95.delivered", None, 0, 0.01, True),
        ("p95.delivered", None, 5, 0.01, True),  # 95 of 100 arrived
        ("p95.delivered", None, 6, None, False),
        ("p50.delivered", None, 94, 0.01, True),
        ("max.delivered", None, 1, None, False),
        ("p95.delivered", 10.0, 6, None, False),
    ],
)
def test_what_never_arrived_took_longer_than_anything_that_did(
    metric: str, window: float | None, missing: int, seen: float | None, kept: bool
) -> None:
    arrived = (Interval(0.0, 5.0, Key("delivered", 0, "<=64K", "intended"), Histogram.of([0.01] * 95)),)

    found = judge(replace(measured(), intervals=arrived, missing=missing), [Limit(metric, "<=", 1.0, window)])[-1]

    assert found.kept is kept
    assert (found.seen is None) if seen is None else (found.seen == pytest.approx(seen, rel=0.02))


def test_nothing_that_should_have_arrived_did() -> None:
    assert judge(replace(measured(), intervals=(), missing=3), [Limit("p95.delivered", "<=", 1.0)])[-1].kept is False
    assert one("p95.delivered", "<=", 1.0).kept is None


def test_a_share_of_calls_is_of_all_of_them_and_unknown_without_any() -> None:
    calls = Calls({"list": 30, "fetch": 10}, {"fetch": 4}, {"fetch": "code 20"})

    seen = judge(replace(measured(), calls=calls), [Limit("failed_calls_share", "<=", 0.05)])[-1]

    assert (seen.seen, seen.kept) == (0.1, False)
    assert one("failed_calls_share", "==", 0.0).kept is None


def test_calls_of_the_system_under_test_are_none_of_the_nodes() -> None:
    listed_ok = {"e": "polled", "system": "sim.h01", "ok": True}
    failed = {"e": "fetched", "system": "sim.h01", "ok": False, "error": "no answer in time"}
    facts = [{"e": "fetched", "system": "sut.test.01", "ok": True}] * 8

    calls = calls_of([listed_ok, failed, *facts, {"e": "sent", "system": "sim.h01", "ok": False}], sut="sut.test.01")

    assert (calls.made["list"], calls.made["fetch"], calls.failed_share) == (1, 1, 0.5)
    assert calls.because == {"fetch": "no answer in time"}


def test_statuses_count_as_well() -> None:
    assert one("lost", "==", 0, account=Account(statuses=Account(lost=listed("a")))).kept is False


def test_never_drained_is_broken_and_never_observed_is_unknown() -> None:
    assert one("drain_seconds", "<=", 60, backlog=Backlog(0.0, 3, None, ())).kept is False
    assert one("p99.status", "<=", 60).kept is None


def test_unknown_metrics_and_comparisons_are_errors() -> None:
    for limit in (Limit("p98.send", "<=", 1), Limit("p99", "<=", 1), Limit("lost", "<", 1)):
        with pytest.raises(ValueError, match="unknown"):
            judge(measured(), [limit])


# ---------------------------------------------------------------- backlog


def journeys(waits: list[float | None]) -> list[Journey]:
    return [journey(number, wait) for number, wait in enumerate(waits)]


def journey(number: int, wait: float | None) -> Journey:
    arrived, fate = (None, "waiting") if wait is None else (number + wait, "delivered")
    return Journey(str(number), "a", "B", float(number), float(number), arrived, fate)


def backlog(waits: list[float | None]) -> Backlog:
    return backlog_of(
        journeys(waits), seconds=float(len(waits)), patience=10.0, warm_up=20.0, last_send=float(len(waits))
    )


@given(st.lists(st.floats(0, 10), min_size=60, max_size=120))
def test_what_arrives_within_two_polls_is_no_growing_backlog(waits: list[float]) -> None:
    assert backlog([*waits]).slope == 0.0


def test_a_receiver_that_falls_behind_grows_a_backlog() -> None:
    found = backlog([each * 0.9 for each in range(120)])

    assert found.slope > 0.2
    assert found.drain_seconds == pytest.approx(119 + 119 * 0.9 - 120)


def test_a_backlog_that_is_worked_off_falls() -> None:
    assert backlog([max(0.0, 60.0 - each) for each in range(120)]).slope < 0


def test_what_never_arrives_never_drains() -> None:
    found = backlog([1.0] * 50 + [None])

    assert (found.drain_seconds, found.not_arrived) == (None, 1)


def test_an_absent_receiver_is_no_fault_of_the_axis() -> None:
    found = backlog_of(journeys([None] * 60), never_online=frozenset({"B"}), seconds=60.0, patience=10.0, warm_up=10.0,
                       last_send=60.0)  # fmt: skip

    assert (found.slope, found.drain_seconds, found.peak) == (0.0, 0.0, 60)


@given(st.floats(-100, 100), st.floats(-100, 100))
def test_least_squares_finds_a_straight_line(slope: float, start: float) -> None:
    found, error = least_squares([(float(x), start + slope * x) for x in range(10)])

    assert found == pytest.approx(slope, abs=1e-6)
    assert error == pytest.approx(0, abs=1e-6)


# ---------------------------------------------------------------- generator


def health(**members: float) -> dict[str, list[dict[str, float]]]:
    sample = {"cpu": 0.5, "send_lag_p99": 0.001, "pause_max": 0.01} | members
    return {"1": [{"at": float(second)} | sample for second in range(20)]}


def reasons(found: dict[str, list[dict[str, float]]], lags: tuple[float, ...] = (), dropped: int = 0) -> list[str]:
    judged = judge_generator(found, lags, seconds=30.0, planned=1000, dropped=dropped, expected_workers=1)
    return [text.en for text in judged.reasons]


def test_a_generator_at_ease_is_valid() -> None:
    assert reasons(health(), (0.001,) * 100, dropped=1) == []


@pytest.mark.parametrize(
    ("samples", "lags", "dropped", "word"),
    [
        (health(cpu=0.81), (), 0, "core"),
        (health(send_lag_p99=0.0051), (), 0, "planned time"),
        (health(), (0.001,) * 90 + (0.01,) * 10, 0, "planned time"),
        (health(pause_max=0.051), (), 0, "stood still"),
        (health(pause_max=0.0503), (), 0, "stood still for 50.3 ms (limit 50 ms)"),
        (health(), (), 2, "never sent"),
        ({}, (), 0, "load processes"),
    ],
)
def test_each_kind_of_struggle_has_its_reason(
    samples: dict[str, list[dict[str, float]]], lags: tuple[float, ...], dropped: int, word: str
) -> None:
    assert [word in each for each in reasons(samples, lags, dropped)] == [True]


def test_one_busy_second_is_no_struggle() -> None:
    samples = health()
    samples["1"][7]["cpu"] = 0.99

    assert reasons(samples) == []


def test_one_late_send_among_a_few_is_no_struggle_but_two_are() -> None:
    assert reasons(health(), (0.001,) * 60 + (0.02,)) == []
    assert len(reasons(health(), (0.001,) * 60 + (0.02,) * 2)) == 1
