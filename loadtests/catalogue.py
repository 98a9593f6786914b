"""The load scenarios there are, as rows for ``axisproof catalogue scenarios`` (contract, section 1)."""

from typing import Any

from loadtests.scenario import SCENARIOS, load

__all__ = ["scenarios"]


def scenarios() -> list[dict[str, Any]]:
    """Every bundled scenario: what it plays, for how long, and how well its figures are attested."""
    return [_row(name) for name in SCENARIOS]


def _row(name: str) -> dict[str, Any]:
    scenario = load(name)
    return {
        "id": scenario.id,
        "title": scenario.title._asdict(),
        "about": scenario.about._asdict(),
        "provenance": {"mark": scenario.provenance.mark, **scenario.provenance.text._asdict()},
        "target": scenario.target,
        "model": scenario.model,
        "nodes": scenario.nodes,
        "seconds": scenario.seconds,
        "compression": round(scenario.compression, 3),
        "pace": scenario.pace._asdict(),
        "docs_per_second": scenario.docs_per_second,
        "thresholds": [str(threshold) for threshold in scenario.thresholds],
    }
