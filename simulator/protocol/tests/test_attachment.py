"""Files in a package: packed by either SDK build, read by their content, never trusted."""

import base64
import io
import zipfile

import pytest

from simulator.protocol.errors import DamagedAttachment
from simulator.protocol.package import Attachment
from simulator.protocol.profile import Limits

TEXT = b"Noi dung" * 200


def archive(*entries: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in entries:
            packed.writestr(name, data)
    return buffer.getvalue()


def carrying(name: str, payload: bytes, content_type: str = "application/zip") -> Attachment:
    return Attachment(name=name, content_type=content_type, encoded=base64.b64encode(payload))


@pytest.mark.parametrize("form", ["raw", "zip-2018", "zip-2019"])
@pytest.mark.parametrize("name", ["a.pdf", "b.DOCX", "c.xlsx", "d.zip", "e.txt", "không đuôi"])
def test_a_file_packed_by_any_build_comes_back(name: str, form: str) -> None:
    attachment = Attachment.of_file(name, TEXT, content_id="cid:1", form=form)

    assert attachment.file() == TEXT


def test_the_2018_build_zips_xlsx_and_leaves_docx_raw() -> None:
    assert Attachment.of_file("a.xlsx", TEXT, content_id="1", form="zip-2018").content_type == "application/zip"
    assert Attachment.of_file("a.docx", TEXT, content_id="1", form="zip-2018").payload == TEXT


def test_the_2019_build_zips_docx_and_leaves_pdf_raw() -> None:
    assert Attachment.of_file("a.docx", TEXT, content_id="1").content_type == "application/zip"
    assert Attachment.of_file("a.PDF", TEXT, content_id="1").payload == TEXT


def test_the_same_file_packs_to_the_same_bytes() -> None:
    first, second = (Attachment.of_file("a.docx", TEXT, content_id="cid:1") for _ in range(2))

    assert first == second


def test_a_real_docx_is_not_unpacked() -> None:
    docx = archive(("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w/>"))

    assert carrying("a.docx", docx, "application/docx").file() == docx


def test_zip_bytes_under_a_pdf_name_and_type_are_told_by_content() -> None:
    assert carrying("a.pdf", archive(("x.pdf", TEXT)), "application/pdf").file() == TEXT


def test_a_declared_zip_that_is_none_is_the_file_itself() -> None:
    assert carrying("a.doc", TEXT).file() == TEXT


@pytest.mark.parametrize(
    ("attachment", "flaw"),
    [
        (Attachment(name="a.pdf", encoded=b"JVBE\xef\xbf\xbdRi0x"), "replacement-characters"),
        (Attachment(name="a.pdf", encoded=b"JVBE!"), "not-base64"),
        (Attachment(name="a.pdf", encoded=b"JVBER"), "not-base64"),
        (carrying("a.doc", archive(("a.doc", TEXT))[:-30]), "not-zip"),
    ],
)
def test_damage_is_named(attachment: Attachment, flaw: str) -> None:
    with pytest.raises(DamagedAttachment) as caught:
        attachment.file()

    assert caught.value.flaw == flaw
    assert caught.value.name == attachment.name


@pytest.mark.parametrize(
    ("payload", "limits", "flaw"),
    [
        (archive(("a.doc", b"0" * 2_000_000)), Limits(), "unpacked-ratio"),
        (archive(("a.doc", TEXT)), Limits(unpacked_bytes=100), "unpacked-size"),
        (archive(*((f"{n}.doc", b"") for n in range(5))), Limits(archive_entries=4), "too-many-entries"),
    ],
)
def test_hostile_archives_stop_at_the_limits(payload: bytes, limits: Limits, flaw: str) -> None:
    with pytest.raises(DamagedAttachment) as caught:
        carrying("a.doc", payload).file(limits)

    assert caught.value.flaw == flaw


def test_a_password_is_named() -> None:
    data = bytearray(archive(("a.doc", TEXT)))
    data[6] |= 1
    data[data.rfind(b"PK\x01\x02") + 8] |= 1

    with pytest.raises(DamagedAttachment) as caught:
        carrying("a.doc", bytes(data)).file()

    assert caught.value.flaw == "encrypted"


def test_an_entry_name_that_climbs_is_never_a_path() -> None:
    assert carrying("a.doc", archive(("../../etc/a.doc", TEXT))).file() == TEXT
