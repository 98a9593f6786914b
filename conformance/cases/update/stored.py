"""An update changes more than subject and files: type, urgency, due date, signer, content. BZ-13."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from conformance.case import Case
from conformance.cases.changes import update_of
from conformance.cases.particulars import MEMBERS, stored
from conformance.cases.update.shown import UpdateOfOne
from conformance.evidence import CaseEvidence
from conformance.finding import Check, Finding
from conformance.stage import Stage
from simulator.protocol.package import DocumentType, Package, Signer
from simulator.words import Text

__all__ = ["CASES"]


class Particulars(UpdateOfOne):
    """An update brings another type, urgency, due date, signer and content: the document bears those."""

    id = "update/new-particulars"
    title = Text("Type, urgency and the rest after an update", "Loại, độ khẩn và các mục khác sau khi cập nhật")
    expected = Text(
        "Where the SUT shows them, the document bears what the update says.",
        "Nếu SUT hiển thị thì văn bản phải mang thông tin của gói cập nhật.",
    )
    SHOWN = Check("updated-particulars-shown", ("BZ-13",), Text("the new ones are shown", "hiển thị thông tin mới"))
    checks = (SHOWN,)

    def change(self, stage: Stage, package: Package) -> Package:
        """All five are others."""
        update = update_of(
            stage,
            package,
            priority=2,
            document_type=DocumentType(type=2, name="Thông báo"),
            due_date=stage.now().date() + timedelta(days=12),
            signer=Signer(position="Phó Chánh Văn phòng", full_name="Lê Thử Cập Nhật"),
        )
        return replace(update, content="Nội dung đã đính chính")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """In the document's own row."""
        yield stored(self.SHOWN, evidence, [(evidence.sent(), evidence.sent("update"))], MEMBERS)


CASES: tuple[Case, ...] = (Particulars(),)
