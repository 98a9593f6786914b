"""What the SUT sends again stays what it was: a new document, not an update of itself. DU-03, RF-04 (pitfall 9)."""

from collections.abc import Iterable

from conformance.case import Case, Wave
from conformance.cases.sending.base import Sending, answered, found, leaves, leaving, left, orders
from conformance.cases.steps import told
from conformance.evidence import CaseEvidence, SeenDocument
from conformance.finding import Check, Finding
from conformance.letters import reply
from conformance.stage import Stage
from simulator.words import Text

__all__ = ["CASES"]


def _kinds(documents: Iterable[SeenDocument]) -> str:
    return ", ".join(str(each.package.business_type) for each in documents)


class AfterAnswerLost(Sending):
    """The answer to sendEdoc is lost; what the SUT sends again is the same new document, under the same id."""

    id = "ordering/repetition-stays-new"
    title = Text("Sent again after a lost answer", "Gửi lại khi mất câu trả lời")
    expected = Text(
        "Type 0 and the same DocumentId, at every attempt; one product turned each repetition into an update.",
        "Mọi lần gửi đều loại 0 và cùng DocumentId; có sản phẩm biến mỗi lần gửi lại thành cập nhật.",
    )
    wave = Wave.HAZARD
    LEFT = Check("order-repeated-order-leaves", ("TR-05",), Text("the document leaves", "văn bản rời đi"))
    NEW = Check("order-repetition-stays-new", ("DU-03",), Text("it stays a new document", "vẫn là văn bản mới"))
    ID = Check("order-repetition-keeps-id", ("DU-03", "HD-32"), Text("it keeps its id", "giữ nguyên mã"))
    checks = (LEFT, NEW, ID)

    async def drive(self, stage: Stage) -> None:
        """Two lost answers."""
        async with stage.fault(
            "dropped-after", label="lost", lane=stage.lane, operations=("sendEdoc",), message_type="edoc", times=2
        ):
            await orders(stage)
            await stage.until(
                lambda seen: seen.facts("repeated", system_id=seen.sut.system_id) or len(seen.documents_from_sut()) > 1,
                for_=Text("the SUT to send it once more", "SUT gửi lại một lần nữa"),
                polls=5,
            )
            await stage.quiet(1)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """A repetition of the same bytes is a fact ``repeated``; another one is a second acceptance."""
        yield leaving(self.LEFT, evidence)
        told_ = evidence.order()
        documents = evidence.documents_from_sut()
        again = evidence.facts("repeated", system_id=evidence.sut.system_id)
        evidence.require(
            documents and (again or len(documents) > 1), Text("it was never sent again", "chưa gửi lại lần nào"), told_
        )
        kinds = _kinds(documents)
        yield self.NEW.decide(
            all(each.package.business_type == 0 for each in documents),
            told_,
            *documents,
            *again,
            held=Text("type 0 at every attempt", "mọi lần gửi đều loại 0"),
            broken=Text(f"the types sent: {kinds}", f"các loại đã gửi: {kinds}"),
        )
        ids = sorted({each.package.document_id for each in documents})
        yield self.ID.decide(
            len(ids) == 1,
            told_,
            *documents,
            *again,
            held=Text(f"one id: {ids[0]}", f"một mã: {ids[0]}"),
            broken=Text(f"several ids: {'; '.join(ids)}", f"nhiều mã: {'; '.join(ids)}"),
        )


class AfterRefused(Sending):
    """The receiver refuses; the clerk corrects the document and sends it anew under its number."""

    id = "ordering/corrected-and-sent-anew"
    title = Text("Sent anew after 02", "Gửi lại sau khi bị 02")
    expected = Text(
        "The SUT lets the clerk send the corrected document, as a new one (type 0).",
        "SUT cho văn thư gửi lại văn bản đã sửa dưới dạng văn bản mới (loại 0).",
    )
    LEFT = Check("order-corrected-order-leaves", ("RF-04",), Text("it leaves", "gửi lại được"))
    NEW = Check("order-corrected-order-is-new", ("DU-03", "BZ-01"), Text("as a new document", "là văn bản mới"))
    checks = (LEFT, NEW)

    async def drive(self, stage: Stage) -> None:
        """Sent, refused by the lane, ordered again with another subject."""
        if not await orders(stage):
            return
        await leaves(stage)
        document = found(stage.seen, stage.seen.order())
        if document is None:
            return
        await stage.collect()
        refusal = reply(stage, "02", document.package, description="Thiếu phụ lục, đề nghị gửi lại")
        await told(stage, await stage.send(refusal, label="02"))
        request = {key: value for key, value in stage.seen.order().request.items() if key != "to"}
        if await orders(stage, "again", **{**request, "subject": f"{request['subject']} (đã bổ sung)"}):
            await stage.until(
                lambda seen: len(seen.documents_from_sut()) > 1,
                for_=Text("the corrected document to leave", "văn bản đã sửa rời đi"),
            )

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The refusal must have been taken in."""
        told_, first = left(evidence)
        evidence.taken(evidence.sent("02"))
        record = answered(evidence, "again")
        if record["status"] == 422:
            error = str(record["answer"].get("error", ""))
            yield self.LEFT.broken(
                Text(f"the SUT would not send it again: {error}", f"SUT không cho gửi lại: {error}"), told_, record
            )
        later = [each for each in evidence.documents_from_sut() if each.n > evidence.sent("02").n]
        if record["status"] != 422:
            yield evidence.expect(
                self.LEFT,
                later,
                record,
                held=Text("it left again", "đã gửi lại"),
                broken=Text("the corrected document never left", "văn bản đã sửa không rời đi"),
            )
        evidence.require(later, Text("it was not sent again", "chưa gửi lại"), record)
        kinds = _kinds(later)
        yield self.NEW.decide(
            all(each.package.business_type == 0 for each in later),
            first,
            *later,
            held=Text("type 0", "loại 0"),
            broken=Text(f"sent as type {kinds}", f"gửi với loại {kinds}"),
        )


CASES: tuple[Case, ...] = (AfterAnswerLost(), AfterRefused())
