"""Scenarios: the bundled ones are whole and honest; a wrong file is told by file, member and what is wrong."""

import tomllib
from importlib import resources
from pathlib import Path

import pytest

from loadtests.catalogue import scenarios
from loadtests.scenario import SCENARIOS, ScenarioError, load, scaled
from loadtests.traffic.national import national

_SCREEN = 48
_LEAST = "title = 'Mine'\nseconds = 10\ndocs_per_second = 2\n"


def _text(name: str) -> str:
    return resources.files("loadtests").joinpath("scenarios", f"{name}.toml").read_text("utf-8")


def _own(folder: Path, text: str) -> str:
    path = folder / "mine.toml"
    path.write_text(text, "utf-8")
    return str(path)


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_bundled_scenario_tells_every_number_on_one_screen(name):
    text = _text(name)

    members = set(tomllib.loads(text))

    assert len(text.splitlines()) <= _SCREEN
    assert {
        "title", "about", "provenance", "target", "model", "nodes", "seconds", "drain_limit_seconds", "docs_per_second",
        "curve", "senders", "fan_out", "urgencies", "sizes", "polls", "statuses", "thresholds",
    } <= members  # fmt: skip


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_bundled_scenario_says_in_both_languages_what_it_is_and_what_it_rests_on(name):
    scenario = load(name)

    for text in (scenario.title, scenario.about, scenario.provenance.text, scenario.pace):
        assert text.en
        assert text.vi
        assert text.en != text.vi
    assert scenario.provenance.mark in ("derived", "assumed")
    assert "assumed" in scenario.provenance.text.en.lower()


@pytest.mark.parametrize("name", SCENARIOS)
def test_no_bundled_scenario_allows_a_loss(name):
    promised = {str(threshold) for threshold in load(name).thresholds}

    assert {"lost == 0", "doubled == 0", "strangers == 0", "altered == 0"} <= promised


def test_every_scenario_file_is_in_the_list():
    files = resources.files("loadtests").joinpath("scenarios").iterdir()

    assert {entry.name.removesuffix(".toml") for entry in files} == set(SCENARIOS)


def test_the_catalogue_has_a_row_for_each_scenario():
    rows = scenarios()

    assert tuple(row["id"] for row in rows) == SCENARIOS
    assert rows[0]["seconds"] == 20


def test_statuses_are_four_for_each_delivery_as_in_the_model():
    assert national().statuses.mean == pytest.approx(4.11)
    for name in SCENARIOS:
        if name != "big-attachments":
            assert load(name).statuses.mean == pytest.approx(4.11)


def test_a_compressed_scenario_says_how_much_faster_than_life_it_is():
    launch = load("launch-day")

    assert launch.compression == pytest.approx(180)
    assert "180 times faster" in launch.pace.en
    assert "180 lần" in launch.pace.vi
    assert "(1 ×" in launch.pace.en
    assert load("morning-peak").compression == 1
    assert "real time" in load("morning-peak").pace.en


def test_month_10_is_twice_launch_day():
    launch, month_10 = load("launch-day"), load("month-10")

    assert month_10.expected_documents == pytest.approx(2 * launch.expected_documents, rel=0.005)


def test_scale_multiplies_the_rate_and_duration_sets_the_length():
    peak = scaled(load("morning-peak"), scale=10, seconds=120)

    assert peak.docs_per_second == pytest.approx(1.2)
    assert peak.seconds == 120
    assert peak.compression == 1
    assert peak.scale == 10


def test_a_shorter_compressed_run_still_plays_the_whole_day_and_says_how_little_of_it():
    half = scaled(load("launch-day"), seconds=120)

    assert half.compression == pytest.approx(360)
    assert "(0.5 × those of life)" in half.pace.en


@pytest.mark.parametrize(
    ("scale", "seconds"), [(0, 10), (-1, 10), (float("nan"), 10), (1, 0), (1, 1e9), (1, float("inf"))]
)
def test_a_scale_or_duration_that_makes_no_sense_is_refused(scale, seconds):
    with pytest.raises(ScenarioError):
        scaled(load("smoke"), scale=scale, seconds=seconds)


def test_a_scenario_of_ones_own_needs_three_lines(tmp_path):
    mine = load(_own(tmp_path, _LEAST))

    assert mine.id == "mine"
    assert mine.title == ("Mine", "Mine")
    assert mine.fan_out == national().fan_out
    assert mine.provenance.mark == "assumed"
    assert next(str(each) for each in mine.thresholds) == "lost == 0"


