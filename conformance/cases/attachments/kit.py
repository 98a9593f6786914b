"""What the cases about files share: files that are drawn, letters that bear them, and what the SUT shows of them."""

import hashlib
import re
import unicodedata
from abc import abstractmethod
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from conformance.case import Case
from conformance.cases.steps import arrive, took
from conformance.evidence import CaseEvidence, Look, SeenStatus, Sent
from conformance.finding import Check, Finding
from conformance.letters import files, letter, pdf
from conformance.stage import Stage
from simulator.protocol.package import Attachment, Package, Reference
from simulator.words import Text

__all__ = [
    "Arrival", "File", "WithFiles", "all_kept", "arrival", "kept_or_refused", "names_kept", "packed", "speaks_of_file",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class File:
    """One file of a letter. ``form``: raw, zip-2018, zip-2019; ``content_type``: the declared one instead of its own;
    ``listed_as``: the type that the manifest names instead."""

    name: str
    data: bytes
    form: str = "zip-2019"
    content_type: str = ""
    listed_as: str = ""


def packed(items: Sequence[File]) -> tuple[tuple[Reference, ...], tuple[Attachment, ...]]:
    """Manifest and attachments of these files, each in its own form."""
    manifest: list[Reference] = []
    attachments: list[Attachment] = []
    for number, item in enumerate(items, 1):
        _, (attachment,) = files((item.name, item.data), form=item.form)
        attachment = replace(
            attachment, content_id=f"cid:{number}", content_type=item.content_type or attachment.content_type
        )
        listed_as = item.listed_as or attachment.content_type
        manifest.append(Reference(content_id=attachment.content_id, content_type=listed_as, name=item.name))
        attachments.append(attachment)
    return tuple(manifest), tuple(attachments)


class WithFiles(Case):
    """Sends one letter or several with files; what they are is noted, so that the judge can compare."""

    plain = False  # whether an ordinary letter goes along: only beside one that is taken in does a refusal count

    @abstractmethod
    def letters(self, draw: Random) -> dict[str, Sequence[File]]:
        """Label and files of each letter."""

    def written(self, package: Package) -> Package:
        """The package as it is sent: unchanged, unless a case changes it."""
        return package

    async def drive(self, stage: Stage) -> None:
        """All letters, then a look into the box."""
        sent = []
        for label, items in self.letters(stage.random).items():
            for each in items:
                digest = hashlib.sha256(each.data).hexdigest()
                stage.note("file", label=label, name=each.name, size=len(each.data), sha256=digest)
            sent.append(await stage.send(self.written(letter(stage, files=packed(items))), label=label))
        if self.plain:
            ordinary = packed((File("cong-van.pdf", pdf(stage.random)),))
            sent.append(await stage.send(letter(stage, files=ordinary), label="plain"))
        await arrive(stage, *sent)
        await stage.look("in")


@dataclass(frozen=True)
class Arrival:
    """What became of one letter: the files as planned and as shown, and the SUT's refusals of it."""

    document: Sent
    look: Look
    planned: tuple[dict[str, Any], ...]
    shown: tuple[dict[str, Any], ...]
    refusals: tuple[SeenStatus, ...]

    @property
    def missing(self) -> list[str]:
        """Names of the planned files whose bytes are not shown as often as they were sent."""
        left = Counter(str(each.get("sha256")) for each in self.shown)
        lost = []
        for each in self.planned:
            left[each["sha256"]] -= 1
            if left[each["sha256"]] < 0:
                lost.append(str(each["name"]))
        return lost

    @property
    def excuse(self) -> str:
        """The reason of a visible refusal, "" where there is none."""
        return next((each.packet.description.strip() for each in self.refusals if each.packet.description.strip()), "")


def arrival(evidence: CaseEvidence, label: str) -> Arrival:
    """What became of that letter. Raises Unseen where the SUT never took it in, or shows nothing."""
    document = evidence.sent(label)
    evidence.taken(document)
    look = evidence.look("in")
    planned = tuple(dict(note["values"]) for note in evidence.notes("file") if note["values"]["label"] == label)
    files = look.files(document.document_id, *(str(each["sha256"]) for each in planned))
    shown = tuple(dict(each) for each in files)
    return Arrival(document, look, planned, shown, evidence.statuses_from_sut(document, "02"))


_WORDS = re.compile(
    r"\b(tep|tap tin|files?|dinh kem|attach\w*|phu luc|base64|zip|giai nen|archives?|giai ma|decod\w*|mat khau|"
    r"password|bi hong|corrupt\w*|damaged?|toan ven|integrity|manifest|virus|ma doc)\b"
)


def speaks_of_file(reason: str, name: str) -> bool:
    """Whether a reason tells the sender that a file is meant: its name, or a word for files, with or without marks."""
    bare = unicodedata.normalize("NFD", reason.casefold().replace("đ", "d"))
    bare = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return name.casefold() in reason.casefold() or bool(_WORDS.search(bare))


def all_kept(check: Check, seen: Arrival) -> Finding:
    """Every file is there, byte for byte."""
    number, lost = len(seen.planned), "; ".join(seen.missing)
    return check.decide(
        not lost,
        seen.document,
        seen.look,
        *seen.refusals,
        held=Text(f"{number} of {number} files, digests equal", f"{number}/{number} tệp, mã băm bằng nhau"),
        broken=Text(
            f"missing or altered: {lost}; refused with: {seen.excuse or '–'}",
            f"thiếu hoặc bị đổi: {lost}; lý do từ chối: {seen.excuse or '–'}",
        ),
    )


def kept_or_refused(check: Check, evidence: CaseEvidence, label: str, *, names: bool = False) -> Finding:
    """Whole, or refused by 02 with a reason; never quietly less (``names``: nor under a changed name).

    A system that refuses everything earns nothing: raises Unseen where the case's plain letter was not taken in.
    """
    seen = arrival(evidence, label)
    if seen.excuse and not seen.shown:
        plain = evidence.sent("plain")
        because = Text("the plain document was not taken in either", "văn bản thường cũng không được nhận")
        evidence.require(took(evidence, plain), because, seen.document, plain, *seen.refusals)
        held = Text(f"refused, and says why: {seen.excuse}", f"từ chối kèm lý do: {seen.excuse}")
        return check.held(held, seen.document, *seen.refusals, *took(evidence, plain))
    return names_kept(check, seen) if names and not seen.missing else all_kept(check, seen)


def names_kept(check: Check, seen: Arrival) -> Finding:
    """Every file stands under the name that it was sent with, letter by letter."""
    there = {(str(each.get("name")), each.get("sha256")) for each in seen.shown}
    renamed = [str(each["name"]) for each in seen.planned if (str(each["name"]), each["sha256"]) not in there]
    names = "; ".join(sorted(str(each.get("name")) for each in seen.shown)) or "–"
    return check.decide(
        not renamed,
        seen.document,
        seen.look,
        held=Text("every name as it was sent", "tên tệp đúng như đã gửi"),
        broken=Text(
            f"not under its name: {'; '.join(renamed)}; shown are: {names}",
            f"sai tên: {'; '.join(renamed)}; đang hiển thị: {names}",
        ),
    )
