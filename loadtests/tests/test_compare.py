"""Two runs of one plan: what does not differ is never said to, and a fifth more is found."""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtests.compare import NotComparable, compare, compare_quantile
from loadtests.histograms import Histogram
from loadtests.result import RunIncomplete, conclude
from loadtests.tests.runs import load_run

Slots = dict[int, list[float]]


def latencies(seed: int, slots: int, each: int) -> Slots:
    chance = random.Random(seed)
    return {5 * slot: [chance.lognormvariate(-4, 0.5) for _ in range(each)] for slot in range(slots)}


def histograms(slots: Slots, factor: float = 1.0) -> dict[int, Histogram]:
    return {slot: Histogram.of(each * factor for each in found) for slot, found in slots.items()}


def finding(before: dict[int, Histogram], after: dict[int, Histogram], quantile: str = "p50") -> str:
    return compare_quantile("send", "intended", quantile, before, after, random.Random(1), 300).finding


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 10**6), slots=st.integers(1, 60), each=st.integers(1, 60))
@pytest.mark.parametrize("quantile", ["p50", "p95", "p99", "p99_9"])
def test_identical_runs_never_differ(quantile: str, seed: int, slots: int, each: int) -> None:
    same = histograms(latencies(seed, slots, each))

    assert finding(same, same, quantile) in ("none", "too-short")


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 10**6), slots=st.integers(12, 40), faster=st.booleans())
def test_a_fifth_more_or_less_is_found(seed: int, slots: int, faster: bool) -> None:
    one, other = latencies(seed, slots, 150), latencies(seed + 1, slots, 150)

    found = finding(histograms(one), histograms(other, 1 / 1.2 if faster else 1.2))

    assert found == ("faster" if faster else "slower")


def test_mere_noise_is_rarely_called_a_difference() -> None:
    found = [finding(histograms(latencies(seed, 24, 60)), histograms(latencies(1000 + seed, 24, 60)), quantile)
             for seed in range(40) for quantile in ("p50", "p95")]  # fmt: skip

    assert sum(each != "none" for each in found) <= 6


def test_what_is_sure_but_below_three_per_cent_is_no_difference() -> None:
    one = latencies(3, 30, 200)

    assert finding(histograms(one), histograms(one, 1.02)) == "none"


def test_run_folders_are_compared_and_the_difference_is_printed_in_both_languages(tmp_path: Path) -> None:
    before, after = load_run(tmp_path / "a"), load_run(tmp_path / "b", slower=1.5, noise=2)
    conclude(before)
    conclude(after)

    found = compare(before, after, rounds=200)

    assert found.to_json()["difference_shown"]
    assert ("send", "p50", "slower") in {(row.op, row.quantile, row.finding) for row in found.rows}
    assert "slower" in found.table().en
    assert "chậm hơn" in found.table().vi


def test_a_run_compared_with_itself_shows_nothing(tmp_path: Path) -> None:
    conclude(load_run(tmp_path / "a"))

    found = compare(tmp_path / "a", tmp_path / "a", rounds=100)

    assert not found.shown
    assert "No difference shown." in found.table().en
    assert "Không thấy khác biệt." in found.table().vi


def test_runs_that_are_too_short_are_said_to_be_and_their_verdicts_are_translated(tmp_path: Path) -> None:
    conclude(load_run(tmp_path / "a", seconds=5.0))

    table = compare(tmp_path / "a", tmp_path / "a", rounds=20).table()

    assert "Too little to say: the runs are too short" in table.en
    assert "No difference shown" not in table.en
    assert "Quá ít để kết luận" in table.vi
    assert "(đạt)" in table.vi.splitlines()[0]


def test_other_plans_are_said_without_their_digests(tmp_path: Path) -> None:
    for name, seed in (("a", 7), ("b", 8)):
        conclude(load_run(tmp_path / name, seconds=5.0, thresholds=(), seed=seed))

    with pytest.raises(NotComparable, match="different plans") as error:
        compare(tmp_path / "a", tmp_path / "b")
    assert "kế hoạch khác nhau" in error.value.text.vi


@pytest.mark.parametrize("other", [{"seed": 8}, {"scale": 2.0}, {"target": "sut"}])
def test_runs_of_different_plans_are_not_compared(tmp_path: Path, other: dict[str, object]) -> None:
    conclude(load_run(tmp_path / "a", seconds=5.0, thresholds=()))
    conclude(load_run(tmp_path / "b", seconds=5.0, thresholds=(), **other))  # type: ignore[arg-type]

    with pytest.raises(NotComparable):
        compare(tmp_path / "a", tmp_path / "b")


def test_an_invalid_run_is_compared_with_a_warning(tmp_path: Path) -> None:
    conclude(load_run(tmp_path / "a", seconds=5.0, thresholds=()))
    conclude(load_run(tmp_path / "b", seconds=5.0, thresholds=(), cpu=0.99))

    assert "! " in compare(tmp_path / "a", tmp_path / "b", rounds=20).table().vi


def test_a_folder_without_a_result_says_so(tmp_path: Path) -> None:
    with pytest.raises(RunIncomplete):
        compare(tmp_path, tmp_path)
