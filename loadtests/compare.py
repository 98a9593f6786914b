"""Two load runs of the same plan, compared interval by interval: a difference with its 95 % interval, or none shown.

Both runs carried out the same plan, so the same stretch of time meets the same load: per stretch and quantile there is
one ratio. Its mean over the run is the difference; stretches drawn again (a block bootstrap, seeded) say how sure it
is. What is smaller than 3 %, or not sure, is no difference shown (pitfall 173).
"""

import json
import math
import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from loadtests.histograms import Histogram, Interval, merge, read_line
from loadtests.run_folder import RunIncomplete
from simulator.words import Text

__all__ = ["LEAST_EFFECT", "Comparison", "Difference", "NotComparable", "compare", "compare_quantile"]

LEAST_EFFECT = 0.03
_SHARES = {"p50": 0.50, "p95": 0.95, "p99": 0.99, "p99_9": 0.999}
_COUNTS = ("lost", "doubled", "strangers", "altered", "late", "out_of_order", "refused", "dropped")
_MOST_BLOCKS, _FEWEST_BLOCKS = 20, 6
_T95 = {6: 2.57, 7: 2.45, 8: 2.36, 9: 2.31, 10: 2.26, 12: 2.20, 14: 2.16, 16: 2.13, 18: 2.11, 20: 2.09}
"""Student's t by number of blocks: so few means scatter more widely than the bootstrap of a large sample says."""

_UNFINISHED = Text(
    "{path} cannot be read: the run was not judged yet", "không đọc được {path}: lần chạy này chưa được đánh giá"
)
_OTHER = Text(
    "these runs cannot be compared: {name} is {before} in one and {after} in the other",
    "không so sánh được hai lần chạy này: {name} là {before} ở lần này và {after} ở lần kia",
)
_OTHER_PLAN = Text(
    "these runs cannot be compared: they carried out different plans (scenario, duration, scale, seed and nodes must be"
    " the same)",
    "không so sánh được hai lần chạy này: kế hoạch khác nhau (kịch bản, thời lượng, hệ số, seed và số nút phải giống"
    " nhau)",
)
_TOO_SHORT = Text(
    "Too little to say: the runs are too short, or have too few documents, to be compared.",
    "Quá ít để kết luận: hai lần chạy quá ngắn hoặc quá ít văn bản để so sánh.",
)
_VERDICTS = {
    "kept": Text("kept", "đạt"),
    "broken": Text("broken", "không đạt"),
    "invalid": Text("invalid", "không hợp lệ"),
}
_INVALID = Text(
    "{folder} is an invalid run (its generator struggled): the figures say nothing about its target",
    "{folder} là lần chạy không hợp lệ (bộ sinh tải quá sức): số liệu không nói lên điều gì về hệ thống đích",
)
_MACHINES = Text("the runs come from different machines", "hai lần chạy trên hai máy khác nhau")
_HEAD = ("", Text("before", "trước"), Text("after", "sau"), Text("difference", "chênh lệch"),
         Text("95 % interval", "khoảng 95 %"), Text("finding", "kết luận"))  # fmt: skip
_FINDINGS = {
    "slower": Text("slower", "chậm hơn"),
    "faster": Text("faster", "nhanh hơn"),
    "none": Text("no difference shown", "không thấy khác biệt"),
    "too-short": Text("too little to say", "quá ít để kết luận"),
}


