"""One load run from the outside: the axis up, the plan drawn, the generator's processes started and listened to, the
folder judged. Imports neither locust nor gevent; those live in the processes that it starts.
"""

import json
import os
import platform
import secrets
import shutil
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from loadtests import plan as plans
from loadtests import result as results
from loadtests.executor.asked import OutsideHub, Sut
from loadtests.executor.axis import Axis, started
from loadtests.executor.limits import OBSERVED
from loadtests.executor.processes import Child
from loadtests.patience import patient
from loadtests.scenario import Scenario
from simulator.clock import VIETNAM
from simulator.words import Lang, Text

__all__ = ["Failed", "Order", "carry_out"]

_ENGINE = "loadtests.executor"
_LEFTOVERS = ("spool", "axis")
_BROKE = Text(
    en="the load generator failed: {why}; its own words are in {log}",
    vi="bộ sinh tải gặp lỗi: {why}; xem {log}",
)
_STOPPED = Text(
    en="the run was stopped before its end; what was measured is kept, and proves nothing",
    vi="lần chạy bị dừng trước khi kết thúc; số liệu đã đo được giữ lại nhưng không chứng minh được gì",
)
_WORKER_LOST = Text(
    en="a load process died during the run and took the end of its ledger along: no line of the account below can be"
    " held against the target",
    vi="một tiến trình sinh tải chết giữa chừng và mang theo phần cuối sổ của nó: không dòng đối soát nào dưới đây"
    " dùng để kết luận về đích được",
)
_TROUBLES = {"stopped": _STOPPED, "worker-lost": _WORKER_LOST}
_DIED = Text(
    en="{name} ended during the run (exit {code}): what it had accepted and not handed over cannot be accounted for",
    vi="{name} dừng giữa lần chạy (mã thoát {code}): những gì đã nhận mà chưa giao thì không đối soát được",
)
_SAME_CORES = Text(
    en="generator and target share the {cores} cores of this machine: no figure of it is one to publish",
    vi="bộ sinh tải và đích dùng chung {cores} nhân của máy này: không công bố số liệu nào của lần chạy",
)


class Failed(Exception):
    """Our own side broke down (exit 4); ``because`` says how."""

    def __init__(self, because: Text) -> None:
        super().__init__(because.en)
        self.because = because


@dataclass(frozen=True, slots=True)
class Order:
    """What to run. ``nodes`` None: the scenario's. ``hub`` None: an axis of our own, with ``faults``, carried by
    ``hub_workers`` processes on ``store`` (address of a PostgreSQL database; None: SQLite). ``by_hand``: the workers
    are not started here, they come to ``master_host``:``master_port``. ``folder`` exists and is empty."""

    scenario: Scenario
    seed: int
    folder: Path
    nodes: int | None = None
    workers: int = 1
    hub: OutsideHub | None = None
    sut: Sut | None = None
    faults: tuple[str, ...] = ()
    hub_workers: int = 1
    store: str | None = field(default=None, repr=False)
    by_hand: bool = False
    master_host: str = "127.0.0.1"
    master_port: int = 0
    web_port: int = 0
    lang: Lang = Lang.VI
    more: dict[str, Any] = field(default_factory=dict)


def carry_out(order: Order, show: Callable[[dict[str, Any]], None]) -> results.Result:
    """Run it and judge it. ``show``: told how it goes, about once a second.

    Raises NotStarted, Failed, RunIncomplete, BadTarget, TopologyNotUsable; Ctrl+C stops the run cleanly, what was
    measured is judged, as not valid.
    """
    show({"phase": "starting"})
    order = _patient(order)
    with ExitStack() as stack:
        stack.callback(_tidy, order.folder)
        axis = stack.enter_context(started(order.scenario.nodes if order.nodes is None else order.nodes, order))
        plan = plans.make(
            order.scenario, topology_nodes=axis.nodes, seed=order.seed, sut=axis.sut_node,
            sut_gives_back=order.sut is not None and order.sut.take_back, mark=_mark(order),
        )  # fmt: skip
        (order.folder / "plan.json").write_text(plan.to_json(), "utf-8")
        ended = _generated(order, axis, show)
        died = [
            _DIED.filled(name=child.name, code=code)
            for child in axis.children
            if (code := child.process.poll()) is not None
        ]
    _write_run(order, plan, ended, axis, died)
    show({"phase": "judging"})
    return results.conclude(order.folder)


def _mark(order: Order) -> str:
    """Whoever was there before this run may know its documents from an earlier one."""
    known = order.hub is not None or (order.sut is not None and not order.sut.bundled)
    return secrets.token_hex(8) if known else ""


def _patient(order: Order) -> Order:
    """The same, with what its scenario may promise of a system that polls slowly."""
    if order.sut is None:
        return order
    scenario, said = patient(order.scenario, order.sut.poll_seconds)
    if said is None:
        return order
    late_after = 2 * order.sut.poll_seconds + results.GRACE_SECONDS
    more = {**order.more, "patience": said._asdict(), "late_after_seconds": late_after}
    return replace(order, scenario=scenario, more=more)


