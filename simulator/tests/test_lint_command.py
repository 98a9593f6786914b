"""``axisproof lint``: what it prints, in which language, and the exit code (contract, sections 1-3)."""

import json
import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result

from simulator.commands import lint
from simulator.words import Lang

SPECIMENS = Path(__file__).parents[2] / "fixtures" / "specimens"
GOOD = str(SPECIMENS / "good" / "status-03.edxml")
WARNED = str(SPECIMENS / "bad" / "priority-legacy.edxml")
WRONG = str(SPECIMENS / "bad" / "no-receiver.edxml")
PAGE = str(SPECIMENS / "bad" / "not-edxml.edxml")


def run(*arguments: str, **settings: object) -> Result:
    return CliRunner().invoke(lint, list(arguments), **settings)


@pytest.mark.parametrize(
    ("files", "code"),
    [((GOOD,), 0), ((WARNED,), 0), ((WRONG,), 1), ((PAGE,), 1), ((GOOD, WRONG), 1)],
    ids=["good", "warned", "wrong", "unreadable", "both"],
)
def test_errors_and_only_errors_make_it_fail(files: tuple[str, ...], code: int):
    assert run(*files).exit_code == code


def test_a_page_for_people_names_file_place_reason_rule_and_requirement():
    result = run(WRONG, "--lang", "en")

    assert "no-receiver.edxml: ERRORS (document package): 1 error, 1 note" in result.output
    assert "error  MessageHeader/To: there is no To" in result.output
    assert "no-receiver: A package has a receiver [HD-08; sdk]" in result.output


def test_vietnamese_is_spoken_where_it_is_asked_for():
    result = run(WRONG, "--lang", "vi")

    assert "CÓ LỖI (gói văn bản)" in result.output
    assert "không có To" in result.output


def test_the_language_of_the_door_counts_where_the_command_got_none():
    assert "ĐẠT" in run(GOOD, obj=SimpleNamespace(lang=Lang.VI)).output
    assert "CLEAN" in run(GOOD, obj=SimpleNamespace(lang=Lang.EN)).output


def test_several_files_end_with_a_summary():
    result = run(GOOD, WARNED, WRONG, PAGE, "--lang", "en")

    assert result.output.splitlines()[-1] == (
        "4 files: 1 CLEAN, 1 WARNINGS, 1 ERRORS, 1 UNREADABLE; 2 errors, 1 warning, 2 notes"
    )


def test_nothing_to_remark_is_said():
    assert run(GOOD, GOOD, "--lang", "en").output.splitlines()[-1] == "2 files: 2 CLEAN; nothing to remark"


def test_json_is_one_document_with_the_members_of_the_contract():
    result = run(WRONG, GOOD, "--format", "json", "--lang", "en")

    document = json.loads(result.stdout)
    assert document["schema"] == "axisproof/lint/1"
    assert [(file["verdict"], file["kind"]) for file in document["files"]] == [("errors", "edoc"), ("clean", "status")]
    assert document["files"][0]["file"] == WRONG
    assert document["files"][0]["findings"][0]["because"] == "there is no To"


def test_json_says_why_in_the_language_asked_for():
    document = json.loads(run(WRONG, "--format", "json", "--lang", "vi").stdout)

    assert document["files"][0]["findings"][0]["because"] == "không có To"


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_file_that_cannot_be_opened_is_a_wrong_call_before_anything_is_printed(form: str, tmp_path: Path):
    result = run(GOOD, str(tmp_path / "absent.edxml"), "--format", form, "--lang", "vi")

    assert result.exit_code == 2
    assert result.stdout == ""
    assert "không mở được" in result.stderr


def test_a_folder_is_a_wrong_call(tmp_path: Path):
    assert run(str(tmp_path)).exit_code == 2


def test_no_file_is_a_wrong_call():
    assert run().exit_code == 2


def test_a_name_that_is_no_utf8_is_shown_all_the_same(tmp_path: Path):
    path = os.fsencode(tmp_path) + b"/v\xe3n.edxml"
    Path(os.fsdecode(path)).write_bytes(Path(GOOD).read_bytes())

    result = run(os.fsdecode(path), "--format", "json")

    assert result.exit_code == 0
    assert json.loads(result.stdout)["files"][0]["verdict"] == "clean"


def test_a_signed_packet_says_who_when_and_what_is_covered():
    output = run(str(SPECIMENS / "good" / "signed-sha256.edxml"), "--lang", "en").output

    assert "CLEAN (document package): 1 note" in output
    assert "signature: the signature holds; whose certificate it is was not checked (--trust); signed by " in output
    assert "it covers the whole packet but for the block itself" in output


def test_a_subject_that_was_changed_after_signing_is_an_error():
    result = run(str(SPECIMENS / "bad" / "signature-broken.edxml"), "--lang", "en")

    assert result.exit_code == 1
    assert "the content was changed after signing" in result.output
    assert "signature-broken: What is signed is what was signed [AT-07, SG-11; law]" in result.output


def test_trust_says_whose_certificate_it_is():
    trust = ("--trust", str(SPECIMENS / "trust"), "--lang", "en")
    known = run(str(SPECIMENS / "good" / "signed-sha256.edxml"), *trust)
    stranger = run(str(SPECIMENS / "bad" / "signature-chain-unknown.edxml"), *trust)
    nobody_asked = run(str(SPECIMENS / "bad" / "signature-chain-unknown.edxml"), "--lang", "en")

    assert "signature: the signature holds, its signer is trusted; signed by " in known.output
    assert "signature-untrusted" in stranger.output
    assert stranger.exit_code == 0
    assert "signature-untrusted" not in nobody_asked.output


def test_a_moved_signature_counts_as_none_and_nobody_is_blamed():
    result = run(str(SPECIMENS / "bad" / "signature-moved.edxml"), "--lang", "en")

    assert "signature: the signature cannot be verified and counts as none" in result.output
    assert "it cannot be verified and counts as unsigned" in result.output
    assert "CLEAN" in result.output


def test_a_folder_that_holds_no_authority_is_a_wrong_call(tmp_path: Path):
    result = run(GOOD, "--trust", str(tmp_path), "--lang", "en")

    assert result.exit_code == 2
    assert "no certificates of authorities" in result.output


def test_json_says_the_same_of_a_signature_and_nothing_of_an_unsigned_packet():
    files = (str(SPECIMENS / "good" / "signed-sha256.edxml"), GOOD)

    signed, bare = json.loads(run(*files, "--format", "json", "--trust", str(SPECIMENS / "trust")).output)["files"]

    assert signed["signature"]["worth"] == "trusted"
    assert signed["signature"]["signer"]
    assert signed["signature"]["flaw"] is None
    assert "signature" not in bare
