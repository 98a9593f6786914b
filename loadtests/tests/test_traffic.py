"""The traffic model: normalised, marked, and of the published means."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures.topologies import load as topology
from loadtests.traffic import curves, draws
from loadtests.traffic.national import figures, national
from loadtests.traffic.units import extended, nodes_of, topology_toml
from loadtests.traffic.values import Burst, Sizes
from simulator.protocol.identifiers import OrganIdForm, mapped_code, organ_form
from simulator.topology import parse

_points = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 100)), min_size=1, max_size=8).map(sorted)


def test_every_figure_is_marked_and_says_what_it_rests_on():
    for figure in figures():
        assert figure.mark in ("published", "likely", "derived", "assumed"), figure.id
        assert len(figure.source) > 20, figure.id


def test_the_hours_of_a_day_sum_to_all_of_it():
    assert sum(national().hours) == pytest.approx(100)
    assert max(range(24), key=lambda hour: national().hours[hour]) == 10


def test_the_shares_of_the_model_sum_to_one():
    model = national()

    assert sum(share for _, share in model.senders) == pytest.approx(1)
    assert sum(row.share for row in model.fan_out) == pytest.approx(1)
    assert sum(model.urgencies) == pytest.approx(1)
    assert sum(row.share * (row.low + row.high) / 2 for row in model.fan_out) == pytest.approx(2.96, abs=0.01)


@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=20))
def test_normalised_factors_have_the_mean_one(factors):
    seen = curves.normalised(factors)

    assert sum(seen) / len(seen) == pytest.approx(1)


@given(_points)
def test_a_curve_has_the_mean_one_whatever_its_points(points):
    try:
        curve = curves.shape(points)
    except ValueError:
        assert max(factor for _, factor in points) < 1e-3 or _area(points) < 1e-3
        return

    assert curves.mean(curve) == pytest.approx(1)
    assert curve[0][0] == 0
    assert curve[-1][0] == 1


def _area(points):
    whole = [(0.0, points[0][1]), *points, (1.0, points[-1][1])]
    return curves.mean(tuple(whole))


@given(
    st.builds(Burst, every_seconds=st.floats(5, 60), lasts_seconds=st.floats(0.1, 1), factor=st.floats(1, 5)),
    st.floats(0, 60),
    st.floats(0, 119.9),
)
def test_the_intensity_never_passes_its_peak(burst, offset, moment):
    curve = curves.of_hours(national().hours, 7, 19)
    intensity = curves.Intensity(2.0, 120, curve, burst, offset)

    assert 0 <= intensity.at(moment) <= intensity.peak * (1 + 1e-9)


def test_bursts_leave_the_mean_of_a_minute_as_it_was():
    intensity = curves.Intensity(1.0, 60, burst=Burst(60, 6, 4))

    steps = 6_000
    assert sum(intensity.at(60 * (each + 0.5) / steps) for each in range(steps)) / steps == pytest.approx(1)


def test_the_working_day_has_two_peaks_and_a_lull_at_noon():
    curve = curves.of_hours(national().hours, 7, 19)

    ten, noon, four = (curves.at(curve, (hour - 7 + 0.5) / 12) for hour in (10, 12, 16))
    assert ten > 1.5
    assert four > 1.5
    assert noon < 0.3


def test_a_year_of_working_days_is_an_ordinary_year():
    model = national()
    days = [date(2019, 1, 1) + timedelta(days=each) for each in range(365)]
    working = [day for day in days if day.weekday() < 5]

    mean = sum(curves.day_factor(day, model) for day in working) / len(working)

    assert mean == pytest.approx(1, abs=0.06)


def test_tet_empties_the_axis_and_the_week_after_is_slow():
    model = national()

    during = curves.day_factor(date(2020, 1, 24), model)
    after = curves.day_factor(date(2020, 1, 30), model)
    before = curves.day_factor(date(2020, 1, 16), model)
    ordinary = curves.day_factor(date(2020, 1, 9), model)

    assert during < 0.03
    assert after == pytest.approx(0.6 * ordinary, rel=0.02)
    assert before > ordinary
    assert curves.day_factor(date(2020, 1, 22), model) < after


def test_the_end_of_a_month_is_busier():
    model = national()

    assert curves.day_factor(date(2019, 10, 31), model) > 1.1 * curves.day_factor(date(2019, 10, 17), model)


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("G22", "vpcp"),
        ("000.00.00.G22", "vpcp"),
        ("G14", "ministries"),
        ("H53.12", "provinces"),
        ("000.00.12.H53", "provinces"),
        ("A80", "rest"),
        ("vxp.saas.03", "rest"),
    ],
)
def test_units_are_grouped_by_their_code(unit, expected):
    assert draws.group(unit) == expected


@given(st.randoms(use_true_random=False))
def test_sizes_stay_between_the_floor_and_the_cap(chance):
    assert 1_000 <= draws.size(Sizes(median_bytes=20_000, sigma=3.0, cap_bytes=200_000), chance) <= 200_000


def test_the_median_of_the_sizes_is_the_one_asked_for():
    import random

    chance = random.Random(7)
    drawn = sorted(draws.size(Sizes(644_000, 1.2, 30_000_000), chance) for _ in range(4_001))

    assert drawn[2_000] == pytest.approx(644_000, rel=0.1)


@pytest.mark.parametrize("count", [2, 10, 94, 95, 96, 800, 10_000])
def test_a_topology_has_exactly_the_nodes_asked_for(count):
    wanted = extended(topology("2020"), count)

    assert len(wanted.living) == count
    assert "G22" in {unit for _, unit in nodes_of(wanted)}
    assert {node.system_id for node in wanted.nodes if node.passive} == {"sut.test.01", "sut.test.02"}


def test_made_up_units_have_good_codes_of_no_real_unit_and_say_that_they_are_made_up():
    real = {code for node in topology("2020").nodes for unit in node.units for code in unit.codes}

    wanted = extended(topology("2020"), 10_000)

    made_up = [node.units[0] for node in wanted.living if node.system_id.startswith("load.")]
    codes = [code for unit in made_up for code in unit.codes]
    assert len(codes) == len(set(codes)) == 2 * (10_000 - 95)
    assert not real & set(codes)
    for unit in made_up:
        assert organ_form(unit.code102) is OrganIdForm.QCVN102
        assert mapped_code(unit.code102) == unit.code
        assert 64 <= int(unit.code[1:3]) <= 97
        assert "không có thật" in unit.name


def test_a_topology_survives_being_written_to_a_file():
    wanted = extended(topology("2020"), 120)

    assert parse(topology_toml(wanted), origin="test") == wanted


@pytest.mark.parametrize("count", [0, 1, 10**6])
def test_a_topology_of_an_impossible_size_is_refused(count):
    with pytest.raises(ValueError, match="nodes"):
        extended(topology("2020"), count)
