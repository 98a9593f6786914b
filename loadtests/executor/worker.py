"""The worker's end of the conductor's messages: each is answered by the engine, in a greenlet of its own, so that
locust's heartbeat goes on; the packages are prepared in a thread for the same reason."""

import time
import traceback
import zlib
from pathlib import Path
from typing import Any

import gevent

from loadtests.executor.conductor import BEGIN, DONE, FINISH, PLAN, PROGRESS, READY
from loadtests.executor.engine import Engine, Part
from loadtests.executor.users import PLAYER
from loadtests.plan import Plan

__all__ = ["Worker"]


class Worker:
    """Listens on ``runner``; makes the engine when the plan comes, and puts it where the locust user finds it."""

    def __init__(self, runner: Any) -> None:
        self._runner = runner
        self._environment = runner.environment
        self._engine: Engine | None = None
        self._index = 0
        self._planned = False
        for kind, listener in ((PLAN, self._plan), (BEGIN, self._begin), (FINISH, self._finish)):
            runner.register_message(kind, self._apart(listener))

    def _apart(self, listener: Any) -> Any:
        def heard(environment: Any, msg: Any, **_: Any) -> None:
            gevent.spawn(self._guarded, listener, msg.data)

        return heard

    def _guarded(self, listener: Any, data: Any) -> None:
        try:
            listener(data)
        except Exception:
            self._tell(READY, {"failure": traceback.format_exc(), "manifest": {}})

    def _plan(self, data: dict[str, Any]) -> None:
        if self._planned:
            return  # shipped again before READY had arrived
        self._planned = True
        self._index = data["index"]
        part = Part(
            plan=Plan.from_json(zlib.decompress(data["plan"]).decode()),
            index=data["index"],
            workers=data["workers"],
            secrets=data["secrets"],
            host=data["host"],
            port=data["port"],
            prefix=data["prefix"],
            folder=Path(data["folder"]),
            label=f"worker-{data['index'] + 1}",
            shared=data["shared"],
        )
        fire = self._environment.events.request.fire

        def heard(name: str, seconds: float, size: int, error: str | None) -> None:
            fire(
                request_type="POST", name=name, response_time=seconds * 1000.0, response_length=size,
                exception=error, context={}, response=None, start_time=time.time() - seconds, url=name,
            )  # fmt: skip

        engine = Engine(part, heard=heard)
        manifest = gevent.get_hub().threadpool.apply(engine.prepare)
        engine.look_around()
        self._engine = engine
        setattr(self._environment, PLAYER, engine)
        self._tell(READY, {"manifest": manifest})

    def _begin(self, data: dict[str, Any]) -> None:
        engine = self._engine
        assert engine is not None  # noqa: S101  # the conductor waits for READY
        engine.begin(data["origin"], data["known"])
        while engine.phase != "done":
            gevent.sleep(1.0)
            self._tell(PROGRESS, self._standing(engine))
            if engine.failure:
                return
        self._tell(DONE, self._standing(engine))

    def _finish(self, data: dict[str, Any]) -> None:
        if self._engine is not None:
            self._engine.over.set()

    def _standing(self, engine: Engine) -> dict[str, Any]:
        return engine.progress() | getattr(engine, "reading", {})

    def _tell(self, kind: str, data: dict[str, Any]) -> None:
        self._runner.send_message(kind, data | {"index": self._index})
