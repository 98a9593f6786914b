"""The axis of a run, up as a process of its own (or met where it is), and the system under test beside it."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from loadtests.executor.crowd import gather
from loadtests.executor.processes import Child, NotStarted
from loadtests.executor.schema import own_schema
from simulator.words import Text

if TYPE_CHECKING:
    from loadtests.executor.asked import Sut
    from loadtests.executor.run import Order

__all__ = ["Axis", "started"]

_CONTROL = "_control"
_SECONDS_TO_START = 120.0
_QUIET_SECONDS = 2.0
_NO_SYSTEM = Text(
    en="the axis did not take the system under test: {why}", vi="trục không nhận hệ thống được kiểm thử: {why}"
)


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis that is up. ``nodes``: (system, unit) of those that the generator plays; ``pids``: name -> process id of
    what runs on this machine; ``observed``: the members of feed.Observed, or None; ``children``: what the run itself
    started; ``target``: hub or sut, as the result names it; ``settle_seconds``: how long nothing must happen before the
    run is over."""

    url: str
    credentials: Path
    nodes: tuple[tuple[str, str], ...]
    topology: str
    target: str
    pids: dict[str, int]
    sut_node: tuple[str, str] | None = None
    observed: dict[str, str] | None = None
    children: tuple[Child, ...] = ()
    settle_seconds: float = 0.0


@contextmanager
def started(nodes: int, order: "Order") -> Iterator[Axis]:
    """The axis of ``order`` with ``nodes`` nodes, while the run lasts. Raises NotStarted, TopologyNotUsable."""
    if order.hub is not None:
        hub = order.hub
        yield Axis(hub.url, hub.credentials, hub.nodes[:nodes], "outside", f"hub {hub.url}", {})
        return
    folder = order.folder / "axis"
    folder.mkdir()
    with ExitStack() as stack:
        crowd = gather(nodes, folder)
        store = stack.enter_context(own_schema(order.store))
        child = stack.enter_context(_hub(order, folder, crowd.topology, store))
        ready = child.ready(folder / "ready.json", _SECONDS_TO_START)
        credentials = Path(ready["credentials_file"])
        pids = {"hub": child.pid}
        if order.sut is None:
            yield Axis(ready["url"], credentials, crowd.nodes, crowd.name, "hub", pids, children=(child,))
            return
        token = json.loads(credentials.read_text("utf-8"))[_CONTROL]["token"]
        observed = {
            "system_id": order.sut.system_id, "unit": order.sut.organ, "control": ready["control_url"], "token": token,
            "driver": order.sut.driver,
        }  # fmt: skip
        children = [child]
        if order.sut.bundled:
            secret = json.loads(credentials.read_text("utf-8"))[order.sut.system_id]["secret"]
            dms = stack.enter_context(_reference(order.sut, ready["url"], secret, folder))
            observed["driver"] = dms.ready(folder / "dms.json", _SECONDS_TO_START)["url"]
            pids["sut"] = dms.pid
            children.append(dms)
        else:
            _introduce(order.sut, ready["control_url"], token)
        others = tuple(node for node in crowd.nodes if node[0] != order.sut.system_id)
        yield Axis(
            ready["url"], credentials, others, crowd.name, f"sut {order.sut.name}", pids,
            sut_node=(order.sut.system_id, order.sut.organ), observed=observed,
            children=tuple(children), settle_seconds=2 * order.sut.poll_seconds + _QUIET_SECONDS,
        )  # fmt: skip


def _hub(order: "Order", folder: Path, topology: str, store: str) -> Child:
    port = order.sut.port if order.sut else 0
    arguments = [
        "serve", "--no-nodes", "--quiet", "--port", str(port), "--control-port", "0", "--data", str(folder / "data"),
        "--topology", topology, "--seed", str(order.seed), "--ready-file", str(folder / "ready.json"),
        "--workers", str(order.hub_workers), *(part for fault in order.faults for part in ("--fault", fault)),
    ]  # fmt: skip
    # The address may hold a password, so it is no argument; set in any case: the caller's own axis is not ours to fill.
    return Child("hub", "axisproof", arguments, log=order.folder / "hub.log", environment={"AXISPROOF_STORE": store})


def _reference(sut: "Sut", url: str, secret: str, folder: Path) -> Child:
    arguments = [
        "dms", "--endpoint", url, "--system-id", sut.system_id, "--secret-env", "AXISPROOF_LOAD_SECRET",
        "--organ", sut.organ, "--organ-name", sut.organ_name, "--port", "0", "--poll", str(sut.poll_seconds),
        "--data", str(folder / "dms"), "--ready-file", str(folder / "dms.json"),
    ]  # fmt: skip
    environment = {"AXISPROOF_LOAD_SECRET": secret}
    return Child("reference system", "axisproof", arguments, log=folder / "dms.log", environment=environment)


def _introduce(sut: "Sut", control: str, token: str) -> None:
    """Make the system under test and its unit known to the axis. Raises NotStarted."""
    body: dict[str, Any] = {
        "system_id": sut.system_id,
        "secret": sut.secret,
        "units": [{"code": sut.organ, "name": sut.organ_name or sut.name}],
    }
    try:
        answer = httpx.post(
            f"{control}/systems", json=body, headers={"Authorization": f"Bearer {token}"}, timeout=30.0, trust_env=False
        )
        why = "" if answer.status_code == 201 else answer.text
    except httpx.HTTPError as error:
        why = str(error)
    if why:
        raise NotStarted(_NO_SYSTEM.filled(why=why))
