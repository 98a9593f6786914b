"""Writes small load run folders, as an executor would leave them: a plan, ledgers of two workers, their health."""

import hashlib
import json
import random
from datetime import date
from pathlib import Path
from typing import Any

from loadtests.histograms import Recorder
from loadtests.plan import Arrival, Plan, PlannedSystem, PollPlan
from loadtests.run_folder import write_run
from loadtests.traffic.values import Statuses

POLL = 4.0
SYSTEMS = tuple(PlannedSystem(f"node.{index}", f"000.00.00.U{index}") for index in range(6))
THRESHOLDS: tuple[dict[str, Any], ...] = (
    {"metric": "lost", "op": "==", "value": 0, "window_seconds": None},
    {"metric": "p99.send", "op": "<=", "value": 0.5, "window_seconds": 20.0},
    {"metric": "p99.delivered", "op": "<=", "value": 10.0, "window_seconds": None},
    {"metric": "failed_share", "op": "<=", "value": 0.001, "window_seconds": None},
    {"metric": "failed_calls_share", "op": "<=", "value": 0.001, "window_seconds": None},
    {"metric": "backlog_slope", "op": "<=", "value": 0.0, "window_seconds": None},
    {"metric": "drain_seconds", "op": "<=", "value": 30.0, "window_seconds": None},
)


