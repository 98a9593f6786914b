"""Timeline, story and body: what is drawn, which records belong to a case, how bytes are shown."""

import base64
import gzip
import hashlib
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from reports.body import SHOWN_CHARACTERS, inner_packet, show, unpacked, visible
from reports.drawing import WIDTH, picture
from reports.run import read_run
from reports.story import MOST_RECORDS, stories
from reports.tests.runs import AGENCY_SYSTEM, SUT_SYSTEM, Folder, conversation, finding, text
from reports.timeline import Style, timeline


def test_a_conversation_is_drawn_between_the_right_lanes(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "run")
    conversation(folder, "receiving/one", "Công văn")
    folder.case("receiving/one", "pass", [])
    run = read_run(folder.save(conclusion="conformant"))

    drawn = timeline(run, stories(run)[0])

    assert [lane.key for lane in drawn.lanes] == ["agency-0", "axis", "sut", "clerk"]
    assert [(event.style, event.source, event.target) for event in drawn.events] == [
        (Style.PACKAGE, "agency-0", "axis"), (Style.ACT, "clerk", "sut"), (Style.TRANSPORT, "sut", "axis"),
        (Style.TRANSPORT, "axis", "sut"), (Style.TRANSPORT, "sut", "axis"), (Style.STATUS, "sut", "axis"),
        (Style.WAIT, None, None)]  # fmt: skip
    assert drawn.events[0].seconds == 0.0
    assert drawn.events[0].label.en == "new document"
    assert drawn.events[5].label.vi.startswith("trạng thái 01")


def test_a_list_and_a_fetch_without_a_case_are_found_by_what_they_moved(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "run")
    first = conversation(folder, "receiving/one", "Công văn", number=1)
    second = conversation(folder, "receiving/two", "Tờ trình", number=2)
    for name in ("receiving/one", "receiving/two"):
        folder.case(name, "pass", [])
    run = read_run(folder.save(conclusion="conformant"))

    one, two = ({record.n for record in story.records} for story in stories(run))

    assert {first["list"], first["get"], first["polled"]} <= one
    assert {second["list"], second["get"], second["polled"]} <= two
    assert not one & two


def test_a_brief_timeline_leaves_out_what_only_carries_unless_something_cites_it(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "run")
    seen = conversation(folder, "a/b", "Công văn")
    again = folder.fact("repeated", "a/b", system_id=AGENCY_SYSTEM)
    failed = folder.fact("confirmed", "a/b", system_id=SUT_SYSTEM, word="fail", description="no")
    folder.case("a/b", "pass", [finding("one", "pass", text("Yes."), cites=[seen["confirmed"]])])
    run = read_run(folder.save(conclusion="conformant"))
    (story,) = stories(run)

    drawn = timeline(run, story, brief=True)

    kept = [seen[name] for name in ("accepted", "act", "confirmed", "status", "wait")] + [again, failed]
    assert [event.n for event in drawn.events] == kept
    assert drawn.events[1].seconds == timeline(run, story).events[1].seconds


def test_equal_neighbours_become_one_row_unless_something_cites_them(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "run")
    looks = [
        folder.record("act", "a/b", call="GET /control/documents?box=in", request=None, status=200, answer={})
        for _ in range(5)
    ]
    folder.case("a/b", "fail", [finding("one", "fail", text("No."), cites=[looks[3]])])
    run = read_run(folder.save(conclusion="not-conformant"))

    drawn = timeline(run, stories(run)[0])

    assert [(event.n, event.times, event.alarm) for event in drawn.events] == [(1, 3, ""), (4, 1, "fail"), (5, 1, "")]


def test_a_cited_note_marks_the_arrow_of_its_packet(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "run")
    note = folder.record("note", "a/b", name="sent", values={"doc_id": "17"})
    folder.fact("accepted", "a/b", doc_id="17", system_id=AGENCY_SYSTEM, message_type="edoc", business_type=0)
    folder.case("a/b", "fail", [finding("one", "fail", text("No."), cites=[note])])
    run = read_run(folder.save(conclusion="not-conformant"))

    drawn = timeline(run, stories(run)[0])

    assert [(event.n, event.alarm) for event in drawn.events] == [(2, "fail")]


