"""The same document again: the clerk is warned, nothing is registered twice. DU-01, DU-02 (NĐ 30/2020 PL VI)."""

from collections.abc import Iterable
from dataclasses import replace

from conformance.case import Case
from conformance.cases.steps import arrive, settled
from conformance.evidence import CaseEvidence, Look, Sent
from conformance.finding import Check, Finding
from conformance.letters import files, letter, pdf
from conformance.stage import Stage
from simulator.words import Text

__all__ = ["CASES"]


def _warned(look: Look, document: Sent) -> bool:
    return any("duplicate" in (row.get("warnings") or ()) for row in look.of(document.document_id))


class SameDocumentTwice(Case):
    """One DocumentId arrives twice: the second copy is marked, and confirmed like any other package."""

    id = "receiving/same-document-twice"
    title = Text("The same document twice", "Cùng một văn bản đến hai lần")
    expected = Text(
        "The second copy is confirmed 'done', the clerk sees a duplicate warning; at most one row is without it.",
        "Bản thứ hai được xác nhận 'done', văn thư thấy cảnh báo trùng và tối đa một dòng không có cảnh báo.",
    )
    DONE = Check("second-copy-confirmed", ("ST-13",), Text("the second copy is confirmed", "xác nhận bản thứ hai"))
    WARNED = Check("duplicate-warned", ("DU-01",), Text("the clerk is warned", "văn thư được cảnh báo"))
    ONE = Check(
        "duplicate-not-registered-twice", ("DU-02",), Text("one document, not two", "một văn bản, không phải hai")
    )
    checks = (DONE, WARNED, ONE)

    async def drive(self, stage: Stage) -> None:
        """The same header twice; the second copy has another file, so that the axis itself does not join them."""
        package = letter(stage)
        first = await stage.send(package, label="first")
        await arrive(stage, first)
        manifest, attachments = files(("van-ban.pdf", pdf(stage.random)))
        second = await stage.send(replace(package, manifest=manifest, attachments=attachments), label="second")
        await settled(stage, second)
        await stage.quiet(1)
        await stage.look("in")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The first copy is the twin."""
        first, second = evidence.sent("first"), evidence.sent("second")
        taken = evidence.taken(first)
        evidence.require(evidence.fetched(first), Text("the first was never fetched", "bản đầu chưa được tải"), taken)
        yield evidence.expect(
            self.DONE,
            evidence.confirmed(second, "done"),
            second,
            held=Text("confirmed with 'done'", "đã xác nhận 'done'"),
            broken=Text("the second copy was not confirmed with 'done'", "bản thứ hai không được xác nhận 'done'"),
        )
        evidence.taken(second)
        look = evidence.look("in")
        rows = look.of(second.document_id)
        yield self.WARNED.decide(
            _warned(look, second),
            first,
            second,
            look,
            held=Text("the warning 'duplicate' is shown", "có cảnh báo trùng"),
            broken=Text(f"{len(rows)} rows, none warns of a duplicate", f"{len(rows)} dòng, không có cảnh báo trùng"),
        )
        plain = [row for row in look.counted(second.document_id) if "duplicate" not in (row.get("warnings") or ())]
        evidence.require(rows, Text("the document is not listed at all", "văn bản không có trong danh sách"), look)
        yield self.ONE.decide(
            len(plain) <= 1,
            first,
            second,
            look,
            held=Text("at most one row without the warning", "tối đa một dòng không có cảnh báo"),
            broken=Text(f"{len(plain)} rows look like documents of their own", f"{len(plain)} dòng như văn bản riêng"),
        )


class SameNumber(Case):
    """Number, notation and sender exist already under another DocumentId: the clerk is warned."""

    id = "receiving/same-number"
    title = Text("The same number under another id", "Trùng số, ký hiệu nhưng khác mã văn bản")
    expected = Text(
        "Number, notation and issuing unit together are a duplicate; another number is none.",
        "Trùng số, ký hiệu và cơ quan ban hành là văn bản trùng; số khác thì không.",
    )
    WARNED = Check("same-number-warned", ("DU-01",), Text("the clerk is warned", "văn thư được cảnh báo"))
    QUIET = Check("other-number-not-warned", ("DU-02", "DU-01"), Text("no false alarm", "không báo trùng nhầm"))
    checks = (WARNED, QUIET)

    async def drive(self, stage: Stage) -> None:
        """Two letters of one number, one of another."""
        first = letter(stage, number="721", notation="VP-TH")
        again = letter(stage, number="721", notation="VP-TH", document_id=f"{first.document_id}-B")
        other = letter(stage, number="722", notation="VP-TH")
        await arrive(stage, await stage.send(first, label="first"))
        sent = [await stage.send(again, label="again"), await stage.send(other, label="other")]
        await settled(stage, *sent)
        await stage.quiet(1)
        await stage.look("in")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The warning where it belongs, and only there."""
        again, other = evidence.sent("again"), evidence.sent("other")
        evidence.taken(evidence.sent("first"))
        evidence.taken(again)
        look = evidence.look("in")
        rows = look.of(again.document_id)
        evidence.require(rows, Text("the second is not listed", "văn bản thứ hai không có trong danh sách"), look)
        yield self.WARNED.decide(
            _warned(look, again),
            again,
            look,
            held=Text("the warning 'duplicate' is shown", "có cảnh báo trùng"),
            broken=Text("no warning of a duplicate", "không có cảnh báo trùng"),
        )
        evidence.taken(other)
        evidence.require(
            look.of(other.document_id), Text("the other is not listed", "văn bản khác số không được liệt kê"), look
        )
        unwarned = Text("no duplicate is ever called one", "SUT chưa từng cảnh báo trùng")
        evidence.require(_warned(look, again), unwarned, look)
        yield self.QUIET.decide(
            not _warned(look, other),
            other,
            look,
            held=Text("the other number is no duplicate", "số khác không bị báo trùng"),
            broken=Text("a document of another number is called a duplicate", "văn bản khác số bị báo trùng"),
        )


CASES: tuple[Case, ...] = (SameDocumentTwice(), SameNumber())
