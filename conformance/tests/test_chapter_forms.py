"""The chapter forms: every pair comes, every lawful form reads the same, what fails is shrunk to its cause."""

import random
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance import config
from conformance.case import Case, judged
from conformance.cases import forms
from conformance.cases.changes import recall_of
from conformance.cases.forms import packets
from conformance.cases.forms.covering import covering, groups
from conformance.cases.forms.deviations import FILE_FACTORS, LENGTHS, Combination, factor_of, of_row, words
from conformance.cases.forms.documents import Documents
from conformance.cases.forms.kit import Forms
from conformance.cases.forms.shrinking import next_tries, smallest
from conformance.cases.forms.statuses import Progress as Statuses
from conformance.cases.forms.written import letters, written
from conformance.finding import Outcome
from conformance.letters import letter
from conformance.mutants import by_id, facts_of
from conformance.mutants import forms as wrong
from conformance.progress import Progress
from conformance.run import Plan, check
from conformance.tests.conftest import LANE, SUT, Written, poll
from conformance.tests.test_chapters_business import Desk
from simulator.protocol import codec, names
from simulator.protocol.lint import lint
from simulator.protocol.package import Packet
from simulator.protocol.rules import Level
from simulator.words import Lang

CASE_OF = {each.id: case for case in forms.CASES for each in case.checks}
DESK = Desk(random.Random(3))
DOCUMENT = packets.document(DESK, 1)
PACKETS: dict[str, Packet] = {
    "document": DOCUMENT,
    "update": packets.update(DESK, DOCUMENT),
    "replacement": packets.replacement(DESK, DOCUMENT, 2),
    "recall": packets.recall(DESK, DOCUMENT),
    "status": packets.status_about(DESK, letter(DESK), "03", DESK.lanes[0]),
}
SAYS = ("length", "without")
"""What changes the meaning, and not only the form."""
KEYS = [key for keys in FILE_FACTORS.values() for key in keys if key] + list(packets.HEADER_PARTS)


# ---------------------------------------------------------------- pairwise


@settings(deadline=None, max_examples=40)
@given(
    factors=st.dictionaries(
        st.text("abcdef", min_size=1, max_size=2), st.lists(st.text(max_size=3), min_size=1, max_size=4, unique=True),
        min_size=2, max_size=5,
    ),
    strength=st.sampled_from([1, 2]),
    seed=st.integers(0, 999),
)  # fmt: skip
def test_every_pair_is_in_some_row_and_every_row_is_whole(
    factors: dict[str, list[str]], strength: int, seed: int
) -> None:
    rows = covering(factors, random.Random(seed), strength=strength)

    assert all(any(group <= set(row.items()) for row in rows) for group in groups(factors, strength))
    assert all(list(row) == list(factors) and all(row[name] in factors[name] for name in row) for row in rows)
    assert rows == covering(factors, random.Random(seed), strength=strength)


@pytest.mark.parametrize("case", [case for case in forms.CASES if isinstance(case, Forms)], ids=lambda case: case.id)
@pytest.mark.parametrize("seed", range(3))
def test_each_case_sends_every_deviation_leaves_out_every_part_and_stays_small(case: Forms, seed: int) -> None:
    rows = case.rows(random.Random(seed))

    sent = {key for row in rows for key in row}
    assert {key for keys in case.factors.values() for key in keys if key} | set(case.parts) == sent
    assert all(sum(key in row for row in rows) == 1 for key in case.parts)
    assert len(rows) <= 60


# ---------------------------------------------------------------- forms


@pytest.mark.parametrize("kind", PACKETS)
def test_without_deviations_it_is_what_the_encoder_writes_and_breaks_no_rule(kind: str) -> None:
    data = written(PACKETS[kind], (), random.Random(1))

    assert data == codec.encode(PACKETS[kind])
    assert [flaw.rule.id for flaw in lint(data).of(Level.ERROR)] == []


