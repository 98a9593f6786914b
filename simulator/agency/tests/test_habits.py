from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from simulator.agency.habits import Habits, answer_to_change, answer_to_take_back, gap, plan, stream
from simulator.protocol.status import State, known, step


def test_the_shares_are_those_of_the_traffic_model():
    habits = Habits()

    plans = [plan(habits, stream(7, "shares", number)) for number in range(4_000)]

    told = Counter(each.code for steps in plans for each in steps)
    assert told["01"] == 4_000
    assert 0.015 < told["02"] / 4_000 < 0.026
    assert 0.51 < told["04"] / 4_000 < 0.57
    assert 0.60 < told["06"] / 4_000 < 0.70


@given(st.integers(), st.text(max_size=8))
def test_every_plan_is_a_walk_that_the_table_of_statuses_allows(seed: int, document: str):
    steps = plan(Habits(refuses=0.3), stream(seed, document))

    state: State | None = State.SENT
    for each in steps:
        assert state is not None
        state = step(state, each.code)
        assert state is not None
        line = known(each.code)
        assert line is not None
        assert each.description or not line.needs_reason


@given(st.integers(), st.floats(min_value=1.0, max_value=1e6))
def test_two_statuses_about_one_document_never_share_a_second(seed: int, pace: float):
    steps = plan(Habits(pace=pace), stream(seed))

    assert steps[0].after == 0.0
    assert all(each.after >= 1.0 for each in steps[1:])


def test_flaws_lead_to_a_refusal_that_names_them():
    steps = plan(Habits(refuses=0.0), stream(7), ("Tệp đính kèm a.pdf: hỏng",))

    assert [each.code for each in steps] == ["01", "02"]
    assert steps[1].description == "Tệp đính kèm a.pdf: hỏng"


def test_the_same_stream_decides_the_same():
    assert plan(Habits(), stream(7, "H41", "x")) == plan(Habits(), stream(7, "H41", "x"))
    assert stream(7, "H41").random() != stream(7, "H29").random() != stream(8, "H29").random()


def test_a_faster_pace_shortens_every_delay():
    slow = plan(Habits(pace=60.0), stream(7))
    fast = plan(Habits(pace=600.0), stream(7))

    assert [each.code for each in slow] == [each.code for each in fast]
    assert all(a.after >= b.after for a, b in zip(slow, fast, strict=True))


def test_who_writes_no_letters_waits_for_ever():
    assert gap(Habits(), stream(7)) == float("inf")
    assert 0 < gap(replace(Habits(), letters_per_second=1.0), stream(7)) < 100


def test_changes_are_agreed_to_declined_or_unknown_with_a_reason():
    willing, unwilling = Habits(agrees=1.0), Habits(agrees=0.0)

    for answer in (answer_to_change, answer_to_take_back):
        assert answer(willing, stream(7), target_known=True, finished=False).code == "15"
        assert answer(unwilling, stream(7), target_known=True, finished=False).code == "16"
        assert answer(willing, stream(7), target_known=True, finished=True).code == "16"
        assert answer(willing, stream(7), target_known=False, finished=False).code == "16"
        assert answer(willing, stream(7), target_known=False, finished=False).description