class NotComparable(Exception):
    """The two runs did not carry out the same plan; ``text`` says why, to people (a wrong call: exit 2)."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


@dataclass(frozen=True, slots=True)
class Difference:
    """One quantile of one operation in both runs. ``before``, ``after``: seconds over the whole run; ``effect``:
    relative (0.2 = 20 % slower), with its 95 % interval; ``finding``: slower, faster, none or too-short."""

    op: str
    what: str
    quantile: str
    before: float
    after: float
    effect: float | None
    low: float | None
    high: float | None
    blocks: int
    finding: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """All differences, both verdicts and what to keep in mind."""

    before: str
    after: str
    verdicts: tuple[str, str]
    rows: tuple[Difference, ...]
    counts: tuple[tuple[str, int, int], ...]
    notes: tuple[Text, ...]

    @property
    def shown(self) -> tuple[Difference, ...]:
        """The rows that show a difference."""
        return tuple(row for row in self.rows if row.finding in ("slower", "faster"))

    def to_json(self) -> dict[str, Any]:
        """``axisproof/load-comparison/1``."""
        return {
            "schema": "axisproof/load-comparison/1",
            "before": self.before,
            "after": self.after,
            "verdicts": list(self.verdicts),
            "least_effect": LEAST_EFFECT,
            "difference_shown": bool(self.shown),
            "rows": [asdict(row) for row in self.rows],
            "counts": [{"line": line, "before": before, "after": after} for line, before, after in self.counts],
            "notes": [note._asdict() for note in self.notes],
        }

    def table(self) -> Text:
        """The comparison as a plain table."""
        return Text(en=self._table("en"), vi=self._table("vi"))

    def _table(self, lang: str) -> str:
        def said(text: Text) -> str:
            return str(getattr(text, lang))

        cells = [[each if isinstance(each, str) else said(each) for each in _HEAD]]
        cells += [[*_cells(row), said(_FINDINGS[row.finding])] for row in self.rows]
        widths = [max(len(line[column]) for line in cells) for column in range(len(_HEAD))]
        one, other = (said(_VERDICTS[each]) if each in _VERDICTS else each for each in self.verdicts)
        lines = [f"{self.before} ({one}) → {self.after} ({other})"]
        for line in cells:
            padded = [line[0].ljust(widths[0]), *(line[i].rjust(widths[i]) for i in range(1, 5)), line[5]]
            lines.append("  ".join(padded).rstrip())
        lines += [f"{line}: {before} → {after}" for line, before, after in self.counts if before or after]
        if all(row.finding == "too-short" for row in self.rows):
            lines.append(said(_TOO_SHORT))
        elif not self.shown:
            lines.append(said(_FINDINGS["none"]).capitalize() + ".")
        lines += ["! " + said(note) for note in self.notes]
        return "\n".join(lines)


def _cells(row: Difference) -> list[str]:
    name = f"{row.quantile.replace('_', '.')} {row.op}" + ("" if row.what == "intended" else f" ({row.what})")
    shown = [f"{row.before * 1000:.2f} ms", f"{row.after * 1000:.2f} ms"]
    if row.effect is None or row.low is None or row.high is None:
        return [name, *shown, "–", "–"]
    return [name, *shown, f"{row.effect:+.1%}", f"{row.low:+.1%} … {row.high:+.1%}"]


def compare(before: Path, after: Path, *, seed: int = 1, rounds: int = 1000) -> Comparison:
    """Compare two judged run folders. Raises NotComparable, RunIncomplete."""
    results = _result(before), _result(after)
    for name in ("plan_digest", "scale", "target", "topology"):
        one, other = results[0].get(name), results[1].get(name)
        if one != other:
            said = _OTHER_PLAN if name == "plan_digest" else _OTHER
            raise NotComparable(said.filled(name=name, before=one, after=other))
    notes = [_INVALID.filled(folder=folder) for folder, result in zip((before, after), results, strict=True)
             if result["verdict"] == "invalid"]  # fmt: skip
    if results[0].get("machine") != results[1].get("machine"):
        notes.append(_MACHINES)
    seconds = float(results[0]["planned"]["seconds"])
    stretches = _by_time(_intervals(before), seconds), _by_time(_intervals(after), seconds)
    chance = random.Random(seed)  # noqa: S311  # a seeded bootstrap, no secret
    rows = [
        compare_quantile(op, what, name, stretches[0][op, what], stretches[1][op, what], chance, rounds)
        for op, what in sorted(stretches[0].keys() & stretches[1].keys())
        if what == "intended" or (op, "intended") not in stretches[0]
        for name in _SHARES
    ]
    one, other = results[0]["account"], results[1]["account"]
    counts = tuple((line, one[line]["count"], other[line]["count"]) for line in _COUNTS)
    verdicts = (str(results[0]["verdict"]), str(results[1]["verdict"]))
    return Comparison(str(before), str(after), verdicts, tuple(rows), counts, tuple(notes))


def compare_quantile(
    op: str,
    what: str,
    name: str,
    before: Mapping[int, Histogram],
    after: Mapping[int, Histogram],
    chance: random.Random,
    rounds: int,
) -> Difference:
    """One row, from the histograms of each stretch of time in both runs."""
    share = _SHARES[name]
    pairs = _blocks(before, after, least=round(1 / (1 - share)))
    whole = merge(before.values()).quantile(share), merge(after.values()).quantile(share)
    if len(pairs) < _FEWEST_BLOCKS:
        return Difference(op, what, name, *whole, None, None, None, len(pairs), "too-short")
    ratios = [math.log(max(b.quantile(share), 1e-6) / max(a.quantile(share), 1e-6)) for a, b in pairs]
    mean = sum(ratios) / len(ratios)
    low, high = _interval(ratios, mean, chance, rounds)
    effect = math.expm1(mean)
    finding = "none"
    if (low > 0 or high < 0) and abs(effect) >= LEAST_EFFECT:
        finding = "slower" if effect > 0 else "faster"
    return Difference(op, what, name, *whole, effect, math.expm1(low), math.expm1(high), len(pairs), finding)


def _interval(ratios: Sequence[float], mean: float, chance: random.Random, rounds: int) -> tuple[float, float]:
    n = len(ratios)
    drawn = sorted(sum(chance.choices(ratios, k=n)) / n for _ in range(rounds))
    wider = math.sqrt(n / (n - 1)) * _T95[max(known for known in _T95 if known <= n)] / 1.96
    low, high = drawn[int(0.025 * rounds)], drawn[math.ceil(0.975 * rounds) - 1]
    return mean - (mean - low) * wider, mean + (high - mean) * wider


def _blocks(
    before: Mapping[int, Histogram], after: Mapping[int, Histogram], *, least: int
) -> list[tuple[Histogram, Histogram]]:
    """Successive stretches put together until both runs have ``least`` latencies in each, and there are not too many:
    neighbours resemble each other, so a block must be long."""
    slots = sorted(before.keys() | after.keys())
    length = max(1, math.ceil(len(slots) / _MOST_BLOCKS))
    none = Histogram()
    made: list[tuple[Histogram, Histogram]] = []
    first: list[Histogram] = []
    second: list[Histogram] = []
    for slot in slots:
        first.append(before.get(slot, none))
        second.append(after.get(slot, none))
        if len(first) >= length and min(sum(each.count for each in first), sum(each.count for each in second)) >= least:
            made.append((merge(first), merge(second)))
            first, second = [], []
    return made


def _by_time(intervals: Iterable[Interval], seconds: float) -> dict[tuple[str, str], dict[int, Histogram]]:
    """(operation, kind) -> stretch -> everything that happened in it while the plan ran."""
    found: dict[tuple[str, str], dict[int, list[Histogram]]] = defaultdict(lambda: defaultdict(list))
    for each in intervals:
        if each.start < seconds:
            found[each.key.op, each.key.what][round(each.start)].append(each.histogram)
    return {key: {slot: merge(group) for slot, group in slots.items()} for key, slots in found.items()}


def _result(folder: Path) -> dict[str, Any]:
    path = folder / "result.json"
    try:
        read: dict[str, Any] = json.loads(path.read_bytes())
        if read["schema"] != "axisproof/load/1":
            raise ValueError(read["schema"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RunIncomplete(_UNFINISHED.filled(path=path)) from error
    return read


def _intervals(folder: Path) -> list[Interval]:
    path = folder / "intervals.jsonl"
    try:
        return [read_line(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RunIncomplete(_UNFINISHED.filled(path=path)) from error
