"""Leads the workers of one run over locust's own messages, one of them or two hundred: ships the plan, starts all
clocks at once, watches the progress, and says when it is over.

    plan -> ready (with the manifest of what each prepared) -> begin -> progress, each second -> finish -> done

With a local runner the messages do not leave the process. It also samples the backlog: only here all counts meet.
"""

import json
import time
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from gevent.event import Event

from loadtests.executor.feed import Feed
from loadtests.executor.health import TargetHealth
from loadtests.executor.ledger import Lined
from loadtests.plan import Plan

__all__ = ["BEGIN", "DONE", "FINISH", "PLAN", "PROGRESS", "READY", "Conductor", "Trouble"]

PLAN, READY, BEGIN, PROGRESS, FINISH, DONE = (
    f"axisproof-{word}" for word in ("plan", "ready", "begin", "progress", "finish", "done")
)
_HEAD_START = 0.5
_SECONDS_TO_PREPARE = 3_600.0
_SECONDS_TO_SHIP_AGAIN = 3.0
_SECONDS_TO_END = 120.0
_SUMS = (
    "planned", "sent", "accepted", "refused", "failed", "dropped", "polled", "late_polls", "fetched", "confirmed",
    "answered", "unanswered", "opened", "closed", "in_flight", "answers_due", "waits",
)  # fmt: skip
_MOST = ("last_activity", "p99", "cpu", "send_lag_p99", "pause_max", "at")


class Trouble(Exception):
    """The run cannot go on: a worker failed or went missing. The text says which."""


