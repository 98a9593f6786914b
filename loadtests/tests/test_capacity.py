"""The search finds the knee of any target that has one, and the law finds its own parameters again."""

import random
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from loadtests.capacity import Capacity, CapacitySearch, Step, step_of
from loadtests.result import conclude
from loadtests.scalability import Law, fitted, interval
from loadtests.tests.runs import load_run


def searched(knee: float, **options: float) -> Capacity:
    """A target that carries whatever is below ``knee``, and no more than that."""
    search = CapacitySearch(most_steps=40, **options)  # type: ignore[arg-type]
    while (scale := search.next_scale()) is not None:
        search.record(Step(scale, 10 * scale, min(10 * scale, 10 * knee), kept=scale <= knee, broken=("p99.send",),
                           cpu=(("hub", min(1.0, scale / knee)), ("generator 1", 0.2))))  # fmt: skip
    return search.conclude()


@settings(deadline=None, max_examples=25)
@given(knee=st.floats(0.05, 3000), first=st.floats(0.5, 4), precision=st.floats(0.02, 0.5))
def test_the_knee_is_found_to_the_wanted_precision(knee: float, first: float, precision: float) -> None:
    assume(knee > first / 60)

    found = searched(knee, first=first, precision=precision)

    assert found.knee is not None
    assert found.knee <= knee <= found.knee * (1 + precision) * (1 + 1e-9)
    assert found.interval is not None
    assert found.interval[1] is not None
    assert found.interval[0] <= 10 * knee <= found.interval[1] * (1 + 1e-9)


def test_a_growing_backlog_or_a_struggling_generator_is_no_capacity() -> None:
    for bad in (Step(1.0, 10, 10, kept=True, slope=0.5), Step(1.0, 10, 10, kept=True, healthy=False)):
        search = CapacitySearch(most_steps=1)
        search.record(bad)

        assert search.next_scale() is None
        assert search.conclude().capacity is None


def test_a_step_whose_threshold_could_not_be_observed_is_invalid(tmp_path: Path) -> None:
    unseen = {"metric": "p99.status", "op": "<=", "value": 1.0, "window_seconds": None}

    step = step_of(conclude(load_run(tmp_path / "run", seconds=5.0, thresholds=(unseen,))).document)

    assert (step.healthy, step.good, step.broken) == (False, False, ("p99.status",))


@pytest.mark.parametrize(
    ("step", "exit_code", "en", "vi"),
    [
        (Step(1.0, 10, 10, kept=True), 0, "Capacity: at least 10.00", "ít nhất 10.00"),
        (Step(1.0, 10, 3, kept=False), 1, "Not even the smallest step", "Ngay cả bước nhỏ nhất"),
        (Step(1.0, 10, 10, kept=True, healthy=False), 3, "Every step was invalid", "Bước nào cũng không hợp lệ"),
    ],
)
def test_a_search_whose_steps_were_all_invalid_blames_nobody(step: Step, exit_code: int, en: str, vi: str) -> None:
    search = CapacitySearch(most_steps=1)
    search.record(step)

    found = search.conclude()

    assert found.exit_code == exit_code
    assert en in found.text().en
    assert vi in found.text().vi


def test_a_search_without_an_end_says_at_least() -> None:
    found = searched(1e9, most_scale=8.0)

    assert [each.scale for each in found.steps] == [1, 2, 4, 8]
    assert found.interval == (80.0, None)
    assert "at least 80.00" in found.text().en
    assert "ít nhất 80.00" in found.text().vi


def test_only_the_asked_scale_is_taken() -> None:
    with pytest.raises(ValueError, match="not asked"):
        CapacitySearch().record(Step(3.0, 1, 1, kept=True))


@pytest.mark.parametrize(
    ("cpu", "healthy", "said"),
    [
        ((("hub", 0.97), ("generator 1", 0.4)), True, "CPU of hub (97% of a core)"),
        ((("hub", 0.7), ("database", 0.6), ("generator 1", 0.5)), True, "2 cores of this machine"),
        ((("hub", 0.3), ("generator 1", 0.3)), True, "waiting"),
        ((("hub", 0.3), ("generator 1", 0.95)), True, "load generator"),
        ((("hub", 0.9),), False, "load generator"),
    ],
)
def test_the_limiting_resource_is_named(cpu: tuple[tuple[str, float], ...], healthy: bool, said: str) -> None:
    search = CapacitySearch(cores=2)
    search.record(Step(1.0, 10, 10, kept=True))
    search.record(Step(2.0, 20, 15, kept=False, healthy=healthy, cpu=cpu))

    assert said in search.conclude().limited_by.en


@settings(deadline=None, max_examples=60)
@given(rate=st.floats(1, 1e4), contention=st.floats(0, 0.3), coherency=st.floats(0, 0.01))
def test_the_law_is_found_again_in_its_own_points(rate: float, contention: float, coherency: float) -> None:
    law = Law(rate, contention, coherency)

    again = fitted([(load, law.carried(load)) for load in (1, 2, 4, 8, 16, 32)])

    assert again is not None
    assert again.rate == pytest.approx(rate, rel=1e-3)
    assert again.contention == pytest.approx(contention, abs=1e-3)
    assert again.coherency == pytest.approx(coherency, abs=1e-4)


def test_its_interval_holds_the_truth_nearly_always() -> None:
    law, chance, held = Law(100, 0.05, 0.002), random.Random(5), 0
    for _ in range(30):
        points = [(load, law.carried(load) * chance.gauss(1, 0.02)) for load in (1, 2, 4, 8, 12, 16, 24, 32)]
        found = interval(points, lambda each: each.peak, chance, rounds=120)
        held += found is not None and law.peak is not None and found[0] <= law.peak <= found[1]

    assert held >= 25


def test_too_few_steps_make_no_law() -> None:
    assert fitted([(1, 1), (2, 2), (4, 3)]) is None
