"""What the cases about shared files share: two letters with one file, and how the box shows them before and after."""

import base64
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from conformance.cases.changes import own
from conformance.cases.sending.base import left
from conformance.cases.steps import looked_after
from conformance.evidence import CaseEvidence, Look, Sent
from conformance.finding import Check, Cited, Finding
from conformance.letters import files, letter
from conformance.stage import Stage
from simulator.protocol.errors import DamagedAttachment
from simulator.protocol.package import Package
from simulator.words import Text

__all__ = [
    "FILE",
    "bearing",
    "clerk_file",
    "digest",
    "file_kept",
    "file_sent",
    "file_shown",
    "files_of_rows",
    "row_kept",
    "rows",
]  # fmt: skip

FILE = "quy-che-mau.pdf"
"""The name that both documents give to their file."""
_OF_THEIR_OWN = (None, "new", "replace")
_NOT_SHOWN = Text(
    "'{label}' was not listed with its file to begin with",
    "ngay từ đầu '{label}' đã không được liệt kê kèm tệp",
)
Shown = Counter[tuple[str, Any, str]]


def digest(data: bytes) -> str:
    """SHA-256, in hex."""
    return hashlib.sha256(data).hexdigest()


def bearing(stage: Stage, data: bytes, **changes: Any) -> Package:
    """A letter whose only file is ``data`` under the common name."""
    return letter(stage, files=files((FILE, data)), **changes)


def clerk_file(data: bytes) -> Sequence[Mapping[str, str]]:
    """The same file as the SUT's clerk attaches it."""
    return [{"name": FILE, "content_base64": base64.b64encode(data).decode()}]


def rows(look: Look, document_id: str) -> list[Mapping[str, Any]]:
    """The rows of the document itself, in whatever order the box has them."""
    return [row for row in look.of(document_id) if row.get("kind") in _OF_THEIR_OWN]


def files_of_rows(look: Look, document_id: str) -> Shown:
    """(name, size, digest) of every file that the box shows for the document."""
    return Counter(
        (str(each.get("name")), each.get("size"), str(each.get("sha256")).lower())
        for row in rows(look, document_id)
        for each in row.get("attachments") or ()
    )


def _said(shown: Shown) -> str:
    return "; ".join(f"{name} {size} {sha[:12]}" for name, size, sha in sorted(shown, key=str)) or "–"


def _planned(evidence: CaseEvidence, document: Sent) -> set[str]:
    return {digest(each.file()) for each in own(evidence, document).attachments}


def file_shown(check: Check, evidence: CaseEvidence, document: Sent, *cites: Cited) -> Finding:
    """The document was taken in, and stands with exactly its own file, byte for byte."""
    taken, look = evidence.taken(document), evidence.look("in")
    looked_after(evidence, look, taken, *cites)
    shown, wanted = files_of_rows(look, document.document_id), _planned(evidence, document)
    return check.decide(
        {sha for _, _, sha in shown} == wanted,
        document,
        taken,
        *cites,
        look,
        held=Text(f"its own file: {_said(shown)}", f"đúng tệp của nó: {_said(shown)}"),
        broken=Text(
            f"'{document.label}' is shown with: {_said(shown)}; sent was {', '.join(each[:12] for each in wanted)}",
            f"'{document.label}' hiển thị với: {_said(shown)}; đã gửi {', '.join(each[:12] for each in wanted)}",
        ),
    )


def file_kept(check: Check, evidence: CaseEvidence, document: Sent, *cites: Cited) -> Finding:
    """The file of the other document is shown as it was before: name, size, digest. Raises Unseen: it never was."""
    before, after = evidence.look("in", "before"), evidence.look("in", "after")
    looked_after(evidence, after, *cites)
    was, now = files_of_rows(before, document.document_id), files_of_rows(after, document.document_id)
    whole = {sha for _, _, sha in was} == _planned(evidence, document)
    evidence.require(whole, _NOT_SHOWN.filled(label=document.label), before)
    return check.decide(
        now == was,
        before,
        *cites,
        after,
        held=Text(f"still {_said(now)}", f"vẫn là {_said(now)}"),
        broken=Text(
            f"'{document.label}' had {_said(was)}, and now has {_said(now)}",
            f"'{document.label}' trước có {_said(was)}, nay có {_said(now)}",
        ),
    )


def row_kept(check: Check, evidence: CaseEvidence, document: Sent, *cites: Cited) -> Finding:
    """The other document stands as before: its state, its number, its subject. Raises Unseen: it never stood."""

    def of(look: Look) -> Counter[tuple[str, ...]]:
        names = ("state", "code_number", "code_notation", "subject")
        return Counter(tuple(str(row.get(each)) for each in names) for row in rows(look, document.document_id))

    before, after = evidence.look("in", "before"), evidence.look("in", "after")
    looked_after(evidence, after, *cites)
    was, now = of(before), of(after)
    evidence.require(was, _NOT_SHOWN.filled(label=document.label), before)
    texts = ["; ".join(", ".join(each) for each in sorted(some)) or "–" for some in (was, now)]
    return check.decide(
        now == was,
        before,
        *cites,
        after,
        held=Text(f"still {texts[1]}", f"vẫn là {texts[1]}"),
        broken=Text(
            f"'{document.label}' was {texts[0]}, and is now {texts[1]}",
            f"'{document.label}' trước là {texts[0]}, nay là {texts[1]}",
        ),
    )


def file_sent(check: Check, evidence: CaseEvidence, label: str, *cites: Cited) -> Finding:
    """The packet of that order bears exactly the file that the clerk attached. Raises Unseen: nothing left."""
    told, document = left(evidence, label)
    wanted = [digest(base64.b64decode(each["content_base64"])) for each in told.request["attachments"]]
    carried = []
    for each in document.package.attachments:
        try:
            carried.append(digest(each.file()))
        except DamagedAttachment:
            carried.append("?")
    return check.decide(
        carried == wanted,
        told,
        document,
        *cites,
        held=Text(f"it left whole: {wanted[0][:12]}", f"tệp đi nguyên vẹn: {wanted[0][:12]}"),
        broken=Text(
            f"attached was {wanted[0][:12]}, the packet bears {', '.join(each[:12] for each in carried) or '–'}",
            f"đính kèm {wanted[0][:12]}, gói tin mang {', '.join(each[:12] for each in carried) or '–'}",
        ),
    )
