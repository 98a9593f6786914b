"""Corners of the rules about what outlives decoding: what they catch, and what is honest and stays clean."""

import base64
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.protocol.codec import examine
from simulator.protocol.lint import Verdict, lint
from simulator.protocol.package import Package
from simulator.protocol.rules import rule_named
from simulator.protocol.tests.specimens import specimen


def caught(rule: str, *changes: tuple[str, str], base: str = "builder-new.edxml") -> list[str]:
    """The places where the changed good specimen breaks ``rule``."""
    text = specimen("good", base).data.decode()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return [breach.at for breach in rule_named(rule).breaches(examine(text.encode()))]


# ---------------------------------------------------------------- white space and what nobody sees


@pytest.mark.parametrize("letter", ["\u00a0", "\u2003", "\u3000", "\u200b", "\ufeff", "\u2060", "\u202f", "\u2028"])
@pytest.mark.parametrize("place", ["{0}000.00.00.H99", "000.00.00.H99{0}", "000.00.{0}00.H99"])
def test_white_space_of_every_kind_is_seen_round_and_inside_a_code(letter: str, place: str):
    code = place.format(letter)

    assert caught("code-with-white-space", ("<edXML:OrganId>000.00.00.H99<", f"<edXML:OrganId>{code}<"))


@pytest.mark.parametrize("blank", [" ", "\t", "\n          "])
def test_plain_blanks_round_a_code_are_seen_too(blank: str):
    changes = (("<edXML:StatusCode>03<", f"<edXML:StatusCode>{blank}03{blank}<"),)

    assert caught("code-with-white-space", *changes, base="status-03.edxml") == ["MessageHeader/StatusCode"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<edXML:OrganName>UBND tỉnh Mẫu<", "<edXML:OrganName> UBND\u00a0tỉnh Mẫu\n<"),
        ("<edXML:Place>Như trên<", "<edXML:Place>Như trên; <"),
    ],
)
def test_prose_may_have_blanks_of_any_kind(old: str, new: str):
    assert not caught("code-with-white-space", (old, new))


@pytest.mark.parametrize("mark", list("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"))
def test_every_mark_of_direction_is_named(mark: str):
    assert caught("direction-marks", ("V/v phối hợp", f"V/v {mark}phối hợp")) == ["MessageHeader/Subject"]
    assert not caught("hidden-characters", ("V/v phối hợp", f"V/v {mark}phối hợp"))


@pytest.mark.parametrize("letter", ["\u200b", "\u00ad", "\u2062", "\u3164", "\U000e0041"])
def test_letters_that_show_nothing_are_named(letter: str):
    assert caught("hidden-characters", ("V/v phối hợp", f"V/v {letter}phối hợp")) == ["MessageHeader/Subject"]


# ---------------------------------------------------------------- repeated


ONCE = ("OrganId", "OrganName", "DocumentId", "CodeNumber", "Subject", "FullName", "Priority", "BussinessDocType")


@pytest.mark.parametrize("name", ONCE)
def test_any_part_that_stands_once_is_caught_when_it_stands_twice(name: str):
    text = specimen("good", "builder-new.edxml").data.decode()
    start = text.index(f"<edXML:{name}>")
    end = text.index(f"</edXML:{name}>", start) + len(f"</edXML:{name}>")
    doubled = text[:end] + text[start:end] + text[end:]

    assert [finding.rule.id for finding in lint(doubled.encode()).findings if "repeated" in finding.rule.id]


@pytest.mark.parametrize("name", ["From", "ResponseFor", "StaffInfo", "Description", "Timestamp"])
def test_in_status_packets_too(name: str):
    text = specimen("good", "status-03.edxml").data.decode()
    start = text.index(f"<edXML:{name}>")
    end = text.index(f"</edXML:{name}>", start) + len(f"</edXML:{name}>")

    result = lint((text[:end] + text[start:end] + text[end:]).encode())

    assert [finding.rule.id for finding in result.findings] == ["element-repeated"]
    assert result.verdict is Verdict.WARNINGS


def test_the_same_code_twice_only_warns_and_another_one_is_an_error():
    again = ("<edXML:StatusCode>03<", "<edXML:StatusCode>03</edXML:StatusCode><edXML:StatusCode>03<")
    other = ("<edXML:StatusCode>03<", "<edXML:StatusCode>03</edXML:StatusCode><edXML:StatusCode>02<")

    assert not caught("status-code-twice", again, base="status-03.edxml")
    assert caught("status-code-twice", other, base="status-03.edxml")


def test_what_may_repeat_repeats():
    changes = (
        ("<edXML:Place>Như trên</edXML:Place>", "<edXML:Place>Như trên</edXML:Place><edXML:Place>Sở A</edXML:Place>"),
    )

    assert not caught("element-repeated", *changes)
    assert not caught("element-repeated", base="many-receivers.edxml")


# ---------------------------------------------------------------- base64


