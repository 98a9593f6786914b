"""A finished run, read from its folder alone (contract.md section 3): frozen values for the printers.

``result.json`` must be there and name its schema; everything additive may be missing, because a report of an
older run must still be printed. Nothing is judged here: verdicts are repeated, never made.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reports.apart import Baseline, VendorCases, baseline_of, vendor_of
from reports.errors import RunUnreadable
from reports.evidence import Evidence, read_evidence
from simulator.words import Lang, Text

__all__ = ["Case", "Finding", "Requirement", "Run", "Sut", "read_run"]

RESULT_SCHEMA = "axisproof/result/1"
_MUTANT = re.compile(r"\(([a-z0-9-]+)\)\Z")
"""How the name of the bundled system ends where one of its mutants was tested."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One check of one case: what it found, what that amounts to, and the records it stands on.

    ``known``: who answers for it as a known failure, and until when; None where it is none.
    """

    check: str
    title: Text
    verdict: str
    because: Text
    requirements: tuple[str, ...] = ()
    basis: str = ""
    level: str = ""
    decided_by: str = ""
    cites: tuple[int, ...] = ()
    remedy: Text | None = None
    promoted_by: str | None = None
    given_label: str | None = None
    known: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One conversation and what its checks found. ``lanes``: (system id, unit code) of its fake agencies.

    ``role`` and ``capability`` say what a system must be or claim for the case to apply.
    """

    id: str
    chapter: str
    title: Text
    verdict: str
    seconds: float = 0.0
    expected: Text | None = None
    role: str = ""
    capability: str = ""
    lanes: tuple[tuple[str, str], ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Requirement:
    """The sentence that a check cites, where the run wrote it down."""

    id: str
    level: str = ""
    basis: str = ""
    source: str = ""
    clause: str = ""
    text: Text | None = None


@dataclass(frozen=True, slots=True)
class Sut:
    """The system under test, as its file named it."""

    name: str
    version: str = ""
    vendor: str = ""
    organ: str = ""
    system_id: str = ""
    roles: tuple[str, ...] = ()
    driver: str = ""
    spec: str = ""
    capabilities: Mapping[str, object] = field(default_factory=dict)

    @property
    def bundled(self) -> bool:
        """Whether it is our own reference system (or a mutant of it) and no vendor's product."""
        return self.driver == "reference" or self.spec.startswith("reference")


@dataclass(frozen=True, slots=True)
class Run:
    """One finished run and its evidence. ``narrowed``: the words of ``--only``; ``strict``: the name of the list of
    promoted requirements, "" where nothing was; ``troubles``: errors of ours that belong to no case;
    ``notices``: what the run teaches about the system, without a verdict."""

    folder: Path
    raw: Mapping[str, Any]
    run_id: str
    axisproof: str
    seed: int | None
    started_at: str
    finished_at: str
    seconds: float
    requirement_set: str
    profile: str
    topology: str
    nodes: int | None
    lang: Lang | None
    narrowed: tuple[str, ...]
    strict: str
    strict_list: tuple[str, ...]
    promote: tuple[str, ...]
    troubles: tuple[Text, ...]
    notices: tuple[Text, ...]
    baseline: Baseline | None
    vendor: VendorCases | None
    sut: Sut
    conclusion: str
    counts: Mapping[str, int]
    cases: tuple[Case, ...]
    requirements: Mapping[str, Requirement]
    evidence: Evidence


def read_run(folder: Path) -> Run:
    """The run in ``folder``. Raises RunUnreadable, with a sentence for people."""
    raw = _result(folder / "result.json")
    try:
        return _run(folder, raw, read_evidence(folder / "evidence"))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise RunUnreadable(
            Text(
                en="{path} does not have the shape of its schema ({why}).",
                vi="{path} không đúng lược đồ của nó ({why}).",
            ).filled(path=folder / "result.json", why=error)
        ) from error


def _run(folder: Path, raw: Mapping[str, Any], evidence: Evidence) -> Run:
    header = evidence.header
    strict = raw.get("strict", header.get("strict"))
    return Run(
        folder=folder,
        raw=raw,
        run_id=_str(raw, "run_id"),
        axisproof=_str(raw, "axisproof"),
        seed=raw.get("seed"),
        started_at=_str(raw, "started_at"),
        finished_at=_str(raw, "finished_at"),
        seconds=float(raw.get("seconds") or 0.0),
        requirement_set=_str(raw, "requirement_set"),
        profile=_str(raw, "profile"),
        topology=_str(raw, "topology"),
        nodes=raw.get("nodes"),
        lang=next((Lang(word) for word in (raw.get("lang"), header.get("lang")) if word in tuple(Lang)), None),
        narrowed=tuple(map(str, raw.get("narrowed") or header.get("narrowed") or ())),
        strict=str(strict.get("name", "strict")) if isinstance(strict, dict) else "strict" if strict else "",
        strict_list=tuple(map(str, strict.get("requirements") or ())) if isinstance(strict, dict) else (),
        promote=tuple(map(str, raw.get("promote") or header.get("promote") or ())),
        troubles=tuple(_text(each) for each in raw.get("troubles") or ()),
        notices=tuple(_text(each) for each in raw.get("notices") or ()),
        baseline=baseline_of(raw),
        vendor=vendor_of(raw),
        sut=_sut({"capabilities": raw.get("capabilities"), **(raw.get("sut") or {})}, header.get("sut") or {}),
        conclusion=_str(raw, "conclusion"),
        counts={str(key): int(value) for key, value in (raw.get("counts") or {}).items()},
        cases=tuple(_case(each) for each in raw.get("cases") or ()),
        requirements={str(key): _requirement(key, each) for key, each in (raw.get("requirements") or {}).items()},
        evidence=evidence,
    )


def _result(path: Path) -> Mapping[str, Any]:
    try:
        raw = json.loads(path.read_bytes())
    except OSError as error:
        raise RunUnreadable(
            Text(
                en="{path} cannot be read: this is no run folder, or the run did not finish. "
                "`axisproof judge RUN_DIR` makes it again from the evidence.",
                vi="Không đọc được {path}: đây không phải thư mục của một lần chạy, hoặc lần chạy chưa kết thúc. "
                "Lệnh `axisproof judge RUN_DIR` lập lại tệp này từ bằng chứng.",
            ).filled(path=path)
        ) from error
    except ValueError as error:
        raise RunUnreadable(
            Text(en="{path} is not JSON.", vi="{path} không phải là JSON.").filled(path=path)
        ) from error
    schema = raw.get("schema") if isinstance(raw, dict) else None
    if schema != RESULT_SCHEMA:
        raise RunUnreadable(
            Text(
                en="{path} has the schema {schema!r}; this version prints {known!r} only.",
                vi="{path} có lược đồ {schema!r}; phiên bản này chỉ in được {known!r}.",
            ).filled(path=path, schema=schema, known=RESULT_SCHEMA)
        )
    result: Mapping[str, Any] = raw
    return result


def _str(raw: Mapping[str, Any], key: str) -> str:
    value = raw.get(key)
    return "" if value is None else str(value)


def _text(value: Any, fallback: str = "") -> Text:
    """Both languages where the run wrote both; else one sentence twice."""
    if isinstance(value, dict):
        either = str(value.get("en") or value.get("vi") or fallback)
        return Text(en=str(value.get("en") or either), vi=str(value.get("vi") or either))
    plain = str(value or fallback)
    return Text(en=plain, vi=plain)


def _case(raw: Mapping[str, Any]) -> Case:
    name = _str(raw, "id")
    expected = _text(raw.get("expected"))
    return Case(
        id=name,
        chapter=_str(raw, "chapter") or name.split("/", 1)[0],
        title=_text(raw.get("titles") or raw.get("title"), name),
        verdict=_str(raw, "verdict"),
        seconds=float(raw.get("seconds") or 0.0),
        expected=expected if any(expected) else None,
        role=_str(raw, "role"),
        capability=_str(raw, "capability"),
        lanes=tuple(_lane(each) for each in raw.get("lanes") or ()),
        findings=tuple(_finding(each) for each in raw.get("findings") or ()),
    )


def _lane(raw: Any) -> tuple[str, str]:
    if isinstance(raw, dict):
        return _str(raw, "system_id"), _str(raw, "unit")
    return str(raw), str(raw)


def _finding(raw: Mapping[str, Any]) -> Finding:
    check = _str(raw, "check")
    return Finding(
        check=check,
        title=_text(raw.get("check_title"), check),
        verdict=_str(raw, "verdict"),
        because=_text(raw.get("texts") or raw.get("because")),
        requirements=tuple(map(str, raw.get("requirements") or ())),
        basis=_str(raw, "basis"),
        level=_str(raw, "level"),
        decided_by=_str(raw, "decided_by"),
        cites=tuple(int(each) for each in raw.get("cites") or ()),
        remedy=_text(raw["remedy"]) if raw.get("remedy") else None,
        promoted_by=raw.get("promoted_by"),
        given_label=raw.get("label"),
        known="{owner}, {expires}: {why}".format(**raw["known"]) if raw.get("known") else None,
    )


def _requirement(key: str, raw: Mapping[str, Any]) -> Requirement:
    return Requirement(
        id=str(key),
        level=_str(raw, "level"),
        basis=_str(raw, "basis"),
        source=_str(raw, "source"),
        clause=_str(raw, "clause"),
        text=_text(raw["text"]) if raw.get("text") else None,
    )


def _sut(result: Mapping[str, Any], header: Mapping[str, Any]) -> Sut:
    both = {**header, **{key: value for key, value in result.items() if value is not None}}
    mutant = _MUTANT.search(_str(both, "name")) if both.get("driver") == "reference" else None
    return Sut(
        name=_str(both, "name"),
        version=_str(both, "version"),
        vendor=_str(both, "vendor"),
        organ=_str(both, "organ"),
        system_id=_str(both, "system_id"),
        roles=tuple(map(str, both.get("roles") or ())),
        driver=_str(both, "driver"),
        spec=_str(both, "spec") or (f"reference:{mutant[1]}" if mutant else ""),
        capabilities=both.get("capabilities") or {},
    )
