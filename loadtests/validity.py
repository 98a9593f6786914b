"""Whether the generator itself kept up: a run in which it struggled says nothing of its target (pitfall 157). Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulator.words import Text

__all__ = ["Generator", "judge_generator"]

MOST_CPU = 0.80
MOST_LAG_SECONDS = 0.005
MOST_PAUSE_SECONDS = 0.050
MOST_DROPPED = 0.001
_SAMPLES = 5
"""CPU is judged as the mean of so many seconds: one busy second is no struggle."""

_CPU = Text(
    "a load process used {seen:.1%} of a core; above {most:.0%} it measures itself",
    "một tiến trình sinh tải dùng {seen:.1%} một nhân; quá {most:.0%} thì nó đang đo chính nó",
)
_LAG = Text(
    "the load generator was late: 1 % of its sends left more than {seen:.1f} ms after their planned time"
    " (limit {most:.0f} ms)",
    "bộ sinh tải bị chậm: 1 % lần gửi rời đi muộn hơn {seen:.1f} ms so với giờ định trước (giới hạn {most:.0f} ms)",
)
_PAUSE = Text(
    "a load process stood still for {seen:.4g} ms (limit {most:.0f} ms)",
    "một tiến trình sinh tải đứng yên {seen:.4g} ms (giới hạn {most:.0f} ms)",
)
_DROPPED = Text(
    "{count} of {planned} planned documents were never sent ({seen:.2%}, limit {most:.1%})",
    "{count} trên {planned} văn bản trong kế hoạch không được gửi ({seen:.2%}, giới hạn {most:.1%})",
)
_WORKERS = Text(
    "load processes expected: {expected}; with a record of their health during the plan: {seen} (a plan of one or two"
    " seconds leaves none)",
    "số tiến trình sinh tải cần có: {expected}; số tiến trình có số liệu sức khoẻ trong kế hoạch: {seen} (kế hoạch một,"
    " hai giây không để lại số liệu nào)",
)
_NOTHING = Text("nothing was planned to be sent", "kế hoạch không có gì để gửi")


@dataclass(frozen=True, slots=True)
class Generator:
    """How the load processes fared: shares of one core, seconds, documents. ``reasons``: why the run is not valid."""

    cpu_max: float
    send_lag_p99: float
    pause_max: float
    dropped: int
    reasons: tuple[Text, ...]

    @property
    def valid(self) -> bool:
        """Whether nothing speaks against the run."""
        return not self.reasons


def judge_generator(
    health: Mapping[str, Sequence[Mapping[str, Any]]],
    lags: Iterable[float],
    *,
    seconds: float,
    planned: int,
    dropped: int,
    expected_workers: int,
) -> Generator:
    """``health``: worker -> its samples; ``lags``: seconds from planned to real start of every send."""
    during = {
        worker: [each for each in samples if 0 <= float(each["at"]) <= seconds] for worker, samples in health.items()
    }
    cpu = max((_busiest([float(each["cpu"]) for each in samples]) for samples in during.values()), default=0.0)
    pause = max((float(each["pause_max"]) for samples in during.values() for each in samples), default=0.0)
    lag = _p99(lags)
    if lag is None:
        lag = max((float(each["send_lag_p99"]) for samples in during.values() for each in samples), default=0.0)
    alive = sum(bool(samples) for samples in during.values())
    share = dropped / planned if planned else 0.0
    checks = (
        (alive < expected_workers, _WORKERS.filled(expected=expected_workers, seen=alive)),
        (not planned, _NOTHING),
        (cpu > MOST_CPU, _CPU.filled(seen=cpu, most=MOST_CPU)),
        (lag > MOST_LAG_SECONDS, _LAG.filled(seen=lag * 1000, most=MOST_LAG_SECONDS * 1000)),
        (pause > MOST_PAUSE_SECONDS, _PAUSE.filled(seen=pause * 1000, most=MOST_PAUSE_SECONDS * 1000)),
        (share > MOST_DROPPED, _DROPPED.filled(count=dropped, planned=planned, seen=share, most=MOST_DROPPED)),
    )
    return Generator(cpu, lag, pause, dropped, tuple(text for wrong, text in checks if wrong))


def _busiest(samples: Sequence[float]) -> float:
    """The largest mean of some successive samples."""
    size = min(_SAMPLES, len(samples))
    return (
        max((sum(samples[at : at + size]) / size for at in range(len(samples) - size + 1)), default=0.0)
        if size
        else 0.0
    )


def _p99(values: Iterable[float]) -> float | None:
    """The 99th percentile; never the largest of several: one late send among a few dozen does not show that 1 % are."""
    ordered = sorted(values)
    if len(ordered) < 2:
        return ordered[0] if ordered else None
    return ordered[min(-(-99 * len(ordered) // 100), len(ordered) - 1) - 1]
