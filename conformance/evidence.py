"""What a judge may look at: the numbered records of one case, frozen, and the words to ask them with.

The same words serve a running case (over records that still grow) and the judge (over a stored run), so that what
``until`` waited for is exactly what the judge finds. No I/O: blobs come in as a mapping.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from conformance.finding import Check, Cited, Finding
from conformance.seen import Lane, Look, Order, Record, SeenDocument, SeenStatus, Sent, Sut, Unseen
from simulator.protocol import codec
from simulator.protocol.codec import Reading
from simulator.protocol.errors import Malformed
from simulator.protocol.package import Package, StatusPacket
from simulator.words import Text

__all__ = ["CaseEvidence", "Lane", "Look", "Order", "Record", "SeenDocument", "SeenStatus", "Sent", "Sut", "Unseen"]

_WORKS = "processing"
PATIENCE = 2
"""Polls that a SUT must be seen to make after a stimulus before its silence is held against it."""


_TELL_POLL = Text(
    en="let the system poll the axis while the suite runs (check its endpoint, system id and secret)",
    vi="để hệ thống hỏi trục trong khi bộ kiểm chạy (kiểm tra địa chỉ, mã hệ thống và khóa bí mật)",
)
_TELL_CONFIRM = Text(
    en="the system must poll, fetch and then confirm every package with updateStatus (done or fail)",
    vi="hệ thống phải hỏi trục, tải rồi xác nhận mọi gói tin bằng updateStatus (done hoặc fail)",
)
_NO_ANSWER = {
    501: Text(
        en="{call} is not offered by the control API, and nobody could be asked{why}",
        vi="API điều khiển không có {call}, và không có ai để hỏi{why}",
    ),
    0: Text(en="the control API did not answer {call}: {error}", vi="API điều khiển không trả lời {call}: {error}"),
}
_NOT_ALLOWED = Text(en="the SUT answered {call} with {status}: {error}", vi="SUT trả {status} cho {call}: {error}")
_NEVER_ASKED = Text(
    en="the conversation did not come as far as {call}",
    vi="cuộc trao đổi chưa đến bước {call}",
)
_OFFER = Text(en="offer {call} in the control API (contract, section 4)", vi="cung cấp {call} trong API điều khiển")
_STEP_BEFORE = Text(en="see the checks before this one", vi="xem các kiểm tra trước đó")


@dataclass(slots=True)
class _Index:
    """The records by kind and name, as far as they were looked at: a running case asks the same at each step."""

    filed: dict[tuple[str, str], list[Record]] = field(default_factory=dict)
    upto: int = 0

    def of(self, records: Sequence[Record], kind: str, name: str) -> Sequence[Record]:
        """The records of that kind and name; ``records`` only grows."""
        for at in range(self.upto, len(records)):
            record = records[at]
            if member := _NAMES.get(record.kind):
                self.filed.setdefault((record.kind, str(record[member])), []).append(record)
            self.upto = at + 1
        return self.filed.get((kind, name), ())


_NAMES = {"fact": "fact", "note": "name", "act": "call"}
"""Under which member a record of that kind says what it is."""


@dataclass(frozen=True)
class CaseEvidence:
    """Everything that one case may cite. Also the view of a running case, over records that still grow."""

    case_id: str
    sut: Sut
    lanes: tuple[Lane, ...]
    records: Sequence[Record]
    blobs: Mapping[str, bytes]
    readings: dict[str, Reading | None] = field(default_factory=dict, compare=False, repr=False)
    _index: _Index = field(init=False, default_factory=_Index, compare=False, repr=False)

    @cached_property
    def lane(self) -> Lane:
        """The first (mostly the only) lane."""
        return self.lanes[0]

    # ------------------------------------------------------------ plain records

    def facts(self, fact: str, **members: Any) -> tuple[Record, ...]:
        """The facts of that name whose members equal the given ones."""
        return tuple(
            record
            for record in self._index.of(self.records, "fact", fact)
            if all(record.get(name) == value for name, value in members.items())
        )

    def notes(self, name: str) -> tuple[Record, ...]:
        """What the case noted under that name."""
        return tuple(self._index.of(self.records, "note", name))

    def noted(self, name: str, **values: Any) -> Record:
        """The last note of that name (whose values equal the given ones). Raises Unseen."""
        for record in reversed(self.notes(name)):
            if all(record["values"].get(key) == value for key, value in values.items()):
                return record
        raise Unseen(_NEVER_ASKED.filled(call=f"'{name}'"), remedy=_STEP_BEFORE)

    def acts(self, call: str, **request: Any) -> tuple[Record, ...]:
        """What was asked of the SUT by that call (``POST /control/act``), narrowed by members of the request."""
        return tuple(
            record
            for record in self._index.of(self.records, "act", call)
            if all((record["request"] or {}).get(name) == value for name, value in request.items())
        )

    def polls_after(self, n: int) -> int:
        """Complete polls of the SUT after record ``n``: the fewest over the message types that it asks for."""
        counts: dict[str, int] = {}
        for record in self._index.of(self.records, "fact", "polled"):
            if record["system_id"] == self.sut.system_id:
                word = str(record.get("message_type") or "edoc").lower()
                counts[word] = counts.get(word, 0) + (record.n > n)
        return min(counts.values(), default=0)

    @property
    def handled(self) -> bool:
        """Whether the SUT asked for a list again since it last fetched or confirmed anything: the poll is over in which
        it did that, and with it what a system does at the end of one."""
        for record in reversed(self.records):
            if record.kind == "fact" and record.get("system_id") == self.sut.system_id:
                if record["fact"] == "polled":
                    return True
                if record["fact"] in ("fetched", "confirmed"):
                    return False
        return True

    def fetched_by(self, sent: Sent) -> frozenset[str]:
        """By which operations of the axis the SUT fetched it."""
        deliveries = {record["delivery_id"] for record in self.fetched(sent)}
        return frozenset(
            record["operation"]
            for record in self.records
            if record.kind == "exchange"
            and record["operation"] in ("getEdoc", "downloadEdoc")
            and any(value in deliveries for _, value in record["request"]["headers"])
        )

    def blob(self, sha256: str) -> bytes:
        """The stored bytes of that digest. Raises KeyError where there are none."""
        return self.blobs[sha256]

    def packet(self, record: Record) -> Reading | None:
        """The decoded package of an ``accepted`` or ``refused`` fact; None where it cannot be read."""
        digest = record.get("package")
        if not digest or digest not in self.blobs:
            return None
        if digest not in self.readings:
            try:
                self.readings[digest] = codec.decode(self.blobs[digest])
            except Malformed:
                self.readings[digest] = None
        return self.readings[digest]

    # ------------------------------------------------------------ towards the SUT

    def sent(self, label: str = "document") -> Sent:
        """What the lane sent under ``label``. Raises Unseen."""
        for record in reversed(self.records):
            if record.kind == "note" and record["name"] == "sent" and record["values"]["label"] == label:
                return Sent(n=record.n, at=record.at, **record["values"])
        call = f"'{label}'"
        raise Unseen(_NEVER_ASKED.filled(call=call), remedy=_STEP_BEFORE)

    def fetched(self, sent: Sent) -> tuple[Record, ...]:
        """Each time the SUT fetched it."""
        return self.facts("fetched", doc_id=sent.doc_id, system_id=self.sut.system_id)

    def confirmed(self, sent: Sent, word: str | None = None) -> tuple[Record, ...]:
        """Each time the SUT confirmed it with that word; without one, finally: ``processing`` leaves it listed."""
        found = self.facts("confirmed", doc_id=sent.doc_id, system_id=self.sut.system_id)
        return tuple(
            record for record in found if record["word"] == word or (word is None and record["word"] != _WORKS)
        )

    def taken(self, sent: Sent) -> Record:
        """The fact that the SUT took it in: its first confirm. Raises Unseen: nothing later can be judged then."""
        if done := self.confirmed(sent):
            return done[0]
        raise Unseen(
            Text(
                en=f"the SUT never confirmed '{sent.label}' to the axis, so what follows could not be exercised",
                vi=f"SUT chưa bao giờ xác nhận '{sent.label}' với trục nên các bước sau không thực hiện được",
            ),
            sent,
            remedy=_TELL_CONFIRM,
        )

    # ------------------------------------------------------------ from the SUT

    def statuses_from_sut(self, document: "Sent | Order | str | None" = None, *codes: str) -> tuple[SeenStatus, ...]:
        """Status packets of the SUT to this case's lanes, in order of acceptance.

        ``document``: only those whose ResponseFor names it; ``codes``: only these codes.
        """
        wanted = document if isinstance(document, str) or document is None else document.document_id
        found = []
        for record in self.facts("accepted", system_id=self.sut.system_id, message_type="status"):
            reading = self.packet(record)
            if reading is not None and isinstance(reading.packet, StatusPacket):
                seen = SeenStatus(record.n, record.moment, reading.packet, reading, record)
                if (wanted is None or seen.document_id == wanted) and (not codes or seen.code in codes):
                    found.append(seen)
        return tuple(found)

    def documents_from_sut(self) -> tuple[SeenDocument, ...]:
        """Document packages of the SUT to this case's lanes, in order of acceptance."""
        found = []
        for record in self.facts("accepted", system_id=self.sut.system_id, message_type="edoc"):
            reading = self.packet(record)
            if reading is not None and isinstance(reading.packet, Package):
                found.append(SeenDocument(record.n, record.moment, reading.packet, reading, record))
        return tuple(found)

    # ------------------------------------------------------------ the clerk of the SUT

    def order(self, label: str = "document") -> Order:
        """What the SUT was told to send under ``label``, and did not refuse. Raises Unseen."""
        record = self._answered("POST /control/send", label=label)
        request = {name: value for name, value in record["request"].items() if name != "label"}
        return Order(record.n, record.at, label, str(record["answer"].get("document_id", "")), request)

    def act(self, action: str, document: Sent | Order) -> Record:
        """The action of the SUT's clerk on that document, done. Raises Unseen where it was not."""
        return self._answered("POST /control/act", action=action, document_id=document.document_id)

    def look(self, box: str, label: str = "") -> Look:
        """The last look into the SUT's box (under ``label``). Raises Unseen where the SUT shows nothing."""
        record = self._answered("GET /control/documents", box=box, label=label)
        return Look(record.n, box, tuple(record["answer"].get("documents") or ()))

    def _answered(self, call: str, **request: Any) -> Record:
        name = f"{call} ({', '.join(str(value) for value in request.values() if value)})"
        found = self.acts(call, **request)
        if not found:
            raise Unseen(_NEVER_ASKED.filled(call=name), remedy=_STEP_BEFORE)
        record = found[-1]
        if 200 <= record["status"] < 300:
            return record
        text = _NO_ANSWER.get(record["status"], _NOT_ALLOWED)
        error = str((record["answer"] or {}).get("error", ""))
        why = f": {error}" if error not in ("", "not offered") else ""
        filled = text.filled(call=name, status=record["status"], error=error, why=why)
        raise Unseen(filled, record, remedy=_OFFER.filled(call=call))

    # ------------------------------------------------------------ judging

    def expect(self, check: Check, seen: Sequence[Cited], after: Cited, *, held: Text, broken: Text) -> Finding:
        """Something had to come after ``after``: held where it is in ``seen``, broken where the SUT polled on without
        it, unobserved where the SUT was not even seen polling."""
        if seen:
            return check.held(held, after, *seen, shown=True)
        polls = self.polls_after(after.n)
        if polls >= PATIENCE:
            return check.broken(broken, after)
        return check.unobserved(
            Text(
                en=f"it did not come, but the SUT polled only {polls} times afterwards",
                vi=f"chưa thấy, nhưng sau đó SUT chỉ hỏi trục {polls} lần",
            ),
            after,
            remedy=_TELL_POLL,
        )

    def require(self, good: object, because: Text, *cites: Cited, remedy: Text = _STEP_BEFORE) -> None:
        """The positive twin of a negative check: raises Unseen where ``good`` is false."""
        if not good:
            raise Unseen(because, *cites, remedy=remedy)
