"""Latencies as HDR histograms: 3 digits, in microseconds up to an hour, mergeable without error (pitfalls 153, 155).

A worker records with ``Recorder`` and flushes one line per operation, urgency, size class and kind each interval;
``Histogram`` is what is read back: bucket -> count, so merging is adding and nothing is rounded twice.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from hdrh.histogram import HdrHistogram

__all__ = [
    "HIGHEST_SECONDS",
    "INTERVAL_SECONDS",
    "QUANTILES",
    "Histogram",
    "Interval",
    "Key",
    "Recorder",
    "merge",
    "read_line",
    "size_class",
]

QUANTILES = {"p50": 0.50, "p95": 0.95, "p99": 0.99, "p99_9": 0.999, "max": 1.0}
"""Name -> share, as results and thresholds call them."""
HIGHEST_SECONDS = 3600.0
"""What takes longer is recorded as this long."""
INTERVAL_SECONDS = 5.0
"""Latencies are kept apart by intervals of this length: no window can be shorter."""
_UNIT = 1_000_000
_DIGITS = 3
_SIZES = ((64 << 10, "<=64K"), (1 << 20, "<=1M"), (10 << 20, "<=10M"))


def size_class(size: int) -> str:
    """The class of a package of ``size`` bytes: <=64K, <=1M, <=10M or >10M."""
    return next((name for most, name in _SIZES if size <= most), ">10M")


def _empty() -> Any:
    return HdrHistogram(1, int(HIGHEST_SECONDS * _UNIT), _DIGITS)


@lru_cache(maxsize=1)
def _layout() -> Any:
    """An empty histogram of ours, for its bucket arithmetic."""
    return _empty()


@dataclass(frozen=True, slots=True)
class Histogram:
    """How many latencies fell into each bucket of the HDR layout."""

    counts: Mapping[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, seconds: Iterable[float]) -> "Histogram":
        """The histogram of these latencies."""
        index = _layout()._counts_index_for
        return cls(dict(Counter(index(_microseconds(each)) for each in seconds)))

    @classmethod
    def decoded(cls, text: str) -> "Histogram":
        """Read what ``encoded`` wrote. Raises ValueError for anything else, another layout included."""
        try:
            read = HdrHistogram.decode(text)
        except Exception as error:  # the library raises its own, zlib's, binascii's and ctypes' errors
            raise ValueError(f"not an HDR histogram: {error}") from error
        ours = _layout()
        if (read.unit_magnitude, read.sub_bucket_count) != (ours.unit_magnitude, ours.sub_bucket_count):
            raise ValueError("an HDR histogram with another unit or precision")
        if not read.total_count:
            return cls()
        index = read._counts_index_for
        first = 0 if read.counts[0] else index(read.min_value)
        found = enumerate(read.counts[first : index(read.max_value) + 1], first)
        return cls({each: count for each, count in found if count})

    def encoded(self) -> str:
        """The histogram in the exchange format of the HdrHistogram libraries (compressed, base64)."""
        histogram = _empty()
        for index, count in self.counts.items():
            histogram.counts[index] = count
        if self.counts:
            histogram.set_internal_tacking_values(min(self.counts), max(self.counts), self.count)
        text: bytes = histogram.encode()
        return text.decode()

    @property
    def count(self) -> int:
        """How many latencies."""
        return sum(self.counts.values())

    def items(self) -> Iterator[tuple[float, int]]:
        """(latency in seconds, how many), upwards."""
        return ((self._seconds(index), count) for index, count in sorted(self.counts.items()))

    @property
    def maximum(self) -> float:
        """The longest, in seconds, to three digits; 0 for none."""
        return self._seconds(max(self.counts)) if self.counts else 0.0

    def quantile(self, share: float) -> float:
        """The latency that ``share`` (0 … 1) of all do not exceed, in seconds; 0 for none."""
        return self.quantiles((share,))[0]

    def quantiles(self, shares: Iterable[float]) -> tuple[float, ...]:
        """Several quantiles, each as ``quantile`` gives it."""
        ordered, total = sorted(self.counts.items()), self.count
        return tuple(self._at(ordered, max(1, math.ceil(share * total - 1e-9))) for share in shares)

    def _at(self, ordered: list[tuple[int, int]], rank: int) -> float:
        passed = 0
        for index, count in ordered:
            passed += count
            if passed >= rank:
                return self._seconds(index)
        return 0.0

    @staticmethod
    def _seconds(index: int) -> float:
        layout = _layout()
        highest: int = layout.get_highest_equivalent_value(layout.get_value_from_index(index))
        return highest / _UNIT


def _microseconds(seconds: float) -> int:
    return max(0, min(round(seconds * _UNIT), int(HIGHEST_SECONDS * _UNIT)))


def merge(histograms: Iterable[Histogram]) -> Histogram:
    """All of them as one, exactly as if everything had been recorded in one place."""
    total: Counter[int] = Counter()
    for each in histograms:
        total.update(each.counts)
    return Histogram(dict(total))


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """What a latency is of. ``op``: send, list, fetch, confirm, status …; ``what``: ``intended`` (from the
    planned time) or ``service`` (from the moment it was sent)."""

    op: str
    urgency: int
    size_class: str
    what: str


@dataclass(frozen=True, slots=True)
class Interval:
    """The latencies of one key between two moments (seconds of the plan's clock)."""

    start: float
    end: float
    key: Key
    histogram: Histogram

    def line(self) -> dict[str, Any]:
        """As one line of ``histograms/<worker>.jsonl``."""
        return {
            "from": self.start,
            "to": self.end,
            "op": self.key.op,
            "urgency": self.key.urgency,
            "size_class": self.key.size_class,
            "what": self.key.what,
            "hdr": self.histogram.encoded(),
            "count": self.histogram.count,
        }


def read_line(line: Mapping[str, Any]) -> Interval:
    """The interval of one line. Raises ValueError or KeyError for a line that is none."""
    key = Key(str(line["op"]), int(line["urgency"]), str(line["size_class"]), str(line["what"]))
    histogram = Histogram.decoded(str(line["hdr"]))
    if histogram.count != line["count"]:
        raise ValueError(f"{line['count']} latencies are announced, the histogram holds {histogram.count}")
    return Interval(float(line["from"]), float(line["to"]), key, histogram)


class Recorder:
    """Collects one worker's latencies; ``flush`` hands out an interval's and starts the next."""

    def __init__(self, start: float = 0.0) -> None:
        self._start = start
        self._counts: dict[Key, dict[int, int]] = {}
        self._index = _layout()._counts_index_for

    def record(
        self, op: str, seconds: float, *, urgency: int = 0, size_class: str = "", what: str = "intended"
    ) -> None:
        """Count one latency of ``seconds``."""
        counts = self._counts.setdefault(Key(op, urgency, size_class, what), {})
        index = self._index(_microseconds(seconds))
        counts[index] = counts.get(index, 0) + 1

    def flush(self, now: float) -> Iterator[dict[str, Any]]:
        """The lines of the interval that ends ``now``."""
        start, counts = self._start, self._counts
        self._start, self._counts = now, {}
        for key, found in sorted(counts.items()):
            yield Interval(start, now, key, Histogram(found)).line()
