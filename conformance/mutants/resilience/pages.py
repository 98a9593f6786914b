"""Systems that a break in the middle of a list throws off the track. Pitfall 54."""

from conformance.mutants.mutant import Mutant
from simulator.agency.dms import Dms
from simulator.agency.kit.inspection import Examined
from simulator.agency.kit.store import Incoming
from simulator.words import Text

__all__ = ["MUTANTS"]


class SkipsAfterCrash(Dms):
    """Ticks a page off when it has been listed: what it did not come to is not asked for again."""

    mutant = Mutant(
        "skips-after-crash",
        Text("forgets the rest of a list that was broken off", "bỏ sót phần còn lại của danh sách bị đứt giữa chừng"),
        source="pitfalls 54",
        caught_by=("page-cut-short-no-gap",),
    )

    async def listed(self, message_type: str) -> tuple[str, ...]:
        """Only what was never listed before."""
        ids = await super().listed(message_type)
        known = self.__dict__.setdefault("_ticked_off", set())
        fresh = tuple(each for each in ids if each not in known)
        known.update(ids)
        return fresh


class ConfirmsByThePage(Dms):
    """Confirms when a whole list is through, and has no memory of what it took from one that broke off."""

    mutant = Mutant(
        "confirms-by-the-page",
        Text("begins a broken list anew, with what it had taken", "đứt giữa chừng thì làm lại cả danh sách"),
        source="pitfalls 54",
        caught_by=("page-cut-short-no-double",),
    )
    _open: list[str]

    async def take_all(self, message_type: str) -> None:
        """The confirms come last; an exception before them leaves all of it unconfirmed."""
        self._open = []
        await super().take_all(message_type)
        for each in self._open:
            await self.confirm(each, "done", "")

    async def take_in(self, delivery_id: str, found: Examined) -> None:
        """Stored, and put on the heap for the confirms."""
        with self.store.transaction():
            self.receive(found)
        self.kick()
        self._open.append(delivery_id)

    def copy_of(self, found: Examined) -> Incoming | None:
        """There is none."""
        return None


MUTANTS: tuple[type[Dms], ...] = (SkipsAfterCrash, ConfirmsByThePage)
