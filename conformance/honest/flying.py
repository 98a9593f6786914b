"""Flying an honest variant: its configuration, one run of some cases, and what of the verdicts is an accusation."""

import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conformance import config as configuration
from conformance.called import selected
from conformance.config import Config
from conformance.honest import by_id, facts_of
from conformance.honest.variant import Honest
from conformance.progress import Progress
from conformance.run import Plan, check
from simulator.words import Lang

__all__ = ["REFERENCE", "Flown", "accusations", "fly", "settings", "unproved"]

REFERENCE = "reference"
"""The name of the reference itself among the variants: it has no habit, and no warning is known of it."""


@dataclass(frozen=True, slots=True)
class Flown:
    """What came of one flight. ``counts``: findings by verdict; ``accused``: the lines that a right system must not
    draw; ``known``: the warnings that it draws by right; ``unproved``: the checks that could not be exercised."""

    name: str
    conclusion: str
    seconds: float
    counts: Mapping[str, int]
    accused: tuple[str, ...]
    known: tuple[str, ...]
    unproved: tuple[str, ...]


def settings(name: str) -> Config:
    """How a variant is reached, with what its SUT file tells. Raises UnknownHonest."""
    if name == REFERENCE:
        return configuration.reference()
    return configuration.told(configuration.reference(name), facts_of(by_id(name)).told)


def accusations(honest: Honest | None, conclusion: str, findings: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The findings that accuse it: every fail, and every warning that it does not name as known (None: knows none).

    A conclusion ``not-conformant`` without one stands for itself, under the check "".
    """
    known = {each.check for each in honest.known} if honest else set()
    found = [
        dict(each)
        for each in findings
        if each["verdict"] == "fail" or (each["verdict"] == "warn" and each["check"] not in known)
    ]
    if conclusion == "not-conformant" and not found:
        found.append({"case": "", "check": "", "verdict": conclusion, "because": {"en": conclusion, "vi": conclusion}})
    return found


def unproved(findings: Iterable[Mapping[str, Any]]) -> list[str]:
    """The checks that stayed inconclusive: allowed, but counted and named."""
    return [each["check"] for each in findings if each["verdict"] == "inconclusive"]


def fly(name: str, only: Sequence[str], folder: Path, *, seed: int) -> Flown:
    """One run of these cases and chapters (all without any) into a new ``folder``, judged. Raises UnknownHonest."""
    config, began = settings(name), time.monotonic()
    with Progress(lang=Lang.EN, quiet=True) as quiet:
        plan = Plan(config, selected(only), folder, seed, Lang.EN, narrowed=tuple(only))
        result = check(plan, progress=quiet)
    findings = [
        {"case": case["id"], "check": each["check"], "verdict": each["verdict"], "because": each["texts"]}
        for case in result["cases"]
        for each in case["findings"]
    ]
    honest = None if name == REFERENCE else facts_of(by_id(name))
    accused = accusations(honest, result["conclusion"], findings)
    lines = [f"{each['verdict']} {each['check']} ({each['case']}): {each['because']['en']}" for each in accused]
    lines += [f"error: {text['en']}" for text in result["troubles"]]
    return Flown(
        name=name,
        conclusion=result["conclusion"],
        seconds=time.monotonic() - began,
        counts=Counter(each["verdict"] for each in findings),
        accused=tuple(lines),
        known=tuple(
            each["check"]
            for each in findings
            if each["verdict"] == "warn" and each["check"] not in {line["check"] for line in accused}
        ),
        unproved=tuple(unproved(findings)),
    )
