"""Replaying on an axis of one's own: it starts, the SUT comes for the packages, and what it did with each is said."""

import asyncio
import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx

from conformance import config as configuration
from conformance.bench import driver_for
from conformance.config import BadConfig, Config, Driver, Hub, System
from conformance.evidence import Lane
from conformance.replay.sending import Sent, Target, send
from conformance.replay.stimuli import Stimulus
from conformance.runfolder import RunEvidence
from conformance.setting import admit, profile_of, sut_of, topology_of
from conformance.sut.driver import Connection
from conformance.trust import Vault, pki_folder
from simulator.clock import SystemClock
from simulator.hub.events import Exchange, Fact
from simulator.topology import Unit
from simulator.words import Text
from simulator.world import World, WorldConfig

__all__ = ["Outcome", "config_of", "on_own_axis", "secret_of"]

_TICK = 0.05
_NOT_SET = Text(
    en="--secret-env names {name}, which is not set in the environment",
    vi="--secret-env chỉ đến {name} nhưng biến môi trường này chưa đặt",
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a replay. ``fates``: DocId -> what the SUT did with it; ``waited``: whether a SUT was waited for."""

    url: str
    sent: tuple[Sent, ...]
    fates: Mapping[str, str]
    waited: bool

    @property
    def exit_code(self) -> int:
        """0, 1 or 3."""
        if not all(each.as_then for each in self.sent):
            return 1
        return 3 if self.waited and not self.taken else 0

    @property
    def taken(self) -> bool:
        """Whether the SUT confirmed everything that the axis took."""
        return all(self.fates.get(each.doc_id, "").startswith("confirmed") for each in self.sent if each.doc_id)


def secret_of(name: str) -> str:
    """The secret in that environment variable. Raises BadConfig."""
    secret = os.environ.get(name, "")
    if not secret:
        raise BadConfig(_NOT_SET.filled(name=name))
    return secret


class _Fates:
    """What the SUT does with the packages. A witness of the hub."""

    def __init__(self, system_id: str) -> None:
        self._system_id = system_id
        self.of: dict[str, str] = {}

    def fact(self, fact: Fact) -> None:
        """Remember fetches and confirms of the SUT."""
        members: dict[str, Any] = fact.record()
        if members.get("system_id") == self._system_id and members["fact"] in ("fetched", "confirmed"):
            word = f" {members['word']}" if members["fact"] == "confirmed" else ""
            self.of[members["doc_id"]] = f"{members['fact']}{word}"

    def exchange(self, exchange: Exchange) -> None:
        """Nothing to remember."""


def config_of(
    run: RunEvidence, sut_file: Path | None, secret_env: str | None, *, port: int | None, topology: str | None
) -> Config:
    """The SUT of its file, or the one that the run tells of. Raises BadConfig."""
    sut = run.header["sut"]
    if sut_file is not None:
        config = configuration.read(sut_file)
    else:
        own = System(
            name=sut["name"],
            organ=sut["organ"],
            organ_name=sut.get("organ_name", ""),
            system_id=sut["system_id"],
            secret=secret_of(secret_env) if secret_env else "",
        )
        config = Config(hub=Hub(listen="127.0.0.1:0"), sut=own, driver=Driver(kind="manual"))
    hub = replace(config.hub, topology=topology or run.header["topology"], profile=run.header["profile"])
    return configuration.listening(replace(config, hub=hub), port)


async def on_own_axis(
    config: Config,
    found: tuple[Stimulus, ...],
    lanes: tuple[Lane, ...],
    *,
    seconds: float,
    seed: int,
    say: Callable[[str, str], None],
) -> Outcome:
    """Start an axis, send, and wait until the SUT took everything or ``seconds`` are over. ``say``: told address and
    secret. Raises BadConfig, HubError, CannotSend, DriverFailed."""
    profile, topology = profile_of(config), topology_of(config)
    sut = sut_of(config, topology)
    with tempfile.TemporaryDirectory(prefix="axisproof-replay-") as scratch:
        vault = Vault(pki_folder(config, Path(scratch)), SystemClock())
        settings = WorldConfig(
            data=Path(scratch) / "axis", topology=topology, profile=profile, seed=seed, host=config.hub.host,
            port=config.hub.port, control_port=0, living=False, tls=vault.pki if config.hub.tls else None,
            tls_names=config.hub.tls_names, authorities=vault.installed,
        )  # fmt: skip
        async with World(settings, clock=SystemClock()) as world, httpx.AsyncClient(trust_env=False) as http:
            await admit(world, config, sut)
            for lane in lanes:
                if lane.system_id not in world.hub.credentials:  # a lane that the run had made up
                    await world.hub.add_system(lane.system_id, (Unit(lane.unit, lane.codes[-1], lane.name),))
            fates = _Fates(sut.system_id)
            world.hub.witnesses.add(fates)
            secrets = {name: entry[0] for name, entry in world.hub.credentials.items()}
            say(world.outer_url, secrets[sut.system_id])
            target = Target(world.url, secrets, control=world.control_url or "", token=world.token)
            driver = driver_for(config, folder=Path(scratch), log=Path(scratch) / "sut.log")
            await driver.start(
                Connection(world.outer_url, sut.system_id, secrets[sut.system_id], sut.organ, config.sut.organ_name)
            )
            try:
                outcome = Outcome(world.url, tuple([await send(http, each, target) for each in found]), fates.of, True)
                deadline = asyncio.get_running_loop().time() + seconds
                offered = True
                while not outcome.taken and asyncio.get_running_loop().time() < deadline:
                    offered = offered and (await driver.call("POST", "/control/poll", {})).ok
                    await asyncio.sleep(_TICK)
            finally:
                await driver.stop()
            return outcome
