"""Attachments are carved out before parsing, which changes nothing of what a packet says."""

import base64
import re
from mmap import mmap
from random import Random
from tempfile import TemporaryFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.protocol import codec
from simulator.protocol.carving import WINDOW, Carved, carve, decoded
from simulator.protocol.errors import DamagedAttachment, Malformed
from simulator.protocol.package import Attachment, Package, Party, Reference, ResponseFor, StatusPacket
from simulator.protocol.profile import Limits
from simulator.protocol.tests.specimens import SPECIMENS, Specimen

LIMITS = Limits(package_bytes=200_000, depth=12, elements=120, attributes=6, attachments=3)
SNIPPETS = (
    b"<!--", b"-->", b"<![CDATA[", b"]]>", b"\r\n", b"\n", b"\r", b" ", b"~!0", b"~!", b"=", b"==", b"@", b"&#65;",
    b"&amp;", b"&x;", b"<a>", b"</a>", b"<a/>", b"<?p ", b"?>", b"\xc3", b"\xef\xbf\xbd", b"\0", b"<!DOCTYPE x>", b">",
    b"</edXML:ContentTransferEncoded>", b"<edXML:ContentTransferEncoded>", b"<ContentTransferEncoded a='>'>",
    b"<Attachment>", b"</Attachment>", b"AAAA", b"<x:b/>", b' q="1"', b"<From>", b"<OrganId>H1</OrganId>",
    b"edXMLEnvelope",
    b"<edXML:To/>", b"<edXML:ResponseFor><edXML:OrganId>H9</edXML:OrganId></edXML:ResponseFor>", b"\xef\xbb\xbf",
)  # fmt: skip


def _wrapped(data: bytes, line_end: bytes) -> bytes:
    """The same packet with its base64 in lines of 20."""
    for attachment in codec.decode(data).packet.attachments:  # type: ignore[union-attr]
        text = attachment.encoded
        lines = line_end.join(text[at : at + 20] for at in range(0, len(text), 20))
        data = data.replace(text, line_end + lines + line_end)
    return data


def _package() -> bytes:
    files = tuple(
        Attachment.of_file(f"{n}.pdf", b"%PDF" + Random(n).randbytes(60 + n), content_id=f"cid:{n}") for n in range(2)
    )
    return codec.encode(
        Package(
            sender=Party("H98", name="Sở Thử"),
            receivers=(Party("G22"), Party("H97")),
            document_id="H98,2026/11/20,1/TN",
            subject="Về việc thử",
            response_for=(ResponseFor(organ_id="G22", document_id="x"),),
            manifest=tuple(Reference(each.content_id, each.content_type, "", each.name) for each in files),
            attachments=files,
        )
    )


BASES = (
    _package(),
    _wrapped(_package(), b"\r\n"),
    _wrapped(_package(), b"\n"),
    codec.encode(StatusPacket(sender=Party("H98"), response_for=ResponseFor("G22", "1/TN", "d"), code="03")),
)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A packet that somebody has meddled with, up to four times."""
    data = draw(st.sampled_from(BASES))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(data)))
        gone = draw(st.sampled_from((0, 0, 0, 1, 7, 40)))
        data = data[:at] + draw(st.sampled_from((*SNIPPETS, b""))) + data[at + gone :]
    return data


def told(read: object, *given: object) -> object:
    """All that a reading says, or why there is none."""
    try:
        reading = read(*given)  # type: ignore[operator]
    except Malformed as damage:
        return damage.damage, damage.at, damage.because
    damage = [(each.damage, each.at, each.because) for each in reading.damage]
    return reading.kind, reading.packet, reading.leaves, reading.traits, damage


@settings(max_examples=250, deadline=None)
@given(mutated())
def test_a_carved_packet_says_what_the_whole_one_says(data: bytes) -> None:
    whole = told(codec._examined, data, LIMITS, Carved(data))

    assert told(codec._examined, data, LIMITS, carve(data, worth=8)) == whole


@pytest.mark.parametrize("specimen", SPECIMENS, ids=lambda each: f"{each.group}/{each.file}")
def test_every_specimen_says_the_same_carved(specimen: Specimen) -> None:
    data, limits = specimen.data, specimen.limits

    assert told(codec._examined, data, limits, carve(data, worth=8)) == told(
        codec._examined, data, limits, Carved(data)
    )


@pytest.mark.parametrize("line_end", [b"", b"\r\n"], ids=["one line", "lines"])
@pytest.mark.parametrize("size", [100, WINDOW - 1, 3 * WINDOW + 5])
def test_a_mapped_file_is_read_like_bytes(size: int, line_end: bytes) -> None:
    attached = Attachment(name="a.pdf", content_id="cid:1", encoded=base64.b64encode(Random(size).randbytes(size)))
    data = codec.encode(Package(sender=Party("H98"), document_id="d", attachments=(attached,)))
    if line_end:
        text = attached.encoded
        data = data.replace(text, line_end.join(text[at : at + 76] for at in range(0, len(text), 76)))
    with TemporaryFile() as file:
        file.write(data)
        file.flush()
        with mmap(file.fileno(), 0) as mapped:
            thin = codec.skim_mapped(mapped)

            assert (thin is None) == (size == 100)
            if thin is not None:
                assert thin.contents is not None
                assert thin.contents.document_id == "d"
                (cut,) = carve(mapped).cuts
                assert b"".join(decoded(mapped, cut.start, cut.end)) == attached.payload


ALPHABET = st.sampled_from([b"QUJD", b"QUI=", b"QQ==", b"A", b"AB", b"=", b"\n", b" ", b"\r\n", b"@", b"AAAA"])


@settings(max_examples=300)
@given(st.lists(ALPHABET, max_size=12).map(b"".join))
def test_a_payload_is_what_the_standard_library_makes_of_whole_base64(text: bytes) -> None:
    text = b"".join(text.split())
    attachment = Attachment(name="a", encoded=text)

    assert _payload(attachment) == _stdlib(text)


def _payload(attachment: Attachment) -> bytes | None:
    try:
        return attachment.payload
    except DamagedAttachment:
        return None


def _stdlib(text: bytes) -> bytes | None:
    """What strict base64 is: the standard library alone lets padding pass that nothing asks for (``QUJD==``)."""
    if not re.match(rb"[A-Za-z0-9+/]*={0,2}\Z", text) or len(text) % 4:
        return None
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return None
