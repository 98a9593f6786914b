"""What every operation of the axis stands on: the store, the directory of this moment, and one way to decide.

Everything that changes the past goes through the store's one writer, so two requests never decide on the same view.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from simulator.clock import Clock
from simulator.hub import events
from simulator.hub.admission import Refusal
from simulator.hub.delivery import Delivery
from simulator.hub.directory import Directory
from simulator.hub.roster import remembered
from simulator.hub.store.base import Store
from simulator.hub.store.reading import Past
from simulator.hub.store.transaction import Transaction
from simulator.protocol.profile import Profile
from simulator.topology import Topology

if TYPE_CHECKING:
    from cryptography import x509

__all__ = ["Desk", "View", "Witnesses", "refused_as"]


class Witnesses:
    """Who watches this hub."""

    def __init__(self) -> None:
        self._all: tuple[events.Witness, ...] = ()

    def __bool__(self) -> bool:
        """Whether anybody watches."""
        return bool(self._all)

    def add(self, witness: events.Witness) -> None:
        """Tell ``witness`` everything from now on."""
        self._all = (*self._all, witness)

    def remove(self, witness: events.Witness) -> None:
        """Tell ``witness`` nothing any more."""
        self._all = tuple(each for each in self._all if each is not witness)

    def fact(self, fact: events.Fact) -> None:
        """Pass a fact on."""
        for witness in self._all:
            witness.fact(fact)

    def exchange(self, exchange: events.Exchange) -> None:
        """Pass an exchange on."""
        for witness in self._all:
            witness.exchange(exchange)


@dataclass(frozen=True, slots=True)
class View:
    """The past of one transaction beside the directory of the same moment (``decide.View``)."""

    past: Past
    directory: Directory

    def delivery(self, delivery_id: str) -> Delivery | None:
        """The delivery of that id."""
        return self.past.delivery(delivery_id)

    def earlier(self, *, system_id: str, package: str, document_id: str, route: str, since: datetime) -> str | None:
        """The DocId of the first equal sending at or after ``since``, or None."""
        return self.past.earlier(
            system_id=system_id, package=package, document_id=document_id, route=route, since=since
        )


class Desk:
    """The store of one axis, its directory, and who watches. All times come from its clock.

    ``authorities``: by whom the signatures of packets are checked (simulator/trust.py).
    """

    def __init__(
        self,
        store: Store,
        topology: Topology,
        *,
        profile: Profile,
        clock: Clock,
        seed: int,
        authorities: Sequence["x509.Certificate"] = (),
    ) -> None:
        self.topology = topology
        self.authorities = tuple(authorities)
        self.profile = profile
        self.clock = clock
        self.seed = seed
        self.witnesses = Witnesses()
        self._store = store
        self._directory = remembered(self.topology, store.past)
        self._working = self._directory  # the writer's, one group ahead
        store.announce = self.witnesses.fact
        store.on_moved = self._roll_back

    async def _decided(
        self,
        operation: str,
        system_id: str,
        decision: Callable[[View], tuple[events.Fact, ...] | Refusal],
        deliveries: tuple[str, ...] = (),
    ) -> Refusal | None:
        at = self.clock.now()

        def job(transaction: Transaction) -> Refusal | None:
            facts = decision(self._view(transaction))
            if isinstance(facts, Refusal):
                transaction.append([refused_as(facts, at=at, operation=operation, system_id=system_id)])
                return facts
            transaction.append(facts)
            self._follow(transaction, facts)
            return None

        refusal = await self._store.run(job, deliveries=deliveries)
        self._publish()
        return refusal

    @property
    def directory(self) -> Directory:
        """Units and systems as they are now, also where another process changed them."""
        if self._store.moved():
            self._directory = remembered(self.topology, self._store.past)
        return self._directory

    def _publish(self) -> None:
        """Let everybody see what the writer decided; a shared store shows it by itself, with what others decided."""
        if not self._store.shared:
            self._directory = self._working

    def _follow(self, transaction: Transaction, facts: Sequence[events.Fact]) -> None:
        """Rows first, then the writer's directory: a job that fails leaves both as they were."""
        if any(isinstance(fact, events.UnitRegistered | events.UnitClosed) for fact in facts):
            self._working = remembered(self.topology, transaction)

    def _roll_back(self, past: Past) -> None:
        self._directory = self._working = remembered(self.topology, past)

    def _view(self, transaction: Transaction) -> View:
        return View(transaction, self._working)

    async def refused(
        self,
        refusal: Refusal,
        *,
        operation: str,
        system_id: str,
        package: str | None = None,
        sender: str | None = None,
    ) -> None:
        """Remember a refusal that was decided before any view was needed."""
        fact = refused_as(
            refusal,
            at=self.clock.now(),
            operation=operation,
            system_id=system_id,
            package=package,
            sender=sender,
        )
        await self._store.run(lambda transaction: transaction.append([fact]))


def refused_as(
    refusal: Refusal,
    *,
    at: datetime,
    operation: str,
    system_id: str,
    package: str | None = None,
    sender: str | None = None,
    document_id: str | None = None,
) -> events.Refused:
    """A refusal as the fact that it happened."""
    return events.Refused(
        at=at,
        operation=operation,
        system_id=system_id,
        code=refusal.error.code,
        error=refusal.error.id,
        because=refusal.desc,
        package=package,
        sender=sender,
        document_id=document_id,
    )