def _tidy(folder: Path) -> None:
    """However it ended. Packages and secrets of this run alone, and large: what happened stands in the ledger."""
    for leftover in _LEFTOVERS:
        shutil.rmtree(folder / leftover, ignore_errors=True)


def _generated(order: Order, axis: Axis, show: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    """The generator's processes from start to end; gives what its conductor said last."""
    distributed = order.workers > 1 or order.by_hand
    arguments = [
        "--plan", str(order.folder / "plan.json"), "--out", str(order.folder), "--url", axis.url,
        "--credentials", str(axis.credentials), "--workers", str(order.workers), "--settle", str(axis.settle_seconds),
        "--tethered", "--watched", json.dumps(axis.pids), "--web-port", str(order.web_port),
    ]  # fmt: skip
    observed = {OBSERVED: json.dumps(axis.observed)} if axis.observed else {}  # it holds a token: no argument
    if distributed:
        arguments += ["--master", "--master-host", order.master_host, "--master-port", str(order.master_port)]
        arguments += ["--wait", "600" if order.by_hand else "60"]
    if order.hub is not None:
        arguments.append("--shared")
    log = order.folder / "generator.log"
    with ExitStack() as stack:
        lead = stack.enter_context(Child("generator", _ENGINE, arguments, log=log, heard=True, environment=observed))
        interrupted = False
        while True:
            try:
                return _heard(lead, order, show, stack, log)
            except Failed as error:
                if interrupted:
                    raise KeyboardInterrupt from error
                raise
            except KeyboardInterrupt:
                if interrupted:
                    raise
                interrupted = True
                lead.interrupt()


def _heard(
    lead: Child, order: Order, show: Callable[[dict[str, Any]], None], stack: ExitStack, log: Path
) -> dict[str, Any]:
    """Listen until the end; starts the workers as soon as their master says where it is. Raises Failed."""
    latest: dict[str, Any] = {}
    for members in lead.said():
        match members:
            case {"progress": dict(progress)}:
                latest = progress
                show(progress)
            case {"master": {"port": port}}:
                show({"phase": "gathering", "port": port, "expected": order.workers})
                for number in range(0 if order.by_hand else order.workers):
                    stack.enter_context(_worker(order.master_host, port, order.folder / f"worker-{number + 1}.log"))
            case {"ended": dict(ended)}:
                return ended
            case {"trouble": {"because": why}}:
                raise Failed(_BROKE.filled(why=str(why).strip().splitlines()[-1], log=log))
            case _:
                pass
    if any((order.folder / "ledger").glob("worker-*.jsonl")):  # the clock had begun, whether or not that was heard
        now = time.time()
        started = now - float(latest.get("at", 0.0))
        return {"why": "worker-lost", "drain_seconds": None, "started": started, "finished": now}
    raise Failed(_BROKE.filled(why=f"exit {lead.process.wait()}", log=log))


def _worker(host: str, port: int, log: Path) -> Child:
    arguments = ["--worker", "--tethered", "--master-host", host, "--master-port", str(port)]
    return Child("worker", _ENGINE, arguments, log=log, heard=True)


def _write_run(order: Order, plan: plans.Plan, ended: dict[str, Any], axis: Axis, died: list[Text]) -> None:
    scenario = order.scenario
    trouble = _TROUBLES.get(ended["why"])
    results.write_run(
        order.folder,
        scenario=scenario.id,
        titles=scenario.title._asdict(),
        provenance=scenario.provenance.text._asdict(),
        thresholds=[
            {"metric": each.metric, "op": each.op, "value": each.value, "window_seconds": each.window_seconds}
            for each in scenario.thresholds
        ],
        seed=order.seed,
        scale=scenario.scale,
        plan_digest=plan.digest,
        target=axis.target,
        topology=axis.topology,
        nodes=len(axis.nodes),
        workers=order.workers,
        machine=_machine(),
        started_at=_moment(ended["started"]),
        finished_at=_moment(ended["finished"]),
        seconds=round(ended["finished"] - ended["started"], 3),
        mark=scenario.provenance.mark,
        troubles=[trouble._asdict()] if trouble else [],
        died=[each._asdict() for each in died],
        incomplete=ended["why"] == "worker-lost",
        ended=ended["why"],
        drain_seconds=ended["drain_seconds"],
        transit="verbatim",
        lang=order.lang.value,
        faults=list(order.faults),
        cores=_SAME_CORES.filled(cores=os.cpu_count())._asdict(),
        **order.more,
    )


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, VIETNAM).isoformat(timespec="milliseconds")


def _machine() -> dict[str, Any]:
    return {
        "system": platform.system(),
        "cpu": platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "executable": Path(sys.executable).name,
    }
