"""What ``result.json`` of a load run says, member by member. Pure: the run is judged already."""

from collections.abc import Iterable
from typing import Any

from loadtests.backlog import Backlog
from loadtests.calls import Calls
from loadtests.histograms import QUANTILES, Histogram, Interval, Key, merge
from loadtests.oracle import Reckoning
from loadtests.run_folder import LoadRun
from loadtests.sends import Sends
from loadtests.series import latency_series, system_rows, throughput
from loadtests.slo import Kept
from loadtests.validity import Generator
from simulator.words import Text

__all__ = ["SCHEMA", "latency_rows", "result_document"]

SCHEMA = "axisproof/load/1"
_REPEATED = (
    "scenario", "titles", "provenance", "mark", "seed", "scale", "plan_digest", "target", "topology", "nodes",
    "workers", "machine", "started_at", "finished_at", "seconds", "axisproof", "lang", "transit", "troubles",
    "faults", "cores", "patience", "ended", "died", "incomplete",
)  # fmt: skip
"""Members of run.json that the result repeats as they are."""
_NOT_DRAINED = Text(
    "not drained within {limit:g} s after the plan: {count} still not delivered",
    "chưa giải toả hết trong {limit:g} giây sau kế hoạch: còn {count} lượt chưa tới nơi",
)
_ENDED_BEFORE = Text(
    "not drained when the run ended: {count} still not delivered",
    "chưa giải toả hết khi lần chạy kết thúc: còn {count} lượt chưa tới nơi",
)
_NEVER_CAME = Text("too many never arrived", "quá nhiều lượt không tới nơi")
_NOT_OBSERVED = Text("not observed", "không quan sát được")


def result_document(
    run: LoadRun,
    verdict: str,
    reckoning: Reckoning,
    kept: Iterable[Kept],
    intervals: tuple[Interval, ...],
    backlog: Backlog,
    generator: Generator,
    doubts: list[Text],
    unseen: list[Text],
    sends: Sends,
    calls: Calls,
) -> dict[str, Any]:
    """Everything that ``result.json`` says (reports/schema/load.schema.json). ``doubts``: why the run proves nothing;
    ``unseen``: what of the target could not be observed."""
    told, plan = run.run, run.plan
    accepted = sum(outcome == "accepted" for outcome in sends.outcomes.values())
    arrived = [each.arrived for each in reckoning.documents if each.arrived is not None]
    not_drained = _not_drained(run, backlog)
    return {
        "schema": SCHEMA,
        **{name: told[name] for name in _REPEATED if name in told},
        "verdict": verdict,
        "planned": {
            "seconds": plan.seconds,
            "model": plan.model,
            "documents": len(sends.due),
            "poll_seconds": plan.polls.period,
            "drain_limit_seconds": plan.drain_limit_seconds,
        },
        "account": reckoning.account.to_json(),
        "calls": calls.to_json(),
        "thresholds": [_threshold(each, not_drained) for each in kept],
        "latencies": latency_rows(intervals),
        "rates": {
            "arrivals_per_second": len(sends.due) / plan.seconds,
            "completions_per_second": accepted / plan.seconds,
            "deliveries_per_second": len(arrived) / plan.seconds,
            "series": throughput(plan, sends.due, sends.tried, arrived),
        },
        "backlog": {
            "slope": backlog.slope,
            "peak": backlog.peak,
            "drain_seconds": backlog.drain_seconds,
            "not_drained": not_drained and {"count": backlog.not_arrived, **not_drained._asdict()},
            "series": [list(point) for point in backlog.series],
        },
        "generator": {
            "valid": not doubts,
            "reasons": [text._asdict() for text in (*doubts, *unseen)],
            "cpu_max": generator.cpu_max,
            "send_lag_p99": generator.send_lag_p99,
            "pause_max": generator.pause_max,
            "dropped": generator.dropped,
        },
        "processes": _processes(run),
        "series": latency_series(intervals),
        "per_system": system_rows(plan, sends.tried, reckoning),
    }


def _threshold(kept: Kept, not_drained: Text | None) -> dict[str, Any]:
    """One row. ``over``: what it was judged over, ``unseen``: why nothing stands in ``seen``, to people."""
    row: dict[str, Any] = {
        "metric": kept.metric, "op": kept.op, "value": kept.value, "seen": kept.seen, "kept": kept.kept,
        "window": kept.window, "over": kept.over._asdict(),
    }  # fmt: skip
    if kept.seen is None:
        unseen = not_drained or _NEVER_CAME if kept.kept is False else _NOT_OBSERVED
        row["unseen"] = unseen._asdict()
    return row


def _not_drained(run: LoadRun, backlog: Backlog) -> Text | None:
    """A drain that never ended, said plainly; None for one that did."""
    if backlog.drain_seconds is not None:
        return None
    said = _NOT_DRAINED if run.run.get("ended") == "limit" else _ENDED_BEFORE
    return said.filled(limit=run.plan.drain_limit_seconds, count=backlog.not_arrived)


def latency_rows(intervals: Iterable[Interval]) -> list[dict[str, Any]]:
    """The table of latencies: per operation over everything (urgency and size null), then per urgency and size."""
    groups: dict[tuple[str, int | None, str | None, str], list[Histogram]] = {}
    for each in intervals:
        key: Key = each.key
        groups.setdefault((key.op, None, None, key.what), []).append(each.histogram)
        groups.setdefault((key.op, key.urgency, key.size_class, key.what), []).append(each.histogram)
    rows = []
    order = sorted(groups.items(), key=lambda item: (item[0][0], item[0][3], item[0][1] is not None, str(item[0][1:3])))
    for (op, urgency, size_class, what), found in order:
        merged = merge(found)
        values = (round(each, 6) for each in merged.quantiles(QUANTILES.values()))
        rows.append(
            {"op": op, "urgency": urgency, "size_class": size_class, "what": what, "count": merged.count}
            | dict(zip(QUANTILES, values, strict=True))
        )
    return rows


def _processes(run: LoadRun) -> list[dict[str, Any]]:
    """Mean and largest CPU (share of one core) and memory of every process that was watched during the plan."""
    rows = []
    every = [*(("generator", name, samples) for name, samples in run.health.items()),
             *(("target", name, samples) for name, samples in run.target_health.items())]  # fmt: skip
    for role, name, samples in every:
        during = [each for each in samples if 0 <= float(each["at"]) <= run.plan.seconds]
        if during:
            cpu = [float(each["cpu"]) for each in during]
            rss = [int(each.get("rss") or 0) for each in during]
            rows.append(
                {"role": role, "name": name, "cpu_mean": sum(cpu) / len(cpu), "cpu_max": max(cpu), "rss_max": max(rss)}
            )
    return rows
