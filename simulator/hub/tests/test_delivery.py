"""The life of one delivery."""

import uuid
from dataclasses import replace
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from simulator.hub.decide import delivery_id
from simulator.hub.delivery import TRANSITIONS, Event, Stage, fetchable, listed_stages, step
from simulator.protocol.profile import FailEffect, ProcessingEffect, Profile

NAMES = uuid.UUID("6f7a8c9e-1f5b-4f0e-9d3c-2b8a54c1e7d0")


def test_every_stage_has_an_answer_to_every_event() -> None:
    assert set(TRANSITIONS) == set(product(Stage, Event))


@given(st.lists(st.sampled_from(Event)), st.lists(st.sampled_from(Event)))
def test_after_done_no_order_of_words_brings_a_package_back(before: list[Event], after: list[Event]) -> None:
    stage = Stage.WAITING
    for event in [*before, Event.DONE, *after]:
        stage = step(stage, event)

    assert stage is Stage.DONE
    keeps = replace(Profile(), on_fail=FailEffect.KEEPS)
    assert stage not in listed_stages(keeps)


@given(st.lists(st.just(Event.FETCH)))
def test_fetching_alone_never_takes_a_package_off_the_list(fetches: list[Event]) -> None:
    stage = Stage.WAITING
    for event in fetches:
        stage = step(stage, event)

    assert stage in listed_stages(Profile())


def test_the_profile_says_what_fail_and_processing_do_to_the_list() -> None:
    default = listed_stages(Profile())
    other = listed_stages(replace(Profile(), on_fail=FailEffect.KEEPS, on_processing=ProcessingEffect.HIDES))

    assert Stage.PROCESSING in default
    assert Stage.FAILED not in default
    assert Stage.PROCESSING not in other
    assert Stage.FAILED in other


def test_the_profile_says_whether_a_confirmed_package_can_be_fetched() -> None:
    strict = replace(Profile(), fetch_after_confirm=False)

    assert all(fetchable(stage, Profile()) for stage in Stage)
    assert [stage for stage in Stage if not fetchable(stage, strict)] == [Stage.DONE, Stage.FAILED]


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"])))
def test_an_id_is_a_name_based_uuid_of_document_and_unit(document: str, unit: str) -> None:
    made = delivery_id(document, unit)

    assert uuid.UUID(made).hex[12:] == uuid.uuid5(NAMES, f"{document} {unit}").hex[12:]
    assert delivery_id("0123456789AB rest", unit).startswith("01234567-89ab-5")
