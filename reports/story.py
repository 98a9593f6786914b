"""Which records tell the story of one case: its own, the cited ones, and the exchanges that carried its packets.

A fact bears its case; an exchange of the system under test often cannot, because one list answer serves many cases.
Such an exchange is found again by the ids of the packets that it moved.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from reports.body import answer_of, unpacked
from reports.evidence import Evidence, Record
from reports.run import Case, Run

__all__ = ["MOST_RECORDS", "Story", "header", "stories"]

MOST_RECORDS = 150
"""Records of one case that a report prints; the rest is named and stays in the evidence."""
_READ_ANSWERS_UP_TO = 256 * 1024
_MOVING = ("sendEdoc", "getEdoc", "downloadEdoc", "updateStatus", "getReceivedEdocList")


@dataclass(frozen=True, slots=True)
class Story:
    """The records of one case in order; ``left_out`` more were not kept; ``cited`` maps a number to checks."""

    case: Case
    records: tuple[Record, ...]
    left_out: int
    cited: Mapping[int, tuple[str, ...]]


def stories(run: Run) -> tuple[Story, ...]:
    """One story for each case of ``run``, in the run's order."""
    by_case: dict[str, list[Record]] = {}
    for record in run.evidence.records:
        if record.case is not None:
            by_case.setdefault(record.case, []).append(record)
    by_number = {record.n: record for record in run.evidence.records}
    carriers = _carriers(run.evidence)
    return tuple(
        _story(case, (*by_case.get(case.id, ()), *by_case.get(f"{case.id}@alone", ())), by_number, carriers)
        for case in run.cases
    )


def header(record: Record, side: str, name: str) -> str:
    """The first header ``name`` of an exchange's ``request`` or ``response``, "" where there is none."""
    sent = record.members.get(side) or {}
    for key, value in sent.get("headers") or ():
        if str(key).lower() == name.lower():
            return str(value)
    return ""


def _story(
    case: Case,
    own: Iterable[Record],
    by_number: Mapping[int, Record],
    carriers: Mapping[str, tuple[Record, ...]],
) -> Story:
    cited: dict[int, tuple[str, ...]] = {}
    for finding in case.findings:
        for number in finding.cites:
            cited[number] = (*cited.get(number, ()), finding.check)
    found = {record.n: record for record in own}
    found |= {number: by_number[number] for number in cited if number in by_number}
    for token in {token for record in found.values() for token in _tokens(record)}:
        for record in carriers.get(token, ()):
            if record.case in (None, case.id, case.id + "@alone"):
                found.setdefault(record.n, record)
    kept = sorted(found)
    if len(kept) > MOST_RECORDS:
        must = [number for number in kept if number in cited]
        rest = [number for number in kept if number not in cited]
        kept = sorted(must + rest[: max(0, MOST_RECORDS - len(must))])
    return Story(
        case=case,
        records=tuple(found[number] for number in kept),
        left_out=len(found) - len(kept),
        cited=cited,
    )


def _tokens(record: Record) -> Iterator[str]:
    """The axis's ids of what a fact moved."""
    if record.kind == "fact":
        yield from filter(None, (record.text("doc_id"), record.text("delivery_id")))


def _carriers(evidence: Evidence) -> Mapping[str, tuple[Record, ...]]:
    """Axis id -> the exchanges and polls, of no case's own, that carried it; of the many lists, the first one only."""
    found: dict[str, list[Record]] = {}
    listed: set[tuple[str, str]] = set()
    answers: dict[str, tuple[str, ...]] = {}
    for record in evidence.records:
        if record.kind == "fact" and record.text("fact") == "polled":
            tokens = tuple(map(str, record.members.get("listed") or ()))
            once = True
        elif record.kind == "exchange" and record.text("operation") in _MOVING:
            tokens = _exchange_tokens(record, evidence, answers)
            once = record.text("operation") == "getReceivedEdocList"
        else:
            continue
        for token in tokens:
            if once and (record.kind, token) in listed:
                continue
            listed.add((record.kind, token))
            found.setdefault(token, []).append(record)
    return {token: tuple(records) for token, records in found.items()}


def _exchange_tokens(record: Record, evidence: Evidence, answers: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    operation = record.text("operation")
    if operation not in ("sendEdoc", "getReceivedEdocList"):
        asked = header(record, "request", "XroadVnpt-docId")
        return (asked,) if asked else ()
    response = record.members.get("response") or {}
    digest = str(response.get("body_sha256") or "")
    if digest not in answers:
        small = int(response.get("size") or 0) <= _READ_ANSWERS_UP_TO
        data = evidence.blob(digest) if small else None
        answer = answer_of(unpacked(data or b"", header(record, "response", "content-encoding")))
        items = answer.get("data")
        ids = [answer.get("DocId")]
        if isinstance(items, list):
            ids += [item.get("docId") for item in items if isinstance(item, dict)]
        answers[digest] = tuple(str(each) for each in ids if each)
    return answers[digest]
