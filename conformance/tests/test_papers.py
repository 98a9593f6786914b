"""The whole files of papers.py are whole to lint, and their halves are not: a system that looks may refuse those."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.papers import whole
from simulator.protocol import codec
from simulator.protocol.lint import lint
from simulator.protocol.package import Attachment, Package

KINDS = ("pdf", "docx", "xlsx", "pptx", "odt", "png", "jpg", "tif", "doc", "xls", "rtf", "xml", "7z", "dwg", "txt")
WITH_AN_END = ("pdf", "docx", "xlsx", "pptx", "png", "jpg", "tif")
_ABOUT_CONTENT = ("attachment-content", "attachment-cut", "attachment-of-no", "attachment-archive", "attachment-office")


def said(name: str, data: bytes, form: str = "zip-2019") -> list[str]:
    """What lint says of the content of one attached file."""
    attachment = Attachment.of_file(name, data, content_id="cid:1", form=form)  # type: ignore[arg-type]  # a word of of_file
    found = lint(codec.encode(Package(attachments=(attachment,)))).findings
    return [finding.rule.id for finding in found if finding.rule.id.startswith(_ABOUT_CONTENT)]


@pytest.mark.parametrize("form", ["raw", "zip-2018", "zip-2019"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_whole_file_is_whole_to_lint_however_it_is_packed(kind: str, form: str) -> None:
    assert said(f"tep.{kind}", whole(Random(7), kind), form) == []


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(WITH_AN_END), st.data())
def test_a_file_that_was_cut_anywhere_is_caught(kind: str, data: st.DataObject) -> None:
    file = whole(Random(7), kind)
    lost = 35 if kind == "tif" else 6  # of its last strip more than half, of a PDF the mark
    end = data.draw(st.integers(1, len(file) - lost))

    assert said(f"tep.{kind}", file[:end])


@pytest.mark.parametrize("kind", ["pdf", "png", "jpg", "tif"])
def test_bytes_behind_the_end_are_no_damage(kind: str) -> None:
    assert said(f"tep.{kind}", whole(Random(7), kind) + b"\r\n\0\0") == []


def test_the_same_draw_gives_the_same_file() -> None:
    assert [whole(Random(3), kind) for kind in KINDS] == [whole(Random(3), kind) for kind in KINDS]
