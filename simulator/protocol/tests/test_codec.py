"""The reader is tolerant, the writer strict; what is damaged is named with its place."""

import codecs
from datetime import date, datetime

import pytest

from simulator.clock import VIETNAM
from simulator.protocol.codec import decode, encode, examine, read_date, read_timestamp, timestamp_text
from simulator.protocol.errors import Damage, Malformed
from simulator.protocol.names import NAMESPACE
from simulator.protocol.package import (
    Attachment,
    Business,
    Code,
    Element,
    Kind,
    OtherInfo,
    Package,
    Party,
    Promulgation,
    Receiver,
    Reference,
    ResponseFor,
    StatusPacket,
    TraceHeader,
    TraceHeaderList,
    Unknown,
)
from simulator.protocol.profile import Limits

LETTER = Package(
    sender=Party("000.00.00.H98", name="UBND tỉnh Thử Nghiệm"),
    receivers=(Party("G22"), Party("000.00.00.H41", name="A & B <C>")),
    document_id="000.00.00.H98,2026/11/20,12/UBND-VP",
    code=Code("12", "UBND-VP"),
    promulgation=Promulgation("Nghệ An", date(2026, 11, 20)),
    subject="V/v thử nghiệm liên thông",
    other=OtherInfo(priority=1, direction=False, appendixes=("Phụ lục I",)),
    response_for=(ResponseFor(),),
    steering_type=0,
    to_places=("Như trên", "Lưu: VT"),
    trace=TraceHeaderList(
        business=Business(doc_type=0, paper=0),
        headers=(TraceHeader("000.00.00.H98", datetime(2026, 11, 20, 8, 30, tzinfo=VIETNAM)),),
    ),
    manifest=(Reference("cid:1", "application/pdf", "", "công văn.pdf"),),
    attachments=(Attachment.of_file("công văn.pdf", b"%PDF-1.4 ...", content_id="cid:1"),),
    unknown=(Unknown("MessageHeader/To[1]", Element("Extra", NAMESPACE, "kept")),),
)


def test_a_package_survives_the_wire() -> None:
    assert decode(encode(LETTER)).packet == LETTER


def test_the_writer_uses_the_prefix_and_crlf_that_strict_readers_ask_for() -> None:
    text = encode(LETTER).decode()

    assert "<edXML:MessageHeader>" in text
    assert "\r\n" in text
    assert "\n" not in text.replace("\r\n", "")
    assert decode(text.encode()).traits.unprefixed == ()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: text.replace("edXML:", "x:").replace("xmlns:edXML", "xmlns:x"), id="another prefix"),
        pytest.param(lambda text: text.replace("edXML:", "").replace("xmlns:edXML", "xmlns:y"), id="no prefix"),
        pytest.param(lambda text: text.replace("\r\n", "\n"), id="LF"),
        pytest.param(lambda text: "\ufeff" + text, id="BOM"),
        pytest.param(lambda text: text.replace("<edXML:Subject>", "<!-- note --><edXML:Subject>"), id="comment"),
        pytest.param(lambda text: text.split("?>", 1)[1].lstrip(), id="no declaration"),
    ],
)
def test_equivalent_forms_read_alike(change) -> None:
    changed = change(encode(LETTER).decode())

    assert decode(changed.encode()).packet == LETTER


def test_any_order_of_elements_reads_alike() -> None:
    text = encode(LETTER).decode()
    line = next(line for line in text.splitlines() if "edXML:Subject" in line)

    moved = text.replace(line + "\r\n", "").replace("        <edXML:From>", f"{line}\r\n        <edXML:From>", 1)

    assert decode(moved.encode()).packet == LETTER


def test_an_undeclared_prefix_is_read_and_noted() -> None:
    text = encode(LETTER).decode().replace("<edXML:Reference>", '<edXML:Reference xlink:href="cid:1">')

    reading = decode(text.encode())

    assert reading.packet == LETTER
    assert reading.traits.unbound_prefixes == ("xlink:href",)


def test_utf16_with_a_byte_order_mark_is_read() -> None:
    text = encode(LETTER).decode().replace("UTF-8", "UTF-16")

    assert decode(text.encode("utf-16")).packet == LETTER


def test_a_missing_business_element_means_a_new_document() -> None:
    assert Package(sender=Party("G22")).business_type == 0


