"""The oracle finds exactly what was planted, in documents and in statuses, and nothing in a correct axis's day."""

import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtests.account import MOST_LISTED, Account, listed
from loadtests.book import with_book
from loadtests.oracle import Planned, Rules, account
from loadtests.tests.books import Day, day, plant

RULES = Rules(late_after=25.0, offline=frozenset({"node.0"}))
WRONG = ("lost", "doubled", "strangers", "altered", "out_of_order")
UNITS = {"a": frozenset({"A"}), "b": frozenset({"B"}), "c": frozenset({"C"})}


def books(made: Day) -> Account:
    return account(made.planned, made.units, made.events(), RULES)


def balanced(found: Account) -> bool:
    return found.deliveries_expected == (
        found.delivered + found.waiting.count + found.given_back.count + found.lost.count
    ) and (found.statuses is None or balanced(found.statuses))


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), unknown_lists=st.booleans())
def test_a_correct_axis_is_never_blamed(seed: int, unknown_lists: bool) -> None:
    made = day(seed, unknown_lists=unknown_lists)

    found = books(made)

    assert {line: found.total(line) for line in (*WRONG, "late")} == dict.fromkeys((*WRONG, "late"), 0)
    assert balanced(found)
    assert found.waiting.count == sum(not each.fetched and each.type == "edoc" for each in made.parcels)
    assert found.given_back.count == sum(each.word == "fail" for each in made.parcels)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), kind=st.sampled_from(WRONG), wanted=st.integers(1, 5))
def test_exactly_the_planted_documents_are_found(seed: int, kind: str, wanted: int) -> None:
    made = day(seed, documents=40)
    # a delivery that nobody acknowledged is not owed: its loss cannot be told from a send that never arrived
    planted = plant(_acknowledged_only(made), kind, wanted)

    found = books(made)

    assert sorted(getattr(found, kind).documents) == planted
    assert getattr(found, kind).count == len(planted)
    assert {line: getattr(found, line).count for line in WRONG if line != kind} == {
        line: 0 for line in WRONG if line != kind
    }
    assert balanced(found)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), kind=st.sampled_from(("lost", "doubled", "strangers")), wanted=st.integers(1, 5))
def test_exactly_the_planted_statuses_are_found(seed: int, kind: str, wanted: int) -> None:
    made = day(seed, documents=40)
    planted = plant(made, kind, wanted, "status")

    found = books(made).statuses

    assert found is not None
    assert sorted(getattr(found, kind).documents) == planted
    assert balanced(found)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), counts=st.tuples(*[st.integers(0, 3)] * 3))
def test_several_kinds_at_once_are_told_apart(seed: int, counts: tuple[int, int, int]) -> None:
    made = _acknowledged_only(day(seed, documents=40))
    planted = {
        kind: plant(made, kind, count) for kind, count in zip(("lost", "doubled", "strangers"), counts, strict=True)
    }

    found = books(made)

    assert {kind: sorted(getattr(found, kind).documents) for kind in planted} == planted


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6), wanted=st.integers(1, 4))
def test_losses_of_an_offline_receiver_are_counted_although_its_list_names_no_document(seed: int, wanted: int) -> None:
    made = _acknowledged_only(day(seed, documents=60, unknown_lists=True))
    waiting = [each for each in made.parcels if not each.fetched]
    for each in waiting[:wanted]:
        made.parcels.remove(each)

    found = books(made)

    assert found.lost.count == min(wanted, len(waiting))
    assert found.waiting.count == len(waiting) - found.lost.count


def _acknowledged_only(made: Day) -> Day:
    accepted = {event["n"] for event in made.sends if event["ok"]}
    ids = {each.document_id for each in made.planned if each.number in accepted}
    made.parcels = [each for each in made.parcels if each.type == "status" or each.document_id in ids]
    return made


# ---------------------------------------------------------------- by hand


PLANNED = Planned(1, "A,2026/11/20,1/VB", "a", "A", ("B", "C"), 0, "sha", ("file",))


