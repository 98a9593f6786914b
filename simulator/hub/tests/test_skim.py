"""The axis reads thinly: what it makes of a packet is what it would make of the whole reading."""

import pytest
from hypothesis import given, settings

from simulator.hub.admission import admit
from simulator.hub.decide import contents
from simulator.protocol import codec
from simulator.protocol.errors import Malformed
from simulator.protocol.profile import Limits, Profile
from simulator.protocol.reading import Reading
from simulator.protocol.tests.specimens import SPECIMENS, Specimen
from simulator.protocol.tests.test_carving import LIMITS, mutated

PROFILES = (Profile(), Profile(packet_signature="require"))


def routed(read: object, data: bytes, limits: Limits) -> object:
    """All that the axis makes of a packet."""
    try:
        reading: Reading = read(data, limits)  # type: ignore[operator]
    except Malformed as damage:
        return damage.damage, damage.at, damage.because
    refusals = [admit(reading, kind, profile) for kind in ("edoc", "status", "x") for profile in PROFILES]
    return reading.kind, contents(reading), refusals


@settings(max_examples=250, deadline=None)
@given(mutated())
def test_the_thin_walk_finds_what_the_whole_reader_finds(data: bytes) -> None:
    assert routed(codec.skim, data, LIMITS) == routed(codec.decode, data, LIMITS)


@pytest.mark.parametrize("specimen", SPECIMENS, ids=lambda each: f"{each.group}/{each.file}")
def test_the_thin_walk_reads_every_specimen_like_the_whole_reader(specimen: Specimen) -> None:
    assert routed(codec.skim, specimen.data, specimen.limits) == routed(codec.decode, specimen.data, specimen.limits)
