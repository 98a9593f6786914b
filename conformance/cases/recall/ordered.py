"""The SUT recalls what it sent: the packet, its reason, whom it reaches, what its clerk sees. BZ-02 … BZ-04, BZ-07."""

from collections.abc import Iterable
from contextlib import suppress

from conformance.case import Case, Role
from conformance.cases.changes import (
    RECALLED,
    again,
    answer_in_turn,
    answers_shown,
    clean,
    of_type,
    order_without_reason,
    reaches,
    without_reason_stays,
)
from conformance.cases.status.sender import sends
from conformance.evidence import CaseEvidence, Lane, SeenDocument
from conformance.finding import Check, Finding
from conformance.stage import Stage, StageEnd
from simulator.protocol.business import target_document_id
from simulator.words import Text

__all__ = ["CASES"]

_NEVER = Text("the recall never left", "gói thu hồi chưa rời đi")


class Recalling(Case):
    """The SUT sends a document to all lanes and recalls it from those that ``named`` gives."""

    role = Role.SENDER
    capability = "recall"

    def named(self, stage: Stage) -> tuple[Lane, ...]:
        """From whom it is recalled."""
        return stage.lanes

    async def drive(self, stage: Stage) -> None:
        """Send, recall."""
        package = await sends(stage, stage.lanes)
        to = [lane.unit for lane in self.named(stage)]
        order = {"kind": "recall", "refers_to": package.document_id, "attachments": [], "reason": RECALLED, "to": to}
        recall = await again(stage, label="recall", **order)
        await answer_in_turn(stage, recall, self.answers)
        await stage.look("out")

    answers: tuple[str, ...] = ()
    """What the lanes answer, one after the other."""

    def left(self, evidence: CaseEvidence) -> tuple[SeenDocument, ...]:
        """The recalls that left. Raises Unseen where there is none."""
        found = of_type(evidence, 1)
        evidence.require(found, _NEVER, evidence.order())
        return found

    def reasoned(self, check: Check, recalls: tuple[SeenDocument, ...]) -> Finding:
        """Every packet has the clerk's reason."""
        said = [each.package.business.reason if each.package.business else "" for each in recalls]
        return check.decide(
            all(RECALLED in words for words in said),
            *recalls,
            held=Text("the clerk's reason travels", "lý do của văn thư được chuyển đi"),
            broken=Text(f"BussinessDocReason: {said}", f"BussinessDocReason: {said}"),
        )


