"""What the receiver stored beside the subject is what the packet says. HD-16, HD-18, HD-21, HD-22, UR-03."""

from collections.abc import Iterable
from datetime import timedelta

from conformance.case import Case
from conformance.cases.particulars import MEMBERS, stored
from conformance.cases.steps import arrive
from conformance.evidence import CaseEvidence
from conformance.finding import Check, Finding
from conformance.letters import letter
from conformance.stage import Stage
from simulator.protocol.package import DocumentType, Signer
from simulator.words import Text

__all__ = ["CASES"]


class StoredFields(Case):
    """Four documents of four types and urgencies, with and without a due date, of four signers."""

    id = "receiving/stored-fields"
    title = Text("Type, urgency, due date, signer and content", "Loại, độ khẩn, hạn xử lý, người ký và nội dung")
    expected = Text(
        "Where the SUT shows them, they are what the packet says; no due date is made up.",
        "Nếu SUT hiển thị thì phải đúng như trong gói tin; không tự thêm hạn xử lý.",
    )
    TYPE = Check("stored-type-kept", ("HD-16",), Text("the type is kept", "giữ đúng loại văn bản"))
    PRIORITY = Check("stored-urgency-kept", ("UR-03", "HD-24"), Text("the urgency is kept", "giữ đúng độ khẩn"))
    DUE = Check("stored-due-date-kept", ("HD-22",), Text("the due date is kept", "giữ đúng hạn xử lý"))
    SIGNER = Check("stored-signer-kept", ("HD-21", "HD-20"), Text("the signer is kept", "giữ đúng người ký"))
    CONTENT = Check("stored-content-kept", ("HD-18",), Text("the content is kept", "giữ đúng nội dung"))
    checks = (TYPE, PRIORITY, DUE, SIGNER, CONTENT)
    LABELS = ("first", "second", "third", "fourth")

    async def drive(self, stage: Stage) -> None:
        """One of each."""
        today = stage.now().date()
        kinds = ("Công văn", "Quyết định", "Tờ trình", "Công điện")
        positions = ("Chủ tịch", "Chánh Văn phòng", "Phó Chủ tịch", "Giám đốc")
        sent = []
        for number, label in enumerate(self.LABELS):
            package = letter(
                stage,
                priority=number,
                document_type=DocumentType(type=2, name=kinds[number]),
                due_date=today + timedelta(days=7 + number) if number % 2 == 0 else None,
                signer=Signer(
                    competence="KT. CHỦ TỊCH" if number == 2 else "",
                    position=positions[number],
                    full_name=f"Nguyễn Thử {('Một', 'Hai', 'Ba', 'Bốn')[number]}",
                ),
                content=f"Nội dung thử số {number + 1}: kính gửi & phối hợp thực hiện",
            )
            sent.append(await stage.send(package, label=label))
        await arrive(stage, *sent)
        await stage.look("in")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Member by member."""
        pairs = [(evidence.sent(label), evidence.sent(label)) for label in self.LABELS]
        for check, member in zip(self.checks, MEMBERS, strict=True):
            yield stored(check, evidence, pairs, (member,))


CASES: tuple[Case, ...] = (StoredFields(),)