def _content() -> tuple[bytes, str]:
    packet = examine(specimen("good", "builder-new.edxml").data).packet
    assert isinstance(packet, Package)
    return packet.attachments[0].payload, packet.attachments[0].encoded.decode()


@settings(max_examples=60, deadline=None)
@given(
    width=st.integers(1, 200),
    end=st.sampled_from(["\n", "\r\n"]),
    indent=st.sampled_from(["", "  ", "\t", "        "]),
    edge=st.sampled_from(["", "\n", "\r\n      "]),
)
def test_honest_base64_is_clean_however_it_is_wrapped(width: int, end: str, indent: str, edge: str):
    payload, text = _content()
    lines = [indent + text[at : at + width] for at in range(0, len(text), width)]
    data = specimen("good", "builder-new.edxml").data.decode().replace(text, edge + end.join(lines) + edge)

    result = lint(data.encode())

    assert [finding.rule.id for finding in result.findings] == ["manifest-type-is-zip"]
    assert result.reading
    assert isinstance(result.reading.packet, Package)
    assert result.reading.packet.attachments[0].payload == payload


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_letter_lost_anywhere_is_an_error(data: st.DataObject):
    _, text = _content()
    at = data.draw(st.integers(0, len(text) - 1))
    count = data.draw(st.integers(1, 3))

    result = lint(
        specimen("good", "builder-new.edxml").data.replace(text.encode(), (text[:at] + text[at + count :]).encode())
    )

    assert result.verdict is Verdict.ERRORS


@pytest.mark.parametrize("text", ["QUJD====", "QUJD=", "QUI", "QUI==", "QUJD\u00a0QUJD", "QU-_", "QQ==QUJD"])
def test_wrong_padding_and_foreign_letters_are_errors(text: str):
    _, right = _content()

    assert caught("attachment-not-base64", (right, text))


# ---------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a.pdf", "A.PDF"),
        ("Phụ lục.pdf", "PHỤ LỤC.pdf"),
        ("Phụ lục.pdf", "Phu\u0323 lu\u0323c.pdf"),
        ("a.pdf", "a.pdf."),
        ("straße.pdf", "STRASSE.pdf"),
        ("ﬁle.pdf", "file.pdf"),
    ],
)
def test_names_that_are_one_to_a_disk_collide(one: str, other: str):
    changes = (("12-UBND-VP.pdf", one), ("Phụ lục kế hoạch.xlsx", other))

    assert caught("attachment-names-collide", *changes) == ["AttachmentEncoded/Attachment[2]/AttachmentName"]


@pytest.mark.parametrize(("one", "other"), [("a.pdf", "a.docx"), ("Phụ lục.pdf", "Phu luc.pdf"), ("đ.pdf", "d.pdf")])
def test_names_that_differ_in_more_stand_side_by_side(one: str, other: str):
    assert not caught("attachment-names-collide", ("12-UBND-VP.pdf", one), ("Phụ lục kế hoạch.xlsx", other))


@pytest.mark.parametrize(
    "name", ["CON", "con.pdf", "nul.PDF", "LPT1.docx", "Com9", "a.pdf.", "AUX .txt", "a.pdf\u00a0", ".."]
)
def test_names_that_no_disk_takes_are_caught(name: str):
    assert caught("attachment-name-not-storable", ("12-UBND-VP.pdf", name))


@pytest.mark.parametrize("name", ["CONG-VAN.pdf", "Com.pdf", "console.pdf", "LPT10.pdf", ".ho-so", "a.b.pdf"])
def test_names_that_only_look_reserved_pass(name: str):
    assert not caught("attachment-name-not-storable", ("12-UBND-VP.pdf", name))


# ---------------------------------------------------------------- fields


COMPETENCE = "<edXML:Competence>TM. ỦY BAN NHÂN DÂN</edXML:Competence>"
AUTHORITIES = (
    "TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "Q. GIÁM ĐỐC", "TL. BỘ TRƯỞNG", "TUQ. CHÁNH VĂN PHÒNG", "Thừa lệnh",
    "Ký thay", "KT. Chủ tịch Phó Chủ tịch", "Đoàn Thanh niên", "TM. Ban Chấp hành Đoàn", "Hội đồng nhân dân",
    "Chủ Tịch",
)  # fmt: skip


@pytest.mark.parametrize("text", AUTHORITIES)
def test_words_of_authority_are_no_person(text: str):
    assert not caught("person-in-another-field", *_competence(text))


@pytest.mark.parametrize("text", ["Nguyễn Văn Mẫu", "Trần Thị Thử", "Lê Văn A Mẫu"])
def test_a_person_as_competence_is_caught(text: str):
    assert caught("person-in-another-field", *_competence(text)) == ["MessageHeader/SignerInfo/Competence"]


