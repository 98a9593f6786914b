"""What the findings amount to: verdict, kind, order, and answers for whatever bytes there are."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.protocol.lint import SCHEMA, Verdict, lint, rules_catalogue
from simulator.protocol.package import Kind
from simulator.protocol.profile import Limits
from simulator.protocol.rules import RULES, Level
from simulator.protocol.tests.specimens import SPECIMENS, specimen
from simulator.words import Lang

GOOD = specimen("good", "builder-new.edxml").data


@pytest.mark.parametrize(
    ("data", "verdict", "kind"),
    [
        (b"", Verdict.UNREADABLE, Kind.UNKNOWN),
        (b"%PDF-1.4", Verdict.UNREADABLE, Kind.UNKNOWN),
        (b"<html/>", Verdict.UNREADABLE, Kind.UNKNOWN),
        (b"1212" + GOOD, Verdict.ERRORS, Kind.EDOC),
        (GOOD[: len(GOOD) // 2], Verdict.ERRORS, Kind.EDOC),
        (GOOD, Verdict.CLEAN, Kind.EDOC),
        (specimen("bad", "priority-legacy.edxml").data, Verdict.WARNINGS, Kind.EDOC),
        (specimen("good", "status-06.edxml").data, Verdict.CLEAN, Kind.STATUS),
    ],
    ids=["empty", "pdf", "html", "1212", "half", "good", "warned", "status"],
)
def test_the_verdict_follows_from_the_heaviest_finding(data: bytes, verdict: Verdict, kind: Kind):
    result = lint(data)

    assert (result.verdict, result.kind) == (verdict, kind)


def test_damaged_bytes_are_judged_as_far_as_they_go():
    result = lint(b"1212" + specimen("bad", "priority-legacy.edxml").data)

    assert [finding.rule.id for finding in result.findings] == [
        "leading-bytes",
        "priority-legacy",
        "manifest-type-is-zip",
    ]


def test_what_broken_xml_lacks_is_not_held_against_it_but_what_it_holds_is():
    cut = specimen("bad", "date-impossible.edxml").data
    cut = cut[: cut.index(b"<edXML:Subject>")]

    result = lint(cut)

    assert [finding.rule.id for finding in result.findings] == ["not-well-formed", "date-impossible"]


def test_the_limits_are_those_of_the_caller():
    assert lint(GOOD, Limits(package_bytes=100)).findings[0].rule.id == "too-large"
    assert lint(GOOD, Limits(package_bytes=100)).kind is Kind.EDOC


def test_a_character_that_xml_forbids_is_an_answer_and_no_traceback():
    broken = GOOD.replace("V/v phối hợp".encode(), b"V/v &#1; ")

    result = lint(broken)

    assert result.verdict is Verdict.ERRORS
    assert "not-well-formed" in [finding.rule.id for finding in result.findings]


def test_findings_stand_in_order_of_weight_and_are_counted_by_level():
    result = lint(specimen("bad", "lengths.edxml").data)

    levels = [finding.rule.level for finding in result.findings]
    assert levels == sorted(levels, key=list(Level).index)
    assert len(result.of(Level.ERROR)) == 2


def test_a_record_has_the_members_of_the_contract():
    record = lint(specimen("bad", "status-code-unknown.edxml").data).record("a.edxml", Lang.EN)

    assert SCHEMA == "axisproof/lint/1"
    assert {"file": "a.edxml", "verdict": "warnings", "kind": "status"}.items() <= record.items()
    assert record["findings"] == [
        {
            "rule": "status-code-unknown",
            "level": "warn",
            "requirements": ["ST-01"],
            "basis": "sdk",
            "at": "MessageHeader/StatusCode",
            "because": "'99' is none of 01-06, 13, 15, 16",
            "texts": {"en": "'99' is none of 01-06, 13, 15, 16", "vi": "'99' không thuộc 01–06, 13, 15, 16"},
        }
    ]


def test_the_catalogue_lists_every_rule_with_its_specimens():
    catalogue = rules_catalogue()

    assert [row["id"] for row in catalogue] == [rule.id for rule in RULES]
    members = {"id", "title", "requirements", "basis", "level", "unprocessable", "reason", "good", "bad"}
    assert all(set(row) == members for row in catalogue)
    assert all(set(row["title"]) == {"en", "vi"} for row in catalogue)


_DIRT = (b"\x00", b"&#1;", b"<", b"&", b"\xff", b"]]>", b"&#xFFFE;", b"\xc2\x85", b"<!DOCTYPE a>", b"&foo;", b"=",
         b"<![CDATA[ x ]]>", b"<edXML:To/>", b"<edXML:Signature/>", "\u200b".encode(), b"\xed\xa0\x80")  # fmt: skip


@settings(max_examples=250, deadline=None)
@given(chance=st.randoms(use_true_random=False), item=st.sampled_from(SPECIMENS))
def test_no_dirt_in_any_packet_makes_lint_raise(chance: random.Random, item):
    data = bytearray(item.data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(data) + 1)
        end = min(len(data), at + chance.randint(0, 60))
        data[at:end] = chance.choice((*_DIRT, b"", bytes(data[end : end + 80])))

    result = lint(bytes(data), item.limits)

    assert result.verdict in tuple(Verdict)
    assert all(finding.because.en and finding.because.vi and finding.at for finding in result.findings)


@settings(max_examples=100, deadline=None)
@given(data=st.binary(max_size=200))
def test_no_bytes_at_all_make_lint_raise(data: bytes):
    assert lint(data).verdict in (Verdict.UNREADABLE, Verdict.ERRORS)
