"""The world around a system under test: one axis, its living agencies, one clock, one seed. The only place where
actors meet; they still talk over HTTP alone.

A world is ready when the axis listens; the agencies wake up after that, one by one. What they remember survives a
restart on the same data folder, as do the axis and all secrets.
"""

import asyncio
import contextlib
import json
import logging
import os
import secrets
import socket
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from simulator.agency.behaviour import AgencyNode, Letters
from simulator.agency.client import AxisClient
from simulator.agency.diary import Diary
from simulator.agency.habits import Habits
from simulator.clock import Clock, SystemClock
from simulator.faults.board import FaultBoard
from simulator.hub import events
from simulator.hub.hub import Hub
from simulator.hub.retention import Retention
from simulator.hub.serve import HubServer
from simulator.hub.tls_front import TlsFront
from simulator.hub.traffic import Follower, Traffic
from simulator.hub.trouble import WorkersGone
from simulator.hub.workers import Order, Workers
from simulator.protocol.identifiers import OrganIdForm, organ_form
from simulator.protocol.profile import PROFILES, Profile
from simulator.topology import Node, Topology, Unit

if TYPE_CHECKING:
    from cryptography import x509

    from simulator.pki.authorities import Pki

__all__ = ["CONTROL", "Traffic", "World", "WorldConfig"]

_LOG = logging.getLogger(__name__)
_SECONDS_TO_FINISH = 3.0
_HERE = "127.0.0.1"
CONTROL = "_control"
"""The key of the control API's token in the credentials file; no system bears this name."""


@dataclass(frozen=True, slots=True)
class WorldConfig:
    """What a world is made of.

    ``port``, ``control_port``: 0 picks a free one; ``control_port`` None: no control API. ``living``: False leaves all
    agencies asleep. ``quiet_units``: units (any spelling) that write no letters and get none from other agencies;
    they still answer. ``letters_per_minute``: of all agencies together. ``pace``: seconds of office time in a real one.
    ``store``: address of a PostgreSQL database; None: SQLite in ``data``. ``workers``: processes that carry the wire;
    more than one need such a database, and cannot be switched off as a whole (axis-down, axis-restart).
    ``keep_days``: days for which documents that are over are kept; None: for ever. ``tls``: the test PKI whose
    certificates the axis shows at ``host`` and ``port``, https then; plain http is left to its own agencies.
    ``tls_names``: what else those certificates are made out to. ``authorities``: the installed ones, by which the axis
    checks the signatures of packets.
    """

    data: Path
    topology: Topology
    profile: Profile = PROFILES[0]
    seed: int = 7
    host: str = "127.0.0.1"
    port: int = 0
    control_port: int | None = 0
    living: bool = True
    node_poll_seconds: float = 5.0
    quiet_units: frozenset[str] = frozenset()
    letters_per_minute: float = 30.0
    pace: float = 600.0
    store: str | None = None
    workers: int = 1
    keep_days: float | None = None
    tls: "Pki | None" = None
    tls_names: tuple[str, ...] = ()
    authorities: "tuple[x509.Certificate, ...]" = ()


@dataclass(slots=True)
class _Resident:
    """One living agency and the task in which it lives."""

    agency: AgencyNode
    task: asyncio.Task[None]


