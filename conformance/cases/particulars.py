"""What else a receiver stored: type, urgency, due date, signer, content. Optional members of the control API.

They are judged where the SUT shows them; a SUT that shows none of them has nothing to fear. A member counts as offered
once it bears a value in any row that the check looks at.
"""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conformance.cases.changes import own
from conformance.evidence import CaseEvidence, Look, Sent
from conformance.finding import Check, Finding
from simulator.protocol.package import Package, Signer
from simulator.words import Text

__all__ = ["CONTENT", "DUE", "MEMBERS", "PRIORITY", "SIGNER", "TYPE", "Member", "stored"]

_NOT_OFFERED = Text(
    "the rows of GET /control/documents bear no {members}; they need not",
    "các dòng của GET /control/documents không có {members}; không bắt buộc phải có",
)
_NOT_LISTED = Text("the SUT lists no row of '{label}'", "SUT không liệt kê dòng nào của '{label}'")
_SAME = Text("as the packets say: {members}", "đúng như trong gói tin: {members}")
_OTHER = Text("not what the packets say: {wrong}", "không đúng như trong gói tin: {wrong}")


def _plain(value: Any) -> str:
    return unicodedata.normalize("NFC", str(value if value is not None else "")).strip()


def _type(package: Package) -> str:
    return _plain(package.document_type and package.document_type.name).casefold()


def _signer(package: Package) -> Mapping[str, str]:
    signer = package.signer or Signer()
    return {"competence": signer.competence, "position": signer.position, "full_name": signer.full_name}


def _signed_by(shown: Mapping[str, Any], wanted: Mapping[str, str]) -> bool:
    """Whether the parts that are shown are those of the packet, the name among them."""
    given = {name: value for name, value in shown.items() if name in wanted and value is not None}
    return "full_name" in given and all(_plain(value) == _plain(wanted[name]) for name, value in given.items())


@dataclass(frozen=True, slots=True)
class Member:
    """One optional member: what the packet says, and whether what is shown says the same."""

    name: str
    said: Callable[[Package], Any]
    same: Callable[[Any, Any], bool]


TYPE = Member("type_name", _type, lambda shown, said: _plain(shown).casefold() == said)
PRIORITY = Member(
    "priority", lambda package: package.other and package.other.priority, lambda shown, said: shown == said
)
DUE = Member(
    "due_date",
    lambda package: package.due_date.isoformat() if package.due_date else "",
    lambda shown, said: _plain(shown)[:10] == said,
)
SIGNER = Member("signer", _signer, lambda shown, said: isinstance(shown, Mapping) and _signed_by(shown, said))
CONTENT = Member("content", lambda package: package.content, lambda shown, said: _plain(shown) == _plain(said))


MEMBERS = (TYPE, PRIORITY, DUE, SIGNER, CONTENT)


def stored(
    check: Check, evidence: CaseEvidence, pairs: Sequence[tuple[Sent, Sent]], members: Sequence[Member]
) -> Finding:
    """Every row had to bear what the packet says. ``pairs``: the document, and the packet whose words it bears now."""
    look, wrong = evidence.look("in"), []
    taken = [evidence.taken(source) for _, source in pairs]
    rows = [(source, _row(evidence, look, document), own(evidence, source)) for document, source in pairs]
    offered = [member for member in members if any(row.get(member.name) is not None for _, row, _ in rows)]
    names = ", ".join(member.name for member in offered or members)
    if not offered:
        return check.not_offered(_NOT_OFFERED.filled(members=names), look)
    for member in offered:
        for source, row, package in rows:
            shown, said = row.get(member.name), member.said(package)
            if not member.same(shown, said):
                wrong.append(f"{member.name} ({source.label}): {shown!r} ≠ {said!r}")
    return check.decide(
        not wrong,
        *taken,
        look,
        held=_SAME.filled(members=names),
        broken=_OTHER.filled(wrong="; ".join(wrong)),
    )


def _row(evidence: CaseEvidence, look: Look, document: Sent) -> Mapping[str, Any]:
    """The row of the document itself. Raises Unseen where it has none."""
    rows = [row for row in look.of(document.document_id) if row.get("kind") in (None, "new", "replace")]
    evidence.require(rows, _NOT_LISTED.filled(label=document.label), document, look)
    return rows[0]
