"""Identifiers, statuses, business types, the profile and the catalogue of replies."""

from datetime import date

import pytest

from simulator.protocol.business import KINDS, target_document_id
from simulator.protocol.errors import WIRE_ERRORS, WireError
from simulator.protocol.identifiers import (
    DocumentIdForm,
    OrganIdForm,
    document_id,
    mapped_code,
    organ_form,
    parse_document_id,
)
from simulator.protocol.package import (
    Business,
    Package,
    Replacement,
    ReplacementList,
    ResponseFor,
    TraceHeaderList,
)
from simulator.protocol.profile import PROFILES, Profile, choices, named
from simulator.protocol.status import CODES, TRANSITIONS, State, known, step
from simulator.words import Lang, Text, preferred_language


@pytest.mark.parametrize(
    ("code", "form"),
    [
        ("000.00.00.H41", OrganIdForm.QCVN102),
        ("000.04.12.H53", OrganIdForm.QCVN102),
        ("H53.12.04", OrganIdForm.QD20),
        ("G22", OrganIdForm.QD20),
        ("0100684378", OrganIdForm.QD20),
        ("A" * 35, OrganIdForm.QD20),
        ("A" * 36, OrganIdForm.NEITHER),
        ("vxp.saas.03", OrganIdForm.NEITHER),
        ("H53..12", OrganIdForm.NEITHER),
        (".H53", OrganIdForm.NEITHER),
        ("h53", OrganIdForm.NEITHER),
        ("", OrganIdForm.NEITHER),
    ],
)
def test_a_code_is_told_by_its_grammar(code: str, form: OrganIdForm) -> None:
    assert organ_form(code) is form


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("000.00.01.H27", "H27.01"),
        ("000.00.18.G12", "G12.18"),
        ("000.00.00.H53", "H53"),
        ("001.01.07.H53", "H53.07.01.001"),
        ("vxp.saas.03", None),
    ],
)
def test_the_derived_rule_maps_old_codes(old: str, new: str | None) -> None:
    assert mapped_code(old) == new


def test_document_ids_are_read_by_the_grammar_they_have() -> None:
    triple = parse_document_id("000.00.00.G22,2026/01/15,7816/VPCP-TTĐT")
    impossible = parse_document_id("000.00.00.G22,2014/02/30,1/VPCP")

    assert (triple.form, triple.organ, triple.issued, triple.code) == (
        DocumentIdForm.TRIPLE,
        "000.00.00.G22",
        date(2026, 1, 15),
        "7816/VPCP-TTĐT",
    )
    assert (impossible.issued, impossible.issued_text) == (None, "2014/02/30")
    assert parse_document_id("H41,2026,12").form is DocumentIdForm.DECREE
    assert parse_document_id("H41-2026-12").form is DocumentIdForm.DASHED
    assert parse_document_id("0dbcb61d-0000-4000-8000-000000000000").form is DocumentIdForm.UUID
    assert parse_document_id("bất kỳ").form is DocumentIdForm.OTHER


def test_the_made_document_id_is_the_samples_triple() -> None:
    assert document_id("G22", date(2026, 1, 5), "7/VPCP") == "G22,2026/01/05,7/VPCP"


def test_status_codes_are_the_nine_that_were_seen() -> None:
    assert [line.code for line in CODES] == ["01", "02", "03", "04", "05", "06", "13", "15", "16"]
    assert known("07") is None


def test_a_document_never_moves_backwards() -> None:
    order = [State.SENT, State.ARRIVED, State.ACCEPTED, State.ASSIGNED, State.PROCESSING, State.FINISHED]

    for (before, _code), after in TRANSITIONS.items():
        if before in order and after in order:
            assert order.index(after) > order.index(before)


def test_rejected_and_recalled_are_final() -> None:
    assert not [move for move in TRANSITIONS if move[0] in (State.REJECTED, State.RECALLED)]
    assert step(State.ARRIVED, "03") is State.ACCEPTED
    assert step(State.ARRIVED, "06") is None


def packet(doc_type: int | None, **members: object) -> Package:
    return Package(trace=TraceHeaderList(business=Business(doc_type=doc_type, **members)))  # type: ignore[arg-type]


def test_each_kind_names_its_target_in_its_own_place() -> None:
    recall = Package(
        document_id="A", response_for=(ResponseFor(document_id="B"),), trace=packet(1, document_id="C").trace
    )
    update = Package(document_id="new", trace=packet(2, document_id="old").trace)
    replacement = packet(3, replacements=(ReplacementList((Replacement("X"), Replacement("Y"))),))

    assert target_document_id(recall) == ("A", "B", "C")
    assert target_document_id(update) == ("old", "new")
    assert target_document_id(replacement) == ("X", "Y")
    assert target_document_id(Package(document_id="A")) == ()
    assert [kind.type for kind in KINDS] == [0, 1, 2, 3]


def test_replies_are_ascii_and_unique() -> None:
    assert len({line.id for line in WIRE_ERRORS}) == len(WIRE_ERRORS) == len({line.code for line in WIRE_ERRORS})
    with pytest.raises(ValueError, match="ASCII"):
        WireError("x", "1", "Lỗi", Text("a", "b"))


def test_every_choice_of_the_profile_says_what_and_whence() -> None:
    for name, _value, text, source in choices(Profile()):
        assert name
        assert text.en != text.vi
        assert source
    assert named("vxp-2.0") is PROFILES[0]
    assert named("nothing") is None


@pytest.mark.parametrize(
    ("environment", "lang"),
    [
        ({}, Lang.VI),
        ({"LANG": "en_US.UTF-8"}, Lang.EN),
        ({"LANG": "vi_VN.UTF-8"}, Lang.VI),
        ({"LC_ALL": "en_GB.UTF-8", "LANG": "vi_VN.UTF-8"}, Lang.EN),
        ({"LANG": "C.UTF-8"}, Lang.VI),
    ],
)
def test_the_language_comes_from_the_locale_and_else_is_vietnamese(environment: dict[str, str], lang: Lang) -> None:
    assert preferred_language(environment) is lang
    assert Text("a {n}", "b {n}").filled(n=1).in_(lang) in ("a 1", "b 1")
