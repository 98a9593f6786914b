"""Known failures with an owner and an expiry: ``check --baseline FILE``. Verdicts stay; only the exit code "
"looks past them.

``conclusion`` goes on saying what the evidence says; ``baseline.conclusion`` is what it would be apart from the known
failures, and the exit code follows it. A line that no longer fits (expired, passing now, unknown id) fails the run, so
that exceptions do not outlive their reasons (pitfall 141).
"""

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from conformance.case import Case
from conformance.config import BadConfig
from conformance.verdict import Conclusion, Verdict, conclude
from simulator.words import Lang, Text

__all__ = ["Known", "State", "apply", "exit_code", "read"]


@dataclass(frozen=True, slots=True)
class Known:
    """One line: this check of this case is known to fail, ``owner`` answers for it until the end of ``expires``."""

    case: str
    check: str
    owner: str
    expires: date
    why: str


class State(StrEnum):
    """How a line stands against a run."""

    KNOWN = "known"
    UNSEEN = "unseen"
    EXPIRED = "expired"
    STALE = "stale"
    UNKNOWN_ID = "unknown-id"

    @property
    def fails(self) -> bool:
        """Whether the line itself fails the run."""
        return self in (State.EXPIRED, State.STALE, State.UNKNOWN_ID)


_SENTENCES = {
    State.KNOWN: Text(
        en="{case}, {check}: known to fail until {expires} ({owner}: {why})",
        vi="{case}, {check}: lỗi đã biết đến {expires} ({owner}: {why})",
    ),
    State.UNSEEN: Text(
        en="{case}, {check}: listed as known, but this run could not show it",
        vi="{case}, {check}: có trong danh sách lỗi đã biết nhưng lần chạy này không kiểm được",
    ),
    State.EXPIRED: Text(
        en="{case}, {check}: the line of {owner} expired on {expires}; repair the system, or agree on another date",
        vi="{case}, {check}: dòng của {owner} đã hết hạn ngày {expires}; hãy sửa hệ thống hoặc thống nhất hạn mới",
    ),
    State.STALE: Text(
        en="{case}, {check}: listed as known by {owner}, but it passes now; remove the line",
        vi="{case}, {check}: {owner} ghi là lỗi đã biết nhưng nay đã đạt; hãy xóa dòng này",
    ),
    State.UNKNOWN_ID: Text(
        en="{case}, {check}: there is no such case or check; correct or remove the line of {owner}",
        vi="{case}, {check}: không có ca kiểm thử hoặc kiểm tra này; hãy sửa hoặc xóa dòng của {owner}",
    ),
}


