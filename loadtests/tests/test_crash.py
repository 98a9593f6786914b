"""The oracle of the crash runs rings for each thing that must never happen, and only then; and two real kills."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtests.crash.__main__ import summary
from loadtests.crash.cycle import children, crash
from loadtests.crash.oracle import History

A, B = "unit.a", "unit.b"


def found(history: History) -> dict[str, int]:
    return {name: count for name, count in history.account().counts.items() if count}


def delivered(history: History, number: int, delivery: str, unit: str) -> None:
    history.read(delivery, number=number, unit=unit, intact=True)


def done(history: History, delivery: str) -> None:
    history.confirming(delivery)
    history.confirmed(delivery)


def a_good_run() -> History:
    """1 waits at b, 2 was confirmed, 3 was never answered and is there, 4 was never answered and is not."""
    history = History()
    for number, units in ((1, [A, B]), (2, [A]), (3, [B]), (4, [A])):
        history.sending(number, units)
    history.acknowledged(1, "doc1")
    history.acknowledged(2, "doc2")
    for number, delivery, unit in ((1, "d1a", A), (1, "d1b", B), (2, "d2a", A), (3, "d3b", B)):
        delivered(history, number, delivery, unit)
    done(history, "d1a")
    done(history, "d2a")
    history.audited(A, [])
    history.audited(B, ["d1b", "d3b"])
    return history


def test_a_run_in_which_all_went_well_has_nothing_to_report() -> None:
    history = a_good_run()
    history.recorded(1, [(A, "d1a"), (B, "d1b")])
    history.recorded(2, [(A, "d2a")])

    account = history.account()

    assert account.kept
    assert (account.sent, account.acknowledged, account.deliveries, account.confirmed) == (4, 2, 4, 2)


def lose_a_waiting_one(history: History) -> None:
    history.audited(B, ["d3b"])


def lose_one_for_the_second_receiver(history: History) -> None:
    history.recorded(1, [(A, "d1a")])


def lose_one_that_was_never_listed(history: History) -> None:
    history.sending(9, [A])
    history.acknowledged(9, "doc9")
    history.audited(A, [])


def deliver_twice(history: History) -> None:
    delivered(history, 3, "d3b-again", B)


def deliver_twice_what_was_confirmed(history: History) -> None:
    delivered(history, 2, "d2a-again", A)


def record_twice(history: History) -> None:
    history.recorded(2, [(A, "d2a"), (A, "d2a-again")])


def answer_a_repeat_with_another_id(history: History) -> None:
    history.sending(2, [A])
    history.acknowledged(2, "doc2-again")


def resurrect(history: History) -> None:
    history.audited(A, ["d2a"])


def alter(history: History) -> None:
    history.read("d1b", number=1, unit=B, intact=False)


def deliver_to_a_stranger(history: History) -> None:
    delivered(history, 2, "d2b", B)


@pytest.mark.parametrize(
    ("wrong", "kind", "document"),
    [
        (lose_a_waiting_one, "lost", (1, B)),
        (lose_one_for_the_second_receiver, "lost", (1, B)),
        (lose_one_that_was_never_listed, "lost", (9, A)),
        (deliver_twice, "doubled", (3, B)),
        (deliver_twice_what_was_confirmed, "doubled", (2, A)),
        (record_twice, "doubled", (2, A)),
        (answer_a_repeat_with_another_id, "doubled", (2, "DocId")),
        (resurrect, "resurrected", (2, A)),
        (alter, "altered", (1, B)),
        (deliver_to_a_stranger, "altered", (2, B)),
    ],
)
def test_one_wrong_thing_is_found_once_and_by_its_document(
    wrong: Callable[[History], None], kind: str, document: tuple[int, str]
) -> None:
    history = a_good_run()

    wrong(history)

    assert found(history) == {kind: 1}
    assert getattr(history.account(), kind) == (document,)


def test_a_confirmation_without_an_answer_leaves_both_ways_open() -> None:
    for waiting in ([], ["d1b", "d3b"]):
        history = a_good_run()
        history.confirming("d1b")
        history.confirming("d3b")

        history.audited(B, waiting)

        assert found(history) == {}


def test_a_sending_that_was_repeated_and_gets_its_first_id_is_no_double() -> None:
    history = a_good_run()
    history.sending(3, [B])
    history.acknowledged(3, "doc3")
    history.sending(3, [B])
    history.acknowledged(3, "doc3")
    history.audited(B, ["d1b", "d3b"])

    assert found(history) == {}


def test_a_delivery_that_was_confirmed_before_its_sender_was_answered_is_owed_no_more() -> None:
    history = History()
    history.sending(1, [A])
    delivered(history, 1, "d1", A)
    done(history, "d1")
    history.acknowledged(1, "doc1")
    history.audited(A, [])

    assert found(history) == {}


@given(st.data())
def test_every_planted_loss_is_counted_and_no_other(data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 30))
    history = History()
    waiting = []
    for number in range(count):
        history.sending(number, [A])
        history.acknowledged(number, f"doc{number}")
        delivered(history, number, f"d{number}", A)
        if data.draw(st.booleans()):
            done(history, f"d{number}")
        else:
            waiting.append(number)
    lost = data.draw(st.sets(st.sampled_from(waiting))) if waiting else set()

    history.audited(A, [f"d{number}" for number in waiting if number not in lost])

    assert history.account().lost == tuple((number, A) for number in sorted(lost))


def test_the_lists_of_findings_are_bounded_and_the_counts_exact() -> None:
    history = History()
    for number in range(1_500):
        history.sending(number, [A])
        history.acknowledged(number, f"doc{number}")
    history.audited(A, [])

    account = history.account()

    assert account.counts["lost"] == 1_500
    assert len(account.lost) == 1_000


def test_the_children_of_a_process_are_known() -> None:
    assert children(os.getpid()) == [] or all(pid > 0 for pid in children(os.getpid()))
    assert children(2**22 + 1) == []


async def test_two_kills_of_a_real_hub_lose_nothing(tmp_path: Path) -> None:
    killed = await crash("sqlite", 2, seed=7, folder=tmp_path, most_load=0.4)

    assert killed.victims == {"hub": 2}
    assert killed.account.acknowledged > 0
    assert killed.account.kept, killed.account
    told = summary([killed], seed=7, seconds=1.0)
    assert (told["kills"], told["lost"], told["doubled"], told["resurrected"]) == (2, 0, 0, 0)
    assert told["acknowledged"] == killed.account.acknowledged
