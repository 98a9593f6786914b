"""What a configuration means on a real axis: its profile, its topology, who the SUT is there, and letting it in."""

from dataclasses import replace

from conformance.config import BadConfig, Config
from conformance.evidence import Sut
from fixtures import topologies
from simulator.protocol import profile as profiles
from simulator.protocol.identifiers import mapped_code
from simulator.protocol.profile import Profile
from simulator.topology import Topology, Unit
from simulator.words import Text
from simulator.world import World

__all__ = ["admit", "profile_of", "sut_of", "topology_of"]


def profile_of(config: Config) -> Profile:
    """The profile that the configuration names. Raises BadConfig."""
    profile = profiles.named(config.hub.profile)
    if profile is None:
        names = ", ".join(each.name for each in profiles.PROFILES)
        raise BadConfig(
            Text(
                en=f"there is no profile {config.hub.profile!r}; there are {names}",
                vi=f"không có hồ sơ mô phỏng {config.hub.profile!r}; có các hồ sơ: {names}",
            )
        )
    return profile


def topology_of(config: Config) -> Topology:
    """The topology that the configuration names. Raises BadConfig."""
    try:
        return topologies.load(config.hub.topology)
    except topologies.TopologyNotUsable as error:
        raise BadConfig(error.because) from error


def sut_of(config: Config, topology: Topology) -> Sut:
    """Who is tested, with every spelling of its unit that the directory knows."""
    own = config.sut
    unit = _unit(topology, own.organ)
    codes = unit.codes if unit else tuple(filter(None, (own.organ, mapped_code(own.organ))))
    organs = tuple(dict.fromkeys((own.organ, *codes)))
    return Sut(own.system_id, own.organ, organs, own.name, own.organ_name or (unit.name if unit else ""))


def _unit(topology: Topology, code: str) -> Unit | None:
    return next((unit for node in topology.nodes for unit in node.units if code in unit.codes), None)


async def admit(world: World, config: Config, sut: Sut) -> None:
    """Make the axis know the SUT: its own system, secret and unit where they are not those of the topology, the unit
    by the code that the SUT's file gives it."""
    known = world.hub.credentials.get(sut.system_id)
    if known is None or config.sut.secret:
        unit = Unit(code=sut.organs[-1], code102=sut.organ if len(sut.organs) > 1 else "", name=sut.organ_name)
        units = () if known is not None else (replace(unit, registered_as=sut.organ),)
        await world.add_system(sut.system_id, units, secret=config.sut.secret or None)
    own = world.hub.directory.resolve(sut.organ)
    if own is not None and own.system_id == sut.system_id and own.unit.own_code != sut.organ:
        await world.hub.add_system(sut.system_id, (Unit(code=sut.organ),))
