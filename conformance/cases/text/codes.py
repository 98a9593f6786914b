"""Numbers, notations and ids with letters in them, and the clerk's words: they come back as they are. HD-10, HD-32."""

from collections.abc import Iterable

from conformance.case import Case
from conformance.cases.steps import act, arrive
from conformance.cases.text.kit import decomposed, named
from conformance.evidence import CaseEvidence
from conformance.finding import Check, Finding
from conformance.letters import letter
from conformance.stage import Stage
from simulator.words import Text

__all__ = ["CASES"]

_FORMS = {
    "two slashes": ("115", "QĐ-UBND/CT"),
    "stroke": ("116", "VPCP-TTĐT"),
    "blank": ("117", "TB HĐND"),
    "letter": ("118a", "KH-BCĐ"),
    "short": ("119", "BC"),
}


class NotationForms(Case):
    """Numbers and notations with two slashes, Đ, a blank, a letter: shown apart, and put together again in statuses."""

    id = "text/notation-forms"
    title = Text("Five forms of number and notation", "Năm dạng số và ký hiệu")
    expected = Text(
        "CodeNumber and CodeNotation come apart and stay apart; ResponseFor/Code joins them with one slash.",
        "CodeNumber và CodeNotation đến riêng thì giữ riêng; ResponseFor/Code nối lại bằng một dấu gạch chéo.",
    )
    SHOWN = Check("text-notation-shown", ("HD-10", "HD-11"), Text("shown as they came", "hiển thị đúng như đã nhận"))
    JOINED = Check("text-notation-joined-again", ("ST-02",), Text("joined in the status", "ghép lại trong trạng thái"))
    checks = (SHOWN, JOINED)

    async def drive(self, stage: Stage) -> None:
        """One letter for each form."""
        sent = [
            await stage.send(letter(stage, number=number, notation=notation), label=label)
            for label, (number, notation) in _FORMS.items()
        ]
        await arrive(stage, *sent)
        await stage.look("in")

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """In the box, then in 01."""
        sent = {label: evidence.sent(label) for label in _FORMS}
        for document in sent.values():
            evidence.taken(document)
        look = evidence.look("in")
        wrong = []
        for label, pair in _FORMS.items():
            rows = look.of(sent[label].document_id) or ({},)
            shown = sorted({f"'{row.get('code_number')}' + '{row.get('code_notation')}'" for row in rows})
            if f"'{pair[0]}' + '{pair[1]}'" not in shown:
                wrong.append(f"'{'/'.join(pair)}' → {'; '.join(shown)}")
        yield self.SHOWN.decide(
            not wrong,
            *sent.values(),
            look,
            held=Text("five numbers, five notations", "năm số, năm ký hiệu"),
            broken=Text("; ".join(wrong), "; ".join(wrong)),
        )
        found = [evidence.statuses_from_sut(document, "01") for document in sent.values()]
        evidence.require(all(found), Text("01 did not come for each", "không đủ 01 cho từng văn bản"))
        codes = [each[0].packet.response_for.code if each[0].packet.response_for else "" for each in found]
        differ = "; ".join(
            f"'{document.code}' → '{code}'" for document, code in zip(sent.values(), codes, strict=True)
            if code != document.code
        )  # fmt: skip
        yield self.JOINED.decide(
            not differ,
            *(each[0] for each in found),
            held=Text("as printed on the documents", "đúng như ghi trên văn bản"),
            broken=Text(differ, differ),
        )


class IdLetters(Case):
    """A DocumentId with Đ, and one in decomposed form, are named by every status in exactly those code points."""

    id = "text/document-id-letters"
    title = Text("Letters in DocumentId", "Chữ có dấu trong DocumentId")
    expected = Text(
        "DocumentId is opaque: not normalised, not folded to ASCII, or the sender does not find his document again.",
        "DocumentId là chuỗi đóng: không chuẩn hóa, không bỏ dấu, nếu không bên gửi không đối chiếu được.",
    )
    STROKE = Check("text-id-with-stroke-unchanged", ("HD-32",), Text("Đ stays Đ", "giữ nguyên Đ"))
    FORM = Check("text-id-decomposed-unchanged", ("HD-32", "EN-03"), Text("NFD stays NFD", "giữ nguyên dạng tổ hợp"))
    checks = (STROKE, FORM)

    async def drive(self, stage: Stage) -> None:
        """Two letters."""
        day = f"{stage.now():%Y/%m/%d}"
        ids = {
            "stroke": f"{stage.lane.unit},{day},{stage.random.randint(1000, 9999)}/QĐ-BCĐ",
            "decomposed": decomposed(f"{stage.lane.unit},{day},{stage.random.randint(1000, 9999)}/BÁO-CỬ"),
        }
        sent = [await stage.send(letter(stage, document_id=text), label=label) for label, text in ids.items()]
        await arrive(stage, *sent)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """01 must name it."""
        said = "; ".join(sorted({named(each.document_id, marks=True) for each in evidence.statuses_from_sut()})) or "–"
        for check, label in ((self.STROKE, "stroke"), (self.FORM, "decomposed")):
            document = evidence.sent(label)
            evidence.taken(document)
            wanted = named(document.document_id, marks=True)
            yield evidence.expect(
                check,
                evidence.statuses_from_sut(document, "01"),
                document,
                held=Text("01 names exactly this text", "01 dùng đúng chuỗi này"),
                broken=Text(
                    f"no 01 names '{wanted}' in this form; named are: {said}",
                    f"không có 01 nào dùng đúng '{wanted}'; các mã đã dùng: {said}",
                ),
            )


class ReasonLetters(Case):
    """The clerk's reason reaches the sender with its marks, quotes and signs."""

    id = "text/reason-letters"
    title = Text("Letters in the clerk's reason", "Chữ có dấu trong lý do từ chối")
    expected = Text("02 carries the reason as it was typed.", "02 mang đúng lý do như đã gõ.")
    KEPT = Check("text-reason-kept", ("EN-04",), Text("the reason as typed", "lý do đúng như đã gõ"))
    checks = (KEPT,)
    REASON = "Không đúng thẩm quyền: xem “khoản 2 & 3” <Điều 9>, đề nghị gửi Sở KH&ĐT — cảm ơn!"

    async def drive(self, stage: Stage) -> None:
        """Arrives, refused."""
        document = await stage.send(letter(stage))
        await arrive(stage, document)
        await act(stage, "refuse", document, "02", reason=self.REASON)

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The Description holds it; more may stand around it."""
        document = evidence.sent()
        done = evidence.act("refuse", document)
        refusals = evidence.statuses_from_sut(document, "02")
        evidence.require(refusals, Text("no 02 followed", "không có 02"), done)
        says = refusals[-1].packet.description
        yield self.KEPT.decide(
            self.REASON in says,
            done,
            *refusals,
            held=Text("the whole reason", "đủ lý do"),
            broken=Text(f"Description: '{named(says)}'", f"Description: '{named(says)}'"),
        )


CASES: tuple[Case, ...] = (NotationForms(), IdLetters(), ReasonLetters())