@settings(deadline=None)
@given(
    kind=st.sampled_from(sorted(PACKETS)),
    row=st.fixed_dictionaries({name: st.sampled_from(keys) for name, keys in FILE_FACTORS.items()}),
    parts=st.lists(st.sampled_from(packets.HEADER_PARTS), max_size=3, unique=True),
    seed=st.integers(0, 99),
)
def test_our_own_reader_reads_each_lawful_form_to_the_same_packet(
    kind: str, row: Mapping[str, str], parts: list[str], seed: int
) -> None:
    combination = of_row(row, *parts)
    says = tuple(key for key in combination if factor_of(key) in SAYS)

    tidy = codec.decode(written(PACKETS[kind], says, random.Random(seed)))
    other = codec.decode(written(PACKETS[kind], combination, random.Random(seed)))

    assert other.packet == tidy.packet
    assert words(combination).en != words(combination).vi


@pytest.mark.parametrize(
    ("combination", "shows"),
    [
        (("other-prefix",), rb'<ns0:MessageHeader>.*<ns0:StatusCode>03</ns0:StatusCode>'),
        (("no-prefix",), rb'<edXML xmlns="[^"]+">\r\n  <edXMLEnvelope>.*<StatusCode>03<'),
        (("prefix-everywhere",), rb'<edXML:edXML xmlns:edXML="[^"]+">\r\n  <edXML:edXMLEnvelope>'),
        (("bom",), rb"\A\xef\xbb\xbf<\?xml"),
        (("no-declaration",), rb"\A<edXML "),
        (("one-line",), rb"\A[^\r\n]+\Z"),
        (("lf",), rb"\A[^\r]+\Z"),
        (("lines", "tabs"), rb"StatusCode>\n\t+03\n\t+</"),
        (("blanks",), rb"StatusCode>  03 </"),
        (("cdata",), rb"StatusCode><!\[CDATA\[03\]\]></"),
        (("decimal",), rb"StatusCode>&#48;3</"),
        (("hexadecimal",), rb"StatusCode>&#x30;3</"),
        (("comments",), rb"\?>\r\n<!-- [^>]+ -->\r\n<edXML"),
        (("comment-in-text",), rb"Description>[^<]+<!-- -->[^<]+</"),
        (("nbsp:MessageHeader/StatusCode",), rb"StatusCode>\xc2\xa003\xc2\xa0</"),
        (("twice:MessageHeader/StatusCode",), rb"03</edXML:StatusCode>\s+<edXML:StatusCode>05</"),
        (("without:MessageHeader/StaffInfo",), rb"</edXML:ResponseFor>\s+<edXML:StatusCode>"),
        (("letters-0",), rb"<edXML:Description></edXML:Description>"),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, tuple) else "",
)  # fmt: skip
def test_a_form_is_what_its_name_says(combination: Combination, shows: bytes) -> None:
    data = written(PACKETS["status"], combination, random.Random(2))

    assert re.search(shows, data, re.DOTALL)
    assert codec.decode(data).kind == "status"


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("base64-64-lf", rb"(?:[^\n\r]{64}\n)+[^\n\r]{1,64}\n"),
        ("base64-64-crlf", rb"(?:[^\n\r]{64}\r\n)+[^\n\r]{1,64}\r\n"),
        ("base64-76-lf", rb"(?:[^\n\r]{76}\n)+[^\n\r]{1,76}\n"),
        ("base64-76-crlf", rb"(?:[^\n\r]{76}\r\n)+[^\n\r]{1,76}\r\n"),
        ("base64-indented", rb"(?: +[^ \n]{76}\n)+ +[^ \n]{1,76}\n +"),
    ],
)
def test_base64_is_wrapped_as_its_name_says(key: str, line: bytes) -> None:
    data = written(DOCUMENT, (key,), random.Random(2))

    assert re.search(names.CONTENT.encode() + rb"[^>]*>\r?\n" + line + rb"</", data)


