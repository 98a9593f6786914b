"""What a system still has before it: a right one is never said to have left out what it had not come to yet."""

import random
from collections import deque

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.backlog import Backlog
from conformance.boarding import FIRST, GROWTH, Boarding
from conformance.seen import Record
from conformance.tests.conftest import AT, SUT

ASKED = 3
"""Polls without progress that most waits ask for."""


class Axis:
    """Writes the records of a run as the axis would."""

    def __init__(self) -> None:
        self.backlog = Backlog(SUT)
        self.count = 0
        self.listed: list[str] = []

    def record(self, case: str | None, kind: str, **members: object) -> int:
        self.count += 1
        self.backlog.saw(Record(self.count, AT, case, kind, members))
        return self.count

    def fact(self, case: str | None, fact: str, **members: object) -> int:
        return self.record(case, "fact", fact=fact, system_id=SUT.system_id, **members)

    def send(self, case: str, name: str) -> int:
        self.record(
            case, "fact", fact="accepted", system_id="sim.g22", doc_id=name, document_id=name, message_type="edoc"
        )
        self.listed.append(name)
        return self.fact(case, "opened", doc_id=name, delivery_id=name)

    def poll(self) -> int:
        return self.fact(None, "polled", message_type="edoc", listed=tuple(self.listed))

    def fetch(self, case: str, name: str) -> int:
        return self.fact(case, "fetched", doc_id=name, delivery_id=name)

    def confirm(self, case: str, name: str) -> int:
        if name in self.listed:
            self.listed.remove(name)
        return self.fact(case, "confirmed", doc_id=name, delivery_id=name, word="done")

    def report(self, case: str, name: str, code: str = "01") -> int:
        return self.fact(
            case, "accepted", doc_id=f"s-{name}-{code}", document_id=name, message_type="status", status_code=code,
            to=("G22",),
        )  # fmt: skip


def test_a_poll_after_which_nothing_is_done_counts() -> None:
    axis = Axis()
    start = axis.send("c/a", "a")
    axis.poll()

    assert not axis.backlog.working("c/a", start, axis.poll())


def test_what_is_done_at_once_holds_nobody_up() -> None:
    axis = Axis()
    start = axis.send("c/other", "other")
    axis.poll()
    axis.fetch("c/other", "other")
    axis.confirm("c/other", "other")
    axis.report("c/other", "other")

    assert not axis.backlog.working("c/a", start, axis.poll())


@pytest.mark.parametrize("late", ["fetch", "confirm", "report"])
def test_a_step_that_comes_after_another_list_shows_a_backlog(late: str) -> None:
    axis = Axis()
    axis.send("c/other", "other")
    axis.poll()
    for step in ("fetch", "confirm", "report"):
        if step == late:
            axis.poll()
            start = axis.poll()
        getattr(axis, step)("c/other", "other")
        if step == late:
            assert axis.backlog.working("c/a", start, axis.poll())
            return


def test_newer_documents_taken_first_hold_up_the_case_whose_own_still_wait() -> None:
    axis = Axis()
    axis.send("c/old", "old")
    axis.poll()
    start = axis.send("c/new", "new")
    axis.poll()
    axis.fetch("c/new", "new")
    axis.confirm("c/new", "new")

    assert axis.backlog.working("c/old", start, axis.poll())
    assert not axis.backlog.working("c/new", start, axis.count)


def test_the_same_lines_listed_fetched_and_confirmed_again_are_no_progress() -> None:
    axis = Axis()
    axis.send("c/a", "a")
    axis.poll()
    axis.fetch("c/a", "a")
    axis.fact("c/a", "confirmed", doc_id="a", delivery_id="a", word="processing")
    start = axis.count
    for _ in range(5):
        axis.poll()
        axis.fetch("c/a", "a")
        axis.fact("c/a", "confirmed", doc_id="a", delivery_id="a", word="processing")
        axis.report("c/a", "a")
        axis.report("c/a", "a")

    assert not axis.backlog.moved(start, axis.count)
    assert not axis.backlog.working("c/a", start, axis.count)


