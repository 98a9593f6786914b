"""The axis reads thinly: what it makes of a packet is what it would make of the whole reading."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings

from simulator.hub.admission import admit
from simulator.protocol import codec
from simulator.protocol.errors import Malformed
from simulator.protocol.profile import Limits, Profile
from simulator.protocol.tests.specimens import SPECIMENS, Specimen
from simulator.protocol.tests.test_carving import LIMITS, mutated

PROFILES = (Profile(), Profile(packet_signature="require"))


def routed(read: Callable[[bytes, Limits], codec.Outline], data: bytes, limits: Limits) -> object:
    """All that the axis makes of a packet."""
    try:
        outline = read(data, limits)
    except Malformed as damage:
        return damage.damage, damage.at, damage.because
    refusals = [admit(outline, kind, profile) for kind in ("edoc", "status", "x") for profile in PROFILES]
    return outline.kind, outline.contents, refusals


def whole(data: bytes, limits: Limits) -> codec.Outline:
    """The outline of everything that the whole reader finds."""
    return codec.outlined(codec.decode(data, limits))


@settings(max_examples=250, deadline=None)
@given(mutated())
def test_the_thin_walk_finds_what_the_whole_reader_finds(data: bytes) -> None:
    assert routed(codec.skim, data, LIMITS) == routed(whole, data, LIMITS)


@pytest.mark.parametrize("specimen", SPECIMENS, ids=lambda each: f"{each.group}/{each.file}")
def test_the_thin_walk_reads_every_specimen_like_the_whole_reader(specimen: Specimen) -> None:
    assert routed(codec.skim, specimen.data, specimen.limits) == routed(whole, specimen.data, specimen.limits)
