"""Merged histograms say exactly what one histogram of everything says."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtests.histograms import HIGHEST_SECONDS, Histogram, Interval, Key, Recorder, merge, read_line, size_class

LATENCIES = st.lists(st.floats(0, HIGHEST_SECONDS), max_size=60)


@settings(deadline=None, max_examples=60)
@given(st.lists(LATENCIES, max_size=6))
def test_merging_loses_nothing(parts: list[list[float]]) -> None:
    merged = merge(Histogram.decoded(Histogram.of(part).encoded()) for part in parts)

    assert merged == Histogram.of(value for part in parts for value in part)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.floats(1e-3, HIGHEST_SECONDS), min_size=1, max_size=60), st.floats(0, 1))
def test_a_quantile_is_right_to_three_digits(values: list[float], share: float) -> None:
    exact = sorted(values)[max(1, math.ceil(share * len(values) - 1e-9)) - 1]

    assert Histogram.of(values).quantile(share) == pytest.approx(exact, rel=1.1e-3, abs=1e-6)


def test_what_takes_longer_than_the_longest_counts_as_that_long() -> None:
    assert Histogram.of([1e9]).maximum == pytest.approx(HIGHEST_SECONDS, rel=1e-3)


def test_nothing_recorded_is_nothing() -> None:
    empty = Histogram.decoded(Histogram().encoded())

    assert (empty.count, empty.maximum, empty.quantile(0.5)) == (0, 0.0, 0.0)


def test_a_recorder_keeps_its_intervals_and_keys_apart() -> None:
    recorder = Recorder()
    recorder.record("send", 0.010, urgency=3, size_class="<=64K")
    recorder.record("send", 0.020, what="service")
    first = [read_line(line) for line in recorder.flush(5.0)]
    recorder.record("send", 0.030)
    second = [read_line(line) for line in recorder.flush(10.0)]

    assert [(each.start, each.end, each.key.urgency, each.histogram.count) for each in first] == [
        (0.0, 5.0, 0, 1), (0.0, 5.0, 3, 1)]  # fmt: skip
    assert [(each.start, each.end) for each in second] == [(5.0, 10.0)]


@pytest.mark.parametrize("text", ["", "!!", "HISTFAAAAB", "a" * 40])
def test_what_is_no_histogram_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an HDR histogram"):
        Histogram.decoded(text)


def test_a_line_whose_count_disagrees_is_refused() -> None:
    line = Interval(0.0, 5.0, Key("send", 0, "", "intended"), Histogram.of([0.1])).line()

    with pytest.raises(ValueError, match="announced"):
        read_line(line | {"count": 2})


@pytest.mark.parametrize(("size", "name"), [(0, "<=64K"), (65_536, "<=64K"), (65_537, "<=1M"), (10 << 20, "<=10M"),
                                            ((10 << 20) + 1, ">10M")])  # fmt: skip
def test_size_classes(size: int, name: str) -> None:
    assert size_class(size) == name