def read(path: Path) -> tuple[Known, ...]:
    """The lines of a baseline file. Raises BadConfig: unreadable, an unknown key, a missing one, twice the same."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _bad(
            "{path} cannot be read: {why}", "không đọc được {path}: {why}", path=path, why=error.strerror
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _bad("{path} is no TOML: {why}", "{path} không phải TOML: {why}", path=path, why=error) from None
    if strange := set(data) - {"known"}:
        raise _bad(
            "{path}: unknown key {key!r}; there is only [[known]]", "{path}: khóa lạ {key!r}; chỉ có [[known]]",
            path=path, key=min(strange),
        )  # fmt: skip
    tables = data.get("known", [])
    if not isinstance(tables, list):
        raise _bad("{path}: write [[known]], not [known]", "{path}: hãy viết [[known]], không phải [known]", path=path)
    lines = tuple(_line(table, f"{path}: [[known]] {number}") for number, table in enumerate(tables, 1))
    twice = [key for key, count in Counter((line.case, line.check) for line in lines).items() if count > 1]
    if twice:
        raise _bad(
            "{path}: {case}, {check} stands twice", "{path}: {case}, {check} bị lặp lại",
            path=path, case=twice[0][0], check=twice[0][1],
        )  # fmt: skip
    return lines


def _line(table: Any, place: str) -> Known:
    names = [item.name for item in fields(Known)]
    if not isinstance(table, dict):
        raise _bad("{place} is no table", "{place} không phải một bảng", place=place)
    for key in table:
        if key not in names:
            raise _bad(
                "{place}: unknown key {key!r}; known are {names}", "{place}: khóa lạ {key!r}; các khóa hợp lệ "
                "là {names}",
                place=place, key=key, names=", ".join(names),
            )  # fmt: skip
    for name in names:
        if not table.get(name):
            raise _bad("{place}: {key} is missing", "{place}: thiếu {key}", place=place, key=name)
        if name != "expires" and not isinstance(table[name], str):
            raise _bad("{place}: {key} must be a text", "{place}: {key} phải là chuỗi", place=place, key=name)
    return Known(**{**table, "expires": _date(table["expires"], place)})


def _date(value: Any, place: str) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise _bad(
            "{place}: expires {value!r} is no date like 2026-12-31",
            "{place}: expires {value!r} không phải ngày dạng 2026-12-31",
            place=place,
            value=value,
        ) from None


def apply(
    result: Mapping[str, Any], lines: Iterable[Known], *, cases: Iterable[Case], origin: str, lang: Lang
) -> dict[str, Any]:
    """The same result with ``baseline`` and, on each finding that a line stands for, ``known``.

    A line is expired by the day on which the run ended.
    """
    suite = {case.id: {check.id for check in case.checks} for case in cases}
    findings = {(case["id"], finding["check"]): finding for case in result["cases"] for finding in case["findings"]}
    today = datetime.fromisoformat(result["finished_at"] or result["started_at"]).date()
    states = {
        (line.case, line.check): (line, _state(line, findings.get((line.case, line.check)), suite, today))
        for line in lines
    }
    rows = [_row(line, state, lang) for line, state in states.values()]
    marked = [_marked(case, states) for case in result["cases"]]
    known = sum("known" in finding for case in marked for finding in case["findings"])
    return {
        **result,
        "cases": marked,
        "baseline": {
            "file": origin,
            "conclusion": _apart(result, marked, rows).value,
            "known": known,
            "failing_lines": sum(State(row["state"]).fails for row in rows),
            "lines": rows,
        },
    }


def exit_code(result: Mapping[str, Any]) -> int:
    """The exit code of ``check`` and ``judge``: the baseline's conclusion where one was given."""
    return Conclusion((result.get("baseline") or result)["conclusion"]).exit_code


def _state(line: Known, finding: Mapping[str, Any] | None, suite: Mapping[str, set[str]], today: date) -> State:
    if finding is None and line.check not in suite.get(line.case, ()):
        return State.UNKNOWN_ID
    if finding is not None and finding["verdict"] == Verdict.PASS.word:
        return State.STALE
    if line.expires < today:
        return State.EXPIRED
    return State.KNOWN if finding is not None and finding["outcome"] == "broken" else State.UNSEEN


def _row(line: Known, state: State, lang: Lang) -> dict[str, Any]:
    members = asdict(line) | {"expires": line.expires.isoformat()}
    because = _SENTENCES[state].filled(**members)
    return {**members, "state": state.value, "because": because.in_(lang), "texts": because._asdict()}


def _marked(case: Mapping[str, Any], states: Mapping[tuple[str, str], tuple[Known, State]]) -> dict[str, Any]:
    findings = []
    for finding in case["findings"]:
        line, state = states.get((case["id"], finding["check"]), (None, None))
        if line is not None and state is State.KNOWN and finding["verdict"] == Verdict.FAIL.word:
            known = {"owner": line.owner, "expires": line.expires.isoformat(), "why": line.why}
            findings.append({**finding, "known": known})
        else:
            findings.append(finding)
    return {**case, "findings": findings}


def _apart(
    result: Mapping[str, Any], cases: Iterable[Mapping[str, Any]], rows: Iterable[Mapping[str, Any]]
) -> Conclusion:
    """What the run amounts to apart from its known failures; a line that fails is a failure."""
    if result["conclusion"] == Conclusion.HARNESS_ERROR:
        return Conclusion.HARNESS_ERROR
    verdicts = []
    for case in cases:
        left = [Verdict.of(each["verdict"]) for each in case["findings"] if "known" not in each]
        # A case whose every finding is known still ran: it must not turn into 'nothing was proved'.
        verdicts.append(max(left, default=Verdict.PASS if case["findings"] else Verdict.NOT_APPLICABLE))
    if any(State(row["state"]).fails for row in rows):
        verdicts.append(Verdict.FAIL)
    return conclude(verdicts, narrowed=bool(result.get("narrowed")))


def _bad(en: str, vi: str, **values: object) -> BadConfig:
    return BadConfig(Text(en=en, vi=vi).filled(**values))
