"""Plain locust against an axis, with locust's own web page: users by hand, no plan, no oracle, no verdict.

    AXISPROOF_HUB=http://127.0.0.1:8095 AXISPROOF_CREDENTIALS=axisproof-data/credentials.json \\
        locust -f loadtests/locustfile.py --web-host 127.0.0.1

Each user acts as one of the systems in the credentials file: sends small letters to the others, asks for its lists,
fetches and confirms. An axis for it: ``axisproof serve --no-nodes``. A run that proves something: ``axisproof load``.
"""

import itertools
import json
import os
import random
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from locust import User, between, task

from loadtests.executor.answers import Unusable, doc_id_of, listed_in, package_of, told
from loadtests.executor.asked import OutsideHub, outside_hub
from loadtests.executor.calls import Caller, Where
from loadtests.executor.client import Lines, NoAnswer
from simulator.protocol import codec
from simulator.protocol.package import Code, Package, Party, Promulgation, Signer
from simulator.protocol.request_signing import file_hash, header_timestamp

__all__ = ["Agency"]

_MESSAGE_TYPES = ("edoc", "status")
_IDS: dict[str, Callable[[dict[str, Any]], list[str]]] = {
    "sendEdoc": lambda members: [doc_id_of(members)],
    **{f"getReceivedEdocList {message_type}": listed_in for message_type in _MESSAGE_TYPES},
}
"""What hands out ids, and how they are read out of a good answer."""
_numbers = itertools.count(time.time_ns() // 1_000_000)
_chance = random.Random(os.environ.get("AXISPROOF_SEED", "7"))  # noqa: S311  # a play, no secret


def _axis() -> OutsideHub:
    """The axis that the environment names. Raises BadTarget, with the sentence that says what is missing."""
    url = os.environ.get("AXISPROOF_HUB", "http://127.0.0.1:8095")
    credentials = os.environ.get("AXISPROOF_CREDENTIALS")
    return outside_hub(url, Path(credentials) if credentials else None)


class Agency(User):
    """One system in a loop: every letter waits for the answer to the one before (the closed model)."""

    wait_time = between(0.5, 1.5)
    _taken = itertools.count()

    def __init__(self, environment: Any) -> None:
        super().__init__(environment)
        axis = _axis()
        address = urlsplit(environment.host or axis.url)
        host, port = address.hostname or "127.0.0.1", address.port or 80
        self._others = [unit for _, unit in axis.nodes]
        system, self._unit = axis.nodes[next(self._taken) % len(axis.nodes)]
        secret = json.loads(axis.credentials.read_text("utf-8"))[system]["secret"]
        stamp = header_timestamp(datetime.now(UTC))
        where = Where(f"{host}:{port}", address.path.rstrip("/"))
        self._caller = Caller(system, secret, timestamp=stamp, where=where)
        self._lines = Lines((host, port))

    @task(1)
    def send(self) -> None:
        """One small letter to one of the others."""
        package = _letter(self._unit, _chance.choice([unit for unit in self._others if unit != self._unit]))
        head, body = self._caller.send(package, file_hash(package), self._unit, "edoc")
        self._asked("sendEdoc", head, body)

    @task(3)
    def receive(self) -> None:
        """Both lists, and whatever they hold."""
        for message_type in _MESSAGE_TYPES:
            for doc_id in self._asked(f"getReceivedEdocList {message_type}", self._caller.list_(message_type)):
                self._asked("getEdoc", self._caller.get(doc_id))
                self._asked("updateStatus", self._caller.confirm(doc_id, "done"))

    def _asked(self, name: str, head: bytes, body: bytes = b"") -> list[str]:
        """One call, told to locust; the ids that a good answer hands out."""
        begun, size, error = time.perf_counter(), 0, None
        ids: list[str] = []
        try:
            answer = self._lines.ask(head, body)
            size = len(answer)
            if name == "getEdoc":
                good, code = package_of(answer)[0] is not None, "?"
            else:
                good, code, members = told(answer)
                if good and name in _IDS:
                    ids = _IDS[name](members)
            error = None if good else f"code {code}"
        except (NoAnswer, Unusable) as failure:
            error = str(failure)
        self.environment.events.request.fire(
            request_type="POST", name=name, response_time=(time.perf_counter() - begun) * 1000.0, response_length=size,
            exception=error, context={}, response=None, url=name,
        )  # fmt: skip
        return ids


def _letter(sender: str, receiver: str) -> bytes:
    number = next(_numbers)
    today = date(2026, 11, 20)
    return codec.encode(
        Package(
            sender=Party(organ_id=sender, name=f"Đơn vị {sender}"),
            receivers=(Party(organ_id=receiver, name=f"Đơn vị {receiver}"),),
            document_id=f"{sender},{today:%Y/%m/%d},{number}/TT-LOCUST",
            code=Code(str(number), "TT-LOCUST"),
            promulgation=Promulgation(place="Hà Nội", issued=today),
            subject="Văn bản thử tải",
            signer=Signer(position="Chánh Văn phòng", full_name="Nguyễn Văn Thử"),
        )
    )
