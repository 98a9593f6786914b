"""Lanes, the pulse of the SUT, and the letters that lanes write."""

import io
import random
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from conformance.case import Wave
from conformance.evidence import Lane
from conformance.lanes import NotEnoughLanes, plan, usable
from conformance.letters import files, letter, order, pdf, reply
from conformance.pulse import Pulse
from conformance.tests.conftest import LANE, SUT
from conformance.tests.test_cases import _Odd
from fixtures import topologies
from simulator.clock import VIETNAM
from simulator.protocol import codec
from simulator.protocol.lint import lint
from simulator.protocol.rules import Level


class Desk:
    """Somebody who writes letters at a known time."""

    sut = SUT
    lanes = (LANE,)

    def __init__(self, seed: int = 1) -> None:
        self.random = random.Random(seed)

    def now(self) -> datetime:
        return datetime(2026, 11, 21, 8, 0, tzinfo=VIETNAM)


def cases(*sizes: int, wave: Wave = Wave.COMPANY):
    made = []
    for number, size in enumerate(sizes):
        kind = type(f"_Case{number}", (_Odd,), {"id": f"c/{wave.name.lower()}-{number}", "lanes": size, "wave": wave})
        made.append(kind())
    return made


def agencies(number: int) -> list[Lane]:
    return [Lane(f"s{each}", f"U{each}", (f"U{each}",)) for each in range(number)]


@given(sizes=st.lists(st.integers(1, 3), max_size=20), seed=st.integers(0, 99), number=st.integers(3, 30))
def test_every_case_flies_once_and_nobody_shares_an_agency(sizes: list[int], seed: int, number: int) -> None:
    suite = cases(*sizes)

    flights = plan(suite, agencies(number), seed=seed)

    flown = [case.id for flight in flights for case in flight.cases]
    assert sorted(flown) == sorted(case.id for case in suite)
    for flight in flights:
        used = [lane.system_id for lanes in flight.lanes.values() for lane in lanes]
        assert len(set(used)) == len(used)
        assert all(len(flight.lanes[case.id]) == case.lanes for case in flight.cases)
    assert flights == plan(suite, agencies(number), seed=seed)


def test_hazards_fly_later_and_exclusive_cases_alone() -> None:
    suite = [*cases(1, 1, wave=Wave.ALONE), *cases(1, 1), *cases(1, wave=Wave.HAZARD)]

    flights = plan(suite, agencies(9), seed=1)

    assert [(flight.wave, len(flight.cases)) for flight in flights] == [
        (Wave.COMPANY, 2), (Wave.HAZARD, 1), (Wave.ALONE, 1), (Wave.ALONE, 1),
    ]  # fmt: skip


def test_a_case_that_needs_more_agencies_than_there_are_is_named() -> None:
    with pytest.raises(NotEnoughLanes, match="c/company-0"):
        plan(cases(4), agencies(3), seed=1)


def test_the_units_of_the_sut_and_the_passive_systems_are_no_lanes() -> None:
    topology = topologies.load("2020")
    first = topology.living[0].units[0]

    lanes = usable(topology, taken={first.code102 or first.code, "sut.test.01"})

    assert len(lanes) == len(topology.living) - 1
    assert not {"sut.test.01", "sut.test.02"} & {lane.system_id for lane in lanes}
    assert first.code not in {lane.unit for lane in lanes}


def test_the_pulse_measures_the_period_and_forgives_a_slow_system() -> None:
    pulse = Pulse(deadline=10.0, started=0.0)
    assert pulse.period is None
    assert pulse.next_in(0.0) is None

    for moment in (1.0, 6.0, 11.0, 31.0):
        pulse.beat(moment)

    assert pulse.period == 5.0
    assert pulse.next_in(32.0) == 4.0
    assert pulse.next_in(99.0) == 0.0
    assert pulse.alive(50.0)
    assert not pulse.alive(51.5)


def test_a_system_that_never_polls_is_gone_after_two_deadlines() -> None:
    pulse = Pulse(deadline=10.0, started=100.0)

    assert pulse.alive(119.0)
    assert not pulse.alive(121.0)


def test_one_that_is_gone_comes_back_by_asking_and_by_nothing_else() -> None:
    pulse = Pulse(deadline=10.0, started=0.0)
    pulse.beat(1.0)
    assert not pulse.alive(30.0)

    pulse.alive_at(31.0)
    assert not pulse.alive(31.5)
    pulse.alive_at(32.0, asked=True)
    assert pulse.alive(32.5)
    assert not pulse.alive(60.0)
    pulse.beat(61.0)
    assert pulse.alive(61.5)


def test_no_two_letters_of_a_lane_bear_one_number_by_chance() -> None:
    """A system that warns of a duplicate, or keeps one row for both, would then be right, and be failed for it."""
    desk = Desk(3)

    assert len({letter(desk).document_id for _ in range(300)}) == 300


def test_a_plain_letter_breaks_no_rule_and_repeats_with_its_seed() -> None:
    data = codec.encode(letter(Desk()))

    assert [finding.rule.id for finding in lint(data).of(Level.ERROR)] == []
    assert [finding.rule.id for finding in lint(data).of(Level.WARN)] == []
    assert data == codec.encode(letter(Desk()))
    assert data != codec.encode(letter(Desk(2)))


def test_a_reply_is_about_the_document_and_breaks_no_rule() -> None:
    package = letter(Desk())

    status = reply(Desk(), "03", package)

    assert status.response_for.document_id == package.document_id
    assert [finding.rule.id for finding in lint(codec.encode(status)).of(Level.ERROR)] == []


@pytest.mark.parametrize("form", ["raw", "zip-2018", "zip-2019"])
def test_files_come_out_as_they_went_in(form: str) -> None:
    manifest, attachments = files(("a.pdf", b"%PDF"), ("b.txt", b"x"), form=form)

    assert [each.file() for each in attachments] == [b"%PDF", b"x"]
    assert [each.name for each in manifest] == ["a.pdf", "b.txt"]


def test_the_pdf_opens() -> None:
    reader = PdfReader(io.BytesIO(pdf(random.Random(3), size=5000)))

    assert len(reader.pages) == 1
    assert "Van ban thu" in reader.pages[0].extract_text()


def test_an_order_holds_what_the_control_api_wants() -> None:
    request = order(Desk(), to=["G22"], subject="Về việc khác")

    assert request["to"] == ["G22"]
    assert request["subject"] == "Về việc khác"
    assert {"code_number", "code_notation", "promulgation_date", "signer", "attachments"} <= set(request)
