"""Packet signatures: every check is named by a mutant, wrong readers are caught, keys stay out of the evidence."""

from pathlib import Path

import pytest

from conformance import config
from conformance.cases.signatures import packet
from conformance.cases.signatures.packet import CASES
from conformance.config import BadConfig
from conformance.mutants import facts_of, signatures_packet
from conformance.runfolder import load
from conformance.tests.conftest import flown
from conformance.trust import Vault, pki_folder
from simulator.clock import SystemClock

NAMED = {name for kind in signatures_packet.MUTANTS for name in facts_of(kind).caught_by}


def seen_by_the_axis(run_dir: Path) -> dict[str, list[object]]:
    """What the evidence of each case says of the documents of its lane; a good one comes first."""
    run = load(run_dir)
    every = {case_id: run.of(case_id) for case_id in run.case_ids}
    return {
        case_id: [each["signature"] for each in seen.facts("accepted", system_id=seen.lane.system_id)]
        for case_id, seen in every.items()
    }


def test_every_check_is_broken_by_a_mutant_of_its_own() -> None:
    assert {check_.id for case in CASES for check_ in case.checks} == NAMED


def test_they_apply_to_whoever_claims_packet_signatures() -> None:
    for claimed, applies in (("packet", True), ("both", True), ("pdf", False), ("none", False)):
        capabilities = config.Capabilities(signature=claimed).claimed
        assert {case.applies(roles=("receiver",), capabilities=capabilities) for case in CASES} == {applies}


def test_a_reader_that_believes_everything_is_caught_and_no_key_is_left_in_the_evidence(tmp_path: Path) -> None:
    cases = (packet.Sha256(), packet.Unsigned(), packet.Changed(), packet.Stranger(), packet.Moved())

    result = flown(tmp_path / "run", "accepts-any-signature", cases=cases)

    findings = [finding for case in result["cases"] for finding in case["findings"]]
    assert {each["check"]: each["outcome"] for each in findings if each["outcome"] != "held"} == {
        "changed-packet-not-valid": "broken",
        "stranger-signature-not-valid": "broken",
        "moved-signature-not-valid": "broken",
    }
    assert seen_by_the_axis(tmp_path / "run") == {
        packet.Sha256.id: ["valid", "valid"],
        packet.Unsigned.id: ["valid", "absent"],
        packet.Changed.id: ["valid", "invalid"],
        packet.Stranger.id: ["valid", "invalid"],
        packet.Moved.id: ["valid", "invalid"],
    }
    written = [path.read_bytes() for path in (tmp_path / "run").rglob("*") if path.is_file()]
    assert any(b"X509Certificate" in data for data in written)
    assert not any(b"PRIVATE KEY" in data for data in written)


def test_the_certificates_are_made_at_the_first_use_and_never_before(tmp_path: Path) -> None:
    vault = Vault(pki_folder(config.reference(), tmp_path), SystemClock())
    assert not vault.folder.exists()

    assert vault.pki is vault.pki
    assert (vault.folder / "trust" / "root-g2.pem").is_file()


def test_a_folder_that_holds_something_else_is_a_wrong_configuration(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x")

    with pytest.raises(BadConfig, match="cannot be made"):
        _ = Vault(tmp_path, SystemClock()).pki
