"""What is read out of the SUT's books: by identifier and by state, whatever the order."""

from itertools import permutations
from typing import Any

import pytest

from conformance.seen import Look

LANE = ("G22", "000.00.00.G22")


def row(state: str = "arrived", document_id: str = "d", **members: Any) -> dict[str, Any]:
    return {"document_id": document_id, "kind": "new", "state": state, **members}


def looks(*rows: dict[str, Any]) -> list[Look]:
    """One look for each order of the rows."""
    return [Look(1, "in", each) for each in permutations(rows)]


def test_a_document_is_held_by_the_rows_that_are_neither_refused_nor_failed() -> None:
    refused, again = row("refused"), row("arrived", subject="again")

    for look in looks(refused, again, row("failed"), row(document_id="other")):
        assert look.held("d") == (again,)
        assert look.states("d") == ("arrived", "failed", "refused")
        assert look.state("d") == "arrived, failed, refused"
        assert look.state("nobody's") == ""
        assert look.of("d", state="refused") == (refused,)


def test_a_refused_copy_is_counted_only_where_nothing_is_held() -> None:
    refused, held = row("refused"), row()

    for look in looks(refused, held):
        assert look.counted("d") == (held,)
    for look in looks(refused, row("failed")):
        assert len(look.counted("d")) == 2


def test_a_recall_that_bears_the_identifier_of_its_document_is_not_the_document() -> None:
    document, recall = row("recalled"), row("finished", kind="recall")

    for look in looks(document, recall):
        assert look.itself("d") == (document,)
        assert look.states("d") == ("recalled",)
        assert set(map(str, look.of("d"))) == {str(document), str(recall)}


def test_a_row_without_a_kind_is_a_document() -> None:
    (look,) = looks({"document_id": "d"})

    assert look.states("d") == ("–",)


def test_what_is_wrong_is_what_is_wrong_with_the_row_that_fits_best() -> None:
    def flaws(shown: Any) -> list[str]:
        return [name for name in ("subject", "from") if shown.get(name) != "right"]

    for look in looks(row(), row(subject="right"), row(subject="right", **{"from": "right"})):
        assert look.flaws("d", flaws) == []
        assert look.flaws("nobody's", flaws) == ["subject", "from"]
    for look in looks(row(), row(subject="right")):
        assert look.flaws("d", flaws) == ["from"]


def test_the_files_are_those_of_the_held_row_that_has_most_of_the_wanted_ones() -> None:
    def of(state: str, *digests: str) -> dict[str, Any]:
        return row(state, attachments=[{"name": each, "sha256": each} for each in digests])

    for look in looks(of("arrived", "A"), of("accepted", "a", "b"), of("accepted", "a", "b", "c"), of("refused", "ab")):
        assert [each["name"] for each in look.files("d", "a", "b")] == ["a", "b"]
    assert looks(row())[0].files("d", "a") == ()


@pytest.mark.parametrize("second", ["02", None])
def test_each_line_of_a_receiver_counts_under_each_of_his_codes(second: str | None) -> None:
    one = {"organ": "G22", "status": "01", "reason": None}
    other = {"organ": "000.00.00.G22", "status": second, "reason": "không thuộc thẩm quyền"}
    stranger = {"organ": "H41", "status": "06", "reason": None}

    for look in looks(row("sent", receivers=[stranger, one]), row("sent", kind="recall", receivers=[other])):
        assert look.statuses("d", LANE) == (("01", "02") if second else ("01",))
        assert look.status("d", LANE) == ("01, 02" if second else "01")
        assert sorted(str(each["status"]) for each in look.lines("d", LANE)) == sorted(["01", str(second)])
        assert look.status("d", ("G99",)) == ""


@pytest.mark.parametrize(
    ("words", "shown"),
    [((None, "valid"), "valid"), (("invalid", "valid"), "valid"), (("absent", None), "absent"), ((None, None), "")],
)
def test_a_signature_is_shown_valid_where_any_row_says_so(words: tuple[str | None, ...], shown: str) -> None:
    for look in looks(*(row(signature=word) for word in words)):
        assert look.signature("d") == shown