class Conductor:
    """``show``: told one JSON-able object a second, for whoever watches. ``feed``: what the axis says about the system
    under test, or None."""

    def __init__(
        self, runner: Any, plan: Plan, *, shipped: Mapping[str, Any], workers: int, folder: Path,
        show: Callable[[dict[str, Any]], None], feed: Feed | None = None, settle_seconds: float = 0.0,
        watched: Mapping[str, int] | None = None,
    ) -> None:  # fmt: skip
        self._runner = runner
        self._plan = plan
        self._shipped = shipped
        self._workers = workers
        self._folder = folder
        self._show = show
        self._feed = feed
        self._settle = settle_seconds
        self._target = TargetHealth(watched or {}, folder)
        self._origin = 0.0
        self._ready: dict[int, dict[str, Any]] = {}
        self._latest: dict[int, dict[str, Any]] = {}
        self._done: set[int] = set()
        self._missing: set[str] = set()
        self._news = Event()
        self.stopped = Event()
        for kind, listener in ((READY, self._on_ready), (PROGRESS, self._on_progress), (DONE, self._on_done)):
            runner.register_message(kind, listener)

    # ---------------------------------------------------------------- the run

    def lead(self, clients: list[str]) -> dict[str, Any]:
        """The whole run with those locust clients, in their order; gives how it ended. Raises Trouble."""
        plan = zlib.compress(self._plan.to_json().encode(), 1)
        shipped = -_SECONDS_TO_SHIP_AGAIN

        def prepared() -> bool:
            # A worker that connects hears nothing until its listeners stand: what came before that is lost.
            nonlocal shipped
            if time.monotonic() - shipped >= _SECONDS_TO_SHIP_AGAIN:
                shipped = time.monotonic()
                for index, client in enumerate(clients):
                    if index not in self._ready:
                        part = {**self._shipped, "index": index, "workers": self._workers, "plan": plan}
                        self._runner.send_message(PLAN, part, client)
            return len(self._ready) == self._workers

        self._show({"phase": "preparing"})
        self._until(prepared, _SECONDS_TO_PREPARE, clients)
        manifest = {number: row for ready in self._ready.values() for number, row in ready["manifest"].items()}
        (self._folder / "manifest.json").write_text(json.dumps(manifest, separators=(",", ":")), "utf-8")
        senders = {str(arrival.number): arrival.sender_unit for arrival in self._plan.arrivals}
        known = {
            row["sha256"]: (row["document_id"], tuple(row["files"]), senders.get(number, ""))
            for number, row in manifest.items()
        }
        # Locust's users wait for the clock; one a worker, and all are there before it starts.
        self._runner.start(self._workers, spawn_rate=self._workers)
        self._origin = time.monotonic() + _HEAD_START
        started = time.time() + _HEAD_START
        if self._feed is not None:
            self._feed.known = known
        self._runner.send_message(BEGIN, {"origin": self._origin, "known": known})
        ended = self._watch(clients)
        self._runner.send_message(FINISH, {"why": ended["why"]})
        self._show({**self._sum(), "phase": "finishing"})
        self._until(lambda: len(self._done) >= self._workers - len(self._missing), _SECONDS_TO_END, clients)
        if self._feed is not None:
            self._feed.read(self._origin)  # what happened since the last second
            self._feed.close(self._clock())
        return {**ended, "started": started, "finished": time.time(), "totals": self._sum()}

    def _watch(self, clients: list[str]) -> dict[str, Any]:
        """Until it is over; why, and how long the drain took."""
        plan = self._plan
        backlog = Lined(self._folder / "ledger" / "conductor.jsonl")
        second = 0
        try:
            while True:
                second += 1
                self.stopped.wait(max(0.0, second - self._clock()))
                self._check(clients)
                if self._feed is not None:
                    self._feed.read(self._origin)
                self._target.note(self._clock())
                total = self._sum()
                self._show(total)
                if self._latest:
                    backlog.write({"e": "backlog", "at": float(second), "waiting": max(0, total["waiting"])})
                    backlog.flush()
                now = self._clock()
                for why, so in (
                    ("stopped", self.stopped.is_set() or len(self._done) == self._workers),
                    ("worker-lost", bool(self._missing)),
                    ("target-gone", bool(self._target.gone())),
                ):
                    if so:
                        return {"why": why, "drain_seconds": None}
                if now > plan.seconds and self._quiet(total, now):
                    return {
                        "why": "drained",
                        "drain_seconds": round(max(0.0, total["last_activity"] - plan.seconds), 3),
                    }
                if now > plan.seconds + plan.drain_limit_seconds:
                    return {"why": "limit", "drain_seconds": None}
        finally:
            backlog.close()
            self._target.close()

    def _quiet(self, total: Mapping[str, Any], now: float) -> bool:
        """Nothing is under way or due, and all that is owed has come, or every list has since been seen empty."""
        latest = self._latest.values()
        if len(latest) < self._workers or any(each["phase"] != "draining" for each in latest):
            return False
        if total["in_flight"] or total["answers_due"] or now - total["last_activity"] < self._settle:
            return False
        if self._feed is not None and self._feed.pending:
            return False
        emptied = min(each["empty_since"] for each in latest)
        return bool(total["waiting"] <= 0 or emptied > total["last_activity"])

    def _sum(self) -> dict[str, Any]:
        latest = list(self._latest.values())
        total: dict[str, Any] = {name: sum(each.get(name, 0) for each in latest) for name in _SUMS}
        total |= {name: max((each.get(name, 0.0) for each in latest), default=0.0) for name in _MOST}
        if self._feed is not None:
            total["opened"] += self._feed.opened
            total["closed"] += self._feed.closed
            total["last_activity"] = max(total["last_activity"], self._feed.last_activity)
        total["waiting"] = total["opened"] - total["closed"]
        total["phase"] = latest[0]["phase"] if latest else "preparing"
        total["at"] = round(self._clock(), 1)
        total["seconds"] = self._plan.seconds
        total["workers"] = len(latest)
        return total

    # ---------------------------------------------------------------- the workers

    def _until(self, reached: Callable[[], bool], seconds: float, clients: list[str]) -> None:
        deadline = time.monotonic() + seconds
        while not reached():
            self._news.clear()
            self._news.wait(0.5)
            self._check(clients)
            if self.stopped.is_set() and not self._origin:
                raise Trouble("stopped before the clock began")
            if time.monotonic() > deadline:
                raise Trouble(f"not all of the {self._workers} workers answered within {seconds:g} s")

    def _check(self, clients: list[str]) -> None:
        for each in (*self._ready.values(), *self._latest.values()):
            if each.get("failure"):
                raise Trouble(str(each["failure"]))
        known = getattr(self._runner, "clients", None)
        if known is None:
            return
        lost = {client for client in clients if client not in known or known[client].state == "missing"}
        if lost and not self._origin:
            raise Trouble(f"{len(lost)} of {self._workers} workers went missing")
        if len(self._done) < self._workers - len(lost):  # afterwards they may go
            self._missing |= lost

    def _clock(self) -> float:
        return time.monotonic() - self._origin

    def _on_ready(self, environment: Any, msg: Any, **_: Any) -> None:
        self._ready[msg.data["index"]] = msg.data
        self._news.set()

    def _on_progress(self, environment: Any, msg: Any, **_: Any) -> None:
        self._latest[msg.data["index"]] = msg.data

    def _on_done(self, environment: Any, msg: Any, **_: Any) -> None:
        self._latest[msg.data["index"]] = msg.data
        self._done.add(msg.data["index"])
        self._news.set()
