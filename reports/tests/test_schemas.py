"""The published JSON Schemas hold for what is written, and refuse what is wrong."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from conformance.prices import checks_catalogue
from reports.schemas import SCHEMAS, schema
from reports.tests.runs import every_verdict


def check(name: str, document: Any) -> None:
    Draft202012Validator(schema(name)).validate(document)


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_is_a_schema(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))


def test_an_unknown_schema_is_an_error() -> None:
    with pytest.raises(KeyError):
        schema("../result")


def test_a_run_folder_obeys_them(tmp_path: Path) -> None:
    run = every_verdict(tmp_path / "run")

    check("result", json.loads((run / "result.json").read_text(encoding="utf-8")))
    for line in (run / "evidence" / "records.jsonl").read_text(encoding="utf-8").splitlines():
        check("record", json.loads(line))


@pytest.mark.parametrize("change", [{"conclusion": "passed"}, {"counts": {"pass": 1}}, {"seed": "7"}, {"cases": None}])
def test_a_wrong_result_is_refused(tmp_path: Path, change: dict[str, Any]) -> None:
    run = every_verdict(tmp_path / "run")
    document = json.loads((run / "result.json").read_text(encoding="utf-8"))

    with pytest.raises(ValidationError):
        check("result", document | change)


@pytest.mark.parametrize("line", [
    {"n": 1, "at": "2026-11-21T08:00:00+07:00", "case": None, "kind": "gossip"},
    {"n": 0, "at": "2026-11-21T08:00:00+07:00", "case": None, "kind": "fact", "fact": "polled"},
    {"n": 1, "at": "2026-11-21T08:00:00+07:00", "case": None, "kind": "fact"},
    {"record": "footer", "records": 3},
])  # fmt: skip
def test_a_wrong_record_is_refused(line: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        check("record", line)


def test_lint_and_catalogue_documents_of_the_contract_are_accepted() -> None:
    found = {"rule": "no-recipient", "level": "error", "requirements": ["HD-09"], "basis": "law",
             "at": "MessageHeader/To", "because": "…"}  # fmt: skip
    file = {"file": "a.edxml", "verdict": "errors", "kind": "edoc", "findings": [found]}
    check("lint", {"schema": "axisproof/lint/1", "files": [file]})
    check("catalogue", {"schema": "axisproof/catalogue/1", "mutants": [{"id": "m", "caught_by": ["c"]}]})
    text = {"en": "x", "vi": "y"}
    variant = {"id": "h", "lawful": text, "source": "contract", "known": [{"check": "c", "because": text}]}
    check("catalogue", {"schema": "axisproof/catalogue/1", "honest": [variant]})
    check("catalogue", {"schema": "axisproof/catalogue/1", "requirements": [
        {"id": "LG-02", "cases": [], "rules": [], "mutants": [], "excluded": "later"}]})  # fmt: skip


def test_the_catalogue_of_the_checks_is_accepted_and_none_without_its_price() -> None:
    rows = checks_catalogue()
    unpriced = {name: value for name, value in rows[0].items() if name != "costs"}

    check("catalogue", {"schema": "axisproof/catalogue/1", "checks": rows})
    with pytest.raises(ValidationError):
        check("catalogue", {"schema": "axisproof/catalogue/1", "checks": [unpriced]})


def test_a_requirement_that_nothing_covers_must_say_why() -> None:
    with pytest.raises(ValidationError):
        check("catalogue", {"schema": "axisproof/catalogue/1",
                            "requirements": [{"id": "LG-02", "cases": [], "rules": [], "mutants": []}]})  # fmt: skip