@given(count=st.integers(0, 700), seed=st.integers(0, 99))
def test_a_text_has_exactly_so_many_letters(count: int, seed: int) -> None:
    text = letters(random.Random(seed), count)

    assert len(text) == count
    assert text == text.strip()


def test_the_lengths_are_those_that_were_asked_for() -> None:
    assert LENGTHS == (0, 1, 255, 256, 500, 4_000, 60_000)
    long = codec.decode(written(recall_of(DESK, DOCUMENT), ("letters-60000",), random.Random(1))).packet
    assert long
    assert long.trace
    assert long.trace.business
    assert len(long.trace.business.reason) == 60_000


# ---------------------------------------------------------------- shrinking


@settings(deadline=None, max_examples=40)
@given(
    seed=st.integers(0, 10_000),
    culprit=st.lists(st.sampled_from(sorted(FILE_FACTORS)), min_size=1, max_size=2, unique=True),
)
def test_a_cause_of_one_or_two_deviations_is_found_in_three_rounds(seed: int, culprit: list[str]) -> None:
    draw = random.Random(seed)
    cause = {draw.choice([key for key in FILE_FACTORS[name] if key]) for name in culprit}
    outcomes = {of_row(row): cause <= set(row.values()) for row in covering(FILE_FACTORS, draw)}

    for _ in range(3):
        outcomes |= {each: cause <= set(each) for each in next_tries(outcomes, most=12)}

    assert [set(each) for each in smallest(outcomes)] == [cause]
    assert next_tries(outcomes, most=12) == ()


def test_nothing_is_tried_where_nothing_failed() -> None:
    assert next_tries({("bom", "cdata"): False, ("lf",): False}, most=12) == ()


# ---------------------------------------------------------------- judging


def _form(label: str, combination: Combination, *, lawful: bool = True) -> tuple[str, dict[str, Any]]:
    about = {"document_id": "D", "lane": 0}
    values = {"label": label, "combination": list(combination), "lawful": lawful, "about": about}
    return "note", {"name": "form", "values": values}


def _fact(fact: str, doc_id: str, **more: Any) -> tuple[str, dict[str, Any]]:
    members = {"fact": fact, "doc_id": doc_id, "delivery_id": doc_id, "unit": "H98", "system_id": SUT.system_id}
    return "fact", members | more


def _sent(label: str, doc_id: str, sha256: str = "") -> tuple[str, dict[str, Any]]:
    values = {
        "label": label, "system_id": LANE.system_id, "organ": LANE.unit, "doc_id": doc_id, "document_id": "D",
        "code": "", "issued": "", "sha256": sha256, "ok": True, "answer": {},
    }  # fmt: skip
    return "note", {"name": "sent", "values": values}


def _look(status: str) -> tuple[str, dict[str, Any]]:
    receivers = [{"organ": LANE.unit, "status": status, "reason": None}]
    answer = {"documents": [{"document_id": "D", "receivers": receivers}]}
    request = {"box": "out", "label": ""}
    return "act", {"call": "GET /control/documents", "request": request, "status": 200, "answer": answer}


BEGUN = (_form("form 0.0", ("bom",)), _sent("form 0.0", "d1"))
DONE = _fact("confirmed", "d1", word="done", description="")
FETCHED = _fact("fetched", "d1")
POLLS = tuple(poll() for _ in range(4))


@pytest.mark.parametrize(
    ("records", "outcome"),
    [
        ((*BEGUN, *POLLS, _look("01")), Outcome.UNOBSERVED),  # never fetched: a backlog
        ((*BEGUN, FETCHED, _look("01")), Outcome.UNOBSERVED),  # fetched, and no poll since
        ((*BEGUN, FETCHED, *POLLS, _look("01")), Outcome.BROKEN),
        ((*BEGUN, FETCHED, _look("01"), DONE, *POLLS), Outcome.UNOBSERVED),  # the look is older
        ((*BEGUN, FETCHED, DONE, _look("01")), Outcome.BROKEN),
        ((*BEGUN, FETCHED, DONE, _look("03")), Outcome.HELD),
    ],
)
def test_a_status_is_judged_only_by_what_came_later(
    records: tuple[tuple[str, dict[str, Any]], ...], outcome: Outcome, evidence: Written
) -> None:
    found = judged(Statuses(), evidence(*records))

    assert found[0].outcome is outcome
    if outcome is Outcome.BROKEN:
        assert "[a byte order mark]" in found[0].because.en
        assert "[có BOM]" in found[0].because.vi


