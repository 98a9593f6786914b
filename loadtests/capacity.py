"""How much a target carries: which step to run next, where the knee lies, and what limits it. Pure.

A step is good while every threshold is kept, the backlog does not grow and the generator is healthy. Steps double until
one is not good, then the gap between the last good and the first bad one is halved (geometrically) until it is within
``precision``. Steps should have 60 s of steady load at least (pitfall 172).
"""

import math
import random
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from loadtests.scalability import Law, fitted, interval
from simulator.words import Text

__all__ = ["Capacity", "CapacitySearch", "Step", "step_of"]

_BUSY = 0.85
"""From this share of one core on, a process that runs on one thread is taken to be at its limit."""
_LEAST_SHARE = 1 / 64
"""How far below the first scale the search goes, where even that is too much."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: ``scale`` of the scenario, documents a second offered and carried.

    ``kept``: every threshold kept; ``slope``: growth of the backlog, deliveries a second; ``healthy``: the run was
    valid; ``cpu``: (process, mean share of one core), such as (("hub", 0.97), ("generator 1", 0.4)); ``broken``:
    the metrics of the thresholds that broke.
    """

    scale: float
    offered: float
    carried: float
    kept: bool
    slope: float = 0.0
    healthy: bool = True
    cpu: tuple[tuple[str, float], ...] = ()
    broken: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        """Whether the target carried this load."""
        return self.kept and self.slope <= 0 and self.healthy


def step_of(document: Mapping[str, Any]) -> Step:
    """The step that a ``result.json`` is."""
    broken = tuple(each["metric"] for each in document["thresholds"] if each["kept"] is not True)
    names = {"generator": "generator {}", "target": "{}"}
    return Step(
        scale=float(document["scale"]),
        offered=float(document["rates"]["arrivals_per_second"]),
        carried=float(document["rates"]["completions_per_second"]),
        kept=not broken,
        slope=float(document["backlog"]["slope"]),
        healthy=bool(document["generator"]["valid"]) and document["verdict"] != "invalid",
        cpu=tuple((names[each["role"]].format(each["name"]), each["cpu_mean"]) for each in document["processes"]),
        broken=broken,
    )


@dataclass(frozen=True, slots=True)
class Capacity:
    """What a search found. ``capacity``: documents a second carried at the largest good step (None: no step was good);
    ``interval``: between what was carried there and what was offered at the first bad step (its end None: no step was
    bad). ``law`` and ``peak``: the scalability law through all steps, and the most that it says is possible."""

    steps: tuple[Step, ...]
    knee: float | None
    capacity: float | None
    interval: tuple[float, float | None] | None
    law: Law | None
    peak: float | None
    peak_interval: tuple[float, float] | None
    limited_by: Text

    @property
    def exit_code(self) -> int:
        """0 found, 1 not even the smallest step was carried, 3 no step proves anything: all were invalid."""
        if self.capacity is not None:
            return 0
        return 1 if any(each.healthy for each in self.steps) else 3

    def to_json(self) -> dict[str, Any]:
        """``axisproof/capacity/1``."""
        return {
            "schema": "axisproof/capacity/1",
            "knee_scale": self.knee,
            "documents_per_second": self.capacity,
            "interval": self.interval,
            "law": asdict(self.law) if self.law else None,
            "peak": self.peak,
            "peak_interval": self.peak_interval,
            "limited_by": self.limited_by._asdict(),
            "steps": [{**asdict(each), "cpu": dict(each.cpu), "good": each.good} for each in self.steps],
        }

    def text(self) -> Text:
        """The finding in a few lines."""
        lines = [_line(each) for each in sorted(self.steps, key=lambda each: each.scale)]
        lines.append(self._headline())
        if self.law and self.peak and self.peak_interval:
            lines.append(_PEAK.filled(peak=self.peak, low=self.peak_interval[0], high=self.peak_interval[1],
                                      contention=self.law.contention, coherency=self.law.coherency))  # fmt: skip
        else:
            lines.append(_NO_LAW)
        lines.append(self.limited_by)
        return Text(en="\n".join(each.en for each in lines), vi="\n".join(each.vi for each in lines))

    def _headline(self) -> Text:
        if self.capacity is None or self.interval is None:
            return _NONE if self.exit_code == 1 else _NOTHING_PROVED
        low, high = self.interval
        if high is None:
            return _AT_LEAST.filled(capacity=self.capacity, knee=self.knee)
        return _FOUND.filled(capacity=self.capacity, low=low, high=high, knee=self.knee)


