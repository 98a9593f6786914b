"""How an updated document looks in the incoming book: a base and the comparisons of this chapter."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from conformance.case import Case
from conformance.cases.changes import hold, own, settle, update_of
from conformance.evidence import CaseEvidence, Look, Sent
from conformance.finding import Check, Cited, Finding
from conformance.letters import letter
from conformance.stage import Stage
from simulator.protocol.package import Package
from simulator.words import Text

__all__ = ["UpdateOfOne", "digests", "history", "shows_files", "shows_subject", "subjects"]


class UpdateOfOne(Case):
    """One document that has arrived, then its update, as ``change`` writes it."""

    capability = "update"

    def change(self, stage: Stage, package: Package) -> Package:
        """The update."""
        return update_of(stage, package)

    async def drive(self, stage: Stage) -> None:
        """Send, update, look."""
        package = letter(stage)
        document = await hold(stage, package)
        update = await stage.send(self.change(stage, package), label="update")
        await settle(stage, update, document)
        await stage.look("in")


def subjects(look: Look, document: Sent) -> list[str]:
    """The subjects that the rows of the document itself show, sorted; [] where it has no row."""
    return sorted({str(row.get("subject")) for row in look.itself(document.document_id)})


def digests(files: Sequence[Mapping[str, Any]]) -> set[str]:
    """The SHA-256 of the listed files."""
    return {str(file.get("sha256")).lower() for file in files}


def history(look: Look, *updates: Sent) -> list[Sent]:
    """Those of the updates that have a row of their own."""
    return [each for each in updates if any(row.get("kind") == "update" for row in look.of(each.document_id))]


def shows_subject(
    check: Check, evidence: CaseEvidence, look: Look, document: Sent, update: Sent, *cites: Cited
) -> Finding:
    """The document is shown with the subject of ``update``."""
    there, wanted = subjects(look, document), own(evidence, update).subject
    shown = "; ".join(there) or "–"
    return check.decide(
        wanted in there,
        *cites,
        look,
        held=Text("the new content is shown", "hiển thị nội dung mới"),
        broken=Text(f"shown: '{shown}' instead of '{wanted}'", f"hiển thị: '{shown}' thay vì '{wanted}'"),
    )


def shows_files(
    check: Check, evidence: CaseEvidence, look: Look, document: Sent, source: Sent, *cites: Cited
) -> Finding:
    """The document is shown with exactly the files of ``source``, by digest."""
    wanted = {hashlib.sha256(each.file()).hexdigest() for each in own(evidence, source).attachments}
    there = [digests(row.get("attachments") or ()) for row in look.itself(document.document_id)]
    shown = max(there, key=lambda each: (each == wanted, len(each & wanted), sorted(each)), default=set())
    return check.decide(
        shown == wanted,
        *cites,
        look,
        held=Text(f"the files are those of '{source.label}'", f"tệp đúng là của '{source.label}'"),
        broken=Text(
            f"{len(shown)} files are shown, {len(shown & wanted)} of them from '{source.label}'",
            f"hiển thị {len(shown)} tệp, trong đó {len(shown & wanted)} tệp của '{source.label}'",
        ),
    )
