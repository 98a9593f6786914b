"""The SUT updates what it sent: the packet, its target, its flags, its new file, the answers. BZ-02, BZ-09, BZ-12."""

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from conformance.case import Case, Role
from conformance.cases.changes import (
    CORRECTED,
    again,
    answer_in_turn,
    answers_shown,
    clean,
    files_of,
    of_type,
    order_without_reason,
    own_id,
    reaches,
    without_reason_stays,
)
from conformance.cases.status.sender import sends
from conformance.evidence import CaseEvidence, SeenDocument
from conformance.finding import Check, Finding
from conformance.letters import pdf
from conformance.stage import Stage
from simulator.words import Text

__all__ = ["CASES", "new_file"]


def new_file(stage: Stage) -> list[dict[str, str]]:
    """One new PDF, as the control API takes it."""
    return [{"name": "van-ban-moi.pdf", "content_base64": base64.b64encode(pdf(stage.random)).decode()}]


class Updating(Case):
    """The SUT sends a document to the first ``first`` lanes, then updates it towards all."""

    role = Role.SENDER
    capability = "update"
    first: int | None = None
    answers: Sequence[str] = ()

    async def drive(self, stage: Stage) -> None:
        """Send, update, look."""
        package = await sends(stage, stage.lanes[: self.first])
        update = await again(stage, label="update", **self.order(stage, package.document_id))
        await answer_in_turn(stage, update, self.answers)
        await stage.look("out")

    def order(self, stage: Stage, target: str) -> Mapping[str, Any]:
        """New subject, new file, to all lanes."""
        return {
            "kind": "update",
            "refers_to": target,
            "reason": CORRECTED,
            "subject": "Về việc đính chính thời hạn báo cáo",
            "attachments": new_file(stage),
            "to": [lane.unit for lane in stage.lanes],
        }

    def left(self, evidence: CaseEvidence) -> tuple[SeenDocument, ...]:
        """The updates that left. Raises Unseen where there is none."""
        found = of_type(evidence, 2)
        evidence.require(found, Text("the update never left", "gói cập nhật chưa rời đi"), evidence.order())
        return found


class Packet(Updating):
    """The update leaves as type 2, with an id, a target, a reason and a file of its own."""

    id = "update/sut-updates"
    title = Text("The SUT updates a document", "SUT cập nhật văn bản đã gửi")
    expected = Text(
        "A packet of type 2 with an own DocumentId; Bussiness names the original, says what changed and why.",
        "Gói loại 2 có DocumentId riêng; Bussiness nêu văn bản gốc, nội dung thay đổi và lý do.",
    )
    LEAVES = Check("update-leaves", ("BZ-09", "BZ-01"), Text("a type 2 leaves", "gói loại 2 được gửi"))
    TARGET = Check("update-names-the-original", ("BZ-09",), Text("Bussiness names the original", "nêu văn bản gốc"))
    OWN_ID = Check("update-has-own-id", ("HD-32", "DI-02"), Text("it has an id of its own", "có mã riêng"))
    FLAGS = Check("update-says-content-changed", ("BZ-09",), Text("DocumentInfo is 1", "DocumentInfo bằng 1"))
    REASON = Check("update-carries-reason", ("BZ-02",), Text("with the reason", "kèm lý do"))
    FILE = Check("update-carries-new-file", ("AT-01", "BZ-12"), Text("with the new file", "kèm tệp mới"))
    CLEAN = Check("update-packet-lint-clean", ("PK-01", "BZ-01"), Text("no rule is broken", "không vi phạm quy tắc"))
    checks = (LEAVES, TARGET, OWN_ID, FLAGS, REASON, FILE, CLEAN)

    def order(self, stage: Stage, target: str) -> Mapping[str, Any]:
        """Under a number of its own: an identifier that is made of unit, date and number (DI-02) differs with it."""
        return {**super().order(stage, target), "code_number": str(stage.random.randint(10_000, 99_999))}

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The packet, member by member."""
        document, ordered = evidence.order(), evidence.order("update")
        found = of_type(evidence, 2)
        broken = Text("no packet of type 2 reached the axis", "không có gói loại 2 nào đến trục")
        yield evidence.expect(self.LEAVES, found, ordered, held=Text("it left", "đã rời đi"), broken=broken)
        sent = self.left(evidence)[0]
        package, business = sent.package, sent.package.business
        named = business.document_id if business else ""
        yield self.TARGET.decide(
            named == document.document_id,
            document,
            sent,
            held=Text("the original is named", "có nêu văn bản gốc"),
            broken=Text(f"Bussiness/DocumentId is '{named}'", f"Bussiness/DocumentId là '{named}'"),
        )
        yield own_id(self.OWN_ID, sent, document.document_id)
        infos = business.document_infos if business else ()
        yield self.FLAGS.decide(
            any(info.document_info == 1 for info in infos),
            sent,
            held=Text("it is", "đúng"),
            broken=Text("no DocumentInfo says 1", "không có DocumentInfo nào bằng 1"),
        )
        said = business.reason if business else ""
        yield self.REASON.decide(
            CORRECTED in said,
            ordered,
            sent,
            held=Text("the clerk's reason travels", "lý do của văn thư được chuyển đi"),
            broken=Text(f"BussinessDocReason: '{said}'", f"BussinessDocReason: '{said}'"),
        )
        wanted = {base64.b64decode(file["content_base64"]) for file in ordered.request["attachments"]}
        there = set(files_of(package))
        yield self.FILE.decide(
            there == wanted,
            ordered,
            sent,
            held=Text("exactly the new file", "đúng tệp mới"),
            broken=Text(
                f"files on the wire: {', '.join(hashlib.sha256(each).hexdigest()[:12] for each in there) or '–'}",
                f"tệp trên đường truyền: {', '.join(hashlib.sha256(each).hexdigest()[:12] for each in there) or '–'}",
            ),
        )
        yield clean(self.CLEAN, evidence, found)


class AddsReceiver(Updating):
    """The update adds a receiver: it gets the packet, and ReceiverList says so."""

    id = "update/sut-adds-a-receiver"
    title = Text("The SUT's update adds a receiver", "Cập nhật của SUT thêm một nơi nhận")
    expected = Text(
        "Both units get the update; DocumentReceiver is 1 and ReceiverList names the added unit.",
        "Cả hai đơn vị nhận gói cập nhật; DocumentReceiver bằng 1 và ReceiverList nêu đơn vị được thêm.",
    )
    lanes = 2
    first = 1
    REACHED = Check("update-reaches-added-receiver", ("BZ-09", "HD-08"), Text("both get it", "cả hai đều nhận"))
    LISTED = Check("update-lists-added-receiver", ("BZ-09",), Text("the added one is listed", "có nêu đơn vị thêm"))
    checks = (REACHED, LISTED)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """By the axis's recipients, then by the packet."""
        updates, added = self.left(evidence), evidence.lanes[1]
        yield reaches(self.REACHED, updates, evidence.lanes)
        infos = [info for each in updates if each.package.business for info in each.package.business.document_infos]
        listed = [
            each.organ_id
            for info in infos
            if info.document_receiver == 1
            for each in info.receivers
            if each.organ_id in added.codes
        ]
        yield self.LISTED.decide(
            listed,
            *updates,
            held=Text(f"ReceiverList names {added.unit}", f"ReceiverList nêu {added.unit}"),
            broken=Text(f"no ReceiverList names {added.unit}", f"không ReceiverList nào nêu {added.unit}"),
        )


