"""The same file, or only the same name, in what the SUT received and in what it sends. AT-01, AT-07, LG-04."""

from collections.abc import Iterable
from typing import ClassVar

from conformance.case import Case, Role
from conformance.cases.changes import answers, of_type, recall_of, settle
from conformance.cases.sending.base import leaves, orders
from conformance.cases.sharing.kit import (
    bearing,
    clerk_file,
    file_kept,
    file_sent,
    file_shown,
    files_of_rows,
    rows,
)
from conformance.cases.steps import arrive, looked_after
from conformance.evidence import CaseEvidence
from conformance.finding import Check, Cited, Finding
from conformance.letters import pdf
from conformance.stage import Stage, StageEnd
from simulator.protocol.package import Package
from simulator.words import Text

__all__ = ["CASES"]

_LEAVES = Text("the recall to leave", "gói thu hồi rời đi")
_SENT = ("sent", "queued")


class _BothWays(Case):
    """The SUT receives a file, and its clerk sends one of the same name."""

    role = Role.BOTH
    same: ClassVar[bool] = True

    async def exchange(self, stage: Stage) -> tuple[Package, bytes]:
        """One document in, one out; gives the package of the one and the file of the other."""
        received = pdf(stage.random)
        sent = received if self.same else pdf(stage.random)
        package = bearing(stage, received)
        await arrive(stage, await stage.send(package))
        if await orders(stage, "ours", attachments=clerk_file(sent)):
            await leaves(stage, "ours")
        return package, sent


class ReceivedRecalled(_BothWays):
    """The received document is recalled; what we sent, and send, with that file is unharmed."""

    id = "sharing/received-recalled"
    title = Text("A file received and sent on; the received one is recalled", "Tệp đã nhận và gửi đi; thu hồi bản nhận")
    expected = Text(
        "The recall takes the received document only: the sent one still has its file, and the file can be sent again.",
        "Thu hồi chỉ tác động văn bản đã nhận: văn bản đã gửi còn nguyên tệp, và tệp vẫn gửi lại được.",
    )
    capability = "recall"
    KEPT = Check("sent-file-survives-recall", ("LG-04", "AT-07"), Text("what was sent stands", "bản đã gửi còn nguyên"))
    AGAIN = Check("shared-file-sent-again", ("AT-01", "AT-07"), Text("it leaves whole again", "gửi lại nguyên vẹn"))
    checks = (KEPT, AGAIN)

    async def drive(self, stage: Stage) -> None:
        """In, out, recall, out once more."""
        package, data = await self.exchange(stage)
        await stage.look("out", label="before")
        await settle(stage, await stage.send(recall_of(stage, package), label="packet"), stage.seen.sent())
        await stage.quiet(1)
        if await orders(stage, "again", attachments=clerk_file(data)):
            await leaves(stage, "again")
        await stage.look("out", label="after")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """What was not recalled endangers nothing. Files of the out-box are compared where it shows any."""
        document, packet = evidence.sent(), evidence.sent("packet")
        done = [each for each in answers(evidence, packet, document) if each.code == "15"]
        evidence.require(done, Text("the recall was not carried out", "thu hồi chưa được thực hiện"), packet)
        yield self._kept(evidence, *done)
        yield file_sent(self.AGAIN, evidence, "again", *done)

    def _kept(self, evidence: CaseEvidence, *done: Cited) -> Finding:
        told, before, after = evidence.order("ours"), evidence.look("out", "before"), evidence.look("out", "after")
        looked_after(evidence, after, *done)
        because = Text("it was never shown as sent", "chưa từng hiển thị là đã gửi")
        evidence.require(any(row.get("state") in _SENT for row in rows(before, told.document_id)), because, before)
        was, now = files_of_rows(before, told.document_id), files_of_rows(after, told.document_id)
        states = ", ".join(sorted(str(row.get("state")) for row in rows(after, told.document_id))) or "–"
        stands = any(row.get("state") in _SENT for row in rows(after, told.document_id))
        return self.KEPT.decide(
            stands and now == was,
            told,
            before,
            *done,
            after,
            held=Text(f"{states}, {now.total()} files as before", f"{states}, {now.total()} tệp như trước"),
            broken=Text(
                f"it is {states}, with {(now & was).total()} of its {was.total()} files",
                f"nay là {states}, còn {(now & was).total()} trong {was.total()} tệp",
            ),
        )


class OwnRecalled(_BothWays):
    """The SUT recalls what it sent; the document that it received with the same file stands."""

    id = "sharing/own-recalled"
    title = Text("A file received and sent on; the sent one is recalled", "Tệp đã nhận và gửi đi; thu hồi bản gửi")
    expected = Text(
        "Recalling one's own document takes nothing from the one that came from elsewhere.",
        "Thu hồi văn bản của mình không làm mất tệp của văn bản đến từ nơi khác.",
    )
    capability = "recall"
    KEPT = Check("received-file-survives-own-recall", ("AT-07", "HD-36"), Text("it is whole", "tệp còn nguyên vẹn"))
    checks = (KEPT,)

    async def drive(self, stage: Stage) -> None:
        """In, out, recall."""
        await self.exchange(stage)
        await stage.look("in", label="before")
        if not stage.seen.documents_from_sut():
            raise StageEnd("the document never left")
        ours = stage.seen.order("ours")
        changed = {"kind": "recall", "refers_to": ours.document_id, "reason": "Ban hành nhầm"}
        await stage.order(label="recall", **{**ours.request, **changed})
        await stage.until(lambda seen: of_type(seen, 1), for_=_LEAVES)
        await stage.quiet(1)
        await stage.look("in", label="after")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The recall packet is what shows that ours was recalled."""
        document, recalls = evidence.sent(), of_type(evidence, 1)
        evidence.require(recalls, Text("no recall left", "không có gói thu hồi rời đi"), document)
        yield file_kept(self.KEPT, evidence, document, *recalls)


class OneName(_BothWays):
    """The clerk sends a file that bears the name of one that was received, and is another one."""

    id = "sharing/one-name-both-ways"
    title = Text("A sent file named like a received one", "Tệp gửi đi trùng tên tệp đã nhận")
    expected = Text(
        "Each keeps its bytes: the packet bears the clerk's file, the received document its own.",
        "Mỗi tệp giữ nội dung của mình: gói tin mang tệp của văn thư, văn bản đã nhận giữ tệp của nó.",
    )
    same = False
    SENT = Check("same-name-sent-is-the-clerks", ("AT-07", "AT-01"), Text("the clerk's file leaves", "gửi đúng tệp"))
    KEPT = Check("same-name-received-kept", ("AT-07", "HD-36"), Text("the received one stays", "tệp nhận giữ nguyên"))
    checks = (SENT, KEPT)

    async def drive(self, stage: Stage) -> None:
        """In, out, and a look."""
        await self.exchange(stage)
        await stage.quiet(1)
        await stage.look("in")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """What left, and what is still there."""
        document, told = evidence.sent(), evidence.order("ours")
        yield file_sent(self.SENT, evidence, "ours", evidence.taken(document))
        yield file_shown(self.KEPT, evidence, document, told)


CASES: tuple[Case, ...] = (ReceivedRecalled(), OwnRecalled(), OneName())
