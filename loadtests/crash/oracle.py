"""What clients know of a run with crashes, and what an axis owes them afterwards. Pure.

    sending without an answer    may be there once, or not at all
    sending acknowledged         is there, once, for each receiver: waiting until somebody says done
    sending repeated             gets the first DocId and makes no second delivery (the SDK's own habit)
    confirmed, acknowledged      never stands on a list again
    confirmed without an answer  may have gone from the list, or not

Every finding is kept with the number of its document, so that somebody can look.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

__all__ = ["Account", "History"]

_MOST_LISTED = 1_000
_Pair = tuple[int, str]
"""(number of a document, unit that receives it)."""


@dataclass(frozen=True, slots=True)
class Account:
    """The counts, and for the bad ones the documents (number, unit or what was seen), at most 1,000 of each."""

    sent: int
    acknowledged: int
    deliveries: int
    confirmed: int
    lost: tuple[tuple[int, str], ...]
    doubled: tuple[tuple[int, str], ...]
    resurrected: tuple[tuple[int, str], ...]
    altered: tuple[tuple[int, str], ...]
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def kept(self) -> bool:
        """Whether nothing went wrong."""
        return not any(self.counts.values())


@dataclass(slots=True)
class History:
    """What all clients together did and were told. Filled while the run goes on; ``account`` at its end."""

    _units: dict[int, tuple[str, ...]] = field(default_factory=dict)
    _doc_ids: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    _contents: dict[str, _Pair] = field(default_factory=dict)
    _deliveries: dict[_Pair, set[str]] = field(default_factory=lambda: defaultdict(set))
    _owed: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    _confirming: set[str] = field(default_factory=set)
    _confirmed: set[str] = field(default_factory=set)
    _lost: set[_Pair] = field(default_factory=set)
    _resurrected: set[_Pair] = field(default_factory=set)
    _altered: set[_Pair] = field(default_factory=set)

    # ---------------------------------------------------------------- what the clients did

    def sending(self, number: int, units: Sequence[str]) -> None:
        """Document ``number`` goes out to those units, now or again."""
        self._units[number] = tuple(units)

    def acknowledged(self, number: int, doc_id: str) -> None:
        """The axis took it in and gave that DocId."""
        if not self._doc_ids[number]:
            for unit in self._units[number]:
                if not any(each in self._confirming for each in self._deliveries[number, unit]):
                    self._owed[unit].add(number)
        self._doc_ids[number].add(doc_id)

    def known(self, delivery_id: str) -> bool:
        """Whether somebody has read that delivery before."""
        return delivery_id in self._contents

    def read(self, delivery_id: str, *, number: int, unit: str, intact: bool) -> None:
        """A receiver fetched a delivery for ``unit`` and found document ``number`` in it; ``intact``: byte for byte."""
        if not intact or unit not in self._units.get(number, ()):
            self._altered.add((number, unit))
            return
        self._contents[delivery_id] = (number, unit)
        self._deliveries[number, unit].add(delivery_id)

    def confirming(self, delivery_id: str) -> None:
        """Somebody says done; whether the axis hears it is not known yet."""
        self._confirming.add(delivery_id)
        if delivery_id in self._contents:
            number, unit = self._contents[delivery_id]
            self._owed[unit].discard(number)

    def confirmed(self, delivery_id: str) -> None:
        """The axis answered OK to it."""
        self._confirmed.add(delivery_id)

    # ---------------------------------------------------------------- what the axis says after a crash

    def audited(self, unit: str, waiting: Collection[str]) -> None:
        """The whole list of a unit while nobody does anything; each delivery on it was read before."""
        for delivery_id in waiting:
            if delivery_id in self._confirmed:
                self._resurrected.add(self._contents.get(delivery_id, (-1, unit)))
        there = {self._contents[each][0] for each in waiting if each in self._contents}
        self._lost.update((number, unit) for number in self._owed[unit] - there)

    def recorded(self, number: int, deliveries: Iterable[tuple[str, str]]) -> None:
        """The sender's own list of what became of ``number``: (unit, delivery id) of each delivery."""
        found = set(deliveries)
        for unit, delivery_id in found:
            self._deliveries[number, unit].add(delivery_id)
        if self._doc_ids[number]:
            missing = set(self._units[number]) - {unit for unit, _ in found}
            self._lost.update((number, unit) for unit in missing)

    # ---------------------------------------------------------------- the sum

    @property
    def answered(self) -> dict[int, str]:
        """The DocId of every acknowledged document (the first, by text, where there are two)."""
        return {number: min(doc_ids) for number, doc_ids in self._doc_ids.items() if doc_ids}

    def account(self) -> Account:
        """Everything that went right and wrong so far."""
        doubled = {pair for pair, ids in self._deliveries.items() if len(ids) > 1}
        doubled |= {(number, "DocId") for number, ids in self._doc_ids.items() if len(ids) > 1}
        found = {
            "lost": self._lost,
            "doubled": doubled,
            "resurrected": self._resurrected,
            "altered": self._altered,
        }
        listed = {name: tuple(sorted(pairs)[:_MOST_LISTED]) for name, pairs in found.items()}
        return Account(
            sent=len(self._units),
            acknowledged=sum(1 for ids in self._doc_ids.values() if ids),
            deliveries=sum(len(ids) for ids in self._deliveries.values()),
            confirmed=len(self._confirmed),
            counts={name: len(pairs) for name, pairs in found.items()},
            **listed,
        )
