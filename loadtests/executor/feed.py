"""What the axis saw of the system under test, as events of the ledger: the hub's facts, read from its control API.

A system under test keeps no ledger for us. Each document that it confirmed is accepted by its clerk (control API of the
SUT, ``act``), so that 03 can follow 01; at the end its own book is read.
"""

import json
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import gevent

from loadtests.executor.client import Lines, NoAnswer
from loadtests.executor.ledger import Lined

__all__ = ["Feed", "Observed"]

_PAGE = 2_000
_MOST_PAGES = 50


@dataclass(frozen=True, slots=True)
class Observed:
    """The system under test. ``control``: of the hub, with its ``token``; ``driver``: its own control API, or ""."""

    system_id: str
    unit: str
    control: str
    token: str
    driver: str = ""


class _Api:
    """A JSON API on this machine, over one connection."""

    def __init__(self, url: str, token: str = "") -> None:
        parts = urlsplit(url)
        self._lines = Lines((parts.hostname or "", parts.port or 80), timeout=60.0)
        self._host = parts.netloc
        self._prefix = parts.path.rstrip("/")
        self._token = f"Authorization: Bearer {token}\r\n" if token else ""

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """The JSON of the answer; None where none came."""
        data = b"" if body is None else json.dumps(body).encode()
        kind = "Content-Type: application/json\r\n" if data else ""
        head = (
            f"{method} {self._prefix}{path} HTTP/1.1\r\nHost: {self._host}\r\n{self._token}{kind}"
            f"Content-Length: {len(data)}\r\n\r\n"
        )
        try:
            return json.loads(self._lines.ask(head.encode("ascii"), data))
        except (NoAnswer, ValueError):
            return None