def test_unreadable_numbers_and_dates_are_none_and_stay_in_the_leaves() -> None:
    text = encode(LETTER).decode()
    text = text.replace(">1</edXML:Priority>", ">khẩn</edXML:Priority>").replace("2026/11/20</", "2014/02/30</")

    reading = decode(text.encode())

    assert isinstance(reading.packet, Package)
    assert reading.packet.other is not None
    assert reading.packet.other.priority is None
    assert reading.text("MessageHeader/OtherInfo/Priority") == "khẩn"
    assert reading.text("MessageHeader/PromulgationInfo/PromulgationDate") == "2014/02/30"


def test_repeated_elements_are_numbered_in_paths() -> None:
    reading = decode(encode(LETTER))

    assert reading.text("MessageHeader/To[2]/OrganId") == "000.00.00.H41"
    assert [leaf.text for leaf in reading.texts("MessageHeader/To/OrganId")] == ["G22", "000.00.00.H41"]


def test_a_second_subject_is_kept_as_unknown() -> None:
    text = encode(LETTER).decode().replace("<edXML:Subject>", "<edXML:Subject>first</edXML:Subject><edXML:Subject>", 1)

    packet = decode(text.encode()).packet

    assert isinstance(packet, Package)
    assert packet.subject == "first"
    assert [item.element.text for item in packet.unknown if item.element.name == "Subject"] == [LETTER.subject]


@pytest.mark.parametrize("prefix", ["", "cid:", "cid:cid:", "CID:"])
def test_any_number_of_leading_cid_is_stripped_for_matching(prefix: str) -> None:
    assert Reference(content_id=prefix + "7f3").bare_id == "7f3"


def test_a_status_packet_is_written_as_the_sdk_writes_it() -> None:
    status = StatusPacket(
        sender=Party("H41"), response_for=ResponseFor("G22", "1/VPCP", "G22,2026/01/15,1/VPCP"), code="03"
    )

    reading = decode(encode(status))

    assert reading.kind is Kind.STATUS
    assert reading.packet == status


def test_a_status_packet_with_a_body_keeps_it_as_unknown() -> None:
    text = encode(StatusPacket(sender=Party("H41"), code="01")).decode()
    text = text.replace("  </edXML:edXMLEnvelope>", "<edXML:edXMLBody/></edXML:edXMLEnvelope>")

    packet = decode(text.encode()).packet

    assert isinstance(packet, StatusPacket)
    assert [item.element.name for item in packet.unknown] == ["edXMLBody"]


def test_a_root_without_an_envelope_is_read_as_nothing() -> None:
    reading = decode(f'<edXML xmlns="{NAMESPACE}"/>'.encode())

    assert (reading.kind, reading.packet) == (Kind.UNKNOWN, None)


@pytest.mark.parametrize("foreign", ["http://www.go.vn/eDoc", ""])
def test_a_wrong_namespace_is_read_and_noted(foreign: str) -> None:
    text = encode(LETTER).decode().replace(NAMESPACE, foreign) if foreign else "<edXML><edXMLEnvelope/></edXML>"

    reading = decode(text.encode())

    assert reading.traits.envelope_namespace == foreign
    assert reading.traits.foreign_namespaces


# -- damage

DTD = b'<?xml version="1.0"?><!DOCTYPE edXML [<!ENTITY x SYSTEM "file:///etc/passwd">]><edXML>MessageHeader</edXML>'


@pytest.mark.parametrize(
    ("data", "damage"),
    [
        (b"", Damage.EMPTY),
        (b" \r\n\x00", Damage.EMPTY),
        (b"%PDF-1.4 not xml", Damage.NOT_EDXML),
        (b"<html><body>502</body></html>", Damage.NOT_EDXML),
        (b"<a><b></a>", Damage.NOT_EDXML),
        (DTD, Damage.DOCTYPE),
        (DTD.decode().encode("utf-16"), Damage.DOCTYPE),
        (b"1212" + encode(LETTER), Damage.LEADING_BYTES),
        (b"\n " + encode(LETTER), Damage.LEADING_BYTES),
        (encode(LETTER)[:900], Damage.NOT_WELL_FORMED),
        (encode(LETTER) + b"<more/>", Damage.NOT_WELL_FORMED),
        (encode(LETTER).replace(b"Ngh", b"\xff\xfe"), Damage.NOT_WELL_FORMED),
        (encode(LETTER).replace(b"V/v", b"&undeclared;"), Damage.NOT_WELL_FORMED),
        (b"<edXML>" + b"<a>" * 70 + b"</a>" * 70 + b"</edXML>", Damage.TOO_DEEP),
        (b"<edXML " + b" ".join(b'a%d="1"' % n for n in range(70)) + b"/>", Damage.TOO_MANY_ATTRIBUTES),
    ],
)
def test_damage_is_named_and_placed(data: bytes, damage: Damage) -> None:
    with pytest.raises(Malformed) as caught:
        decode(data)

    assert caught.value.damage is damage
    assert caught.value.at
    assert caught.value.because.vi != caught.value.because.en


