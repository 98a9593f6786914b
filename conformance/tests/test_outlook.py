"""What a run promises before it starts."""

from hypothesis import given
from hypothesis import strategies as st

from conformance.case import Wave
from conformance.cases import CASES
from conformance.config import Timing
from conformance.lanes import made_up, plan
from conformance.outlook import RETRY_POLLS, bound, limit, outlook
from conformance.tests.test_planning import agencies, cases


def test_the_whole_suite_promises_eleven_polls_a_minute_and_three_polls_for_each_case_alone() -> None:
    flights = plan(CASES, made_up(400), seed=1)
    alone = sum(case.wave is Wave.ALONE for case in CASES)

    assert bound(flights, 20.0) == 60 + 11 * 20 + 3 * 20 * alone


@given(company=st.integers(1, 9), number=st.integers(1, 9), period=st.floats(1, 900))
def test_each_flight_more_costs_its_polls(company: int, number: int, period: float) -> None:
    flights = plan(cases(*[1] * company), agencies(number), seed=1)

    assert bound(flights, period) == 60 + 5 * -(-company // number) * period


def test_the_sentence_names_the_seconds_only_where_the_period_is_known() -> None:
    flights = plan([*cases(1, 1), *cases(1, wave=Wave.ALONE)], agencies(3), seed=1)

    assert "every 10 s at most 140 s" in outlook(flights, Timing(10.0)).en
    assert "lâu nhất 140 giây" in outlook(flights, Timing(10.0)).vi
    assert "at most" not in outlook(flights, Timing(0.0)).en


@given(company=st.integers(1, 99), period=st.floats(0, 900), deadline=st.floats(1, 900))
def test_the_limit_leaves_room_for_a_good_run_and_for_the_second_tries(
    company: int, period: float, deadline: float
) -> None:
    flights = plan(cases(*[1] * company), agencies(99), seed=1)

    assert limit(flights, period, deadline) >= 4 * bound(flights, period) + RETRY_POLLS * period
    assert f"After {limit(flights, period, deadline):.0f} s" in outlook(flights, Timing(period, deadline)).en