class FromOne(Recalling):
    """A document with one receiver is recalled: the packet, its target and its reason."""

    id = "recall/sut-recalls-from-one"
    title = Text("The SUT recalls from a single receiver", "SUT thu hồi từ một nơi nhận")
    expected = Text(
        "A packet of type 1 leaves: the original's DocumentId, a ResponseFor for the receiver, the clerk's reason.",
        "Gói loại 1 rời đi: DocumentId của văn bản gốc, ResponseFor cho nơi nhận, lý do của văn thư.",
    )
    LEAVES = Check("recall-leaves", ("BZ-04",), Text("a type 1 leaves", "gói loại 1 được gửi"))
    TARGET = Check("recall-names-the-original", ("BZ-03", "HD-32"), Text("it names the original", "nêu văn bản gốc"))
    RESPONSE = Check("recall-has-response-for", ("BZ-03",), Text("ResponseFor is there", "có ResponseFor"))
    REASON = Check("recall-reason-for-one", ("BZ-02",), Text("with the reason", "kèm lý do"))
    CLEAN = Check("recall-packet-lint-clean", ("PK-01", "BZ-03"), Text("no rule is broken", "không vi phạm quy tắc"))
    checks = (LEAVES, TARGET, RESPONSE, REASON, CLEAN)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The packet, member by member."""
        document, recall = evidence.order(), evidence.order("recall")
        found = of_type(evidence, 1)
        broken = Text("no packet of type 1 reached the axis", "không có gói loại 1 nào đến trục")
        yield evidence.expect(self.LEAVES, found, recall, held=Text("it left", "đã rời đi"), broken=broken)
        package = self.left(evidence)[0].package
        targets = target_document_id(package)
        yield self.TARGET.decide(
            document.document_id in targets,
            document,
            found[0],
            held=Text("the original is named", "có nêu văn bản gốc"),
            broken=Text(f"it names {', '.join(targets) or '–'}", f"gói tin nêu {', '.join(targets) or '–'}"),
        )
        right = [
            each
            for each in package.response_for
            if each.organ_id in evidence.lane.codes and each.document_id == document.document_id and each.code
        ]
        yield self.RESPONSE.decide(
            right,
            found[0],
            held=Text("receiver, number and DocumentId stand in ResponseFor", "ResponseFor đủ nơi nhận, số và mã"),
            broken=Text("no ResponseFor names this receiver and the document", "không có ResponseFor đúng nơi nhận"),
        )
        yield self.reasoned(self.REASON, found)
        yield clean(self.CLEAN, evidence, found)


class FromThree(Recalling):
    """A document with three receivers is recalled: all three are told, each with the reason."""

    id = "recall/sut-recalls-from-three"
    title = Text("The SUT recalls from three receivers", "SUT thu hồi từ ba nơi nhận")
    expected = Text(
        "Each of the three gets the recall, with a ResponseFor of its own and the clerk's reason.",
        "Cả ba nơi đều nhận gói thu hồi, có ResponseFor riêng và lý do của văn thư.",
    )
    lanes = 3
    ALL = Check("recall-reaches-all", ("BZ-04",), Text("all three are told", "cả ba nơi được báo"))
    RESPONSE = Check("recall-response-for-each", ("BZ-03",), Text("a ResponseFor for each", "mỗi nơi một ResponseFor"))
    REASON = Check("recall-reason-for-many", ("BZ-02",), Text("the reason in all", "lý do ở mọi gói"))
    checks = (ALL, RESPONSE, REASON)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """One packet for all, or one for each: both are right."""
        recalls = self.left(evidence)
        yield reaches(self.ALL, recalls, evidence.lanes)
        named = {answered.organ_id for each in recalls for answered in each.package.response_for}
        unnamed = [lane.unit for lane in evidence.lanes if not named & set(lane.codes)]
        yield self.RESPONSE.decide(
            not unnamed,
            *recalls,
            held=Text("one for each", "mỗi nơi một ResponseFor"),
            broken=Text(f"without one: {', '.join(unnamed)}", f"thiếu: {', '.join(unnamed)}"),
        )
        yield self.reasoned(self.REASON, recalls)


class FromTwoOfThree(Recalling):
    """Recalled from two of three receivers: only those two get it."""

    id = "recall/sut-recalls-from-two-of-three"
    title = Text("The SUT recalls from two of three", "SUT thu hồi từ hai trong ba nơi nhận")
    expected = Text("The two get the recall, the third gets nothing.", "Hai nơi nhận gói thu hồi, nơi thứ ba không.")
    lanes = 3
    BOTH = Check("partial-recall-reaches-both", ("BZ-04",), Text("the two are told", "hai nơi được báo"))
    THIRD = Check("partial-recall-spares-third", ("BZ-03",), Text("the third is not", "nơi thứ ba không nhận"))
    checks = (BOTH, THIRD)

    def named(self, stage: Stage) -> tuple[Lane, ...]:
        """All but the last."""
        return stage.lanes[:-1]

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """By the axis's own list of recipients."""
        recalls = self.left(evidence)
        yield reaches(self.BOTH, recalls, evidence.lanes[:-1])
        reached = {code for each in recalls for code in each.fact["to"]}
        third = evidence.lanes[-1]
        yield self.THIRD.decide(
            not reached & set(third.codes),
            *recalls,
            held=Text("the third got nothing", "nơi thứ ba không nhận gì"),
            broken=Text(f"{third.unit} got the recall as well", f"{third.unit} cũng nhận gói thu hồi"),
        )


