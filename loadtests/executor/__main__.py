"""``python -m loadtests.executor``: one process of a load run: all of it, its master, or one of its workers.

Says on stdout, one JSON object a line, how the run goes: ``{"progress": …}`` each second, at last ``{"ended": …}`` or
``{"trouble": …}``. ``--tethered``: it stops when its stdin ends, for whoever started it is gone.
"""

import locust  # first: it patches the interpreter

# isort: split
import json
import os
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
import gevent
from locust.env import Environment
from locust.exception import RPCError

from loadtests.executor.conductor import Conductor, Trouble
from loadtests.executor.feed import Feed, Observed
from loadtests.executor.limits import MOST_WORKERS, OBSERVED, raise_descriptors
from loadtests.executor.users import Agencies
from loadtests.executor.worker import Worker
from loadtests.plan import Plan

__all__ = ["main"]


_SECONDS_TO_STOP = 100.0


def _say(kind: str, members: dict[str, Any]) -> None:
    if kind == "trouble":
        sys.stderr.write(f"{members['because']}\n")
    sys.stdout.write(json.dumps({kind: members}, ensure_ascii=False) + "\n")
    sys.stdout.flush()


@click.command()
@click.option("--plan", "plan_file", type=click.Path(path_type=Path, exists=True))
@click.option("--out", "folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--url", default="")
@click.option("--credentials", type=click.Path(path_type=Path, exists=True))
@click.option("--settle", default=0.0, help="Seconds without any activity before the run may end.")
@click.option("--master", is_flag=True)
@click.option("--worker", is_flag=True)
@click.option("--workers", default=1, type=click.IntRange(1, MOST_WORKERS))
@click.option("--master-host", default="127.0.0.1")
@click.option("--master-port", default=0, type=click.IntRange(0, 65535))
@click.option("--wait", "wait_seconds", default=60.0, help="Seconds to wait for all workers.")
@click.option("--shared", is_flag=True, help="The axis may hold what others sent.")
@click.option("--watched", default="{}", help="JSON: name -> process id of the target's processes.")
@click.option("--tethered", is_flag=True, help="Stop when stdin ends.")
@click.option("--web-port", default=0, type=click.IntRange(0, 65535), help="Serve locust's own page there.")
def main(**options: Any) -> None:
    """Carry a plan out."""
    raise_descriptors()
    environment = Environment(user_classes=[Agencies], stop_timeout=0)
    try:
        code = _worker(environment, options) if options["worker"] else _lead(environment, options)
    except Trouble as trouble:
        _say("trouble", {"because": str(trouble)})
        code = 4
    except Exception:
        _say("trouble", {"because": traceback.format_exc()})
        code = 4
    sys.stdout.flush()
    os._exit(code)  # greenlets and sockets of a finished run are nothing to wait for


def _worker(environment: Environment, options: dict[str, Any]) -> int:
    runner = environment.create_worker_runner(options["master_host"], options["master_port"])
    Worker(runner)
    if options["tethered"]:
        _end_with_stdin(runner.quit)
    else:
        gevent.signal_handler(signal.SIGINT, runner.quit)
    runner.greenlet.join()
    return 0


def _lead(environment: Environment, options: dict[str, Any]) -> int:
    plan = Plan.from_json(options["plan_file"].read_text("utf-8"))
    clients = ["local"]
    if options["master"]:
        runner = _master(environment, options)
        clients = _gathered(runner, options["workers"], options["wait_seconds"])
    else:
        runner = environment.create_local_runner()
        Worker(runner)
    told = os.environ.pop(OBSERVED, "")
    observed = Observed(**json.loads(told)) if told else None
    address = urlsplit(options["url"])
    secrets = {
        system: row["secret"]
        for system, row in json.loads(options["credentials"].read_text("utf-8")).items()
        if not system.startswith("_")
    }
    wanted = {system.system_id for system in plan.systems}
    conductor = Conductor(
        runner,
        plan,
        shipped={
            "host": address.hostname,
            "port": address.port or 80,
            "prefix": address.path.rstrip("/"),
            "shared": options["shared"],
            "folder": str(options["folder"].resolve()),
            "secrets": {system: secret for system, secret in secrets.items() if system in wanted},
        },
        workers=len(clients),
        folder=options["folder"],
        show=lambda members: _say("progress", members),
        feed=Feed(observed, options["folder"]) if observed else None,
        settle_seconds=options["settle"],
        watched=json.loads(options["watched"]),
    )
    if options["web_port"]:
        _serve_page(environment, options["web_port"], conductor)
    for number in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(number, conductor.stopped.set)
    if options["tethered"]:
        _end_with_stdin(conductor.stopped.set)
    ended = conductor.lead(clients)
    runner.quit()
    _say("ended", ended)
    return 0


def _serve_page(environment: Environment, port: int, conductor: Conductor) -> None:
    """Locust's own page, to watch; its stop button ends the run as Ctrl+C does: cleanly, and judged."""
    environment.stop_timeout = _SECONDS_TO_STOP
    told: Any = environment.events.test_stopping
    told.add_listener(lambda **_: conductor.stopped.set())
    sys.argv = sys.argv[:1]  # the page reads the command line as if it were locust's own
    environment.create_web_ui("127.0.0.1", port)


def _master(environment: Environment, options: dict[str, Any]) -> Any:
    try:
        runner = environment.create_master_runner(options["master_host"], options["master_port"])
    except RPCError as error:
        raise Trouble(f"the master cannot listen on port {options['master_port']}: {error}") from error
    _say("master", {"port": runner.server.port})
    return runner


def _gathered(runner: Any, workers: int, seconds: float) -> list[str]:
    """The clients, once all are there. Raises Trouble for too few or too many."""
    deadline = time.monotonic() + seconds
    while len(runner.clients.ready) < workers:
        if time.monotonic() > deadline:
            raise Trouble(f"{len(runner.clients.ready)} of {workers} workers came within {seconds:g} s")
        gevent.sleep(0.05)
    clients = sorted(client.id for client in runner.clients.ready)
    if len(clients) > workers:
        raise Trouble(f"{len(clients)} workers came, {workers} are expected")
    return clients


def _end_with_stdin(stop: Any) -> None:
    def watch() -> None:
        descriptor = sys.stdin.fileno()
        while os.read(descriptor, 4096) if gevent.socket.wait_read(descriptor) is None else b"":
            pass
        stop()

    gevent.spawn(watch)


if __name__ == "__main__":
    _ = locust
    main()