def plan(seed: int = 7, seconds: float = 60.0, rate: float = 5.0, offline: int = 1) -> Plan:
    """About ``rate`` documents a second; the last ``offline`` systems do not poll."""
    chance = random.Random(seed)
    arrivals = []
    at = chance.expovariate(rate)
    while at < seconds:
        sender = chance.randrange(len(SYSTEMS) - offline)
        others = [each.unit for index, each in enumerate(SYSTEMS) if index != sender]
        number = len(arrivals)
        arrivals.append(Arrival(
            at, number, SYSTEMS[sender].system_id, SYSTEMS[sender].unit,
            tuple(chance.sample(others, chance.randint(1, 3))), chance.choice((0, 0, 0, 3)),
            chance.choice((6_000, 200_000)),
            f"{SYSTEMS[sender].unit},2026/11/20,{number}/UBND-VP", str(number),
        ))  # fmt: skip
        at += chance.expovariate(rate)
    phase = tuple(0.0 for _ in SYSTEMS)
    polls = PollPlan(POLL, phase, True, frozenset(each.system_id for each in SYSTEMS[len(SYSTEMS) - offline :]))
    statuses = Statuses((), 1.0, 10.0)
    return Plan("model", seed, 1.0, seconds, 30.0, "open", date(2026, 11, 20), "UBND-VP", statuses, SYSTEMS, polls,
                tuple(arrivals))  # fmt: skip


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def load_run(
    folder: Path,
    *,
    seed: int = 7,
    noise: int = 1,
    slower: float = 1.0,
    lost: int = 0,
    refused: int = 0,
    unsent: int = 0,
    unusable: int = 0,
    cpu: float = 0.3,
    lag: float = 0.0005,
    pause: float = 0.004,
    hoard: float = 0.0,
    seconds: float = 60.0,
    rate: float = 5.0,
    thresholds: tuple[dict[str, Any], ...] = THRESHOLDS,
    **more: Any,
) -> Path:
    """A run of the model axis. ``slower``: factor on every latency; ``hoard``: each later delivery waits so many
    seconds longer per second of the run; ``unusable``: how many lists came to nothing; ``noise``: seed of what differs
    between two runs of one plan."""
    planned = plan(seed, seconds, rate)
    folder.mkdir(parents=True)
    (folder / "plan.json").write_text(planned.to_json(), encoding="utf-8")
    workers = ("1", "2")
    chance = random.Random(noise)
    home = {each.unit: (each.system_id, workers[index % 2]) for index, each in enumerate(planned.systems)}
    ledgers: dict[str, list[dict[str, Any]]] = {each: [] for each in workers}
    recorders = {each: Recorder() for each in workers}
    lines: dict[str, list[dict[str, Any]]] = {each: [] for each in workers}
    manifest, waiting, slot = {}, {each.system_id: [] for each in planned.systems}, 5.0
    for each in planned.arrivals:
        while each.at >= slot:
            for worker in workers:
                lines[worker].extend(recorders[worker].flush(slot))
            slot += 5.0
        sha, file = digest(each.document_id), digest(each.document_id + "file")
        manifest[each.number] = {"document_id": each.document_id, "sha256": sha, "files": [file],
                                 "receivers": list(each.receivers)}  # fmt: skip
        worker = home[each.sender_unit][1]
        if each.number < unsent:
            ledgers[worker].append({"e": "dropped", "n": each.number, "why": "no connection"})
            continue
        took = slower * chance.lognormvariate(-4.0, 0.5)
        begun, ok = each.at + lag, each.number >= unsent + refused
        size_class = "<=64K" if each.size < 40_000 else "<=1M"
        ledgers[worker].append({
            "e": "sent", "n": each.number, "system": each.sender, "intended": each.at, "begun": begun,
            "done": begun + took, "ok": ok, "code": "" if ok else "22", "doc_id": sha[:24] if ok else "",
            "error": None, "bytes": each.size, "urgency": each.urgency, "size_class": size_class,
        })  # fmt: skip
        recorders[worker].record("send", lag + took, urgency=each.urgency, size_class=size_class)
        recorders[worker].record("send", took, urgency=each.urgency, size_class=size_class, what="service")
        for unit in each.receivers if ok else ():
            system, worker = home[unit]
            if lost > 0 and system not in planned.polls.offline:
                lost -= 1
                continue
            delivery = digest(each.document_id + unit)[:36]
            if system in planned.polls.offline:
                waiting[system].append(delivery)
                continue
            at = (begun + took) // POLL * POLL + POLL + hoard * each.at + slower * 0.001 * (each.number % 100)
            fetch = slower * chance.lognormvariate(-5.0, 0.4)
            ledgers[worker].append({
                "e": "fetched", "system": system, "unit": unit, "delivery_id": delivery, "doc_id": "", "type": "edoc",
                "begun": at, "done": at + fetch, "ok": True, "document_id": each.document_id, "sha256": sha,
                "files": [file], "status_code": None, "about": None, "from": each.sender_unit,
            })  # fmt: skip
            ledgers[worker].append({"e": "confirmed", "system": system, "delivery_id": delivery, "word": "done",
                                    "begun": at + fetch, "done": at + fetch + 0.002, "ok": True})  # fmt: skip
            recorders[worker].record("fetch", fetch, what="service")
    for number in range(200):
        ledgers["2"].append({
            "e": "polled", "system": SYSTEMS[0].system_id, "type": "edoc", "intended": 0.0, "begun": 0.0, "done": 0.01,
            "ok": number >= unusable, "listed": 0, "error": None if number >= unusable else "OK without a list",
        })  # fmt: skip
    for system, ids in waiting.items():
        ledgers["1"].append(
            {"e": "waiting", "system": system, "type": "edoc", "delivery_ids": ids, "at": seconds + 20.0}
        )
    for worker in workers:
        lines[worker].extend(recorders[worker].flush(slot))
        health = [{"at": float(second), "cpu": cpu, "send_lag_p99": lag, "pause_max": pause, "fds": 20, "rss": 60 << 20}
                  for second in range(int(seconds))]  # fmt: skip
        for name, content in (("ledger", ledgers[worker]), ("health", health), ("histograms", lines[worker])):
            (folder / name).mkdir(exist_ok=True)
            (folder / name / f"{worker}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in content))
    hub = [{"at": float(second), "process": "hub", "cpu": 0.55, "rss": 90 << 20} for second in range(int(seconds))]
    (folder / "health" / "target.jsonl").write_text("".join(json.dumps(line) + "\n" for line in hub))
    (folder / "manifest.json").write_text(json.dumps(manifest))
    write_run(
        folder,
        **{
            "scenario": "model",
            "titles": {"en": "A model day", "vi": "Một ngày mẫu"},
            "provenance": {"en": "made up for a test; assumed", "vi": "dựng để kiểm thử; giả định"},
            "mark": "assumed",
            "thresholds": thresholds,
            "seed": seed,
            "scale": 1.0,
            "plan_digest": planned.digest,
            "target": "hub",
            "topology": "2020",
            "nodes": len(SYSTEMS),
            "workers": len(workers),
            "machine": {"cores": 2, "python": "3.11", "generator_on_same_machine": True},
            "started_at": "2026-11-21T08:00:00+07:00",
            "finished_at": "2026-11-21T08:01:20+07:00",
            "seconds": seconds + 20.0,
        }
        | more,
    )
    return folder
