"""The SUT replaces what it sent: the packet, its list, its reason, and what its clerk sees. BZ-02, BZ-11, BZ-12."""

from collections.abc import Iterable, Mapping
from typing import Any

from conformance.case import Case, Role
from conformance.cases.changes import (
    CORRECTED,
    again,
    clean,
    of_type,
    order_without_reason,
    own_id,
    without_reason_stays,
)
from conformance.cases.status.sender import sends
from conformance.cases.steps import told
from conformance.cases.update.ordered import new_file
from conformance.evidence import CaseEvidence
from conformance.finding import Check, Finding
from conformance.letters import reply
from conformance.stage import Stage
from simulator.words import Text

__all__ = ["CASES"]

_NEVER = Text("the replacement never left", "văn bản thay thế chưa rời đi")


class Replacing(Case):
    """The SUT sends a document to all lanes, then one that replaces it."""

    role = Role.SENDER
    capability = "replace"

    async def drive(self, stage: Stage) -> None:
        """Send, replace; the first lane answers 01 and 03."""
        package = await sends(stage, stage.lanes)
        new = await again(stage, label="replace", **self.order(stage, package.document_id))
        for code in ("01", "03"):
            await told(stage, await stage.send(reply(stage, code, new), label=code))
        await stage.look("out")

    def order(self, stage: Stage, target: str) -> Mapping[str, Any]:
        """A number, a subject and a file of its own."""
        return {
            "kind": "replace",
            "refers_to": target,
            "reason": CORRECTED,
            "code_number": str(stage.random.randint(10_000, 99_999)),
            "subject": "Về việc thay thế văn bản đã ban hành",
            "attachments": new_file(stage),
        }


