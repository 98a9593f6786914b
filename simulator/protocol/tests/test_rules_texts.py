"""Corners of single rules that a specimen of their own would be too much for."""

import base64
import io
import zipfile

import pytest

from simulator.protocol.codec import examine
from simulator.protocol.package import Package
from simulator.protocol.rules import rule_named
from simulator.protocol.rules.contents import expected_types, kind_of, kinds_of_extension
from simulator.protocol.rules.dates import Written, timestamp_written
from simulator.protocol.rules.doctypes import TYPES, type_named
from simulator.protocol.rules.parties import same_unit
from simulator.protocol.rules.rule import bare, shown
from simulator.protocol.tests.specimens import specimen


def caught(rule: str, *changes: tuple[str, str], base: str = "builder-new.edxml") -> list[str]:
    """The reasons (English) why the changed good specimen breaks ``rule``."""
    text = specimen("good", base).data.decode()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return [breach.because.en for breach in rule_named(rule).breaches(examine(text.encode()))]


NUMBER = ">12</edXML:CodeNumber>"
NOTATION = ">UBND-VP</edXML:CodeNotation>"


@pytest.mark.parametrize("number", ["12", "12a", "05", "1234", "12.1"])
def test_real_numbers_pass(number: str):
    assert not caught("number-malformed", (NUMBER, f">{number}</edXML:CodeNumber>"))


@pytest.mark.parametrize("number", ["0", "00", "a12", "12 a", "-1"])
def test_what_is_no_number_is_caught(number: str):
    assert caught("number-malformed", (NUMBER, f">{number}</edXML:CodeNumber>"))


@pytest.mark.parametrize("notation", ["QyĐ-UBND", "TTr-UBND", "2026/QĐ-TTg", "VPCP-TTĐT", "CTr-HĐND", "TrS-UBND"])
def test_small_letters_of_known_abbreviations_pass(notation: str):
    assert not caught("notation-in-lower-case", (NOTATION, f">{notation}</edXML:CodeNotation>"))


@pytest.mark.parametrize("notation", ["UBND-vp", "UBND-Vanphong"])
def test_other_small_letters_are_caught(notation: str):
    assert caught("notation-in-lower-case", (NOTATION, f">{notation}</edXML:CodeNotation>"))


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.name)
def test_each_of_the_29_types_agrees_with_its_own_abbreviation(kind):
    notation = f"{kind.abbreviation}-UBND" if kind.abbreviation else "UBND-VP"
    changes = (
        ("Công văn</edXML:TypeName>", f"{kind.name}</edXML:TypeName>"),
        (NOTATION, f">{notation}</edXML:CodeNotation>"),
    )

    assert not caught("abbreviation-of-another-type", *changes)
    assert not caught("abbreviation-lost-its-stroke", *changes)
    assert not caught("type-name-unknown", *changes)


@pytest.mark.parametrize(
    ("name", "group"), [("Đề án", "DA"), ("Dự án", "ĐA"), ("Hướng dẫn", "HĐ"), ("Công điện", "CD")]
)
def test_a_lost_or_gained_stroke_is_caught(name: str, group: str):
    assert caught(
        "abbreviation-lost-its-stroke",
        ("Công văn</edXML:TypeName>", f"{name}</edXML:TypeName>"),
        (NOTATION, f">{group}-UBND</edXML:CodeNotation>"),
    )


def test_29_types_are_known_by_name_in_either_spelling():
    assert len(TYPES) == 29
    assert type_named("QUYẾT ĐỊNH (cá biệt)") is type_named("Quyết định")
    assert type_named("Bản thoả thuận") is type_named("Bản thỏa thuận")
    assert type_named("Nghị định") is None


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2026/11/20 09:10:11", Written.RIGHT),
        ("2026-11-20T09:10:11Z", Written.OTHER_FORM),
        ("20/11/2026 09:10", Written.OTHER_FORM),
        ("20261120", Written.OTHER_FORM),
        ("2026/11/31 09:10:11", Written.IMPOSSIBLE),
        ("2026/11/20 09:61:11", Written.IMPOSSIBLE),
        ("hôm qua", Written.IMPOSSIBLE),
    ],
)
def test_a_time_stamp_is_right_or_of_another_form_or_impossible(text: str, written: Written):
    assert timestamp_written(text) is written


