"""Judge one packet by its bytes alone: every rule, and what its breaches amount to (contract, section 3).

    result = lint(data, limits)
    result.verdict   clean | warnings | errors | unreadable
    result.record("a.edxml", Lang.VI)   one entry of axisproof/lint/1

Pure: the caller opens files. Never raises for what bytes may hold.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from simulator.protocol.codec import Reading, Traits, examine
from simulator.protocol.errors import Damage, Malformed
from simulator.protocol.package import Kind
from simulator.protocol.profile import Limits
from simulator.protocol.rules import RULES, Level, Rule, damage, form
from simulator.protocol.sealing import Sealed, sealed
from simulator.words import Lang, Text

if TYPE_CHECKING:
    from cryptography import x509

__all__ = ["SCHEMA", "Finding", "LintResult", "Verdict", "lint", "rules_catalogue"]

SCHEMA = "axisproof/lint/1"
_ABOUT_FORM = frozenset(rule.id for rule in (*damage.RULES, *form.RULES))
_WEIGHT = {Level.ERROR: 0, Level.WARN: 1, Level.INFO: 2}


class Verdict(StrEnum):
    """What lint says of a file; habits (``info``) leave it clean."""

    CLEAN = "clean"
    WARNINGS = "warnings"
    ERRORS = "errors"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule broken at one place."""

    rule: Rule
    at: str
    because: Text

    def record(self, lang: Lang) -> dict[str, object]:
        """The finding as JSON: ``because`` in the language asked for, ``texts`` in both."""
        return {
            "rule": self.rule.id,
            "level": self.rule.level.value,
            "requirements": list(self.rule.requirements),
            "basis": self.rule.basis.value,
            "at": self.at,
            "because": self.because.in_(lang),
            "texts": self.because._asdict(),
        }


@dataclass(frozen=True, slots=True)
class LintResult:
    """All findings about one packet, the heaviest first. ``reading`` is None where nothing could be read."""

    verdict: Verdict
    kind: Kind
    findings: tuple[Finding, ...]
    reading: Reading | None

    def of(self, level: Level) -> tuple[Finding, ...]:
        """The findings of one level."""
        return tuple(finding for finding in self.findings if finding.rule.level is level)

    @property
    def sealed(self) -> Sealed | None:
        """What the packet's own signature is worth; None where there is none."""
        return self.reading.sealed if self.reading else None

    def record(self, file: str, lang: Lang) -> dict[str, object]:
        """One entry of ``files`` in axisproof/lint/1; ``signature`` for a signed packet only."""
        return {
            "file": file,
            "verdict": self.verdict.value,
            "kind": self.kind.value,
            "findings": [finding.record(lang) for finding in self.findings],
        } | ({"signature": self.sealed.record()} if self.sealed else {})


def lint(
    data: bytes, limits: Limits = Limits(), *, authorities: Sequence["x509.Certificate"] | None = None
) -> LintResult:
    """Judge ``data`` by every rule. ``authorities``: whom to trust; None where nobody said.

    Damaged bytes are looked at as far as they go. In a packet that is not well-formed only what is there is judged:
    a part may be missing because the bytes are.
    """
    try:
        reading = examine(data, limits)
    except Malformed as malformed:
        reading = Reading(Kind.UNKNOWN, None, (), Traits(), (malformed,))
        findings = _findings(reading)
        if malformed.damage in (Damage.EMPTY, Damage.NOT_EDXML):
            return LintResult(Verdict.UNREADABLE, Kind.UNKNOWN, findings, None)
        return LintResult(Verdict.ERRORS, _claimed(data), findings, None)
    reading = replace(reading, sealed=sealed(data, reading, authorities or ()))
    findings = _findings(reading)
    kind = reading.kind if reading.kind is not Kind.UNKNOWN else _claimed(data)
    return LintResult(_verdict(findings), kind, findings, reading)


def _claimed(data: bytes) -> Kind:
    """What bytes that could not be walked claim to be, told by their element names."""
    if b"MessageHeader" not in data:
        return Kind.UNKNOWN
    return Kind.STATUS if b"StatusCode>" in data else Kind.EDOC


def _findings(reading: Reading) -> tuple[Finding, ...]:
    found = [Finding(rule, breach.at, breach.because) for rule in RULES for breach in rule.breaches(reading)]
    if any(item.damage is Damage.NOT_WELL_FORMED for item in reading.damage):
        places = {leaf.path for leaf in reading.leaves}
        found = [finding for finding in found if finding.rule.id in _ABOUT_FORM or finding.at in places]
    return tuple(sorted(found, key=lambda finding: _WEIGHT[finding.rule.level]))


def _verdict(findings: tuple[Finding, ...]) -> Verdict:
    levels = {finding.rule.level for finding in findings}
    if Level.ERROR in levels:
        return Verdict.ERRORS
    return Verdict.WARNINGS if Level.WARN in levels else Verdict.CLEAN


def rules_catalogue() -> list[dict[str, object]]:
    """Every rule for ``axisproof catalogue rules``."""
    return [
        {
            "id": rule.id,
            "title": rule.title._asdict(),
            "requirements": list(rule.requirements),
            "basis": rule.basis.value,
            "level": rule.level.value,
            "unprocessable": rule.unprocessable,
            "reason": rule.reason._asdict() if rule.reason else None,
            "good": rule.good,
            "bad": rule.bad,
        }
        for rule in RULES
    ]
