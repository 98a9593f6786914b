"""Too early: an update, a recall, a 13 before its document, a status before anybody knows of what. BZ-08, BZ-14."""

from collections.abc import Iterable

from conformance.case import Case, Role
from conformance.cases.changes import answers, recall_of, require_taken, settle, update_of
from conformance.cases.sending.base import leaves, orders
from conformance.cases.steps import arrive, codes, settled, told
from conformance.evidence import CaseEvidence, SeenStatus, Sent
from conformance.finding import Check, Finding
from conformance.letters import letter, status
from conformance.stage import Stage
from simulator.protocol.package import Package, Packet
from simulator.words import Text

__all__ = ["CASES"]

_TOGETHER = Text(
    "the document left before the SUT had confirmed what was to come ahead of it, so the order was never exercised",
    "văn bản đã đi trước khi SUT xác nhận gói phải đến sớm hơn, nên thứ tự này chưa được kiểm",
)


class _Early(Case):
    """Something that speaks of a document comes first, then the document."""

    ANSWERED: Check
    TRUE: Check

    def ahead(self, stage: Stage, package: Package) -> Packet:
        """What comes before the document. Raises NotImplementedError: every case writes its own."""
        raise NotImplementedError

    async def drive(self, stage: Stage) -> None:
        """The first is confirmed before the document leaves: no poll brings both."""
        package = letter(stage)
        stage.note("subject", subject=package.subject)
        ahead = await stage.send(self.ahead(stage, package), label="ahead")
        await settled(stage, ahead)
        await stage.quiet(1)
        document = await stage.send(package)
        await arrive(stage, document)
        await settle(stage, ahead, document)
        await stage.look("in")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Whatever the answer is, the box has to agree with it."""
        ahead, document = evidence.sent("ahead"), evidence.sent()
        taken, accepted = evidence.taken(ahead), evidence.facts("accepted", doc_id=document.doc_id)
        evidence.require(accepted and taken.n < accepted[0].n, _TOGETHER, ahead, document)
        seen = answers(evidence, ahead, document)
        if seen and all(each.code == "02" for each in seen):  # no answer from a system that gives everything back
            require_taken(evidence, document)
        yield evidence.expect(
            self.ANSWERED,
            seen,
            document,
            held=Text(f"answered with {codes(seen)}", f"đã trả lời {codes(seen)}"),
            broken=Text("it was never answered", "không bao giờ được trả lời"),
        )
        evidence.require(seen, Text("it was never answered", "không được trả lời"), ahead)
        evidence.taken(document)
        yield self.agrees(evidence, seen[-1], document)

    def agrees(self, evidence: CaseEvidence, answer: SeenStatus, document: Sent) -> Finding:
        """The state of the document in the box, after 15 and after anything else."""
        look = evidence.look("in")
        rows = look.itself(document.document_id)
        done = answer.code == "15"
        standing = [row for row in rows if row.get("state") not in ("recalled", "refused")]
        good = not standing if done else bool(standing)
        states = look.state(document.document_id) or "–"
        return self.TRUE.decide(
            good,
            answer,
            document,
            look,
            held=Text(f"answered {answer.code}, states: {states}", f"trả lời {answer.code}, trạng thái: {states}"),
            broken=Text(
                f"answered {answer.code}, but the document's states are: {states}",
                f"trả lời {answer.code} nhưng trạng thái văn bản là: {states}",
            ),
        )


class UpdateFirst(_Early):
    """An update arrives before the document that it changes."""

    id = "ordering/update-before-original"
    title = Text("The update before its original", "Cập nhật đến trước văn bản gốc")
    expected = Text(
        "Refused by 16 with a reason, or kept and applied when the original comes (15); the shown content agrees with "
        "the answer.",
        "Từ chối bằng 16 kèm lý do, hoặc giữ lại và áp dụng khi văn bản gốc đến (15); nội dung hiển thị khớp trả lời.",
    )
    capability = "update"
    ANSWERED = Check("order-early-update-answered", ("BZ-14",), Text("it is answered", "được trả lời"))
    TRUE = Check("order-early-update-true", ("BZ-13", "BZ-14"), Text("the answer is true", "trả lời đúng thực tế"))
    checks = (ANSWERED, TRUE)

    def ahead(self, stage: Stage, package: Package) -> Packet:
        """With a subject of its own."""
        update = update_of(stage, package)
        stage.note("changed", subject=update.subject)
        return update

    def agrees(self, evidence: CaseEvidence, answer: SeenStatus, document: Sent) -> Finding:
        """The subject that the box shows."""
        look = evidence.look("in")
        subjects = sorted({str(row.get("subject")) for row in look.itself(document.document_id)})
        shown = "; ".join(subjects)
        wanted = evidence.noted("changed" if answer.code == "15" else "subject")["values"]["subject"]
        return self.TRUE.decide(
            wanted in subjects,
            answer,
            document,
            look,
            held=Text(f"answered {answer.code}; shown: '{shown}'", f"trả lời {answer.code}; hiển thị: '{shown}'"),
            broken=Text(
                f"answered {answer.code}; shown is '{shown}', not '{wanted}'",
                f"trả lời {answer.code}; hiển thị '{shown}', không phải '{wanted}'",
            ),
        )


class RecallFirst(_Early):
    """A recall arrives before the document that it recalls."""

    id = "ordering/recall-before-original"
    title = Text("The recall before its original", "Thu hồi đến trước văn bản gốc")
    expected = Text(
        "16 with a reason and the document stands, or 15 and the document is recalled as soon as it comes.",
        "16 kèm lý do và văn bản vẫn hiệu lực, hoặc 15 và văn bản bị thu hồi ngay khi đến.",
    )
    capability = "recall"
    ANSWERED = Check("order-early-recall-answered", ("BZ-14",), Text("it is answered", "được trả lời"))
    TRUE = Check("order-early-recall-true", ("BZ-14", "BZ-13"), Text("the answer is true", "trả lời đúng thực tế"))
    checks = (ANSWERED, TRUE)

    def ahead(self, stage: Stage, package: Package) -> Packet:
        """Under the document's own id, as the samples have it."""
        return recall_of(stage, package)