@settings(max_examples=150, deadline=None)
@given(
    documents=st.integers(1, 40), batch=st.integers(1, 25), newest=st.booleans(), together=st.booleans(),
    reports_behind=st.integers(0, 1), seed=st.integers(0, 9999),
)  # fmt: skip
def test_no_wait_is_over_before_a_right_system_has_come_to_the_document(
    documents: int, batch: int, newest: bool, together: bool, reports_behind: int, seed: int
) -> None:
    """``batch`` a poll, oldest or newest first; confirmed each at once or all at the end; reported by and by."""
    draw = random.Random(seed)
    axis = Axis()
    waits: dict[str, tuple[int, int, int]] = {}  # case -> (mark, polls that counted, polls so far)
    unconfirmed: list[str] = []
    unreported: deque[tuple[int, str]] = deque()
    sent = 0
    for poll in range(400):
        for _ in range(draw.randint(0, documents - sent)):
            waits[f"c/{sent}"] = (axis.send(f"c/{sent}", str(sent)), 0, 0)
            sent += 1
        axis.poll()
        for case, (mark, counted, polls) in list(waits.items()):
            idle = not axis.backlog.working(case, mark, axis.count)
            waits[case] = (axis.count, counted + idle, polls + 1)
            assert counted + idle < ASKED + axis.backlog.lag, f"{case} was given up at poll {polls}"
        waiting = [each for each in axis.listed if each not in unconfirmed]
        draw.shuffle(waiting)
        waiting.sort(key=int, reverse=newest)
        for name in waiting[:batch]:
            axis.fetch(f"c/{name}", name)
            unconfirmed.append(name)
        if not together or len(waiting) <= batch:
            for name in unconfirmed:
                axis.confirm(f"c/{name}", name)
                unreported.append((poll, name))
            unconfirmed = []
        for _ in range(batch):
            if unreported and unreported[0][0] + reports_behind <= poll:
                _, name = unreported.popleft()
                axis.report(f"c/{name}", name)
                del waits[f"c/{name}"]
        if sent == documents and not waits:
            return
    pytest.fail("the model never ended")


def test_a_fixed_number_a_poll_is_found_and_taking_all_is_not_mistaken_for_it() -> None:
    axis = Axis()
    for number in range(50):
        axis.send(f"c/{number}", str(number))
    for _ in range(3):
        axis.poll()
        for name in list(axis.listed)[:20]:
            axis.fetch(f"c/{name}", name)
            axis.confirm(f"c/{name}", name)
    assert axis.backlog.batch == 20

    other = Axis()
    for _ in range(3):
        for number in range(20):
            other.send("c/x", f"{other.count}-{number}")
        other.poll()
        for name in list(other.listed):
            other.fetch("c/x", name)
            other.confirm("c/x", name)
    assert other.backlog.batch is None
    assert other.backlog.takes_all


def test_cases_begin_in_a_first_portion_then_all_where_the_system_takes_all() -> None:
    axis = Axis()
    boarding = Boarding(axis.backlog)
    begun = 0

    def board() -> None:
        nonlocal begun
        while boarding.has_room(axis.count) and begun < 500:
            boarding.begins(f"c/{begun}")
            axis.send(f"c/{begun}", str(begun))
            begun += 1

    board()
    assert begun == FIRST
    for _ in range(2):
        axis.poll()
        for name in list(axis.listed):
            axis.fetch(f"c/{name}", name)
            axis.confirm(f"c/{name}", name)
    board()
    assert begun == FIRST + FIRST * GROWTH


def test_a_system_of_fixed_batches_gets_no_longer_queue() -> None:
    axis = Axis()
    boarding = Boarding(axis.backlog)
    begun, longest = 0, 0
    for _ in range(60):
        while boarding.has_room(axis.count) and begun < 120:
            boarding.begins(f"c/{begun}")
            axis.send(f"c/{begun}", str(begun))
            begun += 1
        if begun > 2 * FIRST:
            longest = max(longest, len(axis.listed))
        axis.poll()
        for name in list(axis.listed)[:5]:
            axis.fetch(f"c/{name}", name)
            axis.confirm(f"c/{name}", name)

    assert begun == 120
    assert longest <= 5


def test_cases_that_the_system_leaves_alone_do_not_keep_the_others_out() -> None:
    axis = Axis()
    boarding = Boarding(axis.backlog)
    for number in range(FIRST):
        boarding.begins(f"c/{number}")
        axis.send(f"c/{number}", str(number))
    assert not boarding.has_room(axis.count)

    for _ in range(3):
        axis.poll()
        boarding.has_room(axis.count)

    assert boarding.has_room(axis.count)
