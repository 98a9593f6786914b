"""Recalls, updates and replacements: what their chapters share. packets: as lanes write them; steps: how they are
driven; said: what came of them; judging: what it means."""

from conformance.cases.changes.judging import (
    answered_with,
    answers_shown,
    clean,
    gone,
    kept,
    own_id,
    reaches,
    stands,
    true_answer,
    with_reason,
    without_reason_stays,
)
from conformance.cases.changes.packets import (
    CORRECTED,
    RECALLED,
    fresh_id,
    last_year,
    recall_of,
    replacement_of,
    update_of,
)
from conformance.cases.changes.said import (
    answers,
    files_of,
    first_answer,
    held_before,
    of_type,
    own,
    replies,
    require_taken,
    shown,
)
from conformance.cases.changes.steps import (
    DECLINED,
    again,
    answer_in_turn,
    hold,
    hold_all,
    lookalikes,
    order_without_reason,
    settle,
    turn_down,
)

__all__ = [
    "CORRECTED", "DECLINED", "RECALLED", "again", "answer_in_turn", "answered_with", "answers", "answers_shown",
    "clean", "files_of", "first_answer", "fresh_id", "gone", "held_before", "hold", "hold_all", "kept", "last_year",
    "lookalikes",
    "of_type", "order_without_reason", "own", "own_id", "reaches", "recall_of", "replacement_of", "replies",
    "require_taken", "settle", "shown", "stands", "true_answer", "turn_down", "update_of", "with_reason",
    "without_reason_stays",
]  # fmt: skip
