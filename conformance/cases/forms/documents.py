"""Documents and replacements in every form: taken in, listed with their subject and files, reported with 01."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from conformance.cases.changes import files_of
from conformance.cases.forms import packets
from conformance.cases.forms.deviations import FILE_FACTORS, Combination, length_of
from conformance.cases.forms.kit import (
    Forms,
    Trial,
    arrived_all,
    as_sent,
    in_hand,
    judged_all,
    package_of,
    patiently,
    same_text,
    too_early,
)
from conformance.evidence import CaseEvidence, Lane, Look, Record, SeenStatus, Sent
from conformance.finding import Check, Finding, Outcome
from conformance.stage import Stage
from simulator.protocol.package import Package, Packet
from simulator.words import Text

__all__ = ["CASES", "FileForms", "fresh_number", "left_a_trace", "named_by", "target_of", "targets"]

_LONGEST_CONTENT = 500
"""Letters of Content that the register knows of (HD-18); a longer one may be refused, but not lost."""
_TAKEN = Text("the SUT to take the packets in and report 01 or 02", "SUT nhận các gói tin và báo 01 hoặc 02")


def fresh_number(stage: Stage) -> int:
    """A number that no other document of this case has."""
    return len(stage.seen.notes("sent")) + 1


async def targets(stage: Stage, count: int, number: int) -> list[dict[str, Any]]:
    """So many tidy documents that the SUT has taken in, to be recalled, updated or replaced."""
    sent = [
        await stage.send(packets.document(stage, fresh_number(stage)), label=f"target {number}.{at}")
        for at in range(count)
    ]
    await patiently(stage, arrived_all(sent), for_=_TAKEN)
    return [{"target": each.label} for each in sent]


def target_of(evidence: CaseEvidence, about: Mapping[str, Any]) -> tuple[Sent, Package]:
    """The document that a packet is about."""
    sent = evidence.sent(about["target"])
    return sent, package_of(evidence, sent)


class FileForms(Forms):
    """A kind of packet that brings files."""

    FILES: Check
    factors = FILE_FACTORS
    parts = (*packets.HEADER_PARTS, *packets.FILE_PARTS)

    def files(self, evidence: CaseEvidence, trial: Trial, look: Look) -> Finding:
        """Of what is listed, every file is listed with its digest. Held of what is not listed: READ speaks of that."""
        sent = evidence.sent(trial.label)
        rows = self.listed(evidence, sent, look)
        wanted = sorted(_digest(each) for each in files_of(package_of(evidence, sent)))
        lists = [sorted(str(each.get("sha256")) for each in row.get("attachments") or ()) for row in rows]
        return self.FILES.decide(
            not rows or wanted in lists,
            sent,
            look,
            held=Text("its files are as they were sent", "tệp đúng như đã gửi"),
            broken=Text("it is listed with missing or altered files", "tệp trong danh sách bị thiếu hoặc bị thay đổi"),
        )

    def listed(self, evidence: CaseEvidence, sent: Sent, look: Look) -> list[Mapping[str, Any]]:
        """The rows that hold what the packet said."""
        subject = package_of(evidence, sent).subject
        ids = named_by(evidence, sent)
        return [
            row
            for row in look.rows
            if str(row.get("document_id")).strip() in ids
            and row.get("state") not in ("refused", "recalled")
            and same_text(row.get("subject"), subject)
        ]

    def broken(self, evidence: CaseEvidence, trial: Trial, look: Look) -> Outcome:
        """Unread, or read with other files."""
        outcome = super().broken(evidence, trial, look)
        return outcome if outcome is not Outcome.HELD else self.files(evidence, trial, look).outcome

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Read, the files, then what is doubtful."""
        read, visible = super().judge(evidence)
        yield read
        trials, look = [each for each in self.trials(evidence) if each.lawful], evidence.look(self.box)
        listed = any(self.listed(evidence, evidence.sent(each.label), look) for each in trials)
        nothing = Text("none of them is listed", "không gói tin nào có trong danh sách")
        if listed:
            yield judged_all(self.FILES, self.files, evidence, trials, look)
        else:
            yield self.FILES.unobserved(nothing, look, remedy=Text("see the check before", "xem kiểm tra trước"))
        yield visible


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def named_by(evidence: CaseEvidence, sent: Sent) -> set[str]:
    """Every DocumentId that the packet itself bears, white space at its ends aside."""
    leaves = as_sent(evidence, sent).texts("MessageHeader/DocumentId", "MessageHeader/ResponseFor/DocumentId")
    return {leaf.text.strip() for leaf in leaves} | {sent.document_id}


