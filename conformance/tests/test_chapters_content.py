"""Attachments, text, ordering, urgency: silence earns nothing, and every check is seen failing."""

import random
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.case import Case, judged
from conformance.cases import attachments, ordering, text, urgency
from conformance.cases.attachments.damaged import CASES as DAMAGED
from conformance.cases.attachments.damaged import Damaged
from conformance.cases.attachments.kit import File, packed, speaks_of_file
from conformance.cases.attachments.names import long_name
from conformance.cases.text.kit import composed, decomposed, named
from conformance.finding import Outcome
from conformance.mutants import attachments as wrong_attachments
from conformance.mutants import by_id, facts_of
from conformance.mutants import ordering as wrong_ordering
from conformance.mutants import text as wrong_text
from conformance.mutants import urgency as wrong_urgency
from conformance.tests.conftest import Written, broken, flown, poll, sent
from simulator.protocol.errors import DamagedAttachment

CASES = (*attachments.CASES, *text.CASES, *ordering.CASES, *urgency.CASES)
MUTANTS = (
    *wrong_attachments.MUTANTS, *wrong_text.MUTANTS, *wrong_ordering.MUTANTS, *wrong_urgency.MUTANTS
)  # fmt: skip
CASE_OF = {each.id: case for case in CASES for each in case.checks}
LABELS = [
    "document", "first", "second", "before", "after", "damaged", "good", "incomplete", "paths", "signs", "longest",
    "zipped", "raw", "zip", "office", "strange", "zip-2019", "zip as pdf", "pdf as zip", "nom", "emoji", "subject",
    "organ", "stroke", "decomposed", "invisible", "copy", "horn", "two slashes", "blank", "letter", "short", "ahead",
    "today", "past", "twin", "year", "1 days", "3 days", "again 1", "again 2", "01", "02", "03", "06",
]  # fmt: skip


# ---------------------------------------------------------------- the chapters


def test_the_chapters_are_as_large_as_they_were_meant_to_be() -> None:
    sizes = [len(each.CASES) for each in (attachments, text, ordering, urgency)]

    assert all(size >= least for size, least in zip(sizes, (13, 8, 8, 6), strict=True))


def test_every_check_is_broken_by_a_mutant_of_its_chapter() -> None:
    caught = {each for kind in MUTANTS for each in facts_of(kind).caught_by}

    assert caught == set(CASE_OF)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_system_that_polls_and_does_nothing_earns_no_pass(case: Case, evidence: Written) -> None:
    nothing = evidence(*(sent(label) for label in LABELS), *(poll() for _ in range(5)))

    findings = judged(case, nothing)

    assert Outcome.HELD not in {finding.outcome for finding in findings}


# ---------------------------------------------------------------- what the lanes send


@pytest.mark.parametrize("length", [151, 199, 200, 500])
def test_a_long_name_has_exactly_so_many_characters(length: int) -> None:
    name = long_name(length, ending=".docx")

    assert len(name) == len(composed(name)) == length
    assert name.endswith(".docx")


@given(st.lists(st.tuples(st.sampled_from(["a.pdf", "b.docx", "ế.txt"]), st.binary(max_size=50)), max_size=5))
def test_what_is_packed_is_read_again_whatever_the_form(items: list[tuple[str, bytes]]) -> None:
    for form in ("raw", "zip-2018", "zip-2019"):
        manifest, attached = packed([File(name, b"." + data, form=form) for name, data in items])

        assert [(each.name, each.file()) for each in attached] == [(name, b"." + data) for name, data in items]
        assert [line.bare_id for line in manifest] == [each.bare_id for each in attached]


@pytest.mark.parametrize("case", [case for case in DAMAGED if isinstance(case, Damaged)], ids=lambda case: case.id)
def test_damaged_files_are_drawn_the_same_again(case: Damaged) -> None:
    one, two = (case.damaged(random.Random(7)) for _ in range(2))

    assert one == two
    if case.id in ("attachments/damaged-base64", "attachments/damaged-archive", "attachments/password-archive"):
        with pytest.raises(DamagedAttachment):
            one.file()


# ---------------------------------------------------------------- what the judges look for


@pytest.mark.parametrize(
    ("reason", "speaks"),
    [
        ("Tệp đính kèm bị hỏng", True),
        ("tep dinh kem khong mo duoc", True),
        ("Phụ lục không mở được", True),
        ("attachment cannot be read", True),
        ("PHU-LUC-HONG.DOCX?", True),
        ("Dữ liệu không hợp lệ", False),
        ("Văn bản không hợp lệ nên từ chối", False),
        ("", False),
    ],
)
def test_a_reason_fits_when_it_speaks_of_a_file(reason: str, speaks: bool) -> None:
    assert speaks_of_file(reason, "phu-luc-hong.docx") is speaks


def test_what_cannot_be_seen_is_written_out() -> None:
    assert named("a\u200bb\n") == "a[U+200B]b[U+000A]"
    assert named(decomposed("ế")) == decomposed("ế")
    assert named(decomposed("ế"), marks=True) == "e[U+0302][U+0301]"
    assert unicodedata.is_normalized("NFC", composed(decomposed("Đắk Lắk")))


# ---------------------------------------------------------------- wrong systems


WRONG = {
    "trusts-content-type": "missing or altered: ghi-chu.txt",
    "compares-bytes": "not warned of a duplicate",
    "agrees-to-early-orders": "answered 15",
    "numbers-urgency-itself": "'1' → '0'",
}
"""Each breaks cases of its own, so one system has all these defects at once."""


def test_a_wrong_system_is_caught_for_the_right_reason_and_for_nothing_else(tmp_path: Path) -> None:
    found = broken(flown(tmp_path / "run", *WRONG))

    assert set(found) == {each for mutant in WRONG for each in facts_of(by_id(mutant)).caught_by}
    for mutant, because in WRONG.items():
        assert any(because in found[each]["because"] for each in facts_of(by_id(mutant)).caught_by)