def test_the_calendar_changes_the_rate(tmp_path):
    plain = load(_own(tmp_path, _LEAST))
    break_ = load(_own(tmp_path, _LEAST + "day = 2020-01-24\n"))

    assert plain.mean_rate == 2
    assert break_.mean_rate < 0.1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("second = 3", "second is not known here"),
        ("nodes = 1", "nodes must be at least 2 and at most 100000, not 1"),
        ("nodes = 1.5", "nodes must be a whole number"),
        ("target = 'moon'", "target must be one of hub, sut, either, not 'moon'"),
        ("model = 'closed'", "closed is missing"),
        ("closed = { users = 0, think_seconds = 1 }\nmodel = 'closed'", "closed.users must be at least 1"),
        ("curve = 'bumpy'", "curve must be one of flat, working-day, morning"),
        ("curve = [[0.5, 1], [0.2, 1]]", "points of a curve go from 0 to 1 in order"),
        ("curve = [[0, -1]]", "at least 0"),
        ("curve = [[0, 'x']]", "curve must be one of"),
        ("burst = { every_seconds = 10, lasts_seconds = 5, factor = 4 }", "burst lasts_seconds × factor"),
        ("senders = { vpcp = 0.5 }", "senders must sum to 1, not 0.5"),
        ("senders = { moon = 1 }", "senders.moon is not known here"),
        ("fan_out = [[1, 1, 0.5]]", "fan_out must sum to 1"),
        ("fan_out = [[0, 1, 1]]", "fan_out must be [from, to, share]"),
        ("fan_out = [[2, 1, 1]]", "fan_out must be [from, to, share]"),
        ("fan_out = 3", "fan_out must be a list"),
        ("sizes = { median_bytes = 10 }", "sizes.sigma is missing"),
        ("sizes = { fixed = [[0, 1]] }", "sizes.fixed must be [bytes, share]"),
        ("urgencies = [1]", "urgencies must be four shares"),
        ("urgencies = [1, 0, 0, 'x']", "urgencies must hold shares"),
        ("statuses = { cap_seconds = 5, steps = [['13', 0.1, 1]] }", "statuses.steps must be"),
        ("statuses = { cap_seconds = 5, steps = [['03', 0.1, 1], ['05', 0.5, 1]] }", "statuses.steps 03 cannot"),
        ("statuses = { cap_seconds = 5, steps = [['01', 0.1, 1], ['01', 0.5, 1]] }", "names the status 01 twice"),
        ("polls = { period_seconds = 0 }", "polls.period_seconds must be at least 0.1"),
        ("polls = { period_seconds = 5, synchronised = 1 }", "polls.synchronised must be true or false"),
        ("broadcasts = 3", "broadcasts must be a list of tables"),
        ("[[broadcasts]]\nat_share = 2", "broadcasts[1].at_share must be at least 0 and at most 0.99, not 2"),
        ("backlog = { seconds = 5, within_seconds = 10 }", "backlog.within_seconds must be shorter than the run"),
        ("thresholds = ['lost']", "'lost' is no threshold"),
        ("thresholds = [3]", "3 is no threshold"),
        ("thresholds = ['p95.send <= 300 ms']", "a number without a unit (times in seconds"),
        ("thresholds = ['p99.send <= 1 in every 2 s']", "a window has at least that length"),
        ("thresholds = ['lost == 0 in every 10 s']", "only latencies and shares are judged in windows"),
        ("thresholds = ['backlog_slope <= 0 in every 10 s']", "only latencies and shares are judged in windows"),
        ("thresholds = ['speed <= 3']", "'speed' is no metric; known are lost, doubled"),
        ("thresholds = ['p99.fly <= 3']", "'p99.fly' is no metric"),
        ("day = 'monday'", "day must be a date such as 2020-02-03"),
        ("provenance = { mark = 'sure', en = 'x', vi = 'y' }", "provenance.mark must be one of published"),
        ("seconds = 3", "is no TOML"),
    ],
)
def test_what_is_wrong_is_said_with_the_file_and_the_member(tmp_path, line, said):
    path = _own(tmp_path, _LEAST + line + "\n")

    with pytest.raises(ScenarioError) as error:
        load(path)

    assert said in error.value.because.en
    assert error.value.because.en.startswith(path)
    assert error.value.because.vi.startswith(path)
    assert error.value.because.vi != error.value.because.en


def test_a_member_that_is_missing_may_be_there_misspelt(tmp_path):
    with pytest.raises(ScenarioError) as error:
        load(_own(tmp_path, _LEAST.replace("docs_per_second", "docs_per_sec")))

    assert "docs_per_second is missing; is docs_per_sec meant to be it?" in error.value.because.en
    assert "docs_per_sec viết nhầm" in error.value.because.vi


def test_a_threshold_may_hold_in_windows(tmp_path):
    mine = load(_own(tmp_path, _LEAST + "thresholds = ['p99_9.send <= 0.25 in every 10 s', 'backlog_slope<=0']\n"))

    first, second = mine.thresholds
    assert (first.metric, first.op, first.value, first.window_seconds) == ("p99_9.send", "<=", 0.25, 10)
    assert (second.metric, second.window_seconds) == ("backlog_slope", None)


def test_a_scenario_that_does_not_exist_names_those_that_do(tmp_path):
    with pytest.raises(ScenarioError, match="smoke, launch-day"):
        load(str(tmp_path / "none.toml"))


def test_bytes_that_are_no_text_are_no_scenario(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xff\xfe")

    with pytest.raises(ScenarioError, match="cannot be read"):
        load(str(path))
