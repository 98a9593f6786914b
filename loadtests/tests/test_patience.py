"""Promises for a system that polls more slowly than the nodes of a scenario."""

import pytest

from loadtests.patience import patient
from loadtests.scenario import load

SMOKE = load("smoke")
PERIOD = SMOKE.polls.period_seconds


def promised(poll_seconds: float) -> dict[str, float]:
    return {each.metric: each.value for each in patient(SMOKE, poll_seconds)[0].thresholds}


@pytest.mark.parametrize("poll_seconds", [0.5, PERIOD])
def test_a_system_as_quick_as_the_nodes_is_promised_the_same(poll_seconds: float) -> None:
    assert patient(SMOKE, poll_seconds) == (SMOKE, None)


def test_a_slow_system_is_given_the_difference_where_its_polls_matter_and_nowhere_else() -> None:
    before, after = promised(PERIOD), promised(60.0)

    changed = {metric: after[metric] - before[metric] for metric in before if after[metric] != before[metric]}
    extra = 60.0 - PERIOD
    assert changed == pytest.approx({"drain_seconds": extra, "p95.delivered": extra, "p95.answered": 2 * extra})
    slow, said = patient(SMOKE, 60.0)
    assert slow.drain_limit_seconds == SMOKE.drain_limit_seconds + 180.0
    assert said is not None
    assert "every 60 s" in said.en
    assert said.vi != said.en