class TakeBackFirst(_Early):
    """Status 13 arrives before the document that is asked back."""

    id = "ordering/take-back-before-document"
    title = Text("13 before its document", "13 đến trước văn bản")
    expected = Text(
        "16 and the document stands, or 15 and it is given back as soon as it comes; not silence.",
        "16 và văn bản vẫn hiệu lực, hoặc 15 và văn bản được trả lại ngay khi đến; không im lặng.",
    )
    capability = "take_back"
    ANSWERED = Check("order-early-13-answered", ("BZ-08",), Text("it is answered", "được trả lời"))
    TRUE = Check("order-early-13-true", ("BZ-08",), Text("the answer is true", "trả lời đúng thực tế"))
    checks = (ANSWERED, TRUE)

    def ahead(self, stage: Stage, package: Package) -> Packet:
        """All members as they will stand in the document."""
        return status(
            stage,
            "13",
            organ=stage.sut.organ,
            document_id=package.document_id,
            document_code=package.code.text if package.code else "",
            issued=package.promulgation.issued if package.promulgation else None,
            description="Gửi nhầm, đề nghị lấy lại",
        )


class UnknownDocument(Case):
    """A status speaks of a document that the SUT never sent: confirmed, and nothing comes of it."""

    id = "ordering/status-of-unknown-document"
    title = Text("A status about nothing", "Trạng thái của văn bản không tồn tại")
    expected = Text(
        "It is confirmed, so that it leaves the list, and no row appears in the out-box.",
        "Được xác nhận để rời khỏi danh sách, hộp đi không có thêm dòng nào.",
    )
    role = Role.SENDER
    CONFIRMED = Check("order-unknown-status-confirmed", ("TR-05", "ST-13"), Text("it is confirmed", "được xác nhận"))
    NOTHING = Check("order-unknown-status-no-row", ("ST-03",), Text("no row appears", "không thêm dòng nào"))
    checks = (CONFIRMED, NOTHING)

    async def drive(self, stage: Stage) -> None:
        """01 and 03 about an id that the SUT could have given."""
        made_up = f"{stage.sut.organ},{stage.now():%Y/%m/%d},{stage.random.randint(20_000, 90_000)}/UBND-VP"
        for code in ("01", "03"):
            packet = status(
                stage, code, organ=stage.sut.organ, document_id=made_up, document_code=made_up.rsplit(",", 1)[-1],
                issued=stage.now().date(),
            )  # fmt: skip
            await told(stage, await stage.send(packet, label=code))
        await stage.quiet(1)
        if await orders(stage):  # the twin: a row that the box has to show
            await leaves(stage)
        await stage.look("out")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Both, then the box."""
        sent = [evidence.sent("01"), evidence.sent("03")]
        confirmed = [evidence.confirmed(each) for each in sent]
        fetched = all(evidence.fetched(each) for each in sent)
        evidence.require(
            fetched or not all(confirmed), Text("they were confirmed unread", "xác nhận mà không tải"), sent[-1]
        )
        yield evidence.expect(
            self.CONFIRMED,
            [each[0] for each in confirmed] if all(confirmed) else (),
            sent[-1],
            held=Text("both are confirmed", "đã xác nhận cả hai"),
            broken=Text("it stays in the list unconfirmed", "vẫn nằm trong danh sách, chưa xác nhận"),
        )
        evidence.taken(sent[0])
        look = evidence.look("out")
        rows = look.of(sent[0].document_id)
        known = rows or look.of(evidence.order().document_id)
        evidence.require(known, Text("not even what was sent is listed", "văn bản đã gửi cũng không hiện"), look)
        yield self.NOTHING.decide(
            not rows,
            *sent,
            look,
            held=Text("no row bears that id", "không có dòng nào mang mã đó"),
            broken=Text(f"{len(rows)} rows bear an id that was never sent", f"{len(rows)} dòng mang mã chưa từng gửi"),
        )


CASES: tuple[Case, ...] = (UpdateFirst(), RecallFirst(), TakeBackFirst(), UnknownDocument())
