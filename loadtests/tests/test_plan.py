"""Plans: the same seed gives the same plan; what holds for every scenario, seed and scale."""

import dataclasses
import math
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixtures.topologies import load as topology
from loadtests.plan import Plan, make
from loadtests.scenario import SCENARIOS, Backlog, Burst, Closed, ScenarioError, load, scaled
from loadtests.traffic.national import national
from loadtests.traffic.units import extended, nodes_of
from loadtests.traffic.values import TakeBack

NODES = nodes_of(topology("2020"))
SMOKE = load("smoke")
SEEDS = st.integers(min_value=-(2**40), max_value=2**40)

_bursts = st.none() | st.builds(
    Burst, every_seconds=st.floats(5, 60), lasts_seconds=st.floats(0.1, 1), factor=st.floats(1, 5)
)
_scenarios = st.builds(
    lambda name, scale, seconds, burst: dataclasses.replace(
        scaled(load(name), scale=scale, seconds=seconds), burst=burst, backlog=None
    ),
    st.sampled_from(SCENARIOS),
    st.floats(0.1, 5),
    st.floats(1, 40),
    _bursts,
)


def _with(**changes):
    return dataclasses.replace(SMOKE, broadcasts=(), **changes)


@settings(max_examples=40, deadline=None)
@given(_scenarios, SEEDS)
def test_the_same_seed_gives_the_same_plan(scenario, seed):
    first = make(scenario, topology_nodes=NODES, seed=seed)
    second = make(scenario, topology_nodes=NODES, seed=seed)

    assert first == second
    assert first.digest == second.digest


@settings(max_examples=40, deadline=None)
@given(_scenarios, SEEDS)
def test_arrivals_are_sorted_numbered_and_inside_the_run(scenario, seed):
    arrivals = make(scenario, topology_nodes=NODES, seed=seed).arrivals

    times = [arrival.at for arrival in arrivals]
    assert times == sorted(times)
    assert all(0 <= at < scenario.seconds for at in times)
    assert [arrival.number for arrival in arrivals] == list(range(len(arrivals)))


@settings(max_examples=40, deadline=None)
@given(_scenarios, SEEDS, st.integers(2, 120))
def test_receivers_are_others_and_each_once(scenario, seed, count):
    plan = make(scenario, topology_nodes=nodes_of(extended(topology("2020"), count)), seed=seed)

    units = {system.unit for system in plan.systems}
    for arrival in plan.arrivals:
        assert arrival.receivers
        assert arrival.sender_unit not in arrival.receivers
        assert len(set(arrival.receivers)) == len(arrival.receivers)
        assert units.issuperset(arrival.receivers)
        assert arrival.sender not in plan.polls.offline or len(units) == 2


@settings(max_examples=30, deadline=None)
@given(_scenarios, SEEDS)
def test_no_two_documents_share_an_id(scenario, seed):
    arrivals = make(scenario, topology_nodes=NODES, seed=seed).arrivals

    assert len({arrival.document_id for arrival in arrivals}) == len(arrivals)


@settings(max_examples=30, deadline=None)
@given(_scenarios, SEEDS)
def test_a_plan_survives_the_wire(scenario, seed):
    plan = make(scenario, topology_nodes=NODES, seed=seed)

    again = Plan.from_json(plan.to_json())

    assert again == plan
    assert again.digest == plan.digest


@given(st.integers(1, 12))
def test_the_shares_of_the_workers_make_the_whole_and_overlap_nowhere(workers):
    plan = make(scaled(SMOKE, seconds=1), topology_nodes=NODES, seed=7)

    shares = [plan.share(worker, workers) for worker in range(workers)]

    assert Counter(system for share in shares for system in share) == Counter(plan.systems)


@settings(max_examples=20, deadline=None)
@given(st.floats(1, 10), SEEDS, _bursts)
def test_scale_multiplies_the_mean(scale, seed, burst):
    scenario = scaled(_with(burst=burst, seconds=120.0), scale=scale)

    seen = len(make(scenario, topology_nodes=NODES, seed=seed).arrivals)

    mean = SMOKE.docs_per_second * 120 * scale
    cut_off = (burst.factor * burst.lasts_seconds * scenario.docs_per_second) if burst else 0.0
    assert abs(seen - mean) <= 7 * math.sqrt(mean) + cut_off


def test_another_seed_gives_another_plan():
    assert make(SMOKE, topology_nodes=NODES, seed=1).digest != make(SMOKE, topology_nodes=NODES, seed=2).digest