def sent(begun: float = 0.0, **members: Any) -> dict[str, Any]:
    return {"e": "sent", "n": 1, "system": "a", "intended": 0.0, "begun": begun, "done": begun + 0.1, "ok": True,
            "code": "", "doc_id": "d", "error": None} | members  # fmt: skip


def fetched(system: str, **members: Any) -> dict[str, Any]:
    return {"e": "fetched", "system": system, "unit": system.upper(), "delivery_id": f"id-{system}", "type": "edoc",
            "begun": 1.0, "done": 1.1, "ok": True, "document_id": PLANNED.document_id, "sha256": "sha",
            "files": ["file"], "status_code": None, "about": None, "from": "A"} | members  # fmt: skip


def confirmed(system: str, word: str = "done", **members: Any) -> dict[str, Any]:
    return {"e": "confirmed", "system": system, "delivery_id": f"id-{system}", "word": word, "begun": 1.2, "done": 1.3,
            "ok": True} | members  # fmt: skip


def found(*events: dict[str, Any], rules: Rules = Rules()) -> Account:
    return account([PLANNED], UNITS, events, rules)


def test_a_send_repeated_after_a_dropped_answer_is_no_double() -> None:
    both = found(sent(ok=False, error="reset"), sent(0.5), fetched("b"), fetched("c"))

    assert (both.accepted, both.deliveries_expected, both.delivered, both.doubled.count) == (1, 2, 2, 0)


def test_two_delivery_ids_for_one_document_and_unit_are_a_double() -> None:
    twice = found(sent(), fetched("b"), fetched("c"), fetched("c", delivery_id="other"))

    assert twice.doubled.documents == (PLANNED.document_id,)


def test_what_is_handed_out_again_after_its_confirmation_is_a_double() -> None:
    before = found(sent(), fetched("b"), fetched("b", begun=1.1, done=1.15), confirmed("b"), fetched("c"))
    after = found(sent(), fetched("b"), confirmed("b"), fetched("b", begun=2.0, done=2.1), fetched("c"))
    lost_answer = found(sent(), fetched("b"), confirmed("b", ok=False), fetched("b", begun=2.0, done=2.1), fetched("c"))

    assert (before.doubled.count, after.doubled.count, lost_answer.doubled.count) == (0, 1, 0)


def test_a_refused_document_that_arrives_is_a_stranger() -> None:
    assert found(sent(ok=False, code="22"), fetched("b")).strangers.count == 1


def test_an_unanswered_document_is_owed_only_where_it_shows_up() -> None:
    silent = sent(ok=False, error="timed out")

    assert found(silent).lost.count == 0
    assert found(silent).unanswered.count == 1
    assert (found(silent, fetched("b")).accepted, found(silent, fetched("b")).deliveries_expected) == (1, 1)


def test_a_failed_fetch_delivers_nothing() -> None:
    assert found(sent(), fetched("b", ok=False), fetched("c")).lost.documents == (PLANNED.document_id,)


def test_a_document_at_a_system_that_does_not_serve_its_unit_is_a_stranger() -> None:
    assert found(sent(), fetched("b"), fetched("c"), fetched("c", unit="B", delivery_id="x")).strangers.count == 1


def test_a_rebuilt_package_is_altered_only_in_its_files() -> None:
    rebuilt = (sent(), fetched("b", sha256="new"), fetched("c", files=["other"], sha256="new"))

    assert found(*rebuilt).altered.count == 2
    assert found(*rebuilt, rules=Rules(verbatim=False)).altered.count == 1


def test_late_is_counted_from_the_acknowledgment() -> None:
    assert found(sent(), fetched("b", begun=70, done=70.0), fetched("c")).late.count == 1


def test_a_document_without_a_trace_is_dropped() -> None:
    assert found().dropped.documents == (PLANNED.document_id,)


def test_what_a_system_confirmed_but_does_not_have_is_lost() -> None:
    row = {"document_id": PLANNED.document_id, "kind": "new", "attachments": [{"sha256": "file"}]}
    had = (sent(), fetched("b"), confirmed("b"), fetched("c"))

    assert found(*had, {"e": "book", "system": "b", "documents": [row]}).total("lost") == 0
    assert found(*had, {"e": "book", "system": "b", "documents": []}).lost.count == 1
    assert found(*had, {"e": "book", "system": "b", "documents": [row, row]}).doubled.count == 1
    mixed_up = row | {"attachments": [{"sha256": "another"}]}
    assert found(*had, {"e": "book", "system": "b", "documents": [mixed_up]}).altered.count == 1