def _said_of(evidence: CaseEvidence, sent: Sent, *codes: str) -> list[SeenStatus]:
    ids = named_by(evidence, sent)
    found = evidence.statuses_from_sut(None, *codes)
    return [each for each in found if each.n > sent.n and each.document_id.strip() in ids]


def left_a_trace(check: Check, evidence: CaseEvidence, trial: Trial, look: Look, *kinds: str) -> Finding:
    """A doubtful packet was given back, or answered, or stands in a row (of these kinds). Raises Unseen."""
    sent = evidence.sent(trial.label)
    taken = in_hand(check, evidence, sent)
    if isinstance(taken, Finding):
        return taken
    said, ids = _said_of(evidence, sent), named_by(evidence, sent)
    rows = [
        row
        for row in look.rows
        if ids & {str(row.get("document_id")).strip(), str(row.get("refers_to")).strip()}
        and (not kinds or row.get("kind") in kinds)
    ]
    trace = taken["word"] == "fail" or said or rows
    if not trace and (early := too_early(check, look, taken)):
        return early
    return check.decide(
        trace,
        sent,
        taken,
        *said,
        look,
        held=Text("given back, answered or listed", "đã trả lại, đã trả lời hoặc có trong danh sách"),
        broken=Text(
            "the SUT confirmed it with 'done', and then neither listed nor answered it",
            "SUT xác nhận 'done' nhưng không liệt kê và cũng không trả lời",
        ),
    )