class SeesTheAnswers(Recalling):
    """One receiver agrees, one declines: the clerk sees both, and why."""

    id = "recall/sut-sees-the-answers"
    title = Text("The answers to the recall are shown", "Hiển thị trả lời cho yêu cầu thu hồi")
    expected = Text(
        "15 is shown for the one, 16 with its reason for the other.",
        "Nơi này hiển thị 15, nơi kia hiển thị 16 kèm lý do.",
    )
    lanes = 2
    answers = ("15", "16")
    AGREED = Check("recall-agreement-shown", ("ST-08",), Text("15 is shown", "hiển thị 15"))
    DECLINED = Check("recall-refusal-shown", ("ST-08",), Text("16 is shown", "hiển thị 16"))
    REASON = Check("recall-refusal-reason-shown", ("RF-04", "ST-08"), Text("with its reason", "kèm lý do"))
    checks = (AGREED, DECLINED, REASON)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Two rows of receivers."""
        ids = evidence.order().document_id, evidence.order("recall").document_id
        yield from answers_shown(self.checks, evidence, *ids)


class Freezes(Recalling):
    """Every receiver has given it back: the outgoing document stands as recalled and is frozen."""

    id = "recall/sut-freezes-the-document"
    title = Text("The recalled outgoing document is frozen", "Văn bản đi đã thu hồi bị đóng băng")
    expected = Text(
        "After 15 of its only receiver it is listed as recalled, and an update of it is refused.",
        "Sau khi nơi nhận duy nhất trả lời 15, văn bản hiển thị đã thu hồi và không cập nhật được nữa.",
    )
    answers = ("15",)
    SHOWN = Check("recalled-outgoing-shown", ("ST-05", "BZ-07"), Text("shown as recalled", "hiển thị đã thu hồi"))
    FROZEN = Check("recalled-outgoing-frozen", ("BZ-07",), Text("it is frozen", "không sửa được nữa"))
    checks = (SHOWN, FROZEN)

    def applies(self, *, roles: Iterable[str], capabilities: Iterable[str]) -> bool:
        """An update is what is tried on it: both must be claimed."""
        claimed = set(capabilities)
        return "update" in claimed and super().applies(roles=roles, capabilities=claimed)

    async def drive(self, stage: Stage) -> None:
        """Afterwards the clerk tries to update it."""
        await super().drive(stage)
        first = stage.seen.order()
        changes = {"kind": "update", "refers_to": first.document_id, "reason": RECALLED, "subject": "Về việc sửa lại"}
        with suppress(StageEnd):
            await stage.order(label="afterwards", **{**first.request, **changes})
        await stage.quiet()

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The book, then the order that came too late."""
        document = evidence.order()
        agreed = evidence.sent(f"15 of {evidence.lane.unit}")
        evidence.taken(agreed)
        look = evidence.look("out")
        states = look.states(document.document_id)
        yield self.SHOWN.decide(
            states and all(state == "recalled" for state in states),
            agreed,
            look,
            held=Text("recalled", "đã thu hồi"),
            broken=Text(f"shown as {', '.join(states) or '–'}", f"hiển thị: {', '.join(states) or '–'}"),
        )
        tried = evidence.acts("POST /control/send", label="afterwards")
        evidence.require(tried and tried[-1]["status"] not in (0, 501), Text("nobody tried", "không ai thử"), document)
        updates = of_type(evidence, 2)
        yield self.FROZEN.decide(
            not updates and tried[-1]["status"] >= 400,
            agreed,
            tried[-1],
            *updates,
            held=Text("an update of it is refused", "yêu cầu cập nhật bị từ chối"),
            broken=Text("an update of it was still taken", "vẫn cập nhật được văn bản này"),
        )


class NeedsReason(Recalling):
    """Without a reason no recall leaves."""

    id = "recall/sut-needs-a-reason"
    title = Text("The SUT's clerk gives no reason for a recall", "Văn thư của SUT thu hồi mà không nêu lý do")
    expected = Text(
        "The order is refused, or what leaves has a reason; with a reason it leaves.",
        "Lệnh bị từ chối, hoặc gói gửi đi vẫn có lý do; có lý do thì gói được gửi.",
    )
    LEAVES = Check("reasoned-recall-leaves", ("BZ-04",), Text("with a reason it leaves", "có lý do thì gửi"))
    STAYS = Check("reasonless-recall-stays", ("BZ-02",), Text("without one it stays", "thiếu lý do thì không gửi"))
    checks = (LEAVES, STAYS)

    async def drive(self, stage: Stage) -> None:
        """Both orders."""
        package = await sends(stage, stage.lanes)
        target = package.document_id
        await order_without_reason(stage, kind="recall", refers_to=target, attachments=[], reason=RECALLED)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The order that had a reason is the twin."""
        yield from without_reason_stays(self.LEAVES, self.STAYS, evidence, 1)


CASES: tuple[Case, ...] = (
    FromOne(), FromThree(), FromTwoOfThree(), SeesTheAnswers(), Freezes(), NeedsReason(),
)  # fmt: skip
