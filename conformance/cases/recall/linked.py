"""Which document a recall means: by DocumentId, in each of the three places, and after an update. BZ-13, BZ-14."""

from collections.abc import Iterable

from conformance.case import Case
from conformance.cases.changes import (
    answers,
    first_answer,
    gone,
    held_before,
    hold,
    hold_all,
    recall_of,
    settle,
    stands,
    update_of,
)
from conformance.cases.recall.applied import is_recalled
from conformance.evidence import CaseEvidence
from conformance.finding import Check, Finding
from conformance.letters import letter
from conformance.stage import Stage
from simulator.protocol.package import Code
from simulator.words import Text

__all__ = ["CASES"]

PLACES = ("header", "response", "business")


class NamedInEachPlace(Case):
    """Three recalls name their document in MessageHeader, in ResponseFor, in Bussiness: each is found."""

    id = "recall/named-in-each-place"
    title = Text("The recalled document is named in each of the three places", "Nêu văn bản thu hồi ở từng vị trí")
    expected = Text(
        "Whether MessageHeader, ResponseFor or Bussiness has the DocumentId: the right document is recalled.",
        "Dù DocumentId nằm ở MessageHeader, ResponseFor hay Bussiness, đúng văn bản đó được thu hồi.",
    )
    capability = "recall"
    HEADER = Check("recalled-by-header-id", ("BZ-13",), Text("by MessageHeader", "theo MessageHeader"))
    RESPONSE = Check("recalled-by-response-for", ("BZ-13",), Text("by ResponseFor", "theo ResponseFor"))
    BUSINESS = Check("recalled-by-business-id", ("BZ-13",), Text("by Bussiness", "theo Bussiness"))
    checks = (HEADER, RESPONSE, BUSINESS)

    async def drive(self, stage: Stage) -> None:
        """Three documents in one poll, three recalls in the next, one look."""
        packages = {place: letter(stage) for place in PLACES}
        documents = await hold_all(stage, packages)
        recalls = [
            await stage.send(recall_of(stage, package, named=(place,)), label=f"recall by {place}")
            for place, package in packages.items()
        ]
        for recall, document in zip(recalls, documents, strict=True):
            await settle(stage, recall, document)
        await stage.look("in")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Each by itself: this one recalled and agreed to."""
        look = evidence.look("in")
        for check, place in zip(self.checks, PLACES, strict=True):
            document, recall = evidence.sent(place), evidence.sent(f"recall by {place}")
            evidence.taken(recall)
            before, said = held_before(evidence, document), answers(evidence, recall, document)
            found = is_recalled(document, look) and any(each.code == "15" for each in said)
            yield check.decide(
                found,
                before,
                recall,
                *said,
                look,
                held=Text("found and recalled", "tìm đúng văn bản và đã thu hồi"),
                broken=Text(
                    f"the document that only {place} named was not recalled",
                    f"văn bản chỉ nêu ở {place} không được thu hồi",
                ),
            )


class AfterUpdate(Case):
    """Document, update, recall: in the end it is recalled, and both changes stand in the book."""

    id = "recall/after-an-update"
    title = Text("New, then updated, then recalled", "Văn bản mới, cập nhật, rồi thu hồi")
    expected = Text(
        "The update is applied, the recall as well; the history shows an update and a recall.",
        "Cập nhật được thực hiện, thu hồi cũng vậy; lịch sử có một lần cập nhật và một lần thu hồi.",
    )
    capability = "recall"
    GONE = Check("updated-then-recalled", ("BZ-05", "BZ-13"), Text("in the end recalled", "cuối cùng bị thu hồi"))
    HISTORY = Check("two-history-entries", ("BZ-13",), Text("both stand in the book", "sổ ghi cả hai lần"))
    checks = (GONE, HISTORY)

    def applies(self, *, roles: Iterable[str], capabilities: Iterable[str]) -> bool:
        """Both must be claimed."""
        claimed = set(capabilities)
        return "update" in claimed and super().applies(roles=roles, capabilities=claimed)

    async def drive(self, stage: Stage) -> None:
        """0, 2, 1."""
        package = letter(stage)
        document = await hold(stage, package)
        update = await stage.send(update_of(stage, package), label="update")
        await settle(stage, update, document)
        recall = await stage.send(recall_of(stage, package), label="recall")
        await settle(stage, recall)
        await stage.look("in")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The state of the document, then the two rows beside it."""
        document, update, recall = evidence.sent(), evidence.sent("update"), evidence.sent("recall")
        taken, look = (evidence.taken(update), evidence.taken(recall)), evidence.look("in")
        yield gone(self.GONE, evidence, look, document, *taken)
        updates = [row for row in look.of(update.document_id) if row.get("kind") == "update"]
        recalls = [
            row
            for row in look.rows
            if row.get("kind") == "recall" and document.document_id in (row.get("document_id"), row.get("refers_to"))
        ]
        shown = f"{len(updates)} update, {len(recalls)} recall"
        yield self.HISTORY.decide(
            updates and recalls,
            *taken,
            look,
            held=Text(shown, f"{len(updates)} cập nhật, {len(recalls)} thu hồi"),
            broken=Text(
                f"the incoming book shows {shown}",
                f"sổ đến có {len(updates)} lần cập nhật, {len(recalls)} lần thu hồi",
            ),
        )


class ByIdNotByNumber(Case):
    """The recall's DocumentId means one document, its number another one: the id counts."""

    id = "recall/by-id-not-by-number"
    title = Text("The number in the recall is another document's", "Số ghi trong gói thu hồi là của văn bản khác")
    expected = Text(
        "The document of that DocumentId is recalled; the one that bears the number stays as it is.",
        "Văn bản mang đúng DocumentId bị thu hồi; văn bản mang số đó giữ nguyên.",
    )
    capability = "recall"
    FOUND = Check("recall-found-by-id", ("BZ-14", "HD-32"), Text("the id is what counts", "tính theo mã văn bản"))
    OTHER = Check("recall-spares-the-number", ("BZ-14",), Text("the other one stays", "văn bản kia giữ nguyên"))
    checks = (FOUND, OTHER)

    async def drive(self, stage: Stage) -> None:
        """Two documents of one unit; the recall of the first bears the number of the second."""
        first, second = letter(stage, number="1234"), letter(stage, number="4321")
        await hold_all(stage, {"document": first, "other": second})
        number: Code | None = second.code
        recall = await stage.send(recall_of(stage, first, code=number), label="recall")
        await settle(stage, recall)
        await stage.look("in")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The one named, then the one that is only alike."""
        document, recall = evidence.sent(), evidence.sent("recall")
        taken, look = evidence.taken(recall), evidence.look("in")
        yield gone(self.FOUND, evidence, look, document, taken)
        answer = first_answer(evidence, recall)
        yield stands(self.OTHER, evidence, look, evidence.sent("other"), taken, answer)


CASES: tuple[Case, ...] = (NamedInEachPlace(), AfterUpdate(), ByIdNotByNumber())