class Packet(Replacing):
    """The replacement leaves as type 3 and lists what it replaces, where, and why."""

    id = "replace/sut-replaces"
    title = Text("The SUT replaces a document", "SUT thay thế văn bản đã gửi")
    expected = Text(
        "A packet of type 3 with an own DocumentId; ReplacementInfo names the original and its receivers; the reason.",
        "Gói loại 3 có DocumentId riêng; ReplacementInfo nêu văn bản gốc và các nơi nhận; có lý do.",
    )
    lanes = 2
    LEAVES = Check("replacement-leaves", ("BZ-11", "BZ-01"), Text("a type 3 leaves", "gói loại 3 được gửi"))
    TARGET = Check("replacement-lists-the-original", ("BZ-11",), Text("it lists the original", "nêu văn bản gốc"))
    ORGANS = Check("replacement-lists-the-units", ("BZ-11",), Text("and its receivers", "và các nơi nhận"))
    OWN_ID = Check("replacement-has-own-id", ("HD-32", "DI-02"), Text("it has an id of its own", "có mã riêng"))
    REASON = Check("replacement-carries-reason", ("BZ-02",), Text("with the reason", "kèm lý do"))
    FILE = Check("replacement-carries-a-file", ("AT-01", "BZ-12"), Text("with a file of its own", "kèm tệp riêng"))
    CLEAN = Check("replacement-lint-clean", ("PK-01", "BZ-01"), Text("no rule is broken", "không vi phạm quy tắc"))
    checks = (LEAVES, TARGET, ORGANS, OWN_ID, REASON, FILE, CLEAN)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The packet, member by member."""
        document, ordered = evidence.order(), evidence.order("replace")
        found = of_type(evidence, 3)
        broken = Text("no packet of type 3 reached the axis", "không có gói loại 3 nào đến trục")
        yield evidence.expect(self.LEAVES, found, ordered, held=Text("it left", "đã rời đi"), broken=broken)
        evidence.require(found, _NEVER, ordered)
        sent = found[0]
        package, business = sent.package, sent.package.business
        items = [item for group in (business.replacements if business else ()) for item in group.items]
        mine = [item for item in items if item.document_id == document.document_id]
        listed = ", ".join(item.document_id for item in items) or "–"
        yield self.TARGET.decide(
            mine,
            document,
            sent,
            held=Text("the original is listed", "có nêu văn bản gốc"),
            broken=Text(f"ReplacementInfo names {listed}", f"ReplacementInfo nêu {listed}"),
        )
        organs = {organ for item in mine for organ in item.organ_ids}
        unlisted = [lane.unit for lane in evidence.lanes if not organs & set(lane.codes)]
        yield self.ORGANS.decide(
            not unlisted,
            sent,
            held=Text("every receiver of the original is listed", "đủ các nơi đã nhận văn bản gốc"),
            broken=Text(f"not listed: {', '.join(unlisted)}", f"thiếu: {', '.join(unlisted)}"),
        )
        yield own_id(self.OWN_ID, sent, document.document_id)
        said = business.reason if business else ""
        yield self.REASON.decide(
            CORRECTED in said,
            ordered,
            sent,
            held=Text("the clerk's reason travels", "lý do của văn thư được chuyển đi"),
            broken=Text(f"BussinessDocReason: '{said}'", f"BussinessDocReason: '{said}'"),
        )
        yield self.FILE.decide(
            package.attachments,
            sent,
            held=Text("it has its file", "có tệp kèm theo"),
            broken=Text("it carries no file", "không có tệp nào kèm theo"),
        )
        yield clean(self.CLEAN, evidence, found)


class Shows(Replacing):
    """The clerk sees the old document as replaced, and the statuses of the new one at the new one."""

    id = "replace/sut-shows-both"
    title = Text("Old and new in the SUT's outgoing book", "Văn bản cũ và mới trong sổ đi của SUT")
    expected = Text(
        "The old document is shown as replaced; 03 of the receiver stands beside the new one.",
        "Văn bản cũ hiển thị đã bị thay thế; trạng thái 03 của nơi nhận nằm ở văn bản mới.",
    )
    STATUS = Check("replacement-status-shown", ("ST-08",), Text("03 at the new one", "03 ở văn bản mới"))
    OLD = Check("outgoing-old-replaced", ("BZ-11",), Text("the old one is marked", "đánh dấu văn bản cũ"))
    checks = (STATUS, OLD)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """One look into the outgoing book."""
        document, ordered = evidence.order(), evidence.order("replace")
        status = evidence.sent("03")
        evidence.taken(status)
        look = evidence.look("out")
        seen = look.status(ordered.document_id, evidence.lane.codes) or "–"
        yield self.STATUS.decide(
            "03" in look.statuses(ordered.document_id, evidence.lane.codes),
            status,
            look,
            held=Text("shown: 03", "hiển thị: 03"),
            broken=Text(f"shown: {seen} instead of 03", f"hiển thị: {seen} thay vì 03"),
        )
        state = look.state(document.document_id)
        yield self.OLD.decide(
            "replaced" in look.states(document.document_id),
            ordered,
            look,
            held=Text("shown as replaced", "hiển thị đã bị thay thế"),
            broken=Text(f"shown as '{state}'", f"hiển thị là '{state}'"),
        )


class NeedsReason(Replacing):
    """Without a reason no replacement leaves."""

    id = "replace/sut-needs-a-reason"
    title = Text("The SUT's clerk gives no reason for a replacement", "Văn thư của SUT thay thế mà không nêu lý do")
    expected = Text(
        "The order is refused, or what leaves has a reason; with a reason it leaves.",
        "Lệnh bị từ chối, hoặc gói gửi đi vẫn có lý do; có lý do thì gói được gửi.",
    )
    LEAVES = Check("reasoned-replacement-leaves", ("BZ-11",), Text("with a reason it leaves", "có lý do thì gửi"))
    STAYS = Check("reasonless-replacement-stays", ("BZ-02",), Text("without one it stays", "thiếu lý do không gửi"))
    checks = (LEAVES, STAYS)

    async def drive(self, stage: Stage) -> None:
        """Both orders."""
        package = await sends(stage, stage.lanes)
        await order_without_reason(stage, **self.order(stage, package.document_id))

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The order that had a reason is the twin."""
        yield from without_reason_stays(self.LEAVES, self.STAYS, evidence, 3)


CASES: tuple[Case, ...] = (Packet(), Shows(), NeedsReason())