_STEP = Text(
    "× {scale:<8.4g} offered {offered:9.2f}/s   carried {carried:9.2f}/s   {verdict}",
    "× {scale:<8.4g} đưa vào {offered:9.2f}/s   chuyển được {carried:9.2f}/s   {verdict}",
)
_GOOD = Text("kept", "giữ được")
_UNHEALTHY = Text("invalid step: it proves nothing", "bước không hợp lệ: không chứng minh được gì")
_GROWING = Text("backlog grows", "tồn đọng tăng")
_BROKEN = Text("broken: {metrics}", "không giữ được: {metrics}")
_NONE = Text("Not even the smallest step was carried.", "Ngay cả bước nhỏ nhất cũng không giữ được.")
_NOTHING_PROVED = Text(
    "Every step was invalid (the load generator struggled, or the steps are too short): no capacity can be concluded.",
    "Bước nào cũng không hợp lệ (bộ sinh tải quá sức hoặc các bước quá ngắn): không kết luận được năng lực.",
)
_AT_LEAST = Text(
    "Capacity: at least {capacity:.2f} documents/s (scale {knee:.4g}); the search ended before the knee.",
    "Năng lực: ít nhất {capacity:.2f} văn bản/giây (hệ số {knee:.4g}); chưa tới điểm gãy.",
)
_FOUND = Text(
    "Capacity: {capacity:.2f} documents/s (scale {knee:.4g}); the knee lies between {low:.2f} and {high:.2f}.",
    "Năng lực: {capacity:.2f} văn bản/giây (hệ số {knee:.4g}); điểm gãy nằm giữa {low:.2f} và {high:.2f}.",
)
_PEAK = Text(
    "Scalability law: peak {peak:.2f} documents/s (95 % {low:.2f} … {high:.2f}), contention {contention:.4f}, "
    "coherency {coherency:.6f}.",
    "Quy luật mở rộng: đỉnh {peak:.2f} văn bản/giây (95 % {low:.2f} … {high:.2f}), tranh chấp {contention:.4f}, "
    "nhất quán {coherency:.6f}.",
)
_NO_LAW = Text("Scalability law: these steps show no limit.", "Quy luật mở rộng: các bước này chưa cho thấy giới hạn.")
_BY_GENERATOR = Text(
    "Limited by the load generator, not by the target: the target may carry more.",
    "Giới hạn do bộ sinh tải, không phải do hệ thống đích: đích có thể chịu được hơn.",
)
_BY_PROCESS = Text(
    "Limiting resource: the CPU of {name} ({share:.0%} of a core).",
    "Tài nguyên giới hạn: CPU của {name} ({share:.0%} một nhân).",
)
_BY_MACHINE = Text(
    "Limiting resource: the {cores} cores of this machine (the watched processes use {share:.2f} of them).",
    "Tài nguyên giới hạn: {cores} nhân của máy này (các tiến trình được theo dõi dùng {share:.2f} nhân).",
)
_BY_WAITING = Text(
    "No watched process was busy: the limit is waiting (disk, locks, the polling period), not CPU.",
    "Không tiến trình được theo dõi nào bận: giới hạn là chờ đợi (đĩa, khoá, chu kỳ hỏi), không phải CPU.",
)
_NO_LIMIT = Text("No limit was reached.", "Chưa chạm giới hạn nào.")


