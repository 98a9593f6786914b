"""``python -m conformance.proof``: run everything, write the matrix and the paper, print the table.

Exit code 0: proved; 1: something is missing (a line each on stderr); 2: wrong call. What was run is kept in
``build/proof`` and not run again while its sources are the same.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import click

from conformance import honest
from conformance.cases import CASES, chapters, named
from conformance.mutants import MUTANTS, facts_of
from conformance.nulls import NULLS
from conformance.overall import OVERALL
from conformance.proof.matrix import check_rows, honest_row, mutant_row, null_row, reference_rows, summary_of
from conformance.proof.paper import markdown, rows_of, table, troubles
from conformance.proof.trial import Outcome, Trial, run_all
from conformance.requirement import EDITION, register
from conformance.sentences import NO_SUCH_CASE
from simulator.words import Lang, Text, both, preferred_language

__all__ = ["main"]

SCHEMA = "axisproof/proof/1"
SEED = 7
_TRAFFIC = "receiving/plain-document"
_PROGRESS = Text(en="{done} of {total}: {what}", vi="{done}/{total}: {what}")


@click.command(
    help=both(
        "Prove that the suite catches wrong systems, accuses no right one, and is not passed by doing nothing.",
        "Chứng minh bộ kiểm phát hiện hệ thống sai, không kết luận sai hệ thống đúng và không ai đạt được khi không làm"
        " gì.",
    )
)
@click.option("--only", multiple=True, metavar="CASE|CHAPTER", help=both("Only these.", "Chỉ các mục này."))
@click.option("--seeds", default=20, show_default=True, type=click.IntRange(1, 1000),
              help=both("Runs of the reference.", "Số lần chạy hệ thống tham chiếu."))  # fmt: skip
@click.option("--jobs", default=2, show_default=True, type=click.IntRange(1, 64),
              help=both("Runs at a time.", "Số lần chạy đồng thời."))  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path, file_okay=False),
              help=both("Default: reports/proof, or build/proof/paper for a narrowed run.",
                        "Mặc định: reports/proof, hoặc build/proof/paper khi thu hẹp."))  # fmt: skip
@click.option("--keep", default=Path("build/proof"), show_default=True, type=click.Path(path_type=Path),
              help=both("Where outcomes are kept.", "Nơi giữ kết quả các lần chạy."))  # fmt: skip
@click.pass_context
def main(context: click.Context, *, only: tuple[str, ...], seeds: int, jobs: int, out: Path | None, keep: Path) -> None:
    """Run, write, print."""
    lang = preferred_language()
    chosen = _chosen(only, lang)
    trials = _trials(chosen, seeds)
    outcomes: dict[Trial, Outcome] = {}
    for trial, outcome, kept in run_all(trials, keep=keep, jobs=jobs):
        outcomes[trial] = outcome
        if not kept:
            line = _PROGRESS.filled(done=len(outcomes), total=len(trials), what=trial.key)
            click.echo(f"{line.in_(lang)} {outcome['conclusion']} {outcome['error']}".rstrip(), err=True)
    matrix = _matrix(chosen, only, {trial: outcomes[trial] for trial in trials})
    folder = out or (keep / "paper" if only else Path("reports/proof"))
    _write(folder, matrix)
    for trouble in troubles(matrix):
        click.echo(trouble, err=True)
    click.echo(table(matrix["summary"], lang))
    context.exit(0 if matrix["summary"]["proved"] else 1)


def _chosen(only: Sequence[str], lang: Lang) -> tuple[str, ...]:
    wanted = set()
    for word in only:
        found = named(word)
        if not found:
            text = NO_SUCH_CASE.filled(word=word, chapters=", ".join(chapters()))
            raise click.UsageError(text.in_(lang))
        wanted |= {case.id for case in found}
    return tuple(case.id for case in CASES if not only or case.id in wanted)


def _trials(chosen: Sequence[str], seeds: int) -> list[Trial]:
    """Mutants first, the long ones last; a mutant flies with all cases whose checks it names, others with all."""
    trials = []
    for kind in MUTANTS:
        mutant = facts_of(kind)
        cases = _catchers(mutant.caught_by)
        if set(cases) & set(chosen) or not cases or {each.check.id for each in OVERALL} & set(mutant.caught_by):
            trials.append(Trial("mutant", mutant.id, cases, SEED))
    trials += [Trial("honest", honest.facts_of(kind).id, tuple(chosen), SEED) for kind in honest.HONEST]
    trials += [Trial("null", kind.null.id, tuple(chosen), SEED) for kind in NULLS]
    return trials + [Trial("reference", "", tuple(chosen), seed) for seed in range(1, seeds + 1)]


def _catchers(checks: Sequence[str]) -> tuple[str, ...]:
    """The cases of these checks; a check of the whole run needs any traffic at all."""
    whole = any(each.check.id in checks for each in OVERALL)
    return tuple(
        case.id for case in CASES if any(check.id in checks for check in case.checks) or (whole and case.id == _TRAFFIC)
    )


def _matrix(chosen: Sequence[str], only: Sequence[str], outcomes: dict[Trial, Outcome]) -> dict[str, Any]:
    of = {(trial.kind, trial.name, trial.seed): outcome for trial, outcome in outcomes.items()}
    facts = [facts_of(kind) for kind in MUTANTS if ("mutant", facts_of(kind).id, SEED) in of]
    mutants = [mutant_row(each, _catchers(each.caught_by), of["mutant", each.id, SEED]) for each in facts]
    checks = check_rows([case for case in CASES if case.id in set(chosen)], mutants)
    nulls = [null_row(kind.null, of["null", kind.null.id, SEED]) for kind in NULLS]
    right = [honest_row(each, of["honest", each.id, SEED]) for each in map(honest.facts_of, honest.HONEST)]
    reference = reference_rows({trial.seed: each for trial, each in outcomes.items() if trial.kind == "reference"})
    head = {
        "schema": SCHEMA,
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "axisproof": metadata.version("axisproof"),
        "requirement_set": EDITION,
        "requirement_digest": register().digest,
        "cases": len(chosen),
        "narrowed": list(only) or None,
    }
    summary = {**head, **summary_of(mutants, checks, nulls, reference, right)}
    return {
        "summary": {**summary, "table": [{**title._asdict(), "count": count} for title, count in rows_of(summary)]},
        "mutants": mutants,
        "checks": checks,
        "never_failed": [row for row in checks if not row["failed_for"]],
        "nulls": nulls,
        "honest": right,
        "reference": reference,
    }


def _write(folder: Path, matrix: dict[str, Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (("matrix.json", matrix), ("summary.json", matrix["summary"])):
        (folder / name).write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (folder / "PROOF.md").write_text(markdown(matrix), encoding="utf-8")


if __name__ == "__main__":
    main()
