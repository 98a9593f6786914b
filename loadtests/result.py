"""A finished load run: its folder becomes a value and a verdict (result.json, latencies.csv, intervals.jsonl).

Conservation comes first: a run that lost, doubled, misdirected or altered anything, or whose target died, is broken,
however fast it was and however its generator fared; unless a ledger is not whole, for then nothing is proved. Then the
generator: where it struggled or was stopped (``troubles`` of run.json) the run is invalid, never green. Then the
thresholds: one that was seen broken breaks the run, also where the same fault leaves nothing to judge another by. What
could not be observed at last (a threshold, a list) makes it invalid. (contract, section 2: exit 1, 3, 1, 3, else 0.)
"""

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from loadtests import duties
from loadtests.backlog import backlog_of
from loadtests.calls import EVENTS, calls_of
from loadtests.histograms import QUANTILES, Interval
from loadtests.journeys import Letter, merged_by_time, of_acceptances, of_documents, of_statuses
from loadtests.oracle import Planned, Reckoning, reckon
from loadtests.result_document import result_document
from loadtests.run_folder import LoadRun, RunIncomplete, read_load_run, write_run
from loadtests.sends import Sends, sends_of
from loadtests.settling import Rules
from loadtests.slo import ALWAYS, Kept, Limit, Measured, judge
from loadtests.validity import judge_generator
from simulator.words import Text

__all__ = ["EXIT_CODES", "GRACE_SECONDS", "Result", "RunIncomplete", "conclude", "write_run"]

EXIT_CODES = {"kept": 0, "broken": 1, "invalid": 3}
GRACE_SECONDS = 5.0
"""How long after two polls of its receiver a delivery is late: the fetching takes its time too."""
_WARM_UP_SHARE = 0.2
_UNSEEN = Text(
    "the threshold {metric} could not be judged: nothing of it was observed",
    "không đánh giá được ngưỡng {metric}: không quan sát được gì về nó",
)
_UNHEARD = Text(
    "the last lists of {count} systems could not be read: what waits for them counts as lost",
    "không đọc được danh sách cuối của {count} hệ thống: những gì còn chờ chúng bị tính là mất",
)
_NOTHING = Text("not one document was accepted", "không có văn bản nào được tiếp nhận")
_UNKNOWN = Text("the threshold {metric!r} is not known", "không có ngưỡng nào tên {metric!r}")


@dataclass(frozen=True, slots=True)
class Result:
    """A judged load run. ``document``: what ``result.json`` says; ``verdict``: kept, broken or invalid."""

    folder: Path
    verdict: str
    document: Mapping[str, Any]

    @property
    def exit_code(self) -> int:
        """0 kept, 1 broken, 3 invalid."""
        return EXIT_CODES[self.verdict]


def conclude(folder: Path) -> Result:
    """Judge the run in ``folder`` and write what was found into it. Raises RunIncomplete."""
    run = read_load_run(folder)
    result = judged(run)
    text = json.dumps(result.document, ensure_ascii=False, indent=1)
    (folder / "result.json").write_text(text + "\n", encoding="utf-8")
    return result


