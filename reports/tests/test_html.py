"""report.html: true to the run, complete, harmless, self-contained, and small."""

import ast
import base64
import hashlib
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

import reports
from reports.errors import RunUnreadable
from reports.html import render_html, write_html
from reports.run import read_run
from reports.story import stories
from reports.tests.runs import HOSTILE, Folder, conversation, every_verdict, finding, packet, text
from reports.wording import STATEMENTS, VERDICTS

FORBIDDEN = ("national standard", "đạt chuẩn quốc gia", "phù hợp chuẩn quốc gia", "certified")


@pytest.fixture
def run_dir(tmp_path: Path) -> Path:
    return every_verdict(tmp_path / "run")


@pytest.fixture
def page(run_dir: Path) -> str:
    return write_html(run_dir).read_text(encoding="utf-8")


def test_the_page_lies_in_the_run_folder(run_dir: Path) -> None:
    assert write_html(run_dir, "en") == run_dir / "report.html"


def test_the_page_fetches_nothing_from_anywhere(page: str) -> None:
    document = lxml_html.fromstring(page)

    fetched = [value for _, name, value, _ in document.iterlinks() if name != "href" or not value.startswith("#")]
    assert fetched == []
    assert "@import" not in page
    assert "url(" not in page
    assert not document.xpath("//link|//iframe|//object|//embed|//img|//form|//base")


def test_only_our_own_script_may_run(page: str) -> None:
    document = lxml_html.fromstring(page)

    (script,) = document.xpath("//script")
    digest = base64.b64encode(hashlib.sha256(script.text.encode()).digest()).decode()
    (policy,) = document.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert f"script-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert not [name for element in document.iter() for name in element.attrib if name.startswith("on")]


def test_hostile_texts_are_shown_and_do_nothing(page: str) -> None:
    document = lxml_html.fromstring(page)

    shown = document.text_content()
    assert '<img src=x onerror=alert(1)> & "quotes"' in shown
    assert "⟦U+202E⟧gnp.exe␀" in shown
    assert "\u202e" not in page
    assert "\x00" not in page


def test_every_link_has_its_target_and_every_id_is_unique(page: str) -> None:
    document = lxml_html.fromstring(page)

    ids = document.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in document.xpath("//@href")} <= set(ids)
    assert set(document.xpath("//label/@for")) <= set(ids)


def test_both_languages_are_inside_and_the_asked_one_is_first(run_dir: Path) -> None:
    run = read_run(run_dir)

    vietnamese, english, own = render_html(run, "vi"), render_html(run, "en"), render_html(run)

    assert 'id="lang-vi" value="vi" aria-label="Tiếng Việt" checked' in vietnamese
    assert 'id="lang-en" value="en" aria-label="English" checked' in english
    assert own == vietnamese
    for each in (vietnamese, english):
        assert "01 came 2 times for one document." in each
        assert "Trạng thái 01 đến 2 lần cho một văn bản." in each


def test_the_five_statements_are_said_and_nothing_that_must_not_be_said(page: str) -> None:
    shown = lxml_html.fromstring(page).text_content()

    assert len(STATEMENTS) == 5
    for statement in STATEMENTS:
        assert statement.en in shown
        assert statement.vi in shown
    assert not [phrase for phrase in FORBIDDEN if phrase in shown.lower()]


def test_what_was_tested_is_named(page: str) -> None:
    shown = lxml_html.fromstring(page).text_content()

    for fact in ("Example DMS", "4.2", "Example Ltd", "000.00.00.H98", "vxp-2.0", "2020", "95", "2026.1", "0.1.0",
                 "2026-11-21T08:00:00+07:00", "take_back"):  # fmt: skip
        assert fact in shown


def test_what_went_wrong_stands_first_and_open(page: str) -> None:
    cases = lxml_html.fromstring(page).xpath("//details[contains(@class, 'case ')]")

    verdicts = [case.get("data-v") for case in cases]
    assert verdicts == ["fail", "error", "inconclusive", "review", "warn", "pass"]
    assert [case.get("open") is not None for case in cases] == [True, True, False, False, False, False]


def test_only_a_pass_is_called_passed(page: str) -> None:
    document = lxml_html.fromstring(page)

    for case in document.xpath("//details[contains(@class, 'case ')]"):
        said = case.xpath("string(summary//span[contains(@class, 'pill')]/span[@lang='en'])")
        assert (said == "passed") == (case.get("data-v") == "pass")
    (untested,) = document.xpath("//section[@id='not-tested']")
    assert "recall/take-back" in untested.text_content()
    assert not document.xpath("//details[@id='case-recall--take-back']")


def test_a_check_names_its_basis_label_records_promotion_and_remedy(page: str) -> None:
    document = lxml_html.fromstring(page)
    (broken,) = document.xpath("//details[@id='case-status--arrival-is-told']")
    (unproved,) = document.xpath("//details[@id='case-status--rejects-with-reason']")

    check = broken.xpath(".//li[contains(@class, 'check')]")[0]
    assert check.xpath("string(.//span[contains(@class, 'label')])") == "HSMP"
    assert "A status is said once." in check.text_content()
    assert "--strict" in check.text_content()
    assert [link.get("href") for link in check.xpath(".//a")] == ["#r35", "#r31"]
    assert "Offer POST /control/act" in unproved.text_content()
    assert "XÁC NHẬN" in unproved.text_content()