def test_many_agencies_share_the_last_lane(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "run")
    folder.case("a/b", "pass", [])
    folder.cases[0]["lanes"] = [{"system_id": f"node.{i}", "unit": f"U{i}", "codes": []} for i in range(6)]
    folder.fact("accepted", "a/b", system_id="node.5", message_type="edoc", business_type=3, document_id="x")
    run = read_run(folder.save(conclusion="conformant"))

    drawn = timeline(run, stories(run)[0])

    assert [lane.key for lane in drawn.lanes] == ["agency-0", "agency-1", "agency-rest", "axis", "sut"]
    assert drawn.events[0].source == "agency-rest"


def test_everything_drawn_stays_on_the_paper(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "run")
    conversation(folder, "a/b", "Công văn")
    folder.fact("refused", "a/b", operation="sendEdoc", system_id=SUT_SYSTEM, code="22", because="x" * 400)
    for _ in range(100):
        folder.fact("repeated", "a/b", system_id=AGENCY_SYSTEM)
        folder.fact("refused", "a/b", system_id=AGENCY_SYSTEM, because="no", operation="sendEdoc", code="10")
    folder.case("a/b", "pass", [])
    run = read_run(folder.save(conclusion="conformant"))

    drawn = picture(timeline(run, stories(run)[0]))

    assert drawn.left_out > 0
    assert all(0 < row.y < drawn.height and 0 < min(row.x1, row.x2) < max(row.x1, row.x2) < WIDTH for row in drawn.rows)
    assert all(len(row.detail) < 80 for row in drawn.rows)


def test_a_long_case_keeps_its_cited_records(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "run")
    last = 0
    for _ in range(MOST_RECORDS + 50):
        last = folder.record("note", "a/b", name="x", values={})
    folder.case("a/b", "fail", [finding("one", "fail", text("No."), cites=[last])])
    run = read_run(folder.save(conclusion="not-conformant"))

    (story,) = stories(run)

    assert (len(story.records), story.left_out, story.records[-1].n) == (MOST_RECORDS, 50, last)


def test_a_cite_of_a_record_that_is_not_there_is_no_obstacle(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "run")
    folder.case("a/b", "fail", [finding("one", "fail", text("No."), cites=[999])])
    run = read_run(folder.save(conclusion="not-conformant"))

    (story,) = stories(run)

    assert story.records == ()


def test_long_base64_is_folded_and_the_rest_is_cut_at_the_stated_size() -> None:
    data = b"<a>" + base64.b64encode(bytes(3000)) + b"</a>" + "ấ b ".encode() * 20_000

    shown = show(data)

    assert (shown.folded, shown.cut, shown.form) == (1, True, "xml")
    assert "base64 4,000" in shown.text
    assert len(shown.text) == SHOWN_CHARACTERS
    assert (shown.size, shown.sha256) == (len(data), hashlib.sha256(data).hexdigest())


def test_bytes_that_are_no_text_are_shown_as_hex() -> None:
    shown = show(b"\x89PNG\x00\xff\xfe" * 100)

    assert shown.form == "binary"
    assert shown.text.startswith("000000  89 50 4e 47")


def test_a_gzipped_answer_is_unpacked_and_a_damaged_one_left_alone() -> None:
    packed = gzip.compress(b'{"data":"aGVsbG8NCg=="}')

    assert unpacked(packed, "gzip") == b'{"data":"aGVsbG8NCg=="}'
    assert unpacked(packed[:10] + b"xx", "gzip") is not None
    assert unpacked(b"plain", "gzip") == b"plain"
    assert inner_packet({"data": "aGVsbG8NCg=="}) == b"hello\r\n"
    assert inner_packet({"data": "not base64!"}) is None


@given(st.text())
def test_nothing_invisible_is_left(said: str) -> None:
    shown = visible(said)

    assert not [char for char in shown if ord(char) < 32 and char not in "\t\n"]
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\ufeff")


@given(st.binary())
def test_any_bytes_can_be_shown(data: bytes) -> None:
    show(data).text.encode()