def judged(run: LoadRun) -> Result:
    """The result of ``run``; writes its latencies (CSV, intervals) but not ``result.json``."""
    sends = sends_of(run)
    never, away = _offline(run)
    rules = _rules(run, never | away)
    units = {each.system_id: frozenset((each.unit,)) for each in run.plan.systems}
    if run.plan.sut:
        units[run.plan.sut.system_id] = frozenset((run.plan.sut.unit,))
    needed = run.events("sent", "answered", "fetched", "confirmed", "waiting", "book")
    reckoning = reckon(_planned(run, sends), units, needed, rules)
    offline_units = frozenset(unit for system in never | away for unit in units.get(system, ()))
    intervals = _intervals(run, reckoning, sends, offline_units)
    backlog = backlog_of(
        reckoning.documents,
        never_online=frozenset(unit for system in never for unit in units.get(system, ())),
        at_times_offline=offline_units,
        seconds=run.plan.seconds,
        patience=rules.late_after,
        warm_up=_warm_up(run),
        last_send=max((each.at for each in run.plan.arrivals if each.number in sends.due), default=0.0),
    )
    calls = calls_of(run.events(*EVENTS), sut=run.plan.sut.system_id if run.plan.sut else None)
    arrivals = {each.number: each for each in run.plan.arrivals}
    owing = None if run.run.get("faults") else run.plan.sut
    if owing:
        account = duties.with_duties(reckoning.account, run.events(*duties.EVENTS), owing.system_id)
        reckoning = replace(reckoning, account=account)
    measured = Measured(
        account=reckoning.account,
        intervals=intervals,
        outcomes=tuple((arrivals[number].at, outcome) for number, outcome in sends.outcomes.items()),
        backlog=backlog,
        seconds=run.plan.seconds,
        calls=calls,
        missing=sum(each.arrived is None and each.unit not in offline_units for each in reckoning.documents),
    )
    generator = judge_generator(
        run.health,
        sends.lags,
        seconds=run.plan.seconds,
        planned=len(sends.due),
        dropped=reckoning.account.dropped.count,
        expected_workers=int(run.run.get("workers", 1)),
    )
    limits = [
        Limit(each["metric"], each["op"], each["value"], each.get("window_seconds")) for each in run.run["thresholds"]
    ]
    try:
        kept = judge(measured, limits, sut=owing is not None)
    except ValueError as error:
        raise RunIncomplete(_UNKNOWN.filled(metric=str(error))) from error
    told = [*(run.run.get("troubles") or ()), *(run.run.get("died") or ())]
    unheard = [_UNHEARD.filled(count=len(reckoning.unheard))] if reckoning.unheard else []
    doubts = [*(Text(en=str(each["en"]), vi=str(each["vi"])) for each in told), *generator.reasons]
    nothing = [_NOTHING] if sends.due and not reckoning.account.accepted else []
    unseen = [*nothing, *unheard, *(_UNSEEN.filled(metric=each.metric) for each in kept if each.kept is None)]
    died, incomplete = bool(run.run.get("died")), bool(run.run.get("incomplete"))
    verdict = _verdict(kept, doubts, unseen, died=died, incomplete=incomplete)
    document = result_document(
        run, verdict, reckoning, kept, intervals, backlog, generator, doubts, unseen, sends, calls
    )
    _write_latencies(run.folder, document["latencies"], intervals)
    return Result(run.folder, verdict, document)


def _verdict(kept: Iterable[Kept], doubts: list[Text], unseen: list[Text], *, died: bool, incomplete: bool) -> str:
    every = tuple(kept)
    if incomplete:
        return "invalid"
    if died or any(each.kept is False and each.metric in ALWAYS for each in every):
        return "broken"
    if doubts:
        return "invalid"
    if any(each.kept is False for each in every):
        return "broken"
    return "invalid" if unseen else "kept"


def _planned(run: LoadRun, sends: Sends) -> Iterable[Planned]:
    for each in run.plan.arrivals:
        if each.number in sends.due:
            made = run.manifest.get(each.number, {})
            yield Planned(
                each.number, str(made.get("document_id") or each.document_id), each.sender, each.sender_unit,
                tuple(made.get("receivers") or each.receivers), each.urgency,
                str(made.get("sha256") or ""), tuple(made.get("files") or ()),
            )  # fmt: skip


def _offline(run: LoadRun) -> tuple[frozenset[str], frozenset[str]]:
    """Systems that never poll in this run, and those that are away for a part of it."""
    nobody: frozenset[str] = frozenset()
    polls = run.plan.polls
    return (polls.offline, nobody) if polls.back_at is None else (nobody, polls.offline)


def _rules(run: LoadRun, offline: frozenset[str]) -> Rules:
    late_after = run.run.get("late_after_seconds")
    return Rules(
        late_after=2 * run.plan.polls.period + GRACE_SECONDS if late_after is None else float(late_after),
        verbatim=run.run.get("transit", "verbatim") == "verbatim",
        offline=offline,
    )


def _warm_up(run: LoadRun) -> float:
    given = run.run.get("warm_up_seconds")
    return run.plan.seconds * _WARM_UP_SHARE if given is None else float(given)


def _intervals(run: LoadRun, found: Reckoning, sends: Sends, without: frozenset[str]) -> tuple[Interval, ...]:
    """The workers' latencies, merged, and those of whole journeys, which only the ledgers of all show."""
    letters = {
        each.document_id: Letter(each.at, each.urgency, sends.size_classes.get(each.number, ""))
        for each in run.plan.arrivals
    }
    sut = run.plan.sut
    acceptances = of_acceptances(run.events("act", "answered"), sut.system_id) if sut else ()
    journeys = (
        *of_documents(found.documents, letters, without),
        *of_statuses(found.statuses, letters, without),
        *acceptances,
    )
    measured = {each.key.op for each in run.intervals}
    return merged_by_time((*run.intervals, *(each for each in journeys if each.key.op not in measured)))


def _write_latencies(folder: Path, rows: list[dict[str, Any]], intervals: Iterable[Interval]) -> None:
    with (folder / "latencies.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["op", "urgency", "size_class", "what", "count", *QUANTILES])
        writer.writeheader()
        writer.writerows(rows)
    with (folder / "intervals.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(each.line()) + "\n" for each in intervals)
