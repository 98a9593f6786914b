"""A load run printed: true to its result, in both languages, harmless, and never green where it must not be."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator, ValidationError
from junitparser import JUnitXml
from lxml import html as lxml_html

from loadtests.capacity import CapacitySearch, Step
from loadtests.compare import compare
from loadtests.result import conclude
from loadtests.tests.runs import THRESHOLDS, load_run
from reports.commands import report
from reports.errors import RunUnreadable
from reports.html import write_html
from reports.junit import write_junit
from reports.load import LINES, read_load_report
from reports.schemas import schema

HOSTILE = '</style><script>alert("x")</script><img src=x onerror=alert(1)> & \u202e'


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = load_run(tmp_path_factory.mktemp("kept") / "run", axisproof="0.1.0")
    conclude(folder)
    return folder


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    never = {"metric": "p99.status", "op": "<=", "value": 1.0, "window_seconds": None}
    folder = load_run(
        tmp_path_factory.mktemp("broken") / "run",
        lost=3,
        slower=20.0,
        thresholds=(*THRESHOLDS, never),
        scenario=HOSTILE,
    )
    conclude(folder)
    return folder


def result(folder: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    return read


# ---------------------------------------------------------------- schema


def test_the_result_obeys_its_schema(kept: Path, broken: Path) -> None:
    for folder in (kept, broken):
        Draft202012Validator(schema("load")).validate(result(folder))


@pytest.mark.parametrize("change", [{"verdict": "passed"}, {"account": {}}, {"seed": "7"}, {"started_at": "today"},
                                    {"provenance": {"en": "only English"}}])  # fmt: skip
def test_a_wrong_result_is_refused(kept: Path, change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Draft202012Validator(schema("load")).validate(result(kept) | change)


def searched(knee: float, most_steps: int = 8) -> dict[str, Any]:
    """What a search finds on a target that carries ten documents a second times ``knee``, as JSON gives it back."""
    search = CapacitySearch(most_steps=most_steps, most_scale=64.0)
    while (scale := search.next_scale()) is not None:
        busy = (("hub", min(1.0, scale / knee)), ("generator worker-1", 0.2))
        broken = () if scale <= knee else ("p99.send",)
        search.record(Step(scale, 10 * scale, min(10 * scale, 10 * knee), kept=not broken, broken=broken, cpu=busy))
    found: dict[str, Any] = json.loads(json.dumps(search.conclude().to_json()))
    return found


@pytest.mark.parametrize(("knee", "steps"), [(5.0, 8), (1e6, 8), (1e-6, 8), (5.0, 1)])
def test_a_capacity_obeys_its_schema_found_or_not(knee: float, steps: int) -> None:
    Draft202012Validator(schema("capacity")).validate(searched(knee, steps))


@pytest.mark.parametrize("change", [{"steps": []}, {"interval": [1.0]}, {"documents_per_second": "many"},
                                    {"limited_by": "CPU"}, {"schema": "axisproof/load/1"}])  # fmt: skip
def test_a_wrong_capacity_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Draft202012Validator(schema("capacity")).validate(searched(5.0) | change)


@pytest.fixture(scope="module")
def compared(kept: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    other = load_run(tmp_path_factory.mktemp("other") / "run", noise=2, slower=1.5)
    conclude(other)
    found: dict[str, Any] = json.loads(json.dumps(compare(kept, other).to_json()))
    return found


def test_a_comparison_obeys_its_schema(compared: dict[str, Any]) -> None:
    Draft202012Validator(schema("comparison")).validate(compared)

    assert compared["difference_shown"]
    assert {row["finding"] for row in compared["rows"]} >= {"slower", "too-short"}


@pytest.mark.parametrize("change", [{"verdicts": ["kept"]}, {"difference_shown": 1}, {"counts": [{"line": "lost"}]}])
def test_a_wrong_comparison_is_refused(compared: dict[str, Any], change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Draft202012Validator(schema("comparison")).validate(compared | change)


def test_a_difference_without_its_interval_is_refused(compared: dict[str, Any]) -> None:
    row = next(row for row in compared["rows"] if row["finding"] == "slower")
    with pytest.raises(ValidationError):
        Draft202012Validator(schema("comparison")).validate(compared | {"rows": [row | {"low": None}]})


# ---------------------------------------------------------------- html


def test_the_page_is_self_contained_and_runs_nothing(broken: Path) -> None:
    page = write_html(broken).read_text(encoding="utf-8")
    document = lxml_html.fromstring(page)

    assert not document.xpath("//script|//link|//iframe|//object|//embed|//img|//form|//base")
    assert "url(" not in page
    assert "@import" not in page
    assert not [name for element in document.iter() for name in element.attrib if str(name).startswith("on")]
    (policy,) = document.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'")


def test_verdict_account_and_provenance_stand_on_top(kept: Path, broken: Path) -> None:
    good = lxml_html.fromstring(write_html(kept, "vi").read_text(encoding="utf-8"))
    bad = lxml_html.fromstring(write_html(broken, "en").read_text(encoding="utf-8"))

    (top,) = good.xpath("//section[contains(@class, 'c-kept')]")
    assert "Giữ được mọi ngưỡng" in top.text_content()
    assert "chúng tôi giả định" in top.text_content()
    owed = result(kept)["account"]["deliveries_expected"]
    assert str(owed) in top.xpath(".//p[@id='account']")[0].text_content()
    (top,) = bad.xpath("//section[contains(@class, 'c-broken')]")
    assert "Documents went wrong" in top.text_content()


def test_every_threshold_and_lost_document_is_on_the_page(broken: Path) -> None:
    document = lxml_html.fromstring(write_html(broken).read_text(encoding="utf-8"))
    text = document.text_content()

    for each in result(broken)["thresholds"]:
        assert each["metric"] in text
    for each in result(broken)["account"]["lost"]["documents"]:
        assert each in text


def test_a_threshold_says_what_it_was_judged_over_and_a_drain_that_never_ended_is_said(tmp_path: Path) -> None:
    folder = load_run(tmp_path / "run", ended="limit")
    planned = json.loads((folder / "plan.json").read_text("utf-8"))
    planned["polls"]["offline"] = []  # the system that never polled was expected to
    (folder / "plan.json").write_text(json.dumps(planned), "utf-8")
    conclude(folder)
    Draft202012Validator(schema("load")).validate(result(folder))

    page = lxml_html.fromstring(write_html(folder).read_text(encoding="utf-8")).text_content()
    written = CliRunner().invoke(report, [str(folder), "--format", "markdown", "--lang", "vi"],
                                 obj=SimpleNamespace(lang=None)).stdout  # fmt: skip
    read = JUnitXml.fromfile(str(write_junit(folder, "en")))
    told = {case.name: str(case.system_out) for suite in read for case in suite}

    for each in (page, written):
        assert "chưa giải toả hết trong 30 giây sau kế hoạch: còn" in each
        assert "cả lần chạy, kể cả lúc giải toả" in each
    assert "not drained within 30 s after the plan" in page
    assert "seen not drained within 30 s after the plan" in told["drain_seconds"]
    assert "judged over: each 20 s of the plan, 3 windows" in told["p99.send"]


def test_a_result_that_does_not_say_its_windows_is_still_printed(kept: Path, tmp_path: Path) -> None:
    document = result(kept)
    for each in document["thresholds"]:
        del each["over"]
        each |= {"seen": None, "kept": False} if each["metric"] == "drain_seconds" else {}
    del document["backlog"]["not_drained"]
    document["backlog"]["drain_seconds"] = None
    (tmp_path / "result.json").write_text(json.dumps(document), encoding="utf-8")

    page = write_html(tmp_path, "en").read_text(encoding="utf-8")

    assert "in every 20 s" in page
    assert "never in the time given" in page


def test_each_operation_has_its_plots(kept: Path) -> None:
    document = lxml_html.fromstring(write_html(kept).read_text(encoding="utf-8"))

    plots = document.xpath("//div[@class='operation']//*[local-name()='svg']")
    assert len(plots) == 2 * len(result(kept)["series"])
    assert len(document.xpath("//*[local-name()='svg']")) == len(plots) + 2
    assert all("nan" not in path for path in document.xpath("//*[local-name()='path']/@d"))


def test_a_run_in_which_nothing_happened_is_still_printed(tmp_path: Path) -> None:
    folder = load_run(tmp_path / "run", seconds=1.0, rate=0.01, thresholds=())
    conclude(folder)

    page = write_html(folder, "en").read_text(encoding="utf-8")
    assert "Invalid run" in page
    assert "nothing was planned" in page


# ---------------------------------------------------------------- junit


def test_each_threshold_and_each_line_is_a_test_case(kept: Path) -> None:
    read = JUnitXml.fromfile(str(write_junit(kept)))

    names = [case.name for suite in read for case in suite]
    assert len(names) == len(result(kept)["thresholds"]) + len(LINES) + 1
    assert (read.failures, read.errors) == (0, 0)


def test_what_broke_fails_and_what_was_not_seen_is_an_error(broken: Path) -> None:
    read = JUnitXml.fromfile(str(write_junit(broken, "en")))

    outcomes = {
        (suite.name, case.name): [type(each).__name__ for each in case.result] for suite in read for case in suite
    }
    assert outcomes["axisproof.load.account", "lost"] == ["Failure"]
    assert outcomes["axisproof.load.thresholds", "p99.send"] == ["Failure"]
    assert outcomes["axisproof.load.thresholds", "p99.status"] == ["Error"]
    assert outcomes["axisproof.load.thresholds", "drain_seconds"] == []
    assert outcomes["axisproof.load.generator", "valid"] == []


def test_an_invalid_run_is_never_green(tmp_path: Path) -> None:
    folder = load_run(tmp_path / "run", cpu=0.95)
    conclude(folder)

    assert JUnitXml.fromfile(str(write_junit(folder))).errors == 1


# ---------------------------------------------------------------- axisproof report


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("markdown", "# A model day × 1: Every threshold kept"),
        ("junit", "axisproof.load.thresholds"),
        ("json", '"axisproof/load/1"'),
    ],
)
def test_the_report_command_prints_load_runs_too(kept: Path, form: str, said: str) -> None:
    printed = CliRunner().invoke(report, [str(kept), "--format", form, "--lang", "en"], obj=SimpleNamespace(lang=None))

    assert printed.exit_code == 0
    assert said in printed.stdout


def test_a_damaged_result_says_so(tmp_path: Path) -> None:
    (tmp_path / "result.json").write_text('{"schema":"axisproof/load/1"}', encoding="utf-8")

    with pytest.raises(RunUnreadable, match="shape"):
        read_load_report(tmp_path)
    assert CliRunner().invoke(report, [str(tmp_path)], obj=SimpleNamespace(lang=None)).exit_code == 2


def test_what_a_system_left_undone_is_listed_and_is_no_loss(tmp_path: Path) -> None:
    folder = load_run(tmp_path / "run", target="sut x")
    conclude(folder)
    document = result(folder)
    document["account"]["unreported"] = {"count": 2, "documents": ["A", "B"]}
    (folder / "result.json").write_text(json.dumps(document), encoding="utf-8")

    report = read_load_report(folder)

    assert [line.name for line in report.lines if line.wrong] == ["unreported"]
    assert report.lossless
    outcomes = {case.name: case.result for suite in JUnitXml.fromfile(str(write_junit(folder))) for case in suite}
    assert outcomes["unreported"]
    assert not outcomes["unconfirmed"]