def test_the_smallest_failing_form_is_named_and_the_others_counted(evidence: Written) -> None:
    rows = [("bom", "cdata", "lf"), ("bom", "one-line"), ("bom",), ("cdata", "lf")]
    records = [record for at, row in enumerate(rows) for record in (_form(f"f{at}", row), _sent(f"f{at}", f"d{at}"))]
    for at in range(4):
        word = "done" if at == 3 else "fail"
        records += [_fact("fetched", f"d{at}"), _fact("confirmed", f"d{at}", word=word, description="")]

    finding = judged(Statuses(), evidence(*records, _look("03")))[0]

    assert finding.outcome is Outcome.BROKEN
    assert finding.because.en.startswith("3 of 4 forms fail; the smallest: [a byte order mark]")
    assert "CDATA" not in finding.because.en


def test_who_reads_nothing_is_not_praised_for_losing_nothing(evidence: Written) -> None:
    rows = (_form("a", ("bom",)), _sent("a", "d1"), _form("b", ("nbsp:x",), lawful=False), _sent("b", "d2"))
    facts = [_fact("fetched", each) for each in ("d1", "d2")]
    facts += [_fact("confirmed", each, word="fail", description="") for each in ("d1", "d2")]

    read, visible = judged(Statuses(), evidence(*rows, *facts, _look("01")))

    assert read.outcome is Outcome.BROKEN
    assert visible.outcome is Outcome.UNOBSERVED


# ---------------------------------------------------------------- the chapter


def test_every_check_is_broken_by_a_mutant_of_the_chapter() -> None:
    broken = {each for kind in wrong.MUTANTS for each in facts_of(kind).caught_by}

    assert broken == set(CASE_OF)


@pytest.mark.parametrize("case", forms.CASES, ids=lambda case: case.id)
def test_a_system_that_polls_and_does_nothing_earns_no_pass(case: Case, evidence: Written) -> None:
    nothing = evidence(_form("form 0.0", ("bom",)), _form("form 0.1", ("nbsp:x",), lawful=False), *POLLS, _look("01"))

    assert Outcome.HELD not in {finding.outcome for finding in judged(case, nothing)}


@pytest.mark.parametrize(
    ("mutant", "case", "because"),
    [
        ("finds-status-by-text", "forms/take-backs", "[another prefix]"),
        ("wants-base64-in-one-line", "forms/replacements", "[base64 wrapped"),
        ("drops-long-reasons", "forms/reasons-heard", "4000 letters: the out-box shows ''"),
    ],
)
def test_a_wrong_system_is_caught_and_the_smallest_form_named(
    mutant: str, case: str, because: str, tmp_path: Path
) -> None:
    cases = tuple(each for each in forms.CASES if each.id == case)
    plan = Plan(config.reference(mutant), cases, tmp_path / "run", 5, Lang.EN, narrowed=(case,))

    with Progress(lang=Lang.EN, quiet=True) as progress:
        result = check(plan, progress=progress)

    found = {each["check"]: each for row in result["cases"] for each in row["findings"]}
    caught = [found[each] for each in facts_of(by_id(mutant)).caught_by if each in found]
    assert result["troubles"] == []
    assert {each["verdict"] for each in caught} <= {"fail", "warn"}
    assert any(because in each["because"] for each in caught)


def test_a_document_is_an_ordinary_one_in_all_else() -> None:
    assert Documents.strength == 2
    assert {factor_of(key) for key in KEYS} == {*FILE_FACTORS, "without"}