def _line(step: Step) -> Text:
    verdict = _GOOD
    if not step.healthy:
        verdict = _UNHEALTHY
    elif not step.kept:
        verdict = _BROKEN.filled(metrics=", ".join(step.broken))
    elif step.slope > 0:
        verdict = _GROWING
    said = {"scale": step.scale, "offered": step.offered, "carried": step.carried}
    return Text(en=_STEP.en.format(**said, verdict=verdict.en), vi=_STEP.vi.format(**said, verdict=verdict.vi))


class CapacitySearch:
    """``next_scale()`` -> run it -> ``record(step)`` …, until ``next_scale()`` is None; then ``conclude()``.

    ``first``: the first scale; ``precision``: wanted relative width of the gap around the knee; ``cores`` of the
    machine that target and generator share; ``seed``: of the bootstrap.
    """

    def __init__(
        self,
        *,
        first: float = 1.0,
        precision: float = 0.1,
        most_steps: int = 12,
        most_scale: float = 4096.0,
        cores: int = 1,
        seed: int = 1,
    ) -> None:
        if not (first > 0 and precision > 0 and most_steps > 0 and most_scale >= first):
            raise ValueError("first, precision and most_steps must be positive, most_scale at least first")
        self._first, self._precision = first, precision
        self._most_steps, self._most_scale = most_steps, most_scale
        self._cores, self._seed = cores, seed
        self._steps: list[Step] = []

    def next_scale(self) -> float | None:
        """The scale to run next; None when the search is over."""
        if len(self._steps) >= self._most_steps:
            return None
        if not self._steps:
            return self._first
        good, bad = self._bracket()
        if bad is None and good is not None:
            return min(good.scale * 2, self._most_scale) if good.scale < self._most_scale else None
        if good is None and bad is not None:
            lower = bad.scale / 2
            return lower if lower >= self._first * _LEAST_SHARE else None
        if good is None or bad is None or bad.scale <= good.scale * (1 + self._precision):
            return None
        return math.sqrt(good.scale * bad.scale)

    def record(self, step: Step) -> None:
        """Take in the step that ``next_scale`` asked for. Raises ValueError for any other scale."""
        asked = self.next_scale()
        if asked is None or not math.isclose(step.scale, asked, rel_tol=1e-6):
            raise ValueError(f"scale {step.scale} was not asked for (but {asked})")
        self._steps.append(step)

    def conclude(self) -> Capacity:
        """What was found so far."""
        good, bad = self._bracket()
        points = [(each.scale, each.carried) for each in self._steps]
        law = fitted(points)
        return Capacity(
            steps=tuple(self._steps),
            knee=good.scale if good else None,
            capacity=good.carried if good else None,
            interval=(good.carried, bad.offered if bad else None) if good else None,
            law=law,
            peak=law.peak if law else None,
            peak_interval=interval(points, lambda each: each.peak, random.Random(self._seed)),  # noqa: S311  # no secret
            limited_by=self._limit(bad),
        )

    def _bracket(self) -> tuple[Step | None, Step | None]:
        """The smallest bad step, and the largest good one below it."""
        bad = min((each for each in self._steps if not each.good), key=lambda each: each.scale, default=None)
        below = [each for each in self._steps if each.good and (bad is None or each.scale < bad.scale)]
        return max(below, key=lambda each: each.scale, default=None), bad

    def _limit(self, bad: Step | None) -> Text:
        if bad is None:
            return _NO_LIMIT
        if not bad.healthy:
            return _BY_GENERATOR
        name, share = max(bad.cpu, key=lambda each: each[1], default=("", 0.0))
        total = sum(each for _, each in bad.cpu)
        if share >= _BUSY:
            return _BY_GENERATOR if name.startswith("generator") else _BY_PROCESS.filled(name=name, share=share)
        if total >= _BUSY * self._cores:
            return _BY_MACHINE.filled(cores=self._cores, share=total)
        return _BY_WAITING