class World:
    """The running world. Enter it (``async with``) and it serves; leave it and everything ends cleanly.

    Entering raises HubError (the data folder or a port cannot be used) and OSError (the credentials file).
    """

    def __init__(self, config: WorldConfig, *, letters: Letters | None = None, clock: Clock | None = None) -> None:
        if config.living and letters is None:
            raise ValueError("living agencies need somebody who writes their letters")
        if config.workers > 1 and config.store is None:
            raise ValueError("several workers need a store that they can share")
        self.config = config
        self.clock: Clock = clock or SystemClock()
        self.traffic = Traffic()
        self.faults = FaultBoard(clock=self.clock, seed=config.seed)
        self._letters = letters
        self._residents: dict[str, _Resident] = {}
        self._directory: list[Node] = []
        self._exit = AsyncExitStack()
        self._hub: Hub | None = None
        self._server: HubServer | None = None
        self.front: TlsFront | None = None
        self._diary: Diary | None = None
        self._token = ""
        self.workers: Workers | None = None
        self.failure: WorkersGone | None = None
        self.failed = asyncio.Event()

    async def __aenter__(self) -> Self:
        config = self.config
        async with AsyncExitStack() as stack:
            hub = Hub.open(
                config.data, config.topology, profile=config.profile, clock=self.clock, seed=config.seed,
                address=config.store, authorities=config.authorities,
            )  # fmt: skip
            stack.push_async_callback(hub.close)
            self._hub = hub
            hub.witnesses.add(self)
            self._token = self._kept_token() or secrets.token_urlsafe(24)
            host, port = (config.host, config.port) if config.tls is None else (_HERE, 0)
            server = HubServer(
                hub, host=host, port=port, control_port=config.control_port, token=self._token,
                line=self.faults, hands_over=config.workers > 1,
            )  # fmt: skip
            self._server = await stack.enter_async_context(server)
            if config.workers > 1:
                await self._hire(stack, config)
            else:
                hub.witnesses.add(self.traffic)
            if config.tls is not None:
                self.front = await stack.enter_async_context(_front(config, config.tls, self._running.address))
            if config.keep_days is not None:
                keeping = Retention(hub.store, keep_days=config.keep_days, clock=self.clock, profile=config.profile)
                await stack.enter_async_context(keeping)
            if config.workers == 1:
                self.faults.axis = self
            stack.push_async_callback(self.faults.lift_all)
            self._write_credentials()
            if config.living:
                self._diary = stack.enter_context(Diary(config.data / "agencies.sqlite"))
                await self._settle(stack, self._diary)
                stack.push_async_callback(self._to_bed)
            self._exit = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._exit.aclose()

    async def _hire(self, stack: AsyncExitStack, config: WorldConfig) -> None:
        """Let workers carry the wire, and count what they do from the facts that they leave in the store."""
        assert config.store is not None  # noqa: S101  # checked on construction
        assert self._running.listener is not None  # noqa: S101  # it hands over
        order = Order(
            config.data, config.store, config.topology, config.profile, config.seed, _told(config.authorities)
        )
        follower = Follower(self.hub, self.traffic)
        await stack.enter_async_context(follower)
        crew = Workers(order, self._running.listener, config.workers, on_failure=self._fail, line=self.faults)
        self.workers = await stack.enter_async_context(crew)

    def _fail(self, trouble: WorkersGone) -> None:
        self.failure = trouble
        self.failed.set()

    # -- what others may know

    @property
    def hub(self) -> Hub:
        """The axis itself. Raises RuntimeError before the world is entered."""
        if self._hub is None:
            raise RuntimeError("the world has not been entered")
        return self._hub

    @property
    def url(self) -> str:
        """The base URL of the plain wire, on which the world's own agencies speak."""
        return self._running.url

    @property
    def outer_url(self) -> str:
        """The base URL for the SDK of whoever comes from outside: https where the axis has TLS."""
        return self.front.url if self.front is not None else self.url

    @property
    def control_url(self) -> str | None:
        """The base URL of the control API, or None where there is none."""
        return self._running.control_url or None

    @property
    def token(self) -> str:
        """The control API's token."""
        return self._token

    @property
    def credentials_file(self) -> Path:
        """Where the secrets stand (mode 0600), as an absolute path."""
        return (self.config.data / "credentials.json").resolve()

    def ready(self) -> dict[str, object]:
        """What ``--ready-file`` says (contract, section 1)."""
        return {
            "url": self.outer_url,
            "control_url": self.control_url,
            "nodes": len(self.config.topology.living),
            "topology": self.config.topology.name,
            "pid": os.getpid(),
            "credentials_file": str(self.credentials_file),
        }

    # -- what others may do

    async def borrow(self, system_id: str) -> None:
        """Act for that system from now on: its agency stands aside. Returns when what it was doing is done.

        A system for which nobody acts is free anyway. Raises KeyError for a system that does not exist.
        """
        if system_id not in self.hub.credentials:
            raise KeyError(system_id)
        if resident := self._residents.get(system_id):
            await resident.agency.stand_aside()

    async def release(self, system_id: str) -> None:
        """The agency goes on, once everybody who borrowed it has released it."""
        if resident := self._residents.get(system_id):
            resident.agency.resume()

    async def add_system(self, system_id: str, units: Sequence[Unit], *, secret: str | None = None) -> str:
        """A system of one's own, with its secret (made up where None) and units; gives the secret.

        An agency that acted for one of the units stands aside for good, and no background traffic reaches them.
        """
        credentials = await self.hub.add_system(system_id, units, secret=secret)
        codes = {code for unit in units for code in unit.codes}
        taken = [
            node
            for node in self.config.topology.living
            if node.system_id == system_id or any(code in codes for unit in node.units for code in unit.codes)
        ]
        for node in taken:
            if node in self._directory:
                self._directory.remove(node)
            await self.borrow(node.system_id)
        self._write_credentials()
        return credentials.secret

    # -- the axis switched off and on, for faults of the whole server

    async def go_down(self) -> None:
        """The axis refuses every connection. Its agencies stand aside meanwhile: they could only complain."""
        await asyncio.gather(*(resident.agency.stand_aside() for resident in self._residents.values()))
        if self.front is not None:
            await self.front.go_down()
        await self._running.go_down()

    async def come_up(self) -> None:
        """The axis listens again at the same address, and the agencies go on."""
        await self._running.come_up()
        if self.front is not None:
            await self.front.come_up()
        for resident in self._residents.values():
            resident.agency.resume()

    # -- the hub's witness

    def fact(self, fact: events.Fact) -> None:
        """A reset of the axis is one of its agencies' memory, too."""
        if isinstance(fact, events.WasReset) and self._diary is not None:
            self._diary.clear()
            if self._letters is not None:
                self._letters.reseed(self.hub.seed)
            for resident in self._residents.values():
                resident.agency.start_over(self.hub.seed)

    def exchange(self, exchange: events.Exchange) -> None:
        """Exchanges tell the agencies nothing."""

    # -- the agencies

    @property
    def _running(self) -> HubServer:
        if self._server is None:
            raise RuntimeError("the world has not been entered")
        return self._server

    async def _settle(self, stack: AsyncExitStack, diary: Diary) -> None:
        config = self.config
        assert self._letters is not None  # noqa: S101  # checked on construction
        self._directory = [node for node in config.topology.living if not self._quiet(node)]
        total = sum(node.weight for node in self._directory) or 1.0
        for number, node in enumerate(config.topology.living):
            writes = node in self._directory and len(self._directory) > 1
            share = config.letters_per_minute / 60.0 * node.weight / total if writes else 0.0
            habits = Habits(poll_seconds=config.node_poll_seconds, pace=config.pace, letters_per_second=share)
            secret = self.hub.credentials[node.system_id].secret
            client = AxisClient(self.url, node.system_id, secret, clock=self.clock)
            stack.push_async_callback(client.aclose)
            agency = AgencyNode(
                node,
                client=client,
                letters=self._letters,
                directory=self._directory,
                diary=diary,
                clock=self.clock,
                seed=self.hub.seed,
                habits=habits,
            )
            # Polls are spread over one period: 95 systems that ask in the same instant are a load test, not a day.
            first = config.node_poll_seconds * (number + 1) / len(config.topology.living)
            task = asyncio.create_task(agency.live(first_poll_after=first), name=node.system_id)
            self._residents[node.system_id] = _Resident(agency, task)

    def _quiet(self, node: Node) -> bool:
        return any(code in self.config.quiet_units for unit in node.units for code in unit.codes)

    async def _to_bed(self) -> None:
        """Let every agency finish what it is doing, for a moment; then end it."""
        residents = list(self._residents.values())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_SECONDS_TO_FINISH):
                await asyncio.gather(*(resident.agency.stand_aside() for resident in residents))
        tasks = [resident.task for resident in residents]
        for task in tasks:
            task.cancel()
        for outcome in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(outcome, Exception):
                _LOG.warning("an agency ended with %r", outcome)
        self._residents.clear()

    # -- the credentials file

    def _kept_token(self) -> str:
        try:
            kept = json.loads(self.credentials_file.read_text("utf-8"))
            return str(kept[CONTROL]["token"])
        except (OSError, ValueError, KeyError, TypeError):
            return ""

    def _write_credentials(self) -> None:
        """Anew as a whole: the file never exists with another mode or half written."""
        living = {node.system_id for node in self.config.topology.living}
        entries: dict[str, dict[str, object]] = {}
        for system_id, (secret, organs) in sorted(self.hub.credentials.items(), key=lambda pair: pair[0] in living):
            listed = list(organs)
            if system_id not in living:  # a person takes the first one for the SDK's samples' form
                listed.sort(key=lambda code: organ_form(code) is not OrganIdForm.QCVN102)
            entries[system_id] = {"secret": secret, "organs": listed}
        entries[CONTROL] = {"secret": self._token, "organs": [], "token": self._token}
        draft = self.credentials_file.with_suffix(".draft")
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump(entries, file, ensure_ascii=False, indent=1)
            file.write("\n")
        draft.replace(self.credentials_file)


def _told(authorities: "tuple[x509.Certificate, ...]") -> tuple[bytes, ...]:
    """The authorities as workers are told of them."""
    if not authorities:
        return ()
    from simulator.trust import packed  # certificates cost time that most worlds need not pay

    return packed(authorities)


def _front(config: WorldConfig, pki: "Pki", axis: tuple[str, int]) -> TlsFront:
    """The https side of the axis, with certificates for the host that it listens on."""
    from simulator.pki.shown import GOOD, contexts  # certificates cost time that a plain world need not pay

    names = (config.host, socket.gethostname(), *config.tls_names)
    return TlsFront(contexts(pki, names), honest=GOOD, axis=axis, host=config.host, port=config.port)