def test_the_text_of_two_limits_names_both():
    (because,) = caught("telephone-too-long", ("(84-24) 3000 0001", "(84-24) 3000 0001 / 3000 0002"))

    assert "20 and 50" in because


def test_lengths_are_counted_in_composed_characters():
    subject = "V/v phối hợp kiểm thử kết nối trục liên thông văn bản"

    assert not caught("subject-too-long", (subject, "e\u0302\u0301" * 500))
    assert caught("subject-too-long", (subject, "ế" * 501))


@pytest.mark.parametrize("word", ["NULL", "none", "N/A", "undefined"])
def test_words_for_nothing_are_no_codes(word: str):
    assert caught("organ-null", (">000.00.00.H99</", f">{word}</"))


def test_a_document_id_of_the_decree_is_compared_by_year_and_number():
    decree = ("000.00.00.H98,2026/11/20,12/UBND-VP", "000.00.00.H98,2026,12")
    wrong = ("000.00.00.H98,2026/11/20,12/UBND-VP", "000.00.00.H98,2025,13")

    assert not caught("document-id-other-code", decree)
    assert not caught("document-id-other-date", decree)
    assert caught("document-id-other-code", wrong)
    assert caught("document-id-other-date", wrong)


def test_without_a_date_of_issue_no_dates_are_compared():
    gone = ("<edXML:PromulgationDate>2026/11/20</edXML:PromulgationDate>", "")

    assert not caught("document-id-other-date", gone)
    assert not caught("due-before-issue", gone)
    assert not caught("issued-after-sending", gone)


def test_a_response_for_with_nothing_but_a_date_is_incomplete():
    changes = tuple(
        (f"<edXML:{name}>{value}</edXML:{name}>", "")
        for name, value in (("Code", "77/UBND-KT"), ("DocumentId", "000.00.00.H99,2026/11/02,77/UBND-KT"))
    )
    changes += (
        ("<edXML:ResponseFor>\r\n          <edXML:OrganId>000.00.00.H99</edXML:OrganId>", "<edXML:ResponseFor>"),
    )

    (because,) = caught("response-for-incomplete", *changes, base="reply.edxml")
    assert because == "missing: OrganId, Code, DocumentId"


def test_both_spellings_of_a_code_are_one_unit():
    assert same_unit("H53.13", "000.00.13.H53")
    assert same_unit("000.00.13.H53", "H53.13")
    assert not same_unit("H53.13", "000.00.14.H53")


def test_content_is_told_by_its_first_bytes():
    assert kind_of(b"%PDF-1.7\n") == "pdf"
    assert kind_of(b"\x89PNG\r\n\x1a\n....") == "png"
    assert kind_of(b"hello") == ""
    assert kinds_of_extension("docx") == {"zip"}
    assert kinds_of_extension("dat") == frozenset()
    assert "application/pdf" in expected_types("pdf")
    assert expected_types("dat") == frozenset()


def attached(name: str, archive: bytes) -> tuple[tuple[str, str], ...]:
    """The changes that put ``archive`` in the place of the builder's zipped table."""
    packet = examine(specimen("good", "builder-new.edxml").data).packet
    assert isinstance(packet, Package)
    old = packet.attachments[1]
    return ((old.name, name), (old.encoded.decode(), base64.b64encode(archive).decode()))


def zipped(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, b"noi dung")
    return buffer.getvalue()


def test_an_archive_of_too_many_entries_is_caught_without_unpacking_it():
    (because,) = caught("attachment-bomb", *attached("kho.zip", zipped(*(f"{i}.txt" for i in range(1001)))))

    assert because == "the archive has 1001 entries"


def test_an_archive_that_declares_a_gigabyte_is_caught_without_unpacking_it():
    archive = bytearray(zipped("a.txt"))
    directory = archive.index(b"PK\x01\x02")
    archive[directory + 24 : directory + 28] = (1 << 30).to_bytes(4, "little")

    (because,) = caught("attachment-bomb", *attached("kho.zip", bytes(archive)))

    assert because == f"unpacked the file would have {1 << 30} bytes"


def test_paths_and_texts_are_shortened_for_messages():
    assert bare("MessageHeader/To[12]/OrganId") == "MessageHeader/To/OrganId"
    assert shown("một\n hai") == "một hai"
    assert shown("x" * 100, 10) == "x" * 9 + "…"