def test_plans_that_differ_in_scale_alone_share_no_document_id():
    one = make(SMOKE, topology_nodes=NODES, seed=1)
    two = make(scaled(SMOKE, scale=2), topology_nodes=NODES, seed=1)

    assert not {each.document_id for each in one.arrivals} & {each.document_id for each in two.arrivals}


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(NODES), SEEDS)
def test_answers_come_in_a_legal_order_and_are_always_the_same(number, node, seed):
    plan = make(scaled(SMOKE, seconds=1), topology_nodes=NODES, seed=seed)

    answers = plan.answers(number, node[1])

    assert answers == plan.answers(number, node[1])
    codes = [code for code, _ in answers]
    times = [at for _, at in answers]
    assert codes == sorted(codes)
    assert times == sorted(times)
    assert all(0 <= at <= plan.statuses.cap_seconds for at in times)
    assert "02" not in codes or not {"03", "04", "05", "06"} & set(codes)
    assert not {"04", "05"} & set(codes) or "03" in codes
    assert "06" not in codes or "05" in codes


def test_each_status_comes_for_its_share_of_the_deliveries():
    plan = make(scaled(SMOKE, seconds=1), topology_nodes=NODES, seed=7)
    deliveries = 6_000

    seen = Counter(code for number in range(deliveries) for code, _ in plan.answers(number, "G22"))

    for step in plan.statuses.steps:
        assert seen[step.code] / deliveries == pytest.approx(step.share, abs=0.03)


def test_a_document_is_asked_back_and_given_back_for_its_share_of_the_deliveries():
    plan = make(scaled(SMOKE, seconds=1), topology_nodes=NODES, seed=7)
    asked = plan.statuses.take_back
    deliveries = 40_000

    drawn = [plan.take_back(number, "G22") for number in range(deliveries)]

    seen = [each for each in drawn if each is not None]
    assert drawn[:100] == [plan.take_back(number, "G22") for number in range(100)]
    assert len(seen) / deliveries == pytest.approx(asked.share, abs=0.002)
    assert sum(code == "15" for _, code, _ in seen) / len(seen) == pytest.approx(asked.agreed, abs=0.1)
    assert {code for _, code, _ in seen} == {"15", "16"}
    assert all(0 <= at <= plan.statuses.cap_seconds for each in seen for at in (each[0], each[0] + each[2]))


def test_a_system_under_test_is_asked_for_nothing_that_it_does_not_claim_to_give_back():
    always = dataclasses.replace(SMOKE.statuses, take_back=TakeBack(1.0, 1.0, 1.0))
    scenario = dataclasses.replace(SMOKE, statuses=always, seconds=1.0)
    sut = ("sut.test.01", "000.00.00.H98")

    silent, claimed = (
        make(scenario, topology_nodes=NODES, seed=7, sut=sut, sut_gives_back=claims) for claims in (False, True)
    )

    assert silent.take_back(0, sut[1]) is None
    assert silent.take_back(0, "G22") is not None
    assert claimed.take_back(0, sut[1]) is not None
    assert Plan.from_json(claimed.to_json()) == claimed


def test_the_mean_fan_out_and_the_senders_are_those_of_the_model():
    plan = make(scaled(_with(seconds=600.0), scale=10), topology_nodes=NODES, seed=7)

    count = len(plan.arrivals)
    vpcp = sum(arrival.sender_unit == "G22" for arrival in plan.arrivals) / count
    to_vpcp = sum("G22" in arrival.receivers for arrival in plan.arrivals)
    fan_out = sum(len(arrival.receivers) for arrival in plan.arrivals) / count

    assert vpcp == pytest.approx(0.20, abs=0.02)
    assert fan_out == pytest.approx(2.96, abs=0.25)
    assert to_vpcp / sum(len(arrival.receivers) for arrival in plan.arrivals) == pytest.approx(
        national().vpcp_receives, abs=0.015
    )
    assert {63, 94} <= {len(arrival.receivers) for arrival in plan.arrivals}


def test_polls_are_synchronised_but_for_their_jitter():
    plan = make(load("morning-peak"), topology_nodes=NODES, seed=7)

    awake = next(index for index, each in enumerate(plan.systems) if each.system_id not in plan.polls.offline)

    turns = list(plan.turns(awake, 60))
    assert [math.floor(turn / 15) for turn in turns] == [0, 1, 2, 3]
    assert all(turn % 15 <= 3 for turn in turns)


def test_polls_that_are_not_synchronised_fill_the_period():
    plan = make(load("big-attachments"), topology_nodes=NODES, seed=7)

    assert min(plan.polls.phase) < 1
    assert max(plan.polls.phase) > 9