def test_a_cited_record_is_printed_with_its_exchange_and_the_packet_inside_it(page: str) -> None:
    document = lxml_html.fromstring(page)

    (fetch,) = document.get_element_by_id("case-receiving--confirms-once").xpath(".//details[@id='r9']")
    said = fetch.text_content()
    assert "POST /getEdoc" in said
    assert "XroadVnpt-docId: 00000000-0000-4000-8000-000000000001" in said
    assert "data is base64 of this packet" in said
    assert "XroadVnpt-hash-header: ***" in said


def test_the_same_bytes_are_printed_once(page: str) -> None:
    assert page.count("Về việc kiểm thử kết nối&lt;/edXML:Subject&gt;") == 1


def test_each_case_has_a_picture_with_the_cited_record_marked(page: str) -> None:
    document = lxml_html.fromstring(page)

    (case,) = document.xpath("//details[@id='case-status--arrival-is-told']")
    (drawn,) = case.xpath(".//svg")
    assert "status 01" in drawn.text_content()
    assert "refused by the axis: sendEdoc 22" in drawn.text_content()
    assert [link.get("href") for link in drawn.xpath(".//g[contains(@class, 'alarm-fail')]//a")] == ["#r35"]


def test_the_command_runs_that_case_alone(page: str) -> None:
    assert "axisproof check SUT.toml --only status/arrival-is-told --seed 7</code>" in page


def test_the_bundled_system_is_marked_as_simulated(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "run")
    folder.case("status/full-chain", "pass", [finding("chain", "pass", text("Yes."))])
    sut = {"name": "Reference", "version": "0.1.0", "vendor": "axisproof", "organ": "000.00.00.H98", "roles": [],
           "driver": "reference", "spec": "reference:forgets-finish"}  # fmt: skip

    page = write_html(folder.save(conclusion="conformant", sut=sut)).read_text(encoding="utf-8")

    assert "not a vendor's product" in lxml_html.fromstring(page).text_content()
    assert "axisproof check --sut reference:forgets-finish --only status/full-chain --seed 7" in page


def test_evidence_without_its_closing_line_is_said_to_be_incomplete(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "run")
    conversation(folder, "receiving/one", "Công văn")
    folder.case("receiving/one", "pass", [finding("one", "pass", text("Yes."))])

    page = write_html(folder.save(conclusion="conformant", footer=False)).read_text(encoding="utf-8")

    assert "The evidence is incomplete" in page


def test_a_digest_that_is_a_path_is_not_followed(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "run")
    (tmp_path / "secret").write_text("a private file")
    folder.record("exchange", "receiving/one", operation="sendEdoc", system_id="x",
                  request={"method": "POST", "path": "/", "headers": [], "body_sha256": "../../../secret", "size": 14},
                  response={"status": 200, "headers": [], "body_sha256": "", "size": 0})  # fmt: skip
    folder.case("receiving/one", "pass", [finding("one", "pass", text("Yes."))])

    page = write_html(folder.save(conclusion="conformant")).read_text(encoding="utf-8")

    assert "a private file" not in page
    assert "Not kept in the evidence" in page


def test_an_altered_blob_is_not_shown_as_evidence(run_dir: Path) -> None:
    for blob in (run_dir / "evidence" / "blobs").iterdir():
        blob.write_bytes(b"forged")

    assert "forged" not in write_html(run_dir).read_text(encoding="utf-8")


def test_thirty_cases_with_large_bodies_stay_below_five_megabytes(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "run")
    for number in range(1, 31):
        name = f"receiving/case-{number}"
        seen = conversation(folder, name, "Văn bản dài " * 2_000, number=number)
        body = packet(f"large-{number}", f"{number} <b>ấ</b> " * 8_000, attachment=bytes(range(256)) * 1_000)
        for _ in range(6):
            folder.exchange(name, "sendEdoc", "node.g22", {"XroadVnpt-sign-header": "x" * 900}, body, b"{}")
        folder.case(name, "fail", [finding("one", "fail", text("No."), cites=list(seen.values()))])

    path = write_html(folder.save(conclusion="not-conformant"))

    assert path.stat().st_size < 5_000_000


def many(path: Path, cases: int) -> Path:
    """A big run: its first case failed, the others passed."""
    folder = Folder(path)
    for number in range(1, cases + 1):
        name, verdict = f"receiving/case-{number}", "fail" if number == 1 else "pass"
        seen = conversation(folder, name, f"Về việc số {number}", number=number)
        folder.case(name, verdict, [finding("one", verdict, text("Seen."), cites=[seen["accepted"], seen["act"]])])
    return folder.save(conclusion="not-conformant")


