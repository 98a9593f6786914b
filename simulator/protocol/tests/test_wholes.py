"""Whether a file is there to its end: whole ones pass, halves do not, and no bytes at all make it raise."""

import base64
import gzip
import io
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.protocol.codec import examine
from simulator.protocol.lint import lint
from simulator.protocol.package import Package
from simulator.protocol.rules.contents import holds_packet, kind_of, kinds_of_type, must_be_known
from simulator.protocol.rules.wholes import archive_flaw, flaw_of_kind, names_in, office_flaw, pdf_table_flaw
from simulator.protocol.tests.specimens import specimen

BEGINNINGS = {
    "pdf": b"%PDF-1.4\n",
    "png": b"\x89PNG\r\n\x1a\n",
    "jpeg": b"\xff\xd8\xff\xe0",
    "gif": b"GIF89a",
    "tiff": b"II*\x00",
    "gzip": b"\x1f\x8b\x08",
}


def whole_files() -> dict[str, bytes]:
    """The files of the specimen that has one of each kind, by kind."""
    packet = examine(specimen("good", "files-of-many-kinds.edxml").data).packet
    assert isinstance(packet, Package)
    return {kind_of(each.payload[:2048]): each.payload for each in packet.attachments}


WHOLE = whole_files()


@pytest.mark.parametrize("kind", sorted(BEGINNINGS))
def test_a_whole_file_has_no_flaw_and_half_of_it_has_one(kind: str):
    file = WHOLE[kind]

    assert flaw_of_kind(kind, file) is None
    assert flaw_of_kind(kind, file + b"\r\n\0") is None
    assert flaw_of_kind(kind, file[: len(file) // 2]) is not None


def test_a_pdf_that_goes_on_after_its_end_and_stops_is_cut_off():
    grown = WHOLE["pdf"].rstrip(b"\r\n\0") + b"\n7 0 obj\n<< /Type /Sig"

    assert flaw_of_kind("pdf", grown) is not None
    assert flaw_of_kind("pdf", grown + b" >>\nendobj\nstartxref\n9\n%%EOF") is None


def test_a_picture_whose_small_preview_ends_is_no_whole_picture():
    preview = b"\xff\xd8\xff\xd9"
    head = b"\xff\xd8\xff\xe1" + (len(preview) + 2).to_bytes(2, "big") + preview

    assert flaw_of_kind("jpeg", head + b"\xff\xda\x00\x02" + bytes(50)) is not None
    assert flaw_of_kind("jpeg", head + b"\xff\xda\x00\x02" + bytes(50) + b"\xff\xd9") is None


def test_a_bomb_is_unpacked_up_to_a_limit_only():
    assert flaw_of_kind("gzip", gzip.compress(bytes(80 * 1024 * 1024))) is None


@given(st.sampled_from(sorted(BEGINNINGS)), st.binary(max_size=300))
def test_no_bytes_at_all_make_it_raise(kind: str, rest: bytes):
    flaw_of_kind(kind, BEGINNINGS[kind] + rest)
    archive_flaw(b"PK\x03\x04" + rest)
    names_in(b"PK\x05\x06" + rest)


@given(st.sampled_from(sorted(WHOLE)), st.data())
def test_no_changed_byte_makes_it_raise(kind: str, data: st.DataObject):
    file = bytearray(WHOLE[kind])
    for _ in range(data.draw(st.integers(1, 4))):
        file[data.draw(st.integers(0, len(file) - 1))] = data.draw(st.integers(0, 255))

    flaw_of_kind(kind, bytes(file))


def archive(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as writing:
        for name in names:
            writing.writestr(name, b"noi dung " * 20)
    return buffer.getvalue()


def test_an_archive_is_read_to_its_last_entry():
    good = archive("a.txt", "b.txt")
    spoilt = good.replace(b"noi dung", b"noi dunk", 1)

    assert archive_flaw(good) is None
    assert archive_flaw(spoilt) is not None
    assert "directory" in str(archive_flaw(good[:80]))


@pytest.mark.parametrize(
    ("extension", "names", "fits"),
    [
        ("docx", ["[Content_Types].xml", "word/document.xml"], True),
        ("docx", ["[Content_Types].xml", "word\\document2.xml"], True),
        ("docx", ["[Content_Types].xml", "xl/workbook.xml"], False),
        ("xlsx", ["xl/workbook.xml"], False),
        ("pptx", ["[Content_Types].xml", "ppt/presentation.xml"], True),
        ("zip", ["a.txt"], True),
    ],
)
def test_office_files_are_told_by_their_parts(extension: str, names: list[str], fits: bool):
    assert (office_flaw(extension, names) is None) is fits


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\r\n%PDF-1.5", "pdf"),
        (b"<html><body>", "html"),
        (b'<?xml version="1.0"?><?mso-application progid="Word.Document"?>', "office xml"),
        (b'<?xml version="1.0"?><a/>', "xml"),
        (b"\x00\x00\x00\x18ftypheic", "heif"),
        (b"17 byte linh tinh", ""),
    ],
)
def test_content_is_told_by_how_it_begins(head: bytes, kind: str):
    assert kind_of(head) == kind


def test_only_names_that_promise_a_form_are_held_to_it():
    assert must_be_known("pdf")
    assert must_be_known("docx")
    assert not must_be_known("doc")
    assert not must_be_known("txt")
    assert kinds_of_type("application/pdf") == {"pdf"}
    assert kinds_of_type("application/octet-stream") == kinds_of_type("text/csv") == frozenset()


@pytest.mark.parametrize("root", ["<edXML xmlns='x'>", "<?xml version='1.0'?>\n<edXML:edXML>", "<e:edXMLEnvelope >"])
def test_a_packet_is_known_by_its_root(root: str):
    assert holds_packet(root.encode())
    assert not holds_packet(b"%PDF-1.4 " + root.encode())


def test_a_pdf_that_is_three_bytes_short_says_where_its_table_should_be():
    file = WHOLE["pdf"]

    assert pdf_table_flaw(file) is None
    assert pdf_table_flaw(b"\r\n" + file) is None
    assert pdf_table_flaw(file[:100] + file[103:]) is not None
    assert pdf_table_flaw(b"%PDF-1.4 no table at all %%EOF") is None


def test_a_changed_byte_of_a_png_does_not_fit_its_checksum():
    file = bytearray(WHOLE["png"])
    file[45] ^= 1

    assert "checksum" in str(flaw_of_kind("png", bytes(file)))


def test_what_is_too_large_to_unpack_is_not_called_cut_off():
    bomb = archive_of("1.pdf", b"%PDF-1.4\n" + bytes(4_000_000) + b"\n%%EOF")
    text = specimen("good", "builder-new.edxml").data.decode()
    packet = examine(text.encode()).packet
    assert isinstance(packet, Package)
    old = packet.attachments[1]
    data = text.replace(old.encoded.decode(), base64.b64encode(bomb).decode()).replace(old.name, "lon.pdf")

    found = {finding.rule.id for finding in lint(data.encode()).findings}

    assert "attachment-bomb" in found
    assert "attachment-cut-off" not in found


def archive_of(name: str, data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as writing:
        writing.writestr(name, data)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("kind", "unit"),
    [
        ("jpeg", b"\xff\xe0\x00\x00"),
        ("jpeg", b"\xff"),
        ("gif", b"!\xf9\x01\x00\x00"),
        ("pdf", b"%%EOF 1"),
        ("png", b""),
    ],
)
def test_hostile_repetition_is_walked_a_bounded_way(kind: str, unit: bytes):
    chunk = b"\x00\x00\x00\x00tEXt" + zlib.crc32(b"tEXt").to_bytes(4, "big")
    data = BEGINNINGS[kind] + (unit or chunk) * 400_000

    flaw_of_kind(kind, data)  # it ends: the bound is one of steps, not of time
    assert kind == "pdf" or flaw_of_kind(kind, BEGINNINGS[kind] + (unit or chunk) * 3) is not None
