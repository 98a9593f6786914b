"""Recalls, updates and 13s in every form, each about a document that the SUT holds: carried out and answered."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from conformance.case import Case
from conformance.cases.changes import require_taken
from conformance.cases.forms import packets
from conformance.cases.forms.deviations import FACTORS, Combination, length_of
from conformance.cases.forms.documents import FileForms, left_a_trace, named_by, target_of, targets
from conformance.cases.forms.kit import (
    Forms,
    Trial,
    confirmed_all,
    in_hand,
    package_of,
    patiently,
    same_text,
    too_early,
)
from conformance.evidence import CaseEvidence, Lane, Look, Record, SeenStatus, Sent
from conformance.finding import Check, Finding
from conformance.stage import Stage, StageEnd
from simulator.protocol.package import Packet
from simulator.words import Text

__all__ = ["CASES"]

_TAKEN = Text("the SUT to take the requests in", "SUT nhận các yêu cầu")
_BY_ITSELF = Text("answers that need no clerk", "trả lời không cần văn thư")
_ANSWERS = Text("the answers to the requests", "trả lời cho các yêu cầu")
_LONGEST_REASON = 500
"""No sentence bounds a reason; one longer than a subject may be (HD-17) may be refused, but not ignored."""


def _answers(evidence: CaseEvidence, trial: Trial) -> list[SeenStatus]:
    sent = evidence.sent(trial.label)
    target = evidence.sent(trial.about["target"])
    ids = named_by(evidence, sent) | {target.document_id}
    codes = evidence.statuses_from_sut(None, "02", "15", "16")
    return [each for each in codes if each.n > sent.n and each.document_id.strip() in ids]


class _Orders(Forms):
    """A packet that asks for something about one document, and is answered by 15 or 16."""

    async def prepare(
        self, stage: Stage, combinations: Sequence[Combination], number: int
    ) -> Sequence[Mapping[str, Any]]:
        """A document for each to speak of."""
        return await targets(stage, len(combinations), number)

    async def settle(self, stage: Stage, sent: Sequence[Sent]) -> None:
        """Answered by the SUT itself, else by its clerk, who agrees."""
        labels = {each.label for each in sent}
        trials = [each for each in self.trials(stage.seen) if each.label in labels]

        def open_ones(seen: CaseEvidence) -> list[Trial]:
            refused = {each["doc_id"] for each in seen.facts("confirmed", system_id=seen.sut.system_id, word="fail")}
            return [each for each in trials if seen.sent(each.label).doc_id not in refused and not _answers(seen, each)]

        await patiently(stage, confirmed_all(sent), for_=_TAKEN)
        if await stage.until(lambda seen: not open_ones(seen), for_=_BY_ITSELF, polls=0):
            return
        acted = False
        for trial in open_ones(stage.seen):
            with suppress(StageEnd):  # 409: nothing waits; what came of the packet is seen in the box
                await stage.act("agree", stage.seen.sent(trial.about["target"]))
                acted = True
        if acted:
            await patiently(stage, lambda seen: not open_ones(seen), for_=_ANSWERS)
        else:
            await stage.quiet()

    def read(self, evidence: CaseEvidence, trial: Trial, look: Look) -> Finding:
        """Answered by 15, and done."""
        check, sent = self.READ, evidence.sent(trial.label)
        require_taken(evidence, evidence.sent(trial.about["target"]))
        taken = in_hand(check, evidence, sent)
        if isinstance(taken, Finding):
            return taken
        given = _answers(evidence, trial)
        if taken["word"] == "fail" or (given and given[0].code != "15"):
            return self.turned_down(trial, sent, taken, given)
        if given:
            return self.done(evidence, trial, look, given[0])
        if self.is_done(evidence, trial, look):
            return check.held(Text("carried out", "đã thực hiện"), sent, taken, look)
        return self.unanswered(evidence, trial, taken)

    def refusable(self, combination: Combination) -> bool:
        """A reason that is empty, or longer than anybody must take."""
        length = length_of(combination)
        return length is not None and (length == 0 or length > _LONGEST_REASON)

    def turned_down(self, trial: Trial, sent: Sent, taken: Record, given: Sequence[SeenStatus]) -> Finding:
        """A visible refusal is right only where it may be turned down at all."""
        said = f"{given[0].code}: {given[0].packet.description}" if given else f"fail: {taken.get('description')}"
        return self.READ.decide(
            self.refusable(trial.combination),
            sent,
            taken,
            *given,
            held=Text("refused, and visibly so", "bị từ chối, có thông báo"),
            broken=Text(f"turned down ({said[:120]})", f"bị từ chối ({said[:120]})"),
        )

    def unanswered(self, evidence: CaseEvidence, trial: Trial, taken: Record) -> Finding:
        """Nothing came of it. Raises Unseen where a clerk might have answered and none could be asked."""
        target = evidence.sent(trial.about["target"])
        asked = evidence.acts("POST /control/act", action="agree", document_id=target.document_id)
        nobody = Text("no clerk could be asked to agree", "không có văn thư để đồng ý")
        answerable = asked and asked[-1]["status"] not in (0, 501)
        evidence.require(
            answerable, nobody, taken, *asked, remedy=Text("offer POST /control/act", "hỗ trợ POST /control/act")
        )
        return evidence.expect(
            self.READ,
            (),
            max(taken, *asked, key=lambda each: each.n),
            held=Text("answered", "đã trả lời"),
            broken=Text(
                "confirmed with 'done', but not carried out, not answered, and the clerk finds nothing to agree to",
                "xác nhận 'done' nhưng không thực hiện, không trả lời và văn thư không thấy yêu cầu nào",
            ),
        )

    def done(self, evidence: CaseEvidence, trial: Trial, look: Look, answer: SeenStatus) -> Finding:
        """What was answered by 15 is done."""
        if early := too_early(self.READ, look, answer.fact):
            return early
        return self.READ.decide(
            self.is_done(evidence, trial, look),
            evidence.sent(trial.label),
            answer,
            look,
            held=Text("answered with 15, and done", "đã trả lời 15 và đã thực hiện"),
            broken=Text("answered with 15, but the box does not show it", "trả lời 15 nhưng hộp đến không thể hiện"),
        )

    def is_done(self, evidence: CaseEvidence, trial: Trial, look: Look) -> bool:
        """Recalled: no row of the target stands."""
        target, _ = target_of(evidence, trial.about)
        rows = [row for row in look.of(target.document_id) if row.get("kind") in (None, "new", "replace")]
        return all(row.get("state") == "recalled" for row in rows)

    def seen(self, evidence: CaseEvidence, trial: Trial, look: Look) -> Finding:
        """Given back, answered, done, or in a row of its own."""
        require_taken(evidence, evidence.sent(trial.about["target"]))
        if self.is_done(evidence, trial, look) or _answers(evidence, trial):
            return self.VISIBLE.held(Text("done or answered", "đã thực hiện hoặc đã trả lời"), look)
        return left_a_trace(self.VISIBLE, evidence, trial, look, "recall", "update", "replace")


class Recalls(_Orders):
    """Recalls in every form."""

    id = "forms/recalls"
    title = Text("Recalls in every lawful form", "Gói thu hồi ở mọi dạng hợp lệ")
    expected = Text(
        "The document is recalled and 15 answered, whatever the form of the packet.",
        "Văn bản được thu hồi và trả lời 15, dù gói tin ở dạng nào.",
    )
    capability = "recall"
    READ = Check(
        "recall-forms-read", ("PK-02", "PK-01", "EN-02", "BZ-03"), Text("every form is read", "đọc được mọi dạng")
    )
    VISIBLE = Check(
        "doubtful-recalls-not-lost", ("PK-07",), Text("doubtful ones are not lost", "dạng không rõ ràng không bị mất")
    )
    checks = (READ, VISIBLE)
    factors = FACTORS
    parts = packets.HEADER_PARTS
    doubtful = packets.DOUBTFUL_ORDER

    def packet(self, stage: Stage, combination: Combination, about: Mapping[str, Any]) -> tuple[Packet, Lane]:
        """Of its target."""
        return packets.recall(stage, target_of(stage.seen, about)[1]), stage.lane


class Updates(_Orders, FileForms):
    """Updates in every form."""

    id = "forms/updates"
    title = Text("Updates in every lawful form", "Gói cập nhật ở mọi dạng hợp lệ")
    expected = Text(
        "The new subject and file are shown and 15 is answered, whatever the form of the packet.",
        "Hiển thị trích yếu, tệp mới và trả lời 15, dù gói tin ở dạng nào.",
    )
    capability = "update"
    READ = Check(
        "update-forms-read", ("PK-02", "PK-01", "EN-02", "BZ-13"), Text("every form is read", "đọc được mọi dạng")
    )
    FILES = Check("update-forms-keep-files", ("AT-07",), Text("the files stay whole", "tệp đính kèm nguyên vẹn"))
    VISIBLE = Check(
        "doubtful-updates-not-lost", ("PK-07",), Text("doubtful ones are not lost", "dạng không rõ ràng không bị mất")
    )
    checks = (READ, FILES, VISIBLE)
    doubtful = packets.DOUBTFUL_ORDER

    def packet(self, stage: Stage, combination: Combination, about: Mapping[str, Any]) -> tuple[Packet, Lane]:
        """Of its target, with another subject and another file."""
        return packets.update(stage, target_of(stage.seen, about)[1]), stage.lane

    def listed(self, evidence: CaseEvidence, sent: Sent, look: Look) -> list[Mapping[str, Any]]:
        """Its own row, or that of the document that it changed: whichever shows the new subject."""
        packet = package_of(evidence, sent)
        target = packet.business.document_id if packet.business else ""
        return [
            row
            for row in look.rows
            if same_text(row.get("subject"), packet.subject)
            and row.get("state") != "refused"
            and (row.get("kind") == "update" or row.get("document_id") == target)
        ]

    def is_done(self, evidence: CaseEvidence, trial: Trial, look: Look) -> bool:
        """The new subject is shown."""
        return bool(self.listed(evidence, evidence.sent(trial.label), look))


class TakeBacks(_Orders):
    """13s in every form."""

    id = "forms/take-backs"
    title = Text("Take-back requests in every lawful form", "Yêu cầu lấy lại ở mọi dạng hợp lệ")
    expected = Text(
        "13 is answered, by itself or by the clerk, whatever the form of the packet.",
        "13 được trả lời, tự động hoặc do văn thư, dù gói tin ở dạng nào.",
    )
    capability = "take_back"
    READ = Check(
        "take-back-forms-read", ("PK-02", "PK-01", "EN-02", "BZ-08"), Text("every form is read", "đọc được mọi dạng")
    )
    VISIBLE = Check(
        "doubtful-take-backs-not-lost",
        ("PK-07",),
        Text("doubtful ones are not lost", "dạng không rõ ràng không bị mất"),
    )
    checks = (READ, VISIBLE)
    factors = FACTORS
    parts = packets.STATUS_PARTS
    doubtful = packets.DOUBTFUL_STATUS

    def packet(self, stage: Stage, combination: Combination, about: Mapping[str, Any]) -> tuple[Packet, Lane]:
        """For its target."""
        return packets.take_back_of(stage, stage.seen.sent(about["target"])), stage.lane

    def turned_down(self, trial: Trial, sent: Sent, taken: Record, given: Sequence[SeenStatus]) -> Finding:
        """16 is an answer, too: the request was read."""
        if given:
            return self.READ.held(Text(f"answered with {given[0].code}", f"đã trả lời {given[0].code}"), sent, *given)
        return super().turned_down(trial, sent, taken, given)

    def done(self, evidence: CaseEvidence, trial: Trial, look: Look, answer: SeenStatus) -> Finding:
        """15 is enough here."""
        return self.READ.held(Text("answered with 15", "đã trả lời 15"), evidence.sent(trial.label), answer)


CASES: tuple[Case, ...] = (Recalls(), Updates(), TakeBacks())
