"""What stands beside the certified result is printed, and changes none of it."""

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, ValidationError

from reports.apart import proof
from reports.html import render_html
from reports.markdown import render_markdown
from reports.run import Run, read_run
from reports.schemas import schema
from reports.tests.runs import Folder, finding, text
from simulator.words import Lang

KNOWN = {"owner": "Nguyễn Văn Thử", "expires": "2026-12-31", "why": "<b>fixed in 4.3</b>"}
BASELINE = {
    "file": "known.toml",
    "conclusion": "conformant",
    "known": 1,
    "failing_lines": 1,
    "lines": [
        {"case": "receiving/a", "check": "a", **KNOWN, "state": "known", "because": "x", "texts": text("a is known")},
        {"case": "receiving/b", "check": "b", **KNOWN, "state": "stale", "because": "x", "texts": text("b passes")},
    ],
}


@pytest.fixture
def run(tmp_path: Path) -> Run:
    folder = Folder(tmp_path / "run")
    folder.case("receiving/a", "fail", [finding("a", "fail", text("it broke"), known=KNOWN)])
    folder.case("mine/one", "warn", [finding("mine", "warn", text("our own rule broke"))])
    own = folder.cases.pop()
    vendor = {"packages": ["example-cases 1.0"], "counts": {}, "cases": [own], "not_judged": ["mine/two"]}
    return read_run(folder.save(conclusion="not-conformant", baseline=BASELINE, vendor=vendor))


def test_known_failures_stay_failures_and_are_named_with_their_owner(run: Run) -> None:
    page = render_html(run, "en")

    assert "Known failure, still a failure" in page
    assert "Nguyễn Văn Thử, 2026-12-31: &lt;b&gt;fixed in 4.3" in page
    assert "Not conformant" in page
    assert re.search(r"✕ </strong><span lang=\"en\">b passes", page), "a stale line fails"


def test_the_vendors_own_cases_stand_apart(run: Run) -> None:
    page = render_html(run, "en")

    chapter, _, apart = page.partition('<section id="vendor">')
    assert "mine/one" not in chapter
    assert "our own rule broke" in apart
    assert "mine/two" in apart


def test_markdown_says_all_of_it_too(run: Run) -> None:
    said = render_markdown(run, Lang.EN)

    assert "## Known failures" in said
    assert "Apart from them: **Conformant" in said
    assert "mine/one" in said.partition("## The vendor")[2]


def test_the_published_proof_is_in_every_report(run: Run) -> None:
    published = proof()
    assert published is not None, "reports/proof/summary.json is part of the release"

    page, said = render_html(run, "vi"), render_markdown(run, Lang.VI)
    assert published.lines
    for title, count in published.lines:
        assert title.vi in page
        assert f"| {title.vi} | {count} |" in said


@pytest.mark.parametrize("wrong", [{"baseline": {"file": "x"}}, {"vendor": {"cases": []}}])
def test_the_schema_knows_both(run: Run, wrong: dict[str, object]) -> None:
    document = json.loads((run.folder / "result.json").read_text(encoding="utf-8"))
    check = Draft202012Validator(schema("result")).validate

    check(document)
    with pytest.raises(ValidationError):
        check(document | wrong)
