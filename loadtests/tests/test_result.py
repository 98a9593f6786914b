"""A run folder becomes a verdict: correctness first, then the generator, then the thresholds."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from loadtests.result import RunIncomplete, conclude
from loadtests.said import in_words
from loadtests.tests.runs import THRESHOLDS, load_run
from loadtests.traffic.promises import METRICS
from simulator.words import Lang

STOPPED = {"en": "stopped", "vi": "bị dừng"}
DIED = {"en": "the hub ended", "vi": "trục đã dừng"}


def broken(folder: Path) -> list[str]:
    document = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    return [each["metric"] for each in document["thresholds"] if each["kept"] is False]


def test_a_good_run_is_kept_and_written_down(tmp_path: Path) -> None:
    folder = load_run(tmp_path / "run")

    result = conclude(folder)

    assert (result.verdict, result.exit_code) == ("kept", 0)
    assert json.loads((folder / "result.json").read_text(encoding="utf-8")) == result.document
    account = result.document["account"]
    assert account["deliveries_expected"] == account["delivered"] + account["waiting"]["count"]
    assert account["waiting"]["count"] > 0
    assert {each["metric"] for each in result.document["thresholds"]} >= {"lost", "doubled", "strangers", "altered"}
    with (folder / "latencies.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["op"] for row in rows} == {"send", "fetch", "delivered"}


def test_latencies_are_merged_over_workers_urgencies_and_sizes(tmp_path: Path) -> None:
    document = conclude(load_run(tmp_path / "run")).document

    rows = [each for each in document["latencies"] if each["op"] == "send" and each["what"] == "intended"]
    whole = next(each for each in rows if each["urgency"] is None)
    assert whole["count"] == document["planned"]["documents"] == sum(each["count"] for each in rows) - whole["count"]
    assert whole["p50"] <= whole["p95"] <= whole["p99"] <= whole["p99_9"] <= whole["max"]


@pytest.mark.parametrize(
    ("faults", "metrics", "verdict"),
    [
        ({"lost": 1}, ["lost"], "broken"),
        ({"lost": 3, "cpu": 0.95}, ["lost"], "broken"),  # a loss is a loss, whatever the generator did
        ({"slower": 20.0}, ["p99.send"], "broken"),
        ({"refused": 5}, ["failed_share"], "broken"),
        ({"unusable": 2}, ["failed_calls_share"], "broken"),
        ({"hoard": 0.8}, ["p99.delivered", "backlog_slope", "drain_seconds"], "broken"),
        ({"cpu": 0.81}, [], "invalid"),
        ({"lag": 0.006}, [], "invalid"),
        ({"pause": 0.06}, [], "invalid"),
        ({"unsent": 1}, ["failed_share"], "invalid"),
        ({"workers": 3}, [], "invalid"),
        ({"troubles": [STOPPED]}, [], "invalid"),
        ({"slower": 20.0, "cpu": 0.95}, ["p99.send"], "invalid"),
        ({"died": [DIED]}, [], "broken"),  # nothing lost, every threshold kept, and yet not green
        ({"lost": 3, "incomplete": True, "troubles": [STOPPED]}, ["lost"], "invalid"),  # half a ledger accuses nobody
    ],
)
def test_what_goes_wrong_is_named(tmp_path: Path, faults: dict[str, Any], metrics: list[str], verdict: str) -> None:
    folder = load_run(tmp_path / "run", **faults)

    result = conclude(folder)

    assert (broken(folder), result.verdict) == (metrics, verdict)
    assert bool(result.document["generator"]["reasons"]) == (
        not {"cpu", "died"}.isdisjoint(faults) or verdict == "invalid"
    )
    assert all(each["en"] and each["vi"] for each in result.document["generator"]["reasons"])


def test_a_loss_breaks_a_run_whose_scenario_promises_nothing(tmp_path: Path) -> None:
    assert conclude(load_run(tmp_path / "run", lost=1, thresholds=())).verdict == "broken"


def test_an_axis_that_refuses_everything_is_broken_though_nothing_arrived_to_be_timed(tmp_path: Path) -> None:
    folder = load_run(tmp_path / "run", refused=9_999)

    result = conclude(folder)

    assert (broken(folder), result.verdict) == (["failed_share"], "broken")
    assert [each["metric"] for each in result.document["thresholds"] if each["kept"] is None] == ["p99.delivered"]
    assert result.document["generator"]["valid"] is True


def test_nothing_accepted_is_never_green_whatever_was_promised(tmp_path: Path) -> None:
    result = conclude(load_run(tmp_path / "run", refused=9_999, thresholds=()))

    assert result.verdict == "invalid"
    assert [each["en"] for each in result.document["generator"]["reasons"]] == ["not one document was accepted"]


def test_calls_that_failed_are_counted_and_said(tmp_path: Path) -> None:
    document = conclude(load_run(tmp_path / "run", unusable=2)).document

    assert document["calls"]["list"] == {"made": 200, "failed": 2, "because": "OK without a list"}
    assert document["calls"]["fetch"]["failed"] == 0 < document["calls"]["fetch"]["made"]
    assert "list 2 of 200, most often “OK without a list”" in in_words(document, Lang.EN)
    assert "calls that failed" not in in_words(conclude(load_run(tmp_path / "good")).document, Lang.EN)


def test_lists_that_nobody_could_read_are_never_green(tmp_path: Path) -> None:
    folder = load_run(tmp_path / "run")
    for path in (folder / "ledger").glob("*.jsonl"):
        lines = path.read_text("utf-8").splitlines(keepends=True)
        path.write_text("".join(line for line in lines if '"waiting"' not in line), "utf-8")

    result = conclude(folder)

    assert result.verdict in ("invalid", "broken")
    assert any("the last lists of 6 systems" in each["en"] for each in result.document["generator"]["reasons"])


@pytest.mark.parametrize(
    ("faults", "said"),
    [({}, "KEPT"), ({"lost": 1}, "documents were lost"), ({"died": [DIED]}, "the target died"),
     ({"slower": 20.0}, "at least one threshold"), ({"pause": 0.06}, "proves nothing")],
)  # fmt: skip
def test_the_verdict_is_said_for_what_it_is(tmp_path: Path, faults: dict[str, Any], said: str) -> None:
    document = conclude(load_run(tmp_path / "run", **faults)).document

    assert said in in_words(document, Lang.EN)
    assert in_words(document, Lang.VI) != in_words(document, Lang.EN)


@pytest.mark.parametrize(
    ("metric", "value", "seen", "en", "vi"),
    [
        ("lost", 0.0, 1.0, "lost == 0 packages  (1 package)", "lost == 0 gói tin  (1 gói tin)"),
        ("late", 5.0, 123456.0, "late == 5 packages  (123456 packages)", "late == 5 gói tin  (123456 gói tin)"),
        ("given_back", 2e6, 0.0, "given_back == 2000000 packages  (0 packages)",
         "given_back == 2000000 gói tin  (0 gói tin)"),
        ("failed_share", 0.001, 0.0123456, "failed_share == 0.1%  (1.235%)", "failed_share == 0.1%  (1.235%)"),
        ("p99.send", 0.5, 0.0273, "p99.send == 0.5 s  (0.0273 s)", "p99.send == 0.5 giây  (0.0273 giây)"),
        ("max.list.service", 2.0, None, "max.list.service == 2 s  (not seen)",
         "max.list.service == 2 giây  (chưa thấy)"),
        ("drain_seconds", 45.0, 5.2, "drain_seconds == 45 s  (5.2 s)", "drain_seconds == 45 giây  (5.2 giây)"),
        ("backlog_slope", 0.0, 1.5, "backlog_slope == 0 deliveries/s  (1.5 deliveries/s)",
         "backlog_slope == 0 lượt chuyển/giây  (1.5 lượt chuyển/giây)"),
        ("capacity", 9.0, 9.25, "capacity == 9 documents/s  (9.25 documents/s)",
         "capacity == 9 văn bản/giây  (9.25 văn bản/giây)"),
    ],
)  # fmt: skip
def test_a_threshold_and_what_was_seen_are_said_with_their_unit(
    tmp_path: Path, metric: str, value: float, seen: float | None, en: str, vi: str
) -> None:
    document = conclude(load_run(tmp_path / "run", seconds=5.0)).document
    said = {"over": {"en": "the run", "vi": "lần chạy"}, "unseen": {"en": "not seen", "vi": "chưa thấy"}}
    document["thresholds"] = [{"metric": metric, "op": "==", "value": value, "seen": seen, "kept": False} | said]

    assert f"  ✗ {en} · the run\n" in in_words(document, Lang.EN)
    assert f"  ✗ {vi} · lần chạy\n" in in_words(document, Lang.VI)


def test_a_threshold_says_over_which_part_of_the_run_it_is_judged(tmp_path: Path) -> None:
    document = conclude(load_run(tmp_path / "run")).document

    english, vietnamese = (in_words(document, lang).splitlines() for lang in (Lang.EN, Lang.VI))
    over = {line.split()[1]: line.partition(" · ")[2] for line in english if line.startswith("  ✓ ")}
    assert over["lost"] == "the whole run, draining included"
    assert over["p99.delivered"] == "the whole run, draining included"
    assert over["p99.send"] == "each 20 s of the plan, 3 windows; draining counts in the last"
    assert over["failed_share"] == "all planned documents"
    assert over["backlog_slope"] == "12 s to 60 s of the plan, after the warm-up"
    assert over["drain_seconds"] == "from the last planned send until the last document arrived"
    assert [line for line in vietnamese if "p99.send" in line and "từng 20 giây của kế hoạch, 3 đoạn" in line]


@pytest.mark.parametrize(
    ("ended", "en", "vi"),
    [
        ("limit", "(not drained within 30 s after the plan: {count} still not delivered)",
         "(chưa giải toả hết trong 30 giây sau kế hoạch: còn {count} lượt chưa tới nơi)"),
        ("stopped", "(not drained when the run ended: {count} still not delivered)",
         "(chưa giải toả hết khi lần chạy kết thúc: còn {count} lượt chưa tới nơi)"),
    ],
)  # fmt: skip
def test_a_drain_that_never_ended_is_said_plainly(tmp_path: Path, ended: str, en: str, vi: str) -> None:
    folder = load_run(tmp_path / "run", ended=ended)
    planned = json.loads((folder / "plan.json").read_text("utf-8"))
    planned["polls"]["offline"] = []  # the system that never polled was expected to
    (folder / "plan.json").write_text(json.dumps(planned), "utf-8")

    document = conclude(folder).document

    count = document["account"]["waiting"]["count"]
    assert count > 0
    assert document["backlog"]["not_drained"]["count"] == count
    assert document["planned"]["drain_limit_seconds"] == 30
    assert f"  ✗ drain_seconds <= 30 s  {en.format(count=count)} · " in in_words(document, Lang.EN)
    assert f"  ✗ drain_seconds <= 30 giây  {vi.format(count=count)} · " in in_words(document, Lang.VI)


def test_a_drain_that_ended_is_a_time_and_nothing_else(tmp_path: Path) -> None:
    document = conclude(load_run(tmp_path / "run", ended="drained")).document

    assert document["backlog"]["not_drained"] is None
    assert all("unseen" not in each for each in document["thresholds"])


def test_no_metric_but_a_time_is_said_in_seconds(tmp_path: Path) -> None:
    document = conclude(load_run(tmp_path / "run", seconds=5.0)).document
    document["thresholds"] = [
        {"metric": metric, "op": "<=", "value": 1.0, "seen": 2.0, "kept": False, "over": {"en": "all", "vi": "cả"}}
        for metric in (*METRICS, "p50.send")
    ]

    said = [line.split() for line in in_words(document, Lang.EN).splitlines() if line.startswith("  ✗ ")]

    assert len(said) == len(METRICS) + 1
    assert [line[1] for line in said if "s" in line] == ["drain_seconds", "p50.send"]


def test_a_threshold_that_nothing_was_observed_of_is_never_green(tmp_path: Path) -> None:
    unseen = {"metric": "p99.status", "op": "<=", "value": 1.0, "window_seconds": None}

    result = conclude(load_run(tmp_path / "run", thresholds=(*THRESHOLDS, unseen)))

    assert result.verdict == "invalid"
    assert [each["kept"] for each in result.document["thresholds"] if each["metric"] == "p99.status"] == [None]
    assert "  ? p99.status <= 1 s  (not observed) · " in in_words(result.document, Lang.EN)


@pytest.mark.parametrize("missing", ["plan.json", "run.json", "manifest.json"])
def test_a_folder_that_is_no_finished_run_says_so(tmp_path: Path, missing: str) -> None:
    folder = load_run(tmp_path / "run", seconds=5.0)
    (folder / missing).unlink()

    with pytest.raises(RunIncomplete) as caught:
        conclude(folder)
    assert missing in caught.value.text.vi


def test_an_unknown_threshold_is_an_error(tmp_path: Path) -> None:
    odd = {"metric": "p98.send", "op": "<=", "value": 1.0, "window_seconds": None}

    with pytest.raises(RunIncomplete, match=r"p98\.send"):
        conclude(load_run(tmp_path / "run", seconds=5.0, thresholds=(odd,)))


def test_a_line_cut_short_at_the_end_of_a_ledger_is_passed_over(tmp_path: Path) -> None:
    folder = load_run(tmp_path / "run", seconds=5.0, thresholds=())
    with (folder / "ledger" / "1.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"e":"sent","n":')

    assert conclude(folder).document["planned"]["documents"] > 0
