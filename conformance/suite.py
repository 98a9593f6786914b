"""The one test of a stored run, parametrised by plugin.py: a case is green for pass, warn and what was not claimed."""

from collections.abc import Mapping
from typing import Any

import pytest

from conformance.verdict import Verdict


def test_case(axisproof_case: Mapping[str, Any], record_property: Any) -> None:
    """The verdict of one case; never a skip, because a skip reads as green."""
    verdict = Verdict.of(axisproof_case["verdict"])
    record_property("verdict", verdict.word)
    if verdict > Verdict.WARN:
        lines = [
            f"{finding['check']}: {finding['verdict']}: {finding['because']} (records {finding['cites']})"
            for finding in axisproof_case["findings"]
            if finding["verdict"] not in ("pass", "not-applicable")
        ]
        pytest.fail("\n".join([f"{axisproof_case['id']}: {verdict.word}", *lines]), pytrace=False)
