"""``axisproof report`` from a shell."""

import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result
from junitparser import JUnitXml

from reports.commands import report
from reports.tests.runs import every_verdict
from reports.wording import STATEMENTS


def shell(*words: object, lang: str | None = None) -> Result:
    return CliRunner().invoke(report, [str(word) for word in words], obj=SimpleNamespace(lang=lang))


def test_html_is_written_into_the_run_folder_and_its_path_printed(tmp_path: Path) -> None:
    run = every_verdict(tmp_path / "run")

    result = shell(run)

    assert (result.exit_code, result.stdout) == (0, f"{run / 'report.html'}\n")
    assert (run / "report.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_json_is_one_document_and_nothing_else(tmp_path: Path) -> None:
    run = every_verdict(tmp_path / "run")

    result = shell(run, "--format", "json")

    assert json.loads(result.stdout) == json.loads((run / "result.json").read_text(encoding="utf-8"))


def test_junit_goes_to_standard_output_or_to_the_named_file(tmp_path: Path) -> None:
    run = every_verdict(tmp_path / "run")

    printed = shell(run, "--format", "junit")
    written = shell(run, "--format", "junit", "--out", tmp_path / "j.xml")

    assert JUnitXml.fromstring(printed.stdout_bytes).tests == 7
    assert JUnitXml.fromfile(str(tmp_path / "j.xml")).tests == 7
    assert written.stdout == f"{tmp_path / 'j.xml'}\n"


def test_markdown_says_the_conclusion_the_statements_and_what_went_wrong(tmp_path: Path) -> None:
    result = shell(every_verdict(tmp_path / "run"), "--format", "markdown", "--lang", "en")

    assert result.stdout.startswith("# Not conformant\n")
    assert "arrival-exactly-once: 01 came 2 times for one document." in result.stdout
    assert "HSMP" in result.stdout
    assert all(each.en in result.stdout for each in STATEMENTS)
    assert re.search(r"(?<!\\)<", result.stdout) is None


def test_the_language_may_stand_before_the_commands_name(tmp_path: Path) -> None:
    assert shell(every_verdict(tmp_path / "run"), "--format", "markdown", lang="en").stdout.startswith("# Not")


def test_without_a_language_the_run_speaks_its_own(tmp_path: Path) -> None:
    assert shell(every_verdict(tmp_path / "run"), "--format", "markdown").stdout.startswith("# Chưa đáp ứng")


@pytest.mark.parametrize(("lang", "said"), [("en", "later release"), ("vi", "phát hành sau")])
def test_pdf_is_promised_for_later(tmp_path: Path, lang: str, said: str) -> None:
    result = shell(every_verdict(tmp_path / "run"), "--format", "pdf", "--lang", lang)

    assert result.exit_code == 2
    assert said in result.stderr


@pytest.mark.parametrize(("lang", "said"), [("en", "no run folder"), ("vi", "không phải thư mục")])
def test_a_folder_that_holds_no_run_is_a_wrong_call(tmp_path: Path, lang: str, said: str) -> None:
    result = shell(tmp_path, "--lang", lang)

    assert result.exit_code == 2
    assert said in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr


def test_a_place_that_cannot_be_written_is_a_wrong_call(tmp_path: Path) -> None:
    result = shell(every_verdict(tmp_path / "run"), "--out", tmp_path / "no" / "such" / "r.html", "--lang", "en")

    assert result.exit_code == 2
    assert "cannot be written" in " ".join(result.stderr.split())
