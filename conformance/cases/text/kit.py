"""What the cases about texts share: letters with unusual subjects, and what the SUT shows of them."""

import unicodedata
from abc import abstractmethod
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from conformance.case import Case
from conformance.cases.steps import arrive
from conformance.evidence import CaseEvidence
from conformance.finding import Check, Finding
from conformance.letters import letter
from conformance.stage import Stage
from simulator.words import Text

__all__ = ["ALPHABET", "Subjects", "composed", "decomposed", "named", "shows_subject", "spaced"]

ALPHABET = "ắằẳẵặ ấầẩẫậ ếềểễệ ốồổỗộ ớờởỡợ ứừửữự ỳỷỹỵ đ Ắ Ế Ố Ợ Ữ Ỹ Đ"
"""Vietnamese letters that need the most care: two marks on one letter, and the one with a stroke."""


def composed(text: str) -> str:
    """NFC, for comparison."""
    return unicodedata.normalize("NFC", text)


def decomposed(text: str) -> str:
    """NFD, as some keyboards and file systems write it."""
    return unicodedata.normalize("NFD", text)


def spaced(text: str) -> str:
    """NFC with one blank for any white space: a line break may be shown as a blank."""
    return " ".join(composed(text).split())


def named(text: str, *, marks: bool = False) -> str:
    """The text with what cannot be seen written out as U+XXXX; ``marks``: also marks that stand beside their letter."""

    def shown(letter: str) -> str:
        hidden = not letter.isprintable() or (marks and unicodedata.combining(letter))
        return f"[U+{ord(letter):04X}]" if hidden else letter

    return "".join(map(shown, text))


class Subjects(Case):
    """Sends letters whose subjects (or other fields) are unusual, and looks at what the SUT shows."""

    @abstractmethod
    def letters(self, stage: Stage) -> dict[str, dict[str, Any]]:
        """Label and changed fields of each letter; ``subject`` is among them."""

    async def drive(self, stage: Stage) -> None:
        """All of them, then a look into the box."""
        sent = []
        for label, changes in self.letters(stage).items():
            package = letter(stage, subject=changes["subject"])
            stage.note("subject", label=label, subject=package.subject)
            sent.append(await stage.send(replace(package, **changes), label=label))
        await arrive(stage, *sent)
        await stage.look("in")


def shows_subject(
    check: Check, evidence: CaseEvidence, label: str, *, alike: Callable[[str], str] = composed
) -> Finding:
    """The document is held, and its subject is shown as it was sent; ``alike``: in which form they are compared."""
    document = evidence.sent(label)
    evidence.taken(document)
    look = evidence.look("in")
    rows = look.held(document.document_id)
    wanted = str(evidence.noted("subject", label=label)["values"]["subject"])
    subjects = sorted({str(row.get("subject") or "") for row in rows})
    shown = next((each for each in subjects if alike(each) == alike(wanted)), "; ".join(subjects))
    refusals = evidence.statuses_from_sut(document, "02")
    why = "; ".join(each.packet.description for each in refusals) or "–"
    return check.decide(
        rows and alike(shown) == alike(wanted),
        document,
        *refusals,
        look,
        held=Text("the subject is shown as it was sent", "trích yếu hiển thị đúng như đã gửi"),
        broken=Text(
            f"{len(rows)} rows hold it; shown: '{named(shown)[:300]}'; refused with: {why}",
            f"{len(rows)} dòng lưu giữ; hiển thị: '{named(shown)[:300]}'; lý do từ chối: {why}",
        ),
    )