class Documents(FileForms):
    """New documents, one for every pair of deviations."""

    id = "forms/documents"
    title = Text("Documents in every lawful form", "Văn bản ở mọi dạng hợp lệ")
    expected = Text(
        "Prefixes, order, white space, comments, CDATA, wrapped base64, optional parts and lengths change nothing; "
        "what is doubtful may be refused, but is not lost.",
        "Tiền tố, thứ tự, khoảng trắng, chú thích, CDATA, base64 ngắt dòng, phần tùy chọn và độ dài không làm thay đổi "
        "gì; dạng không rõ ràng có thể bị từ chối nhưng không bị mất.",
    )
    READ = Check(
        "document-forms-read", ("PK-02", "PK-01", "EN-02", "AT-02"), Text("every form is read", "đọc được mọi dạng")
    )
    FILES = Check("document-forms-keep-files", ("AT-07",), Text("the files stay whole", "tệp đính kèm nguyên vẹn"))
    VISIBLE = Check(
        "doubtful-documents-not-lost", ("PK-07",), Text("doubtful ones are not lost", "dạng không rõ ràng không bị mất")
    )
    checks = (READ, FILES, VISIBLE)
    parts = (*FileForms.parts, *packets.TRACE_PARTS)
    doubtful = packets.DOUBTFUL_DOCUMENT
    strength = 2
    kind = "new"

    def packet(self, stage: Stage, combination: Combination, about: Mapping[str, Any]) -> tuple[Packet, Lane]:
        """A document with a number of its own."""
        return packets.document(stage, fresh_number(stage)), stage.lane

    async def settle(self, stage: Stage, sent: Sequence[Sent]) -> None:
        """Confirmed, and 01 or 02 where it was taken in."""
        await patiently(stage, arrived_all(sent), for_=_TAKEN)

    def read(self, evidence: CaseEvidence, trial: Trial, look: Look) -> Finding:
        """Confirmed with done, listed with its subject (and content, where that is shown), reported with 01."""
        check, sent = self.READ, evidence.sent(trial.label)
        taken = in_hand(check, evidence, sent)
        if isinstance(taken, Finding):
            return taken
        refused = evidence.statuses_from_sut(sent, "02")
        if taken["word"] == "fail" or refused:
            return self.turned_down(trial, sent, taken, refused)
        if early := too_early(check, look, taken):
            return early
        rows = [row for row in self.listed(evidence, sent, look) if row.get("kind") == self.kind]
        if not rows:
            because = Text(
                f"confirmed with 'done', but no row of kind '{self.kind}' shows its subject",
                f"xác nhận 'done' nhưng không có dòng loại '{self.kind}' với đúng trích yếu",
            )
            return check.broken(because, sent, taken, look)
        contents = [row["content"] for row in rows if row.get("content") is not None]
        content = package_of(evidence, sent).content
        if contents and len(content) <= _LONGEST_CONTENT and not any(same_text(each, content) for each in contents):
            because = Text("another content is shown", "nội dung hiển thị không đúng")
            return check.broken(because, sent, taken, look)
        arrival = evidence.statuses_from_sut(sent, "01")
        return evidence.expect(
            check,
            arrival,
            taken,
            held=Text("taken in, listed, reported with 01", "đã nhận, đã liệt kê, đã báo 01"),
            broken=Text("listed, but 01 never came", "có trong danh sách nhưng không báo 01"),
        )

    def refusable(self, combination: Combination) -> bool:
        """What is longer than anybody must take."""
        return (length_of(combination) or 0) > _LONGEST_CONTENT

    def turned_down(self, trial: Trial, sent: Sent, taken: Record, refused: Sequence[SeenStatus]) -> Finding:
        """A visible refusal is right only where it may be turned down at all."""
        said = refused[0].packet.description if refused else str(taken.get("description") or "fail")
        return self.READ.decide(
            self.refusable(trial.combination),
            sent,
            taken,
            *refused,
            held=Text("refused, and visibly so", "bị từ chối, có thông báo"),
            broken=Text(f"turned down: {said[:120]}", f"bị trả lại: {said[:120]}"),
        )

    def seen(self, evidence: CaseEvidence, trial: Trial, look: Look) -> Finding:
        """Given back, answered, or in a row."""
        return left_a_trace(self.VISIBLE, evidence, trial, look)


class Replacements(Documents):
    """Documents that replace another one."""

    id = "forms/replacements"
    title = Text("Replacements in every lawful form", "Văn bản thay thế ở mọi dạng hợp lệ")
    expected = Text(
        "They are known as replacements, whatever their form.", "Nhận đúng là văn bản thay thế, dù ở dạng nào."
    )
    capability = "replace"
    READ = Check(
        "replacement-forms-read", ("PK-02", "PK-01", "EN-02", "BZ-11"), Text("every form is read", "đọc được mọi dạng")
    )
    FILES = Check("replacement-forms-keep-files", ("AT-07",), Text("the files stay whole", "tệp đính kèm nguyên vẹn"))
    VISIBLE = Check(
        "doubtful-replacements-not-lost",
        ("PK-07",),
        Text("doubtful ones are not lost", "dạng không rõ ràng không bị mất"),
    )
    checks = (READ, FILES, VISIBLE)
    parts = FileForms.parts
    doubtful = packets.DOUBTFUL_ORDER
    strength = 1
    kind = "replace"

    async def prepare(
        self, stage: Stage, combinations: Sequence[Combination], number: int
    ) -> Sequence[Mapping[str, Any]]:
        """A document for each to replace."""
        return await targets(stage, len(combinations), number)

    def packet(self, stage: Stage, combination: Combination, about: Mapping[str, Any]) -> tuple[Packet, Lane]:
        """Under a number and an id of its own."""
        _, target = target_of(stage.seen, about)
        return packets.replacement(stage, target, fresh_number(stage)), stage.lane


CASES = (Documents(), Replacements())
