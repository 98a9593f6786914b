"""What stands beside the certified result: known failures of a baseline, a vendor's own cases, the proof of the suite.

None of it changes a verdict of the suite; every report that shows a result shows these, too.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from simulator.words import Text

__all__ = ["Baseline", "KnownLine", "Proof", "VendorCase", "VendorCases", "baseline_of", "proof", "vendor_of"]


@dataclass(frozen=True, slots=True)
class KnownLine:
    """One line of the baseline: ``state`` is known, unseen, expired, stale or unknown-id. ``fails``: by itself."""

    state: str
    fails: bool
    because: Text


@dataclass(frozen=True, slots=True)
class Baseline:
    """The known failures of a run and what it amounts to apart from them."""

    file: str
    conclusion: str
    lines: tuple[KnownLine, ...]


@dataclass(frozen=True, slots=True)
class VendorCase:
    """One case of the vendor's own, with its reasons."""

    id: str
    title: Text
    verdict: str
    because: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class VendorCases:
    """The vendor's own cases: ``packages`` they came from; ``not_judged``: their package was not at hand."""

    packages: tuple[str, ...]
    cases: tuple[VendorCase, ...]
    not_judged: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """How the suite itself was tested: each line says what was counted, and the count."""

    date: str
    axisproof: str
    requirement_set: str
    proved: bool
    lines: tuple[tuple[Text, str], ...]


_FAILING = ("expired", "stale", "unknown-id")


def baseline_of(raw: Mapping[str, Any]) -> Baseline | None:
    """The member ``baseline`` of a result, or None."""
    found = raw.get("baseline")
    if not isinstance(found, dict):
        return None
    lines = [
        KnownLine(str(line["state"]), line["state"] in _FAILING, Text(**line["texts"]))
        for line in found.get("lines") or ()
    ]
    return Baseline(str(found.get("file") or ""), str(found.get("conclusion") or ""), tuple(lines))


def vendor_of(raw: Mapping[str, Any]) -> VendorCases | None:
    """The member ``vendor`` of a result, or None."""
    found = raw.get("vendor")
    if not isinstance(found, dict):
        return None
    cases = [
        VendorCase(
            str(case["id"]),
            Text(**case["titles"]),
            str(case["verdict"]),
            tuple(Text(**each["texts"]) for each in case["findings"] if each["verdict"] != "pass"),
        )
        for case in found.get("cases") or ()
    ]
    return VendorCases(
        tuple(map(str, found.get("packages") or ())), tuple(cases), tuple(map(str, found.get("not_judged") or ()))
    )


@cache
def proof() -> Proof | None:
    """The published proof of this release; None where none was published."""
    source = files("reports") / "proof" / "summary.json"
    if not source.is_file():
        return None
    raw = json.loads(source.read_text(encoding="utf-8"))
    lines = tuple((Text(en=line["en"], vi=line["vi"]), str(line["count"])) for line in raw["table"])
    return Proof(raw["date"], raw["axisproof"], raw["requirement_set"], bool(raw["proved"]), lines)