def test_in_a_big_run_a_case_that_passed_prints_what_is_cited_and_names_the_rest(tmp_path: Path) -> None:
    run = read_run(many(tmp_path / "run", 61))
    document = lxml_html.fromstring(render_html(run, "en"))
    story = next(story for story in stories(run) if story.case.id == "receiving/case-2")

    (passed,) = document.xpath("//details[@id='case-receiving--case-2']")
    assert passed.xpath(".//details[starts-with(@class, 'record')]/@id") == [f"r{n}" for n in sorted(story.cited)]
    assert "document_id: 000.00.00.G22,2026/11/20,2/UBND-VP" in passed.text_content()
    told = set(map(int, re.findall(r"#([0-9]+)", passed.text_content())))
    assert told == {record.n for record in story.records}
    assert "confirms" not in passed.xpath("string(.//svg)")
    assert {link[1:] for link in document.xpath("//@href")} <= set(document.xpath("//@id"))
    (said,) = document.xpath("//p[@id='told-briefly']")
    assert "evidence/records.jsonl" in said.text_content()


def test_in_a_big_run_a_case_that_failed_is_printed_as_in_a_small_one(tmp_path: Path) -> None:
    pages = [render_html(read_run(many(tmp_path / f"{cases}", cases)), "en") for cases in (60, 61)]
    small, big = (
        lxml_html.tostring(lxml_html.fromstring(page).get_element_by_id("case-receiving--case-1")) for page in pages
    )

    assert b"Request" in small
    assert big == small
    assert "told-briefly" not in pages[0]


def test_three_hundred_cases_that_passed_stay_below_three_megabytes(tmp_path: Path) -> None:
    path = write_html(many(tmp_path / "run", 300))

    assert path.stat().st_size < 3_000_000


def test_the_same_run_gives_the_same_page(run_dir: Path) -> None:
    assert render_html(read_run(run_dir)) == render_html(read_run(run_dir))


def test_a_run_of_the_bare_contract_is_printed(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "run")
    run_dir = folder.save(conclusion="conformant", cases=[
        {"id": "receiving/confirms-once", "chapter": "receiving", "title": "Confirms once", "verdict": "pass",
         "seconds": 1.2, "findings": [{"check": "confirmed-exactly-once", "requirements": ["ST-13"], "basis": "sdk",
                                       "verdict": "pass", "because": "Once.", "cites": [12, 13]}]},
    ])  # fmt: skip
    (run_dir / "evidence" / "records.jsonl").unlink()

    page = write_html(run_dir).read_text(encoding="utf-8")

    assert "Confirms once" in page
    assert "The evidence holds no record of this case." in page


def test_an_unknown_verdict_is_never_green(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "run")
    folder.case("receiving/one", "splendid", [finding("one", "splendid", text("Yes."))])

    document = lxml_html.fromstring(write_html(folder.save(conclusion="splendid")).read_text(encoding="utf-8"))

    assert document.xpath("//details[contains(@class, 'case ')]/@data-v") == ["unknown"]
    assert "No conclusion" in document.text_content()


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"schema":"axisproof/result/9"}',
                                     '{"schema":"axisproof/result/1","cases":[7]}'])  # fmt: skip
def test_a_folder_without_a_run_says_so_in_both_languages(tmp_path: Path, content: str) -> None:
    (tmp_path / "result.json").write_text(content)

    with pytest.raises(RunUnreadable) as caught:
        read_run(tmp_path)

    assert "result.json" in caught.value.text.en
    assert caught.value.text.en != caught.value.text.vi


@given(said=st.text())
def test_no_text_of_a_run_can_become_markup(tmp_path_factory: pytest.TempPathFactory, said: str) -> None:
    folder = Folder(tmp_path_factory.mktemp("any") / "run")
    folder.record("note", "a/b", name=said, values={"x": said})
    folder.case("a/b", "fail", [finding("one", "fail", text(said, said + HOSTILE))], title=text(said))
    plain = Folder(tmp_path_factory.mktemp("plain") / "run")
    plain.record("note", "a/b", name="x", values={"x": "x"})
    plain.case("a/b", "fail", [finding("one", "fail", text("x", "y"))], title=text("x"))

    tags = [
        [element.tag for element in lxml_html.fromstring(write_html(each.save(conclusion="incomplete")).read_text(
            encoding="utf-8")).iter("script", "img", "b", "a", "input")]
        for each in (folder, plain)
    ]  # fmt: skip

    assert tags[0] == tags[1]


def test_reports_import_nothing_of_the_rooms_that_make_runs() -> None:
    allowed = ("reports", "simulator.words", "simulator.protocol")
    rooms = ("simulator", "conformance", "fixtures", "loadtests", "axisproof")
    for path in Path(reports.__file__).parent.glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        named += [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
        ours = [name for name in named if name.split(".")[0] in rooms]
        assert all(name.startswith(allowed) for name in ours), path


def test_the_words_cover_every_verdict_of_the_contract() -> None:
    schema = json.loads((Path(reports.__file__).parent / "schema" / "result.schema.json").read_text(encoding="utf-8"))

    assert {word.id for word in VERDICTS} == set(schema["$defs"]["verdict"]["enum"])
    assert not re.search("[A-Z]", "".join(word.id for word in VERDICTS))