def test_systems_that_are_offline_come_back_or_do_not():
    back = make(load("launch-day"), topology_nodes=NODES, seed=7)
    gone = make(load("morning-peak"), topology_nodes=NODES, seed=7)

    for plan in (back, gone):
        assert len(plan.polls.offline) == 5
        assert not plan.polls.offline & {arrival.sender for arrival in plan.arrivals}
    away = next(index for index, each in enumerate(back.systems) if each.system_id in back.polls.offline)
    assert min(back.turns(away, 240)) >= 0.7 * 240
    away = next(index for index, each in enumerate(gone.systems) if each.system_id in gone.polls.offline)
    assert list(gone.turns(away, 1e4)) == []


def test_a_circular_goes_to_all_others_at_its_moment():
    plan = make(load("broadcast"), topology_nodes=NODES, seed=7)

    circulars = [arrival for arrival in plan.arrivals if arrival.burst == "circular"]

    assert [(each.sender_unit, each.urgency, each.at, len(each.receivers)) for each in circulars] == [
        ("G22", 3, 12, 94)
    ]


def test_a_backlog_arrives_before_the_ordinary_flow():
    plan = make(_with(backlog=Backlog(seconds=100, within_seconds=2), seconds=20.0), topology_nodes=NODES, seed=7)

    backlog = [arrival for arrival in plan.arrivals if arrival.burst == "backlog"]

    assert len(backlog) == pytest.approx(300, abs=100)
    assert max(arrival.at for arrival in backlog) < 2


def test_bursts_fill_their_part_of_the_minute():
    burst = Burst(every_seconds=60, lasts_seconds=6, factor=4)
    plan = make(scaled(_with(burst=burst, seconds=600.0), scale=5), topology_nodes=NODES, seed=7)

    by_phase = Counter(int(arrival.at % 60) for arrival in plan.arrivals)
    busiest = max(sum(by_phase[(start + each) % 60] for each in range(6)) for start in range(60))

    assert busiest / len(plan.arrivals) == pytest.approx(0.4, abs=0.05)


def test_in_the_closed_model_each_user_thinks_between_its_documents():
    scenario = _with(model="closed", closed=Closed(users=7, think_seconds=0.5))

    plan = make(scenario, topology_nodes=NODES, seed=7)

    users = {arrival.user for arrival in plan.arrivals}
    assert users == set(range(7))
    assert all(len({each.sender for each in plan.arrivals if each.user == user}) == 1 for user in users)
    assert len(plan.arrivals) == pytest.approx(7 * 20 / 0.5, rel=0.3)


def test_the_system_under_test_receives_everything_and_is_played_by_nobody():
    nodes = (*NODES, ("sut.test.01", "H98"))

    plan = make(SMOKE, topology_nodes=nodes, seed=7, sut=("sut.test.01", "H98"))

    assert all("H98" in arrival.receivers for arrival in plan.arrivals)
    assert "sut.test.01" not in {system.system_id for system in plan.systems}
    assert all(arrival.sender_unit != "H98" for arrival in plan.arrivals)
    assert all(len(set(arrival.receivers)) == len(arrival.receivers) for arrival in plan.arrivals)
    assert Plan.from_json(plan.to_json()) == plan


def test_a_plan_needs_two_nodes():
    with pytest.raises(ValueError, match="two nodes"):
        make(SMOKE, topology_nodes=NODES[:1], seed=7)


def test_a_plan_is_bounded():
    with pytest.raises(ScenarioError, match="lower the scale or the duration"):
        make(scaled(SMOKE, scale=1e6), topology_nodes=NODES, seed=7)


@pytest.mark.parametrize("text", ["[]", "{}", '{"schema":"axisproof/load-plan/1"}', "nothing"])
def test_what_is_no_plan_is_refused(text):
    with pytest.raises(ValueError):
        Plan.from_json(text)


def test_a_worker_beyond_the_last_has_no_share():
    with pytest.raises(ValueError, match="worker 2 of 2"):
        make(scaled(SMOKE, seconds=1), topology_nodes=NODES, seed=7).share(2, 2)


def test_a_mark_gives_the_same_plan_other_documents() -> None:
    first, again = (make(SMOKE, topology_nodes=NODES, seed=1, mark=mark) for mark in ("monday", "tuesday"))

    assert first.digest == again.digest == make(SMOKE, topology_nodes=NODES, seed=1).digest
    assert not {each.document_id for each in first.arrivals} & {each.document_id for each in again.arrivals}
    assert [each.at for each in first.arrivals] == [each.at for each in again.arrivals]