@pytest.mark.parametrize(
    ("limits", "damage"),
    [
        (Limits(package_bytes=100), Damage.TOO_LARGE),
        (Limits(elements=10), Damage.TOO_MANY_ELEMENTS),
        (Limits(elements=30), Damage.TOO_MANY_ELEMENTS),
        (Limits(attachments=0), Damage.TOO_MANY_ATTACHMENTS),
    ],
)
def test_limits_come_from_the_caller(limits: Limits, damage: Damage) -> None:
    with pytest.raises(Malformed) as caught:
        decode(encode(LETTER), limits)

    assert caught.value.damage is damage


def test_billion_laughs_costs_nothing() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><edXML>&b;</edXML>'

    with pytest.raises(Malformed, match="DTD"):
        decode(bomb)


def test_damaged_bytes_are_read_as_far_as_they_go() -> None:
    reading = examine(b"1212" + encode(LETTER))

    assert reading.packet == LETTER
    assert [item.damage for item in reading.damage] == [Damage.LEADING_BYTES]


def test_a_truncated_package_still_says_what_it_was() -> None:
    reading = examine(encode(LETTER)[:1400])

    assert reading.kind is Kind.EDOC
    assert isinstance(reading.packet, Package)
    assert reading.packet.sender == LETTER.sender


def test_nothing_behind_a_dtd_is_parsed_but_the_kind_is_told() -> None:
    reading = examine(encode(LETTER).replace(b"?>", b"?><!DOCTYPE edXML>", 1))

    assert reading.kind is Kind.EDOC
    assert reading.packet is None


def test_a_dtd_hidden_by_an_encoding_is_found_after_all() -> None:
    hidden = b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE edXML+AD4APA-edXML/+AD4-'

    with pytest.raises(Malformed):
        decode(hidden)


def test_utf16_that_breaks_off_is_no_packet() -> None:
    with pytest.raises(Malformed):
        decode(codecs.BOM_UTF16_LE + b"<\x00e")


@pytest.mark.parametrize("text", ["2014/02/30", "2026-01-02", "2026/1/2", "02/01/2026", "", "2026/01/02 "])
def test_only_real_dates_in_the_wire_form_are_dates(text: str) -> None:
    assert read_date(text) is None


def test_time_stamps_are_vietnamese_time() -> None:
    moment = read_timestamp("2026/01/15 09:10:11")

    assert moment is not None
    assert moment.utcoffset() == VIETNAM.utcoffset(None)
    assert timestamp_text(moment) == "2026/01/15 09:10:11"
    assert read_timestamp("2026/01/15 25:10:11") is None
    assert read_timestamp("2026-01-15T09:10:11") is None


def test_values_that_the_wire_cannot_carry_do_not_exist() -> None:
    with pytest.raises(ValueError, match=r"U\+0000"):
        Party("H98", name="a\x00b")
    with pytest.raises(ValueError, match="white space"):
        Receiver(organ_id=" H98")
    with pytest.raises(ValueError, match="empty text"):
        Package(to_places=("",))
    with pytest.raises(ValueError, match="nine digits"):
        Receiver(type=10**9)
    with pytest.raises(ValueError, match="zone"):
        TraceHeader(timestamp=datetime(2026, 1, 1))
    with pytest.raises(ValueError, match="white space"):
        Attachment(encoded=b"QUJD QUJD")
    with pytest.raises(ValueError, match="UTF-8"):
        Attachment(encoded=b"\xff")
    with pytest.raises(ValueError, match="XML name"):
        Element("two words")


def test_an_empty_status_code_still_makes_a_status_packet() -> None:
    assert decode(encode(StatusPacket(sender=Party("H41")))).kind is Kind.STATUS
