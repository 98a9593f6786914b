"""The command line library speaks the asked language, too."""

import ast
import gettext
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from simulator import words

_FOLDER = Path(words.__file__).parent / "locale" / "vi" / "LC_MESSAGES"
_FIELDS = re.compile(r"\{(\w+)")
_ENTRY = re.compile(
    r'^msgid ("(?:[^"\\]|\\.)*")\n(?:msgid_plural "(?:.*)"\n)?msgstr(?:\[0\])? ("(?:[^"\\]|\\.)*")$', re.MULTILINE
)


def entries() -> dict[str, str]:
    text = (_FOLDER / "click.po").read_text("utf-8")
    return {ast.literal_eval(said): ast.literal_eval(there) for said, there in _ENTRY.findall(text) if said != '""'}


def test_what_is_written_is_what_was_compiled() -> None:
    with (_FOLDER / "click.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)

    assert len(entries()) > 40
    for said, there in entries().items():
        assert there in (compiled.gettext(said), compiled.ngettext(said, said, 2))


def test_every_translation_is_of_words_that_the_library_has_and_fills_the_same_fields() -> None:
    source = "".join(file.read_text("utf-8") for file in Path(click.__file__).parent.glob("*.py"))

    for said, there in entries().items():
        written = said.replace("\n", "\\n").replace("\t", "\\t")
        assert f'"{written}"' in source, said
        assert set(_FIELDS.findall(there)) <= set(_FIELDS.findall(said)) | {"possibilities", "choices", "nargs", "len"}


@pytest.mark.parametrize(
    ("call", "vi", "en"),
    [
        (["check", "--nope"], "Lỗi: Không có tùy chọn '--nope'", "Error: No such option '--nope'"),
        (["nope"], "Lỗi: Không có lệnh 'nope'", "Error: No such command 'nope'"),
        (["serve", "--port", "99999"], "Giá trị không hợp lệ cho '--port'", "Invalid value for '--port'"),
        (["catalogue", "x"], "'x' không thuộc: 'requirements'", "'x' is not one of 'requirements'"),
        (["lint"], "Thiếu đối số 'FILE…'", "Missing argument 'FILE…'"),
        (["lint", "--help"], "Cách dùng:", "Usage:"),
    ],
)
def test_errors_and_help_come_in_the_asked_language(call: list[str], vi: str, en: str) -> None:
    for lang, wanted, other in (("vi", vi, en), ("en", en, vi)):
        words_ = [sys.executable, "-m", "axisproof", "--lang", lang, *call]
        said = subprocess.run(words_, capture_output=True, text=True, check=False, timeout=120)

        assert wanted in said.stdout + said.stderr
        assert other not in said.stdout + said.stderr


@pytest.mark.parametrize(
    "call",
    [
        ["--lang", "xx", "--help"],
        ["--help", "--lang", "xx"],
        ["--lang=xx", "--version"],
        ["check", "--lang", "xx", "--help"],
        ["check", "--help", "--lang=xx"],
        ["report", "--lang", "xx", "--help"],
        ["--lang=", "--help"],
        ["catalogue", "--lang", "xx", "rules"],
    ],
)
def test_a_language_that_there_is_not_is_a_wrong_call_even_beside_help(call: list[str]) -> None:
    for locale, wanted in (("vi_VN", "Giá trị không hợp lệ cho '--lang'"), ("en_US", "Invalid value for '--lang'")):
        words_, spoken = [sys.executable, "-m", "axisproof", *call], {**os.environ, "LC_ALL": f"{locale}.UTF-8"}
        ended = subprocess.run(words_, capture_output=True, text=True, check=False, timeout=120, env=spoken)

        assert (ended.returncode, ended.stdout) == (2, "")
        assert wanted in ended.stderr


def test_what_only_looks_like_a_language_is_left_to_the_command() -> None:
    words_ = [sys.executable, "-m", "axisproof", "--lang", "en", "lint", "--", "--lang=xx"]
    said = subprocess.run(words_, capture_output=True, text=True, check=False, timeout=120).stderr

    assert "Invalid value for '--lang'" not in said