class Feed:
    """Follows the facts; ``opened`` and ``closed`` count the deliveries that the axis owed to the system under test and
    nobody else counts, and the statuses that it sent."""

    def __init__(self, observed: Observed, folder: Path) -> None:
        self.observed = observed
        self.known: Mapping[str, Sequence[Any]] = {}
        self.opened = 0
        self.closed = 0
        self.last_activity = 0.0
        self._ledger = Lined(folder / "ledger" / "sut.jsonl")
        self._hub = _Api(observed.control, observed.token)
        self._driver = _Api(observed.driver) if observed.driver else None
        self._after = 0
        self._origin = 0.0
        self._accepted: dict[str, dict[str, Any]] = {}
        self._open: dict[str, str] = {}
        self._to_accept: deque[str] = deque()
        self._owed: set[tuple[str, str]] = set()
        self._reported: set[tuple[str, str]] = set()
        self._clerk: Any = None

    @property
    def pending(self) -> bool:
        """Whether the system still has something to fetch, to confirm or to report."""
        return bool(self._open or self._owed or self._to_accept or self._clerk is not None)

    def read(self, origin: float) -> None:
        """Take in the facts since the last time. ``origin``: of the plan's clock, on ``time.monotonic``."""
        self._origin = origin
        offset = time.time() - time.monotonic() + origin
        for _ in range(_MOST_PAGES):
            page = self._hub.ask("GET", f"/facts?after={self._after}&limit={_PAGE}")
            facts = page.get("facts", []) if isinstance(page, dict) else []
            for fact in facts:
                self._take(fact, datetime.fromisoformat(fact["at"]).timestamp() - offset)
            self._after = page["last"] if facts else self._after
            if len(facts) < _PAGE:
                break
        self._ledger.flush()
        if self._driver is not None and self._to_accept and self._clerk is None:
            self._clerk = gevent.spawn(self._accept_all)

    def close(self, now: float) -> None:
        """The last lists, and the book."""
        if self._clerk is not None:
            self._clerk.kill()
        for kind in ("edoc", "status"):
            ids = [delivery for delivery, found in self._open.items() if found == kind]
            self._write(
                {
                    "e": "waiting",
                    "system": self.observed.system_id,
                    "type": kind,
                    "delivery_ids": ids,
                    "at": round(now, 3),
                }
            )
        book = self._driver.ask("GET", "/control/documents?box=in") if self._driver else None
        if isinstance(book, dict) and isinstance(book.get("documents"), list):
            self._write({"e": "book", "system": self.observed.system_id, "documents": book["documents"]})
        self._ledger.close()

    def _accept_all(self) -> None:
        while self._to_accept:
            document = self._to_accept.popleft()
            order, begun = {"document_id": document, "action": "accept"}, time.monotonic()
            answer = self._driver.ask("POST", "/control/act", order) if self._driver is not None else None
            if isinstance(answer, dict) and "error" not in answer:
                self._owe(document, "03")
                self._write(
                    {"e": "act", "system": self.observed.system_id, "document_id": document, "ok": True,
                     "begun": round(begun - self._origin, 6)}
                )  # fmt: skip
        self._clerk = None

    def _owe(self, document: str, code: str) -> None:
        if (document, code) not in self._reported:
            self._owed.add((document, code))

    def _write(self, event: dict[str, Any]) -> None:
        self._ledger.write(event)

    def _take(self, fact: Mapping[str, Any], at: float) -> None:
        mine = fact.get("system_id") == self.observed.system_id
        match fact["fact"]:
            case "accepted":
                self._accepted[fact["doc_id"]] = dict(fact)
                if mine and fact["message_type"] == "status":
                    self._answered(fact, at)
            case "opened" if mine:
                accepted = self._accepted.get(fact["doc_id"], {})
                self._open[fact["delivery_id"]] = accepted.get("message_type", "edoc")
            case "fetched" if mine:
                self._fetched(fact, at)
            case "confirmed" if mine:
                self._confirmed(fact, at)
            case _:
                return

    def _answered(self, fact: Mapping[str, Any], at: float) -> None:
        self.opened += 1
        self.last_activity = max(self.last_activity, at)
        about, code = str(fact["document_id"]), str(fact["status_code"])
        for each in (code, "01") if code == "02" else (code,):  # who refuses need not say before that it arrived
            self._reported.add((about, each))
            self._owed.discard((about, each))
        self._write(
            {"e": "answered", "system": self.observed.system_id, "unit": self.observed.unit,
             "to": fact.get("response_for_organ") or "", "about": fact["document_id"], "status": fact["status_code"],
             "intended": at, "begun": at, "done": at, "ok": True, "code": "", "error": None, "doc_id": fact["doc_id"],
             "sha256": fact["delivered"]}
        )  # fmt: skip

    def _fetched(self, fact: Mapping[str, Any], at: float) -> None:
        accepted = self._accepted.get(fact["doc_id"], {})
        sha = str(accepted.get("delivered", ""))
        known = self.known.get(sha, ("", (), ""))
        self.last_activity = max(self.last_activity, at)
        self._write(
            {"e": "fetched", "system": self.observed.system_id, "unit": self.observed.unit,
             "delivery_id": fact["delivery_id"], "doc_id": fact["doc_id"], "type": accepted.get("message_type", "edoc"),
             "begun": at, "done": at, "ok": True, "document_id": accepted.get("document_id", ""), "sha256": sha,
             "files": list(known[1]), "status_code": accepted.get("status_code"),
             "about": accepted.get("document_id"), "from": accepted.get("from", "")}
        )  # fmt: skip

    def _confirmed(self, fact: Mapping[str, Any], at: float) -> None:
        self.last_activity = max(self.last_activity, at)
        self._write(
            {"e": "confirmed", "system": self.observed.system_id, "delivery_id": fact["delivery_id"],
             "word": fact["word"], "begun": at, "done": at, "ok": True}
        )  # fmt: skip
        if fact["word"] in ("done", "fail") and self._open.pop(fact["delivery_id"], None) is not None:
            self.closed += 1
            accepted = self._accepted.get(fact["doc_id"], {})
            if fact["word"] == "done" and accepted.get("message_type") == "edoc":
                self._owe(accepted.get("document_id", ""), "01")
                if self._driver is not None:
                    self._to_accept.append(accepted.get("document_id", ""))
