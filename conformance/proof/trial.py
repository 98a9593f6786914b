"""One run of the proof: a system, some cases, a seed; and what of its result the proof needs. Kept, so it can resume.

An outcome is kept with a digest of the sources that it rests on (footing.py): what has changed is run again.
"""

import json
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from conformance import config
from conformance.cases import CASES
from conformance.config import Config
from conformance.honest.flying import settings
from conformance.progress import Progress
from conformance.proof.footing import digest
from conformance.run import Plan, check
from simulator.words import Lang

__all__ = ["Outcome", "Trial", "run", "run_all"]

Outcome = dict[str, Any]
"""``conclusion``, ``error`` (ours, or ""), ``findings``: case, check, verdict and because of each."""


@dataclass(frozen=True, slots=True)
class Trial:
    """``kind``: mutant, honest, reference or null; ``name``: which; ``cases``: ids, in the order of the suite."""

    kind: str
    name: str
    cases: tuple[str, ...]
    seed: int

    @property
    def key(self) -> str:
        """Names the file that keeps its outcome."""
        return "-".join(filter(None, (self.kind, self.name, str(self.seed))))

    @property
    def config(self) -> Config:
        """The system under test. The reference is slowed down at random, by the seed."""
        match self.kind:
            case "mutant":
                return config.reference(self.name)
            case "null":
                return config.null(self.name)
            case "honest":
                return settings(self.name)
            case _:
                return config.reference(f"delays:{self.seed}")


def run(trial: Trial) -> Outcome:
    """Run it. Never raises: what goes wrong with us is the outcome's ``error``."""
    cases = tuple(case for case in CASES if case.id in trial.cases)
    try:
        with (
            tempfile.TemporaryDirectory(prefix="axisproof-proof-") as folder,
            Progress(lang=Lang.EN, quiet=True) as quiet,
        ):
            plan = Plan(trial.config, cases, Path(folder), trial.seed, Lang.EN)  # the matrix says what it covers
            result = check(plan, progress=quiet)
    except Exception as error:  # a defect of ours is told in the matrix, and costs this trial only
        return {"conclusion": "harness-error", "error": f"{type(error).__name__}: {error}", "findings": []}
    findings = [
        {"case": case["id"], "check": each["check"], "verdict": each["verdict"], "because": each["texts"]}
        for case in result["cases"]
        for each in case["findings"]
    ]
    errors = [text["en"] for text in result["troubles"]]
    errors += [f"{each['case']}: {each['because']['en']}" for each in findings if each["verdict"] == "error"]
    return {"conclusion": result["conclusion"], "error": "; ".join(errors), "findings": findings}


def run_all(trials: Sequence[Trial], *, keep: Path, jobs: int) -> Iterator[tuple[Trial, Outcome, bool]]:
    """Each trial with its outcome, as they end, ``jobs`` at a time; True where the outcome was kept from before."""
    keep.mkdir(parents=True, exist_ok=True)
    left: list[tuple[Trial, str]] = []
    for trial in trials:
        footing = digest(trial.kind, trial.name, trial.cases)
        if (kept := _kept(keep / f"{trial.key}.json", footing)) is not None:
            yield trial, kept, True
        else:
            left.append((trial, footing))
    if not left:
        return
    with ProcessPoolExecutor(max_workers=jobs, mp_context=get_context("spawn")) as pool:
        futures = {pool.submit(run, trial): (trial, footing) for trial, footing in left}
        for future in as_completed(futures):
            trial, footing = futures[future]
            outcome = future.result()
            text = json.dumps({"footing": footing, "outcome": outcome}, ensure_ascii=False)
            (keep / f"{trial.key}.json").write_text(text, encoding="utf-8")
            yield trial, outcome, False


def _kept(path: Path, footing: str) -> Outcome | None:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return data["outcome"] if data.get("footing") == footing else None