def _competence(text: str) -> tuple[tuple[str, str], ...]:
    return (("<edXML:SignerInfo>", f"<edXML:SignerInfo><edXML:Competence>{text}</edXML:Competence>"),) + (
        ((COMPETENCE, ""),) if COMPETENCE in specimen("good", "builder-new.edxml").data.decode() else ()
    )


@pytest.mark.parametrize("text", ["2026/11/30", "30/11/2026", "30-11-2026", "2026.11.30"])
def test_a_date_is_no_number_and_no_notation(text: str):
    assert caught("date-in-a-code", (">12</edXML:CodeNumber>", f">{text}</edXML:CodeNumber>"))
    assert caught("date-in-a-code", (">UBND-VP</edXML:CodeNotation>", f">{text}</edXML:CodeNotation>"))


@pytest.mark.parametrize("text", ["2026/QĐ-TTg", "12-NQ", "QĐ-UBND", "01/2026/TT-BTC"])
def test_notations_with_letters_are_notations(text: str):
    change = (">UBND-VP</edXML:CodeNotation>", f">{text}</edXML:CodeNotation>")

    assert not caught("date-in-a-code", change)
    assert not caught("number-in-the-notation", change)


# ---------------------------------------------------------------- the document that is answered


@pytest.mark.parametrize("code", ["012/UBND-VP", "12/ubnd-vp", "12"])
def test_one_document_in_two_spellings_is_one(code: str):
    change = ("<edXML:Code>12/UBND-VP<", f"<edXML:Code>{code}<")

    assert not caught("response-for-other-code", change, base="status-03.edxml")


@pytest.mark.parametrize(
    "id", ["000.00.00.H98,2026,12", "000.00.00.H98-2026-12", "3f1d2a6b-7c8d-4c0e-9d0b-5f3c1c7e8a54", "12"]
)
def test_an_identifier_of_another_grammar_is_compared_as_far_as_it_goes(id: str):
    change = (">000.00.00.H98,2026/11/20,12/UBND-VP<", f">{id}<")

    assert not caught("response-for-other-code", change, base="status-03.edxml")
    assert not caught("response-for-other-date", change, base="status-03.edxml")


# ---------------------------------------------------------------- encoding


@pytest.mark.parametrize("name", ["UTF-16", "utf-16le", "UTF-32", "UCS-2", "ISO-10646-UCS-4"])
def test_two_bytes_declared_and_one_written_is_named_as_that(name: str):
    data = specimen("good", "builder-new.edxml").data.replace(b'encoding="UTF-8"', f'encoding="{name}"'.encode())

    result = lint(data)

    assert result.findings[0].rule.id == "other-encoding"
    assert name in result.findings[0].because.en
    assert result.kind == "edoc"
    assert "not-well-formed" not in [finding.rule.id for finding in result.findings]


@pytest.mark.parametrize("form", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("declared", ["UTF-8", "UTF-16"])
def test_what_is_really_written_in_two_bytes_is_read_and_only_warned_about(form: str, declared: str):
    text = specimen("good", "builder-new.edxml").data.decode().replace('"UTF-8"', f'"{declared}"')

    result = lint(text.encode(form))

    assert [finding.rule.id for finding in result.findings] == ["encoding-not-utf8", "manifest-type-is-zip"]


def test_the_base64_of_a_packet_in_two_bytes_is_read_as_well():
    payload, text = _content()
    data = specimen("good", "builder-new.edxml").data.decode().encode("utf-16")

    packet = examine(data).packet

    assert isinstance(packet, Package)
    assert packet.attachments[0].payload == payload == base64.b64decode(text)


_MANY = {"To", "Place", "TraceHeader", "Reference", "Attachment", "StaffInfo", "Appendix", "Receiver"}
_MANY |= {"BussinessDocumentInfo", "ReplacementInfoList", "ReplacementInfo", "TaskCode"}
_OPENING = re.compile(r"<((?:edXML:)?)(\w+)((?: [^<>]*)?)>")


def _doubled(text: str, opening: re.Match[str]) -> str | None:
    """``text`` with the element that opens there written twice; None where it is empty."""
    closing = f"</{opening[1]}{opening[2]}>"
    end = text.find(closing, opening.end())
    return None if end < 0 else text[: (end := end + len(closing))] + text[opening.start() : end] + text[end:]


@pytest.mark.parametrize(
    "file", ["builder-new.edxml", "update.edxml", "replace.edxml", "reply.edxml", "status-02.edxml"]
)
def test_whatever_a_layout_has_once_is_told_when_it_is_there_twice(file: str):
    text = specimen("good", file).data.decode()
    before = {finding.rule.id for finding in lint(text.encode()).findings}
    silent = set()
    for opening in _OPENING.finditer(text):
        name = opening[2]
        doubled = _doubled(text, opening)
        if name in {"edXML", "ResponseFor"} | _MANY or doubled is None or (name == "OrganId" and "OrganIdList" in text):
            continue
        if {finding.rule.id for finding in lint(doubled.encode()).findings} == before:
            silent.add(name)

    assert not silent