@pytest.mark.parametrize(
    ("shown", "altered"), [(("AA", "bb"), 0), (("bb", "aa"), 0), (("aa", "aa"), 1), (("aa",), 1), (("aa", None), 1)]
)
def test_a_book_may_list_the_files_of_a_document_in_any_order(shown: tuple[str | None, ...], altered: int) -> None:
    row = {"document_id": "d", "kind": "new", "attachments": [{"sha256": each} for each in shown]}

    assert with_book(found(), [row], ["d"], {"d": ("aa", "bb")}).altered.count == altered


@pytest.mark.parametrize("many", [0, MOST_LISTED, MOST_LISTED + 5])
def test_counts_are_exact_and_lists_bounded(many: int) -> None:
    line = listed(map(str, range(many)))

    assert line.count == many
    assert len(line.documents) == min(many, MOST_LISTED)


class _Ledger:
    """The ledger of ``many`` deliveries, made while it is read; as large as a run's own in life."""

    def __init__(self, many: int) -> None:
        self._many = many

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for number in range(self._many):
            at, sha, delivery = float(number), f"{number:064x}", f"{number:036x}"
            yield {"e": "answered", "system": "b", "unit": "B", "to": "A", "about": f"A,2026/11/20,{number // 4}/VB",
                   "status": f"0{number % 4 + 1}", "intended": at, "begun": at, "done": at + 0.01, "ok": True,
                   "code": "", "error": None, "doc_id": sha[:24], "sha256": sha}  # fmt: skip
            yield {"e": "fetched", "system": "a", "unit": "A", "delivery_id": delivery, "doc_id": "", "type": "status",
                   "begun": at + 1, "done": at + 1.1, "ok": True, "document_id": "", "sha256": sha, "files": [],
                   "status_code": f"0{number % 4 + 1}", "about": f"A,2026/11/20,{number // 4}/VB",
                   "from": "B"}  # fmt: skip
            yield {"e": "confirmed", "system": "a", "delivery_id": delivery, "word": "done", "begun": at + 1.1,
                   "done": at + 1.2, "ok": True}  # fmt: skip


def test_a_long_run_is_accounted_for_in_little_memory() -> None:
    many = 4_000
    account([], UNITS, _Ledger(10), RULES)  # whatever is made once is made

    tracemalloc.start()
    found = account([], UNITS, _Ledger(many), RULES)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert found.statuses is not None
    assert found.statuses.delivered == many
    assert peak / many < 1_800  # bytes a delivery; 7,000 when the lines of the ledger were kept


def test_the_events_must_be_there_to_be_read_twice() -> None:
    with pytest.raises(TypeError, match="twice"):
        account([PLANNED], UNITS, iter([]), RULES)


def test_a_request_to_give_back_is_posted_to_each_receiver_by_itself() -> None:
    """13 goes from the sender to a receiver: two of them about one document are two postings, each may be lost."""
    subject = {"about": PLANNED.document_id, "status": "13"}
    asked = [{"e": "answered", "system": "a", "unit": "A", "to": unit, "begun": 5.0, "done": 5.1, "ok": True,
              "code": "", "doc_id": f"d{unit}", "sha256": "", **subject} for unit in ("B", "C")]  # fmt: skip
    fetched = {"e": "fetched", "system": "b", "unit": "B", "delivery_id": "x", "type": "status", "begun": 6.0,
               "done": 6.1, "ok": True, "status_code": "13", "about": PLANNED.document_id, "from": "A"}  # fmt: skip

    found = account([], UNITS, [*asked, fetched], RULES).statuses

    assert found is not None
    assert (found.deliveries_expected, found.delivered, found.strangers.count) == (2, 1, 0)
    assert found.lost == listed([f"{PLANNED.document_id} · 13 · A"])
