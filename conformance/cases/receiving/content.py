"""What a document says arrives as it was said: letters, long fields, urgency, identifiers. EN-04, UR-03, HD-32."""

import unicodedata
from collections.abc import Iterable

from conformance.case import Case
from conformance.cases.steps import arrive, codes, listed, took
from conformance.evidence import CaseEvidence, Sent
from conformance.finding import Check, Finding
from conformance.letters import letter
from conformance.stage import Stage
from simulator.words import Text

__all__ = ["CASES"]


class SpecialLetters(Case):
    """XML's own signs, typographic ones and decomposed letters survive in the subject."""

    id = "receiving/special-letters"
    title = Text("Signs and letters in the subject", "Ký tự đặc biệt trong trích yếu")
    expected = Text(
        "& < > quotes and Đ are shown as they were sent; a decomposed text reads the same.",
        "Các ký tự & < > ngoặc kép, Đ hiển thị đúng như đã gửi; chuỗi Unicode tổ hợp đọc như nhau.",
    )
    SIGNS = Check("special-signs-kept", ("EN-04",), Text("XML's signs survive", "giữ ký tự đặc biệt của XML"))
    NFD = Check("decomposed-text-kept", ("EN-03",), Text("NFD reads like NFC", "NFD đọc như NFC"))
    checks = (SIGNS, NFD)

    async def drive(self, stage: Stage) -> None:
        """Two letters."""
        number = stage.random.randint(1000, 9999)
        subjects = {
            "signs": f"Về “khoản 3 & 4” <Điều {number}> của 'Quy chế' – lần 2",
            "decomposed": unicodedata.normalize("NFD", f"Về việc thử nghiệm tổ hợp dấu {number}"),
        }
        sent = []
        for label, subject in subjects.items():
            stage.note("subject", label=label, subject=subject)
            sent.append(await stage.send(letter(stage, subject=subject), label=label))
        await arrive(stage, *sent)
        await stage.look("in")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Compared in NFC: a system may normalise what it shows (EN-03)."""
        subjects = {note["values"]["label"]: str(note["values"]["subject"]) for note in evidence.notes("subject")}
        for check, label in ((self.SIGNS, "signs"), (self.NFD, "decomposed")):
            document = evidence.sent(label)
            evidence.taken(document)
            look = evidence.look("in")
            there = sorted({str(row.get("subject") or "") for row in look.of(document.document_id)})
            shown = "; ".join(there)
            yield check.decide(
                unicodedata.normalize("NFC", subjects[label]) in {unicodedata.normalize("NFC", each) for each in there},
                document,
                look,
                held=Text("the subject is the same", "trích yếu giữ nguyên"),
                broken=Text(f"the SUT shows '{shown}'", f"SUT hiển thị '{shown}'"),
            )


class LongSubject(Case):
    """A subject of 500 characters, the longest that the rules allow, arrives whole."""

    id = "receiving/long-subject"
    title = Text("A subject of 500 characters", "Trích yếu dài 500 ký tự")
    expected = Text(
        "Nothing is cut off; characters count, not bytes.", "Không bị cắt; tính theo ký tự, không theo byte."
    )
    WHOLE = Check("long-subject-kept", ("HD-17",), Text("500 characters are kept", "giữ đủ 500 ký tự"))
    checks = (WHOLE,)

    async def drive(self, stage: Stage) -> None:
        """Every fourth letter takes two or three bytes."""
        subject = ("Về việc triển khai đồng bộ các nhiệm vụ, giải pháp " * 12)[:499].strip().ljust(500, "đ")
        stage.note("subject", subject=subject)
        await arrive(stage, await stage.send(letter(stage, subject=subject)))
        await stage.look("in")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Listed with all of it."""
        yield listed(self.WHOLE, evidence, evidence.sent(), subject=evidence.noted("subject")["values"]["subject"])


class EveryUrgency(Case):
    """Documents of every urgency are taken in; the legacy fourth level is, or is returned with a reason."""

    id = "receiving/every-urgency"
    title = Text("Urgency 0, 1, 2, 3 and the legacy 4", "Độ khẩn 0, 1, 2, 3 và mức cũ 4")
    expected = Text(
        "Thường, khẩn, thượng khẩn and hỏa tốc are taken in; so is the older 'hỏa tốc hẹn giờ', or it is returned with "
        "a reason, for nothing obliges a receiver to know it.",
        "Nhận văn bản thường, khẩn, thượng khẩn, hỏa tốc; mức cũ 'hỏa tốc hẹn giờ' cũng được nhận, hoặc trả lại kèm lý "
        "do, vì không quy định nào buộc bên nhận phải biết mức này.",
    )
    LEVELS = Check("urgency-levels-taken", ("UR-03",), Text("levels 0 to 3 are taken in", "nhận các mức 0 đến 3"))
    LEGACY = Check(
        "legacy-urgency-taken", ("HD-24",), Text("level 4: taken in, or returned", "mức 4: nhận, hoặc trả lại")
    )
    checks = (LEVELS, LEGACY)

    async def drive(self, stage: Stage) -> None:
        """Five letters."""
        sent = [await stage.send(letter(stage, priority=level), label=f"priority {level}") for level in range(5)]
        await arrive(stage, *sent)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """01 and no 02; of the legacy level, or 02 with its reason."""
        *known, legacy = [evidence.sent(f"priority {level}") for level in range(5)]
        yield _taken_in(self.LEVELS, evidence, known)
        returned = [each for each in evidence.statuses_from_sut(legacy, "02") if each.packet.description.strip()]
        if returned and any(took(evidence, each) for each in known):
            said = returned[0].packet.description
            yield self.LEGACY.held(Text(f"returned: {said}", f"trả lại: {said}"), legacy, *returned)
        else:
            yield _taken_in(self.LEGACY, evidence, [legacy])


