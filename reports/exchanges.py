"""The records of one case as the report prints them, each body once in the whole report, within a stated budget."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from reports.body import Shown, answer_of, canonical, inner_packet, show, unpacked
from reports.evidence import Evidence, Record
from reports.story import header
from simulator.words import Text

__all__ = ["Bodies", "Body", "Entry", "Message", "summary_of"]

_MEMBER_CHARACTERS = 1_500
_ONE_LINE = 100


@dataclass(frozen=True, slots=True)
class Body:
    """One body at one place. ``first``: it is printed here; else it stands under ``anchor`` elsewhere.

    ``shown`` is None where the blob was not kept or the budget is spent: then only digest and size are told.
    ``blob`` is the file's name in the evidence, "" for a packet that travelled inside another body. Bodies that
    differ in the line ends after their last byte only share one print.
    """

    sha256: str
    size: int
    blob: str = ""
    print_id: str = ""
    shown: Shown | None = None
    first: bool = False
    spent: bool = False
    note: Text | None = None

    @property
    def anchor(self) -> str:
        """The id of the place where the bytes are printed."""
        return f"b-{self.print_id[:16]}"


@dataclass(frozen=True, slots=True)
class Message:
    """A request or a response: its first line, headers as they came, and its bodies (an inner packet too)."""

    line: str
    headers: tuple[tuple[str, str], ...]
    bodies: tuple[Body, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One record in print. ``first``: printed in full here; else it is printed under another case."""

    record: Record
    summary: str
    members: tuple[tuple[str, str], ...] = ()
    messages: tuple[tuple[Text, Message], ...] = ()
    first: bool = True
    masked: tuple[str, ...] = ()


_REQUEST, _RESPONSE = Text("Request", "Yêu cầu"), Text("Response", "Trả lời")
_INNER = Text("data is base64 of this packet", "data là base64 của gói tin này")


@dataclass
class Bodies:
    """Remembers what the report has printed already. ``budget``: characters of bodies and members still allowed."""

    evidence: Evidence
    budget: int = 2_000_000
    _bodies: dict[str, Shown] = field(default_factory=dict)
    _records: set[int] = field(default_factory=set)

    def entries(self, records: Iterable[Record]) -> tuple[Entry, ...]:
        """The records in print, in order."""
        return tuple(self._entry(record) for record in records)

    def _entry(self, record: Record) -> Entry:
        summary = summary_of(record)
        if record.n in self._records:
            return Entry(record, summary, first=False)
        self._records.add(record.n)
        if record.kind != "exchange":
            members = tuple((key, self._member(value)) for key, value in record.members.items())
            return Entry(record, summary, members)
        request, response = (record.members.get(side) or {} for side in ("request", "response"))
        sent = self._message(record, "request", f"{request.get('method', '')} {request.get('path', '')}")
        got = self._message(record, "response", f"HTTP {response.get('status', '')}")
        masked = tuple(map(str, record.members.get("masked") or ()))
        return Entry(record, summary, messages=((_REQUEST, sent), (_RESPONSE, got)), masked=masked)

    def _member(self, value: Any) -> str:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        if len(text) > _ONE_LINE and not isinstance(value, str):
            text = json.dumps(value, ensure_ascii=False, indent=1)
        shown = show(text.encode(errors="replace"), limit=min(_MEMBER_CHARACTERS, max(60, self.budget)))
        self.budget -= len(shown.text)
        return shown.text + (" …" if shown.cut else "")

    def _message(self, record: Record, side: str, line: str) -> Message:
        raw = record.members.get(side) or {}
        headers = tuple((str(name), str(value)) for name, value in raw.get("headers") or ())
        self.budget -= sum(len(name) + len(value) for name, value in headers)
        digest, size = str(raw.get("body_sha256") or ""), int(raw.get("size") or 0)
        if not digest or not size:
            return Message(line, headers, ())
        stored = self.evidence.blob(digest)
        if stored is None:
            return Message(line, headers, (Body(digest, size, digest),))
        data = unpacked(stored, header(record, side, "content-encoding"))
        bodies = [self._body(data, digest, None)]
        if side == "response" and (inner := inner_packet(answer_of(data))):
            bodies.append(self._body(inner, "", _INNER))
        return Message(line, headers, tuple(bodies))

    def _body(self, data: bytes, blob: str, note: Text | None) -> Body:
        whole = hashlib.sha256(data).hexdigest()
        shown = show(canonical(data))
        body = Body(whole, len(data), blob, shown.sha256, note=note)
        if shown.sha256 in self._bodies:
            return replace(body, shown=self._bodies[shown.sha256])
        if self.budget < len(shown.text):
            return replace(body, spent=True)
        self.budget -= len(shown.text)
        self._bodies[shown.sha256] = shown
        return replace(body, shown=shown, first=True)


def summary_of(record: Record) -> str:
    """One line that tells records apart."""
    match record.kind:
        case "exchange":
            response = record.members.get("response") or {}
            system = record.text("system_id")
            return f"HTTP {record.text('operation')} · {system} · {response.get('status', '')}"
        case "fact":
            parts = [record.text("fact"), record.text("message_type"), record.text("status_code"), record.text("word")]
            who = record.text("unit") or record.text("from") or record.text("system_id")
            return " ".join(filter(None, parts)) + (f" · {who}" if who else "")
        case "act":
            request = record.members.get("request")
            action = str(request.get("action") or "") if isinstance(request, dict) else ""
            return " · ".join(filter(None, (record.text("call"), action, record.text("status"))))
        case "note":
            return record.text("name")
        case "wait":
            return f"{record.text('polls')} polls · {record.text('seconds')} s · met: {record.text('met')}"
        case _:
            return ""
