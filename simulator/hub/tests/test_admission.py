"""What is refused, and with which words."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.hub.admission import DAMAGE_REPLIES, admit, folded, refuse, refuse_malformed, wire_error
from simulator.hub.tests.axis import edoc, package, status
from simulator.protocol import codec
from simulator.protocol.errors import Damage, Malformed
from simulator.protocol.package import Element
from simulator.protocol.profile import Profile
from simulator.words import Text

QCVN = b"http://www.mic.gov.vn/TBT/QCVN_102_2016"


def test_every_damage_has_a_line_in_the_catalogue() -> None:
    assert set(DAMAGE_REPLIES) == set(Damage)
    for damage in Damage:
        refusal = refuse_malformed(Malformed(damage, Text(en="because đ", vi=""), "byte 3"))
        assert refusal.error is wire_error(DAMAGE_REPLIES[damage])
        assert refusal.desc == f"{refusal.error.desc}: because d (byte 3)"


@given(st.text())
def test_what_goes_out_is_one_line_of_printable_ascii(text: str) -> None:
    out = folded(text)

    assert all(" " <= letter <= "~" for letter in out)
    assert len(out) <= 400


def test_vietnamese_keeps_its_letters_and_loses_its_marks() -> None:
    assert folded("Đơn vị gửi không đúng\n中") == "Don vi gui khong dung ?"


def test_a_sound_packet_of_either_kind_is_admitted() -> None:
    assert admit(codec.outlined(codec.decode(edoc())), "edoc", Profile()) is None
    assert admit(codec.outlined(codec.decode(status())), "status", Profile()) is None


@pytest.mark.parametrize(
    ("data", "message_type", "words"),
    [
        (edoc(), "status", "packet of kind edoc"),
        (status(), "edoc", "packet of kind status"),
        (edoc(), "other", "not 'edoc' or 'status'"),
        (edoc().replace(QCVN, b"http://www.go.vn/eDoc"), "edoc", "namespace 'http://www.go.vn/eDoc'"),
        (edoc().replace(b'xmlns:edXML="' + QCVN, b'xmlns:edXML="urn:x'), "edoc", "edXMLEnvelope is in the namespace"),
        (b'<edXML xmlns="' + QCVN + b'"/>', "edoc", "no edXMLEnvelope/edXMLHeader/MessageHeader"),
        (edoc().replace(b"<edXML ", b"<other ").replace(b"</edXML>", b"</other>"), "edoc", "root element is 'other'"),
        (edoc(sender=""), "edoc", "From/OrganId"),
    ],
)
def test_what_cannot_be_routed_is_refused_as_bad_format(data: bytes, message_type: str, words: str) -> None:
    refusal = admit(codec.outlined(codec.decode(data)), message_type, Profile())

    assert refusal is not None
    assert refusal.error.id == "bad-format"
    assert words in refusal.desc


def test_a_profile_may_require_a_signature() -> None:
    strict = replace(Profile(), packet_signature="require")
    signed = codec.encode(package(signature=Element("Signature", "urn:x", "made up")))

    refusal = admit(codec.outlined(codec.decode(edoc())), "edoc", strict)

    assert refusal is not None
    assert "Signature" in refusal.desc
    assert admit(codec.outlined(codec.decode(signed)), "edoc", strict) is None


def test_a_refusal_may_have_exactly_the_axis_own_words() -> None:
    assert refuse("wrong-sender", text="Đơn vị gửi X").desc == "Don vi gui X"
    assert refuse("system-error").desc == "Loi he thong"
