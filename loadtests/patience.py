"""What a scenario may promise of a system that polls more slowly than its nodes: nothing that its period forbids. Pure.

Scenarios are written for nodes that poll every few seconds; a real system may ask once a minute. What depends on its
polls is given the difference, and the run as much more time to end; everything else stays as promised.
"""

from dataclasses import replace

from loadtests.scenario import Scenario
from loadtests.traffic.values import Threshold
from simulator.words import Text

__all__ = ["patient"]

_POLLS = {"drain_seconds": 1, "delivered": 1, "accepted": 1, "answered": 2}
"""Metric or operation -> how many polls of the system lie within it: it fetches, and reports with the next."""
_MOST_POLLS = 3
_SAID = Text(
    "The system polls every {slow:g} s, the nodes of this scenario every {quick:g} s: delivered, accepted and"
    " drain_seconds may take {extra:g} s longer than the scenario promises, answered {twice:g} s.",
    "Hệ thống hỏi mỗi {slow:g} giây, các nút của kịch bản mỗi {quick:g} giây: delivered, accepted và drain_seconds được"
    " thêm {extra:g} giây so với kịch bản, answered thêm {twice:g} giây.",
)


def patient(scenario: Scenario, poll_seconds: float) -> tuple[Scenario, Text | None]:
    """``scenario`` for a system that polls every ``poll_seconds``, and what was changed, to people; None: nothing."""
    extra = poll_seconds - scenario.polls.period_seconds
    if extra <= 0:
        return scenario, None
    changed = replace(
        scenario,
        drain_limit_seconds=scenario.drain_limit_seconds + _MOST_POLLS * poll_seconds,
        thresholds=tuple(_given(each, extra) for each in scenario.thresholds),
    )
    said = _SAID.filled(slow=poll_seconds, quick=scenario.polls.period_seconds, extra=extra, twice=2 * extra)
    return changed, said


def _given(threshold: Threshold, extra: float) -> Threshold:
    operation = threshold.metric.split(".")[1] if "." in threshold.metric else threshold.metric
    polls = _POLLS.get(operation, 0) if threshold.op != ">=" else 0
    return replace(threshold, value=threshold.value + polls * extra) if polls else threshold