class SeesTheAnswers(Updating):
    """One receiver agrees to the update, one declines: the clerk sees both, and why."""

    id = "update/sut-sees-the-answers"
    title = Text("The answers to the update are shown", "Hiển thị trả lời cho gói cập nhật")
    expected = Text(
        "15 is shown for the one, 16 with its reason for the other.",
        "Nơi này hiển thị 15, nơi kia hiển thị 16 kèm lý do.",
    )
    lanes = 2
    answers = ("15", "16")
    AGREED = Check("update-agreement-shown", ("ST-08",), Text("15 is shown", "hiển thị 15"))
    DECLINED = Check("update-refusal-shown", ("ST-08",), Text("16 is shown", "hiển thị 16"))
    REASON = Check("update-refusal-reason-shown", ("RF-04", "ST-08"), Text("with its reason", "kèm lý do"))
    checks = (AGREED, DECLINED, REASON)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """In the row of the update, or of the document that it changed."""
        ids = evidence.order("update").document_id, evidence.order().document_id
        yield from answers_shown(self.checks, evidence, *ids)


class NeedsReason(Updating):
    """Without a reason no update leaves."""

    id = "update/sut-needs-a-reason"
    title = Text("The SUT's clerk gives no reason for an update", "Văn thư của SUT cập nhật mà không nêu lý do")
    expected = Text(
        "The order is refused, or what leaves has a reason; with a reason it leaves.",
        "Lệnh bị từ chối, hoặc gói gửi đi vẫn có lý do; có lý do thì gói được gửi.",
    )
    LEAVES = Check("reasoned-update-leaves", ("BZ-09",), Text("with a reason it leaves", "có lý do thì gửi"))
    STAYS = Check("reasonless-update-stays", ("BZ-02",), Text("without one it stays", "thiếu lý do thì không gửi"))
    checks = (LEAVES, STAYS)

    async def drive(self, stage: Stage) -> None:
        """Both orders."""
        package = await sends(stage, stage.lanes)
        await order_without_reason(stage, **self.order(stage, package.document_id))

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The order that had a reason is the twin."""
        yield from without_reason_stays(self.LEAVES, self.STAYS, evidence, 2)


CASES: tuple[Case, ...] = (Packet(), AddsReceiver(), SeesTheAnswers(), NeedsReason())
