"""Which kinds count: new, update and replace are documents, a recall speaks of one (contract, section 4). LG-02."""

from collections.abc import Iterable

from conformance.case import Case, Role
from conformance.cases.changes import (
    CORRECTED,
    RECALLED,
    again,
    answers,
    hold,
    hold_all,
    recall_of,
    replacement_of,
    settle,
    update_of,
)
from conformance.cases.statistics.kit import Counted, counted, read, reading
from conformance.cases.status.sender import sends
from conformance.cases.steps import arrive
from conformance.evidence import CaseEvidence
from conformance.finding import Check, Finding
from conformance.letters import letter
from conformance.stage import Stage
from simulator.words import Text

__all__ = ["CASES"]

_NEEDED = frozenset({"update", "replace", "recall"})


class _Kinds(Counted):
    """Needs a SUT that claims all three."""

    def applies(self, *, roles: Iterable[str], capabilities: Iterable[str]) -> bool:
        """Statistics, and each kind that is counted."""
        claimed = frozenset(capabilities)
        return claimed >= _NEEDED and super().applies(roles=roles, capabilities=claimed)


class KindsReceived(_Kinds):
    """An update and a replacement arrive."""

    id = "statistics/kinds-received"
    title = Text("Which kinds count as received", "Loại văn bản được tính vào số nhận")
    expected = Text(
        "The update and the replacement are documents of their own.",
        "Văn bản cập nhật và văn bản thay thế được tính là văn bản.",
    )
    UPDATE = Check("stats-update-received-counted", ("BZ-01", "LG-02"), Text("an update counts", "tính bản cập nhật"))
    REPLACEMENT = Check(
        "stats-replacement-received-counted", ("BZ-01", "LG-02"), Text("a replacement too", "tính bản thay thế")
    )
    checks = (UPDATE, REPLACEMENT)

    async def drive(self, stage: Stage) -> None:
        """Each on a document of its own, with a reading before and after."""
        packages = [letter(stage) for _ in range(2)]
        held = await hold_all(stage, {f"document {at}": package for at, package in enumerate(packages)})
        await read(stage, "held")
        await settle(stage, await stage.send(update_of(stage, packages[0]), label="update"), held[0])
        await read(stage, "updated")
        await arrive(stage, await stage.send(replacement_of(stage, packages[1].document_id), label="replace"))
        await read(stage, "replaced")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Only what was carried out counts, so 15 and 01 are asked for first."""
        update, replacement = evidence.sent("update"), evidence.sent("replace")
        done = tuple(each for each in answers(evidence, update, evidence.sent("document 0")) if each.code == "15")
        evidence.require(done, Text("the update was not carried out", "chưa thực hiện cập nhật"), update)
        yield counted(self.UPDATE, evidence, "received", between=("held", "updated"), wanted=1, cites=done[:1])
        arrived = evidence.statuses_from_sut(replacement, "01")
        evidence.require(arrived, Text("the replacement did not arrive", "bản thay thế chưa đến"), replacement)
        yield counted(
            self.REPLACEMENT, evidence, "received", between=("updated", "replaced"), wanted=1, cites=arrived[:1]
        )


class RecallReceived(Counted):
    """A recall arrives for a document that was counted."""

    id = "statistics/recall-received"
    title = Text("A recall is no document", "Yêu cầu thu hồi không phải là văn bản")
    expected = Text(
        "The recall is not counted as received; the recalled document may go out of the figures with it.",
        "Yêu cầu thu hồi không được tính vào số nhận; văn bản bị thu hồi có thể được trừ ra.",
    )
    RECALL = Check(
        "stats-recall-received-not-counted", ("BZ-01", "LG-02"), Text("a recall does not", "không tính thu hồi")
    )
    checks = (RECALL,)

    def applies(self, *, roles: Iterable[str], capabilities: Iterable[str]) -> bool:
        """Both must be claimed."""
        claimed = frozenset(capabilities)
        return "recall" in claimed and super().applies(roles=roles, capabilities=claimed)

    async def drive(self, stage: Stage) -> None:
        """A reading before and after the recall."""
        package = letter(stage)
        document = await hold(stage, package)
        await read(stage, "held")
        await settle(stage, await stage.send(recall_of(stage, package), label="recall"), document)
        await read(stage, "recalled")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The document was counted before, so the figures live."""
        taken, one, two = (
            evidence.taken(evidence.sent("recall")), reading(evidence, "held"), reading(evidence, "recalled")
        )  # fmt: skip
        evidence.require(one.received, Text("not even the document was counted", "văn bản cũng chưa được đếm"), one)
        yield self.RECALL.decide(  # it may be gone from the figures with the document itself
            two.received is not None and one.received is not None and two.received <= one.received,
            taken,
            one,
            two,
            held=Text(f"received: {one.received} → {two.received}", f"số nhận: {one.received} → {two.received}"),
            broken=Text(
                f"received: {one.received} → {two.received} by a recall",
                f"số nhận: {one.received} → {two.received} vì một yêu cầu thu hồi",
            ),
        )


class KindsSent(_Kinds):
    """The SUT sends a document, updates it, replaces it, and recalls what replaced it."""

    id = "statistics/kinds-sent"
    role = Role.SENDER
    title = Text("Which kinds count as sent", "Loại văn bản được tính vào số gửi")
    expected = Text(
        "The update and the replacement are documents of their own, the recall is none.",
        "Văn bản cập nhật và văn bản thay thế được tính là văn bản; yêu cầu thu hồi thì không.",
    )
    UPDATE = Check("stats-update-sent-counted", ("BZ-01", "LG-02"), Text("an update counts", "tính bản cập nhật"))
    REPLACEMENT = Check(
        "stats-replacement-sent-counted", ("BZ-01", "LG-02"), Text("a replacement too", "tính bản thay thế")
    )
    RECALL = Check("stats-recall-sent-not-counted", ("BZ-01", "LG-02"), Text("a recall does not", "không tính thu hồi"))
    checks = (UPDATE, REPLACEMENT, RECALL)

    async def drive(self, stage: Stage) -> None:
        """One after the other, with a reading after each."""
        package = await sends(stage, stage.lanes)
        await stage.quiet(1)
        await read(stage, "sent")
        await again(stage, label="update", kind="update", refers_to=package.document_id, reason=CORRECTED)
        await read(stage, "update")
        number = str(stage.random.randint(10_000, 99_999))
        new = await again(
            stage, label="replace", kind="replace", refers_to=package.document_id, reason=CORRECTED, code_number=number
        )
        await read(stage, "replace")
        await again(stage, label="recall", kind="recall", refers_to=new.document_id, reason=RECALLED)
        await read(stage, "recall")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The packets of each kind that the axis took."""
        yield self._grown(evidence, self.UPDATE, 2, ("sent", "update"), wanted=1)
        yield self._grown(evidence, self.REPLACEMENT, 3, ("update", "replace"), wanted=1)
        yield self._grown(evidence, self.RECALL, 1, ("replace", "recall"), wanted=0)

    def _grown(
        self, evidence: CaseEvidence, check: Check, kind: int, between: tuple[str, str], *, wanted: int
    ) -> Finding:
        packets = tuple(each for each in evidence.documents_from_sut() if each.package.business_type == kind)
        never = Text(f"no packet of type {kind} left", f"không có gói loại {kind} nào rời đi")
        evidence.require(packets, never)
        return counted(check, evidence, "sent", between=between, wanted=wanted, cites=packets[:1])


CASES: tuple[Case, ...] = (KindsReceived(), RecallReceived(), KindsSent())
