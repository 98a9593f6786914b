"""A stored run whose books list everything in another order, and what the cases find in it: the contract sets none."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.case import Case, judged
from conformance.evidence import CaseEvidence, Record
from conformance.finding import Finding
from conformance.runfolder import RunEvidence

_LISTS = ("documents", "receivers", "attachments", "warnings")


def mixed(value: Any, draw: Random) -> Any:
    """The same answer of the control API, every list of rows, receivers, attachments and warnings in it shuffled."""
    if isinstance(value, Mapping):
        return {name: _shuffled(inner, draw) if name in _LISTS else inner for name, inner in value.items()}
    return value


def crowded(evidence: CaseEvidence, draw: Random) -> CaseEvidence:
    """The same evidence with more rows in every look: under identifiers that it knows, with other states, kinds,
    contents and receivers, as a system shows them that keeps its history in its books."""
    return replace(evidence, records=tuple(_record(each, draw, _with_more) for each in evidence.records))


def shuffled(evidence: CaseEvidence, draw: Random) -> CaseEvidence:
    """The same evidence, the rows of every look in another order."""
    return replace(evidence, records=tuple(_record(each, draw, mixed) for each in evidence.records))


def any_order_will_do(run: RunEvidence, cases: Sequence[Case]) -> None:
    """Whatever order the books of ``run`` have, and whatever history stands in them, each case finds the same."""
    flown = {case.id: run.of(case.id) for case in cases}

    @settings(max_examples=8, deadline=None)
    @given(seed=st.integers(0, 2**32), history=st.booleans())
    def holds(seed: int, history: bool) -> None:
        draw = Random(seed)
        books = {id_: crowded(each, draw) for id_, each in flown.items()} if history else flown

        assert findings(cases, books) == findings(cases, {id_: shuffled(each, draw) for id_, each in books.items()})

    holds()


def findings(cases: Iterable[Case], evidence: Mapping[str, CaseEvidence]) -> dict[str, tuple[Finding, ...]]:
    """What each case finds."""
    return {case.id: judged(case, evidence[case.id]) for case in cases}


def _record(record: Record, draw: Random, change: Callable[[Any, Random], Any]) -> Record:
    if record.kind != "act" or record["call"] != "GET /control/documents":
        return record
    return replace(record, members={**record.members, "answer": change(record["answer"], draw)})


def _shuffled(rows: Any, draw: Random) -> Any:
    return draw.sample([mixed(row, draw) for row in rows], len(rows)) if isinstance(rows, list) else rows


def _with_more(answer: Any, draw: Random) -> Any:
    rows = answer.get("documents") if isinstance(answer, Mapping) else None
    if not isinstance(rows, list):
        return answer
    more = [_other(row, rows, draw) for row in rows for _ in range(draw.randrange(3))]
    return {**answer, "documents": [*rows, *more]}


def _other(row: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], draw: Random) -> dict[str, Any]:
    """A row of the same identifier, each member of which is the row's own, another row's, or another one altogether."""
    beside = draw.choice(rows)
    made: dict[str, Any] = {
        "state": draw.choice(_STATES),
        "kind": draw.choice(("new", "recall", "update", "replace", None)),
        "subject": f"Về việc {draw.getrandbits(16):x}",
        "signature": draw.choice(("valid", "invalid", "absent", None)),
        "from": draw.choice(("G22", "000.00.00.H41")),
        "refers_to": beside.get("document_id"),
        "warnings": draw.choice(([], ["duplicate"])),
        "attachments": [],
        "receivers": [
            {**each, "status": draw.choice(("01", "03", "06", "15", None)), "reason": draw.choice(("Lý do khác", None))}
            for each in row.get("receivers") or ()
        ],
    }
    return {**row, **{name: draw.choice((row.get(name), beside.get(name), made[name])) for name in made}}


_STATES = (
    "arrived",
    "refused",
    "accepted",
    "processing",
    "finished",
    "recalled",
    "replaced",
    "queued",
    "sent",
    "failed",
)