def _taken_in(check: Check, evidence: CaseEvidence, documents: list[Sent]) -> Finding:
    answers = [evidence.statuses_from_sut(each) for each in documents]
    left = [
        f"{document.label}: {codes(found)}"
        for document, found in zip(documents, answers, strict=True)
        if "01" not in {each.code for each in found} or "02" in {each.code for each in found}
    ]
    return evidence.expect(
        check,
        () if left else [each for found in answers for each in found],
        documents[-1],
        held=Text("01 for each", "mỗi văn bản có 01"),
        broken=Text(f"not taken in: {'; '.join(left)}", f"không nhận: {'; '.join(left)}"),
    )


class DocumentIdForms(Case):
    """A DocumentId is opaque: 200 characters, a UUID, the decree's form come back unchanged."""

    id = "receiving/document-id-forms"
    title = Text("Four grammars of DocumentId", "Bốn dạng DocumentId")
    expected = Text(
        "Whatever the sender calls the document, every status names it by exactly that text.",
        "Bên gửi đặt mã thế nào, mọi trạng thái phải dùng đúng chuỗi đó.",
    )
    LONG = Check("long-document-id-kept", ("HD-32", "DI-02"), Text("200 characters are kept", "giữ đủ 200 ký tự"))
    UUID = Check("uuid-document-id-kept", ("HD-32",), Text("a UUID is kept", "giữ nguyên UUID"))
    DECREE = Check("decree-document-id-kept", ("HD-32", "DI-01"), Text("organ, year, number", "cơ quan, năm, số"))
    checks = (LONG, UUID, DECREE)

    async def drive(self, stage: Stage) -> None:
        """Three letters, told apart by their labels."""
        draw, unit = stage.random, stage.lane.unit
        ids = {
            "long": f"{unit},2026,{'KH-' * 60}{draw.getrandbits(40):x}".ljust(200, "A")[:200],
            "uuid": f"{draw.getrandbits(32):08x}-{draw.getrandbits(16):04x}-4000-8000-{draw.getrandbits(48):012x}",
            "decree": f"{unit},{stage.now().year},{draw.randint(1000, 9999)}",
        }
        sent = [await stage.send(letter(stage, document_id=text), label=label) for label, text in ids.items()]
        await arrive(stage, *sent)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The 01 must name it, whole."""
        named = {each.document_id for each in evidence.statuses_from_sut()}
        for check, label in ((self.LONG, "long"), (self.UUID, "uuid"), (self.DECREE, "decree")):
            document = evidence.sent(label)
            evidence.taken(document)
            yield evidence.expect(
                check,
                evidence.statuses_from_sut(document, "01"),
                document,
                held=Text("01 names the same text", "01 dùng đúng mã"),
                broken=Text(
                    f"no 01 names it; named are: {'; '.join(sorted(named)) or '–'}",
                    f"không có 01 nào dùng mã này; các mã đã dùng: {'; '.join(sorted(named)) or '–'}",
                ),
            )


class WithoutFiles(Case):
    """A document without any attachment is a document."""

    id = "receiving/without-attachments"
    title = Text("Without attachments", "Không có tệp đính kèm")
    expected = Text("It is taken in and listed without files.", "Được nhận và liệt kê, không có tệp.")
    TAKEN = Check("document-without-files-taken", ("PK-01",), Text("it is taken in", "được nhận"))
    checks = (TAKEN,)

    async def drive(self, stage: Stage) -> None:
        """An empty AttachmentEncoded, as the builder writes it."""
        package = letter(stage, manifest=(), attachments=())
        stage.note("subject", subject=package.subject)
        await arrive(stage, await stage.send(package))
        await stage.look("in")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """Listed like any other."""
        yield listed(self.TAKEN, evidence, evidence.sent(), subject=evidence.noted("subject")["values"]["subject"])


CASES: tuple[Case, ...] = (SpecialLetters(), LongSubject(), EveryUrgency(), DocumentIdForms(), WithoutFiles())
