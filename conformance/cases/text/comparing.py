"""Comparison: two forms of one text are equal, two letters that look alike are not. EN-03, EN-04, DU-01."""

from collections.abc import Iterable
from typing import ClassVar

from conformance.case import Case
from conformance.cases.steps import arrive, settled
from conformance.cases.text.kit import decomposed, named
from conformance.evidence import CaseEvidence, Look, Sent
from conformance.finding import Check, Finding
from conformance.letters import letter
from conformance.stage import Stage
from simulator.words import Text

__all__ = ["CASES"]


def _warned(look: Look, document: Sent) -> bool:
    return any("duplicate" in (row.get("warnings") or ()) for row in look.of(document.document_id))


class _Twins(Case):
    """A document, then others of the same number whose notations are other forms of its own."""

    NOTATION: ClassVar[str]
    NUMBER: ClassVar[str]
    OTHERS: ClassVar[dict[str, str]]

    async def drive(self, stage: Stage) -> None:
        """Each under a DocumentId of its own, so that only number and notation can tell."""
        package = letter(stage, number=self.NUMBER, notation=self.NOTATION)
        await arrive(stage, await stage.send(package, label="first"))
        sent = []
        for place, (label, notation) in enumerate(self.OTHERS.items(), 1):
            own_id = f"{stage.lane.unit},{stage.now().year},{self.NUMBER}-{place}-{stage.random.getrandbits(24):x}"
            other = letter(stage, number=self.NUMBER, notation=notation, document_id=own_id)
            sent.append(await stage.send(other, label=label))
        await settled(stage, *sent)
        await stage.quiet(1)
        await stage.look("in")

    def twin(self, check: Check, evidence: CaseEvidence, label: str, *, same: bool) -> Finding:
        """The clerk must be warned (``same``) or not be."""
        first, other = evidence.sent("first"), evidence.sent(label)
        evidence.taken(first)
        evidence.taken(other)
        look = evidence.look("in")
        rows = look.of(other.document_id)
        evidence.require(rows, Text("the second is not listed", "văn bản thứ hai không có trong danh sách"), look)
        warned = _warned(look, other)
        code = named(other.code, marks=True)
        saying = ("warned", "có cảnh báo") if warned else ("not warned", "không có cảnh báo")
        return check.decide(
            warned == same,
            first,
            other,
            look,
            held=Text(f"{saying[0]} of a duplicate", f"{saying[1]} trùng"),
            broken=Text(
                f"'{first.code}' and '{code}' ({label}): {saying[0]} of a duplicate",
                f"'{first.code}' và '{code}' ({label}): {saying[1]} trùng",
            ),
        )


class SameTextOtherForm(_Twins):
    """Number and notation again, the letters decomposed: a duplicate."""

    id = "text/duplicate-in-another-form"
    title = Text("The same notation in another form", "Cùng ký hiệu ở dạng mã khác")
    expected = Text(
        "NFC and NFD are one text: the clerk is warned of the duplicate.",
        "NFC và NFD là một chuỗi: văn thư được cảnh báo trùng.",
    )
    FORM = Check("text-decomposed-duplicate-warned", ("EN-03",), Text("NFD equals NFC", "NFD bằng NFC"))
    checks = (FORM,)
    NUMBER, NOTATION = "431", "BÁO-CỬ"
    OTHERS: ClassVar[dict[str, str]] = {"decomposed": decomposed("BÁO-CỬ")}

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The first again."""
        yield self.twin(self.FORM, evidence, "decomposed", same=True)


class LikeLetters(_Twins):
    """Đ and D, Ơ and O are different letters: two documents, and no false alarm."""

    id = "text/stroke-is-another-letter"
    title = Text("Đ is not D", "Đ không phải D")
    expected = Text(
        "QĐ and QD are two notations; only the true copy, in another form of the same letters, is a duplicate.",
        "QĐ và QD là hai ký hiệu khác nhau; chỉ bản trùng thật sự mới bị cảnh báo.",
    )
    COPY = Check("text-true-copy-warned", ("DU-01",), Text("the true copy is one", "bản trùng thật bị cảnh báo"))
    STROKE = Check(
        "text-stroke-no-duplicate", ("DU-02", "DU-01", "DI-07"), Text("D is another letter", "D là chữ khác")
    )
    HORN = Check("text-horn-no-duplicate", ("DU-02", "DU-01", "DI-07"), Text("O is another letter", "O là chữ khác"))
    checks = (COPY, STROKE, HORN)
    NUMBER, NOTATION = "432", "QĐ-SƠN"
    OTHERS: ClassVar[dict[str, str]] = {"copy": "QĐ-SƠN", "stroke": "QD-SƠN", "horn": "QĐ-SON"}

    def judge(self, evidence: CaseEvidence) -> Iterable[Finding]:
        """The copy first: a system that never warns shows nothing by not warning."""
        yield self.twin(self.COPY, evidence, "copy", same=True)
        evidence.require(
            _warned(evidence.look("in"), evidence.sent("copy")),
            Text("not even the true copy is warned of", "bản trùng thật cũng không bị cảnh báo"),
        )
        yield self.twin(self.STROKE, evidence, "stroke", same=False)
        yield self.twin(self.HORN, evidence, "horn", same=False)


CASES: tuple[Case, ...] = (SameTextOtherForm(), LikeLetters())
