"""The life of one package towards one recipient: one table, and ``step()``.

No clause publishes what ``fail`` and ``processing`` do on the real axis (wire.md A.2): the effects on the list are
choices of the profile, the stages themselves are not.
"""

from dataclasses import dataclass
from enum import StrEnum

from simulator.protocol.profile import FailEffect, ProcessingEffect, Profile

__all__ = ["TRANSITIONS", "WORDS", "Delivery", "Event", "Stage", "fetchable", "listed_stages", "step"]


class Stage(StrEnum):
    """Where one delivery stands."""

    WAITING = "waiting"
    FETCHED = "fetched"
    PROCESSING = "processing"
    DONE = "done"
    FAILED = "failed"


class Event(StrEnum):
    """What a recipient does: ``getEdoc``/``downloadEdoc``, or a word of ``updateStatus``."""

    FETCH = "fetch"
    DONE = "done"
    FAIL = "fail"
    PROCESSING = "processing"


WORDS = (Event.DONE, Event.FAIL, Event.PROCESSING)
"""The words of ``updateStatus`` (wire.md A.2)."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One package towards one unit."""

    delivery_id: str
    doc_id: str
    unit: str
    stage: Stage


TRANSITIONS: dict[tuple[Stage, Event], Stage] = {
    (Stage.WAITING, Event.FETCH): Stage.FETCHED,
    (Stage.WAITING, Event.DONE): Stage.DONE,
    (Stage.WAITING, Event.FAIL): Stage.FAILED,
    (Stage.WAITING, Event.PROCESSING): Stage.PROCESSING,
    (Stage.FETCHED, Event.FETCH): Stage.FETCHED,
    (Stage.FETCHED, Event.DONE): Stage.DONE,
    (Stage.FETCHED, Event.FAIL): Stage.FAILED,
    (Stage.FETCHED, Event.PROCESSING): Stage.PROCESSING,
    (Stage.PROCESSING, Event.FETCH): Stage.PROCESSING,
    (Stage.PROCESSING, Event.DONE): Stage.DONE,
    (Stage.PROCESSING, Event.FAIL): Stage.FAILED,
    (Stage.PROCESSING, Event.PROCESSING): Stage.PROCESSING,
    (Stage.FAILED, Event.FETCH): Stage.FAILED,
    (Stage.FAILED, Event.DONE): Stage.DONE,
    (Stage.FAILED, Event.FAIL): Stage.FAILED,
    (Stage.FAILED, Event.PROCESSING): Stage.FAILED,
    # Known clients say `done` again when they meet a package again (wire.md A.2): a confirmed one stays confirmed.
    (Stage.DONE, Event.FETCH): Stage.DONE,
    (Stage.DONE, Event.DONE): Stage.DONE,
    (Stage.DONE, Event.FAIL): Stage.DONE,
    (Stage.DONE, Event.PROCESSING): Stage.DONE,
}


def step(stage: Stage, event: Event) -> Stage:
    """The stage after ``event``; every word is answered in every stage, so the table is total."""
    return TRANSITIONS[stage, event]


def listed_stages(profile: Profile) -> tuple[Stage, ...]:
    """The stages in which a package stands on its recipient's list."""
    stages = [Stage.WAITING, Stage.FETCHED]
    if profile.on_processing is ProcessingEffect.KEEPS:
        stages.append(Stage.PROCESSING)
    if profile.on_fail is FailEffect.KEEPS:
        stages.append(Stage.FAILED)
    return tuple(stages)


def fetchable(stage: Stage, profile: Profile) -> bool:
    """Whether the bytes can be had in that stage."""
    return profile.fetch_after_confirm or stage not in (Stage.DONE, Stage.FAILED)
