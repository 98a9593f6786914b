"""An exam for the judge: the axis itself is wrong, the system under test is good. It must never be blamed."""

import json
from pathlib import Path

import pytest

from conformance import config
from conformance.axis import misbehaviours
from conformance.bench import AxisFault
from conformance.cases import CASES
from conformance.progress import Progress
from conformance.run import Plan, check
from conformance.runfolder import RunEvidence, load
from conformance.tests.conftest import small
from conformance.verdict import Conclusion
from simulator.words import Lang

PLAIN, BYTES, THREE = "receiving/plain-document", "receiving/attachments-byte-for-byte", "receiving/three-documents"
CHAIN, COLLECTS = "status/full-chain", "status/sender-sees-each-status"
FAULTS = {
    "loses what the SUT sends": (AxisFault("loses-one-in-n", {"n": 1}), (PLAIN, BYTES)),
    "forgets confirms": (AxisFault("loses-a-confirm"), (PLAIN, BYTES, THREE, CHAIN)),
    "delivers twice": (AxisFault("delivers-twice"), (PLAIN, BYTES, THREE, CHAIN)),
    "delivers to a stranger": (AxisFault("delivers-to-a-stranger", everybody=True), (PLAIN, COLLECTS)),
    "alters bytes": (AxisFault("alters-bytes"), (PLAIN, BYTES, THREE, CHAIN)),
    "shows a wrong sender": (AxisFault("wrong-sender-shown"), (PLAIN, CHAIN)),
    "leaves the DocId out": (AxisFault("no-doc-id"), (PLAIN, BYTES)),
    "lists nulls": (AxisFault("null-members"), (PLAIN, THREE)),
    "refuses without a reason": (AxisFault("refuses-package"), (PLAIN,)),
}


def examined(folder: Path, few: tuple[str, ...], *faults: AxisFault) -> tuple[dict, RunEvidence]:
    cases = tuple(case for case in CASES if case.id in few)
    assert len(cases) == len(few)
    with Progress(lang=Lang.EN, quiet=True) as progress:
        plan = Plan(small(config.reference()), cases, folder, 7, Lang.EN, retry_polls=0)
        return check(plan, progress=progress, axis_faults=faults), load(folder)


@pytest.mark.parametrize(("fault", "few"), FAULTS.values(), ids=[*FAULTS])
def test_what_the_axis_did_wrong_is_never_blamed_on_the_system(
    fault: AxisFault, few: tuple[str, ...], tmp_path: Path
) -> None:
    result, evidence = examined(tmp_path / "run", few, fault)

    verdicts = {case["id"]: case["verdict"] for case in result["cases"]}
    found = misbehaviours(evidence)
    assert found, verdicts
    assert set(verdicts.values()) <= {"pass", "error"}
    assert Conclusion(result["conclusion"]).exit_code == (
        4 if "error" in verdicts.values() or result["troubles"] else 0
    )


def test_a_good_axis_is_not_suspected(tmp_path: Path) -> None:
    result, evidence = examined(tmp_path / "run", (PLAIN, BYTES, THREE, CHAIN))

    assert result["conclusion"] == "conformant", json.dumps(result["cases"])
    assert misbehaviours(evidence) == ()
