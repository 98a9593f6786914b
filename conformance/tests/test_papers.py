"""The files that cases attach are what they are called: nobody has a reason to refuse them."""

import binascii
import io
import struct
import xml.etree.ElementTree as ET
import zipfile
from datetime import datetime
from random import Random

import pytest
from PIL import Image

from conformance.cases.attachments.amount import block
from conformance.letters import files, letter, pdf
from conformance.papers import paper
from conformance.tests.test_answering import Desk
from simulator.protocol import codec
from simulator.protocol.lint import lint

EXTENSIONS = (
    "pdf", "docx", "xlsx", "pptx", "odt", "doc", "xls", "rtf", "txt", "csv", "xml", "jpg", "png", "tif", "7z", "dwg",
)  # fmt: skip
OPEN_XML = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}


@pytest.mark.parametrize("form", ["raw", "zip-2018", "zip-2019"])
def test_lint_finds_nothing_in_a_letter_with_one_of_each(form: str) -> None:
    draw = Random(2)
    items = [(f"tep-{each}.{each}", paper(each, draw)) for each in EXTENSIONS]

    found = lint(codec.encode(letter(Desk(), files=files(*items, form=form)))).findings

    assert [(each.rule.id, each.at) for each in found if "Attachment" in each.at] == []


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_no_two_are_equal_and_the_same_draw_gives_the_same(extension: str) -> None:
    assert len({paper(extension, Random(seed)) for seed in range(20)}) == 20
    assert paper(extension, Random(4)) == paper(f".{extension.upper()}", Random(4))


@pytest.mark.parametrize("extension", ["docx", "xlsx", "pptx", "odt"])
def test_a_document_of_parts_has_every_part_that_it_names(extension: str) -> None:
    with zipfile.ZipFile(io.BytesIO(paper(extension, Random(1)))) as archive:
        assert archive.testzip() is None
        names = set(archive.namelist())
        parsed = {name: ET.fromstring(archive.read(name)) for name in names if name != "mimetype"}  # our own

    if extension == "odt":
        assert "content.xml" in names
        return
    assert OPEN_XML[extension] in names
    assert archive.namelist()[0] == "[Content_Types].xml"
    listed = {each.get("PartName", "/")[1:] for each in parsed["[Content_Types].xml"] if each.get("PartName")}
    assert listed <= names
    for name in names:
        if name.endswith(".rels"):
            folder = name.partition("_rels/")[0]
            assert {folder + str(each.get("Target")) for each in parsed[name]} <= names


@pytest.mark.parametrize(("extension", "kind"), [("jpg", "JPEG"), ("png", "PNG"), ("tif", "TIFF")])
def test_a_picture_opens_to_its_last_point(extension: str, kind: str) -> None:
    with Image.open(io.BytesIO(paper(extension, Random(1)))) as picture:
        picture.load()
        assert picture.format == kind


@pytest.mark.parametrize(("extension", "stream"), [("doc", "WordDocument"), ("xls", "Workbook")])
def test_a_compound_file_leads_to_its_stream(extension: str, stream: str) -> None:
    data = paper(extension, Random(1))
    table = struct.unpack_from("<128I", data, 512)
    name, length, kind, start, size = struct.unpack_from("<64sHB49xIQ", data, 1024 + 128)
    chain, sector = [], start
    while sector < len(table):
        chain.append(sector)
        sector = table[sector]

    assert (name[: length - 2].decode("utf-16-le"), kind, size) == (stream, 2, 512 * len(chain))
    assert len(data) == 512 * (chain[-1] + 2)


def test_a_7z_file_agrees_with_its_own_checksums() -> None:
    data = paper("7z", Random(1))
    at, size, checksum = struct.unpack_from("<QQI", data, 12)

    assert struct.unpack_from("<I", data, 8)[0] == binascii.crc32(data[12:32])
    assert binascii.crc32(data[32 + at :]) == checksum
    assert len(data) == 32 + at + size


def test_a_large_file_is_a_whole_pdf() -> None:
    data = block(Random(1), 3)

    assert 3 * 2**20 - 2048 < len(data) <= 3 * 2**20
    start = int(data.rpartition(b"startxref\n")[2].split()[0])
    assert data[start:].startswith(b"xref\n0 7\n")
    assert data.endswith(b"%%EOF\n")
    assert pdf(Random(1), ballast=b"x" * 9).count(b"endobj") == 6


def test_the_clock_of_an_archive_stands_still() -> None:
    with zipfile.ZipFile(io.BytesIO(paper("docx", Random(1)))) as archive:
        assert {datetime(*entry.date_time).year for entry in archive.infolist()} == {2020}
