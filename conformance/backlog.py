"""What the SUT still has before it: the work that we gave it, step by step, from the records of the run. Pure.

A poll that it makes while it works a backlog off proves no absence: a system that takes twenty documents a poll, or
fetches all and then confirms all, is as right as one that does everything at once. A step is *late* where the SUT asked
for its list again between the step and what called for it; only steps done for the first time count, so that the same
lines listed, fetched and confirmed again are no progress.
"""

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from statistics import median

from conformance.seen import Record, Sut

__all__ = ["Backlog"]

_STEPS = frozenset({"accepted", "fetched", "confirmed", "refused"})

_PATIENT = 2
"""Polls between a confirm (or an action of the clerk) and the packet that it brings, before that packet is late."""


@dataclass(slots=True)
class _Delivery:
    """One package on its way to the SUT: in how many-th poll it was first listed, fetched; None: not yet."""

    case: str | None
    document_id: str = ""
    word: str = "edoc"
    listed: int | None = None
    fetched: int | None = None
    confirmed: bool = False


class Backlog:
    """Fed with every record of the run in order. ``polls``: lists that the SUT took, by message type; ``touched``: the
    cases that it did anything for; ``takes_all``: it fetched all that its last list but one showed."""

    def __init__(self, sut: Sut) -> None:
        self._sut = sut
        self.polls: dict[str, int] = defaultdict(int)
        self._deliveries: dict[str, _Delivery] = {}
        self._open: dict[str | None, dict[str, _Delivery]] = defaultdict(dict)
        self._documents: dict[str, str] = {}
        self._called_for: dict[str, int] = {}
        self._packets: set[tuple[object, ...]] = set()
        self._late: list[int] = []
        self._moved: list[int] = []
        self._last: dict[str, tuple[frozenset[str], int]] = {}
        self._lags: dict[str, list[int]] = defaultdict(list)
        self._fetches = 0
        self._sizes: list[int] = []
        self.takes_all = False
        self.touched: set[str | None] = set()

    # ------------------------------------------------------------ what the waits ask

    def working(self, case: str | None, after: int, upto: int) -> bool:
        """Whether the polls between these record numbers prove nothing for ``case``: the SUT did late steps then, or
        it moved on while documents of the case still lay before it."""
        if _any(self._late, after, upto):
            return True
        return _any(self._moved, after, upto) and self.pending(case)

    def pending(self, case: str | None) -> bool:
        """Whether a package of that case was listed in an earlier poll than the last, and is not done with."""
        return any(
            each.listed is not None and each.listed < self.polls[each.word] for each in self._open[case].values()
        )

    @property
    def lag(self) -> int:
        """Polls that usually pass in this run until the SUT fetches, confirms or reports: its own lawful slowness."""
        return max((int(median(each)) for each in self._lags.values()), default=0)

    def moved(self, after: int, upto: int) -> bool:
        """Whether the SUT did anything for the first time between these record numbers."""
        return _any(self._moved, after, upto) or _any(self._late, after, upto)

    @property
    def steps(self) -> int:
        """How many steps it did for the first time."""
        return len(self._moved) + len(self._late)

    @property
    def batch(self) -> int | None:
        """How many documents it takes a poll, where twice running it took so many and left others; else None."""
        sizes = self._sizes[-2:]
        return sizes[0] if len(sizes) == 2 and sizes[0] == sizes[1] else None

    # ------------------------------------------------------------ feeding

    def saw(self, record: Record) -> None:
        """One more record."""
        if record.kind == "act" and 200 <= record["status"] < 300:
            self._asked(record)
        elif record.kind == "fact":
            own = record.get("system_id") == self._sut.system_id
            if own and record["fact"] in _STEPS:
                self.touched.add(record.case)
            match record["fact"]:
                case "accepted":
                    self._documents[record["doc_id"]] = str(record.get("document_id") or "")
                    if own:
                        self._packet(record)
                case "opened" if own:
                    document_id = self._documents.get(record["doc_id"], "")
                    delivery = _Delivery(record.case, document_id)
                    self._deliveries[record["delivery_id"]] = delivery
                    self._open[record.case][record["delivery_id"]] = delivery
                case "polled" if own:
                    self._polled(record)
                case "fetched" if own:
                    self._fetched(record)
                case "confirmed" if own:
                    self._confirmed(record)

    def _asked(self, record: Record) -> None:
        if record["call"] == "POST /control/act":
            self._called_for[str((record["request"] or {}).get("document_id"))] = self.polls["edoc"]
        elif record["call"] == "POST /control/send":
            self._called_for[str((record["answer"] or {}).get("document_id"))] = self.polls["edoc"]

    def _polled(self, record: Record) -> None:
        word = str(record.get("message_type") or "edoc").lower()
        listed = frozenset(record.get("listed") or ())
        self._measure(word, listed)
        self.polls[word] += 1
        for each in listed:
            delivery = self._deliveries.get(each)
            if delivery is not None and delivery.listed is None:
                delivery.word, delivery.listed = word, self.polls[word]

    def _measure(self, word: str, listed: frozenset[str]) -> None:
        """What it took of the list before this one, and whether it left any of it."""
        before, fetches = self._last.get(word, (frozenset(), 0))
        self._last[word] = (listed, self._fetches)
        if word != "edoc" or not before:
            return
        left = [each for each in before if (own := self._deliveries.get(each)) is not None and own.fetched is None]
        taken = self._fetches - fetches
        if left and taken:
            self._sizes.append(taken)
        self.takes_all = not left

    def _fetched(self, record: Record) -> None:
        delivery = self._deliveries.get(record["delivery_id"])
        if delivery is None or delivery.fetched is not None:
            return
        self._fetches += delivery.word == "edoc"
        delivery.fetched = self.polls[delivery.word]
        self._step(record, delivery.listed)

    def _step(self, record: Record, called_for: int | None) -> None:
        word = self._deliveries[record["delivery_id"]].word
        lag = 0 if called_for is None else self.polls[word] - called_for
        self._lags[record["fact"]].append(lag)
        (self._late if lag else self._moved).append(record.n)

    def _confirmed(self, record: Record) -> None:
        delivery = self._deliveries.get(record["delivery_id"])
        if delivery is None or delivery.confirmed:
            return
        delivery.confirmed = True
        self._step(record, delivery.fetched)
        if delivery.fetched is not None:
            self._open[delivery.case].pop(record["delivery_id"], None)
        if delivery.document_id:
            self._called_for[delivery.document_id] = self.polls["edoc"]

    def _packet(self, record: Record) -> None:
        document_id = str(record.get("document_id") or "")
        key = (record.get("message_type"), document_id, record.get("status_code"), tuple(record.get("to") or ()))
        called_for = self._called_for.get(document_id)
        if key in self._packets or called_for is None:
            return
        self._packets.add(key)
        lag = self.polls["edoc"] - called_for
        self._lags["accepted"].append(lag)
        if lag >= _PATIENT:
            self._late.append(record.n)


def _any(numbers: list[int], after: int, upto: int) -> bool:
    """Whether one of the ascending numbers lies in (after, upto]."""
    return bisect_right(numbers, upto) > bisect_right(numbers, after)
