"""The faults that are on: the line between the hub's answers and its sockets. Nothing on, nothing changed."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, Protocol

from simulator.clock import Clock
from simulator.faults.catalogue import fault_named
from simulator.faults.fault import ALIASES, BY_ID, Fault, Strike, Switch, Whom, delivery_id
from simulator.wire import Answering, Outcome, Request

__all__ = ["Axis", "FaultBoard", "Running", "Struck"]

Struck = Callable[[Request], None]
"""Told of an exchange that was hit."""


def _nobody(request: Request) -> None:
    """Nobody is told."""


class Axis(Protocol):
    """The server, as far as it can be switched off."""

    async def go_down(self) -> None:
        """Refuse every connection."""

    async def come_up(self) -> None:
        """Listen again at the same address."""


class Running:
    """One fault that is on, for ``whom``, ``times`` hits or (None) until it is lifted."""

    def __init__(
        self, fault: Fault, *, whom: Whom, times: int | None, options: Mapping[str, Any], clock: Clock, seed: str,
        struck: Struck, released: Struck,
    ) -> None:  # fmt: skip
        self.fault = fault
        self.whom = whom
        self.options = options
        self.strikes = 0
        self.lifted = asyncio.Event()
        self._left = times
        self._clock = clock
        self._random = random.Random(seed)  # noqa: S311  # repeatable on purpose
        self._memory: dict[str, Any] = {}
        self._struck = struck
        self._released = released

    def concerns(self, request: Request) -> bool:
        """Whether this exchange is to be hit."""
        if self._left == 0 or self.lifted.is_set():
            return False
        if self.fault.operations and request.operation not in self.fault.operations:
            return False
        own = request.operation in BY_ID and delivery_id(request) in self._memory.get(ALIASES, ())
        return own or self.whom.concerns(request)

    async def carry(self, request: Request, *, answer: Answering) -> Outcome:
        """Hit one exchange."""
        if self.fault.effect is None:
            return await answer(request)
        announced = False

        def announce() -> None:
            nonlocal announced
            announced = True
            self.strikes += 1
            self._struck(request)

        strike = Strike(
            request, answer, self.whom, self.options, self._memory, self._random, self._clock, self.lifted, announce
        )
        if self._left is not None:
            self._left -= 1
        outcome = await self.fault.effect(strike)
        if announced:
            self._released(request)
        elif strike.hit:
            announce()
        elif self._left is not None:
            self._left += 1
        return outcome


class FaultBoard:
    """Switches faults on and off; a ``Line`` of the hub's server. ``axis``: needed for the faults of the whole server.
    ``followers``: awaited after every change, before ``begin`` and ``lift`` return.

    Each running fault has a random stream of its own, drawn from ``seed``, so that one more does not move the others.
    """

    def __init__(self, *, clock: Clock, seed: int) -> None:
        self.axis: Axis | None = None
        self.followers: list[Callable[[], Awaitable[None]]] = []
        self._clock = clock
        self._seed = seed
        self._begun = 0
        self._running: list[Running] = []

    @property
    def running(self) -> tuple[Running, ...]:
        """The faults that are on, in the order in which they began."""
        return tuple(self._running)

    def touches(self) -> frozenset[str] | None:
        """The operations that the faults that are on may hit; None: any."""
        effects = [running.fault for running in self._running if running.fault.effect is not None]
        if not all(fault.operations for fault in effects):
            return None
        return frozenset(operation for fault in effects for operation in fault.operations)

    async def begin(
        self,
        fault_id: str,
        *,
        whom: Whom = Whom(),
        times: int | None = None,
        struck: Struck = _nobody,
        released: Struck = _nobody,
        **options: Any,
    ) -> Running:
        """Switch a fault on. ``struck``: told of each hit; ``released``: when an exchange goes on that was held back.

        Raises KeyError for one that does not exist, TypeError for an option that it lacks, RuntimeError for one of the
        whole server where there is none to switch off."""
        fault = fault_named(fault_id)
        if fault.switch is not None and self.axis is None:
            raise RuntimeError("there is no server to switch off")
        if unknown := sorted(options.keys() - fault.options.keys()):
            raise TypeError(f"{fault_id} has no option {', '.join(unknown)}")
        self._begun += 1
        running = Running(
            fault, whom=whom, times=times, options={**fault.options, **options}, clock=self._clock,
            seed=f"{self._seed}/{self._begun}/{fault_id}", struck=struck, released=released,
        )  # fmt: skip
        self._running.append(running)
        await self._tell()
        if fault.switch is not None:
            await self._switch_off()
        if fault.switch is Switch.RESTART:
            await self._clock.sleep(float(running.options["seconds"]))
            await self.lift(running)
        return running

    async def lift(self, running: Running) -> None:
        """Switch it off: whatever it holds back goes on. A second time does nothing."""
        running.lifted.set()
        if running not in self._running:
            return
        self._running.remove(running)
        await self._tell()
        if running.fault.switch is not None and self.axis is not None:
            await self.axis.come_up()

    async def lift_all(self) -> None:
        """Switch all of them off."""
        for running in self.running:
            await self.lift(running)

    async def carry(self, request: Request, answer: Answering) -> Outcome:
        """One exchange through every fault that concerns it; the one that began first is nearest to the client."""
        chain = answer
        for running in reversed(self._running):
            if running.concerns(request):
                chain = partial(running.carry, answer=chain)
        return await chain(request)

    async def _tell(self) -> None:
        for follower in tuple(self.followers):
            await follower()

    async def _switch_off(self) -> None:
        assert self.axis is not None  # noqa: S101  # looked at before the fault began
        await self.axis.go_down()
